"""What time does to the accounts of hours: one reminder, the end of what nobody confirmed, the check of the books."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole
from ressources.models import CompteHeures, OperationHeures, ReglagesHeures

from .heures import JOURS_SANS_REPONSE, Etat
from .heures_courriels import prevenir

RAPPEL = timedelta(days=5)


def _un_par_un(condition, agir) -> int:
    """Act on each operation that meets `condition`, in a transaction of its own; how many."""
    nombre = 0
    for cle in OperationHeures.objects.filter(**condition).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            operation = (
                OperationHeures.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(pk=cle, **condition)
                .pour_pages()
                .first()
            )
            if operation is not None:
                agir(operation)
                nombre += 1
    return nombre


def rappeler() -> int:
    """Proposed five days ago and unanswered: the other side is reminded, once."""
    maintenant = timezone.now()

    def rappel(operation):
        operation.relancee_le = maintenant
        operation.save(update_fields=["relancee_le"])
        prevenir(operation, operation.cote_qui_decide, "rappel", unique="rappel")

    dues = {
        "etat": Etat.PROPOSEE,
        "relancee_le": None,
        "cree_le__lte": maintenant - RAPPEL,
        "cree_le__gt": maintenant - timedelta(days=JOURS_SANS_REPONSE),
    }
    return _un_par_un(dues, rappel)


def clore_sans_reponse() -> int:
    """Unanswered for sixty days, the life of the mailed link: cancelled; who proposed it is told."""
    maintenant = timezone.now()

    def clore(operation):
        operation.etat, operation.decidee_le = Etat.ANNULEE, maintenant
        operation.save(update_fields=["etat", "decidee_le"])
        prevenir(operation, operation.propose_par_cote, "sans_reponse")

    return _un_par_un({"etat": Etat.PROPOSEE, "cree_le__lte": maintenant - timedelta(days=JOURS_SANS_REPONSE)}, clore)


@transaction.atomic
def appliquer_le_plancher() -> int:
    """Give the hub's floor to every account that is not below it; how many changed.

    An account below keeps its own until it climbs back: the daily job asks again.
    """
    plancher = ReglagesHeures.actuels().plancher
    comptes = CompteHeures.objects.exclude(genre="pole").exclude(plancher=plancher)
    cles = list(
        comptes.filter(solde__gte=plancher).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
    )
    changes = CompteHeures.objects.filter(pk__in=cles, solde__gte=plancher).update(plancher=plancher)
    plus_bas = comptes.filter(solde__lt=plancher, plancher__lt=F("solde"))
    return changes + plus_bas.update(plancher=F("solde"))


def verifier() -> list[CompteHeures]:
    """Accounts whose balance is not the sum of their entries. The database keeps it so: the team is told otherwise."""
    faux = list(CompteHeures.objects.incoherents())
    if faux:
        jour = timezone.localdate()
        with transaction.atomic():
            deposer(
                "heures_ecart",
                a=ReglagesPole.actuels().courriel_equipe,
                objet=faux[0],
                cle_unicite=f"heures-ecart-{jour:%Y-%m-%d}",
                contexte={"numeros": [compte.pk for compte in faux]},
            )
    return faux
