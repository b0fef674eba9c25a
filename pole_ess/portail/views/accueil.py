from django.db.models import Count, Sum
from django.http import QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annuaire.models import Structure
from annuaire.recherche import chercher
from annuaire.recherche.criteres import KM_CHOIX
from ressources.models import Annonce

NOUVELLES_MAX = 3
ANNONCES_MAX = 4
SENS = [
    (Annonce.Sens.BESOIN, "On cherche", "Tous les besoins"),
    (Annonce.Sens.OFFRE, "On propose", "Toutes les offres"),
]


@require_safe
def accueil(request):
    """The search, the ways in, the newest needs, offers and structures, the territory in figures (known ones)."""
    annuaire = chercher(QueryDict(), request.user)
    publiees = Structure.objects.publiees()
    chiffres = publiees.aggregate(
        communes=Count("commune", distinct=True), etp=Sum("salaries_etp"), benevoles=Sum("benevoles")
    )
    contexte = {
        "criteres": annuaire.criteres,
        "km_choix": KM_CHOIX,
        "entrees": annuaire.taxonomies.en_avant(annuaire.comptes),
        "nouvelles": publiees.select_related("commune")
        .only("nom", "slug", "logo", "presentation", "missions", "commune__nom", "publiee_le", "est_demonstration")
        .order_by("-publiee_le", "-pk")[:NOUVELLES_MAX],
        "annonces": [
            (sens, titre, tout, list(Annonce.objects.nouveautes(sens)[:ANNONCES_MAX])) for sens, titre, tout in SENS
        ],
        "chiffres": [
            (nom, round(valeur))
            for nom, valeur in [
                ("structures", annuaire.total),
                ("communes", chiffres["communes"]),
                ("emplois (équivalent temps plein)", chiffres["etp"]),
                ("bénévoles", chiffres["benevoles"]),
            ]
            if valeur
        ],
    }
    return render(request, "portail/accueil.html", contexte)
