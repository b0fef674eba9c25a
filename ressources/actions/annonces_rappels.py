"""« Toujours valable ? »: the signed link, the mails that carry it before and after expiry, archiving by age.

`rappels` counts the reminders sent for the current last day; a new last day starts again. Each row is taken with
its lock and judged again under it (`skip_locked`): two workers never remind twice.
"""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from annuaire.actions.correspondants import adresses
from annuaire.notifications import notifier
from pole_ess.socle import liens
from pole_ess.socle.models import ReglagesPole
from ressources.agenda import minuit
from ressources.models import Annonce

from . import TransitionInterdite, mises_en_commun, publication

RAPPELS = (14, 3, -1)
"""Days before the last day on which its structure is asked; -1: the day after."""
OUBLI = timedelta(days=30)
"""An announcement expired for longer is not asked about any more."""
RECENTE = timedelta(days=7)
"""Published since less: the first reminder would come on the heels of the publication."""
ARCHIVAGE = timedelta(days=365)
OBJECTIF, JOURS_LIEN = "annonce-valable", 60
Etat = Annonce.Etat


def lien(annonce) -> str:
    """The path of the page « toujours valable ? »: good for 60 days, and for this last day only."""
    return reverse(
        "ressources:annonce_lien", args=[liens.signer(OBJECTIF, {"a": annonce.pk, "e": str(annonce.expire_le)})]
    )


def lire_lien(jeton) -> Annonce:
    """The announcement of a link that can still act.

    Raises LienInvalide (LienDejaUtilise once it was prolonged or closed, whoever did it), Annonce.DoesNotExist.
    """
    charge = liens.lire(OBJECTIF, jeton, jours=JOURS_LIEN)
    annonce = Annonce.objects.select_related("structure", "commune", "categorie").get(pk=charge["a"])
    if annonce.etat != Etat.PUBLIEE or str(annonce.expire_le) != charge["e"] or liens.deja_utilise(jeton):
        raise liens.LienDejaUtilise
    return annonce


def demander(annonce, occasion, *, unique) -> None:
    """Mail the question to its structure. `occasion`: bientot, expiree, signalee; `unique`: never twice for it."""
    attendent = annonce.mises_en_relation.filter(etat__in=["proposee", "vue"]).count()
    for adresse, utilisateur in adresses(annonce.structure, aussi=annonce.auteur).items():
        empreinte = hashlib.sha256(adresse.encode()).hexdigest()[:32]
        page = lien(annonce)
        notifier(
            "" if occasion == "signalee" else "relances",  # reported: somebody went there for nothing
            "annonce_rappel",
            a=adresse,
            utilisateur=utilisateur,
            page=page,
            avant=minuit(annonce.expire_le + timedelta(days=1)) if occasion == "bientot" else None,
            objet=annonce,
            repondre_a=ReglagesPole.actuels().courriel_equipe,
            cle_unicite=f"annonce-rappel-{annonce.pk}-{unique}-{empreinte}",
            contexte={
                "annonce": annonce,
                "occasion": occasion,
                "jours": (annonce.expire_le - timezone.localdate()).days,
                "lien": page,
                "attendent": attendent,
            },
        )


def rang_du(annonce, aujourdhui) -> int:
    """How many of RAPPELS have come due for its last day."""
    reste = (annonce.expire_le - aujourdhui).days
    return sum(reste <= jours for jours in RAPPELS)


def rappeler() -> int:
    """The reminders that are due today; after an outage, one for all those missed. How many announcements."""
    aujourdhui, maintenant = timezone.localdate(), timezone.now()
    dues = Q(etat=Etat.PUBLIEE, structure_publiee=True, expire_le__gte=aujourdhui - OUBLI)
    echues = Q()
    for rang, jours in enumerate(RAPPELS):
        a_temps = Q(publiee_le__lte=maintenant - RECENTE) if rang == 0 else Q()
        echues |= Q(rappels__lte=rang, expire_le__lte=aujourdhui + timedelta(days=jours)) & a_temps

    def rappeler_une(annonce):
        rang = rang_du(annonce, aujourdhui)
        # Neither history nor a new date of modification: nobody changed the announcement.
        Annonce.objects.filter(pk=annonce.pk).update(rappels=rang, rappelee_le=aujourdhui)
        occasion = "bientot" if annonce.expire_le >= aujourdhui else "expiree"
        demander(annonce, occasion, unique=f"{annonce.expire_le:%Y%m%d}-{rang}")

    return _une_par_une(dues & echues, rappeler_une)


def _une_par_une(condition, agir) -> int:
    """Act on each row that meets `condition`, in a transaction of its own; how many."""
    nombre = 0
    for pk in Annonce.objects.filter(condition).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            annonce = (
                Annonce.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(condition, pk=pk)
                .select_related("structure", "auteur")
                .first()
            )
            if annonce is not None:
                agir(annonce)
                nombre += 1
    return nombre


def archiver_les_vieilles() -> int:
    """Expired, met, retired or refused for a year: put away, so that old pages do not pile up. How many."""
    depuis = timezone.now() - ARCHIVAGE
    vieilles = Q(etat=Etat.PUBLIEE, expire_le__lt=timezone.localdate() - ARCHIVAGE)
    vieilles |= Q(etat__in=[Etat.POURVUE, Etat.RETIREE], close_le__lt=depuis)
    vieilles |= Q(etat=Etat.REFUSEE, modifie_le__lt=depuis)
    nombre = 0
    for annonce in Annonce.objects.filter(vieilles).order_by("pk"):
        try:
            with transaction.atomic():
                publication.archiver(annonce)
                mises_en_commun.suivre_la_fermeture(annonce, par=None, motif="L'annonce a expiré il y a un an.")
        except TransitionInterdite:  # another worker came first
            continue
        nombre += 1
    return nombre
