"""The breadcrumb of a meeting's pages."""

from contextlib import suppress

from django.urls import NoReverseMatch, reverse


def fil(reunion=None, *, prepare=False) -> list[tuple[str, str]]:
    """(label, URL): meetings, this one, and with `prepare` the staff's page of it."""
    liens = [("Rencontres", "reunions:agenda", [])]
    if reunion is not None:
        liens.append((str(reunion), "reunions:reunion_detail", [reunion.pk]))
        if prepare:
            liens.append(("Préparer", "reunions:preparer", [reunion.pk]))
    etapes = []
    for nom, adresse, arguments in liens:
        with suppress(NoReverseMatch):
            etapes.append((nom, reverse(adresse, args=arguments)))
    return etapes
