from django.conf import settings
from django.db.models import Count, Sum
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from annuaire import compte_attentes
from annuaire.models import Structure
from annuaire.recherche import chercher
from annuaire.recherche.criteres import KM_CHOIX
from newsletter.models import Breve, Numero
from pole_ess.socle import attentes
from ressources.models import Annonce
from reunions.calendrier.recherche import prochaines

NOUVELLES_MAX = 3
ANNONCES_MAX = 4
RENDEZ_VOUS_MAX = 3
BREVES_MAX = 2
ATTENTES_MAX = 6
SENS = [
    (Annonce.Sens.BESOIN, "On cherche", "Tous les besoins"),
    (Annonce.Sens.OFFRE, "On propose", "Toutes les offres"),
]


@require_safe
def accueil(request):
    """One page for all: what waits for a member or for the staff first, then what the hub is and what is new."""
    annuaire = chercher(QueryDict(), request.user)
    contexte = {
        "criteres": annuaire.criteres,
        "km_choix": KM_CHOIX,
        "entrees": annuaire.taxonomies.en_avant(annuaire.comptes),
        "nouvelles": Structure.objects.publiees()
        .select_related("commune")
        .only("nom", "slug", "logo", "presentation", "missions", "commune__nom", "publiee_le", "est_demonstration")
        .order_by("-publiee_le", "-pk")[:NOUVELLES_MAX],
        "annonces": [
            (sens, titre, tout, list(Annonce.objects.nouveautes(sens)[:ANNONCES_MAX])) for sens, titre, tout in SENS
        ],
        "rendez_vous": prochaines(request.user, RENDEZ_VOUS_MAX),
        "lettre": Numero.objects.archives().first(),
        "breves": list(Breve.objects.publiees().recentes()[:BREVES_MAX]),
        "chiffres": _chiffres(annuaire.total),
        "resultat": annuaire,
        "url_points": f"{reverse('annuaire:carte_points')}?",
        "url_sans_point": "?sans_point=1",
        "tuiles_url": settings.TUILES_URL,
        "tuiles_attribution": settings.TUILES_ATTRIBUTION,
    }
    if request.user.is_authenticated:
        contexte |= compte_attentes.contexte(request.user)
    if request.user.is_staff:
        en_attente = [ligne for ligne in attentes.toutes(request.user) if ligne.nombre]
        contexte |= {"a_l_equipe": en_attente[:ATTENTES_MAX], "autres": len(en_attente[ATTENTES_MAX:])}
    return render(request, "portail/accueil.html", contexte)


def _chiffres(structures: int) -> list[tuple[str, int]]:
    """The territory in figures: those that are known."""
    sommes = Structure.objects.publiees().aggregate(
        communes=Count("commune", distinct=True), etp=Sum("salaries_etp"), benevoles=Sum("benevoles")
    )
    return [
        (nom, round(valeur))
        for nom, valeur in [
            ("structures", structures),
            ("communes", sommes["communes"]),
            ("emplois (équivalent temps plein)", sommes["etp"]),
            ("bénévoles", sommes["benevoles"]),
        ]
        if valeur
    ]
