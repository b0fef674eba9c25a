"""What the figures about structures share."""

from annuaire.models import Structure
from pole_ess.socle.tableaux import Tableau
from pole_ess.socle.templatetags.francais import date_en_clair

from ..mesure import Mesure
from ..releve import Releve

FICHES = "Les fiches publiées de l'annuaire, remplies par les structures et par l'équipe du pôle."
PLUSIEURS = "Une structure qui a plusieurs activités compte dans chacune : les lignes ne s'additionnent pas."
DISENT = "Structures qui disent leurs {quoi}"
COLONNES_EMPLOIS = ("Emplois (ETP)", DISENT.format(quoi="emplois"))
COLONNES_BENEVOLES = ("Bénévoles", DISENT.format(quoi="bénévoles"))
COLONNES_ADHERENTS = ("Adhérents", DISENT.format(quoi="adhérents"))
RIEN = "Aucune structure n'est publiée."


def jour_de_l_etat(releve: Releve) -> str:
    """« au 31 décembre 2025 »."""
    return f"au {date_en_clair(releve.structures.le)}"


def nom_de_forme(forme: str) -> str:
    return str(Structure.FormeJuridique(forme).label) if forme else "Forme non dite"


def sans_histoire(releve: Releve, tableau: Tableau) -> Mesure | None:
    """Words for a year that no version of a sheet tells; None when there is one."""
    if releve.structures is not None:
        return None
    depuis = releve.commun.historique_depuis
    vide = f"Le portail ne sait pas ce qu'était l'annuaire fin {releve.annee}"
    vide += f" : il en garde l'histoire depuis le {date_en_clair(depuis)}." if depuis else "."
    return Mesure(tableau, "", FICHES, vide=vide)
