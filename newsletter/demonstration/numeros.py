"""Three letters sent, made of the demonstration's own data by the real acts, and a draft ready to preview.

Only the mail server is imagined: the ledger is filled by hand, then dated of the past.
"""

from datetime import timedelta

from django.utils import timezone

from annuaire.models import Utilisateur
from newsletter import composition
from newsletter.actions import abonnements, envois, numeros, preparation
from newsletter.models import Abonne, Bloc, DejaDit, Element, Envoi, Numero
from newsletter.models.element import SORTES_DES_BLOCS

from . import gestes

PASSES = [
    (84, "Le portail ouvre ses portes", "Qui est là, ce qui se prête déjà, et comment proposer la vôtre.",
     "Bienvenue dans la première lettre du pôle. Elle paraît **une fois par mois** et ne parle que de ce qui est "
     "nouveau : une structure, une offre, un besoin, une date.\n\nUne nouvelle à faire passer ? Proposez une brève "
     "depuis votre compte, en six cents caractères."),
    (56, "Prêter plutôt qu'acheter", "Du matériel à partager, des coups de main à donner, des brèves.",
     "Le matériel acheté dort onze mois sur douze : c'est ce qui est revenu le plus souvent à la dernière réunion. "
     "Voici ce qui se prête autour de vous, et ce qui se cherche."),
    (28, "On se retrouve bientôt", "Les dates à noter, trois structures à découvrir, ce qui se cherche.",
     "La prochaine réunion collective parlera de ce que nous mettons en commun. D'ici là, voici qui vient d'arriver et "
     "ce dont chacun a besoin."),
]  # fmt: skip
"""days ago, subject, preview, editorial."""
BROUILLON = (
    "Des nouvelles de tout le monde",
    "Les rencontres des prochaines semaines, des brèves, des offres.",
    "Un mois bien rempli. *Ce brouillon attend vos mots : écrivez ici ce que vous diriez de vive voix.*",
)
PAR_BLOC = {
    Bloc.Genre.STRUCTURES: 3,
    Bloc.Genre.OFFRES: 4,
    Bloc.Genre.BESOINS: 3,
    Bloc.Genre.BREVES: 3,
    Bloc.Genre.RENCONTRES: 4,
    Bloc.Genre.COMPTES_RENDUS: 1,
}
"""Kind of block -> how many items at most, in the order of the letter."""
DATES = {"annonce": "publiee_le", "breve": "publiee_le"}
"""Kind of element -> the date before which it was not there yet."""
INVENTEES = {"structure", "annonce"}
"""Kinds of which the portal also holds real ones: those of the list of 2014 are not told about."""


def charger() -> int:
    """Nothing when a letter of the demonstration is there."""
    if Numero.objects.filter(est_demonstration=True).exists():
        return 0
    equipe = Utilisateur.objects.filter(email="animateur@demo.example.org").first()
    for rang, (jours, *mots) in enumerate(PASSES):
        quand = timezone.now() - timedelta(days=jours)
        numero = _composer(mots, equipe, avant=quand)
        _envoyer(numero, equipe, quand)
        _troubler(rang, quand)
        gestes.charger(Numero.objects.get(pk=numero.pk))
    _composer(BROUILLON, equipe, avant=timezone.now())
    return len(PASSES) + 1


def _composer(mots, equipe, *, avant) -> Numero:
    """A draft of what was there and had not been said."""
    sujet, apercu, edito = mots
    numero = Numero.objects.create(sujet=sujet, preheader=apercu, auteur=equipe, est_demonstration=True)
    Bloc.objects.create(numero=numero, genre=Bloc.Genre.TEXTE, ordre=0, titre="", texte=edito)
    for ordre, (genre, maximum) in enumerate(PAR_BLOC.items(), start=1):
        choses = [chose for sorte in SORTES_DES_BLOCS[genre] for chose in _nouveautes(genre, sorte, maximum, avant)]
        if choses:
            bloc = Bloc.objects.create(numero=numero, genre=genre, ordre=ordre)
            Element.objects.bulk_create(
                Element(numero=numero, bloc=bloc, ordre=rang, sorte=sorte, **{sorte: objet})
                for rang, (sorte, objet) in enumerate(choses[:maximum])
            )
    return numero


def _nouveautes(genre, sorte, maximum, avant) -> list:
    """(kind, object), the oldest first: the next letter goes on from there."""
    objets = composition.publics()[sorte]
    if sorte in INVENTEES:
        objets = objets.filter(est_demonstration=True)
    if sorte in DATES:
        objets = objets.filter(**{f"{DATES[sorte]}__lt": avant})
    if genre in (Bloc.Genre.OFFRES, Bloc.Genre.BESOINS):
        objets = objets.filter(sens="offre" if genre == Bloc.Genre.OFFRES else "besoin")
    dits = DejaDit.objects.filter(sorte=sorte).values(sorte)
    ordre = {"reunion": "debut", "evenement": "debut"}.get(sorte, DATES.get(sorte, "pk"))
    return [(sorte, objet) for objet in objets.exclude(pk__in=dits).order_by(ordre, "pk")[:maximum]]


def _envoyer(numero: Numero, equipe, quand) -> None:
    """Start it by the real act, then say that the mail server took every message."""
    numeros.programmer(numero, par=equipe)
    preparation.lancer(numero)
    maintenant = timezone.now()
    prets = numero.envois.filter(etat=Envoi.Etat.PRET)
    prets.update(etat=Envoi.Etat.EN_VOL, ouvrier=0, pris_le=maintenant, en_vol_depuis=maintenant)
    numero.envois.filter(etat=Envoi.Etat.EN_VOL).update(
        etat=Envoi.Etat.PARTI, ouvrier=None, en_vol_depuis=None, parti_le=quand, tentatives=1
    )
    envois.terminer_si_solde(numero)
    fin = quand + timedelta(minutes=2)
    Numero.objects.filter(pk=numero.pk).update(
        cree_le=quand - timedelta(days=3), programme_le=quand, lance_le=quand, progres_le=fin, termine_le=fin
    )
    DejaDit.objects.filter(numero=numero).update(le=quand)


def _troubler(rang: int, quand) -> None:
    """What comes back after a letter: two addresses that exist no more, one full, one complaint."""
    lecteurs = list(Abonne.objects.filter(est_demonstration=True, etat="confirme", utilisateur=None).order_by("pk"))
    durs, mou, plaignant = lecteurs[rang : rang + 2], lecteurs[50], lecteurs[70 + rang]
    for abonne in durs:
        _revenu(abonne, Envoi.Etat.REJETE, "550 5.1.1 adresse inconnue")
        abonnements.noter_rebond(abonne, dur=True, detail="550 5.1.1 adresse inconnue")
    _revenu(mou, Envoi.Etat.REJETE, "452 4.2.2 boîte pleine")
    abonnements.noter_rebond(mou, dur=False, detail="452 4.2.2 boîte pleine")
    if rang == 1:
        _revenu(plaignant, Envoi.Etat.PLAINTE, "")
        abonnements.suspendre(plaignant, raison=Abonne.Suspension.PLAINTE)
    touches = [abonne.pk for abonne in (*durs, mou, plaignant)]
    Abonne.objects.filter(pk__in=touches, etat="suspendu").update(suspendu_le=quand + timedelta(hours=2))
    Abonne.objects.filter(pk__in=touches, dernier_rebond_le__isnull=False).update(
        dernier_rebond_le=quand + timedelta(hours=2)
    )


def _revenu(abonne: Abonne, etat: str, erreur: str) -> None:
    dernier = abonne.envois.filter(etat=Envoi.Etat.PARTI).order_by("-pk").first()
    if dernier is not None:
        Envoi.objects.filter(pk=dernier.pk).update(etat=etat, erreur=erreur)
