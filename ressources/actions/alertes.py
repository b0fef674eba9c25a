"""Saved searches: what is new in them, mailed every day or every week, each announcement once per alert."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Utilisateur
from annuaire.notifications import en_pause, pied
from pole_ess.socle import liens
from pole_ess.socle.courriel import deposer
from ressources.models import Alerte, AlerteEnvoi, Annonce
from ressources.recherche import chercher

ANNONCES_MAX = 10
"""Listed for each alert in one mail; the rest is counted, with a link."""
ALERTES_MAX = 50
JOURS_LIEN = 365
INTERVALLES = {Alerte.Frequence.QUOTIDIENNE: 1, Alerte.Frequence.HEBDOMADAIRE: 7}


class TropDAlertes(Exception):
    """This person already has ALERTES_MAX alerts."""


@transaction.atomic
def creer(*, utilisateur, criteres: str, nom: str, frequence: str) -> tuple[Alerte, bool]:
    """(the alert, whether it is new). `criteres`: Criteres.recherche. The same search twice is one alert, resumed.

    What is published before this moment is never mailed by it.
    """
    Utilisateur.objects.select_for_update(of=("self",)).get(pk=utilisateur.pk)  # its alerts are counted, then written
    siennes = Alerte.objects.filter(utilisateur=utilisateur)
    if (alerte := siennes.filter(criteres=criteres).first()) is not None:
        return modifier(alerte, nom=nom, frequence=frequence, active=True), False
    if siennes.count() >= ALERTES_MAX:
        raise TropDAlertes
    valeurs = {"utilisateur": utilisateur, "criteres": criteres, "nom": nom, "frequence": frequence}
    return Alerte.objects.create(**valeurs), True


@transaction.atomic
def modifier(alerte, *, nom: str, frequence: str, active: bool) -> Alerte:
    fraiche = Alerte.objects.select_for_update().get(pk=alerte.pk)
    fraiche.nom, fraiche.frequence, fraiche.active = nom, frequence, active
    fraiche.save(update_fields=["nom", "frequence", "active"])
    return fraiche


@transaction.atomic
def supprimer(alerte) -> None:
    Alerte.objects.filter(pk=alerte.pk).delete()


@transaction.atomic
def arreter(alerte) -> None:
    """By the link of a mail: paused, not deleted; twice is once."""
    Alerte.objects.filter(pk=alerte.pk).update(active=False)


def arreter_toutes(utilisateur) -> None:
    """One click of a mail program: each may be resumed."""
    Alerte.objects.filter(utilisateur=utilisateur).update(active=False)


def lien_d_arret(alerte) -> str:
    """The path of the page with one button, « Arrêter cette alerte »."""
    return reverse("ressources:alerte_arreter", args=[liens.signer("alerte", {"a": alerte.pk})])


@dataclass(frozen=True)
class Nouveautes:
    """What one alert brings in one mail."""

    alerte: Alerte
    annonces: list
    combien: int
    recherche: str
    """The path of the search, newest first."""
    arret: str

    @property
    def autres(self) -> int:
        return self.combien - len(self.annonces)


def envoyer(*, maintenant=None) -> int:
    """Write to everybody who has something new; return how many mails. One transaction a person: a kill loses
    nothing, and two workers never write twice."""
    maintenant = maintenant or timezone.now()
    actives = Alerte.objects.filter(active=True, utilisateur__is_active=True)
    personnes = actives.exclude(utilisateur__in=en_pause()).order_by("utilisateur_id")
    cles = list(personnes.values_list("utilisateur_id", flat=True).distinct())
    return sum(_envoyer_a(cle, maintenant) for cle in cles)


@transaction.atomic
def _envoyer_a(cle: int, maintenant) -> bool:
    """One mail with the new announcements of this person's due alerts, or none."""
    alertes = Alerte.objects.select_for_update(of=("self",), skip_locked=True).select_related("utilisateur")
    siennes = alertes.filter(utilisateur=cle, active=True, utilisateur__is_active=True).order_by("nom", "pk")
    dues = [alerte for alerte in siennes if est_due(alerte, maintenant)]
    blocs = [bloc for alerte in dues if (bloc := _nouveautes(alerte, maintenant))]
    if not blocs:
        return False
    personne = dues[0].utilisateur
    total = sum(bloc.combien for bloc in blocs)
    bas = pied(personne, "alertes")
    deposer(
        "alertes",
        a=personne.email,
        utilisateur=personne,
        contexte={
            "blocs": blocs,
            "total": total,
            "premier": blocs[0],
            "mes_alertes": reverse("ressources:alertes"),
            **bas["contexte"],
        },
        desabonnement=bas["desabonnement"],
    )
    Alerte.objects.filter(pk__in=[bloc.alerte.pk for bloc in blocs]).update(derniere_le=maintenant)
    return True


def est_due(alerte, maintenant) -> bool:
    """By days of Europe/Paris, since its last mail, or since it was made. One that brought nothing is tried daily."""
    depuis = timezone.localdate(alerte.derniere_le or alerte.cree_le)
    jours = INTERVALLES[alerte.frequence] if alerte.derniere_le or alerte.frequence != "quotidienne" else 0
    return timezone.localdate(maintenant) >= depuis + timedelta(days=jours)


def _nouveautes(alerte, maintenant) -> Nouveautes | None:
    """What came since the alert was made and was never mailed by it; marked as mailed."""
    resultat = chercher(QueryDict(alerte.criteres), alerte.utilisateur)
    nouvelles = (
        resultat.filtree_exacte.filter(publiee_le__gt=alerte.cree_le, publiee_le__lte=maintenant)
        .exclude(pk__in=AlerteEnvoi.objects.filter(alerte=alerte).values("annonce"))
        .order_by("-publiee_le", "-pk")
    )
    cles = list(nouvelles.values_list("pk", flat=True))
    if not cles:
        return None
    AlerteEnvoi.objects.bulk_create([AlerteEnvoi(alerte=alerte, annonce_id=cle) for cle in cles], ignore_conflicts=True)
    recentes = Annonce.objects.filter(pk__in=cles[:ANNONCES_MAX])
    chaine = resultat.criteres.chaine(tri="recentes", page=1, vue="")
    return Nouveautes(
        alerte=alerte,
        annonces=list(recentes.select_related("structure", "commune", "categorie").order_by("-publiee_le", "-pk")),
        combien=len(cles),
        recherche=f"{reverse('ressources:annonce_liste')}?{chaine}",
        arret=lien_d_arret(alerte),
    )
