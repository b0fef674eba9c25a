"""What time does to conversations: reminders, « what did it come to? », closing, forgetting.

`relances` counts the reminders of the current state, and starts again when the discussion opens. Each row is taken
with its lock and judged again under it (`skip_locked`): two workers never remind twice.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from ressources.models import Bilan, Message, MiseEnRelation

from .relations_courriels import ANNONCEUR, STRUCTURE, prevenir

RAPPELS = (3, 10)
"""Days without an answer after which the announcer is reminded."""
SANS_REPONSE, SUITES, SILENCE = timedelta(days=30), timedelta(days=7), timedelta(days=180)
ANONYMAT = timedelta(days=365)
Etat = MiseEnRelation.Etat
ATTEND = Q(etat__in=[Etat.PROPOSEE, Etat.VUE])


def _un_par_un(condition, agir) -> int:
    """Act on each row that meets `condition`, in a transaction of its own; how many."""
    nombre = 0
    for pk in MiseEnRelation.objects.filter(condition).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            relation = (
                MiseEnRelation.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(condition, pk=pk)
                .select_related("annonce__auteur", "annonceur", "structure", "par")
                .first()
            )
            if relation is not None:
                agir(relation)
                nombre += 1
    return nombre


def relancer() -> int:
    """Unanswered for 3 then 10 days: the announcer is reminded; after an outage, once for both."""
    maintenant = timezone.now()
    dus = Q()
    for rang, jours in enumerate(RAPPELS):
        dus |= Q(relances__lte=rang, cree_le__lte=maintenant - timedelta(days=jours))

    def rappeler(relation):
        relation.relances = sum(relation.cree_le <= maintenant - timedelta(days=jours) for jours in RAPPELS)
        relation.relancee_le = timezone.localdate()
        relation.save(update_fields=["relances", "relancee_le"])
        premier = relation.messages.filter(cote=Message.Cote.STRUCTURE).order_by("cree_le", "pk").first()
        prevenir(
            relation,
            ANNONCEUR,
            "rappel",
            citation=premier.texte if premier else "",
            unique=f"rappel{relation.relances}",
        )

    return _un_par_un(ATTEND & dus & Q(cree_le__gt=maintenant - SANS_REPONSE), rappeler)


def clore_sans_nouvelles() -> int:
    """Unanswered for 30 days, or a discussion silent for 180: closed, both sides are told."""
    maintenant = timezone.now()
    silencieuses = (
        MiseEnRelation.objects.filter(etat=Etat.INTERESSEE)
        .annotate(dernier=Coalesce(Max("messages__cree_le"), "cree_le"))
        .filter(dernier__lte=maintenant - SILENCE)
        .values("pk")
    )
    dues = (ATTEND & Q(cree_le__lte=maintenant - SANS_REPONSE)) | (Q(etat=Etat.INTERESSEE) & Q(pk__in=silencieuses))

    def clore(relation):
        relation.etat, relation.close_le = Etat.SANS_SUITE, maintenant
        relation.save(update_fields=["etat", "close_le"])
        for cote in (ANNONCEUR, STRUCTURE):
            prevenir(relation, cote, "sans_reponse")

    return _un_par_un(dues, clore)


def demander_les_suites() -> int:
    """A week after the discussion opened, still neither concluded nor ended: both sides are asked, once."""
    dues = Q(etat=Etat.INTERESSEE, relances=0, repondue_le__lte=timezone.now() - SUITES)

    def demander(relation):
        relation.relances, relation.relancee_le = 1, timezone.localdate()
        relation.save(update_fields=["relances", "relancee_le"])
        for cote in (ANNONCEUR, STRUCTURE):
            prevenir(relation, cote, "suites", unique="suites")

    return _un_par_un(dues, demander)


def anonymiser() -> int:
    """A year after it closed: what was said and who said it go; the row and its figures stay."""
    maintenant = timezone.now()
    dues = Q(anonymisee_le=None, close_le__lte=maintenant - ANONYMAT)

    def oublier(relation):
        relation.messages.update(texte="", auteur=None)
        Bilan.objects.filter(mise_en_relation=relation).update(declare_par=None)
        relation.par, relation.motif, relation.anonymisee_le = None, "", maintenant
        relation.coordonnees_annonceur = relation.coordonnees_structure = False
        relation.save(update_fields=["par", "motif", "anonymisee_le", "coordonnees_annonceur", "coordonnees_structure"])

    return _un_par_un(dues, oublier)
