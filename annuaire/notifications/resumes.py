"""Grouped mails: one per person and rhythm each morning or Monday, made of what waits and still holds.

Run by any number of workers, at any moment of the morning. A person's notices are locked, judged, put in one Resume
and its mail written in one transaction: a worker killed there leaves everything as it was.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from annuaire.models import Avis, PreferenceNotification, Resume, Rythme
from pole_ess.socle.courriel import deposer

from . import moments, sortes, verites
from .depot import joignables
from .liens import pied
from .reglages import en_pause

LIGNES_MAX = 15
"""Of one kind in one mail; the rest is counted."""
CONSERVATION = timedelta(days=180)
"""Longer than any pause: a key settled for longer is forgotten, and so is what still waits."""


def envoyer(*, maintenant=None) -> int:
    """All that is due; how many grouped mails."""
    maintenant = maintenant or timezone.now()
    nombre = 0
    for rythme, periode, limite in moments.echeances(maintenant):
        deja = Resume.objects.filter(utilisateur=OuterRef("utilisateur"), rythme=rythme, periode=periode)
        attendus = _a_dire(rythme, limite).exclude(Exists(deja))
        for cle in list(attendus.order_by("utilisateur").values_list("utilisateur", flat=True).distinct()):
            nombre += _envoyer_a(cle, rythme, periode, limite, maintenant)
    return nombre


def _a_dire(rythme, limite):
    """Notices that wait for this rhythm, as their readers have it now. A kind set to « at once » since: the daily."""
    siennes = PreferenceNotification.objects.filter(utilisateur=OuterRef("utilisateur"), sorte=OuterRef("sorte"))
    par_defaut = [When(sorte=sorte.cle, then=Value(str(sorte.defaut))) for sorte in sortes.toutes()]
    defauts = Case(*par_defaut, default=Value(str(Rythme.JAMAIS)))  # a kind that is no more is never told
    voulus = [rythme, Rythme.IMMEDIAT] if rythme == Rythme.QUOTIDIEN else [rythme]
    retenues = Q(sorte__in=[sorte.cle for sorte in sortes.toutes() if sorte.se_refuse])
    return (
        Avis.objects.filter(etat=Avis.Etat.ATTENTE, cree_le__lt=limite)
        .annotate(voulu=Coalesce(Subquery(siennes.values("rythme")[:1]), defauts))
        .filter(voulu__in=voulus)
        .exclude(retenues & Q(utilisateur__in=en_pause()))
    )


@transaction.atomic
def _envoyer_a(cle, rythme, periode, limite, maintenant) -> bool:
    """One person's mail, or none when another worker has their notices, or nothing holds any more."""
    lignes = _a_dire(rythme, limite).filter(utilisateur=cle).select_for_update(of=("self",), skip_locked=True)
    avis = list(lignes.order_by("cree_le", "pk"))
    utilisateur = joignables().filter(pk=cle).first()
    a_temps = [un for un in avis if un.utile_avant is None or un.utile_avant > maintenant]
    vrais = verites.encore_vrais(a_temps, utilisateur) if utilisateur else []
    gardes = {un.pk for un in vrais}
    _regler([un.pk for un in avis if un.pk not in gardes], etat=Avis.Etat.ECARTE)
    resume = _resume(cle, rythme, periode) if vrais else None
    if resume is None:
        return False
    _regler(gardes, etat=Avis.Etat.RESUME, resume=resume)
    groupes = _grouper(vrais)
    bas = pied(utilisateur, *[groupe["sorte"].cle for groupe in groupes])
    deposer(
        "resume",
        a=utilisateur.email,
        utilisateur=utilisateur,
        objet=resume,
        contexte={"groupes": groupes, "total": len(vrais), "rythme": str(rythme), **bas["contexte"]},
        desabonnement=bas["desabonnement"],
        cle_unicite=f"resume-{cle}-{rythme}-{periode:%Y%m%d}",
    )
    return True


def _resume(cle, rythme, periode) -> Resume | None:
    """None when this person has had theirs: the constraint decides between two workers; the notices go on waiting."""
    try:
        with transaction.atomic():
            return Resume.objects.create(utilisateur_id=cle, rythme=rythme, periode=periode)
    except IntegrityError:
        return None


def _regler(cles, **valeurs) -> None:
    if cles:
        Avis.objects.filter(pk__in=cles, etat=Avis.Etat.ATTENTE).update(regle_le=timezone.now(), **valeurs)


def _grouper(avis) -> list[dict]:
    groupes = []
    for sorte in sortes.toutes():
        siens = [un for un in avis if un.sorte == sorte.cle]
        if siens:
            autres = max(len(siens) - LIGNES_MAX, 0)
            groupes.append({"sorte": sorte, "lignes": siens[:LIGNES_MAX], "autres": autres})
    return groupes


def purger(*, maintenant=None) -> int:
    """Notices and grouped mails older than CONSERVATION; how many rows."""
    avant = (maintenant or timezone.now()) - CONSERVATION
    nombre = Avis.objects.filter(cree_le__lt=avant).delete()[0]
    return nombre + Resume.objects.filter(cree_le__lt=avant).delete()[0]
