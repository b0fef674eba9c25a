"""« Proposer une brève »: the référents are told that a letter is coming, once for each letter, unless they refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from annuaire import oppositions
from annuaire.models import Utilisateur
from annuaire.notifications import en_pause, pied
from newsletter import liens
from newsletter.models import Breve, Numero, SansRappel
from pole_ess.socle.courriel import courriels_de, deposer
from pole_ess.socle.models import ReglagesPole

GABARIT = "lettre_proposer_breve"
AU_PLUS_TOT, AU_PLUS_TARD = timedelta(days=8), timedelta(hours=20)
"""Before the letter leaves: a week to think of it, at least a day to write it."""


@dataclass(frozen=True)
class Prevenus:
    """How many mails about a letter are in the outbox, and when."""

    combien: int
    le: datetime | None


def rappeler_dus() -> int:
    """For each scheduled letter that leaves soon, each in its own transaction. How many mails."""
    maintenant = timezone.now()
    proches = Numero.objects.programmes_entre(maintenant + AU_PLUS_TARD, maintenant + AU_PLUS_TOT)
    return sum(rappeler(numero) for numero in proches)


@transaction.atomic
def rappeler(numero: Numero) -> int:
    """Write to all of `a_prevenir`; how many. Twice for one letter is once; a letter that has started, never.

    The staff may call it for a draft that has no date yet.
    """
    frais = Numero.objects.select_for_update(of=("self",)).get(pk=numero.pk)
    if not frais.modifiable or _courriels(frais).exists():
        return 0
    return sum(_ecrire(frais, personne) for personne in a_prevenir(frais))


def a_prevenir(numero: Numero) -> list[Utilisateur]:
    """Référents of published structures with no news since the last letter, but for those who want no such mail."""
    personnes = list(_referents(numero))
    opposees = oppositions.opposees([personne.email for personne in personnes])
    return [personne for personne in personnes if personne.email.lower() not in opposees]


def deja_prevenus(numero: Numero) -> Prevenus:
    return Prevenus(**_courriels(numero).order_by().aggregate(combien=Count("pk"), le=Max("cree_le")))


def _courriels(numero: Numero):
    return courriels_de(numero).filter(gabarit=GABARIT)


def _ecrire(numero: Numero, personne) -> int:
    bas = pied(personne, "breves")
    courriel = deposer(
        GABARIT,
        a=personne.email,
        utilisateur=personne,
        objet=numero,
        repondre_a=ReglagesPole.actuels().courriel_equipe,
        contexte={"numero": numero, "arret": liens.url("rappel", liens.jeton_de_rappel(personne)), **bas["contexte"]},
        desabonnement=bas["desabonnement"],
        cle_unicite=f"lettre-breve-{numero.pk}-{personne.pk}",
    )
    return courriel is not None


def _referents(numero: Numero):
    """Active référents of published structures, each once; not those whose structure has one since the last letter."""
    derniere = Numero.objects.archives().exclude(pk=numero.pk).first()
    recentes = Breve.objects.exclude(etat__in=["brouillon", "refusee", "retiree"])
    if derniere is not None:
        recentes = recentes.filter(cree_le__gt=derniere.lance_le)
    return (
        Utilisateur.objects.filter(
            is_active=True,
            sans_rappel_de_breve=None,
            rattachements__etat="actif",
            rattachements__role="referent",
            rattachements__structure__etat="publiee",
        )
        .exclude(rattachements__structure__in=recentes.values("structure"))
        .exclude(pk__in=en_pause())
        .distinct()
        .order_by("pk")
    )


def recoit_le_rappel(personne: Utilisateur) -> bool:
    return not SansRappel.objects.filter(pk=personne.pk).exists()


@transaction.atomic
def regler(personne: Utilisateur, *, recevoir: bool) -> None:
    """Receive the reminder, or no more. Twice is once."""
    if recevoir:
        SansRappel.objects.filter(pk=personne.pk).delete()
    else:
        SansRappel.objects.get_or_create(pk=personne.pk)
