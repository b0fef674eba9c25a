"""The page of an announcement."""

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from ressources import fiche, json_ld, panneaux
from ressources.models import Annonce
from ressources.permissions import est_de_la_maison, peut_gerer, voit_fichiers


@require_safe
def annonce_detail(request, pk, slug):
    """What is offered or sought; panels beside and below say what to do with it."""
    annonces = Annonce.objects.visibles_par(request.user).pour_page()
    annonce = get_object_or_404(annonces, pk=pk)
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
