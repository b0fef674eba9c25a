"""One's own turn of the round table, without an account: by the link of the workshop, or of the invitation."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, compter
from reunions.actions import TransitionInterdite, tour_de_table
from reunions.actions import tour_personnel as actes
from reunions.forms.tour_de_table import PrioritesForm

from ._acces import participant_du_lien
from ._fil import fil
from .atelier_participant import lien_casse
from .inscription import lire_invitation, page_du_lien

methodes = require_http_methods(["GET", "HEAD", "POST"])
ENVOIS = {"maximum": 60, "secondes": 3600}


@never_cache
@methodes
def participer(request, jeton):
    """By the personal link of the workshop."""
    try:
        participant = participant_du_lien(jeton)
    except liens.LienInvalide as erreur:
        return lien_casse(request, expire=isinstance(erreur, liens.LienExpire))
    return _page(request, actes.du_participant(participant), cle=f"a{participant.pk}", atelier=jeton)


@never_cache
@methodes
def par_invitation(request, jeton):
    """By the link of the invitation, that also answers it."""
    try:
        participation = lire_invitation(jeton)
    except liens.LienInvalide as erreur:
        return page_du_lien(request, erreur)
    personne = actes.Personne(participation.reunion, participation=participation)
    return _page(request, personne, cle=f"i{participation.pk}", invitation=jeton)


def _page(request, personne, *, cle, atelier="", invitation=""):
    """The person's priorities, to write until the minutes are published; what was typed comes back with its reason."""
    tour, ferme = actes.tour_de(personne), actes.refus(personne.reunion)
    textes = [priorite.texte for priorite in tour.priorites.all()] if tour else []
    form = PrioritesForm(request.POST if request.method == "POST" else None, initial={"priorites": textes})
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"tour-de-table:{cle}", **ENVOIS)
            actes.ecrire(personne, **form.cleaned_data)
        except LimiteDepassee as depassee:
            limite = depassee
        except tour_de_table.PrioritesChangees as changees:
            form.revoir(changees.actuelles)
            form.add_error("priorites", str(changees))
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "C'est noté, merci. L'équipe les voit tout de suite.")
            return redirect(request.path)
    contexte = {
        "reunion": personne.reunion,
        "tour": tour,
        "textes": textes,
        "form": form,
        "ferme": ferme,
        "attend": "" if tour or personne.est_la else actes.PAS_ENCORE,
        "atelier": atelier,
        "invitation": invitation,
        "etapes": fil(),
    }
    return rendre(request, "reunions/tour_personnel.html", contexte, limite=limite)
