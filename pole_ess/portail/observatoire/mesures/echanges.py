"""« Échanges »: what was offered, sought and met; what took place; what it was worth, one basis a column."""

from pole_ess.socle.graphiques import GraphiqueBarres, Serie
from pole_ess.socle.tableaux import Tableau
from pole_ess.socle.templatetags.francais import nombre
from ressources.bilans import Base, Sens, Valeur
from ressources.bilans import Mesure as Quantite
from ressources.bilans.mesures import (
    ACHATS,
    ECHANGES,
    ETAPES,
    EUROS,
    HEURES,
    HEURES_BENEVOLES,
    HEURES_ENTRAIDE,
    KILOS,
    PARTS,
    PRETS,
)
from ressources.statistiques import presentation
from ressources.statistiques.comptes import BESOIN, OFFRE
from ressources.statistiques.echanges import MINIMUM_PUBLIC

from ..mesure import Mesure
from ..releve import Releve

ANNONCES = "Les annonces parues et marquées « pourvues » sur le portail, comme dans « Offres et besoins en chiffres »."
BILANS = "Ce que les structures notent et déclarent sur le portail, comme dans leurs bilans annuels."
COTES = {
    **dict.fromkeys((ECHANGES, PRETS, PARTS, ETAPES), Sens.DONNE),
    ACHATS: Sens.ENSEMBLE,
    **dict.fromkeys((HEURES, EUROS, KILOS, HEURES_ENTRAIDE), Sens.DONNE),
    HEURES_BENEVOLES: Sens.RECU,
}
"""The side on which each quantity is read, so that an exchange counts once: what is given to another structure is
what that one receives, and the two are never added."""
NOMS = {
    ECHANGES: "Échanges déclarés",
    PRETS: "Prêts et locations rendus",
    PARTS: "Parts de lots remises",
    ETAPES: "Étapes de tournées",
    ACHATS: "Parts d'achats groupés reçues",
    HEURES: "Heures données ou prêtées",
    EUROS: "Euros évités ou payés",
    KILOS: "Kilos réemployés",
    HEURES_ENTRAIDE: "Heures d'entraide données (comptes d'heures)",
    HEURES_BENEVOLES: "Heures de bénévoles reçues",
}
NOMS_DES_COLONNES = {Base.DEUX: "Dit par les deux", Base.UN: "Dit par une seule", Base.ESTIME: "Estimé"}
JAMAIS = (
    "Les colonnes ne s'additionnent pas : ce qu'une seule a dit n'est pas confirmé, ce qui est estimé n'est dit par "
    "personne."
)
AUCUNE_ANNONCE = "Aucune offre, aucun besoin n'est paru pendant cette période."


def annonces(releve: Releve) -> Mesure:
    """Of a past year, without what can be answered today."""
    comptes, tableau = releve.annonces, presentation.par_nature(releve.annonces)
    colonnes = 1 + len(presentation.ENTETES)
    entetes, ouvertes = tableau.entetes[:colonnes], ()
    if releve.annee is None or releve.en_cours:
        entetes, ouvertes = (*entetes, "Offres ouvertes ce jour", "Besoins ouverts ce jour"), comptes.ouvertes
        colonnes += 2
    lignes = tuple((nom, chiffres[: colonnes - 1]) for nom, chiffres in tableau.lignes)
    vide = not (comptes.parues or comptes.pourvues or ouvertes)
    return Mesure(
        Tableau("annonces", tableau.titre, entetes, lignes, tableau.total and tableau.total[: colonnes - 1]),
        f"{_periode(releve)}, les offres et les besoins montrés à tous pour la première fois, et ceux que leur "
        "structure a marqués « pourvus ». Ils ont pu paraître une autre année : l'un n'est pas une part de l'autre.",
        ANNONCES,
        graphiques=(presentation.graphique_des_natures(comptes),) if comptes.parues or comptes.pourvues else (),
        vide=AUCUNE_ANNONCE if vide else "",
    )


def annonces_par_mois(releve: Releve) -> Mesure:
    """Months of the year; of all years, the years."""
    comptes = releve.annonces
    if releve.annee is None:
        tableau, graphique = _par_annee(releve)
    else:
        tableau = presentation.par_mois(releve.periode, comptes)
        graphique = presentation.graphique_des_mois(releve.periode, comptes)
    vide = not (comptes.parues or comptes.pourvues)
    return Mesure(
        Tableau("annonces-dans-le-temps", tableau.titre, tableau.entetes, tableau.lignes, tableau.total),
        f"{_periode(releve)}, les mêmes annonces, à la date de leur parution, et à celle où elles ont été pourvues.",
        ANNONCES,
        graphiques=() if vide else (graphique,),
        vide=AUCUNE_ANNONCE if vide else "",
    )


def _par_annee(releve) -> tuple[Tableau, GraphiqueBarres]:
    """The counts of months, gathered by years."""
    comptes, annees = releve.annonces, sorted(releve.annees)
    colonnes = [
        tuple(
            sum(comptes.somme(quoi, sens=sens, mois=mois) for mois in _mois(releve, annee))
            for quoi in ("parues", "pourvues")
            for sens in (OFFRE, BESOIN)
        )
        for annee in annees
    ]
    noms = tuple(map(str, annees))
    totaux = tuple(map(sum, zip(*colonnes, strict=True)))
    titre = "Offres et besoins, année par année"
    tableau = Tableau(
        "annees", titre, ("Année", *presentation.ENTETES), tuple(zip(noms, colonnes, strict=True)), totaux
    )
    series = (
        Serie("Offres parues", tuple(c[0] for c in colonnes)),
        Serie("Besoins parus", tuple(c[1] for c in colonnes)),
        Serie("Offres et besoins pourvus", tuple(c[2] + c[3] for c in colonnes)),
    )
    dit = "Trois barres par année. Les mêmes chiffres sont dans le tableau."
    return tableau, GraphiqueBarres("par-annee", titre, dit, noms, series)


def _mois(releve, annee: int) -> range:
    """Ranks of the months of a year since the first one that is counted."""
    premier = (annee - releve.periode.debut.year) * 12
    return range(premier, premier + 12)


def conclus(releve: Releve) -> Mesure:
    """How many exchanges of each kind, on the two bases that say that they took place."""
    quantites = [quantite for quantite in COTES if not quantite.signe]
    lignes = tuple(
        (NOMS[quantite], tuple(_somme(releve, quantite, base).total or 0 for base in (Base.DEUX, Base.UN)))
        for quantite in quantites
    )
    rien = not any(chiffres != (0, 0) for _, chiffres in lignes)
    return Mesure(
        Tableau(
            "echanges",
            "Échanges qui ont eu lieu",
            ("Quoi", "Dit par les deux", "Dit par une seule"),
            lignes,
            note="Les lignes ne s'additionnent pas : un prêt rendu peut aussi être déclaré. " + JAMAIS,
        ),
        f"{_periode(releve)}, ce que les structures du portail se sont donné, prêté, ou ont acheté ensemble, à la date "
        "où cela s'est passé. Chaque échange compte une fois, du côté de qui donne ; ce qui vient d'ailleurs n'y est "
        "pas.",
        BILANS,
        vide="Aucun échange n'est noté pour cette période." if rien else "",
    )


def valeurs(releve: Releve) -> Mesure:
    """Hours, euros and kilos: a column a basis, and no column for two."""
    quantites = [quantite for quantite in COTES if quantite.signe]
    lignes = tuple(
        (
            f"{NOMS[quantite]} ({quantite.signe})" if quantite.signe in ("€", "kg") else NOMS[quantite],
            tuple(
                cellule
                for base in Base
                for valeur in [_somme(releve, quantite, base)]
                for cellule in (presentation.montrable(valeur, public=True), valeur.echanges)
            ),
        )
        for quantite in quantites
    )
    entetes = ("Quoi", *(entete for nom in NOMS_DES_COLONNES.values() for entete in (nom, "Échanges")))
    rien = not any(_somme(releve, quantite, base).echanges for quantite in quantites for base in Base)
    prive = f"Un chiffre qui repose sur moins de {MINIMUM_PUBLIC} échanges n'est pas montré"
    prive += ", ni son année dans l'ensemble." if releve.annee is None else "."
    return Mesure(
        Tableau("valeurs", "Heures, euros et kilos, selon qui les dit", entetes, lignes, note=f"{JAMAIS} {prive}"),
        f"{_periode(releve)}, ce que les échanges ont valu. « Dit par les deux » : les deux structures le disent, et "
        "le plus petit de leurs chiffres compte. « Estimé » : personne ne l'a dit, un coefficient daté multiplie ce "
        "qui est connu.",
        BILANS,
        graphiques=tuple(g for g in (_graphique(releve, q) for q in (HEURES, EUROS, KILOS)) if g.maximum),
        vide="Personne n'a encore dit ce que les échanges ont valu." if rien else "",
    )


def valeurs_par_annee(releve: Releve) -> Mesure:
    """All years: a row per year and quantity, a column a basis."""
    lignes = []
    for annee in sorted(releve.commun.annees):
        for quantite in (HEURES, EUROS, KILOS):
            valeurs_ = [_de_l_annee(releve, annee, quantite, base) for base in Base]
            if any(valeur.echanges for valeur in valeurs_):
                montrees = tuple(presentation.montrable(valeur, public=True) for valeur in valeurs_)
                lignes.append((f"{annee} : {NOMS[quantite].lower()}", montrees))
    return Mesure(
        Tableau(
            "valeurs-par-annee",
            "Heures, euros et kilos, année par année",
            ("Année, quoi", *NOMS_DES_COLONNES.values()),
            tuple(lignes),
            note=JAMAIS,
        ),
        "Ce que les échanges de chaque année ont valu.",
        BILANS,
        vide="" if lignes else "Personne n'a encore dit ce que les échanges ont valu.",
    )


def _de_l_annee(releve, annee: int, quantite: Quantite, base: Base) -> Valeur:
    totaux = releve.commun.echanges.get(annee)
    return totaux.valeur(quantite, base, COTES[quantite]) if totaux else Valeur(quantite, base)


def _somme(releve: Releve, quantite: Quantite, base: Base) -> Valeur:
    """Of one quantity and one basis (Valeur refuses others). Of all years, a worth is that of the years that may be
    shown: a hidden one would be read by taking the others away."""
    annees = [_de_l_annee(releve, annee, quantite, base) for annee in releve.annees]
    if quantite.signe and releve.annee is None:
        annees = [valeur for valeur in annees if valeur.echanges >= MINIMUM_PUBLIC]
    return sum(annees, Valeur(quantite, base))


def _graphique(releve, quantite: Quantite) -> GraphiqueBarres:
    """One bar a basis; a figure that is not shown has none."""
    valeurs_ = [_somme(releve, quantite, base) for base in Base]
    montrees = tuple(v.total if v.echanges >= MINIMUM_PUBLIC else None for v in valeurs_)
    dits = [f"{NOMS_DES_COLONNES[b].lower()}, {nombre(v)} {quantite.signe}" for b, v in zip(Base, montrees, strict=True)
            if v is not None]  # fmt: skip
    return GraphiqueBarres(
        f"graphique-{quantite.cle}",
        f"{NOMS[quantite]}, selon qui les dit",
        f"Une barre par base : {' ; '.join(dits)}. Elles ne s'additionnent pas."
        if dits
        else "Aucun chiffre à montrer.",
        tuple(NOMS_DES_COLONNES.values()),
        (Serie(NOMS[quantite], montrees),),
    )


def _periode(releve: Releve) -> str:
    if releve.annee is None:
        premiere, derniere = releve.commun.annees[-1], releve.commun.annees[0]
        return f"De {premiere} à {derniere}" if premiere != derniere else f"En {derniere}"
    return f"En {releve.annee}, année en cours" if releve.en_cours else f"En {releve.annee}"
