"""Which commune a line means: by its COG code, else by name and postcode. A postcode alone is not a commune."""

import re
from collections import defaultdict
from dataclasses import dataclass

from annuaire.models import Commune
from pole_ess.socle.models import ReglagesPole

from .textes import sans_accent

CITES_MAX = 8


class CommuneInconnue(Exception):
    """French message: what is unknown or ambiguous, and the candidates."""


@dataclass(frozen=True)
class Lieu:
    """What an import needs of a commune, without a query per line."""

    code: str
    nom: str
    codes_postaux: tuple[str, ...]
    latitude: float | None
    longitude: float | None


def cle_nom(nom: str) -> str:
    """« ST-POURÇAIN S/ SIOULE CEDEX » -> « saint pourcain sur sioule »."""
    texte = re.sub(r"\bs/", "sur ", sans_accent(nom))
    texte = re.sub(r"\(.*?\)|\bcedex\b.*", " ", texte)
    mots = re.sub(r"[^a-z0-9]+", " ", texte).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(mot, mot) for mot in mots)


def _sans_article(cle: str) -> str:
    return re.sub(r"^(le|la|les|l) ", "", cle)


class Communes:
    """Every commune in memory: 35,000 of them are read in a fraction of a second."""

    def __init__(self):
        champs = ("code", "nom", "codes_postaux", "latitude", "longitude")
        self.par_code, self.par_nom, self.par_cp = {}, defaultdict(list), defaultdict(list)
        self.territoire = set(ReglagesPole.actuels().territoire)
        for code, nom, codes_postaux, latitude, longitude in Commune.objects.order_by("code").values_list(*champs):
            lieu = Lieu(code, nom, tuple(codes_postaux), latitude, longitude)
            self.par_code[code] = lieu
            entiere = cle_nom(nom)
            for cle in {entiere, _sans_article(entiere)}:
                self.par_nom[cle].append(lieu)
            for code_postal in codes_postaux:
                self.par_cp[code_postal].append(lieu)

    def trouver(self, *, code: str = "", code_postal: str = "", nom: str = "") -> Lieu | None:
        """The commune, or None when the line says nothing. Raises CommuneInconnue otherwise."""
        code = re.sub(r"\s", "", code).upper()
        if re.fullmatch(r"\d{4}", code):
            code = f"0{code}"  # a spreadsheet ate the leading zero
        if lieu := self.par_code.get(code):
            return lieu
        if trouve := re.search(r"\b(\d{5})\b", nom):  # « Vichy (03200) »
            code_postal, nom = code_postal or trouve[1], nom.replace(trouve[1], " ")
        code_postal = re.sub(r"\s", "", code_postal)
        if re.fullmatch(r"\d{4}", code_postal):
            code_postal = f"0{code_postal}"
        if nom.strip():
            return self._par_nom(nom.strip(), code_postal)
        if code_postal:
            return self._par_code_postal(code_postal)
        if code:
            raise CommuneInconnue(f"commune inconnue : aucun code officiel « {code[:10]} »")
        return None

    def _par_nom(self, nom: str, code_postal: str) -> Lieu:
        cle = cle_nom(nom)
        tous = self.par_nom.get(cle) or self.par_nom.get(_sans_article(cle)) or []
        exacts = [lieu for lieu in tous if cle_nom(lieu.nom) == cle] or tous
        if code_postal:
            proches = [lieu for lieu in exacts if code_postal in lieu.codes_postaux]
            # A CEDEX postcode belongs to no commune: the département then tells homonyms apart.
            proches = proches or [lieu for lieu in exacts if lieu.code[:2] == code_postal[:2]]
            if len(proches) == 1:
                return proches[0]
            if exacts:
                raise CommuneInconnue(
                    f"commune douteuse : « {nom[:60]} » n'a pas le code postal {code_postal[:10]} ; "
                    f"candidates : {self._citer(exacts)}"
                )
            du_code = self.par_cp.get(code_postal, [])
            suite = f" ; à {code_postal} : {self._citer(du_code)}" if du_code else ""
            raise CommuneInconnue(f"commune inconnue : « {nom[:60]} »{suite}")
        if len(exacts) > 1:
            exacts = [lieu for lieu in exacts if lieu.code in self.territoire] or exacts
        if len(exacts) == 1:
            return exacts[0]
        if exacts:
            raise CommuneInconnue(
                f"commune douteuse : plusieurs s'appellent « {nom[:60]} » ({self._citer(exacts)}) ; "
                "ajoutez le code postal ou le code officiel"
            )
        raise CommuneInconnue(f"commune inconnue : « {nom[:60]} »")

    def _par_code_postal(self, code_postal: str) -> Lieu:
        lieux = self.par_cp.get(code_postal, [])
        if len(lieux) == 1:
            return lieux[0]
        if not lieux:
            raise CommuneInconnue(f"commune inconnue : aucun code postal « {code_postal[:10]} »")
        raise CommuneInconnue(
            f"commune douteuse : le code postal {code_postal} est celui de {len(lieux)} communes "
            f"({self._citer(lieux)}) ; ajoutez le nom de la commune"
        )

    @staticmethod
    def _citer(lieux: list[Lieu]) -> str:
        cites = ", ".join(f"{lieu.nom} ({lieu.code})" for lieu in lieux[:CITES_MAX])
        return cites + ("…" if len(lieux) > CITES_MAX else "")
