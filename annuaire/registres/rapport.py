"""What became of a register's rows: those of the territory one by one, the others only counted."""

from collections import Counter
from dataclasses import dataclass, field

from annuaire.models import EntreeRegistre, LigneRegistre
from pole_ess.socle.templatetags.francais import nombre

from .valeurs import Sort

Statut = LigneRegistre.Statut
LIGNES_MAX = 20_000
"""Lines told one by one; beyond, the figures alone go on, and the memory does not grow."""
PHRASES = {
    Sort.HORS_TERRITOIRE: ("ligne hors du territoire", "lignes hors du territoire"),
    Sort.FERMEE: ("structure dissoute ou fermée", "structures dissoutes ou fermées"),
    Sort.PERSONNE: ("entreprise individuelle, jamais gardée", "entreprises individuelles, jamais gardées"),
    Sort.NON_DIFFUSIBLE: (
        "établissement non diffusible, jamais gardé",
        "établissements non diffusibles, jamais gardés",
    ),
    Sort.HORS_ESS: (
        "entreprise hors de l'économie sociale et solidaire",
        "entreprises hors de l'économie sociale et solidaire",
    ),
    Sort.SENSIBLE: (
        "association dont l'objet relève de la vie privée (culte, politique, syndicat…), jamais gardée",
        "associations dont l'objet relève de la vie privée (culte, politique, syndicat…), jamais gardées",
    ),
}
OPPOSEES = ("structure qui s'est opposée", "structures qui se sont opposées")


@dataclass
class Ligne:
    """One line of the territory: its number in the file, what became of it, and why."""

    numero: int
    nom: str
    statut: str
    raisons: list[str] = field(default_factory=list)
    entree: EntreeRegistre | None = None


@dataclass
class Rapport:
    """`lus`: rows read; `sorts`: those left out, by kind; `ecrit` is False for a simulation."""

    lignes: list[Ligne] = field(default_factory=list)
    compte: Counter = field(default_factory=Counter)
    sorts: Counter = field(default_factory=Counter)
    opposees: int = 0
    lus: int = 0
    ecrit: bool = False
    retenu = False

    def ajouter(self, ligne: Ligne) -> None:
        self.compte[ligne.statut] += 1
        if len(self.lignes) < LIGNES_MAX:
            self.lignes.append(ligne)

    def comptes(self) -> dict[str, int]:
        """Status -> number of lines, every status present."""
        return {statut.value: self.compte[statut.value] for statut in Statut}

    def phrase(self) -> str:
        """The last line of the command, which scripts read: do not change a letter."""
        c = self.comptes()
        return (
            f"{self.lus} lignes lues : {c['creee']} créées, {c['mise_a_jour']} mises à jour, "
            f"{c['inchangee']} inchangées, {c['rejetee']} rejetées"
        )

    def avertissements(self) -> list[str]:
        """What was left out and why, in sentences."""
        phrases = [_compter(self.sorts[sort], formes) for sort, formes in PHRASES.items() if self.sorts[sort]]
        if self.opposees:
            phrases.append(_compter(self.opposees, OPPOSEES))
        laissees = [f"Laissées de côté : {' ; '.join(phrases)}."] if phrases else []
        if self.compte.total() > len(self.lignes):
            laissees.append(f"Seules les {nombre(LIGNES_MAX)} premières lignes du territoire sont détaillées ici.")
        return laissees


def _compter(combien: int, formes: tuple[str, str]) -> str:
    return f"{nombre(combien)} {formes[combien > 1]}"
