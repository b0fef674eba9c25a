"""Short news for all: their list, its feed, a page each."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from newsletter.actions import breves as actes
from newsletter.models import Breve
from pole_ess.socle.flux import FluxStable, propre

from ._actes import ACTES
from ._fil import fil

PAR_PAGE = 20
RSS_MAX = 50


@require_safe
def breves(request):
    """The latest first."""
    contexte = {
        "page": Paginator(Breve.objects.publiees().recentes(), PAR_PAGE).get_page(request.GET.get("page")),
        "etapes": fil(),
    }
    return render(request, "newsletter/breves.html", contexte)


@require_safe
def breve(request, pk):
    """One, with its structure; who manages it sees its state and what they may do."""
    breve = get_object_or_404(Breve.objects.visibles_par(request.user).recentes(), pk=pk)
    gere = Breve.objects.gerables_par(request.user).filter(pk=pk).exists()
    contexte = {
        "breve": breve,
        "gere": gere,
        "actes": [(nom, ACTES[nom]) for nom in actes.actes_possibles(breve) if nom in ACTES] if gere else [],
        "publique": breve.etat == Breve.Etat.PUBLIEE and breve.structure.etat == "publiee",
        "autres": Breve.objects.publiees().de_structure(breve.structure).recentes().exclude(pk=pk)[:3],
        "etapes": fil(("Brèves", reverse("newsletter:breves"))),
    }
    return render(request, "newsletter/breve.html", contexte)


class FluxBreves(Feed):
    """Published news, the latest first; addresses are those of PORTAIL_URL."""

    feed_type = FluxStable
    language = "fr"
    title = "Brèves"
    description = "Les nouvelles des structures de l'économie sociale et solidaire."

    def link(self):
        return f"{settings.PORTAIL_URL}{reverse('newsletter:breves')}"

    def feed_url(self):
        return f"{settings.PORTAIL_URL}{reverse('newsletter:breves_flux')}"

    def items(self):
        return Breve.objects.publiees().recentes()[:RSS_MAX]

    def item_title(self, breve):
        return propre(f"{breve.titre} ({breve.structure.nom})")

    def item_description(self, breve):
        return propre(breve.texte)

    def item_link(self, breve):
        return f"{settings.PORTAIL_URL}{breve.get_absolute_url()}"

    def item_pubdate(self, breve):
        return breve.publiee_le


@require_safe
@conditional_page
def flux(request):
    """RSS: a reader that asks again for nothing new gets a 304."""
    reponse = FluxBreves()(request)
    reponse["Cache-Control"] = "public, max-age=300"
    return reponse
