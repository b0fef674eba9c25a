"""Figures put into sentences, tables and charts: the same for everybody, then what only the staff reads."""

from collections.abc import Callable

from pole_ess.socle.graphiques import GraphiqueBarres, Serie
from pole_ess.socle.tableaux import Tableau
from pole_ess.socle.templatetags.francais import chiffre, nombre, pluriel
from ressources.natures import PROFILS

from . import equipe
from .comptes import BESOIN, OFFRE, Comptes
from .echanges import DEUX, MINIMUM_PUBLIC, UN, UNITES, Echanges, Valeur
from .periode import Periode, mois_court, mois_en_clair

SIGNES = {"heures": "h", "euros": "€", "kilos": "kg"}
NOMS = {"heures": "Heures données ou prêtées", "euros": "Euros évités ou payés", "kilos": "Kilos réemployés"}


def _tant(compte: int, formes: str) -> str:
    """« 1 offre », « 12 offres »."""
    return f"{nombre(compte)} {pluriel(compte, formes)}"


def resume(periode: Periode, comptes: Comptes) -> list[str]:
    """What happened, in two sentences."""

    def offres(n):
        return _tant(n, "offre,offres")

    def besoins(n):
        return _tant(n, "besoin,besoins")

    parues = [comptes.somme("parues", sens=sens) for sens in (OFFRE, BESOIN)]
    pourvues = [comptes.somme("pourvues", sens=sens) for sens in (OFFRE, BESOIN)]
    ouvertes = [comptes.ouvertes_de(sens=sens) for sens in (OFFRE, BESOIN)]
    debut = periode.en_clair[0].upper() + periode.en_clair[1:]
    return [
        f"{debut}, les structures ont proposé {offres(parues[0])} et fait connaître {besoins(parues[1])}. "
        f"{offres(pourvues[0])} et {besoins(pourvues[1])} ont trouvé une réponse.",
        f"Aujourd'hui, on peut répondre à {offres(ouvertes[0])} et à {besoins(ouvertes[1])}.",
    ]


def _colonnes(comptes: Comptes, **ou) -> tuple:
    return tuple(comptes.somme(quoi, sens=sens, **ou) for quoi in ("parues", "pourvues") for sens in (OFFRE, BESOIN))


ENTETES = ("Offres parues", "Besoins parus", "Offres pourvues", "Besoins pourvus")


def par_nature(comptes: Comptes, *, nature="") -> Tableau:
    lignes = [
        (
            profil.pluriel,
            (
                *_colonnes(comptes, nature=une),
                comptes.ouvertes_de(sens=OFFRE, nature=une),
                comptes.ouvertes_de(sens=BESOIN, nature=une),
            ),
        )
        for une, profil in PROFILS.items()
        if nature in ("", une)
    ]
    total = (*_colonnes(comptes), comptes.ouvertes_de(sens=OFFRE), comptes.ouvertes_de(sens=BESOIN))
    return Tableau(
        "natures",
        "Offres et besoins, selon ce dont il s'agit",
        ("Quoi", *ENTETES, "Offres ouvertes aujourd'hui", "Besoins ouverts aujourd'hui"),
        tuple(lignes),
        total=total if len(lignes) > 1 else None,
    )


def par_mois(periode: Periode, comptes: Comptes) -> Tableau:
    lignes = [(mois_en_clair(mois), _colonnes(comptes, mois=rang)) for rang, mois in enumerate(periode.mois)]
    return Tableau(
        "mois", "Offres et besoins, mois par mois", ("Mois", *ENTETES), tuple(lignes), total=_colonnes(comptes)
    )


def graphique_des_natures(comptes: Comptes, *, nature="") -> GraphiqueBarres:
    natures = [une for une in PROFILS if nature in ("", une)]
    return _graphique(
        "par-nature",
        "Offres et besoins parus, annonces pourvues, selon ce dont il s'agit",
        tuple(PROFILS[une].pluriel for une in natures),
        [{"nature": une} for une in natures],
        comptes,
    )


def graphique_des_mois(periode: Periode, comptes: Comptes) -> GraphiqueBarres:
    return _graphique(
        "par-mois",
        "Offres et besoins parus, annonces pourvues, mois par mois",
        tuple(mois_court(mois) for mois in periode.mois),
        [{"mois": rang} for rang in range(len(periode.mois))],
        comptes,
    )


def _graphique(cle, titre, etiquettes, endroits, comptes) -> GraphiqueBarres:
    series = (
        Serie("Offres parues", tuple(comptes.somme("parues", sens=OFFRE, **ou) for ou in endroits)),
        Serie("Besoins parus", tuple(comptes.somme("parues", sens=BESOIN, **ou) for ou in endroits)),
        Serie("Offres et besoins pourvus", tuple(comptes.somme("pourvues", **ou) for ou in endroits)),
    )
    sommet = max(
        (valeur, etiquette) for serie in series[:2] for valeur, etiquette in zip(serie.valeurs, etiquettes, strict=True)
    )
    plus = f"Le plus grand nombre : {nombre(sommet[0])} ({sommet[1]})." if sommet[0] else "Rien n'est paru."
    return GraphiqueBarres(
        cle, titre, f"Trois barres par ligne. {plus} Les mêmes chiffres sont dans le tableau.", etiquettes, series
    )


# -- what exchanges were worth


def montrable(valeur: Valeur, *, public: bool):
    """The figure, or why it is not given."""
    if valeur.echanges == 0:
        return "personne ne l'a dit"
    if public and valeur.echanges < MINIMUM_PUBLIC:
        return f"moins de {MINIMUM_PUBLIC} échanges"
    return valeur.total


def valeurs(echanges: Echanges, *, public=True) -> Tableau:
    """Two bases side by side, without a total: they do not add up."""
    lignes = []
    for unite in UNITES:
        deux, un = echanges.valeur(DEUX, unite), echanges.valeur(UN, unite)
        lignes.append(
            (NOMS[unite], (montrable(deux, public=public), deux.echanges, montrable(un, public=public), un.echanges))
        )
    return Tableau(
        "valeurs",
        "Heures, euros et kilos, selon qui les a dits",
        ("Quoi", "Dit par les deux structures", "Échanges", "Dit par une seule", "Échanges"),
        tuple(lignes),
        note="Les deux colonnes ne s'additionnent pas : ce qu'une seule structure a dit n'a pas été confirmé.",
    )


def valeurs_par_nature(echanges: Echanges, *, nature="") -> Tableau:
    """For the staff: each nature, each base, each unit."""
    lignes = []
    for une, profil in PROFILS.items():
        if nature not in ("", une):
            continue
        for base, dit in ((DEUX, "dit par les deux"), (UN, "dit par une seule")):
            if compte := echanges.nombre(base, une):
                chiffres = tuple(echanges.valeur(base, unite, une).total for unite in UNITES)
                lignes.append((f"{profil.pluriel}, {dit}", (compte, *chiffres)))
    return Tableau(
        "echanges",
        "Échanges conclus",
        ("Quoi, et qui l'a dit", "Échanges", "Heures", "Euros", "Kilos"),
        tuple(lignes),
        note="Une ligne par base : dit par les deux structures, ou par une seule. Elles ne s'additionnent pas.",
    )


def resume_des_valeurs(echanges: Echanges) -> list[str]:
    """One sentence per base, of what may be said to all."""
    phrases = []
    for base, debut in ((DEUX, "Dit par les deux structures"), (UN, "Dit par une seule")):
        chiffres = {unite: echanges.valeur(base, unite) for unite in UNITES}
        dits = [
            f"{chiffre(valeur.total)}\u00a0{SIGNES[unite]}"
            for unite, valeur in chiffres.items()
            if valeur.echanges >= MINIMUM_PUBLIC
        ]
        if dits:
            phrases.append(f"{debut} : {', '.join(dits)}.")
    return phrases


def faits(echanges: Echanges) -> list[tuple[str, int, str]]:
    """(name, how many, in other words) of loans, batches and tours."""
    return [
        (
            pluriel(echanges.prets, "Prêt ou location rendu,Prêts et locations rendus"),
            echanges.prets,
            _tant(echanges.objets_rendus, "objet,objets"),
        ),
        (
            pluriel(echanges.parts, "Part de lot remise,Parts de lots remises"),
            echanges.parts,
            _tant(echanges.objets_donnes, "objet,objets"),
        ),
        (
            pluriel(echanges.etapes, "Étape de tournée,Étapes de tournées"),
            echanges.etapes,
            _tant(echanges.tournees, "tournée,tournées"),
        ),
    ]


# -- the staff's


def tableaux_de_l_equipe(
    periode, comptes, echanges, *, nature="", commune=None, limite=equipe.LIMITE
) -> dict[str, Callable[[], Tableau]]:
    """Key -> what makes the table, in the order of the staff's page; only those that are asked for are counted."""
    ou = {"nature": nature, "commune": commune}
    return {
        "natures": lambda: par_nature(comptes, nature=nature),
        "mois": lambda: par_mois(periode, comptes),
        "echanges": lambda: valeurs_par_nature(echanges, nature=nature),
        "besoins": lambda: equipe.besoins_non_satisfaits(periode, **ou, limite=limite),
        "reponses": lambda: equipe.reponses(periode, **ou),
        "reservations": lambda: equipe.reservations(periode, **ou, limite=limite),
        "structures": lambda: equipe.par_structure(periode, **ou, limite=limite),
        "communes": lambda: equipe.par_commune(periode, **ou, limite=limite),
    }
