"""The shared agenda: a list, a month, and what goes out of it (RSS, iCalendar)."""

from datetime import timedelta

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_headers

from annuaire.recherche.criteres import KM_CHOIX
from pole_ess.socle.flux import FluxStable, propre
from reunions.calendrier import ical, recherche
from reunions.calendrier.criteres import TYPES, Criteres, lire_mois
from reunions.calendrier.entrees import Entree
from reunions.calendrier.mois import Mois
from reunions.models import Reunion
from reunions.permissions import est_animateur, peut_proposer
from reunions.templatetags.rencontres import ou, quand

PASSE = timedelta(days=92)
ENTREES_MAX = 500
RSS_MAX = 50
PREPAREES = 10
JOURS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]


@require_safe
@vary_on_headers("HX-Request")
def agenda(request):
    """What is to come, or past, filtered; htmx swaps the results only."""
    criteres = Criteres.lire(request.GET)
    page = recherche.page_de_liste(criteres, request.user)
    contexte = {
        **_commun(request, criteres),
        "page": page,
        "precedente": criteres.url(page=page.number - 1),
        "suivante": criteres.url(page=page.number + 1),
        "remplace": request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request,
        "url_canonique": f"{reverse('reunions:agenda')}{criteres.url() if criteres.parametres() else ''}",
    }
    if contexte["remplace"]:
        return render(request, "reunions/_agenda_resultats.html", contexte)
    if est_animateur(request.user):
        contexte["preparees"] = (
            Reunion.objects.filter(etat="brouillon").pour_listes().order_by("-modifie_le", "-pk")[:10]
        )
    return render(request, "reunions/agenda.html", contexte)


@require_safe
def agenda_mois(request):
    """A month as a table, and the same as a list of days."""
    criteres = Criteres.lire(request.GET)
    premier = lire_mois(request.GET.get("mois", ""))
    mois = Mois.construire(premier, lambda du, au: recherche.du_mois(criteres, request.user, du, au))
    filtres = criteres.recherche.removeprefix("?")
    contexte = {
        **_commun(request, criteres),
        "mois": mois,
        "noms_des_jours": JOURS,
        "filtres": f"&{filtres}" if filtres else "",
        "url_canonique": f"{reverse('reunions:agenda_mois')}?mois={premier:%Y-%m}{f'&{filtres}' if filtres else ''}",
    }
    return render(request, "reunions/agenda_mois.html", contexte)


def _commun(request, criteres) -> dict:
    return {
        "criteres": criteres,
        "types": TYPES.items(),
        "km_choix": KM_CHOIX,
        "anime": est_animateur(request.user),
        "peut_proposer": peut_proposer(request.user),
    }


class FluxRencontres(Feed):
    """What was announced last, of what is to come; addresses are those of PORTAIL_URL."""

    feed_type = FluxStable
    language = "fr"
    item_guid_is_permalink = False

    def get_object(self, request: HttpRequest):
        return Criteres.lire(request.GET)

    def title(self, criteres):
        return propre(" ".join(["Rencontres et événements", *(nom for nom, _ in criteres.actifs)]))

    def description(self, criteres):
        return "L'agenda commun des structures de l'économie sociale et solidaire."

    def link(self, criteres):
        return f"{settings.PORTAIL_URL}{reverse('reunions:agenda')}{criteres.recherche}"

    def feed_url(self, criteres):
        return f"{settings.PORTAIL_URL}{reverse('reunions:flux')}{criteres.recherche}"

    def items(self, criteres):
        a_venir = recherche.publiques(criteres, maximum=ENTREES_MAX)
        return sorted(a_venir, key=lambda e: (e.parue_le, e.cle), reverse=True)[:RSS_MAX]

    def item_title(self, entree: Entree):
        mot = "Annulé : " if entree.annulee else ""
        return propre(f"{mot}{entree.objet.titre}, {quand(entree.objet)}")

    def item_description(self, entree: Entree):
        objet = entree.objet
        texte = objet.objectif if entree.du_pole else objet.description
        qui = entree.structure.nom if entree.structure else ""
        return propre("\n".join(filter(None, [qui, ou(objet), texte])))

    def item_link(self, entree: Entree):
        return f"{settings.PORTAIL_URL}{entree.objet.get_absolute_url()}"

    def item_guid(self, entree: Entree):
        return ical.uid_de(entree.objet)

    def item_pubdate(self, entree: Entree):
        return entree.parue_le

    def item_categories(self, entree: Entree):
        return [propre(entree.objet.get_genre_display())]


@require_safe
@conditional_page
def flux(request):
    """RSS: a reader that asks again for nothing new gets a 304."""
    reponse = FluxRencontres()(request)
    reponse["Cache-Control"] = "public, max-age=300"
    return reponse


@require_safe
@conditional_page
def flux_ics(request):
    """The filtered agenda for calendars, three months back; a calendar that asks again for nothing new gets a 304."""
    criteres = Criteres.lire(request.GET)
    jour = recherche.minuit(timezone.localdate() - PASSE)
    entrees = recherche.publiques(criteres, depuis=jour, maximum=ENTREES_MAX)
    nom = " ".join(["Rencontres et événements", *(mot for mot, _ in criteres.actifs)])
    reponse = HttpResponse(ical.ecrire(nom, entrees), content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = 'inline; filename="rencontres.ics"'
    reponse["Cache-Control"] = "public, max-age=300"
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse
