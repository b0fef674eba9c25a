"""Who may do what with announcements. Views ask here; lists are scoped by querysets."""

from annuaire.models import Structure
from annuaire.permissions import est_rattache, est_referent
from annuaire.querysets import structures_de


def peut_gerer(utilisateur, annonce) -> bool:
    """Edit, close, decide bookings: référents of its structure while that is not archived or refused; staff always."""
    if not utilisateur.is_authenticated:
        return False
    if utilisateur.is_staff:
        return True
    return annonce.structure.etat not in ("archivee", "refusee") and est_referent(utilisateur, annonce.structure)


def est_de_la_maison(utilisateur, annonce) -> bool:
    """An active member of the announcement's structure, référent or not."""
    return est_rattache(utilisateur, annonce.structure)


def structures_pour_publier(utilisateur):
    """Structures in whose name this person may post: as référent; any published one for staff."""
    if not utilisateur.is_authenticated:
        return Structure.objects.none()
    if utilisateur.is_staff:
        return Structure.objects.publiees()
    return Structure.objects.filter(pk__in=structures_de(utilisateur, referent=True)).exclude(
        etat__in=["archivee", "refusee"]
    )


def structures_pour_repondre(utilisateur, annonce):
    """Structures in whose name this person may answer, book or take a part: published, not the announcer's."""
    if not utilisateur.is_authenticated:
        return Structure.objects.none()
    return (
        Structure.objects.publiees()
        .filter(pk__in=structures_de(utilisateur))
        .exclude(pk=annonce.structure_id)
        .order_by("tri", "pk")
    )


def structures_pour_participer(utilisateur):
    """Structures in whose name this person may join what is done together: published, the pilot's own included."""
    if not utilisateur.is_authenticated:
        return Structure.objects.none()
    siennes = Structure.objects.publiees().filter(pk__in=structures_de(utilisateur))
    return siennes.select_related("commune").order_by("tri", "pk")


def voit_fichiers(utilisateur, annonce) -> bool:
    """Files (fiche technique, CV) are for members: any account."""
    return utilisateur.is_authenticated


def structures_de_la_maison(utilisateur):
    """Structures whose lending this person may read: as an active member; any for staff."""
    if utilisateur.is_staff:
        return Structure.objects.all()
    return Structure.objects.filter(pk__in=structures_de(utilisateur))


def structures_siennes(utilisateur):
    """This person's own structures, as an active member."""
    return Structure.objects.filter(pk__in=structures_de(utilisateur)).order_by("tri", "pk")


def structures_qui_pretent(utilisateur):
    """This person's own structures that have a calendar."""
    siennes = Structure.objects.filter(pk__in=structures_de(utilisateur))
    return siennes.filter(annonces__calendrier__isnull=False).distinct().order_by("tri", "pk")


def structures_gerees(utilisateur):
    """Ids of the structures whose announcements this person manages as référent."""
    gerees = Structure.objects.filter(pk__in=structures_de(utilisateur, referent=True))
    return gerees.exclude(etat__in=["archivee", "refusee"]).values_list("pk", flat=True)


def structures_sans_compte_heures(utilisateur):
    """Published structures that this person answers for and that have no open account of hours."""
    referent = structures_de(utilisateur, referent=True)
    siennes = Structure.objects.publiees().filter(pk__in=referent)
    return siennes.exclude(compte_heures__ferme_le__isnull=True, compte_heures__isnull=False).order_by("tri", "pk")


def structures_pour_chercher_des_benevoles(utilisateur):
    """Published structures in whose name this person may search volunteers and write: as référent; any for staff."""
    if not utilisateur.is_authenticated:
        return Structure.objects.none()
    publiees = Structure.objects.publiees().order_by("tri", "pk")
    return publiees if utilisateur.is_staff else publiees.filter(pk__in=structures_de(utilisateur, referent=True))


def structures_pour_appeler(utilisateur):
    """Structures in whose name this person may call for urgent help: published, as référent."""
    if not utilisateur.is_authenticated:
        return Structure.objects.none()
    siennes = Structure.objects.publiees().filter(pk__in=structures_de(utilisateur, referent=True))
    return siennes.select_related("commune").order_by("tri", "pk")


def peut_conduire(utilisateur, urgence) -> bool:
    """Widen, cancel, say it is found: référents of its structure, and the hub's staff."""
    return utilisateur.is_authenticated and (utilisateur.is_staff or est_referent(utilisateur, urgence.structure))
