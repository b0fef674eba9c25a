"""The results of a workshop: a page, and the same figures as files."""

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reunions.models import Atelier
from reunions.permissions import est_animateur
from reunions.resultats import calculer
from reunions.resultats.comparaison import comparer
from reunions.resultats.export import chiffres_csv, postits_csv
from reunions.resultats.presentation import presenter
from reunions.views._fil import fil


def _atelier(request, pk) -> Atelier:
    """Visitors: once given back, of a meeting that they may see; 404 otherwise, as if there were none."""
    visibles = Atelier.objects.resultats_visibles_par(request.user).select_related("reunion")
    return get_object_or_404(visibles, reunion=pk)


@never_cache
@require_safe
def atelier(request, pk):
    """The overview of all boards, then each board: its figures, its categories, its notes."""
    trouve = _atelier(request, pk)
    contexte = {
        "atelier": trouve,
        "reunion": trouve.reunion,
        "anime": est_animateur(request.user),
        "etapes": fil(trouve.reunion),
        **presenter(trouve),
    }
    return render(request, "reunions/atelier_resultats.html", contexte)


@never_cache
@require_safe
def fichier(request, pk, quoi):
    """`quoi`: « chiffres » or « postits »."""
    trouve = _atelier(request, pk)
    resultats = calculer(trouve)
    if quoi == "chiffres":
        lignes = chiffres_csv(resultats)
    elif quoi == "postits":
        lignes = postits_csv(trouve, resultats)
    else:
        raise Http404
    reponse = StreamingHttpResponse(lignes, content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="atelier-{trouve.reunion_id}-{quoi}.csv"'
    return reponse


@never_cache
@require_safe
def comparaison(request):
    """How each axis moves across the workshops given back, among those that the reader may see."""
    ateliers = Atelier.objects.resultats_visibles_par(request.user).rendus()
    return render(request, "reunions/comparaison.html", {"comparaison": comparer(ateliers), "etapes": fil()})
