"""« Ses brèves », on a structure's sheet in the directory."""

from annuaire.blocs import Bloc
from newsletter.models import Breve
from newsletter.permissions import structures_pour_ecrire

MONTREES = 3


def contexte(structure, utilisateur):
    """Its latest news; for its référents, the way to post one. Two queries at most."""
    breves = list(Breve.objects.publiees().de_structure(structure).recentes()[:MONTREES])
    sienne = utilisateur.is_authenticated and structures_pour_ecrire(utilisateur).filter(pk=structure.pk).exists()
    if not breves and not sienne:
        return None
    return {"breves": breves, "sienne": sienne}


BLOC = Bloc("breves", "Ses brèves", "newsletter/bloc_structure.html", contexte, ordre=40)
