"""Changing a sheet: what changed is kept field by field, for review and against overwriting."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from annuaire.actions import position
from annuaire.models import Commune, Competence, Modification, Structure

CHAMPS_MODIFIABLES = [
    *["nom", "sigle", "forme_juridique", "presentation", "missions", "public_accueilli"],
    *["adresse", "commune", "latitude", "longitude", "position_origine", "rayon_intervention", "horaires"],
    *["telephone", "telephone_public", "courriel", "courriel_public", "site", "reseaux", "logo"],
    *["siret", "rna", "annee_creation", "salaries_etp", "benevoles", "adherents"],
    *["accessible_pmr", "accessible_braille", "accessible_lsf"],
]
"""What a person may set on a sheet. Never slug, etat, source, verifiee_*: other actions do."""
POINT = {"latitude", "longitude", "position_origine"}
LIBELLES = {"activites": "Activités", "competences": "Compétences", "photos": "Photos", "contacts": "Contacts"}


PHOTOS_MAX, CONTACTS_MAX = 12, 30


class ListePleine(Exception):
    """The sheet already holds as many photos or persons as it may; the message says what to do."""


@dataclass(frozen=True)
class Conflit:
    """One field that two people changed at once: both versions, as people read them."""

    champ: str
    libelle: str
    actuelle: str
    votre: str


class VersionPerimee(Exception):
    """Somebody saved meanwhile and the same fields differ; nothing was written."""

    def __init__(self, conflits: list[Conflit], autres: list[str]):
        self.conflits = conflits
        self.autres = autres
        """Fields that only the other person changed: the form takes their value."""
        super().__init__(", ".join(conflit.champ for conflit in conflits))


def point_de(structure) -> tuple[float, float] | None:
    """The pin rounded as the form shows it: six decimals, about ten centimetres."""
    return (round(structure.latitude, 6), round(structure.longitude, 6)) if structure.est_situee else None


def valeurs_de(structure) -> dict:
    """The sheet as its form shows it first."""
    valeurs = {champ: getattr(structure, champ) for champ in CHAMPS_MODIFIABLES}
    return valeurs | {
        "activites": [activite.pk for activite in structure.activites.all()],
        "competences": [competence.nom for competence in structure.competences.all()],
        "version": version_de(structure),
    }


def version_de(structure) -> str:
    return structure.modifie_le.isoformat()


def libelle(champ: str) -> str:
    nom = LIBELLES.get(champ) or str(Structure._meta.get_field(champ).verbose_name)
    return nom[:1].upper() + nom[1:]


def lisible(champ: str, valeur) -> str:
    """A value of Modification.avant / apres as a person reads it."""
    if valeur in (None, "", []):
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, list):
        return ", ".join(map(str, valeur))
    if champ == "commune":
        return str(Commune.objects.filter(pk=valeur).first() or valeur)
    choix = dict(getattr(_champ(champ), "choices", None) or [])
    if champ == "salaries_etp":
        valeur = str(valeur).replace(".", ",")
    return str(choix.get(valeur, valeur))


def _champ(nom):
    return None if nom in LIBELLES else Structure._meta.get_field(nom)


@transaction.atomic
def enregistrer(
    structure, *, par, valeurs: dict, activites=None, competences=None, version: str = "", motif: str = ""
) -> list[str]:
    """Write the changed fields of a sheet; return their names.

    `par`: who edits, None for the holder of a mailed link. `activites`: Activite rows; `competences`: names,
    made when new. Changed fields join champs_humains (no import overwrites them). A published sheet edited by
    anybody but the hub's staff shows at once and leaves a Modification to review. The pin follows the address
    unless it was set by hand. With `version` (version_de at the time the form was shown), raises VersionPerimee
    when the same field was changed meanwhile; other people's fields are kept.
    """
    inconnus = set(valeurs) - set(CHAMPS_MODIFIABLES)
    if inconnus:
        raise ValueError(f"not editable: {sorted(inconnus)}")
    structure = _verrouiller(structure)
    voulu = {champ: _jsonable(valeur) for champ, valeur in valeurs.items()}
    if activites is not None:
        activites = list(activites)
        voulu["activites"] = sorted(activite.nom for activite in activites)
    if competences is not None:
        competences = competences_nommees(competences)
        voulu["competences"] = sorted(competence.nom for competence in competences)
    avant = _photographie(structure, voulu)
    gardes = _autrui(structure, voulu, avant, version) if version else set()
    changes = [champ for champ in voulu if champ not in gardes and voulu[champ] != avant[champ]]
    if not changes:
        return []
    _ecrire(structure, {champ: valeurs[champ] for champ in changes if champ in valeurs})
    if "activites" in changes:
        structure.activites.set(activites)
    if "competences" in changes:
        structure.competences.set(competences)
    if (POINT & set(changes) and structure.position_origine != "main") or {"adresse", "commune"} & set(changes):
        position.situer(structure)
    apres = _photographie(structure, voulu)
    suivis = [champ for champ in changes if champ not in POINT or champ in ("latitude", "longitude")]
    noter(structure, par=par, avant={c: avant[c] for c in suivis}, apres={c: apres[c] for c in suivis}, motif=motif)
    return changes


def noter(structure, *, par, avant: dict, apres: dict, motif: str = "") -> Modification | None:
    """List for review an edit of a published structure by someone outside the hub's staff."""
    if not structure.est_publiee or (par is not None and par.is_staff) or avant == apres:
        return None
    return Modification.objects.create(structure=structure, auteur=par, avant=avant, apres=apres, motif=motif)


def competences_nommees(noms) -> list[Competence]:
    """The skills of these names, whatever their case; new ones are made."""
    trouvees = []
    for nom in noms:
        competence = Competence.objects.filter(nom__iexact=nom).order_by("pk").first()
        if competence is None:
            base = slugify(nom)[:70] or "competence"
            pris = set(Competence.objects.filter(slug__startswith=base).values_list("slug", flat=True))
            slug = next(s for s in (base, *(f"{base}-{n}" for n in range(2, len(pris) + 3))) if s not in pris)
            competence, _ = Competence.objects.get_or_create(nom=nom, defaults={"slug": slug})
        if competence not in trouvees:
            trouvees.append(competence)
    return trouvees


def _verrouiller(structure) -> Structure:
    """The same instance, fresh and locked until the end of the transaction."""
    Structure.objects.select_for_update(of=("self",)).filter(pk=structure.pk).order_by().first()
    structure.refresh_from_db()
    return structure


def _ecrire(structure, valeurs: dict) -> None:
    for champ, valeur in valeurs.items():
        setattr(structure, champ, valeur)
    if valeurs.get("position_origine") == "":
        structure.latitude = structure.longitude = None
    for champ in ("telephone", "courriel"):
        if not getattr(structure, champ):
            setattr(structure, f"{champ}_public", False)
    if valeurs.get("telephone_public") or valeurs.get("courriel_public"):
        structure.public_source = f"Accord donné en modifiant la fiche, le {timezone.localdate():%d/%m/%Y}"
    humains = {c for c in valeurs if c not in POINT} | ({"position"} if POINT & set(valeurs) else set())
    structure.champs_humains = sorted(set(structure.champs_humains) | humains)
    structure.save()


def _jsonable(valeur):
    if isinstance(valeur, Decimal):
        return f"{valeur.normalize():f}"
    if isinstance(valeur, Commune):
        return valeur.pk
    if hasattr(valeur, "name"):
        return valeur.name or ""
    return valeur


def _photographie(structure, champs) -> dict:
    """The present value of each field, as Modification keeps it: codes for choices and communes, names for m2m."""
    vue = {}
    for champ in champs:
        if champ in ("activites", "competences"):
            vue[champ] = sorted(getattr(structure, champ).values_list("nom", flat=True))
        else:
            vue[champ] = _jsonable(getattr(structure, champ))
    return vue


def _autrui(structure, voulu: dict, actuel: dict, version: str) -> set[str]:
    """The fields that only somebody else changed since `version`; raises VersionPerimee on the same ones."""
    lue = _instant(version)
    if lue == structure.modifie_le:
        return set()
    base = structure.history.filter(modifie_le=lue).order_by("-history_date").first() if lue else None
    origine = _photographie_historique(base, voulu) if base else None
    conflits, autres = [], set()
    for champ, valeur in voulu.items():
        if champ == "logo" or valeur == actuel[champ]:
            continue
        if origine is not None and origine[champ] == actuel[champ]:
            continue  # only mine
        if origine is not None and origine[champ] == valeur:
            autres.add(champ)
        elif champ not in POINT:
            conflits.append(Conflit(champ, libelle(champ), lisible(champ, actuel[champ]), lisible(champ, valeur)))
    if conflits:
        raise VersionPerimee(conflits, sorted(autres))
    return autres


def _instant(version: str) -> datetime | None:
    """The moment that version_de wrote; None for anything else, odd time zones that PostgreSQL refuses included."""
    try:
        lu = datetime.fromisoformat(version)
        return lu.astimezone(UTC) if lu.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _photographie_historique(historique, champs) -> dict:
    vue = {}
    for champ in champs:
        if champ in ("activites", "competences"):
            lien = "activite" if champ == "activites" else "competence"
            vue[champ] = sorted(getattr(ligne, lien).nom for ligne in getattr(historique, champ).all())
        elif champ == "commune":
            vue[champ] = historique.commune_id
        else:
            vue[champ] = _jsonable(getattr(historique, champ))
    return vue


# Photos and contacts


@transaction.atomic
def ajouter_photo(structure, *, par, fichier, alternative: str):
    """Add a cleaned photo (socle.images) at the end. Raises ListePleine."""
    structure = _verrouiller(structure)
    if structure.photos.count() >= PHOTOS_MAX:
        raise ListePleine(f"{PHOTOS_MAX} photos au plus : supprimez-en une d'abord.")
    avant = _alternatives(structure)
    rang = structure.photos.aggregate(dernier=Max("ordre"))["dernier"]
    photo = structure.photos.create(fichier=fichier, alternative=alternative, ordre=0 if rang is None else rang + 1)
    noter(structure, par=par, avant={"photos": avant}, apres={"photos": _alternatives(structure)})
    return photo


@transaction.atomic
def decrire_photo(photo, *, par, alternative: str) -> None:
    structure = _verrouiller(photo.structure)
    avant = _alternatives(structure)
    if not structure.photos.filter(pk=photo.pk).update(alternative=alternative):
        return  # deleted by somebody else meanwhile
    photo.alternative = alternative
    noter(structure, par=par, avant={"photos": avant}, apres={"photos": _alternatives(structure)})


@transaction.atomic
def deplacer_photo(photo, *, par, vers: int) -> None:
    """Move a photo one place up (-1) or down (1); at an end, or once it is deleted, nothing moves."""
    structure = _verrouiller(photo.structure)
    photos = list(structure.photos.all())
    rang = next((i for i, autre in enumerate(photos) if autre.pk == photo.pk), None)
    if rang is None or not 0 <= rang + vers < len(photos):
        return
    photos[rang], photos[rang + vers] = photos[rang + vers], photos[rang]
    for ordre, autre in enumerate(photos):
        if autre.ordre != ordre:
            autre.ordre = ordre
            autre.save(update_fields=["ordre"])


@transaction.atomic
def supprimer_photo(photo, *, par) -> None:
    """Remove the row, then the file once the transaction holds."""
    structure = _verrouiller(photo.structure)
    avant = _alternatives(structure)
    fichier = photo.fichier
    photo.delete()
    transaction.on_commit(lambda: fichier.storage.delete(fichier.name))
    noter(structure, par=par, avant={"photos": avant}, apres={"photos": _alternatives(structure)})


def _alternatives(structure) -> list[str]:
    return list(structure.photos.values_list("alternative", flat=True))


@transaction.atomic
def enregistrer_contact(contact, *, par) -> None:
    """Save a named person; raises ListePleine. The review says that a contact changed, never who: no name is logged."""
    nouveau = contact.pk is None
    if nouveau and _verrouiller(contact.structure).contacts.count() >= CONTACTS_MAX:
        raise ListePleine(f"{CONTACTS_MAX} personnes au plus : supprimez-en une d'abord.")
    contact.save()
    fait = "un contact ajouté" if nouveau else "un contact modifié"
    noter(contact.structure, par=par, avant={"contacts": ""}, apres={"contacts": fait})


@transaction.atomic
def supprimer_contact(contact, *, par) -> None:
    structure = contact.structure
    contact.delete()
    noter(structure, par=par, avant={"contacts": ""}, apres={"contacts": "un contact retiré"})
