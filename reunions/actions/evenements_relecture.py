"""What an actor changed in an event that is in line: kept field by field until the staff have read it (decision 8)."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst

from annuaire.confiance import est_de_confiance
from pole_ess.socle.templatetags.francais import moment
from reunions.models import Evenement

from . import TransitionInterdite


def lisible(evenement, champ: str) -> str:
    """The present value of a field as a person reads it."""
    valeur = getattr(evenement, champ)
    if valeur is None or valeur == "":
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if champ in ("debut", "fin"):
        return moment(valeur)
    return str(evenement.get_genre_display() if champ == "genre" else valeur)


def noter(evenement, *, par, avant: dict) -> bool:
    """After an edit of a published one by its structure: to read again, unless the structure is trusted.

    `avant`: field -> its words before this edit. A field that has come back to what staff had read is not to read.
    The caller saves `a_relire_depuis` and `avant`.
    """
    if evenement.etat != Evenement.Etat.PUBLIE or (par is not None and par.is_staff):
        return False
    if est_de_confiance(evenement.structure):
        return False
    lus = {**avant, **evenement.avant}
    evenement.avant = {champ: mots for champ, mots in lus.items() if mots != lisible(evenement, champ)}
    evenement.a_relire_depuis = (evenement.a_relire_depuis or timezone.now()) if evenement.avant else None
    return True


def oublier(evenement) -> None:
    """Read, or out of the agenda. The caller saves."""
    evenement.a_relire_depuis, evenement.avant = None, {}


def version_de(evenement) -> str:
    return evenement.modifie_le.isoformat()


def changements(evenement) -> list[tuple[str, str, str]]:
    """(name of the field, what staff had read, what it says now), in the order of the form."""
    champs = [champ for champ in Evenement._meta.fields if champ.name in evenement.avant]
    return [(capfirst(c.verbose_name), evenement.avant[c.name], lisible(evenement, c.name)) for c in champs]


@transaction.atomic
def relire(evenement, *, vue: str = "") -> None:
    """Staff have read it: it stays as it is. `vue`: the `version_de` that their page showed.

    Raises TransitionInterdite when it is read already, or changed again since.
    """
    fraiche = Evenement.objects.select_for_update(of=("self",)).get(pk=evenement.pk)
    if fraiche.a_relire_depuis is None:
        raise TransitionInterdite(f"« {fraiche} » est déjà relu.")
    if vue and vue != version_de(fraiche):
        raise TransitionInterdite(f"« {fraiche} » a encore changé depuis que vous l'avez lu : revenez à sa page.")
    oublier(fraiche)
    fraiche.save(update_fields=["a_relire_depuis", "avant", "modifie_le"])
