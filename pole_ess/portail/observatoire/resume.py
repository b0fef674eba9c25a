"""The year at a glance: a few figures, each leading to its chapter."""

from dataclasses import dataclass

from pole_ess.socle.templatetags.francais import chiffre, nombre, pluriel
from ressources.statistiques.comptes import BESOIN, OFFRE

from .releve import Releve


@dataclass(frozen=True)
class Repere:
    """`chapitre`: where the figure is told; `detail`: what it rests on."""

    nom: str
    valeur: str
    detail: str
    chapitre: str


def reperes(releve: Releve) -> list[Repere]:
    """Known figures only: what nobody said is left out, not shown as nought."""
    return [*_structures(releve), *_annonces(releve), *_rencontres(releve)]


def _structures(releve):
    if releve.structures is None or not releve.structures.total.structures:
        return
    total = releve.structures.total
    domaines = sum(not ligne.nom for ligne in releve.structures.activites)
    communes = sum(bool(ligne.code) for ligne in releve.structures.communes)
    nom = pluriel(total.structures, "structure,structures")
    yield Repere(
        nom.capitalize(), nombre(total.structures), f"{domaines} {pluriel(domaines, 'domaine,domaines')}", "quoi"
    )
    if communes:
        situees = sum(ligne.effectif.structures for ligne in releve.structures.communes if ligne.code)
        detail = f"où {pluriel(situees, 'est,sont')} {nombre(situees)} {pluriel(situees, 'structure,structures')}"
        yield Repere(pluriel(communes, "Commune,Communes"), nombre(communes), detail, "qui")
    if total.benevoles is not None:
        yield Repere("Bénévoles", nombre(total.benevoles), _dits(total.disent_benevoles, total), "combien")
    if total.etp is not None:
        yield Repere("Emplois (ETP)", chiffre(total.etp), _dits(total.disent_etp, total), "emplois")


def _dits(combien: int, total) -> str:
    """« dits par 41 structures sur 163 »."""
    return f"dits par {nombre(combien)} {pluriel(combien, 'structure,structures')} sur {nombre(total.structures)}"


def _annonces(releve):
    comptes = releve.annonces
    for sens, formes, accord in (
        (OFFRE, "Offre parue,Offres parues", "pourvue,pourvues"),
        (BESOIN, "Besoin paru,Besoins parus", "pourvu,pourvus"),
    ):
        parues, pourvues = comptes.somme("parues", sens=sens), comptes.somme("pourvues", sens=sens)
        if parues or pourvues:
            detail = f"et {nombre(pourvues)} {pluriel(pourvues, accord)}"
            yield Repere(pluriel(parues, formes), nombre(parues), detail, "echanges")


def _rencontres(releve):
    faites = len(releve.rencontres)
    if not faites:
        return
    venues = releve.commun.rencontrees.get(releve.annee)
    detail = f"{nombre(venues)} {pluriel(venues, 'structure y est venue,structures y sont venues')}" if venues else ""
    yield Repere(pluriel(faites, "Rencontre,Rencontres"), nombre(faites), detail, "rencontres")
