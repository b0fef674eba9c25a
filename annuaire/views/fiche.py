"""A structure's sheet and its business card."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from annuaire import blocs, cartes_de_partage, cartes_de_visite, json_ld, permissions
from annuaire.fiche import lire
from annuaire.models import Structure


@require_safe
def structure_detail(request, slug):
    structure = get_object_or_404(Structure.objects.visibles_par(request.user).pour_fiche(), slug=slug)
    contexte = {
        "structure": structure,
        "etapes": [("Annuaire", reverse("annuaire:structure_liste"))],
        "lecture": lire(structure, request.user),
        "blocs": blocs.rendre(structure, request),
        "json_ld": json_ld.en_script(json_ld.decrire(structure, racine=settings.PORTAIL_URL)),
        "adresse_fiche": settings.PORTAIL_URL + structure.get_absolute_url(),
    }
    return render(request, "annuaire/structure_detail.html", contexte)


@require_safe
def vcard(request, slug):
    structure = get_object_or_404(Structure.objects.visibles_par(request.user).pour_fiche(), slug=slug)
    lecture = lire(structure, request.user)
    texte = cartes_de_visite.carte(
        structure,
        url=settings.PORTAIL_URL + structure.get_absolute_url(),
        prive=permissions.voit_coordonnees(request.user, structure),
        contacts=lecture.contacts,
    )
    nom = cartes_de_visite.nom_de_fichier(structure)
    response = HttpResponse(texte, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{nom}"'
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
@cache_control(public=True, max_age=86400)
def carte_partage(request, slug):
    """The picture that social networks show beside a link to the sheet; only for what anyone may see."""
    structure = get_object_or_404(
        Structure.objects.publiees().select_related("commune").prefetch_related("activites"), slug=slug
    )
    return HttpResponse(cartes_de_partage.dessiner(structure), content_type="image/png")
