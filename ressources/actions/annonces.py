"""Writing announcements: made as drafts, changed without overwriting anybody, copied. States are in publication."""

import uuid
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from annuaire.models import Utilisateur
from ressources.coherence import accorder
from ressources.models import Annonce, FichierAnnonce, PhotoAnnonce, Reservation
from ressources.modes import RESERVABLES
from ressources.natures import CHAMPS_DE_NATURE

from . import TransitionInterdite, publication
from .publication import jours_par_defaut
from .versions import VersionPerimee, autrui, periodes_en_texte, photographier, version_de

__all__ = ["VersionPerimee", "creer", "dupliquer", "modifier", "referents", "supprimer_brouillon", "version_de"]

CHAMPS_COMMUNS = [
    *["titre", "description", "categorie", "mode", "commune", "urgente_pour", "expire_le", "partage", "structure"],
    *["prix", "prix_unite", "prix_sur_demande", "caution", "contrepartie"],
]
CHAMPS_MODIFIABLES = [*CHAMPS_COMMUNS, *sorted(CHAMPS_DE_NATURE)]
"""What a person may set on an announcement, besides its `periodes`. Its sense and nature never change."""


def expiration_par_defaut() -> date:
    return timezone.localdate() + timedelta(days=jours_par_defaut())


class ModificationImpossible(Exception):
    """What others already hold forbids the change; `champ` says which field, the message why."""

    def __init__(self, champ: str, message: str):
        self.champ = champ
        super().__init__(message)


class CleDejaPrise(Exception):
    """The key of the form belongs to an announcement that this person may not manage."""


def referents(structure) -> list[Utilisateur]:
    """The active référents of a structure: those to mail about its announcements."""
    liens = structure.rattachements.filter(etat="actif", role="referent", utilisateur__is_active=True)
    return [lien.utilisateur for lien in liens.select_related("utilisateur").order_by("pk")]


@transaction.atomic
def creer(*, valeurs: dict, structure, par, cle) -> Annonce:
    """A draft, once per `cle`: asked again, the same announcement comes back, unchanged.

    `valeurs` holds sens, nature, any of CHAMPS_MODIFIABLES and `periodes`, (first day, last day) pairs.
    """
    deja = Annonce.objects.filter(cle=cle).first()
    if deja is None:
        valeurs = {"expire_le": expiration_par_defaut()} | valeurs
        valeurs["commune"] = valeurs.get("commune") or structure.commune
        periodes = valeurs.pop("periodes", [])
        annonce = Annonce(**valeurs | {"structure": structure}, auteur=par, cle=cle, champs_humains=_humains(valeurs))
        annonce._history_user = par
        accorder(annonce)
        try:
            with transaction.atomic():
                annonce.save()
        except IntegrityError:  # the same form, sent twice at once
            deja = Annonce.objects.filter(cle=cle).first()
            if deja is None:
                raise
        else:
            _ecrire_periodes(annonce, periodes)
            return annonce
    if not Annonce.objects.gerables_par(par).filter(pk=deja.pk).exists():
        raise CleDejaPrise
    return deja


@transaction.atomic
def modifier(annonce, *, valeurs: dict, par, version: str = "") -> list[str]:
    """Write the changed fields; return their names.

    With `version` (version_de when the form was shown), raises VersionPerimee when the same field was changed
    meanwhile by somebody else, whose other fields are kept. Raises ModificationImpossible.
    """
    inconnus = set(valeurs) - {*CHAMPS_MODIFIABLES, "periodes"}
    if inconnus:
        raise ValueError(f"not editable: {sorted(inconnus)}")
    Annonce.objects.select_for_update(of=("self",)).get(pk=annonce.pk)
    annonce.refresh_from_db()
    avant = photographier(annonce)
    essai = Annonce.objects.get(pk=annonce.pk)
    for champ, valeur in valeurs.items():
        if champ != "periodes":
            setattr(essai, champ, valeur)
    accorder(essai)
    voulu = photographier(essai)
    voulu["periodes"] = periodes_en_texte(valeurs["periodes"]) if "periodes" in valeurs else avant["periodes"]
    gardes = autrui(annonce, voulu=voulu, actuel=avant, version=version)
    changes = [champ for champ in voulu if champ not in gardes and voulu[champ] != avant[champ]]
    if not changes:
        return []
    for champ in changes:
        if champ != "periodes":
            setattr(annonce, champ, getattr(essai, champ))
    accorder(annonce)  # again: with the fields that somebody else changed
    _refuser_l_impossible(annonce, changes)
    annonce.champs_humains = _humains(changes, annonce.champs_humains)
    annonce._history_user = par
    annonce.save()
    if "periodes" in changes:
        _ecrire_periodes(annonce, valeurs["periodes"])
    publication.modifiee(annonce, par=par, avant={champ: avant[champ] for champ in changes})
    return changes


def _humains(champs, deja=()) -> list[str]:
    return sorted({*deja, *champs} & {*CHAMPS_MODIFIABLES, "periodes"})


def _ecrire_periodes(annonce, periodes) -> None:
    """The rows that stay keep their id."""
    voulues = set(periodes)
    presentes = {(periode.debut, periode.fin): periode.pk for periode in annonce.periodes.all()}
    annonce.periodes.filter(pk__in=[pk for jours, pk in presentes.items() if jours not in voulues]).delete()
    for debut, fin in sorted(voulues - set(presentes)):
        annonce.periodes.create(debut=debut, fin=fin)


def _refuser_l_impossible(annonce, changes) -> None:
    """Parts already given and bookings already confirmed are not undone by an edit."""
    if annonce.quantite < annonce.quantite_prise or (annonce.quantite_prise and not annonce.est_lot):
        champ = "quantite" if annonce.est_lot else "partage"
        raise ModificationImpossible(
            champ, f"{annonce.quantite_prise} sont déjà attribués : la quantité ne peut pas descendre en dessous."
        )
    if {"mode", "partage"} & set(changes) and annonce.mode not in RESERVABLES:
        avenir = Reservation.objects.bloquantes().filter(
            calendrier__annonce=annonce, periode__endswith__gt=timezone.now()
        )
        if avenir.exists():
            raise ModificationImpossible(
                "mode", "Des réservations sont confirmées : annulez-les avant de ne plus prêter ni louer."
            )
    if "structure" in changes and annonce.etat != Annonce.Etat.BROUILLON:
        raise ModificationImpossible("structure", "La structure ne change plus une fois l'annonce envoyée.")


@transaction.atomic
def supprimer_brouillon(annonce, *, par) -> None:
    """Delete a draft; its files leave with the sweep of orphans. Raises TransitionInterdite for anything else."""
    fraiche = Annonce.objects.select_for_update(of=("self",)).get(pk=annonce.pk)
    if fraiche.etat != Annonce.Etat.BROUILLON:
        raise TransitionInterdite("Cette annonce n'est plus un brouillon : elle se retire, elle ne se supprime pas.")
    fraiche._history_user = par
    fraiche.delete()


@transaction.atomic
def dupliquer(annonce, *, par, cle=None) -> Annonce:
    """A draft with the same words, photos and files (new files), and the periods that are not over. Once per `cle`."""
    cle = cle or uuid.uuid4()
    deja = Annonce.objects.filter(cle=cle).first()
    if deja is not None:
        if not Annonce.objects.gerables_par(par).filter(pk=deja.pk).exists():
            raise CleDejaPrise
        return deja
    aujourd_hui = timezone.localdate()
    valeurs = {champ: getattr(annonce, champ) for champ in CHAMPS_MODIFIABLES if champ != "structure"}
    valeurs |= {"sens": annonce.sens, "nature": annonce.nature, "expire_le": expiration_par_defaut()}
    if annonce.urgente_pour and annonce.urgente_pour < aujourd_hui:
        valeurs["urgente_pour"] = None
    valeurs["periodes"] = [(max(p.debut, aujourd_hui), p.fin) for p in annonce.periodes.all() if p.fin >= aujourd_hui]
    copie = creer(valeurs=valeurs, structure=annonce.structure, par=par, cle=cle)
    for photo in annonce.photos.all():
        _copier_photo(photo, copie)
    for fichier in annonce.fichiers.all():
        _copier_fichier(fichier, copie)
    return copie


def _contenu(fichier) -> ContentFile:
    with fichier.open("rb") as ouvert:
        return ContentFile(ouvert.read(), name=f"{uuid.uuid4().hex}.webp")


def _copier_photo(photo, copie) -> None:
    try:
        fichiers = {"fichier": _contenu(photo.fichier), "vignette": _contenu(photo.vignette)}
    except FileNotFoundError:
        return  # a backup restored without its files: the words are copied all the same
    PhotoAnnonce.objects.create(annonce=copie, alternative=photo.alternative, ordre=photo.ordre, **fichiers)


def _copier_fichier(fichier, copie) -> None:
    try:
        contenu = _contenu(fichier.fichier)
    except FileNotFoundError:
        return
    FichierAnnonce.objects.create(
        annonce=copie,
        fichier=contenu,
        genre=fichier.genre,
        nom=fichier.nom,
        type_mime=fichier.type_mime,
        taille=fichier.taille,
    )
