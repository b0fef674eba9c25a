"""« Ses actions et ses projets », on a structure's sheet in the directory."""

from annuaire.blocs import Bloc
from reunions.models import Action, Projet

MONTREES = 5


def contexte(structure, utilisateur):
    """What it leads or joined and is not over, the most pressing first. Two queries."""
    siennes = Action.objects.visibles_par(utilisateur).de_structure(structure).ouvertes().par_urgence()
    actions = list(siennes[: MONTREES + 1])
    projets = list(Projet.objects.vivants().de_structure(structure)[:MONTREES])
    if not actions and not projets:
        return None
    return {"actions": actions[:MONTREES], "encore": len(actions) > MONTREES, "projets": projets}


BLOC = Bloc("actions", "Ses actions et ses projets", "reunions/bloc_actions.html", contexte, ordre=35)
