"""« Emplois »: full-time equivalents, by domain, by form, by size."""

from pole_ess.socle.tableaux import Tableau

from ..comptages.structures import TRANCHES
from ..mesure import Mesure, barres, ont_dit
from ..releve import Releve
from .communs import COLONNES_EMPLOIS, FICHES, PLUSIEURS, jour_de_l_etat, nom_de_forme, sans_histoire

PERSONNE = "Aucune structure n'a dit ses emplois."
ETP = "Un équivalent temps plein (ETP) est un emploi à plein temps toute l'année : deux mi-temps en font un."


def par_domaine(releve: Releve) -> Mesure:
    titre = "Emplois (ETP) par domaine d'activité"
    entetes = ("Domaine", "Structures", *COLONNES_EMPLOIS)
    if sans := sans_histoire(releve, Tableau("emplois-par-domaine", titre, entetes, ())):
        return sans
    domaines = [ligne for ligne in releve.structures.activites if not ligne.nom]
    lignes = tuple((ligne.domaine, _emplois(ligne.effectif)) for ligne in domaines if ligne.effectif.disent_etp)
    return _mesure(
        releve,
        Tableau("emplois-par-domaine", titre, entetes, lignes, note=PLUSIEURS if lignes else ""),
        "par domaine d'activité",
        [(ligne.domaine, ligne.effectif.etp) for ligne in domaines],
    )


def par_forme(releve: Releve) -> Mesure:
    titre = "Emplois (ETP) par forme juridique"
    entetes = ("Forme juridique", "Structures", *COLONNES_EMPLOIS)
    if sans := sans_histoire(releve, Tableau("emplois-par-forme", titre, entetes, ())):
        return sans
    etat = releve.structures
    lignes = tuple((nom_de_forme(forme), _emplois(e)) for forme, e in etat.formes if e.disent_etp)
    return _mesure(
        releve,
        Tableau("emplois-par-forme", titre, entetes, lignes),
        "par forme juridique",
        [(nom_de_forme(forme), e.etp) for forme, e in etat.formes],
    )


def par_taille(releve: Releve) -> Mesure:
    titre, entetes = "Structures selon leurs emplois", ("Emplois de la structure", "Structures")
    if sans := sans_histoire(releve, Tableau("tailles", titre, entetes, ())):
        return sans
    total = releve.structures.total
    comptees = list(zip(TRANCHES, releve.structures.tranches, strict=True))
    non_dit = total.structures - total.disent_etp
    lignes = (*((nom, (combien,)) for nom, combien in comptees), ("Non dit", (non_dit,)))
    lignes = lignes if total.disent_etp else ()
    return Mesure(
        Tableau("tailles", titre, entetes, lignes, total=(total.structures,) if lignes else None),
        f"Les structures publiées {jour_de_l_etat(releve)}, selon le nombre d'emplois qu'elles disent. {ETP}",
        FICHES,
        ont_dit(total.disent_etp, total.structures, "leurs emplois"),
        barres("graphique-tailles", titre, comptees, serie="Structures", triees=False),
        vide="" if lignes else PERSONNE,
    )


def _emplois(effectif) -> tuple:
    return effectif.structures, effectif.etp, effectif.disent_etp


def _mesure(releve, tableau, selon, valeurs) -> Mesure:
    total = releve.structures.total
    return Mesure(
        tableau,
        f"Les emplois que disent les structures publiées {jour_de_l_etat(releve)}, {selon}. {ETP}",
        FICHES,
        ont_dit(total.disent_etp, total.structures, "leurs emplois"),
        barres(f"graphique-{tableau.cle}", tableau.titre, valeurs, serie="Emplois (ETP)"),
        vide="" if tableau.lignes else PERSONNE,
    )
