"""A bilan in words and tables: the same for its page, its PDF and the structure's sheet."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.text import slugify

from pole_ess.socle.tableaux import Tableau
from pole_ess.socle.templatetags.francais import chiffre, date_en_clair, nombre, pluriel
from ressources.statistiques import annees
from ressources.statistiques.echanges import MINIMUM_PUBLIC

from .annee import BilanAnnuel, lire_annee
from .faits import Chiffre, Fait, Manque
from .mesures import ECHANGES, EUROS, HEURES, KILOS, NOMS_DES_BASES, NOMS_DES_SENS, Base, Mesure, Sens
from .sources import MESURES
from .valeurs import Valeur

TITRES = {
    Sens.DONNE: "Ce qui a été donné",
    Sens.RECU: "Ce qui a été reçu",
    Sens.ENSEMBLE: "Ce qui a été fait ensemble",
}
NOTE = (
    "Les trois colonnes ne s'additionnent pas : ce qu'une seule structure a dit n'est pas confirmé, et une estimation "
    "n'est dite par personne."
)
AUCUNE = "–"


def montant(mesure: Mesure, total: Decimal) -> str:
    """« 12,5 h », « 4 » for a plain count."""
    return f"{chiffre(total)}\u00a0{mesure.signe}" if mesure.signe else chiffre(total)


def valeur_en_clair(valeur: Valeur) -> str:
    """« 12,5 h (3 échanges) »; a count says itself how many exchanges it rests on."""
    if valeur.total is None:
        return AUCUNE
    texte = montant(valeur.mesure, valeur.total)
    if not valeur.mesure.signe:
        return texte
    return f"{texte} ({nombre(valeur.echanges)}\u00a0{pluriel(valeur.echanges, 'échange,échanges')})"


def tableaux(bilan: BilanAnnuel) -> list[Tableau]:
    """A table per side that has something: one row a measure, one column a basis, and no total."""
    faits = []
    for sens in Sens:
        if mesures := bilan.mesures(sens):
            lignes = tuple(
                (mesure.nom, tuple(valeur_en_clair(bilan.valeur(mesure, base, sens)) for base in Base))
                for mesure in mesures
            )
            entetes = ("Quoi", "Dit par les deux", "Dit par une seule", "Estimé")
            faits.append(Tableau(sens.value, TITRES[sens], entetes, lignes, note=NOTE))
    return faits


def periode_en_clair(bilan: BilanAnnuel) -> str:
    """« En 2025 », « Du 1er janvier au 25 novembre 2026 »."""
    if bilan.jusqu_au is None:
        return f"En {bilan.annee}"
    if (bilan.jusqu_au.month, bilan.jusqu_au.day) == (1, 1):
        return f"Le {date_en_clair(bilan.jusqu_au)}"
    return f"Du 1er janvier au {date_en_clair(bilan.jusqu_au)}"


# -- beside the year before


def comparaison(bilan: BilanAnnuel, avant: BilanAnnuel) -> list[tuple[str, list[str]]]:
    """(side, a sentence per measure and basis): more, less or as much as the year before, in words."""
    parties = []
    for sens in Sens:
        vues = {*bilan.mesures(sens), *avant.mesures(sens)}
        phrases = [
            phrase
            for mesure in MESURES
            if mesure in vues
            for base in Base
            if (phrase := _comparer(bilan.valeur(mesure, base, sens), avant.valeur(mesure, base, sens), avant))
        ]
        if phrases:
            parties.append((TITRES[sens], phrases))
    return parties


def _comparer(valeur: Valeur, avant: Valeur, annee_d_avant: BilanAnnuel) -> str:
    if valeur.total is None and avant.total is None:
        return ""
    mesure = valeur.mesure
    debut = f"{mesure.nom}, {NOMS_DES_BASES[valeur.base]}"
    quand = f"{'à la même date ' if annee_d_avant.jusqu_au else ''}en {annee_d_avant.annee}"
    if avant.total is None:
        return f"{debut} : {montant(mesure, valeur.total)}, rien {quand}."
    if valeur.total is None:
        return f"{debut} : rien, contre {montant(mesure, avant.total)} {quand}."
    ecart = valeur.total - avant.total
    if not ecart:
        return f"{debut} : {montant(mesure, valeur.total)}, comme {quand}."
    sens = "de plus" if ecart > 0 else "de moins"
    return (
        f"{debut} : {montant(mesure, valeur.total)}, contre {montant(mesure, avant.total)} {quand}, "
        f"soit {montant(mesure, abs(ecart))} {sens}."
    )


# -- what it rests on


@dataclass(frozen=True)
class Ligne:
    """A fact as its line in the list shows it; `declarer` and `ecrire` are addresses, empty when not for the reader."""

    le: date
    quoi: str
    sens: str
    avec: str
    dits: list[str]
    estimes: list[tuple[str, object]]
    adresse: str
    manque: Manque
    declarer: str
    ecrire: str


AUX_REFERENTS = {"ressources:heures_operation"}
"""Pages that a member of the structure may not open."""


def ligne(fait: Fait, *, slug: str, membre: bool, referent: bool) -> Ligne:
    """`membre`: the reader is of the structure, and may open its conversations and declare; staff read."""
    declarer = ""
    if membre and fait.echange and fait.manque in (Manque.VOTRE, Manque.RIEN):
        declarer = reverse("ressources:bilan_declarer", args=[slug, fait.echange])
    ouverte = bool(fait.page) and (referent if fait.page[0] in AUX_REFERENTS else membre)
    page = reverse(fait.page[0], args=fait.page[1]) if ouverte else ""
    conversation = bool(fait.page) and fait.page[0] == "ressources:conversation"
    return Ligne(
        le=fait.le,
        quoi=fait.quoi,
        sens=NOMS_DES_SENS[fait.sens],
        avec=fait.avec,
        dits=[f"{_de_quoi(c)}, {NOMS_DES_BASES[c.base]}" for c in _dits(fait)],
        estimes=[(_de_quoi(c), c.coefficient) for c in fait.chiffres if c.base == Base.ESTIME],
        adresse=page or (_page_de_l_annonce(*fait.annonce) if fait.annonce else ""),
        manque=fait.manque,
        declarer=declarer,
        ecrire=page if conversation and fait.manque == Manque.AUTRE else "",
    )


def _dits(fait: Fait) -> list[Chiffre]:
    """What was said; that an exchange was declared goes without saying when a figure does."""
    dits = [c for c in fait.chiffres if c.base != Base.ESTIME]
    return [c for c in dits if c.mesure != ECHANGES] or dits


def _de_quoi(c: Chiffre) -> str:
    """« 12,5 h », « prêt ou location rendu »."""
    return montant(c.mesure, c.valeur) if c.mesure.signe else c.mesure.un


def dit(declaration) -> str:
    """What one side declares: « 14 kg », « 2 h, 30 € », « l'échange a eu lieu »."""
    chiffres = [(mesure, getattr(declaration, mesure.cle)) for mesure in (HEURES, EUROS, KILOS)]
    dits = [montant(mesure, valeur) for mesure, valeur in chiffres if valeur is not None]
    return ", ".join(dits) or "l'échange a eu lieu, sans chiffre"


def _page_de_l_annonce(pk: int, titre: str) -> str:
    return reverse("ressources:annonce_detail", args=[pk, slugify(titre)[:80].strip("-") or "annonce"])


# -- on the structure's sheet


def totaux_publics(bilan: BilanAnnuel) -> list[tuple[str, list[Valeur]]]:
    """(side, figures) of what rests on enough exchanges to be shown to all."""
    parties = []
    for sens in Sens:
        valeurs = [
            valeur
            for mesure in bilan.mesures(sens)
            for base in Base
            if (valeur := bilan.valeur(mesure, base, sens)).echanges >= MINIMUM_PUBLIC
        ]
        if valeurs:
            parties.append((TITRES[sens], valeurs))
    return parties


def en_phrase(valeur: Valeur) -> str:
    """« Heures : 10 h (5 échanges), dit par les deux »."""
    return f"{valeur.mesure.nom} : {valeur_en_clair(valeur)}, {NOMS_DES_BASES[valeur.base]}"


def annees_a_choisir(annee: int, le: date, premiere: date | None) -> list[int]:
    """The latest first: since the hub's first announcement, and always the one before the year that is shown."""
    toutes = {*annees(premiere, le), annee, annee - 1}
    return sorted((une for une in toutes if lire_annee(une, le)), reverse=True)
