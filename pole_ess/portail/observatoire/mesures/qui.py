"""« Qui ? »: legal forms, communes, groups of communes."""

from collections import defaultdict

from pole_ess.socle.tableaux import Tableau

from ..comptages.structures import Effectif
from ..mesure import Mesure, barres, ont_dit
from ..releve import Releve
from .communs import COLONNES_BENEVOLES, COLONNES_EMPLOIS, FICHES, RIEN, jour_de_l_etat, nom_de_forme, sans_histoire

LIEUX = ("Structures", *COLONNES_EMPLOIS, *COLONNES_BENEVOLES)


def formes(releve: Releve) -> Mesure:
    titre, entetes = "Structures par forme juridique", ("Forme juridique", "Structures")
    if sans := sans_histoire(releve, Tableau("formes", titre, entetes, ())):
        return sans
    etat = releve.structures
    lignes = tuple((nom_de_forme(forme), (effectif.structures,)) for forme, effectif in etat.formes)
    dites = sum(effectif.structures for forme, effectif in etat.formes if forme)
    return Mesure(
        Tableau("formes", titre, entetes, lignes, total=(etat.total.structures,) if len(lignes) > 1 else None),
        f"Les structures publiées {jour_de_l_etat(releve)}, selon leur forme juridique.",
        FICHES,
        ont_dit(dites, etat.total.structures, "leur forme"),
        barres(
            "graphique-formes",
            titre,
            [(nom_de_forme(forme), effectif.structures) for forme, effectif in etat.formes],
            serie="Structures",
        ),
        vide="" if lignes else RIEN,
    )


def communes(releve: Releve) -> Mesure:
    titre, entetes = "Structures par commune", ("Commune", *LIEUX)
    if sans := sans_histoire(releve, Tableau("communes", titre, entetes, ())):
        return sans
    etat = releve.structures
    lignes = tuple(
        (f"{ligne.nom} ({ligne.code})" if ligne.code else ligne.nom, _lieu(ligne.effectif)) for ligne in etat.communes
    )
    situees = sum(ligne.effectif.structures for ligne in etat.communes if ligne.code)
    return Mesure(
        Tableau("communes", titre, entetes, lignes, total=_lieu(etat.total) if len(lignes) > 1 else None),
        f"Les structures publiées {jour_de_l_etat(releve)}, selon la commune de leur adresse, et ce qu'elles disent de "
        "leurs emplois et de leurs bénévoles.",
        FICHES,
        ont_dit(situees, etat.total.structures, "leur commune"),
        barres(
            "graphique-communes",
            titre,
            [(ligne.nom, ligne.effectif.structures) for ligne in etat.communes if ligne.code],
            serie="Structures",
        ),
        vide="" if lignes else RIEN,
    )


def intercommunalites(releve: Releve) -> Mesure:
    """Groups of communes (EPCI), named after their most populous one: the official file of communes has no name."""
    titre, entetes = "Structures par intercommunalité", ("Intercommunalité", *LIEUX)
    if sans := sans_histoire(releve, Tableau("intercommunalites", titre, entetes, ())):
        return sans
    groupes = defaultdict(Effectif)
    for ligne in releve.structures.communes:
        if ligne.intercommunalite:
            groupes[ligne.intercommunalite] += ligne.effectif
    lignes = tuple((nom, _lieu(groupes[nom])) for nom in sorted(groupes, key=lambda n: (-groupes[n].structures, n)))
    situees = sum(groupe.structures for groupe in groupes.values())
    return Mesure(
        Tableau("intercommunalites", titre, entetes, lignes),
        f"Les mêmes structures {jour_de_l_etat(releve)}, par groupe de communes. Chacun porte le nom de sa commune la "
        "plus peuplée.",
        FICHES,
        ont_dit(situees, releve.structures.total.structures, "une commune dont l'intercommunalité est connue"),
        barres(
            "graphique-intercommunalites",
            titre,
            [(nom, groupe.structures) for nom, groupe in groupes.items()],
            serie="Structures",
        ),
        vide="" if lignes else "Le portail ne connaît pas l'intercommunalité de ces communes.",
    )


def _lieu(effectif: Effectif) -> tuple:
    return (
        effectif.structures,
        effectif.etp,
        effectif.disent_etp,
        effectif.benevoles,
        effectif.disent_benevoles,
    )
