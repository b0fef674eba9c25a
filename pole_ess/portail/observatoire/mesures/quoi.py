"""« Quoi ? »: structures by activity."""

from pole_ess.socle.tableaux import Tableau

from ..mesure import Mesure, barres, ont_dit
from ..releve import Releve
from .communs import FICHES, PLUSIEURS, RIEN, jour_de_l_etat, sans_histoire


def activites(releve: Releve) -> Mesure:
    """Two levels: a domain counts once each structure of its activities."""
    titre, entetes = "Structures par activité", ("Activité", "Structures")
    if sans := sans_histoire(releve, Tableau("activites", titre, entetes, ())):
        return sans
    etat = releve.structures
    lignes = tuple((ligne.en_clair, (ligne.effectif.structures,)) for ligne in etat.activites)
    return Mesure(
        Tableau("activites", titre, entetes, lignes, note=PLUSIEURS if lignes else ""),
        f"Les structures publiées {jour_de_l_etat(releve)}, selon ce qu'elles font. Un domaine compte une fois chaque "
        "structure de ses activités.",
        FICHES,
        ont_dit(etat.avec_activite, etat.total.structures, "ce qu'elles font"),
        barres(
            "graphique-activites",
            "Structures par domaine d'activité",
            [(ligne.domaine, ligne.effectif.structures) for ligne in etat.activites if not ligne.nom],
            serie="Structures",
        ),
        vide=""
        if lignes
        else RIEN
        if not etat.total.structures
        else "Aucune structure n'a encore dit ce qu'elle fait.",
    )
