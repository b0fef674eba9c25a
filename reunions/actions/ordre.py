"""Moving a line of a list up or down, by buttons."""

from reunions.actions import TransitionInterdite

CHANGEE = "La liste a changé entre-temps : regardez-la et recommencez."


def deplacer(lignes, objet, *, sens: str, rang: int) -> None:
    """`sens`: « monter » or « descendre »; `rang`: where the person saw it, from 0, so that a retry moves nothing.

    `lignes`: the queryset of the list in order; it is locked, and its `ordre` written again without holes. Call it in
    a transaction. Raises TransitionInterdite when the line is no longer there.
    """
    toutes = list(lignes.select_for_update(of=("self",)))
    if not 0 <= rang < len(toutes) or toutes[rang].pk != objet.pk:
        raise TransitionInterdite(CHANGEE)
    autre = rang - 1 if sens == "monter" else rang + 1
    if 0 <= autre < len(toutes):
        toutes[rang], toutes[autre] = toutes[autre], toutes[rang]
    renumeroter(toutes)


def renumeroter(lignes) -> None:
    """Write `ordre` from 0 where it is not so already."""
    changees = []
    for ordre, ligne in enumerate(lignes):
        if ligne.ordre != ordre:
            ligne.ordre = ordre
            changees.append(ligne)
    if changees:
        type(changees[0]).objects.bulk_update(changees, ["ordre"])
