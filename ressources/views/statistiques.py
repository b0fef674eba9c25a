"""Public figures of offers and needs."""

from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from ressources.forms.statistiques import ChiffresForm
from ressources.statistiques import compter, compter_echanges, presentation
from ressources.statistiques.comptes import premiere_parution
from ressources.statistiques.echanges import MINIMUM_PUBLIC

LISTE = [("Offres et besoins", reverse_lazy("ressources:annonce_liste"))]


@require_safe
def chiffres(request):
    """Offered, sought, met, by nature and month; what exchanges were worth, whatever the filters (no structure's
    own declaration is to be found by narrowing them)."""
    form = ChiffresForm(request.GET if request.GET else None, premiere=premiere_parution())
    choix = form.choix()
    periode, nature = choix["periode"], choix["nature"]
    comptes, echanges = compter(**choix), compter_echanges(periode)
    contexte = {
        "form": form,
        "etapes": LISTE,
        **choix,
        "resume": presentation.resume(periode, comptes),
        "resume_des_valeurs": presentation.resume_des_valeurs(echanges),
        "graphique_natures": presentation.graphique_des_natures(comptes, nature=nature),
        "graphique_mois": presentation.graphique_des_mois(periode, comptes),
        "natures": presentation.par_nature(comptes, nature=nature),
        "mois": presentation.par_mois(periode, comptes),
        "valeurs": presentation.valeurs(echanges),
        "faits": presentation.faits(echanges),
        "minimum": MINIMUM_PUBLIC,
    }
    return render(request, "ressources/chiffres.html", contexte)
