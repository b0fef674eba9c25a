"""A structure's bilan of a year: its page, its files, its word on what waits for it. Its members' and the staff's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annuaire.exports import lignes_csv
from annuaire.permissions import est_rattache, est_referent
from pole_ess.socle.documents import pdf, reponse_pdf
from pole_ess.socle.models import ReglagesPole
from ressources.actions import bilans as actions
from ressources.bilans import bilans_de, lire_annee, presentation
from ressources.bilans.annee import bilan_de
from ressources.bilans.faits import Manque
from ressources.bilans.fichiers import BASES_DITES, FICHIERS, pour_pdf
from ressources.bilans.sources import SOURCES
from ressources.forms.bilan import FormulaireBilan
from ressources.forms.bilans import MontrerForm
from ressources.permissions import structures_de_la_maison, structures_siennes
from ressources.statistiques.comptes import premiere_parution
from ressources.statistiques.echanges import MINIMUM_PUBLIC

PAR_PAGE = 25
FIL = ("Offres et besoins", "Bilans")
VOIR = {
    "": ("Tous", tuple(Manque)),
    "a-dire": ("Il manque vos chiffres", (Manque.VOTRE, Manque.RIEN)),
    "a-confirmer": ("Il manque ceux de l'autre structure", (Manque.AUTRE,)),
}
"""?voir= -> its name, and whose word is missing."""


def _etapes(*suite):
    return [(FIL[0], reverse("ressources:annonce_liste")), (FIL[1], reverse("ressources:bilans")), *suite]


def _structure_ou_404(request, slug):
    return get_object_or_404(structures_de_la_maison(request.user), slug=slug)


def _annee_ou_404(annee: int) -> tuple[int, object]:
    """(year, today)."""
    le = timezone.localdate()
    lue = lire_annee(annee, le)
    if lue is None:
        raise Http404
    return lue, le


@never_cache
@require_safe
@login_required
def bilans(request):
    """The structures of this person: straight to the only one's bilan."""
    siennes = list(structures_siennes(request.user))
    annee = timezone.localdate().year
    if len(siennes) == 1:
        return redirect("ressources:bilan", siennes[0].slug, annee)
    return render(
        request,
        "ressources/bilans/mes_bilans.html",
        {
            "structures": siennes,
            "annee": annee,
            "etapes": _etapes()[:1],
        },
    )


@never_cache
@require_safe
@login_required
def bilan_structure(request, slug):
    """The present year's."""
    return redirect("ressources:bilan", _structure_ou_404(request, slug).slug, timezone.localdate().year)


@never_cache
@require_safe
@login_required
def bilan(request, slug, annee):
    """?voir=a-dire or a-confirmer keeps the exchanges where a word is missing; ?page= of the list."""
    structure = _structure_ou_404(request, slug)
    annee, le = _annee_ou_404(annee)
    cette, avant = bilans_de(structure, annee, le)
    membre, referent = est_rattache(request.user, structure), est_referent(request.user, structure)
    voir = request.GET.get("voir", "")
    voir = voir if voir in VOIR else ""
    page = Paginator(cette.a_dire(*VOIR[voir][1]), PAR_PAGE).get_page(request.GET.get("page"))
    gere = request.user.is_staff or referent
    montre = actions.est_montre(structure)
    lignes = [presentation.ligne(fait, slug=structure.slug, membre=membre, referent=referent) for fait in page]
    return render(
        request,
        "ressources/bilans/bilan.html",
        {
            "structure": structure,
            "bilan": cette,
            "avant": avant,
            "periode": presentation.periode_en_clair(cette),
            "tableaux": presentation.tableaux(cette),
            "comparaison": presentation.comparaison(cette, avant),
            "page": page,
            "lignes": lignes,
            "voir": voir,
            "filtres": [(cle, nom, len(cette.a_dire(*manques))) for cle, (nom, manques) in VOIR.items()],
            "coefficients": cette.coefficients(),
            "bases": BASES_DITES,
            "sources": SOURCES,
            "annees": presentation.annees_a_choisir(annee, le, premiere_parution()),
            "membre": membre,
            "gere": gere,
            "montre": montre,
            "montrer": MontrerForm(initial={"oui": montre}) if gere else None,
            "minimum": MINIMUM_PUBLIC,
            "etapes": _etapes(),
        },
    )


@require_safe
@login_required
def bilan_csv(request, slug, annee, fichier):
    """« totaux » or « echanges »."""
    structure = _structure_ou_404(request, slug)
    annee, le = _annee_ou_404(annee)
    if fichier not in FICHIERS:
        raise Http404
    cette, _ = bilans_de(structure, annee, le)
    tableau = FICHIERS[fichier](cette, structure.nom)
    lignes = lignes_csv(list(tableau.entetes), tableau.pour_tableur())
    reponse = StreamingHttpResponse(lignes, content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="bilan-{annee}-{fichier}-{structure.slug}.csv"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@require_safe
@login_required
def bilan_pdf(request, slug, annee):
    """Totals, their bases and sources, as an accessible PDF that the structure can put in its own report."""
    structure = _structure_ou_404(request, slug)
    annee, le = _annee_ou_404(annee)
    donnees = pour_pdf(*bilans_de(structure, annee, le), structure=structure, pole=ReglagesPole.actuels())
    return reponse_pdf(pdf("bilan", donnees), f"bilan-{annee}-{structure.slug}")


@never_cache
@require_POST
@login_required
def montrer(request, slug):
    """Its référents and staff: the totals on its sheet, or no longer."""
    structure = _structure_ou_404(request, slug)
    if not (request.user.is_staff or est_referent(request.user, structure)):
        raise PermissionDenied
    form = MontrerForm(request.POST)
    if form.is_valid():
        oui = form.cleaned_data["oui"]
        actions.montrer(structure, oui=oui)
        messages.success(request, _dire_ce_qui_se_montre(structure) if oui else "Vos totaux ne se montrent plus.")
    return redirect("ressources:bilan", structure.slug, timezone.localdate().year)


def _dire_ce_qui_se_montre(structure) -> str:
    derniere = timezone.localdate().year - 1
    if presentation.totaux_publics(bilan_de(structure, derniere)):
        return f"Vos totaux de {derniere} se montrent sur votre fiche."
    return (
        f"C'est noté. Rien ne se montre encore pour {derniere} : aucun chiffre ne repose sur {MINIMUM_PUBLIC} échanges."
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def declarer(request, slug, echange):
    """A member says what an exchange was worth for the structure; said again, it is corrected. Not staff: a figure
    « said by both » must be the word of both."""
    structure = _structure_ou_404(request, slug)
    if not est_rattache(request.user, structure):
        raise PermissionDenied
    trouve = actions.echange(structure, echange)
    if trouve is None:
        raise Http404
    mien = trouve.mien
    initial = {"heures": mien.heures, "euros": mien.euros, "kilos": mien.kilos} if mien else None
    form = FormulaireBilan(request.POST if request.method == "POST" else None, initial=initial)
    annee = lire_annee(trouve.le.year, timezone.localdate()) or timezone.localdate().year
    if request.method == "POST" and form.is_valid():
        actions.declarer(trouve, structure=structure, par=request.user, **form.chiffres())
        messages.success(request, "Vos chiffres sont enregistrés, merci.")
        return redirect("ressources:bilan", structure.slug, annee)
    return render(
        request,
        "ressources/bilans/declarer.html",
        {
            "structure": structure,
            "echange": trouve,
            "dit_par_l_autre": presentation.dit(trouve.sien) if trouve.sien else "",
            "form": form,
            "retour": reverse("ressources:bilan", args=[structure.slug, annee]),
            "etapes": _etapes((structure.nom, reverse("ressources:bilan", args=[structure.slug, annee]))),
        },
    )
