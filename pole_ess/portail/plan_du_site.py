"""What search engines should read: sheets and plain pages, never the countless filtered lists."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from annuaire.models import Structure
from newsletter.models import Breve, Numero
from reunions.models import CompteRendu, Evenement, Reunion

FERMES = [
    "/admin/",
    "/api/",
    "/donnees-ouvertes/*.",
    "/integre/",
    "/integrer/?*",
    "/compte/",
    "/annuaire/?*",
    "/annuaire/carte/",
    "/annuaire/communes/",
    "/annuaire/export.",
    "/annuaire/lien/",
    "/annuaire/proposer/?*",
    "/annuaire/proposer/doublons/",
    "/annuaire/proposer/confirmer/",
    "/annuaire/*/ecrire/",
    "/annuaire/*/signaler/",
    "/annuaire/*/retirer/",
    "/annuaire/*/revendiquer/",
    "/annuaire-papier/?*",
    "/annuaire-papier/livret.pdf",
    "/aide/?*",
    "/aide/equipe/",
    "/rencontres/*/affiche.pdf",
    "/rencontres/?*",
    "/rencontres/mois/",
    "/rencontres/flux/",
    "/rencontres/agenda.ics",
    "/rencontres/lien/",
    "/rencontres/sondages/",
    "/lettre/confirmer/",
    "/lettre/preferences/",
    "/lettre/desabonner/",
    "/lettre/mon-abonnement/",
    "/lettre/breves/proposer/",
    "/recherche/?*",
]
"""Prefixes of addresses (RFC 9309, `*` stands for anything): filters, forms, signed links, accounts.

Not « /annuaire/? »: parsers that tidy addresses drop the lone question mark and close the whole directory.
"""


class PlanDuPortail(Sitemap):
    """Addresses take the scheme of PORTAIL_URL, and the host that was asked."""

    protocol = settings.PORTAIL_URL.partition(":")[0]


class PlanStructures(PlanDuPortail):
    """Every published sheet; 50,000 a file, the protocol's limit."""

    limit = 50_000

    def items(self):
        return Structure.objects.publiees().only("slug", "modifie_le").order_by("pk")

    def lastmod(self, structure):
        return structure.modifie_le


class PlanRencontres(PlanDuPortail):
    """Public meetings, the latest first."""

    limit = 50_000

    def items(self):
        return Reunion.objects.publiques().only("pk", "modifie_le").order_by("-pk")

    def lastmod(self, reunion):
        return reunion.modifie_le


class PlanComptesRendus(PlanDuPortail):
    """Published minutes of public meetings."""

    limit = 50_000

    def items(self):
        return CompteRendu.objects.publics().only("reunion_id", "publie_le").order_by("-reunion_id")

    def lastmod(self, minutes):
        return minutes.publie_le


class PlanEvenements(PlanDuPortail):
    """Events to come."""

    limit = 50_000

    def items(self):
        return Evenement.objects.publies().a_venir().only("pk", "modifie_le")

    def lastmod(self, evenement):
        return evenement.modifie_le


class PlanLettres(PlanDuPortail):
    """The letters already sent, the latest first."""

    limit = 50_000

    def items(self):
        return Numero.objects.archives().only("rang", "lance_le")

    def lastmod(self, numero):
        return numero.lance_le


class PlanBreves(PlanDuPortail):
    """Published news."""

    limit = 50_000

    def items(self):
        return Breve.objects.publiees().only("pk", "modifie_le").order_by("-pk")

    def lastmod(self, breve):
        return breve.modifie_le


class PlanPages(PlanDuPortail):
    """The pages that exist once."""

    def items(self):
        return [
            "accueil",
            "annuaire:structure_liste",
            "annuaire:proposer",
            "annuaire:couverture",
            "observatoire",
            "donnees_ouvertes",
            "api_documentation",
            "integrer",
            "ressources:chiffres",
            "reunions:agenda",
            "reunions:reste_a_accueillir",
            "newsletter:archives",
            "newsletter:abonnement",
            "newsletter:breves",
            "aide",
            "annuaire_papier",
            "mentions_legales",
            "donnees_personnelles",
            "accessibilite",
        ]

    def location(self, nom):
        return reverse(nom)


PLANS = {
    "pages": PlanPages,
    "structures": PlanStructures,
    "rencontres": PlanRencontres,
    "comptes-rendus": PlanComptesRendus,
    "evenements": PlanEvenements,
    "lettres": PlanLettres,
    "breves": PlanBreves,
}


@require_safe
@cache_control(public=True, max_age=86400)
def robots(request):
    """robots.txt: what not to walk through, and where the site map is."""
    fermes = "\n".join(f"Disallow: {prefixe}" for prefixe in FERMES)
    plan = f"{settings.PORTAIL_URL}{reverse('plan_du_site')}"
    return HttpResponse(f"User-agent: *\n{fermes}\n\nSitemap: {plan}\n", content_type="text/plain; charset=utf-8")
