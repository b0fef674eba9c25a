"""Answers of agendas: reunion+<jeton>@…; the token says the person, From is not believed."""

from pole_ess.socle.courriel.entrant import Ignorer
from reunions.actions import reponses


def traiter(entrant, jeton: str) -> None:
    """Write the agenda's answer; a mail without one goes no further (people write to the Reply-To, not here)."""
    if not entrant.calendrier:
        raise Ignorer("message sans réponse d'agenda")
    if raison := reponses.repondre_par_agenda(entrant, jeton):
        raise Ignorer(raison)
    entrant.texte = ""
    entrant.save(update_fields=["texte"])
