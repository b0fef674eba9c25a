"""The workshop itself: made, set, moved from phase to phase, joined.

    preparation ⇄ ecriture ⇄ regroupement ⇄ restitution ⇄ clos

Locks are always taken in this order: axes, participants, notes, the workshop. Its row is written last in each
transaction (`bouger`), so that nobody holds it while waiting for another; a phase change takes it alone.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from reunions.actions import TransitionInterdite
from reunions.models import Atelier, Axe, Participant

Phase = Atelier.Phase
ORDRE = [Phase.PREPARATION, Phase.ECRITURE, Phase.REGROUPEMENT, Phase.RESTITUTION, Phase.CLOS]
OUVERTES = [Phase.PREPARATION, Phase.ECRITURE, Phase.REGROUPEMENT, Phase.RESTITUTION]
GRACE = timedelta(minutes=2)
"""A note that arrives within this time after the end of the writing still counts: somebody was typing it."""
PARTICIPANTS_MAX = 1000
AXES_MAX = 12
AXES_2014 = [
    ("Mutualisation de compétences", "Administratif, comptabilité, juridique, communication, transport, dépannage."),
    (
        "Développement des affaires entre acteurs",
        "Artistes, intervenants, matériel, locaux, compétences, ressourcerie.",
    ),
    ("Mutualisation et développement des outils", "Groupement d'achat, finance solidaire : trésorerie et garanties."),
    ("Mise en réseaux", "Mieux se connaître, lieux d'échanges et de débats, projets collectifs."),
    ("Appui au développement des acteurs", "Formation, veille juridique, accompagnement, guichet unique."),
    ("Sensibilisation et développement de partenariats", "Faire connaître l'économie sociale et solidaire, s'allier."),
]
"""The six lines of work of the meeting of 30 January 2014: a ready set."""


class CleDejaUtilisee(TransitionInterdite):
    """The form's key has served for something else."""


class CodeInconnu(TransitionInterdite):
    """No open workshop has this code; a closed one is not told from an unknown one."""


def bouger(atelier_id, *, phases=OUVERTES) -> None:
    """Tell every screen that something changed. Last statement of a transaction: it holds the workshop's row.

    The phase is checked again under that lock. Raises TransitionInterdite when the workshop is in none of `phases`.
    """
    lignes = Atelier.objects.filter(pk=atelier_id, phase__in=phases)
    if not lignes.update(version=F("version") + 1):
        raise TransitionInterdite("L'atelier a changé de phase entre-temps : rien n'a été enregistré.")


def voisines(phase) -> list:
    """The phases that one may move to from this one: the one before, the one after."""
    rang = ORDRE.index(phase)
    return [ORDRE[autre] for autre in (rang - 1, rang + 1) if 0 <= autre < len(ORDRE)]


def accepte_les_notes(atelier, *, instant=None) -> bool:
    """Writing is open, or ended less than GRACE ago and the workshop went no further than grouping."""
    if atelier.phase == Phase.ECRITURE:
        return True
    fin, instant = atelier.fin_ecriture, instant or timezone.now()
    return atelier.phase == Phase.REGROUPEMENT and fin is not None and fin <= instant <= fin + GRACE


@transaction.atomic
def creer(reunion, *, valeurs=None, axes=()) -> Atelier:
    """The workshop of a meeting, once: the one that exists is returned as it is. `axes`: (name, description)."""
    atelier, neuf = Atelier.objects.get_or_create(reunion=reunion, defaults=valeurs or {})
    if neuf:
        Axe.objects.bulk_create(
            Axe(atelier=atelier, ordre=rang, nom=nom, description=description)
            for rang, (nom, description) in enumerate(axes)
        )
    return atelier


@transaction.atomic
def regler(atelier, *, valeurs, axes, nouveaux=()) -> Atelier:
    """Change settings and axes of a workshop that is not closed.

    `axes`: {axe: (name, description)}; an empty name removes it, refused while it holds notes. `nouveaux`: more axes.
    """
    siens = {axe.pk: axe for axe in Axe.objects.select_for_update(no_key=True).filter(atelier=atelier).order_by("pk")}
    for pk, (nom, description) in axes.items():
        axe = siens.get(pk)
        if axe is None:
            continue
        if nom:
            Axe.objects.filter(pk=pk).update(nom=nom, description=description)
        elif axe.postits.exists():
            raise TransitionInterdite(f"L'axe « {axe.nom} » porte des post-it : déplacez-les avant de le retirer.")
        else:
            axe.delete()
            del siens[pk]
    suite = max([axe.ordre for axe in siens.values()], default=-1) + 1
    if len(siens) + len(nouveaux) > AXES_MAX:
        raise TransitionInterdite(f"{AXES_MAX} axes au plus.")
    Axe.objects.bulk_create(
        Axe(atelier=atelier, ordre=suite + rang, nom=nom, description=description)
        for rang, (nom, description) in enumerate(nouveaux)
    )
    Atelier.objects.filter(pk=atelier.pk).update(**valeurs)
    bouger(atelier.pk)
    return Atelier.objects.get(pk=atelier.pk)


@transaction.atomic
def changer_phase(atelier, *, vers, depuis, minutes=None) -> Atelier:
    """Move to the phase before or after `depuis`, the one that the facilitator saw; a repeated click is one.

    `minutes`: how long the writing lasts, announced. Leaving the writing dates its true end, from which GRACE runs.
    """
    atelier = Atelier.objects.select_for_update(no_key=True).get(pk=atelier.pk)
    if atelier.phase == vers:
        return atelier
    if atelier.phase != depuis:
        raise TransitionInterdite(f"L'atelier est déjà passé en {atelier.get_phase_display()} : relisez cette page.")
    if vers not in voisines(depuis):
        raise TransitionInterdite("On passe d'une phase à la suivante, ou à la précédente.")
    if vers == Phase.ECRITURE:
        _pret_pour_ecrire(atelier)
    maintenant = timezone.now()
    fin = atelier.fin_ecriture
    if vers == Phase.ECRITURE:
        fin = maintenant + timedelta(minutes=minutes) if minutes else None
    elif depuis == Phase.ECRITURE:
        fin = maintenant if vers == Phase.REGROUPEMENT else None
    Atelier.objects.filter(pk=atelier.pk).update(
        phase=vers,
        phase_depuis=maintenant,
        fin_ecriture=fin,
        clos_le=maintenant if vers == Phase.CLOS else None,
        version=F("version") + 1,
    )
    return Atelier.objects.get(pk=atelier.pk)


def _pret_pour_ecrire(atelier):
    if not atelier.axes.exists():
        raise TransitionInterdite("Choisissez d'abord les axes, dans les réglages de l'atelier.")
    if not atelier.quota_rose + atelier.quota_jaune:
        raise TransitionInterdite("Accordez au moins un post-it par personne, dans les réglages de l'atelier.")


@transaction.atomic
def prolonger(atelier, *, minutes, fin_vue) -> Atelier:
    """Move the announced end of the writing `minutes` further than `fin_vue`, the end that the facilitator saw.

    Counted from what was seen, a repeated request extends once. An end already past is counted from now.
    """
    atelier = Atelier.objects.select_for_update(no_key=True).get(pk=atelier.pk)
    if atelier.phase != Phase.ECRITURE:
        raise TransitionInterdite("L'écriture n'est pas ouverte : rouvrez-la d'abord.")
    if atelier.fin_ecriture != fin_vue:
        return atelier
    depart = max(fin_vue or timezone.now(), timezone.now())
    Atelier.objects.filter(pk=atelier.pk).update(
        fin_ecriture=depart + timedelta(minutes=minutes), version=F("version") + 1
    )
    return Atelier.objects.get(pk=atelier.pk)


@transaction.atomic
def rejoindre(*, code, cle, prenom="", structure=None, utilisateur=None) -> Participant:
    """Join the open workshop of this code, once per `cle`. Raises CodeInconnu, CleDejaUtilisee."""
    atelier = Atelier.objects.exclude(phase=Phase.CLOS).filter(code=code).first()
    if atelier is None:
        raise CodeInconnu("Aucun atelier ouvert ne porte ce code. Vérifiez les six lettres affichées dans la salle.")
    if atelier.participants.count() >= PARTICIPANTS_MAX:
        raise TransitionInterdite(f"Cet atelier a déjà {PARTICIPANTS_MAX} participants : parlez-en à l'animateur.")
    try:
        with transaction.atomic():
            participant = Participant.objects.create(
                atelier=atelier, prenom=prenom, structure=structure, utilisateur=utilisateur, cle=cle
            )
    except IntegrityError as erreur:
        deja = Participant.objects.filter(cle=cle).first()
        if deja is None:
            raise
        if deja.atelier_id != atelier.pk or deja.papier:
            raise CleDejaUtilisee("Ce formulaire a déjà servi : envoyez-le de nouveau.") from erreur
        return deja
    bouger(atelier.pk)
    return participant
