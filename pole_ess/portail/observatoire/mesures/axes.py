"""« Ce qui compte »: the boards of the post-it workshops, workshop after workshop."""

from decimal import Decimal

from pole_ess.socle.graphiques import MOTIFS, GraphiqueBarres, Serie
from pole_ess.socle.tableaux import Tableau
from pole_ess.socle.templatetags.francais import date_en_clair

from ..mesure import Mesure, court
from ..releve import Releve

SOURCE = "Les post-it des ateliers dont les résultats ont été rendus, dans les rencontres ouvertes à tous."
AUCUN = "Aucun atelier n'a rendu ses résultats pendant cette période."
ENTETES = ("Atelier, axe", "Court terme", "Long terme", "Post-it", "Part à court terme (%)", "Rang", "Classe")


def axes(releve: Releve) -> Mesure:
    """Notes by board and term; the drawing is of the last workshop."""
    ateliers = releve.ateliers
    lignes = tuple(
        (
            f"{date_en_clair(atelier.le)}, {axe.nom}",
            (axe.rose, axe.jaune, axe.total, axe.pourcent, axe.rang if axe.total else None, str(axe.verdict.label)),
        )
        for atelier in reversed(ateliers)
        for axe in sorted(atelier.axes, key=lambda axe: axe.rang)
    )
    return Mesure(
        Tableau("axes", "Les axes de travail, à court et à long terme", ENTETES, lignes),
        "Les post-it de chaque axe : roses, à court terme ; jaunes, à long terme. Ce sont des post-it, pas des "
        "personnes. Le rang 1 est l'axe qui en a le plus.",
        SOURCE,
        graphiques=_dernier(ateliers),
        vide="" if lignes else AUCUN,
    )


def dans_le_temps(releve: Releve) -> Mesure:
    """Each axis's share of its workshop's notes, in all the workshops whatever the year; the drawing has the last ones.

    Workshops have not the same number of notes: shares compare, numbers do not.
    """
    ateliers = [atelier for atelier in releve.commun.ateliers if atelier.total]
    noms = tuple(dict.fromkeys(axe.nom for atelier in ateliers for axe in atelier.axes))
    parts = {atelier.reunion: {axe.nom: _part(axe, atelier) for axe in atelier.axes} for atelier in ateliers}
    lignes = tuple((nom, tuple(parts[a.reunion].get(nom) for a in ateliers)) for nom in noms)
    plusieurs = len(ateliers) > 1
    return Mesure(
        Tableau(
            "axes-dans-le-temps",
            "La place de chaque axe, d'atelier en atelier",
            ("Axe", *(f"{date_en_clair(a.le)} (% des post-it)" for a in ateliers)),
            lignes if plusieurs else (),
            note="« – » : pas de tableau de ce nom dans cet atelier." if plusieurs else "",
        ),
        "La part de chaque axe, en pour cent des post-it de l'atelier, toutes années ensemble. Les participants "
        "changent d'une fois à l'autre.",
        SOURCE,
        graphiques=_dessin(ateliers[-len(MOTIFS):], noms, parts) if plusieurs else (),
        vide="" if plusieurs else "Il faut deux ateliers pour comparer.",
    )  # fmt: skip


def _part(axe, atelier) -> Decimal:
    """Percent with one decimal, halves up."""
    return Decimal((axe.total * 2000 + atelier.total) // (2 * atelier.total)).scaleb(-1)


def _dernier(ateliers) -> tuple[GraphiqueBarres, ...]:
    pleins = [atelier for atelier in ateliers if atelier.total]
    if not pleins:
        return ()
    dernier = pleins[-1]
    return (
        GraphiqueBarres(
            "graphique-axes",
            f"Post-it par axe, atelier du {date_en_clair(dernier.le)}",
            " ".join(f"{a.nom} : {a.rose} à court terme, {a.jaune} à long terme." for a in dernier.axes),
            tuple(court(axe.nom) for axe in dernier.axes),
            (
                Serie("Court terme", tuple(axe.rose for axe in dernier.axes), "pointille"),
                Serie("Long terme", tuple(axe.jaune for axe in dernier.axes), "raye"),
            ),
        ),
    )


def _dessin(ateliers, noms, parts) -> tuple[GraphiqueBarres, ...]:
    return (
        GraphiqueBarres(
            "graphique-axes-temps",
            "Part de chaque axe, en pour cent des post-it, derniers ateliers",
            "Une barre par atelier, du plus ancien au plus récent. Les mêmes chiffres sont dans le tableau.",
            tuple(map(court, noms)),
            tuple(Serie(date_en_clair(a.le), tuple(parts[a.reunion].get(nom) for nom in noms)) for a in ateliers),
        ),
    )
