"""What the list page shows of a search: chips to browse, a panel to tick, filters in use that remove themselves."""

from dataclasses import dataclass

from annuaire.recherche.communes import Lieu
from annuaire.recherche.presentation import FiltreActif, Groupe
from pole_ess.socle.templatetags.francais import jour
from ressources.fiche import euros

from .resultat import Resultat


@dataclass
class Puce:
    """A chip: a way to browse, with its count; `ici`: it is what is shown."""

    nom: str
    compte: int
    url: str
    ici: bool = False


def puces(resultat: Resultat) -> list[Puce]:
    """All, offers, needs, then the natures that have something."""
    criteres, comptes = resultat.criteres, resultat.comptes
    tout = {nom: valeurs for nom, valeurs in criteres.facettes.items() if nom not in ("sens", "nature", "categorie")}
    toutes = [Puce("Tout", comptes.base, criteres.url(facettes=tout, page=1), tout == criteres.facettes)]
    for facette in ("sens", "nature"):
        for option in resultat.options[facette]:
            facettes = criteres.avec(facette, *(() if option.choisie else (option.valeur,)))
            if facette == "nature":  # categories belong to one nature
                facettes = {nom: valeurs for nom, valeurs in facettes.items() if nom != "categorie"}
            toutes.append(Puce(option.nom, option.compte, criteres.url(facettes=facettes, page=1), option.choisie))
    return toutes


def panneau(resultat: Resultat) -> list[Groupe]:
    """The groups that have something to tick."""
    noms = {"categorie": "Catégorie", "mode": "Mode d'échange"}
    return [Groupe(nom, legende, options, True) for nom, legende in noms.items() if (options := resultat.options[nom])]


def filtres_actifs(resultat: Resultat) -> list[FiltreActif]:
    criteres = resultat.criteres
    actifs = [
        FiltreActif(option.nom, criteres.url(facettes=criteres.sans(facette, option.valeur), page=1))
        for facette in ("sens", "nature", "categorie", "mode")
        for option in resultat.options[facette]
        if option.choisie
    ]
    autres = [
        (criteres.q, f"«\u00a0{criteres.q}\u00a0»", {"q": ""}),
        (criteres.commune, _autour(criteres), {"lieu": Lieu()}),
        (criteres.gratuit, "gratuit", {"gratuit": False}),
        (criteres.prix_max is not None, f"{euros(criteres.prix_max or 0)} au plus", {"prix_max": None}),
        (criteres.dates, dates_en_clair(criteres), {"du": None, "au": None}),
        (resultat.structure, str(resultat.structure), {"structure": ""}),
        (criteres.urgent, "urgent", {"urgent": False}),
        (criteres.toutes, "avec celles qui sont closes", {"toutes": False}),
    ]
    return (
        [FiltreActif(nom, criteres.url(**sans, page=1)) for vrai, nom, sans in autres[:2] if vrai]
        + actifs
        + [FiltreActif(nom, criteres.url(**sans, page=1)) for vrai, nom, sans in autres[2:] if vrai]
    )


def _autour(criteres) -> str:
    return f"à moins de {criteres.km:g} km de {criteres.commune.nom}" if criteres.commune else ""


def dates_en_clair(criteres) -> str:
    """« le vendredi 12 mars 2027 », « entre le … et le … »."""
    if criteres.dates is None:
        return ""
    du, au = criteres.dates
    return f"le {jour(du)}" if du == au else f"entre le {jour(du)} et le {jour(au)}"


def en_clair(resultat: Resultat) -> str:
    """The search in words: the title of its feed, the name of an alert. « Offres et besoins : sono, Vichy »."""
    return ", ".join(actif.nom for actif in filtres_actifs(resultat))
