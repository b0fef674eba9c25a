"""The RSS feed of a search: what is newest in it."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from pole_ess.socle.flux import FluxStable, propre
from ressources import cartes
from ressources.recherche import chercher
from ressources.recherche.presentation import en_clair

ANNONCES_MAX = 50


class FluxAnnonces(Feed):
    """Every URL of the list has its feed, newest first; addresses are those of PORTAIL_URL."""

    feed_type = FluxStable
    language = "fr"

    def get_object(self, request: HttpRequest):
        return chercher(request.GET, request.user)

    def title(self, resultat):
        return propre(f"Offres et besoins : {quoi}" if (quoi := en_clair(resultat)) else "Offres et besoins")

    def description(self, resultat):
        return "Ce que les structures de l'économie sociale et solidaire proposent et cherchent."

    def link(self, resultat):
        chaine = resultat.criteres.recherche
        return f"{settings.PORTAIL_URL}{reverse('ressources:annonce_liste')}{'?' if chaine else ''}{chaine}"

    def feed_url(self, resultat):
        chaine = resultat.criteres.recherche
        return f"{settings.PORTAIL_URL}{reverse('ressources:annonce_flux')}{'?' if chaine else ''}{chaine}"

    def items(self, resultat):
        trouvees = resultat.filtree_exacte.select_related("structure", "commune", "categorie")
        return trouvees.order_by("-publiee_le", "-pk")[:ANNONCES_MAX]

    def item_title(self, annonce):
        return propre(f"{annonce.get_sens_display()} : {annonce}")

    def item_description(self, annonce):
        lieu = f"{annonce.structure.nom}, {annonce.commune.nom}" if annonce.commune else annonce.structure.nom
        return propre("\n".join(filter(None, [cartes.ligne(annonce), lieu, annonce.description])))

    def item_link(self, annonce):
        return f"{settings.PORTAIL_URL}{annonce.get_absolute_url()}"

    def item_guid(self, annonce):
        """Stable when the title, hence the address, changes."""
        return f"{settings.PORTAIL_URL}{reverse('ressources:annonce_liste')}#{annonce.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, annonce):
        return annonce.publiee_le

    def item_categories(self, annonce):
        noms = [annonce.get_nature_display(), annonce.categorie.nom if annonce.categorie else ""]
        return [propre(nom) for nom in noms if nom]


@require_safe
@conditional_page
def annonce_flux(request):
    """With Last-Modified and ETag: a reader that asks again for nothing new gets a 304."""
    reponse = FluxAnnonces()(request)
    reponse["Cache-Control"] = "public, max-age=300"
    return reponse
