"""The yearly report as an accessible PDF: the same figures as the pages, made once for each relevé."""

from django.core.cache import cache
from django.utils import timezone

from pole_ess.socle.documents import pdf
from pole_ess.socle.graphiques import GraphiqueBarres
from pole_ess.socle.models import ReglagesPole
from pole_ess.socle.templatetags.francais import chiffre, date_en_clair
from ressources.bilans.fichiers import BASES_DITES

from .chapitres import CHAPITRES
from .mesure import Mesure
from .mesures.rencontres import MINIMUM
from .releve import LA_NUIT, VERSION, Releve
from .resume import reperes

LIGNES_MAX = 40
"""Rows of a table in the report; its file has them all."""
METHODE = [
    "Les chiffres sont relevés dans le portail, à la date écrite en tête. Chacun dit ce qu'il compte et combien de "
    "structures l'ont dit : ce qui n'est pas dit n'est pas compté, et n'est pas zéro.",
    "Une année va du 1er janvier au 31 décembre, à l'heure de Paris. L'annuaire d'une année passée est celui du soir "
    "du 31 décembre, d'après les versions successives des fiches.",
    f"Le nombre de personnes venues à une rencontre n'est pas donné en dessous de {MINIMUM}.",
]


def en_pdf(releve: Releve) -> bytes:
    """Kept for the other readers until the next count: composing it takes a second of processor."""
    cle = cle_du_pdf(releve)
    octets = cache.get(cle)
    if octets is None:
        octets = pdf("rapport_observatoire", donnees(releve, pole=ReglagesPole.actuels()))
        cache.set(cle, octets, int(LA_NUIT.total_seconds()))
    return octets


def cle_du_pdf(releve: Releve) -> str:
    return f"observatoire:{VERSION}:rapport:{releve.annee}:{releve.le.timestamp()}"


def donnees(releve: Releve, *, pole) -> dict:
    """The data of templates/documents/rapport_observatoire.typ."""
    le = date_en_clair(timezone.localdate(releve.le))
    titre = f"L'économie sociale et solidaire en {releve.annee}, {pole.territoire_nom}"
    return {
        "titre": titre,
        "auteur": pole.nom,
        "pied": f"Observatoire {releve.annee}, {pole.nom} {pole.territoire_nom}",
        "chapeau": f"Quoi ? Qui ? Combien ? Emplois : ce que les structures et le pôle « {pole.nom} » disent et notent "
        f"sur leur portail. Chiffres relevés le {le}" + (", l'année n'étant pas finie." if releve.en_cours else "."),
        "reperes": [[r.nom, f"{r.valeur} ({r.detail})" if r.detail else r.valeur] for r in reperes(releve)],
        "chapitres": [
            {
                "titre": chapitre.titre,
                "question": chapitre.question,
                "mesures": [_mesure(faire(releve)) for faire in chapitre.mesures.values()],
            }
            for chapitre in CHAPITRES.values()
        ],
        "methode": METHODE,
        "bases": BASES_DITES,
        "editeur": [
            ("Éditeur", pole.editeur or f"{pole.nom} {pole.territoire_nom}"),
            ("Écrire à l'équipe", pole.courriel_equipe),
            ("Chiffres relevés le", le),
            ("Réutilisation", "Licence Ouverte 2.0 d'Etalab : citez la source et la date."),
        ],
    }


def _mesure(mesure: Mesure) -> dict:
    tableau = mesure.tableau
    lignes = [[nom, *map(chiffre, valeurs)] for nom, valeurs in tableau.lignes[:LIGNES_MAX]]
    if tableau.total and len(tableau.lignes) <= LIGNES_MAX:
        lignes.append(["Total", *map(chiffre, tableau.total)])
    reste = len(tableau.lignes) - LIGNES_MAX
    return {
        "titre": mesure.titre,
        "compte": mesure.compte,
        "reponses": mesure.reponses,
        "source": mesure.source,
        "vide": mesure.vide,
        "graphiques": [] if mesure.vide else [_graphique(g) for g in mesure.graphiques],
        "entetes": tableau.entetes,
        "lignes": [] if mesure.vide else lignes,
        "note": "" if mesure.vide else tableau.note,
        "reste": f"Les {LIGNES_MAX} premières lignes ; le fichier CSV a les {reste} autres." if reste > 0 else "",
    }


def _graphique(graphique: GraphiqueBarres) -> dict:
    """Bars as shares of the longest one; the words say the chart to who does not see it."""
    longueur = float(graphique.maximum or 1)
    unite = f"\u00a0{graphique.unite}" if graphique.unite else ""
    return {
        "titre": graphique.titre,
        "description": f"{graphique.titre}. {graphique.description}",
        "legende": graphique.legende if len(graphique.series) > 1 else [],
        "groupes": [
            {
                "nom": etiquette,
                "barres": [
                    {
                        "motif": motif,
                        "part": float(serie.valeurs[rang] or 0) / longueur,
                        "dit": chiffre(serie.valeurs[rang]) + (unite if serie.valeurs[rang] is not None else ""),
                    }
                    for (motif, _), serie in zip(graphique.legende, graphique.series, strict=True)
                ],
            }
            for rang, etiquette in enumerate(graphique.etiquettes)
        ],
    }
