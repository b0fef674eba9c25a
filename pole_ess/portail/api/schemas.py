"""What the API answers: nouns of the glossary, each field with its unit. Dates are ISO 8601, instants in UTC or
with their offset; what is not known is null, or an empty text."""

from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from ninja import Field, Schema

from annuaire.models import Structure as StructureBase
from ressources.models import Annonce as AnnonceBase
from ressources.modes import Mode, Unite
from ressources.natures import Nature

T = TypeVar("T")


def choix(valeurs):
    """A value of a list, or an empty text: not said."""
    return Literal[tuple(dict.fromkeys([*valeurs, ""]))]


class Erreur(Schema):
    """An error."""

    code: str = Field(description="Sorte d'erreur, pour un programme.")
    message: str = Field(description="Ce qui ne va pas, en français.")
    documentation: str = Field(description="Adresse de cette documentation.")
    details: list["ErreurDeParametre"] | None = Field(None, description="Une ligne par paramètre à corriger.")


class ErreurDeParametre(Schema):
    """A wrong parameter."""

    parametre: str = Field(description="Nom du paramètre.")
    message: str = Field(description="Comment le corriger.")


class Page(Schema, Generic[T]):
    """One page of a list."""

    total: int = Field(description="Nombre d'éléments, toutes pages comprises.")
    page: int = Field(description="Rang de cette page, à partir de 1.")
    pages: int = Field(description="Nombre de pages.")
    par_page: int = Field(description="Éléments par page.")
    suivant: str | None = Field(description="Adresse de la page suivante ; null à la dernière.")
    precedent: str | None = Field(description="Adresse de la page précédente ; null à la première.")
    resultats: list[T] = Field(description="Les éléments de cette page.")


class Terme(Schema):
    """A word of a shared list."""

    slug: str = Field(description="Identifiant, à donner dans les filtres.")
    nom: str = Field(description="Nom.")


class LabelDetenu(Terme):
    """An accreditation."""

    expire_le: date | None = Field(description="Dernier jour de validité ; null : sans fin.")


class Lieu(Schema):
    """A commune, in short."""

    code: str = Field(description="Code officiel géographique (COG).")
    nom: str = Field(description="Nom.")
    codes_postaux: list[str] = Field(description="Codes postaux.")


class Point(Schema):
    """A place."""

    latitude: float = Field(description="Latitude, degrés WGS 84.")
    longitude: float = Field(description="Longitude, degrés WGS 84.")


class Position(Point):
    """Where a structure is."""

    origine: Literal[tuple(StructureBase.PositionOrigine.values)] = Field(
        description="D'où vient le point : adresse, centre de la commune, placé à la main."
    )


class Accessibilite(Schema):
    """How a place receives everybody."""

    pmr: bool = Field(description="Accessible en fauteuil.")
    braille: bool = Field(description="Documents en braille.")
    lsf: bool = Field(description="Accueil en langue des signes (LSF).")


class Structure(Schema):
    """A structure of the directory."""

    slug: str = Field(description="Identifiant, dans l'adresse de la fiche.")
    nom: str = Field(description="Nom.")
    sigle: str = Field(description="Sigle.")
    forme_juridique: choix(StructureBase.FormeJuridique.values) = Field(description="Forme juridique.")
    activites: list[Terme] = Field(description="Activités.")
    competences: list[Terme] = Field(description="Compétences à partager.")
    labels: list[LabelDetenu] = Field(description="Labels en cours de validité.")
    presentation: str = Field(description="Présentation.")
    missions: str = Field(description="Missions.")
    public_accueilli: str = Field(description="Public accueilli.")
    adresse: str = Field(description="Adresse, sans la commune.")
    commune: Lieu | None = Field(description="Commune.")
    position: Position | None = Field(description="Emplacement.")
    rayon_intervention: int | None = Field(description="Rayon d'intervention, en kilomètres.")
    distance: float | None = Field(description="Distance à la commune demandée, en kilomètres ; null sans ce filtre.")
    telephone: str = Field(description="Téléphone, si la structure l'a rendu public.")
    courriel: str = Field(description="Adresse e-mail générique, si la structure l'a rendue publique.")
    site: str = Field(description="Site web.")
    reseaux: list[str] = Field(description="Réseaux sociaux.")
    siret: str = Field(description="SIRET, 14 chiffres.")
    rna: str = Field(description="Numéro RNA.")
    annee_creation: int | None = Field(description="Année de création.")
    salaries_etp: float | None = Field(description="Salariés, en équivalents temps plein.")
    benevoles: int | None = Field(description="Nombre de bénévoles.")
    adherents: int | None = Field(description="Nombre d'adhérents.")
    horaires: str = Field(description="Horaires.")
    accessibilite: Accessibilite = Field(description="Accessibilité.")
    verifiee_le: date | None = Field(description="Jour de la dernière vérification.")
    publiee_le: datetime = Field(description="Instant de la publication.")
    modifiee_le: datetime = Field(description="Instant de la dernière modification.")
    exemple: bool = Field(description="Vrai : inventée pour la démonstration.")
    page: str = Field(description="Adresse de la fiche.")


class StructureCitee(Schema):
    """A structure, in short."""

    slug: str = Field(description="Identifiant (voir /structures/{slug}).")
    nom: str = Field(description="Nom.")


class Jours(Schema):
    """Days, both included."""

    du: date = Field(description="Premier jour.")
    au: date = Field(description="Dernier jour.")


class Annonce(Schema):
    """An offer or a need."""

    id: int = Field(description="Identifiant.")
    sens: Literal["offre", "besoin"] = Field(description="Offre ou besoin.")
    nature: Literal[tuple(Nature.values)] = Field(description="Ce dont il s'agit.")
    mode: choix(Mode.values) = Field(description="Mode d'échange.")
    titre: str = Field(description="Titre.")
    description: str = Field(description="Description.")
    categorie: Terme | None = Field(description="Catégorie, propre à la nature.")
    structure: StructureCitee = Field(description="Structure qui publie.")
    commune: Lieu | None = Field(description="Commune.")
    position: Point | None = Field(description="Emplacement : celui de la structure, ou le centre de la commune.")
    distance: float | None = Field(description="Distance à la commune demandée, en kilomètres ; null sans ce filtre.")
    quantite: int = Field(description="Quantité en tout.")
    restant: int = Field(description="Quantité encore libre.")
    lot: bool = Field(description="Vrai : plusieurs structures peuvent en prendre une part.")
    prix: float | None = Field(description="Prix d'une offre, budget d'un besoin, en euros ; null : non dit.")
    prix_unite: choix(Unite.values) = Field(description="Ce que ce prix paie.")
    prix_sur_demande: bool = Field(description="Vrai : prix sur demande.")
    caution: float | None = Field(description="Caution, en euros.")
    contrepartie: str = Field(description="Ce qui est attendu en échange.")
    etat_materiel: choix(AnnonceBase.EtatMateriel.values) = Field(description="État du matériel.")
    transport: choix(AnnonceBase.Transport.values) = Field(description="Transport.")
    surface: int | None = Field(description="Surface, en mètres carrés.")
    capacite: int | None = Field(description="Capacité, en personnes.")
    accessible_pmr: bool = Field(description="Accessible en fauteuil.")
    equipements: str = Field(description="Équipements.")
    residence_artistes: bool = Field(description="Résidence d'artistes possible.")
    travail_partage: bool = Field(description="Travail partagé possible.")
    niveau: choix(AnnonceBase.Niveau.values) = Field(description="Niveau.")
    presence: choix(AnnonceBase.Presence.values) = Field(description="Sur place ou à distance.")
    jauge: int | None = Field(description="Jauge, en spectateurs.")
    duree: int | None = Field(description="Durée, en minutes.")
    places: int | None = Field(description="Nombre de places.")
    periodes: list[Jours] = Field(description="Jours libres, ou voulus ; liste vide : toujours.")
    urgente_pour: date | None = Field(description="Jour pour lequel c'est urgent.")
    etat: Literal["ouverte", "complete", "expiree", "pourvue"] = Field(
        description="On ne peut répondre qu'à une annonce ouverte."
    )
    expire_le: date | None = Field(description="Dernier jour de validité.")
    publiee_le: datetime = Field(description="Instant de la publication.")
    modifiee_le: datetime = Field(description="Instant de la dernière modification.")
    exemple: bool = Field(description="Vrai : inventée pour la démonstration.")
    page: str = Field(description="Adresse de la page, où l'on répond.")


class Evenement(Schema):
    """A meeting of the hub, or an event of a structure."""

    id: str = Field(description="Identifiant : « r » et un nombre pour une rencontre du pôle, « e » pour un événement.")
    type: str = Field(description="Sorte de rencontre (voir le filtre type).")
    titre: str = Field(description="Titre.")
    description: str = Field(description="Objectif ou description.")
    debut: datetime = Field(description="Instant du début.")
    fin: datetime | None = Field(description="Instant de la fin ; null : non dite.")
    journee_entiere: bool = Field(description="Vrai : les heures ne comptent pas.")
    annule: bool = Field(description="Vrai : n'aura pas lieu.")
    lieu: str = Field(description="Nom du lieu.")
    adresse: str = Field(description="Adresse, sans la commune.")
    commune: Lieu | None = Field(description="Commune.")
    distance: float | None = Field(description="Distance à la commune demandée, en kilomètres ; null sans ce filtre.")
    accessible_pmr: bool = Field(description="Accessible en fauteuil.")
    tarif: str = Field(description="Tarif.")
    site: str = Field(description="Page de l'événement ailleurs.")
    structure: StructureCitee | None = Field(description="Structure qui l'organise, ou qui accueille le pôle.")
    publie_le: datetime | None = Field(description="Instant où il a été annoncé ; null : non noté.")
    modifie_le: datetime = Field(description="Instant de la dernière modification.")
    exemple: bool = Field(description="Vrai : inventé pour la démonstration.")
    page: str = Field(description="Adresse de sa page.")


class Axe(Schema):
    """A line of work of a workshop."""

    nom: str = Field(description="Nom de l'axe.")
    rose: int = Field(description="Post-it roses (court terme).")
    jaune: int = Field(description="Post-it jaunes (long terme).")
    total: int = Field(description="Post-it en tout.")


class CompteRendu(Schema):
    """The published minutes of a meeting, without their words."""

    reunion: int = Field(description="Identifiant de la rencontre.")
    titre: str = Field(description="Titre de la rencontre.")
    genre: str = Field(description="Sorte de rencontre.")
    debut: datetime | None = Field(description="Instant du début de la rencontre.")
    commune: Lieu | None = Field(description="Commune.")
    version: int = Field(description="Rang de la version publiée, à partir de 1.")
    publie_le: datetime = Field(description="Instant de cette publication.")
    approuve_le: date | None = Field(description="Jour où il a été approuvé en rencontre.")
    presents: int = Field(description="Nombre de personnes présentes.")
    excuses: int = Field(description="Nombre de personnes excusées.")
    axes: list[Axe] = Field(description="Chiffres de l'atelier, quand il y en a eu un.")
    exemple: bool = Field(description="Vrai : inventé pour la démonstration.")
    page: str = Field(description="Adresse du compte rendu, à lire en entier.")


class Commune(Lieu):
    """A commune."""

    latitude: float | None = Field(description="Latitude du centre, degrés WGS 84.")
    longitude: float | None = Field(description="Longitude du centre, degrés WGS 84.")
    population: int | None = Field(description="Habitants.")
    epci: str = Field(description="SIREN de son intercommunalité.")
    structures: int = Field(description="Structures publiées dans cette commune.")


class Activite(Terme):
    """An activity."""

    parent: str | None = Field(description="Identifiant de l'activité principale ; null : c'en est une.")
    structures: int = Field(description="Structures publiées qui l'ont, ou qui ont une de ses activités.")
