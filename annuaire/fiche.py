"""What a reader may see on a structure's sheet, decided once for the page, the vCard and the share card."""

from dataclasses import dataclass

from django.utils import timezone

from annuaire import permissions
from pole_ess.socle.models import ReglagesPole
from pole_ess.socle.templatetags.francais import nombre


@dataclass(frozen=True)
class Coordonnee:
    """A phone number or address. `valeur` is empty when this reader may not see it, though it exists."""

    existe: bool
    valeur: str
    reservee: bool
    """Shown because the reader has an account, not because it is public."""


@dataclass(frozen=True)
class ContactVisible:
    """A named person as this reader may see them."""

    nom: str
    fonction: str
    telephone: str
    courriel: str
    prive: bool
    """Something of it is shown only because the reader belongs to the structure or to the hub's staff."""


def coordonnee(valeur: str, public: bool, reserve_ouvert: bool) -> Coordonnee:
    montree = valeur if public or reserve_ouvert else ""
    return Coordonnee(existe=bool(valeur), valeur=montree, reservee=bool(montree) and not public)


def contacts_visibles(structure, *, tout: bool) -> list[ContactVisible]:
    """Named persons: each detail only with recorded consent, all of them (marked private) with `tout`."""
    visibles = []
    for contact in structure.contacts.all():
        accord = contact.consentement_le is not None and contact.nom_public
        if not (accord or tout):
            continue
        telephone = contact.telephone if tout or contact.telephone_public else ""
        courriel = contact.courriel if tout or contact.courriel_public else ""
        cache = (telephone and not contact.telephone_public) or (courriel and not contact.courriel_public)
        visibles.append(
            ContactVisible(contact.nom, contact.fonction, telephone, courriel, prive=bool(not accord or cache))
        )
    return visibles


@dataclass(frozen=True)
class Lecture:
    """A sheet for one reader."""

    telephone: Coordonnee
    courriel: Coordonnee
    contacts: list[ContactVisible]
    est_membre: bool
    peut_modifier: bool
    verification_ancienne: bool
    reperes: list[tuple[str, str]]
    """The figures that the structure gave, and its identifiers: name and value, ready to read."""

    @property
    def coordonnees_cachees(self) -> bool:
        return any(c.existe and not c.valeur for c in (self.telephone, self.courriel))


def reperes(structure) -> list[tuple[str, str]]:
    etp = structure.salaries_etp
    siret = structure.siret
    tous = [
        ("Création", str(structure.annee_creation or "")),
        ("Salariés (ETP)", nombre(etp.normalize()) if etp is not None else ""),
        ("Bénévoles", nombre(structure.benevoles)),
        ("Adhérents", nombre(structure.adherents)),
        ("SIRET", f"{siret[:3]}\u00a0{siret[3:6]}\u00a0{siret[6:9]}\u00a0{siret[9:]}" if siret else ""),
        ("RNA", structure.rna),
    ]
    return [(nom, valeur) for nom, valeur in tous if valeur]


def lire(structure, utilisateur) -> Lecture:
    """Two queries at most beyond those of `StructureQuerySet.pour_fiche`, whatever the structure holds."""
    ouvert = permissions.voit_coordonnees(utilisateur, structure)
    est_membre = permissions.est_rattache(utilisateur, structure)
    equipe = utilisateur.is_authenticated and utilisateur.is_staff
    return Lecture(
        telephone=coordonnee(structure.telephone, structure.telephone_public, ouvert),
        courriel=coordonnee(structure.courriel, structure.courriel_public, ouvert),
        contacts=contacts_visibles(structure, tout=est_membre or equipe),
        est_membre=est_membre,
        peut_modifier=permissions.peut_modifier(utilisateur, structure),
        verification_ancienne=bool(
            structure.verifiee_le
            and structure.verifiee_le < ReglagesPole.actuels().fiche_a_confirmer_depuis(timezone.localdate())
        ),
        reperes=reperes(structure),
    )
