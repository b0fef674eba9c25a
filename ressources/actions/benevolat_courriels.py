"""Mails about shifts: to a volunteer, with the link that gives the place back; to the structure's référents."""

from django.urls import reverse
from django.utils import timezone

from annuaire.actions import correspondants
from annuaire.notifications import notifier
from pole_ess.socle import liens
from ressources.agenda import minuit

DESISTEMENT = "benevole-desistement"
"""Purpose of « je ne peux plus »."""
REFUS = "benevole-refus"
"""Purpose of « cette structure ne m'écrit plus »."""
JOURS_LIEN = 400
"""A shift may be announced a year ahead."""


def lien_desistement(inscription) -> str:
    return reverse("ressources:benevole_lien", args=[liens.signer(DESISTEMENT, {"i": inscription.pk})])


def lien_refus(contact) -> str:
    return reverse("ressources:benevole_lien", args=[liens.signer(REFUS, {"c": contact.pk})])


AVEC_LIEN = {"inscrite", "en_attente", "promue", "rappel", "change"}


def a_la_personne(evenement, inscription, *, cle_unicite=None, **contexte) -> None:
    """One mail to the volunteer. A promotion is told once in the life of a registration, whoever asks."""
    if inscription.utilisateur is None:
        return
    if evenement == "promue":
        cle_unicite = f"benevole-promue-{inscription.pk}"
    creneau = inscription.creneau
    notifier(
        "rappels" if evenement == "rappel" else "",
        "benevole",
        page=creneau.get_absolute_url(),
        avant=minuit(timezone.localdate(creneau.debut)),  # its words say « demain »
        a=inscription.utilisateur.email,
        utilisateur=inscription.utilisateur,
        objet=inscription,
        cle_unicite=cle_unicite,
        contexte={
            "evenement": evenement,
            "inscription": inscription,
            "creneau": creneau,
            "mission": creneau.mission,
            "structure": creneau.mission.annonce.structure,
            "lien": lien_desistement(inscription) if evenement in AVEC_LIEN else "",
            "avant": None,
            "toutes": [],
            "motif": inscription.motif,
            **contexte,
        },
    )


def aux_inscrits(evenement, creneau, inscriptions, **contexte) -> None:
    """The same mail to each of these registrations of a shift."""
    for inscription in inscriptions:
        inscription.creneau = creneau
        a_la_personne(evenement, inscription, **contexte)


SORTES = {"heures": "demandes", "matin": "benevoles"}
"""Event -> the kind under which a référent may group it or refuse it."""


def a_la_structure(evenement, creneau, *, objet=None, cle_unicite=None, avant=None, **contexte) -> None:
    """One mail to each référent of the mission's structure. `avant`: see `notifier`."""
    structure = creneau.mission.annonce.structure
    for adresse, utilisateur in correspondants.adresses(structure).items():
        notifier(
            SORTES.get(evenement),
            "benevole_structure",
            page=reverse("ressources:mission_organiser", args=[creneau.mission_id]),
            avant=avant,
            a=adresse,
            utilisateur=utilisateur,
            objet=objet or creneau.mission,
            cle_unicite=f"{cle_unicite}-{adresse}" if cle_unicite else None,
            contexte={
                "evenement": evenement,
                "creneau": creneau,
                "mission": creneau.mission,
                "inscription": None,
                "promues": [],
                "creneaux": [],
                "nouvelles": 0,
                **contexte,
            },
        )
