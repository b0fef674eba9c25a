"""The directory on paper: choosing a booklet, and its file."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.models import Activite
from pole_ess.portail.papier import reserve, travaux
from pole_ess.portail.papier.demande import FORMATS, Demande, choix_des_communes, choix_des_epci
from pole_ess.socle.documents import reponse_pdf
from pole_ess.socle.limites import adresse_reseau, compter

LIVRETS_MAX, PERIODE = 20, 600
"""Files, and orders, per network and seconds."""


@require_http_methods(["GET", "HEAD", "POST"])
def annuaire_papier(request):
    """Choose a format and a part of the directory; POST: ask the worker for a long booklet."""
    demande = Demande.lire(request.GET)
    etat = reserve.etat(demande)
    ici = f"{reverse('annuaire_papier')}?{demande.chaine}"
    if request.method == "POST":
        if not (etat.trop or etat.livret or etat.sur_le_champ):
            compter(f"livret:{adresse_reseau(request)}", maximum=LIVRETS_MAX, secondes=PERIODE)
            travaux.commander(demande, etat)
            messages.success(request, "C'est demandé. Le livret sera prêt sur cette page dans une minute environ.")
        return redirect(f"{ici}#livret")
    contexte = {
        "etapes": [("Annuaire", reverse("annuaire:structure_liste"))],
        "demande": demande,
        "etat": etat,
        "commande": not etat.livret and not etat.trop and travaux.est_commande(etat),
        "maximum": reserve.STRUCTURES_MAX,
        "formats": [(valeur, nom, precision) for valeur, (nom, precision) in FORMATS.items()],
        "activites": Activite.objects.select_related("parent").order_by("ordre", "nom", "pk"),
        "communes": choix_des_communes(),
        "epcis": choix_des_epci(),
        "fichier": f"{reverse('annuaire_papier_fichier')}?{demande.chaine}",
        "ici": ici,
    }
    gabarit = "portail/annuaire_papier.html"
    if request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request:
        gabarit += "#livret"
    return render(request, gabarit, contexte)


@require_safe
def livret(request):
    """The PDF, set at once when it is short and not kept; a long one that is not ready leads to its page."""
    demande = Demande.lire(request.GET)
    etat = reserve.etat(demande)
    if etat.trop or not (etat.livret or etat.sur_le_champ):
        return redirect(f"{reverse('annuaire_papier')}?{demande.chaine}#livret")
    etiquette = quote_etag(etat.cle)
    if etiquette in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": etiquette})
    if request.method == "HEAD":
        return HttpResponse(content_type="application/pdf", headers={"ETag": etiquette})
    fait = etat.livret
    if fait is None:
        compter(f"livret:{adresse_reseau(request)}", maximum=LIVRETS_MAX, secondes=PERIODE)
        try:
            fait = reserve.composer_seul(demande)
        except reserve.DejaUneComposition:
            reponse = render(
                request, "portail/annuaire_papier_occupe.html", {"ici": request.get_full_path()}, status=503
            )
            reponse["Retry-After"] = "10"
            return reponse
    reponse = reponse_pdf(fait.lire(), f"annuaire {demande.partie} {demande.format}")
    reponse["ETag"] = etiquette
    reponse["Cache-Control"] = "public, no-cache"
    return reponse
