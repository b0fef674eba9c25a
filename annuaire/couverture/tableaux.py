"""The coverage as tables for a spreadsheet."""

from pole_ess.socle.tableaux import Tableau

from .comptes import Couverture


def communes(couverture: Couverture) -> Tableau:
    return Tableau(
        "communes",
        "Communes, les moins couvertes d'abord",
        ("Commune", "Code officiel", "Habitants", "Structures", "Pour 1 000 habitants", "Enregistrées, non listées"),
        tuple(
            (
                ligne.commune.nom,
                (
                    ligne.commune.pk,
                    ligne.commune.population,
                    ligne.structures,
                    None if ligne.pour_mille is None else round(ligne.pour_mille, 2),
                    ligne.enregistrees,
                ),
            )
            for ligne in couverture.communes
        ),
    )


def activites(couverture: Couverture) -> Tableau:
    familles = {ligne.activite.pk: ligne.activite.nom for ligne in couverture.activites if ligne.est_famille}
    return Tableau(
        "activites",
        "Activités",
        ("Activité", "Famille", "Structures", "Enregistrées, non listées"),
        tuple(
            (ligne.activite.nom, (familles.get(ligne.activite.parent_id, ""), ligne.structures, ligne.enregistrees))
            for ligne in couverture.activites
        ),
    )


def croisement(couverture: Couverture) -> Tableau:
    return Tableau(
        "croisement",
        "Activités par lieu",
        ("Activité", *(zone.nom for zone in couverture.zones)),
        tuple((famille.nom, tuple(case.structures for case in cases)) for famille, cases in couverture.matrice),
    )


TABLEAUX = {faire.__name__: faire for faire in (communes, activites, croisement)}
