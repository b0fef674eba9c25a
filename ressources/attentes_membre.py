"""What waits for a member: conversations where their structures have to answer."""

from django.urls import reverse

from annuaire.compte_attentes import AttenteDeMembre
from ressources.querysets_relations import combien_attendent


def conversations(utilisateur):
    nombre = combien_attendent(utilisateur)
    if nombre:
        phrase = "Une conversation attend" if nombre == 1 else f"{nombre} conversations attendent"
        yield AttenteDeMembre(f"{phrase} votre réponse.", "Lire et répondre", reverse("ressources:conversations"))
