"""The page of an announcement, and those of my structures."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from pole_ess.socle.stockage import adresse_absolue
from ressources import fiche, json_ld, panneaux
from ressources.actions import annonces
from ressources.forms.annonce_choix import lire_cle
from ressources.mes_annonces import mes_groupes
from ressources.models import Annonce
from ressources.permissions import (
    est_de_la_maison,
    peut_gerer,
    structures_gerees,
    structures_pour_publier,
    voit_fichiers,
)
from ressources.views._acces import avec_annonce_gerable


@require_safe
def annonce_detail(request, pk, slug):
    """What is offered or sought; panels beside and below say what to do with it."""
    annonce = get_object_or_404(Annonce.objects.visibles_par(request.user).pour_page(), pk=pk)
    if slug != annonce.slug:
        return redirect(annonce)  # not permanent: a title may change back
    return render(request, "ressources/annonce_detail.html", contexte_de_page(request, annonce))


def contexte_de_page(request, annonce, *, apercu=False) -> dict:
    """What the page and its preview need; the preview has no panels."""
    publique = annonce.etat in (Annonce.Etat.PUBLIEE, Annonce.Etat.POURVUE)
    photos = list(annonce.photos.all())
    return {
        "annonce": annonce,
        "etapes": [("Offres et besoins", "/offres-et-besoins/")],
        "situation": fiche.situation(annonce),
        "faits": fiche.faits(annonce),
        "premiere": photos[0] if photos else None,
        "image_partagee": adresse_absolue(photos[0].fichier) if photos else "",
        "photos": photos,
        "fichiers": annonce.fichiers.all(),
        "voit_fichiers": voit_fichiers(request.user, annonce),
        "voit_motif": peut_gerer(request.user, annonce) or est_de_la_maison(request.user, annonce),
        "publique": publique,
        "apercu": apercu,
        "principaux": [] if apercu else panneaux.rendre(panneaux.PRINCIPAUX, annonce, request),
        "suite": [] if apercu else panneaux.rendre(panneaux.SUITE, annonce, request),
        "json_ld": json_ld.en_script(json_ld.decrire(annonce, racine=settings.PORTAIL_URL)) if publique else "",
        "adresse": settings.PORTAIL_URL + annonce.get_absolute_url() if annonce.pk else "",
    }


@never_cache
@require_safe
@login_required
def mes_annonces(request):
    """All the announcements of my structures, grouped by what they ask of me."""
    contexte = {
        "groupes": mes_groupes(request.user),
        "peut_publier": structures_pour_publier(request.user).exists(),
        "gerees": set(structures_gerees(request.user)),
    }
    return render(request, "ressources/mes_annonces.html", contexte)


@require_POST
@avec_annonce_gerable
def annonce_dupliquer(request, annonce):
    """A draft with the same words; pressed twice, one copy."""
    try:
        copie = annonces.dupliquer(annonce, par=request.user, cle=lire_cle(request.POST))
    except annonces.CleDejaPrise as erreur:
        raise PermissionDenied from erreur
    messages.success(request, "Copie faite : c'est un brouillon. Relisez-la, puis publiez-la.")
    return redirect("ressources:annonce_modifier", copie.pk)
