"""How the search across everything forgets a person: its words follow those of the objects, by triggers."""

from annuaire.actions.effacement_regles import Regle

SUIT = Regle("Words of other rows, kept in step by the database itself.", caviarder=False)


def declarer() -> None:
    from annuaire.actions import effacement

    effacement.ERASURE.update({"portail.entreerecherche": SUIT, "portail.motportail": SUIT})
