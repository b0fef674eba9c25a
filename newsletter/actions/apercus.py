"""An issue as it would be read now: by everybody, or by one subscriber; and an essai in a mailbox of the team."""

import uuid

from django.db import transaction

from newsletter import composition, rendu
from newsletter.models import Abonne, Bloc, Numero
from pole_ess.socle.courriel import deposer
from pole_ess.socle.courriel.composition import Composition


def parties(numero: Numero, abonne: Abonne | None = None) -> list:
    """What the whole letter says, or what is left of it for the interests of one person; empty: they get none."""
    toutes = composition.lire(numero)
    if abonne is None:
        return [partie for partie in toutes if partie.cartes or partie.bloc.genre == Bloc.Genre.TEXTE]
    gouts = composition.Gouts(abonne.interets, composition.enfants_des_activites())
    return composition.choisir(toutes, gouts)


def voir(numero: Numero, abonne: Abonne | None = None) -> Composition:
    """Nobody's links: a preview acts for no one."""
    adresse = abonne.courriel if abonne else rendu.NEUTRE[rendu.ADRESSE]
    jeton = rendu.NEUTRE[rendu.JETON]
    return rendu.rendre(numero, parties(numero, abonne), rang=numero.rang, jeton=jeton, adresse=adresse)


@transaction.atomic
def essayer(numero: Numero, *, a: str, par, cle: uuid.UUID) -> bool:
    """Mail it, as it is now, to somebody of the team; the same `cle` twice, once."""
    contexte = rendu.contexte(numero, parties(numero), rang=numero.rang, jeton=rendu.NEUTRE[rendu.JETON], adresse=a)
    depose = deposer(
        "lettre_essai",
        a=a,
        utilisateur=par if par.email == a else None,
        objet=numero,
        contexte=contexte,
        cle_unicite=f"lettre-essai-{cle}",
    )
    return depose is not None
