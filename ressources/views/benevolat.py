"""Missions as a volunteer sees them: the list, a mission, taking a place, one's own missions, the mailed link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.views._liens import page_du_lien
from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources import agendas_benevoles
from ressources.actions import TransitionInterdite, benevolat_places, benevolat_profil, benevolat_suivi
from ressources.actions.benevolat_courriels import DESISTEMENT, JOURS_LIEN, REFUS
from ressources.forms.benevolat import PlaceForm, PriseForm, RechercheMissionForm
from ressources.models import Creneau, InscriptionBenevole, Mission, PriseDeContact
from ressources.permissions import peut_gerer
from ressources.presentation_benevolat import chercher_missions, jours_de_creneaux

methodes = require_http_methods(["GET", "HEAD", "POST"])
PAR_PAGE = 20
PRISES = {"maximum": 60, "secondes": 86400}
FIL = [("Offres et besoins", reverse_lazy("ressources:annonce_liste"))]
FIL_BENEVOLAT = [*FIL, ("Bénévolat", reverse_lazy("ressources:benevolat"))]
DIT = {
    "inscrite": "Votre place est notée, merci ! Un message vous le confirme, et un autre vous le rappelle la veille.",
    "en_attente": "C'est complet : vous êtes en liste d'attente. Un message vous dira si une place se libère.",
}


@require_safe
def liste(request):
    """Missions to come, soonest first."""
    form = RechercheMissionForm(request.GET if request.GET else None)
    criteres = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = Paginator(chercher_missions(**criteres), PAR_PAGE).get_page(request.GET.get("page"))
    requete = request.GET.copy()
    requete.pop("page", None)
    contexte = {"form": form, "page": page, "criteres": criteres, "requete": requete.urlencode(), "etapes": FIL}
    return render(request, "ressources/benevolat/liste.html", contexte)


@require_safe
def mission(request, pk):
    """The need, its shifts and the places left; nobody's name."""
    missions = Mission.objects.visibles_par(request.user).select_related(
        "annonce__structure__commune", "annonce__commune"
    )
    la_mission = get_object_or_404(missions.prefetch_related("competences"), pk=pk)
    miennes = {}
    if request.user.is_authenticated:
        siennes = InscriptionBenevole.objects.filter(creneau__mission=la_mission, utilisateur=request.user)
        miennes = {i.creneau_id: i for i in siennes.exclude(etat="annulee")}
    creneaux = list(la_mission.creneaux.avec_attente().order_by("debut", "fin", "pk"))
    contexte = {
        "mission": la_mission,
        "annonce": la_mission.annonce,
        "jours": jours_de_creneaux(la_mission, creneaux, miennes=miennes),
        "a_venir": any(creneau.est_ouvert for creneau in creneaux),
        "gere": peut_gerer(request.user, la_mission.annonce),
        "etapes": FIL_BENEVOLAT,
    }
    reponse = render(request, "ressources/benevolat/mission.html", contexte)
    if request.user.is_authenticated:
        reponse["Cache-Control"] = "private, no-cache"
    return reponse


@never_cache
@methodes
@login_required
def prendre(request, pk):
    """Taking a place. Whoever has one already is led to it."""
    creneaux = Creneau.objects.visibles_par(request.user).pour_page()
    creneau = get_object_or_404(creneaux, pk=pk)
    mienne = creneau.inscriptions.filter(utilisateur=request.user).exclude(etat="annulee").first()
    if mienne and request.method != "POST":
        return redirect(mienne)
    form = PriseForm(request.POST if request.method == "POST" else None, initial={"nom": request.user.nom})
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"benevole-prendre:{request.user.pk}", **PRISES)
            prise = benevolat_places.prendre(creneau, utilisateur=request.user, **form.cleaned_data)
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            if isinstance(refus, benevolat_places.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            messages.success(request, DIT.get(prise.etat, "Votre place est déjà notée."))
            return redirect(prise)
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "creneau": creneau,
        "mission": creneau.mission,
        "form": form,
        "possible": creneau.est_ouvert and creneau.mission.accueille,
        "etapes": [*FIL_BENEVOLAT, (str(creneau.mission), creneau.mission.get_absolute_url())],
    }
    return rendre(request, "ressources/benevolat/prendre.html", contexte, limite=limite)


@never_cache
@methodes
@login_required
def place(request, pk):
    """One's own place: give it up before, answer about the hours after. The structure reads it too."""
    visibles = InscriptionBenevole.objects.visibles_par(request.user).pour_pages()
    inscription = get_object_or_404(visibles, pk=pk)
    mienne = inscription.utilisateur_id == request.user.pk
    form = PlaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not mienne:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _agir(inscription, form.cleaned_data))
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
            inscription.refresh_from_db(fields=["etat", "motif", "heures", "heures_benevole"])
        else:
            return redirect(inscription)
    creneau = inscription.creneau
    contexte = {
        "inscription": inscription,
        "creneau": creneau,
        "mission": creneau.mission,
        "mienne": mienne,
        "form": form,
        "rang": benevolat_places.rang_d_attente(inscription) if inscription.etat == "en_attente" else 0,
        "reprendre": creneau.est_ouvert and creneau.mission.accueille,
        "etapes": [*FIL_BENEVOLAT, ("Mes missions", reverse("ressources:mes_missions"))],
    }
    return render(request, "ressources/benevolat/place.html", contexte)


def _agir(inscription, donnees) -> str:
    if donnees["geste"] == "renoncer":
        benevolat_places.renoncer(inscription, motif=donnees["motif"])
        return "C'est noté. Merci de l'avoir dit : votre place servira à quelqu'un d'autre."
    if donnees["geste"] == "juste":
        benevolat_suivi.dire_les_heures(inscription, heures=inscription.heures or 0)
        return "C'est confirmé, merci pour votre aide !"
    benevolat_suivi.dire_les_heures(inscription, heures=donnees["heures"], mot=donnees["mot"])
    return "C'est noté à côté de ce que dit la structure."


@never_cache
@require_safe
@login_required
def mes_missions(request):
    """What a volunteer has ahead of them, and what they have done."""
    passees = InscriptionBenevole.objects.passees_de(request.user)
    page = Paginator(passees, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "a_venir": InscriptionBenevole.objects.a_venir_de(request.user),
        "page": page,
        "heures": InscriptionBenevole.objects.heures_de(request.user),
        "profil": getattr(request.user, "profil_benevole", None),
        "etapes": FIL_BENEVOLAT,
    }
    return render(request, "ressources/benevolat/mes_missions.html", contexte)


@never_cache
@require_safe
@login_required
def mes_missions_ics(request):
    """One's shifts to come, for an agenda."""
    reponse = HttpResponse(agendas_benevoles.de(request.user), content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = 'attachment; filename="mes-missions.ics"'
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@never_cache
@methodes
def par_lien(request, jeton):
    """« Je ne peux plus », or « cette structure ne m'écrit plus »: GET shows, POST acts, twice is once."""
    try:
        objet = _lire(jeton)
    except (liens.LienInvalide, InscriptionBenevole.DoesNotExist, PriseDeContact.DoesNotExist) as erreur:
        return page_du_lien(request, erreur, objet="benevolat")
    refus = ""
    if isinstance(objet, PriseDeContact):
        if request.method == "POST":
            benevolat_profil.refuser(objet)
        return render(request, "ressources/benevolat/lien_refus.html", {"contact": objet})
    if request.method == "POST":
        try:
            benevolat_places.renoncer(objet)
        except TransitionInterdite as erreur:
            refus = str(erreur)
    contexte = {"inscription": objet, "creneau": objet.creneau, "mission": objet.creneau.mission, "refus": refus}
    return render(request, "ressources/benevolat/lien_desistement.html", contexte)


def _lire(jeton):
    """The registration or the thread that the token is about. Raises LienInvalide, DoesNotExist."""
    try:
        charge = liens.lire(DESISTEMENT, jeton, jours=JOURS_LIEN)
    except liens.LienExpire:
        raise
    except liens.LienInvalide:
        charge = liens.lire(REFUS, jeton, jours=JOURS_LIEN)
        return PriseDeContact.objects.select_related("structure").get(pk=charge["c"])
    return InscriptionBenevole.objects.pour_pages().get(pk=charge["i"], utilisateur__isnull=False)
