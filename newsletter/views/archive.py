"""The letters already sent: their list, its feed, one page each. Anybody may read them."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from newsletter import archive
from newsletter.models import Breve, Numero
from pole_ess.socle.flux import FluxStable, propre

from ._fil import fil

PAR_PAGE = 20
RSS_MAX = 30
BREVES = 3


@require_safe
def archives(request):
    """The latest first; beside them, subscribing and the latest news."""
    contexte = {
        "page": Paginator(Numero.objects.archives(), PAR_PAGE).get_page(request.GET.get("page")),
        "breves": Breve.objects.publiees().recentes()[:BREVES],
    }
    return render(request, "newsletter/archives.html", contexte)


@require_safe
def numero(request, rang):
    """« Voir en ligne »: no personal data, no item that is not public."""
    numero = get_object_or_404(Numero.objects.archives(), rang=rang)
    contexte = {
        "numero": numero,
        "sections": [
            (section, [(carte, archive.chemin(carte)) for carte in section.cartes])
            for section in archive.sections(numero)
        ],
        "precedent": Numero.objects.avant(rang),
        "suivant": Numero.objects.apres(rang),
        "etapes": fil(),
    }
    return render(request, "newsletter/numero.html", contexte)


class FluxLettres(Feed):
    """Every letter, the latest first; addresses are those of PORTAIL_URL."""

    feed_type = FluxStable
    language = "fr"
    title = "La lettre"
    description = "Les lettres du pôle, telles que le site les garde."

    def link(self):
        return f"{settings.PORTAIL_URL}{reverse('newsletter:archives')}"

    def feed_url(self):
        return f"{settings.PORTAIL_URL}{reverse('newsletter:flux')}"

    def items(self):
        return Numero.objects.archives()[:RSS_MAX]

    def item_title(self, numero):
        return propre(numero.sujet)

    def item_description(self, numero):
        return propre(numero.preheader)

    def item_link(self, numero):
        return f"{settings.PORTAIL_URL}{numero.get_absolute_url()}"

    def item_pubdate(self, numero):
        return numero.lance_le


@require_safe
@conditional_page
def flux(request):
    """RSS: a reader that asks again for nothing new gets a 304."""
    reponse = FluxLettres()(request)
    reponse["Cache-Control"] = "public, max-age=300"
    return reponse
