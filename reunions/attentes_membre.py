"""What meetings make a member wait for: invitations, late actions that they lead, events to correct."""

from django.urls import reverse

from annuaire.compte_attentes import AttenteDeMembre
from reunions.models import Action, Evenement, Participation
from reunions.templatetags.rencontres import quand


def invitations(utilisateur):
    """Meetings to come that wait for this person's answer: one goes by its name and its day."""
    attendues = list(Participation.objects.a_repondre(utilisateur)[:50])
    if len(attendues) == 1:
        reunion = attendues[0].reunion
        phrase = f"« {reunion.titre} », {quand(reunion)}, attend votre réponse."
        yield AttenteDeMembre(phrase, "Répondre", reunion.get_absolute_url())
    elif attendues:
        phrase = f"{len(attendues)} rencontres attendent votre réponse."
        yield AttenteDeMembre(phrase, "Voir l'agenda", reverse("reunions:agenda"))


def actions_en_retard(utilisateur):
    """One line: the action itself when it is alone. One query."""
    tardives = list(Action.objects.menees_par(utilisateur).en_retard().order_by("echeance", "pk")[:100])
    if len(tardives) == 1:
        phrase = f"« {tardives[0].titre} », que votre structure pilote, a dépassé sa date."
        yield AttenteDeMembre(phrase, "Dire où cela en est", tardives[0].get_absolute_url())
    elif tardives:
        phrase = f"{len(tardives)} actions que vos structures pilotent ont dépassé leur date."
        yield AttenteDeMembre(phrase, "Dire où cela en est", f"{reverse('reunions:actions')}?retard=1&miennes=1")


def evenements_a_corriger(utilisateur):
    """Events that the staff sent back: the event itself, with their reason, when it is alone. One query."""
    renvoyes = list(Evenement.objects.a_corriger_par(utilisateur).order_by("debut", "pk")[:100])
    if len(renvoyes) == 1:
        phrase = f"L'équipe demande de corriger votre événement « {renvoyes[0].titre} » avant de le publier."
        yield AttenteDeMembre(phrase, "Lire et corriger", renvoyes[0].get_absolute_url())
    elif renvoyes:
        phrase = f"L'équipe demande de corriger {len(renvoyes)} de vos événements avant de les publier."
        yield AttenteDeMembre(phrase, "Lire et corriger", reverse("reunions:mes_evenements"))
