"""The chapters of the observatory, in the order of the words of 30 January 2014: « quoi ? qui ? combien ? emplois »."""

from .mesure import Chapitre
from .mesures import axes, combien, echanges, emplois, qui, quoi, rencontres

CHAPITRES = {
    chapitre.cle: chapitre
    for chapitre in (
        Chapitre("quoi", "Quoi ?", "Ce que font les structures", {"activites": quoi.activites}),
        Chapitre(
            "qui",
            "Qui ?",
            "Leur forme et leurs communes",
            {"formes": qui.formes, "communes": qui.communes, "intercommunalites": qui.intercommunalites},
        ),
        Chapitre(
            "combien",
            "Combien ?",
            "Les structures, année par année, et leurs bénévoles",
            {"structures-par-annee": combien.par_annee, "benevoles": combien.benevoles},
        ),
        Chapitre(
            "emplois",
            "Emplois",
            "Combien d'emplois, où, dans quelles structures",
            {
                "emplois-par-domaine": emplois.par_domaine,
                "emplois-par-forme": emplois.par_forme,
                "tailles": emplois.par_taille,
            },
        ),
        Chapitre(
            "echanges",
            "Échanges",
            "Ce qui se propose, se cherche, se trouve, et ce que cela vaut",
            {
                "annonces": echanges.annonces,
                "annonces-dans-le-temps": echanges.annonces_par_mois,
                "echanges": echanges.conclus,
                "valeurs": echanges.valeurs,
                "valeurs-par-annee": echanges.valeurs_par_annee,
            },
        ),
        Chapitre(
            "rencontres",
            "Rencontres",
            "Qui vient aux rencontres",
            {"rencontres": rencontres.participation, "genres-de-rencontres": rencontres.genres},
        ),
        Chapitre(
            "axes",
            "Ce qui compte",
            "Les axes de travail choisis en atelier, et comment ils évoluent",
            {"axes": axes.axes, "axes-dans-le-temps": axes.dans_le_temps},
        ),
    )
}
MESURES = {cle: mesure for chapitre in CHAPITRES.values() for cle, mesure in chapitre.mesures.items()}
"""Key in the address of a file -> what makes the figure."""
