"""« Rencontres »: public meetings, and who came."""

from pole_ess.socle.graphiques import GraphiqueBarres, Serie
from pole_ess.socle.tableaux import Tableau
from pole_ess.socle.templatetags.francais import date_en_clair, nombre
from reunions.models import Reunion

from ..mesure import Mesure, barres, court
from ..releve import Releve

MINIMUM = 3
"""People below whom their number is not given: it would tell who came."""
NOTE = f"« – » : les présences n'ont pas été notées. Moins de {MINIMUM} personnes : le nombre n'est pas donné."
SOURCE = "Les rencontres ouvertes à tous, et les présences notées le jour même."
AUCUNE = "Aucune rencontre ouverte à tous n'a eu lieu pendant cette période."
DERNIERES = 10
"""Meetings of the chart."""


def participation(releve: Releve) -> Mesure:
    """A row a meeting; of all years, a row a year."""
    faits = releve.rencontres
    notees = [fait for fait in faits if fait.structures is not None]
    if releve.annee is None:
        lignes = _par_annee(releve)
        entetes = ("Année", "Rencontres", "Structures différentes", "Présences de personnes")
    else:
        lignes = tuple((f"{date_en_clair(f.le)} : {f.titre}", (f.structures, _personnes(f.personnes))) for f in faits)
        entetes = ("Rencontre", "Structures présentes", "Personnes présentes")
    return Mesure(
        Tableau(
            "rencontres",
            "Rencontres et participation",
            entetes,
            lignes,
            note=NOTE if lignes else "",
        ),
        "Les rencontres ouvertes à tous qui ont eu lieu, les structures qui y étaient représentées et les personnes "
        "venues." + (" Une personne venue deux fois compte deux fois." if releve.annee is None else ""),
        SOURCE,
        _notees(len(notees), len(faits)),
        _graphique(notees),
        vide="" if faits else AUCUNE,
    )


def genres(releve: Releve) -> Mesure:
    comptes = [
        (str(genre.label).capitalize(), sum(fait.genre == genre for fait in releve.rencontres))
        for genre in Reunion.Genre
    ]
    lignes = tuple((nom, (combien,)) for nom, combien in comptes if combien)
    return Mesure(
        Tableau(
            "genres-de-rencontres",
            "Rencontres, selon leur type",
            ("Type de rencontre", "Rencontres"),
            lignes,
            total=(len(releve.rencontres),) if len(lignes) > 1 else None,
        ),
        "Les mêmes rencontres, selon ce qu'elles sont.",
        SOURCE,
        graphiques=barres("graphique-genres", "Rencontres, selon leur type", comptes, serie="Rencontres"),
        vide="" if lignes else AUCUNE,
    )


def _personnes(combien: int | None):
    """The number, or why it is not given."""
    return f"moins de {MINIMUM}" if combien and combien < MINIMUM else combien


def _par_annee(releve) -> tuple:
    """People of a meeting that is not shown are left out: the others, taken away from a total, would tell them."""
    lignes = []
    for annee in sorted(releve.annees):
        siennes = [fait for fait in releve.rencontres if fait.le.year == annee]
        if siennes:
            dites = [f.personnes for f in siennes if f.personnes and f.personnes >= MINIMUM]
            structures = releve.commun.rencontrees.get(annee)
            lignes.append((str(annee), (len(siennes), structures, sum(dites) if dites else None)))
    return tuple(lignes)


def _notees(notees: int, total: int) -> str:
    if not total:
        return ""
    if total == 1:
        return "Les présences de la rencontre ont été notées." if notees else "Les présences n'ont pas été notées."
    return f"Présences notées pour {nombre(notees)} rencontres sur {nombre(total)}."


def _graphique(notees) -> tuple[GraphiqueBarres, ...]:
    dernieres = [fait for fait in notees if fait.structures][-DERNIERES:]
    if not dernieres:
        return ()
    titre = "Structures présentes, rencontre par rencontre"
    return (
        GraphiqueBarres(
            "graphique-rencontres",
            titre,
            f"Les {len(dernieres)} dernières rencontres dont les présences sont notées."
            if len(dernieres) == DERNIERES
            else "Une barre par rencontre. Les mêmes chiffres sont dans le tableau de chaque année.",
            tuple(court(f"{fait.le:%d/%m/%Y} : {fait.titre}") for fait in dernieres),
            (Serie("Structures présentes", tuple(fait.structures for fait in dernieres)),),
        ),
    )
