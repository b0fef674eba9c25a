"""A mission as its structure organises it: shifts, who is expected, the sheet to print, who came."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.views._limites import rendre
from pole_ess.socle.documents import pdf, reponse_pdf
from pole_ess.socle.limites import LimiteDepassee, compter
from pole_ess.socle.models import ReglagesPole
from ressources import feuille_benevoles
from ressources.actions import TransitionInterdite, benevolat, benevolat_places, benevolat_suivi
from ressources.agenda import minuit
from ressources.forms.benevolat import CreneauForm, CreneauxForm, MissionForm, MotifForm, PointageForm, RetraitForm
from ressources.models import Creneau, Mission
from ressources.permissions import peut_gerer
from ressources.presentation_benevolat import avec_personnes
from ressources.views._acces import avec_annonce_gerable
from ressources.views.benevolat import FIL, FIL_BENEVOLAT

methodes = require_http_methods(["GET", "HEAD", "POST"])
OUVERTURES = {"maximum": 20, "secondes": 86400}
AJOUTS = {"maximum": 100, "secondes": 86400}


def mission_gerable(vue):
    """Login for a visitor, 404 for what the user may not see, 403 for what they may see but not organise."""

    @never_cache
    @login_required
    @wraps(vue)
    def gardee(request, pk, **kwargs):
        missions = Mission.objects.visibles_par(request.user).select_related("annonce__structure", "annonce__commune")
        mission = get_object_or_404(missions, pk=pk)
        if not peut_gerer(request.user, mission.annonce):
            raise PermissionDenied
        return vue(request, mission, **kwargs)

    return gardee


def creneau_gerable(vue):
    """The same, for a shift."""

    @never_cache
    @login_required
    @wraps(vue)
    def gardee(request, pk, **kwargs):
        creneau = get_object_or_404(Creneau.objects.visibles_par(request.user).pour_page(), pk=pk)
        if not peut_gerer(request.user, creneau.mission.annonce):
            raise PermissionDenied
        return vue(request, creneau, **kwargs)

    return gardee


def fil(mission, *suite):
    return [*FIL_BENEVOLAT, (str(mission), mission.get_absolute_url()), *suite]


def _organiser(mission):
    return "Organiser", reverse("ressources:mission_organiser", args=[mission.pk])


@never_cache
@methodes
@avec_annonce_gerable
def ouvrir(request, annonce):
    """From a need of volunteers to its shifts."""
    if annonce.est_offre or annonce.nature != "benevolat":
        raise Http404
    if deja := Mission.objects.filter(annonce=annonce).first():
        return redirect("ressources:mission_organiser", deja.pk)
    form = MissionForm(request.POST if request.method == "POST" else None)
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"mission:{request.user.pk}", **OUVERTURES)
            mission = benevolat.ouvrir(annonce, par=request.user, cle=form.cleaned_data["cle"], **form.valeurs())
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            if isinstance(refus, benevolat.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La mission est prête. Ajoutez maintenant ses créneaux.")
            return redirect("ressources:mission_organiser", mission.pk)
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "form": form,
        "annonce": annonce,
        "mission": None,
        "possible": benevolat.peut_porter_une_mission(annonce),
        "etapes": [*FIL, (str(annonce), annonce.get_absolute_url())],
    }
    return rendre(request, "ressources/benevolat/mission_form.html", contexte, limite=limite)


@methodes
@mission_gerable
def modifier(request, mission):
    initial = {nom: getattr(mission, nom) for nom in benevolat.CHAMPS}
    initial["competences"] = list(mission.competences.all())
    form = MissionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            benevolat.modifier(mission, par=request.user, **form.valeurs())
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La mission est à jour.")
            return redirect("ressources:mission_organiser", mission.pk)
    contexte = {
        "form": form,
        "annonce": mission.annonce,
        "mission": mission,
        "possible": mission.est_ouverte,
        "etapes": fil(mission, _organiser(mission)),
    }
    return render(request, "ressources/benevolat/mission_form.html", contexte)


@methodes
@mission_gerable
def organiser(request, mission):
    """Every shift with who is expected and who waits; the form that adds shifts."""
    form = CreneauxForm(request.POST if request.method == "POST" else None)
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"creneaux:{request.user.pk}", **AJOUTS)
            faits = benevolat.ajouter_creneaux(mission, par=request.user, **form.valeurs())
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            if isinstance(refus, benevolat.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            nombre = len(faits)
            messages.success(request, f"{nombre} créneaux ajoutés." if nombre > 1 else "Le créneau est ajouté.")
            return redirect("ressources:mission_organiser", mission.pk)
    elif "cle" in form.errors:
        form.renouveler_cle()
    creneaux = avec_personnes(mission, list(mission.creneaux.order_by("debut", "fin", "pk")))
    contexte = {
        "mission": mission,
        "annonce": mission.annonce,
        "form": form,
        "a_venir": [c for c in creneaux if c.est_ouvert],
        "passes": [c for c in reversed(creneaux) if c.etat == "ouvert" and c.a_commence],
        "annules": [c for c in creneaux if c.etat == "annule"],
        "etapes": fil(mission),
    }
    return rendre(request, "ressources/benevolat/organiser.html", contexte, limite=limite)


@methodes
@mission_gerable
def annuler(request, mission):
    """The whole mission: everybody is told once."""
    return _annuler(
        request,
        lambda motif: benevolat.annuler_mission(mission, par=request.user, motif=motif),
        mission=mission,
        titre="Annuler la mission",
        deja=not mission.est_ouverte,
        touchees=mission.personnes_attendues(),
    )


@methodes
@creneau_gerable
def creneau_annuler(request, creneau):
    return _annuler(
        request,
        lambda motif: benevolat.annuler_creneau(creneau, par=request.user, motif=motif),
        mission=creneau.mission,
        creneau=creneau,
        titre="Annuler le créneau",
        deja=creneau.etat == "annule",
        touchees=creneau.inscriptions.actives().count(),
    )


def _annuler(request, acte, *, mission, touchees, deja, titre, creneau=None):
    form = MotifForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            nombre = acte(form.cleaned_data["motif"])
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            suite = f" {nombre} personnes reçoivent votre raison." if nombre > 1 else ""
            suite = " Une personne reçoit votre raison." if nombre == 1 else suite
            messages.success(request, f"C'est annulé.{suite}")
            return redirect("ressources:mission_organiser", mission.pk)
    contexte = {
        "form": form,
        "mission": mission,
        "creneau": creneau,
        "titre": titre,
        "deja": deja,
        "touchees": touchees,
        "etapes": fil(mission, _organiser(mission)),
    }
    return render(request, "ressources/benevolat/annuler.html", contexte)


@methodes
@creneau_gerable
def creneau(request, creneau):
    """Changing a shift; taking somebody off it."""
    retrait = RetraitForm(request.POST if "pk" in request.POST else None)
    modification = request.POST if request.method == "POST" and "pk" not in request.POST else None
    form = CreneauForm(modification, initial=CreneauForm.initial_de(creneau))
    if retrait.is_bound and retrait.is_valid():
        inscription = get_object_or_404(creneau.inscriptions.all(), pk=retrait.cleaned_data["pk"])
        try:
            benevolat_places.retirer(inscription, par=request.user, motif=retrait.cleaned_data["motif"])
        except TransitionInterdite as refus:
            retrait.add_error(None, str(refus))
        else:
            messages.success(request, f"{inscription} reçoit votre raison par e-mail.")
            return redirect("ressources:creneau", creneau.pk)
    elif form.is_bound and form.is_valid():
        try:
            benevolat.modifier_creneau(creneau, par=request.user, **form.valeurs())
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le créneau est à jour. Qui est inscrit apprend un nouvel horaire ou lieu.")
            return redirect("ressources:mission_organiser", creneau.mission_id)
    avec_personnes(creneau.mission, [creneau])
    contexte = {
        "creneau": creneau,
        "mission": creneau.mission,
        "form": form,
        "retrait": retrait,
        "etapes": fil(creneau.mission, _organiser(creneau.mission)),
    }
    return render(request, "ressources/benevolat/creneau.html", contexte)


@methodes
@creneau_gerable
def pointer(request, creneau):
    """Who came and for how long; a line at a time, on a phone."""
    form = PointageForm(request.POST if request.method == "POST" else None)
    mot = None
    if request.method == "POST" and form.is_valid():
        valeurs = dict(form.cleaned_data)
        inscription = get_object_or_404(creneau.inscriptions.all(), pk=valeurs.pop("pk"))
        try:
            benevolat_suivi.pointer(inscription, par=request.user, **valeurs)
        except TransitionInterdite as refus:
            mot = (inscription.pk, str(refus))
        else:
            return redirect(f"{reverse('ressources:creneau_pointer', args=[creneau.pk])}#ligne-{inscription.pk}")
    avec_personnes(creneau.mission, [creneau])
    contexte = {
        "creneau": creneau,
        "mission": creneau.mission,
        "form": form,
        "mot": mot,
        "possible": benevolat_suivi.peut_pointer(creneau),
        "etapes": fil(creneau.mission, _organiser(creneau.mission)),
    }
    return render(request, "ressources/benevolat/pointage.html", contexte)


def _a_imprimer(mission):
    """The shifts of the sheet: to come, and those of today already begun."""
    return avec_personnes(mission, list(mission.creneaux.depuis(minuit(timezone.localdate()))))


@require_safe
@mission_gerable
def feuille(request, mission):
    """To print: who is expected, with boxes to tick."""
    contexte = {
        "mission": mission,
        "creneaux": _a_imprimer(mission),
        "libres": range(feuille_benevoles.LIGNES_LIBRES),
        "etapes": fil(mission, _organiser(mission)),
    }
    return render(request, "ressources/benevolat/feuille.html", contexte)


@require_safe
@mission_gerable
def feuille_pdf(request, mission):
    """The same lines, accessible (PDF/UA-1)."""
    donnees = feuille_benevoles.donnees(mission, _a_imprimer(mission), pole=ReglagesPole.actuels().nom)
    return reponse_pdf(pdf("feuille_benevoles", donnees), f"benevoles-{mission}")
