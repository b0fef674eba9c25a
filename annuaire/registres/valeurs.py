"""What a register's row says, and what of it may be kept: places of the territory, structures, nothing of a person.

Never read: the correspondent's address and title (adrg_*, dir_civilite), remarks, names of persons. Never stored:
sole traders, units that are not fully diffusible, associations whose very object tells opinions (`activites`), the
lines of an address that name somebody (« chez Mme… »).
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from annuaire.imports.colonnes import Correspondance
from annuaire.imports.formes import forme_de_categorie
from annuaire.imports.lieux import CommuneInconnue, Communes
from annuaire.models import Registre, Structure
from annuaire.validateurs import normaliser_rna, normaliser_siret

from . import activites
from .lecture import Rangee

Forme = Structure.FormeJuridique
DE_L_ESS = {Forme.ASSOCIATION, Forme.COOPERATIVE, Forme.MUTUELLE, Forme.FONDATION, Forme.GROUPEMENT_EMPLOYEURS}
"""Social economy by its statutes (loi 2014-856, art. 1); a commercial company says so itself in SIRENE."""
NOMME = re.compile(r"^\s*(m\.|mr|mme|mlle|monsieur|madame|mademoiselle)\b|\bchez\b|\bc/o\b", re.IGNORECASE)
valider_url = URLValidator(schemes=["http", "https"])


class Sort(StrEnum):
    """What becomes of a row before the database is asked."""

    GARDEE = "gardee"
    HORS_TERRITOIRE = "hors_territoire"
    FERMEE = "fermee"
    PERSONNE = "personne"
    NON_DIFFUSIBLE = "non_diffusible"
    HORS_ESS = "hors_ess"
    SENSIBLE = "sensible"
    REJETEE = "rejetee"


@dataclass
class Lue:
    """`valeurs`: fields of EntreeRegistre; `fin`: the day it closed, when the row says that it did."""

    numero: int
    sort: Sort
    valeurs: dict = field(default_factory=dict)
    erreur: str = ""
    fin: date | None = None

    @property
    def nom(self) -> str:
        return self.valeurs.get("nom", "")

    @property
    def identites(self) -> list[str]:
        return identites(**{c: self.valeurs.get(c, "") for c in ("identifiant", "rna", "siret")})


def identites(*, identifiant: str, rna: str, siret: str) -> list[str]:
    """By what a structure's objection is remembered: its establishments and both registers share it.

    An association older than 2009 has no W number: its own identifier stands for it.
    """
    rna = rna or ("" if identifiant == siret else identifiant)
    return [*([f"rna:{rna}"] if rna else []), *([f"siren:{siret[:9]}"] if siret else [])]


class Lecteur:
    """Rows of one register -> `Lue`; the territory and the tables are read once."""

    def __init__(self, registre: str, colonnes: Correspondance, *, territoire: set[str], aujourdhui: date):
        self.registre, self.colonnes = registre, colonnes
        self.territoire, self.aujourdhui = territoire, aujourdhui
        self.communes, self.activites = Communes(), activites.Activites()
        self.codes_postaux = {
            cp
            for code in territoire
            if code in self.communes.par_code
            for cp in self.communes.par_code[code].codes_postaux
        }

    def lire(self, rangee: Rangee, unite=None) -> Lue:
        """`unite(column)`: what the legal unit's own file says, when there are two."""
        if rangee.erreur:
            return self._ligne_abimee(rangee)
        texte = self._texte(rangee, unite)
        try:
            code = self._commune(texte)
        except CommuneInconnue as inconnue:
            return Lue(rangee.numero, Sort.REJETEE, {"nom": texte("nom")[:250]}, str(inconnue))
        if code is None:
            return Lue(rangee.numero, Sort.HORS_TERRITOIRE)
        lire = self._rna if self.registre == Registre.RNA else self._sirene
        return lire(rangee.numero, texte, code)

    def sort_sans_unite(self, rangee: Rangee, *, connus: set[str]) -> Sort | None:
        """What becomes of an establishment whose legal unit is in another file; None: it must be known first.

        A closed one is of use only when its number is of `connus`: there is a row to close.
        """
        if rangee.erreur:
            return self._ligne_abimee(rangee).sort
        texte = self._texte(rangee, None)
        try:
            if self._commune(texte) is None:
                return Sort.HORS_TERRITOIRE
        except CommuneInconnue:
            return Sort.REJETEE
        if texte("diffusion").upper() not in {"O", ""}:
            return Sort.NON_DIFFUSIBLE
        ferme = texte("etat").upper() == "F" and texte("identifiant").zfill(14) not in connus
        return Sort.FERMEE if ferme else None

    def alleger(self, rangee: Rangee) -> Rangee:
        """The same row without the cells that nobody reads: some tens of thousands wait together for their units."""
        utiles = {position for positions in self.colonnes.positions.values() for position in positions}
        cellules = [cellule if rang in utiles else "" for rang, cellule in enumerate(rangee.cellules)]
        return Rangee(rangee.numero, cellules)

    def _texte(self, rangee: Rangee, unite):
        def texte(colonne: str) -> str:
            return self.colonnes.valeur(rangee.cellules, colonne) or (unite(colonne) if unite else "")

        return texte

    def _ligne_abimee(self, rangee: Rangee) -> Lue:
        """A row of the wrong width is told when it is, or may be, of the territory; else it is only counted."""
        cellules = set(rangee.cellules)
        if rangee.cellules and not cellules & (self.territoire | self.codes_postaux):
            return Lue(rangee.numero, Sort.HORS_TERRITOIRE)
        return Lue(rangee.numero, Sort.REJETEE, erreur=rangee.erreur)

    def _commune(self, texte) -> str | None:
        """The commune's code when it is of the territory. A name without a postcode is not enough: homonyms."""
        code = re.sub(r"\s", "", texte("code_commune")).upper()
        code = f"0{code}" if re.fullmatch(r"\d{4}", code) else code
        if re.fullmatch(r"(\d{2}|2A|2B)\d{3}", code):
            return code if code in self.territoire and code in self.communes.par_code else None
        code_postal = re.sub(r"\s", "", texte("code_postal"))
        code_postal = f"0{code_postal}" if re.fullmatch(r"\d{4}", code_postal) else code_postal
        if code_postal not in self.codes_postaux:
            return None
        lieu = self.communes.trouver(code_postal=code_postal, nom=texte("commune"))
        return lieu.code if lieu and lieu.code in self.territoire else None

    def _rna(self, numero, texte, commune) -> Lue:
        identifiant = re.sub(r"[^0-9A-Z]", "", normaliser_rna(texte("identifiant")))
        if not re.fullmatch(r"[0-9A-Z]{5,14}", identifiant):
            return Lue(numero, Sort.REJETEE, {"nom": texte("nom")[:250]}, "numéro d'association illisible")
        rna = identifiant if re.fullmatch(r"W\d{9}", identifiant) else ""
        siret = normaliser_siret(texte("siret"))
        valeurs = {
            "identifiant": identifiant,
            "rna": rna,
            "siret": siret if re.fullmatch(r"\d{14}", siret) else "",
            "categorie_juridique": "",
        }
        fin = _jour(texte("date_fin"))
        if fin or texte("position").upper() in {"D", "S"}:
            return Lue(numero, Sort.FERMEE, valeurs, fin=fin or self.aujourdhui)
        return self._gardee(numero, texte, commune, valeurs)

    def _sirene(self, numero, texte, commune) -> Lue:
        """Who may be stored is decided first: a natural person's row is left before its name is looked at."""
        categorie = re.sub(r"\D", "", texte("categorie"))[:4]
        if not categorie or categorie.startswith("1"):
            return Lue(numero, Sort.PERSONNE)
        if {texte("diffusion").upper(), texte("diffusion_unite").upper()} - {"O", ""}:
            return Lue(numero, Sort.NON_DIFFUSIBLE)
        ess, forme = texte("ess").upper(), forme_de_categorie(categorie)
        if ess != "O" and (ess == "N" or forme not in DE_L_ESS):
            return Lue(numero, Sort.HORS_ESS)
        siret = normaliser_siret(texte("identifiant")).zfill(14)
        if not re.fullmatch(r"\d{14}", siret):
            return Lue(numero, Sort.REJETEE, {"nom": texte("nom")[:250]}, "SIRET illisible")
        rna = normaliser_rna(texte("rna"))
        valeurs = {
            "identifiant": siret,
            "siret": siret,
            "rna": rna if re.fullmatch(r"W\d{9}", rna) else "",
            "categorie_juridique": categorie,
        }
        if texte("etat").upper() == "F" or texte("etat_unite").upper() == "C":
            return Lue(numero, Sort.FERMEE, valeurs, fin=self.aujourdhui)
        return self._gardee(numero, texte, commune, valeurs)

    def _gardee(self, numero, texte, commune, valeurs) -> Lue:
        code = activites.code_de(self.registre, texte("code_activite"))
        slug = activites.slug_de(self.registre, code)
        if slug == activites.JAMAIS:
            return Lue(numero, Sort.SENSIBLE, {c: valeurs[c] for c in ("identifiant", "rna", "siret")})
        nom = " ".join((texte("nom") or texte("nom_usuel")).split())[:250]
        if not nom:
            return Lue(numero, Sort.REJETEE, erreur="le nom manque")
        code_postal = re.sub(r"\D", "", texte("code_postal"))
        valeurs |= {
            "nom": nom,
            "objet": texte("objet")[:2000],
            "adresse": self._adresse(texte),
            "code_postal": code_postal.zfill(5) if 4 <= len(code_postal) <= 5 else "",
            "commune_id": commune,
            "site": _site(texte("site")),
            "code_activite": code,
            "activite_id": self.activites.pk(slug),
            "date_creation": _jour(texte("date_creation")),
        }
        return Lue(numero, Sort.GARDEE, valeurs)

    def _adresse(self, texte) -> str:
        repetition = texte("repetition")
        voie = [texte("numero") + (f" {repetition}" if repetition else ""), texte("type_voie"), texte("voie")]
        voie = " ".join(" ".join(voie).split()) or texte("adresse")
        return "" if NOMME.search(voie) else voie[:200]


def _site(brut: str) -> str:
    site = brut if re.match(r"https?://", brut, re.IGNORECASE) else f"https://{brut}"
    try:
        valider_url(site)
    except ValidationError:
        return ""
    return site if len(site) <= 200 else ""


def _jour(brut: str) -> date | None:
    for forme, longueur in (("%Y-%m-%d", 10), ("%d/%m/%Y", 10), ("%Y%m%d", 8)):
        try:
            jour = datetime.strptime(brut[:longueur], forme).date()
        except ValueError:
            continue
        return jour if 1600 <= jour.year <= 2100 else None
    return None
