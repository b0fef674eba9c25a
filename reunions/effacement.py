"""How each model of meetings forgets a person: added to annuaire's rules in AppConfig.ready."""

from annuaire.actions.effacement import PUBLIC, TECHNIQUE
from annuaire.actions.effacement_regles import PARTOUT, Regle

OUBLIEE = {
    "utilisateur_id": None,
    "nom": "",
    "courriel": "",
    "fonction": "",
    "besoins": "",
    "message": "",
    "represente_par": "",
    "delegation": "",
}

REGLES = {
    "reunion": Regle("The meeting stays; its texts may name somebody.", structure=PARTOUT),
    "animateurreunion": Regle("Who ran the meeting is named in its minutes, until they ask to be forgotten."),
    "pointordredujour": Regle("An agenda may name a speaker.", structure=PARTOUT),
    "document": Regle("A file may be named after somebody.", structure=PARTOUT),
    "participation": Regle(
        "That a structure came stays in the figures; who came for it is forgotten.",
        vider=lambda p: [(p.parmi("courriel") | p.compte("utilisateur_id"), OUBLIEE)],
        structure="structures",
    ),
    "representation": TECHNIQUE,
    "tourdetable": Regle("A turn of the round table is a structure's.", structure=PARTOUT),
    "priorite": Regle("What was said stays, without the person.", structure=PARTOUT),
    "enonce": Regle("Remarks may name somebody.", structure=PARTOUT),
    "reconnaissance": Regle("A remark may name somebody.", structure="participant__structure"),
    "atelier": PUBLIC,
    "axe": PUBLIC,
    "categorie": PUBLIC,
    "participant": Regle(
        "The notes stay in the figures, without the first name.",
        vider=lambda p: [(p.compte("utilisateur_id"), {"utilisateur_id": None, "prenom": ""})],
        structure="structure",
    ),
    "postit": Regle(
        "A note is an idea: it stays, without the person.", structure=("structure", "participant__structure")
    ),
    "quasidoublonrefuse": TECHNIQUE,
    "compterendu": Regle("Corrections may name somebody.", structure=PARTOUT),
    "sectioncompterendu": Regle("Written words may name somebody.", structure=PARTOUT),
    "versioncompterendu": Regle("A published version too is emptied of the name.", structure=PARTOUT),
    "action": Regle("The action is a structure's.", structure="pilote"),
    "actionstructure": TECHNIQUE,
    "projet": Regle("The project is its structures'.", structure="pilote"),
    "membreprojet": TECHNIQUE,
    "nouvelle": Regle("News stay, without the person.", structure=PARTOUT),
    "evenement": Regle("The event is the structure's.", structure="structure"),
    "sondage": Regle("Its words may name somebody.", structure=PARTOUT),
    "dateproposee": TECHNIQUE,
    "reponsesondage": Regle("A name or a structure, typed freely.", structure=PARTOUT),
    "choixdate": TECHNIQUE,
}
"""Model name -> rule."""


def declarer() -> None:
    from annuaire.actions import effacement

    effacement.ERASURE.update({f"reunions.{modele}": regle for modele, regle in REGLES.items()})
    for liens in ("participations", "participants"):
        effacement.ERASURE[f"reunions.tourdetable_{liens}"] = TECHNIQUE
