"""How each model of offers and needs forgets a person: added to annuaire's rules in AppConfig.ready."""

from django.db.models import Q
from django.utils import timezone

from annuaire.actions.effacement import CASCADE, PUBLIC, TECHNIQUE
from annuaire.actions.effacement_regles import PARTOUT, Regle, contient

DES_DEUX = ("structure", "calendrier__annonce__structure")
CONVERSATION = ("mise_en_relation__structure", "mise_en_relation__annonceur")


def _noms(personne):
    """Files whose name holds the person's name, spaces or not."""
    mots = [nom for nom in personne.noms if nom]
    return contient("nom", [*mots, *(mot.replace(" ", "-") for mot in mots), *(mot.replace(" ", "_") for mot in mots)])


def _heures_en_attente(personne):
    siennes = personne.compte("aidant__utilisateur_id") | personne.compte("aide__utilisateur_id")
    ouvertes = siennes & Q(etat__in=["proposee", "contestee"])
    return [(ouvertes, {"etat": "annulee", "decidee_le": timezone.now(), "motif": ""})]


ENCORE = ["inscrite", "en_attente", "annulee"]


class RegleDesPlaces(Regle):
    """Places to come are given up first, without the name: the waiting lists move up in the same transaction."""

    def appliquer(self, modele, personne) -> int:
        from ressources.actions.benevolat_places import tout_quitter

        if personne.utilisateur_id and not personne.limitee:
            siennes = modele._base_manager.filter(utilisateur=personne.utilisateur_id)
            siennes.update(nom="", telephone="", message="", mot_benevole="")
            tout_quitter(personne.utilisateur_id)
        return super().appliquer(modele, personne)


REGLES = {
    "categorie": PUBLIC,
    "motannonce": Regle("Single words of published announcements, kept by the database itself.", caviarder=False),
    "motdevigilance": Regle("Words chosen by staff.", structure=PARTOUT),
    "annonce": Regle(
        "The announcement is the structure's: it stays, without the person.",
        structure="structure",
        sauf=frozenset({"source", "champs_humains"}),
    ),
    "historicalannonce": Regle(
        "As the announcement; who wrote it is forgotten too.",
        vider=lambda p: [(p.compte("auteur_id"), {"auteur_id": None})],
        structure="structure_id",
        sauf=frozenset({"source", "champs_humains"}),
    ),
    "periode": TECHNIQUE,
    "photoannonce": Regle("The description of a picture may name somebody.", structure="annonce__structure"),
    "fichierannonce": Regle(
        "A CV that the person gave, or a file named after them; its bytes go with the purge of orphans.",
        supprimer=lambda p: _noms(p) | (p.compte("annonce__auteur_id") & Q(genre="cv")),
        structure="annonce__structure",
    ),
    "reglagesstructure": TECHNIQUE,
    "signalementannonce": Regle(
        "That a report came and was answered is proof; who wrote it and what is not.",
        vider=lambda p: [(p.parmi("courriel") | p.compte("auteur_id"), {"courriel": "", "texte": "[retiré]"})],
        structure="annonce__structure",
    ),
    "miseenrelation": Regle("The conversation of two structures stays.", structure=("structure", "annonceur")),
    "message": Regle("What was said between two structures stays, without the person.", structure=CONVERSATION),
    "coefficientestime": PUBLIC,
    "bilan": Regle("Figures stay; with whom may name somebody.", structure="structure"),
    "alerte": CASCADE,
    "alerteenvoi": TECHNIQUE,
    "rapprochement": TECHNIQUE,
    "preferencerapprochements": CASCADE,
    "calendrier": Regle("Instructions may name somebody.", structure="annonce__structure"),
    "fermeture": Regle("Its reason may name somebody.", structure="calendrier__annonce__structure"),
    "reservation": Regle("The booking of a structure stays, without the person.", structure=DES_DEUX),
    "photoreservation": TECHNIQUE,
    "demandesansreponse": Regle("What a structure looked for stays, without the person.", structure="structure"),
    "compteheures": Regle(
        "The account stays, closed and without a name (a trigger), so that the others' entries still balance.",
        caviarder=False,
        compte=True,
    ),
    "operationheures": Regle(
        "What was written on two accounts stays; what waited for the person is cancelled; words name nobody.",
        vider=_heures_en_attente,
        structure=PARTOUT,
    ),
    "ecritureheures": Regle(
        "Keys, hours and days: no person in it, and the database refuses a change.", caviarder=False
    ),
    "reglagesheures": TECHNIQUE,
    "miseencommun": Regle("What several structures do together stays.", structure="annonce__structure"),
    "palier": TECHNIQUE,
    "partencommun": Regle("The part of a structure stays.", structure=("structure", "mise__annonce__structure")),
    "partdelot": Regle("The part of a structure stays.", structure=("structure", "annonce__structure")),
    "tournee": Regle("The artist's own words.", structure="annonce__structure"),
    "etape": Regle("The wish of a structure stays.", structure=("structure", "tournee__annonce__structure")),
    "joursouhaite": TECHNIQUE,
    "mission": Regle(
        "The words of the structure that seeks.", structure="annonce__structure", sauf=frozenset({"lien"})
    ),
    "mission_competences": TECHNIQUE,
    "creneau": Regle("What is done there, and where.", structure="mission__annonce__structure"),
    "inscriptionbenevole": RegleDesPlaces(
        "Hours done stay, without the person; places to come, and given up, go.",
        supprimer=lambda p: p.compte("utilisateur_id") & Q(etat__in=ENCORE),
        vider=lambda p: [
            (
                p.compte("utilisateur_id"),
                {"utilisateur_id": None, "nom": "", "telephone": "", "message": "", "motif": "", "mot_benevole": ""},
            )
        ],
        structure="creneau__mission__annonce__structure",
        compte=True,
    ),
    "profilbenevole": CASCADE,
    "profilbenevole_competences": CASCADE,
    "prisedecontact": CASCADE,
    "messagebenevole": Regle(
        "Words to and from the person go with their thread; others lose the name.", structure="contact__structure"
    ),
    "urgence": Regle(
        "The call of a structure stays, without who opened it nor the phone they gave.",
        vider=lambda p: [(p.compte("par_id"), {"contact": "", "telephone": ""})],
        structure="structure",
    ),
    "appel": Regle(
        "That somebody was called, and answered, stays; who, their phone and their words do not.",
        vider=lambda p: [(p.compte("utilisateur_id"), {"nom": "", "telephone": "", "message": "", "raisons": ""})],
        structure=("structure", "urgence__structure"),
    ),
    "preferenceurgences": CASCADE,
    "reglagesurgences": TECHNIQUE,
    "reglagesurgences_referents": CASCADE,
    "importannonces": Regle("The report stays; the file goes (effacer_fichiers).", structure=PARTOUT),
    "ligneimportannonce": Regle("The report's reasons quote the file.", structure=PARTOUT),
}
"""Model name -> rule."""


def declarer() -> None:
    """Add the rules to annuaire's, and the imported files to those that are read for a name."""
    from annuaire.actions import effacement, effacement_traces
    from ressources.models import ImportAnnonces

    effacement.ERASURE.update({f"ressources.{modele}": regle for modele, regle in REGLES.items()})
    if ImportAnnonces not in effacement_traces.IMPORTS:
        effacement_traces.IMPORTS.append(ImportAnnonces)
