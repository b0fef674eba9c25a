"""What open screens ask every two seconds. Unchanged: 304, for one SQL read and no session.

The fragment depends on the workshop, its version and the kind of screen, never on the person: each process keeps the
last ones it drew. What does not grow the version (a person erased, a structure renamed) shows within FRAIS.
"""

import time
from functools import lru_cache

from django.http import HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from pole_ess.socle import liens
from reunions.actions.atelier import ORDRE
from reunions.models import Atelier
from reunions.presentation_atelier import JOURS_DIRECT, adresse_courte, montre_les_textes, qr, tableaux
from reunions.resultats import calculer
from reunions.resultats.dessin import vue_d_ensemble

FRAIS = 10
"""Seconds during which a drawn fragment serves again."""
GABARITS = {
    "participant": "reunions/_direct_participant.html",
    "console": "reunions/_direct_console.html",
    "projecteur": "reunions/_direct_projecteur.html",
}


@require_safe
def direct(request, jeton):
    """The moving part of a screen, when `If-None-Match` is not its version."""
    try:
        charge = liens.lire("atelier.direct", jeton, jours=JOURS_DIRECT)
    except liens.LienInvalide:
        return HttpResponse("Rechargez cette page.", status=410, content_type="text/plain; charset=utf-8")
    atelier = Atelier.objects.filter(pk=charge["a"]).first()
    if atelier is None:
        return HttpResponse("Cet atelier n'existe plus.", status=410, content_type="text/plain; charset=utf-8")
    marque = f'"{atelier.version}"'
    if request.headers.get("If-None-Match") == marque:
        reponse = HttpResponseNotModified()
    else:
        tranche = int(time.monotonic() // FRAIS)
        reponse = HttpResponse(_fragment(_Vu(atelier), charge["e"], charge["x"], tranche))
    reponse["ETag"] = marque
    reponse["Cache-Control"] = "private, no-store"
    return reponse


class _Vu:
    """A workshop in one version, as a key of the cache: the row read comes along without counting."""

    def __init__(self, atelier):
        self.atelier = atelier
        self._cle = (atelier.pk, atelier.version)

    def __hash__(self):
        return hash(self._cle)

    def __eq__(self, autre):
        return self._cle == autre._cle


@lru_cache(maxsize=32)
def _fragment(vu, ecran, axe, _tranche) -> bytes:
    return render_to_string(GABARITS[ecran], contexte_direct(vu.atelier, ecran, axe=axe)).encode()


def contexte_direct(atelier, ecran: str, *, axe: int = 0) -> dict:
    """What the fragments show; the pages include the same fragment when they open."""
    textes = montre_les_textes(atelier, ecran)
    boards = tableaux(atelier, textes=textes, axe=axe)
    return {
        **(_resultats(atelier) if ecran == "projecteur" else {}),
        "atelier": atelier,
        "tableaux": boards,
        "choisis": [tableau for tableau in boards if not axe or tableau.axe.pk == axe],
        "textes": textes,
        "total": sum(tableau.total for tableau in boards),
        "participants": atelier.participants.count(),
        "phases": [(phase, phase.label) for phase in ORDRE],
        "axe_choisi": axe,
        "qr": qr(adresse_courte(atelier)),
        "court": adresse_courte(atelier).split("://", 1)[1].rstrip("/"),
    }


def _resultats(atelier) -> dict:
    """The drawing and the figures, once the notes are given back; `resultats` None before."""
    if atelier.phase not in (Atelier.Phase.RESTITUTION, Atelier.Phase.CLOS):
        return {"resultats": None}
    resultats = calculer(atelier)
    return {"resultats": resultats, "vue": vue_d_ensemble(resultats)}
