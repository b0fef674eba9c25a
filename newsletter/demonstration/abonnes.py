"""200 invented readers under example.org, with the interests and the troubles that a real list has."""

from datetime import timedelta
from itertools import product

from django.utils import timezone

from annuaire.models import Activite, Commune, Utilisateur
from newsletter.actions import abonnements
from newsletter.models import Abonne, Interets, MentionConsentement

PLANTES = [
    *["tilleul", "sureau", "frene", "aubepine", "noisetier", "bouleau", "genet", "prunellier", "merisier", "erable"],
    *["fougere", "bruyere", "myrtille", "coquelicot", "bleuet", "sauge", "menthe", "romarin", "lavande", "ortie"],
]
LIEUX = ["besbre", "sioule", "sichon", "bouble", "allier", "dore", "limagne", "bocage", "combraille", "livradois"]
DE_VICHY = "03310"
COMPTES = ("membre@demo.example.org", "referent@demo.example.org")
EN_ATTENTE = 8
"""How many of the 200 have not confirmed."""


def charger() -> None:
    """Nothing when it was done: readers change by themselves afterwards."""
    if Abonne.objects.filter(est_demonstration=True).exists():
        return
    mention = MentionConsentement.courante()
    if mention.pk is None:
        mention.save()
    combinaisons = _combinaisons()
    adresses = [f"{plante}.{lieu}@example.org" for lieu, plante in product(LIEUX, PLANTES)]
    Abonne.objects.bulk_create(
        _abonne(rang, courriel, combinaisons[_gout(rang)], mention) for rang, courriel in enumerate(adresses)
    )
    for utilisateur in Utilisateur.objects.filter(email__in=COMPTES):
        abonnements.abonner_compte(utilisateur, interets={})


def _combinaisons() -> list[Interets]:
    """What people choose: most of them everything; some a place, some natures, some activities."""
    autour = {"commune": Commune.objects.filter(pk=DE_VICHY).first(), "rayon_km": 20}
    culture = list(Activite.objects.filter(slug__in=["spectacle-vivant", "cinema-audiovisuel"]))
    velo = list(Activite.objects.filter(slug__in=["velo", "ateliers-reparation"]))
    return [
        Interets.objects.pour(**choix)
        for choix in [
            {},
            autour,
            {"natures": ["materiel", "local"]},
            {"natures": ["benevolat", "entraide"]},
            {"activites": culture},
            {"activites": velo, **autour},
        ]
    ]


def _gout(rang: int) -> int:
    return 0 if rang % 3 else (rang // 3) % 6


def _abonne(rang: int, courriel: str, interets: Interets, mention) -> Abonne:
    """The last ones asked this week and have not confirmed."""
    attend = rang >= 200 - EN_ATTENTE
    demande = timezone.now() - timedelta(days=rang % 6 + 1 if attend else 100 + rang)
    return Abonne(
        courriel=courriel,
        etat=Abonne.Etat.EN_ATTENTE if attend else Abonne.Etat.CONFIRME,
        interets=interets,
        frequence=Abonne.Frequence.MENSUELLE if rang % 7 == 3 else Abonne.Frequence.CHAQUE,
        mention=mention,
        consenti_le=demande,
        confirme_le=None if attend else demande + timedelta(minutes=7),
        dernier_signe_le=demande,
        est_demonstration=True,
    )
