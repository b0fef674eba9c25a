"""The hub in figures, for all: the year at a glance, chapters, a file of each figure, the report of a year."""

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import conditional_page, require_safe

from pole_ess.portail.observatoire import releve as releves
from pole_ess.portail.observatoire.chapitres import CHAPITRES, MESURES
from pole_ess.portail.observatoire.fichiers import LICENCE, en_csv, nom_de_fichier
from pole_ess.portail.observatoire.formulaire import TOUTES, AnneeForm
from pole_ess.portail.observatoire.rapport import cle_du_pdf, en_pdf
from pole_ess.portail.observatoire.resume import reperes
from pole_ess.socle.documents import reponse_pdf
from pole_ess.socle.limites import adresse_reseau, compter

ICI = [("Observatoire", reverse_lazy("observatoire"))]
RAPPORTS_MAX, PERIODE = 10, 600
"""Reports composed per network and seconds; one already composed is given without counting."""


def _choisir(request) -> tuple[AnneeForm, releves.Releve]:
    """The form and the figures of the year that it asks for."""
    commun = releves.lire_commun()
    form = AnneeForm(request.GET if "annee" in request.GET else None, annees=commun.annees)
    return form, releves.lire(form.choix(), commun=commun)


def _contexte(form, releve) -> dict:
    return {
        "form": form,
        "releve": releve,
        "chapitres": CHAPITRES.values(),
        "annee": str(releve.annee) if releve.annee else TOUTES,
        "licence": LICENCE,
    }


@require_safe
def observatoire(request):
    """The year at a glance."""
    form, releve = _choisir(request)
    return render(request, "portail/observatoire.html", {**_contexte(form, releve), "reperes": reperes(releve)})


@require_safe
def chapitre(request, chapitre):
    if chapitre not in CHAPITRES:
        raise Http404
    form, releve = _choisir(request)
    trouve = CHAPITRES[chapitre]
    contexte = {
        **_contexte(form, releve),
        "chapitre": trouve,
        "mesures": [faire(releve) for faire in trouve.mesures.values()],
        "etapes": ICI,
    }
    return render(request, "portail/observatoire_chapitre.html", contexte)


@require_safe
@conditional_page
def mesure_csv(request, mesure):
    """The figures of the page's table, for a spreadsheet or a program."""
    if mesure not in MESURES:
        raise Http404
    _, releve = _choisir(request)
    trouvee = MESURES[mesure](releve)
    reponse = HttpResponse("".join(en_csv(trouvee, releve)), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom_de_fichier(trouvee, releve)}"'
    reponse["Link"] = f'<{LICENCE}>; rel="license"'
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@require_safe
@conditional_page
def rapport(request, annee):
    """The report of a year that has figures."""
    try:
        releve = releves.lire(annee)
    except LookupError as erreur:
        raise Http404 from erreur
    if cle_du_pdf(releve) not in cache:
        compter(f"rapport:{adresse_reseau(request)}", maximum=RAPPORTS_MAX, secondes=PERIODE)
    reponse = reponse_pdf(en_pdf(releve), f"observatoire-{annee}")
    reponse["Cache-Control"] = "no-cache"  # the same for all: kept, and asked again with its ETag
    del reponse["X-Robots-Tag"]
    return reponse
