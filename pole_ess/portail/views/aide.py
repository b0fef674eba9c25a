"""Help for all, the staff guide for the staff."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pole_ess.portail.aide import pages
from reunions.permissions import animateurs_seulement


@require_safe
def aide(request):
    """The questions by group; `?q=`: those that hold these words."""
    q = " ".join(request.GET.get("q", "")[:200].split())
    trouvees = pages.chercher(q)
    contexte = {"q": q, "combien": len(trouvees), "groupes": pages.groupees(trouvees), "etapes": []}
    return render(request, "portail/aide.html", contexte)


@require_safe
def aide_page(request, slug):
    page = pages.pages().get(slug)
    if page is None:
        raise Http404
    voisines = [autre for autre in pages.pages().values() if autre.groupe == page.groupe and autre != page]
    contexte = {"page": page, "voisines": voisines, "etapes": [("Aide", reverse("aide"))]}
    return render(request, "portail/aide_page.html", contexte)


@require_safe
@animateurs_seulement
def aide_equipe(request):
    """docs/staff-guide.fr.md, with its table of contents: one page, so that the browser's search finds everything."""
    return render(request, "portail/aide_equipe.html", {"guide": pages.guide(), "etapes": [("Aide", reverse("aide"))]})


@require_safe
@animateurs_seulement
@cache_control(private=True, max_age=3600)
def aide_image(request, nom):
    """A picture of the guide: it shows pages of the staff."""
    chemin = pages.image(nom)
    if chemin is None:
        raise Http404
    return HttpResponse(chemin.read_bytes(), content_type="image/webp")
