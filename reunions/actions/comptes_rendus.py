"""The life of minutes: drafted in one click, written together, read again, published in versions, approved.

    brouillon → relu → publie → approuve      publie → brouillon (the published versions stay)

Every act locks the minutes' row. A change of words after reading again asks for another reading.
"""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from reunions.compte_rendu import rassembler
from reunions.models import CompteRendu, Reunion, SectionCompteRendu, VersionCompteRendu

from . import TransitionInterdite, ordre
from .reunions import verrouiller as verrouiller_reunion

Etat = CompteRendu.Etat
SECTIONS = ("Introduction", "Échanges sur le diagnostic", "Conclusions", "Suites")
SECTIONS_MAX = 30
RETIREE = "Cette section vient d'être retirée : copiez votre texte, il n'est plus enregistré."

AUTRE = "Quelqu'un d'autre a modifié cette section entre-temps."
SOI = "Vous avez modifié cette section entre-temps, dans un autre onglet ou sur un autre appareil."


class TexteChange(TransitionInterdite):
    """Somebody else wrote this section meanwhile; `section` is theirs, nothing was written."""

    def __init__(self, section):
        self.section = section
        super().__init__(f"{AUTRE} Les deux textes sont gardés.")

    def dit_a(self, qui) -> str:
        """The same to the account that wrote it, from another tab or another device."""
        soi = qui is not None and self.section.modifie_par_id == qui.pk
        return f"{SOI if soi else AUTRE} Les deux textes sont gardés."


@transaction.atomic
def rediger(reunion, *, par) -> CompteRendu:
    """The minutes, made with their first sections the first time. Raises TransitionInterdite before the day."""
    fraiche = verrouiller_reunion(reunion)
    if deja := CompteRendu.objects.filter(reunion=fraiche).first():
        return deja
    if fraiche.etat not in (Reunion.Etat.ANNONCEE, Reunion.Etat.TENUE) or fraiche.debut > timezone.now():
        raise TransitionInterdite("Le compte rendu s'écrit à partir du jour de la rencontre.")
    minutes = CompteRendu.objects.create(reunion=fraiche)
    SectionCompteRendu.objects.bulk_create(
        SectionCompteRendu(compte_rendu=minutes, ordre=rang, titre=titre) for rang, titre in enumerate(SECTIONS)
    )
    return minutes


def verrouiller(minutes) -> CompteRendu:
    """The fresh row, locked."""
    return CompteRendu.objects.select_for_update(of=("self",)).select_related("reunion").get(pk=minutes.pk)


def _a_ecrire(minutes) -> CompteRendu:
    """Locked; back to a draft when it had been read again. Raises TransitionInterdite once published."""
    frais = verrouiller(minutes)
    if frais.etat in (Etat.PUBLIE, Etat.APPROUVE):
        raise TransitionInterdite(f"Ce compte rendu est {frais.get_etat_display()} : il ne s'écrit plus tel quel.")
    if frais.etat == Etat.RELU:
        _passer(frais, Etat.BROUILLON, relu_par=None, relu_le=None)
    return frais


def _passer(frais, etat, **valeurs) -> CompteRendu:
    for champ, valeur in {"etat": etat, **valeurs}.items():
        setattr(frais, champ, valeur)
    frais.save(update_fields=["etat", *valeurs, "modifie_le"])
    return frais


@transaction.atomic
def enregistrer_section(section, *, par, titre: str, texte: str, version: int) -> SectionCompteRendu:
    """Write a section over the `version` that was read. The same words again, as a retried request: nothing happens.

    Raises TexteChange when somebody wrote meanwhile, TransitionInterdite when the section is gone or published.
    """
    frais = verrouiller(section.compte_rendu)
    actuelle = frais.sections.filter(pk=section.pk).first()
    if actuelle is None:
        raise TransitionInterdite(RETIREE)
    if (actuelle.titre, actuelle.texte) == (titre, texte):
        return actuelle
    _a_ecrire(frais)
    if actuelle.version != version:
        raise TexteChange(actuelle)
    actuelle.titre, actuelle.texte = titre, texte
    actuelle.version += 1
    actuelle.modifie_par = par
    actuelle.save(update_fields=["titre", "texte", "version", "modifie_par", "modifie_le"])
    return actuelle


@transaction.atomic
def ajouter_section(minutes, *, par, titre: str) -> SectionCompteRendu:
    """At the end; one of this title that is there already comes back. Raises TransitionInterdite past the limit."""
    frais = verrouiller(minutes)
    if deja := frais.sections.filter(titre=titre).first():
        return deja
    frais = _a_ecrire(minutes)
    if frais.sections.count() >= SECTIONS_MAX:
        raise TransitionInterdite(f"{SECTIONS_MAX} sections au plus : retirez-en d'abord.")
    dernier = frais.sections.aggregate(dernier=Max("ordre"))["dernier"]
    rang = 0 if dernier is None else dernier + 1
    return SectionCompteRendu.objects.create(compte_rendu=frais, titre=titre, ordre=rang, modifie_par=par)


@transaction.atomic
def retirer_section(section, *, par, version: int) -> None:
    """With its words, as they were read. Gone already: nothing happens. Raises TexteChange."""
    frais = _a_ecrire(section.compte_rendu)
    actuelle = frais.sections.filter(pk=section.pk).first()
    if actuelle is None:
        return
    if actuelle.version != version:
        raise TexteChange(actuelle)
    actuelle.delete()


@transaction.atomic
def deplacer_section(section, *, par, sens: str, rang: int) -> None:
    """See reunions.actions.ordre."""
    frais = _a_ecrire(section.compte_rendu)
    ordre.deplacer(frais.sections.order_by("ordre", "pk"), section, sens=sens, rang=rang)


@transaction.atomic
def marquer_relu(minutes, *, par) -> CompteRendu:
    """Somebody has read it again. Read already: nothing happens."""
    frais = verrouiller(minutes)
    if frais.etat == Etat.RELU:
        return frais
    if frais.etat != Etat.BROUILLON:
        raise TransitionInterdite(f"Ce compte rendu est déjà {frais.get_etat_display()}.")
    return _passer(frais, Etat.RELU, relu_par=par, relu_le=timezone.now())


@transaction.atomic
def publier(minutes, *, par, numero: int, note: str = "") -> VersionCompteRendu:
    """Freeze version `numero`, the one that the page announced. Published meanwhile or asked again: it comes back.

    Raises TransitionInterdite unless the minutes were read again, of a meeting that was held.
    """
    frais = verrouiller(minutes)
    derniere = frais.versions.first()
    suivante = derniere.numero + 1 if derniere else 1
    if derniere is not None and derniere.numero == numero and frais.etat in (Etat.PUBLIE, Etat.APPROUVE):
        return derniere
    if frais.etat != Etat.RELU:
        raise TransitionInterdite("Faites d'abord relire ce compte rendu : une autre lecture évite bien des erreurs.")
    if numero != suivante:
        raise TransitionInterdite("Une autre version est parue entre-temps : regardez-la avant de publier.")
    if frais.reunion.etat != Reunion.Etat.TENUE:
        raise TransitionInterdite("Dites d'abord que la rencontre a eu lieu.")
    version = VersionCompteRendu.objects.create(
        compte_rendu=frais, numero=suivante, instantane=rassembler(frais.reunion), note=note, par=par
    )
    _passer(frais, Etat.PUBLIE, publie_le=version.cree_le)
    return version


@transaction.atomic
def rouvrir(minutes, *, par) -> CompteRendu:
    """Write a new version; the published ones stay as they are. A draft already: nothing happens."""
    frais = verrouiller(minutes)
    if frais.etat in (Etat.BROUILLON, Etat.RELU):
        return frais
    if frais.etat == Etat.APPROUVE:
        raise TransitionInterdite("Ce compte rendu est approuvé : il ne change plus. Notez la suite dans le prochain.")
    return _passer(frais, Etat.BROUILLON, relu_par=None, relu_le=None)


@transaction.atomic
def approuver(minutes, *, par, a: Reunion, corrections: str = "") -> CompteRendu:
    """Approved at a later meeting that has begun, with the `corrections` noted there; again: nothing happens."""
    frais = verrouiller(minutes)
    if frais.etat == Etat.APPROUVE and frais.approuve_a_id == a.pk:
        return frais
    if frais.etat != Etat.PUBLIE:
        raise TransitionInterdite("On approuve un compte rendu publié, une seule fois.")
    if not peuvent_approuver(frais.reunion).filter(pk=a.pk).exists():
        raise TransitionInterdite("Il s'approuve à une rencontre plus récente, une fois qu'elle a commencé.")
    le = timezone.localdate(a.debut)
    return _passer(frais, Etat.APPROUVE, approuve_a=a, approuve_le=le, corrections=corrections)


def peuvent_approuver(reunion):
    """Meetings after this one that have begun, the first after it first."""
    return Reunion.objects.commencees_apres(reunion)
