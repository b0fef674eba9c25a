"""The portal's own feeds: new structures, new minutes, and all that is new in one."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import QueryDict
from django.urls import reverse

from annuaire.models import Structure
from newsletter.views.archive import FluxLettres
from newsletter.views.breves import FluxBreves
from pole_ess.socle.flux import FluxStable, propre
from ressources.recherche import chercher
from ressources.views.flux import FluxAnnonces
from reunions.calendrier.criteres import Criteres as CriteresAgenda
from reunions.models import CompteRendu
from reunions.views.agenda import FluxRencontres

RSS_MAX = 50


class FluxStructures(Feed):
    """The latest published sheets; addresses are those of PORTAIL_URL."""

    feed_type = FluxStable
    language = "fr"
    title = "Annuaire : nouvelles structures"
    description = "Les structures qui viennent d'entrer dans l'annuaire."
    item_guid_is_permalink = False

    def link(self):
        return f"{settings.PORTAIL_URL}{reverse('annuaire:structure_liste')}"

    def feed_url(self):
        return f"{settings.PORTAIL_URL}{reverse('flux_structures')}"

    def items(self):
        publiees = Structure.objects.publiees().select_related("commune")
        return publiees.only(
            "nom", "slug", "presentation", "missions", "publiee_le", "commune__nom", "commune__codes_postaux"
        ).order_by("-publiee_le", "-pk")[:RSS_MAX]

    def item_title(self, structure):
        return propre(f"{structure.nom}, {structure.commune.nom}" if structure.commune else structure.nom)

    def item_description(self, structure):
        return propre(structure.presentation or structure.missions)

    def item_link(self, structure):
        return f"{settings.PORTAIL_URL}{structure.get_absolute_url()}"

    def item_guid(self, structure):
        """Stable when the name, hence the address, changes."""
        return f"{self.link()}#{structure.pk}"

    def item_pubdate(self, structure):
        return structure.publiee_le


class FluxComptesRendus(Feed):
    """The latest published minutes; a new version is said again."""

    feed_type = FluxStable
    language = "fr"
    title = "Comptes rendus"
    description = "Les comptes rendus des rencontres du pôle."
    item_guid_is_permalink = False

    def link(self):
        return f"{settings.PORTAIL_URL}{reverse('reunions:agenda')}"

    def feed_url(self):
        return f"{settings.PORTAIL_URL}{reverse('flux_comptes_rendus')}"

    def items(self):
        return CompteRendu.objects.publics().pour_donnees()[:RSS_MAX]

    def item_title(self, minutes):
        suite = f" (version {minutes.derniere[0].numero})" if minutes.derniere[0].numero > 1 else ""
        return propre(f"Compte rendu : {minutes.reunion.titre}{suite}")

    def item_description(self, minutes):
        return propre(minutes.derniere[0].note or minutes.reunion.objectif)

    def item_link(self, minutes):
        return f"{settings.PORTAIL_URL}{minutes.get_absolute_url()}"

    def item_guid(self, minutes):
        return f"{self.item_link(minutes)}#{minutes.derniere[0].numero}"

    def item_pubdate(self, minutes):
        return minutes.publie_le


@dataclass(frozen=True)
class Nouveaute:
    """An item of one of the feeds, with that feed: it says it in its own words."""

    flux: Feed
    objet: object

    @property
    def quand(self):
        return self.flux.item_pubdate(self.objet)

    @property
    def lien(self) -> str:
        return self.flux.item_link(self.objet)

    @property
    def cle(self) -> str:
        return self.flux.item_guid(self.objet) if hasattr(self.flux, "item_guid") else self.lien


def nouveautes() -> list[Nouveaute]:
    """What each feed holds, the latest first: a constant number of queries."""
    annonces, rencontres = FluxAnnonces(), FluxRencontres()
    sources = [(flux, flux.items()) for flux in (FluxStructures(), FluxComptesRendus(), FluxLettres(), FluxBreves())]
    sources += [(annonces, annonces.items(chercher(QueryDict()))), (rencontres, rencontres.items(CriteresAgenda()))]
    toutes = [Nouveaute(flux, objet) for flux, objets in sources for objet in objets]
    return sorted((n for n in toutes if n.quand), key=lambda n: (n.quand, n.cle), reverse=True)[:RSS_MAX]


class FluxNouveautes(Feed):
    """All that is new: structures, offers and needs, meetings and events, minutes, news, letters."""

    feed_type = FluxStable
    language = "fr"
    title = "Tout ce qui est nouveau"
    description = "Structures, offres et besoins, rencontres, comptes rendus, brèves et lettres du pôle."
    item_guid_is_permalink = False

    def link(self):
        return f"{settings.PORTAIL_URL}{reverse('accueil')}"

    def feed_url(self):
        return f"{settings.PORTAIL_URL}{reverse('flux_nouveautes')}"

    def items(self):
        return nouveautes()

    def item_title(self, nouveaute):
        return nouveaute.flux.item_title(nouveaute.objet)

    def item_description(self, nouveaute):
        return nouveaute.flux.item_description(nouveaute.objet)

    def item_link(self, nouveaute):
        return nouveaute.lien

    def item_guid(self, nouveaute):
        return nouveaute.cle

    def item_pubdate(self, nouveaute):
        return nouveaute.quand


FLUX = [
    ("Tout ce qui est nouveau", "RSS", "flux_nouveautes"),
    ("Nouvelles structures", "RSS", "flux_structures"),
    ("Offres et besoins", "RSS", "ressources:annonce_flux"),
    ("Rencontres et événements annoncés", "RSS", "reunions:flux"),
    ("Agenda, à suivre depuis votre calendrier", "iCalendar", "reunions:flux_ics"),
    ("Comptes rendus", "RSS", "flux_comptes_rendus"),
    ("Lettres", "RSS", "newsletter:flux"),
    ("Brèves", "RSS", "newsletter:breves_flux"),
]
"""(what it says, format, URL name) of every feed that anybody may follow."""
