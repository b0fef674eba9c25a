"""How each model of the letter forgets a person: added to annuaire's rules in AppConfig.ready."""

from annuaire.actions.effacement import CASCADE, PUBLIC, TECHNIQUE
from annuaire.actions.effacement_regles import PARTOUT, Regle

REGLES = {
    "interets": TECHNIQUE,
    "interets_activites": TECHNIQUE,
    "mentionconsentement": PUBLIC,
    "abonne": Regle(
        "The subscription goes; annuaire's objection to the address, written by the erasure, keeps imports out.",
        supprimer=lambda p: p.parmi("courriel") | p.compte("utilisateur_id"),
    ),
    "desabonnement": TECHNIQUE,
    "importabonnes": Regle("The report and its proof stay; the file goes (effacer_fichiers).", structure=PARTOUT),
    "ligneimportabonne": TECHNIQUE,
    "numero": Regle("A subject may name somebody.", structure=PARTOUT),
    "bloc": Regle("Free words may name somebody.", structure=PARTOUT),
    "imagebloc": Regle("The description of a picture may name somebody.", structure=PARTOUT),
    "element": Regle("A word of the staff may name somebody.", structure=PARTOUT),
    "dejadit": TECHNIQUE,
    "rendu": Regle("What was sent is archived without the name.", structure=PARTOUT),
    "rendu_interets": TECHNIQUE,
    "envoi": Regle("The ledger counts; an answer of a mail server may quote the address.", structure=PARTOUT),
    "geste": TECHNIQUE,
    "sansrappel": CASCADE,
    "breve": Regle("The news is the structure's: it stays, without the person.", structure="structure"),
}
"""Model name -> rule."""


def declarer() -> None:
    """Add the rules to annuaire's, and the imported lists to the files that are read for a name."""
    from annuaire.actions import effacement, effacement_traces
    from newsletter.models import ImportAbonnes

    effacement.ERASURE.update({f"newsletter.{modele}": regle for modele, regle in REGLES.items()})
    if ImportAbonnes not in effacement_traces.IMPORTS:
        effacement_traces.IMPORTS.append(ImportAbonnes)
