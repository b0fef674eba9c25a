"""What the screens of a workshop show: boards with their counts, and with their notes once these are open."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

import segno
from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.safestring import mark_safe

from pole_ess.socle import liens
from reunions.models import Atelier, Axe, Categorie, PostIt

Phase = Atelier.Phase
NOTES_OUVERTES = (Phase.REGROUPEMENT, Phase.RESTITUTION, Phase.CLOS)
"""Phases in which everybody reads everybody's notes."""
JOURS_PARTICIPANT = 180
"""How long the link of a participant opens: their notes, then the results."""
JOURS_DIRECT = 2
"""How long an open screen goes on asking what is new; reloading the page renews it."""


@dataclass
class Tableau:
    """One board. `groupes`: (category or None, notes), the notes without category last."""

    axe: Axe
    rose: int = 0
    jaune: int = 0
    groupes: list = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.rose + self.jaune


def tableaux(atelier, *, textes: bool, axe: int = 0) -> list[Tableau]:
    """Boards in order: one query for the counts; with `textes` two more, `axe` alone when it is given."""
    par_couleur = {c: Count("postits", filter=Q(postits__couleur=c)) for c in ("rose", "jaune")}
    axes = Axe.objects.filter(atelier=atelier).annotate(**par_couleur).order_by("ordre", "pk")
    trouves = [Tableau(ligne, rose=ligne.rose, jaune=ligne.jaune) for ligne in axes]
    if textes:
        _remplir(atelier, trouves, axe)
    return trouves


def _remplir(atelier, trouves, axe):
    notes = defaultdict(list)
    tous = PostIt.objects.de_atelier(atelier).order_by("cree_le", "pk")
    for note in tous.filter(axe=axe) if axe else tous:
        notes[note.axe_id, note.categorie_id].append(note)
    categories = defaultdict(list)
    for categorie in Categorie.objects.filter(axe__atelier=atelier):
        categories[categorie.axe_id].append(categorie)
    for tableau in trouves:
        pk = tableau.axe.pk
        tableau.groupes = [(categorie, notes[pk, categorie.pk]) for categorie in categories[pk]]
        tableau.groupes.append((None, notes[pk, None]))


def montre_les_textes(atelier, ecran: str) -> bool:
    """Participants and the room read the notes once the phase opens them, or while writing if the setting says so."""
    if atelier.phase in NOTES_OUVERTES:
        return True
    return ecran == "projecteur" and atelier.phase == Phase.ECRITURE and atelier.textes_projetes


# -- addresses


def lien_participant(participant) -> str:
    """The participant's own page: opens on any device of theirs."""
    jeton = liens.signer("atelier.participant", {"p": participant.pk})
    return reverse("reunions:atelier_ecrire", args=[jeton])


def lien_direct(atelier, ecran: str, *, axe: int = 0) -> str:
    """Where a screen asks what is new. It tells nothing that this kind of screen does not show, and no person."""
    jeton = liens.signer("atelier.direct", {"a": atelier.pk, "e": ecran, "x": axe})
    return reverse("reunions:atelier_direct", args=[jeton])


def adresse_courte(atelier) -> str:
    """The address that is projected and coded in the QR: absolute, short enough to be typed."""
    return settings.PORTAIL_URL + reverse("atelier_court", args=[atelier.code])


@lru_cache(maxsize=64)
def qr(adresse: str) -> str:
    """An address as an inline SVG: dark on light in both schemes, without a style attribute."""
    dessin = segno.make(adresse, error="m", micro=False)
    return mark_safe(dessin.svg_inline(svgclass="qr", lineclass=None, omitsize=True, border=3, light="#fff"))  # noqa: S308 - drawn here
