"""Acting from a letter by its signed link: helping, coming, saying what is met or still true; each counted once.

The acts themselves are those of the directory, of offers and needs, of meetings; here only who may, and the count.
"""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from annuaire.actions import fraicheur, relais
from annuaire.models import Structure, Utilisateur
from annuaire.querysets import structures_de
from newsletter.models import Abonne, Geste, Numero
from newsletter.models.abonne import normaliser
from ressources.actions import cloture, relations
from ressources.models import Annonce
from reunions.actions import reponses

from . import TransitionInterdite, abonnements


def personne(abonne: Abonne) -> Utilisateur | None:
    """The account of this reader: linked, or with the same address; both were proved by a mail. None when closed.

    A linked account whose address is another one by now is not: who still reads the old mailbox may be somebody else.
    """
    compte = abonne.utilisateur
    if compte is not None:
        return compte if compte.is_active and _a_cette_adresse(compte, abonne.courriel) else None
    return Utilisateur.objects.filter(email__iexact=abonne.courriel, is_active=True).first()


def _a_cette_adresse(compte: Utilisateur, courriel: str) -> bool:
    verifiees = compte.emailaddress_set.filter(verified=True).values_list("email", flat=True)
    return courriel in {normaliser(adresse) for adresse in (compte.email, *verifiees)}


def structures(abonne: Abonne):
    """Published structures that this reader answers for: as référent, or by the structure's own address."""
    siennes = Q(courriel__iexact=abonne.courriel)
    compte = personne(abonne)
    if compte is not None:
        siennes |= Q(pk__in=structures_de(compte, referent=True))
    return Structure.objects.publiees().filter(siennes).order_by("tri", "pk")


def annonces(abonne: Abonne):
    """Their announcements in the public eye, expired ones included."""
    return (
        Annonce.objects.publiees()
        .filter(structure__in=structures(abonne).order_by().values("pk"))
        .select_related("structure", "commune")
        .order_by("expire_le", "pk")
    )


def deja_pourvue(abonne: Abonne, pk: int) -> bool:
    """One of theirs, closed as met already: a button pressed twice, or a colleague's."""
    siennes = Annonce.objects.filter(structure__in=structures(abonne).order_by().values("pk"))
    return siennes.filter(pk=pk, etat=Annonce.Etat.POURVUE).exists()


def compter(numero: Numero, genre: str, *, abonne: Abonne, objet) -> bool:
    """One more, unless the same reader already did the same about the same object from this issue."""
    abonnements.noter_signe(abonne)
    quoi = f"{abonne.pk}:{objet._meta.label_lower}:{objet.pk}"
    empreinte = salted_hmac("newsletter.geste", quoi, algorithm="sha256").hexdigest()
    try:
        with transaction.atomic():
            Geste.objects.create(numero=numero, genre=genre, empreinte=empreinte)
    except IntegrityError:
        return False
    return True


def _genre(annonce: Annonce) -> str:
    return Geste.Genre.AIDE if annonce.sens == Annonce.Sens.BESOIN else Geste.Genre.INTERET


@transaction.atomic
def repondre(annonce: Annonce, *, abonne: Abonne, numero: Numero, structure: Structure, texte: str, cle):
    """« Je peux aider », in a structure's name: the conversation is opened, as from the announcement's page.

    Raises what relations.repondre does.
    """
    relation = relations.repondre(annonce, structure=structure, par=personne(abonne), texte=texte, cle=cle)
    compter(numero, _genre(annonce), abonne=abonne, objet=annonce)
    return relation


@transaction.atomic
def ecrire(annonce: Annonce, *, abonne: Abonne, numero: Numero, nom: str, texte: str, cle) -> None:
    """The same, from somebody without a structure: their message is mailed to the announcer, to be answered to them.

    Raises relais.CleDejaUtilisee, TransitionInterdite when the announcement is closed.
    """
    if raison := relations.contact_ferme(annonce):
        raise TransitionInterdite(raison)
    entete = f"À propos de l'annonce « {annonce.titre} », lue dans la lettre :\n\n"
    relais.relayer(annonce.structure, nom=nom, courriel=abonne.courriel, texte=entete + texte, cle=cle)
    compter(numero, _genre(annonce), abonne=abonne, objet=annonce)


@transaction.atomic
def venir(reunion, *, abonne: Abonne, numero: Numero, nom: str = "", libelle: str = ""):
    """« Je viens »: on the list of the meeting, or on its waiting list. Twice is once. Raises TransitionInterdite."""
    compte = personne(abonne)
    if compte is None:
        participation = reponses.confirmer_inscription(reunion, nom=nom, courriel=abonne.courriel, libelle=libelle)
    else:
        participation = reponses.inscrire(reunion, utilisateur=compte)
        if participation.reponse not in reponses.VIENNENT:
            participation = reponses.repondre(participation, reponse=reponses.Reponse.PRESENT)
    compter(numero, Geste.Genre.PRESENCE, abonne=abonne, objet=reunion)
    return participation


@transaction.atomic
def dire_pourvue(annonce: Annonce, *, abonne: Abonne, numero: Numero, **precisions) -> None:
    """« Déjà pourvu »: closed, whoever waited is told. `precisions` and errors: those of cloture.pourvoir."""
    cloture.pourvoir(annonce, par=personne(abonne), **precisions)
    compter(numero, Geste.Genre.POURVU, abonne=abonne, objet=annonce)


@transaction.atomic
def dire_valable(annonce: Annonce, *, abonne: Abonne, numero: Numero) -> None:
    """« Toujours exacte »: three months more. Raises TransitionInterdite."""
    cloture.confirmer_valable(annonce, par=personne(abonne))
    compter(numero, Geste.Genre.EXACT, abonne=abonne, objet=annonce)


@transaction.atomic
def dire_exacte(structure: Structure, *, abonne: Abonne, numero: Numero) -> None:
    """« Ma fiche est toujours exacte »."""
    fraicheur.confirmer(structure, par_quoi=Structure.VerifieePar.LETTRE, par=personne(abonne))
    compter(numero, Geste.Genre.EXACT, abonne=abonne, objet=structure)
