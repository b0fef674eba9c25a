"""What the addresses of the API may ask for: the same names as on the pages, but what makes no sense is an error."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from django.http import QueryDict
from ninja import Field, Schema
from pydantic import StringConstraints

from annuaire.models import Structure
from annuaire.recherche.criteres import KM_DEFAUT, KM_MAX
from annuaire.recherche.criteres import TRIS as TRIS_STRUCTURES
from ressources.modes import Mode
from ressources.natures import Nature
from ressources.recherche.criteres import PRIX_MAX
from ressources.recherche.criteres import TRIS as TRIS_ANNONCES
from reunions.calendrier.criteres import TYPES

PAR_PAGE, PAR_PAGE_MAX = 50, 100
Slug = Annotated[str, StringConstraints(pattern=r"^[-\w]{1,80}$")]
Cog = Annotated[str, StringConstraints(pattern=r"^(\d{2}|2A|2B)\d{3}$")]
PLUSIEURS = "Répétable : une des valeurs suffit."


def liste(description: str):
    return Field(default_factory=list, max_length=50, description=f"{description} {PLUSIEURS}")


class Pages(Schema):
    page: int = Field(1, ge=1, description="Rang de la page, à partir de 1. Suivez plutôt le lien « suivant ».")
    par_page: int = Field(PAR_PAGE, ge=1, le=PAR_PAGE_MAX, description="Éléments par page.")

    def recherche(self) -> QueryDict:
        """What is asked, as the pages' own query string: lists repeated, true as 1, what is empty left out."""
        parametres = QueryDict(mutable=True)
        for nom, valeur in self.model_dump(exclude={"page", "par_page"}).items():
            if isinstance(valeur, list):
                parametres.setlist(nom, valeur)
            elif valeur not in (None, "", False):
                parametres[nom] = "1" if valeur is True else str(valeur)
        return parametres

    def adresse(self, page: int) -> str:
        """The query string of another page of the same."""
        parametres = self.recherche()
        if self.par_page != PAR_PAGE:
            parametres["par_page"] = str(self.par_page)
        parametres["page"] = str(page)
        return parametres.urlencode()


class Autour(Pages):
    q: str = Field("", max_length=200, description="Mots cherchés, comme dans la recherche du site.")
    commune: Cog | None = Field(None, description="Code officiel (COG) de la commune autour de laquelle chercher.")
    km: float = Field(
        KM_DEFAUT, gt=0, le=KM_MAX, allow_inf_nan=False, description="Distance à cette commune, en kilomètres."
    )

    def recherche(self) -> QueryDict:
        parametres = super().recherche()
        if self.commune is None or self.km == KM_DEFAUT:
            parametres.pop("km", None)
        return parametres


class FiltresStructures(Autour):
    activite: list[Slug] = liste("Identifiant d'une activité (voir /activites).")
    competence: list[Slug] = liste("Identifiant d'une compétence à partager.")
    forme: list[Literal[tuple(Structure.FormeJuridique.values)]] = liste("Forme juridique.")
    label: list[Slug] = liste("Identifiant d'un label en cours de validité.")
    ville: list[Cog] = liste("Code officiel (COG) de la commune même de la structure.")
    tri: Literal[tuple(TRIS_STRUCTURES)] | None = Field(
        None,
        description="Ordre. « pertinence » suppose q, « distance » suppose commune ; sinon, ordre des noms.",
    )


class FiltresAnnonces(Autour):
    sens: list[Literal["offre", "besoin"]] = liste("Offre ou besoin.")
    nature: list[Literal[tuple(Nature.values)]] = liste("Ce dont il s'agit.")
    mode: list[Literal[tuple(Mode.values)]] = liste("Mode d'échange.")
    categorie: list[Slug] = liste("Identifiant d'une catégorie.")
    structure: Slug | None = Field(None, description="Identifiant de la structure qui publie.")
    gratuit: bool = Field(False, description="Seulement ce qui est gratuit.")
    prix_max: Decimal | None = Field(
        None, ge=0, le=PRIX_MAX, decimal_places=2, description="Prix, en euros, au plus ; ce qui est gratuit compris."
    )
    du: date | None = Field(None, description="Libre, ou voulu, un jour au moins à partir de celui-ci.")
    au: date | None = Field(None, description="Et jusqu'à celui-ci, un an plus tard au plus.")
    urgent: bool = Field(False, description="Seulement ce qui est urgent.")
    toutes: bool = Field(False, description="Aussi les annonces expirées, complètes ou pourvues.")
    tri: Literal[tuple(TRIS_ANNONCES)] | None = Field(
        None,
        description="Ordre. « pertinence » suppose q, « distance » suppose commune ; sinon, les plus récentes d'abord.",
    )


class FiltresEvenements(Autour):
    type: list[Literal[tuple(TYPES)]] = liste("Sorte de rencontre ; « pole- » au début : organisée par le pôle.")
    du: date | None = Field(None, description="À partir de ce jour. Sans du ni au : ce qui vient.")
    au: date | None = Field(None, description="Jusqu'à ce jour compris.")
    passees: bool = Field(False, description="Ce qui est passé, le dernier d'abord ; sans effet avec du ou au.")


class FiltresCommunes(Pages):
    q: str = Field("", max_length=100, description="Début du nom, ou du code postal (deux chiffres au moins).")
    avec_structures: bool = Field(False, description="Seulement celles où une structure est publiée.")
