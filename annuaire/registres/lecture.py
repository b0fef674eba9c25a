"""Streaming a register's CSV: one row in memory at a time, whatever the size, and no line can stop the others.

Each line is decoded by itself (UTF-8, else Windows-1252): the files of the registers mix both. A quote left open
costs the lines it swallows, which are told, never the rest of the file.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from annuaire.imports.erreurs import FichierIllisible
from annuaire.imports.lecture import CELLULE_MAX, COLONNES_MAX, SIGNATURES, separateur

OCTETS_PAR_LIGNE = 256 * 1024
"""A register's line is some 1,000 bytes."""


@dataclass
class Rangee:
    """A row of the file: its first line's number, its cells; or why it cannot be read."""

    numero: int
    cellules: list[str] = field(default_factory=list)
    erreur: str = ""


class Flux:
    """The headers of an open binary file, then its rows by iteration. Raises FichierIllisible on another file."""

    def __init__(self, fichier):
        self.fichier = fichier
        fichier.seek(0)
        premiere = self._premiere()
        self.largeur = 0
        self.signe = separateur(premiere)
        self.entetes = [cellule.strip() for cellule in next(csv.reader([premiere], delimiter=self.signe), [])]
        if len(self.entetes) > COLONNES_MAX:
            raise FichierIllisible(f"La première ligne a plus de {COLONNES_MAX} colonnes : ce n'est pas un registre.")
        self.largeur = len(self.entetes)

    def _premiere(self) -> str:
        """The headers' line; the lines before it, when blank, are passed over."""
        self.debut = 0
        while octets := self.fichier.readline(OCTETS_PAR_LIGNE):
            self.debut += 1
            if self.debut == 1:
                self._reconnaitre(octets)
            texte = _decoder(octets).lstrip("\ufeff")
            if texte.strip():
                return texte
        raise FichierIllisible("Ce fichier est vide.")

    @staticmethod
    def _reconnaitre(octets: bytes) -> None:
        nature = next((mot for signature, mot in SIGNATURES if octets.startswith(signature)), "")
        if nature:
            raise FichierIllisible(f"Ce n'est pas un CSV mais {nature} : ouvrez-le, et donnez le CSV qu'il contient.")
        if octets[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in octets:
            raise FichierIllisible("Ce fichier n'est pas un texte lisible : enregistrez-le en CSV (UTF-8).")
        if re.match(rb"\s*<(!doctype|html|\?xml)", octets, re.IGNORECASE):
            raise FichierIllisible("Ce fichier est une page web, pas un CSV.")

    def _lignes(self) -> Iterator[str]:
        while octets := self.fichier.readline(OCTETS_PAR_LIGNE):
            yield _decoder(octets)

    def __iter__(self) -> Iterator[Rangee]:
        lecteur = csv.reader(self._lignes(), delimiter=self.signe, strict=False)
        while True:
            numero = self.debut + lecteur.line_num + 1
            try:
                cellules = next(lecteur)
            except StopIteration:
                return
            except csv.Error:  # a field beyond csv's own limit: the reader starts again on the next line
                yield Rangee(numero, erreur="ligne illisible : un guillemet est resté ouvert")
                continue
            if not any(cellule.strip() for cellule in cellules):
                continue
            yield self._rangee(numero, cellules)

    def _rangee(self, numero: int, cellules: list[str]) -> Rangee:
        if any(len(cellule) > CELLULE_MAX for cellule in cellules):
            return Rangee(numero, erreur="ligne illisible : un guillemet est resté ouvert")
        if len(cellules) < self.largeur:
            return Rangee(numero, cellules, f"ligne coupée : {len(cellules)} colonnes au lieu de {self.largeur}")
        if len(cellules) > self.largeur and any(cellule.strip() for cellule in cellules[self.largeur :]):
            return Rangee(numero, cellules, f"ligne décalée : {len(cellules)} colonnes au lieu de {self.largeur}")
        return Rangee(numero, cellules)


def _decoder(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")
