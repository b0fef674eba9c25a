"""What became of each line of a file, for a terminal, a page and a spreadsheet."""

from dataclasses import dataclass, field

from annuaire.models import LigneImport, Structure

Statut = LigneImport.Statut


@dataclass
class LigneRapport:
    """One line: its number in the file, what became of it, and why. `structure`: the sheet, or the possible double."""

    numero: int
    nom: str
    statut: str
    raisons: list[str] = field(default_factory=list)
    structure: Structure | None = None


@dataclass
class Rapport:
    """`ecrit` is False for a simulation, and when « tout ou rien » held everything back (`retenu`)."""

    lignes: list = field(default_factory=list)
    colonnes_ignorees: list[str] = field(default_factory=list)
    colonnes_personnelles: list[str] = field(default_factory=list)
    ecrit: bool = False
    retenu: bool = False

    def comptes(self) -> dict[str, int]:
        """Status -> number of lines, every status present."""
        comptes = {statut.value: 0 for statut in Statut}
        for ligne in self.lignes:
            comptes[ligne.statut] += 1
        return comptes

    def phrase(self) -> str:
        """The last line of the command, which scripts read: do not change a letter."""
        comptes = self.comptes()
        return (
            f"{comptes['creee']} créées, {comptes['mise_a_jour']} mises à jour, {comptes['inchangee']} inchangées, "
            f"{comptes['doublon']} doublons possibles, {comptes['rejetee']} rejetées"
        )

    def avertissements(self) -> list[str]:
        phrases = []
        if self.colonnes_ignorees:
            phrases.append(f"Colonnes non reconnues, ignorées : {_liste(self.colonnes_ignorees)}")
        if self.colonnes_personnelles:
            phrases.append(f"Colonnes qui parlent d'une personne, jamais lues : {_liste(self.colonnes_personnelles)}")
        if self.retenu:
            phrases.append("Rien n'a été écrit : une ligne au moins est rejetée, et « tout ou rien » est demandé.")
        return phrases


def _liste(colonnes: list[str]) -> str:
    return ", ".join(colonne[:40] for colonne in colonnes[:40])
