"""« Combien ? »: structures year after year, volunteers and members."""

from pole_ess.socle.graphiques import GraphiqueBarres, Serie
from pole_ess.socle.tableaux import Tableau

from ..comptages.structures import Effectif
from ..mesure import Mesure, barres, ont_dit
from ..releve import Releve
from .communs import (
    COLONNES_ADHERENTS,
    COLONNES_BENEVOLES,
    COLONNES_EMPLOIS,
    FICHES,
    PLUSIEURS,
    RIEN,
    jour_de_l_etat,
    sans_histoire,
)


def par_annee(releve: Releve) -> Mesure:
    """All years, whichever is shown: what the history of sheets tells, and nothing before it."""
    commun = releve.commun
    lignes = tuple((_annee(releve, annee), _ligne(commun, annee)) for annee in sorted(commun.annees))
    connues = [annee for annee in sorted(commun.annees) if _publiees(commun, annee) or annee in commun.nouvelles]
    graphiques = ()
    if connues:
        graphiques = (
            GraphiqueBarres(
                "graphique-annees",
                "Structures, année par année",
                "Deux barres par année : les structures publiées à sa fin, et celles qui ont paru pendant l'année. "
                "Les mêmes chiffres sont dans le tableau.",
                tuple(map(str, connues)),
                (
                    Serie("Publiées à la fin de l'année", tuple(_publiees(commun, annee) for annee in connues)),
                    Serie("Parues pendant l'année", tuple(commun.nouvelles.get(annee, 0) for annee in connues)),
                ),
            ),
        )
    return Mesure(
        Tableau(
            "structures-par-annee",
            "Structures, année par année",
            (
                *["Année", "Parues pendant l'année", "Publiées à la fin de l'année"],
                *COLONNES_EMPLOIS,
                *COLONNES_BENEVOLES,
            ),
            lignes,
            note="« – » : le portail n'avait pas encore d'histoire à cette date. La dernière ligne s'arrête au jour du "
            "relevé.",
        ),
        "Les structures montrées à tous pour la première fois pendant l'année, même retirées depuis ; puis celles qui "
        "étaient publiées au soir du 31 décembre, d'après l'histoire des fiches.",
        "Les dates de publication et les versions successives des fiches de l'annuaire.",
        graphiques=graphiques,
        vide="" if connues else RIEN,
    )


def _annee(releve, annee: int) -> str:
    return f"{annee}, en cours" if annee == releve.commun.annees[0] else str(annee)


def _publiees(commun, annee: int) -> int | None:
    effectif = commun.effectifs.get(annee)
    return effectif and effectif.structures


def _ligne(commun, annee: int) -> tuple:
    parues, fin = commun.nouvelles.get(annee, 0), commun.effectifs.get(annee)
    if fin is None:
        return (parues, *[None] * 5)
    return parues, fin.structures, fin.etp, fin.disent_etp, fin.benevoles, fin.disent_benevoles


def benevoles(releve: Releve) -> Mesure:
    """Volunteers and members by domain: sums of what structures say of themselves."""
    titre = "Bénévoles et adhérents, par domaine d'activité"
    entetes = ("Domaine", "Structures", *COLONNES_BENEVOLES, *COLONNES_ADHERENTS)
    if sans := sans_histoire(releve, Tableau("benevoles", titre, entetes, ())):
        return sans
    etat, total = releve.structures, releve.structures.total
    domaines = [ligne for ligne in etat.activites if not ligne.nom]
    lignes = tuple((ligne.domaine, _gens(ligne.effectif)) for ligne in domaines)
    if total.disent_benevoles or total.disent_adherents:
        lignes = (("Ensemble des structures", _gens(total)), *lignes)
    else:
        lignes = ()
    return Mesure(
        Tableau("benevoles", titre, entetes, lignes, note=PLUSIEURS if lignes else ""),
        f"Ce que les structures publiées {jour_de_l_etat(releve)} disent de leurs bénévoles et de leurs adhérents. Une "
        "personne engagée dans deux structures compte deux fois.",
        FICHES,
        ont_dit(total.disent_benevoles, total.structures, "leurs bénévoles"),
        barres(
            "graphique-benevoles",
            "Bénévoles, par domaine d'activité",
            [(ligne.domaine, ligne.effectif.benevoles) for ligne in domaines],
            serie="Bénévoles",
        ),
        vide="" if lignes else "Aucune structure n'a dit ses bénévoles ni ses adhérents.",
    )


def _gens(effectif: Effectif) -> tuple:
    return (
        effectif.structures,
        effectif.benevoles,
        effectif.disent_benevoles,
        effectif.adherents,
        effectif.disent_adherents,
    )
