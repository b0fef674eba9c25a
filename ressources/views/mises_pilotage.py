"""The pilot's page: the next act, who takes part, the accounts; and the table to download or print."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire import exports
from pole_ess.socle.documents import pdf, reponse_fichier, reponse_pdf
from pole_ess.socle.models import ReglagesPole
from ressources.actions import TransitionInterdite, mises_achat, mises_en_commun
from ressources.documents import achat_groupe, tableau_mise
from ressources.forms import mise_part as forms
from ressources.models import MiseEnCommun, PartEnCommun
from ressources.permissions import peut_gerer
from ressources.presentation_lot import distance
from ressources.presentation_mises import ou_en_est, resume
from ressources.views.mises_creation import ENSEMBLE

methodes = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Geste:
    """`etats`: where the purchase or post may be; `fait`: what is said afterwards."""

    form: type
    etats: tuple[str, ...]
    fait: str
    agir: object


GESTES = {
    "commander": Geste(
        forms.CommandeForm,
        ("ouverte",),
        "La commande est notée : chaque structure reçoit sa quantité et le prix. Passez-la au fournisseur.",
        mises_achat.commander,
    ),
    "recevoir": Geste(
        forms.ReceptionForm,
        ("commandee", "recue"),
        "C'est noté : chaque structure sait ce qu'elle reçoit et ce qu'elle doit.",
        mises_achat.recevoir,
    ),
    "solder": Geste(forms.SolderForm, ("recue",), "L'achat est soldé. Bravo !", mises_achat.solder),
    "prolonger": Geste(
        forms.ProlongerForm,
        ("ouverte",),
        "La date est repoussée. Les quantités sont gardées, chaque structure est prévenue.",
        mises_en_commun.prolonger,
    ),
    "minimum": Geste(forms.MinimumForm, ("ouverte",), "Le minimum est changé.", mises_en_commun.baisser_minimum),
    "abandonner": Geste(
        forms.AbandonForm,
        ("ouverte", "commandee"),
        "C'est abandonné. Chaque structure reçoit votre raison par e-mail.",
        mises_en_commun.abandonner,
    ),
    "conclure": Geste(
        forms.ConclureForm,
        ("ouverte",),
        "C'est conclu, chaque structure en est avertie.",
        mises_en_commun.conclure,
    ),
}


def _mise_pilotee(request, pk) -> MiseEnCommun:
    """404 for what may not be seen, 403 for what may be seen but not piloted."""
    mise = get_object_or_404(MiseEnCommun.objects.visibles_par(request.user).pour_page(), pk=pk)
    if not peut_gerer(request.user, mise.annonce):
        raise PermissionDenied
    return mise


@never_cache
@methodes
@login_required
def piloter(request, pk):
    mise = _mise_pilotee(request, pk)
    if request.method != "POST":
        return _page(request, mise)
    choix = forms.GestePiloteForm(request.POST)
    if not choix.is_valid():
        return _page(request, mise, refus="Choisissez un des boutons de la page.")
    nom = choix.cleaned_data["geste"]
    if nom == "regler":
        return _regler(request, mise)
    geste = GESTES[nom]
    form = geste.form(request.POST, auto_id=f"id_{nom}_%s")
    if form.is_valid():
        try:
            geste.agir(mise, par=request.user, **form.cleaned_data)
        except mises_en_commun.TotalChange as refus:
            form.add_error(None, str(refus))
            return _page(request, mise, envoye=(nom, form), relire=True)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, geste.fait)
            return redirect("ressources:mise_piloter", mise.pk)
    return _page(request, mise, envoye=(nom, form))


def _regler(request, mise):
    """A payment is ticked, or unticked."""
    form = forms.ReglementForm(request.POST)
    if not form.is_valid():
        return _page(request, mise, refus="Ce règlement n'est pas reconnu : regardez la liste.")
    cle, regle = form.cleaned_data["reglement"]
    part = get_object_or_404(PartEnCommun.objects.actives(), pk=cle, mise=mise)
    part.mise = mise
    try:
        mises_achat.noter_reglement(part, par=request.user, regle=regle)
    except TransitionInterdite as refus:
        return _page(request, mise, refus=str(refus))
    return redirect(f"{reverse('ressources:mise_piloter', args=[mise.pk])}#part-{part.pk}")


def _page(request, mise, *, envoye=(None, None), refus="", relire=False):
    mise = MiseEnCommun.objects.pour_page().get(pk=mise.pk)
    parts = list(mise.parts.actives().pour_pages())
    apercu = mises_achat.apercu(mise, parts) if mise.est_achat and mise.est_modifiable else None
    for part in parts:
        part.km = distance(mise.annonce, part.structure)
        part.prevu = apercu.parts[part.pk] if apercu else None
    nom, form = envoye
    if relire and apercu:
        form.montrer(apercu.quantite)
    formes = {
        cle: form if cle == nom else geste.form(initial=_initial(cle, mise, apercu), auto_id=f"id_{cle}_%s")
        for cle, geste in GESTES.items()
        if mise.etat in geste.etats
    }
    contexte = {
        "mise": mise,
        "annonce": mise.annonce,
        "parts": parts,
        "resume": resume(mise, parts),
        "ou_en_est": ou_en_est(mise),
        "apercu": apercu,
        "formes": formes,
        "erreurs": form if form is not None and form.errors else None,
        "refus": refus,
        "facture": mise.facture,
        "a_regler": sum(part.regle_le is None for part in parts) if mise.etat == "recue" else 0,
        "etapes": [*ENSEMBLE, (str(mise), mise.get_absolute_url())],
    }
    return render(request, "ressources/ensemble/piloter.html", contexte)


def _initial(geste, mise, apercu) -> dict:
    if geste == "commander" and apercu:
        return {"prix": apercu.prix, "frais": mise.frais, "vue": apercu.quantite}
    if geste == "recevoir":
        recue = mise.quantite_recue if mise.quantite_recue is not None else mise.quantite_commandee
        return {"recue": recue, "prix": mise.prix_unitaire, "frais": mise.frais}
    if geste == "minimum":
        return {"minimum": mise.minimum}
    return {}


@require_safe
@login_required
def tableau(request, pk, format):
    """Who takes what and owes what (CSV, XLSX), or the sheet to print (PDF): for the pilot."""
    if format not in ("csv", "xlsx", "pdf"):
        raise Http404
    mise = _mise_pilotee(request, pk)
    parts = list(mise.parts.actives().pour_pages())
    nom = f"{mise.get_genre_display()}-{mise.pk}-{mise.annonce.slug}"
    if format == "pdf":
        return reponse_pdf(pdf("achat_groupe", achat_groupe.donnees(mise, parts, pole=ReglagesPole.actuels())), nom)
    entetes, lignes = tableau_mise.tableau(mise, parts)
    if format == "xlsx":
        octets = tableau_mise.classeur(mise.get_genre_display().capitalize(), entetes, lignes)
        return reponse_fichier(octets, nom, extension="xlsx", type_mime=exports.FORMATS["xlsx"].mime)
    octets = "".join(exports.lignes_csv(entetes, tableau_mise.a_la_francaise(lignes))).encode()
    return reponse_fichier(octets, nom, extension="csv", type_mime="text/csv; charset=utf-8")
