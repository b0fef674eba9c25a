"""« Proposer une brève »: the référents are told that a letter is coming, once for each letter."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from annuaire import oppositions
from annuaire.models import Utilisateur
from newsletter.models import Breve, Numero
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import Courriel, ReglagesPole

GABARIT = "lettre_proposer_breve"
AU_PLUS_TOT, AU_PLUS_TARD = timedelta(days=8), timedelta(hours=20)
"""Before the letter leaves: a week to think of it, at least a day to write it."""


def rappeler_dus() -> int:
    """For each scheduled letter that leaves soon, each in its own transaction. How many mails."""
    maintenant = timezone.now()
    proches = Numero.objects.programmes_entre(maintenant + AU_PLUS_TARD, maintenant + AU_PLUS_TOT)
    return sum(rappeler(numero) for numero in proches)


@transaction.atomic
def rappeler(numero: Numero) -> int:
    """Write to every référent who has not just proposed one; how many. Twice for one letter is once.

    The staff may call it for a draft that has no date yet.
    """
    Numero.objects.select_for_update(of=("self",)).get(pk=numero.pk)
    if Courriel.objects.filter(gabarit=GABARIT, objet_type=numero._meta.label_lower, objet_id=str(numero.pk)).exists():
        return 0
    destinataires = list(_referents(numero))
    opposees = oppositions.opposees([personne.email for personne in destinataires])
    partis = 0
    for personne in destinataires:
        if personne.email.lower() not in opposees:
            partis += _ecrire(numero, personne)
    return partis


def _ecrire(numero: Numero, personne) -> int:
    courriel = deposer(
        GABARIT,
        a=personne.email,
        utilisateur=personne,
        objet=numero,
        repondre_a=ReglagesPole.actuels().courriel_equipe,
        contexte={"numero": numero},
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
            rattachements__etat="actif",
            rattachements__role="referent",
            rattachements__structure__etat="publiee",
        )
        .exclude(rattachements__structure__in=recentes.values("structure"))
        .distinct()
        .order_by("pk")
    )
