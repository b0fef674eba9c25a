"""The optional mails of meetings: their kind, and when each still holds."""

from annuaire.models import Rythme
from annuaire.notifications import Sorte, enregistrer, enregistrer_verites
from reunions.models import Action, Evenement

SUITES = Sorte(
    cle="suites",
    groupe="structures",
    nom="Les actions et les projets de mes structures",
    aide="Une nouvelle, une structure qui rejoint, un projet qui naît. Une action confiée vous est toujours écrite.",
    rythmes=tuple(Rythme),
    defaut=Rythme.QUOTIDIEN,
)
VERITES = [
    ("suites", Action, Action.objects.visibles_par),
    ("relances", Action, lambda u: Action.objects.menees_par(u).ouvertes()),
    ("publications", Evenement, lambda u: Evenement.objects.publies().a_venir()),
]
"""(kind, model, what this person is still to be told of). The reminders of a meeting carry its calendar: they leave as
mails of their own (actions.invitations), to those who want them."""


def declarer() -> None:
    enregistrer(SUITES)
    enregistrer_verites(VERITES)
