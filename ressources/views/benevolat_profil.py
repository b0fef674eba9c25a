"""What a volunteer offers, hides and stops; how a structure's référents find them and write."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite, benevolat_profil
from ressources.forms.benevolat_profil import ContactForm, EcrireForm, ProfilBenevoleForm, RechercheBenevoleForm
from ressources.models import InscriptionBenevole, PriseDeContact, ProfilBenevole
from ressources.permissions import structures_pour_chercher_des_benevoles
from ressources.presentation_benevolat import chercher_benevoles
from ressources.presentation_lot import point
from ressources.views.benevolat import FIL_BENEVOLAT

methodes = require_http_methods(["GET", "HEAD", "POST"])
PAR_PAGE = 20
JOUR = 86400


@never_cache
@methodes
@login_required
def profil(request):
    """One's own: skills, days, how far, hidden, paused."""
    le_profil = ProfilBenevole.objects.filter(utilisateur=request.user).select_related("commune").first()
    initial = ProfilBenevoleForm.initial_de(le_profil, request.user)
    form = ProfilBenevoleForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        enregistre = benevolat_profil.enregistrer(request.user, **form.valeurs())
        suite = "Les structures peuvent vous trouver." if enregistre.est_trouvable else "Personne ne vous trouve."
        messages.success(request, f"Votre profil est enregistré. {suite}")
        return redirect("ressources:profil_benevole")
    contexte = {
        "form": form,
        "profil": le_profil,
        "contacts": PriseDeContact.objects.filter(utilisateur=request.user).pour_listes(),
        "etapes": FIL_BENEVOLAT,
    }
    return render(request, "ressources/benevolat/profil.html", contexte)


@never_cache
@methodes
@login_required
def quitter(request):
    """Leave at any time: the profile goes, the places to come are given up."""
    if request.method == "POST":
        rendues = benevolat_profil.quitter(request.user)
        suite = "" if not rendues else " Vos places à venir sont rendues, la liste d'attente avance."
        messages.success(request, f"C'est fait : votre profil est effacé.{suite} Merci pour votre aide.")
        return redirect("ressources:mes_missions")
    contexte = {
        "profil": ProfilBenevole.objects.filter(utilisateur=request.user).first(),
        "a_venir": InscriptionBenevole.objects.a_venir_de(request.user),
        "etapes": [*FIL_BENEVOLAT, ("Mon profil de bénévole", reverse("ressources:profil_benevole"))],
    }
    return render(request, "ressources/benevolat/quitter.html", contexte)


def _structures(request):
    """Those in whose name this person may search and write. Raises PermissionDenied without any."""
    structures = structures_pour_chercher_des_benevoles(request.user).select_related("commune")
    if not request.user.is_staff and not structures.exists():
        raise PermissionDenied
    return structures


@never_cache
@require_safe
@login_required
def benevoles(request):
    """For référents and the hub's staff: by skill, day and distance. What each chose to show, nothing else."""
    structures = _structures(request)
    form = RechercheBenevoleForm(request.GET if request.GET else None)
    criteres = {"competence": "", "km": None, "demi_journees": []}
    commune = None
    if form.is_bound and form.is_valid():
        commune = form.cleaned_data["commune"]
        criteres = {"competence": form.cleaned_data["competence"], "km": form.cleaned_data["km"]}
        criteres["demi_journees"] = form.demi_journees()
    lieu, autour = _autour(request.user, structures, commune)
    page = Paginator(chercher_benevoles(lieu=lieu, **criteres), PAR_PAGE).get_page(request.GET.get("page"))
    requete = request.GET.copy()
    requete.pop("page", None)
    contexte = {
        "form": form,
        "page": page,
        "autour": autour,
        "requete": requete.urlencode(),
        "contacts": PriseDeContact.objects.filter(structure__in=structures).pour_listes()[:20]
        if not request.user.is_staff
        else [],
        "etapes": FIL_BENEVOLAT,
    }
    return render(request, "ressources/benevolat/benevoles.html", contexte)


def _autour(utilisateur, structures, commune):
    """((latitude, longitude), its name): the commune that was typed, else the person's own structure."""
    if commune is not None and commune.latitude is not None:
        return (commune.latitude, commune.longitude), commune.nom
    if utilisateur.is_staff:
        return None, ""
    sienne = structures[0]
    return point(sienne), sienne.nom


@never_cache
@methodes
@login_required
def ecrire(request, pk):
    """A first message, relayed: no address is shown."""
    structures = _structures(request)
    le_profil = get_object_or_404(ProfilBenevole.objects.trouvables().pour_listes(), pk=pk)
    form = EcrireForm(request.POST if request.method == "POST" else None, structures=structures)
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            _compter(request.user, form.cleaned_data["structure"].pk, le_profil.utilisateur_id)
            contact = benevolat_profil.ecrire(le_profil, par=request.user, **form.cleaned_data)
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            if isinstance(refus, benevolat_profil.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"Votre message part à {le_profil}. Sa réponse viendra par le portail.")
            if request.user.is_staff:
                return redirect("ressources:benevoles")
            return redirect("ressources:contact_benevole", contact.pk)
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "profil": le_profil,
        "form": form,
        "etapes": [*FIL_BENEVOLAT, ("Chercher des bénévoles", reverse("ressources:benevoles"))],
    }
    return rendre(request, "ressources/benevolat/ecrire.html", contexte, limite=limite)


def _compter(utilisateur, structure_id, benevole_id) -> None:
    """20 first messages a day for a person, 30 for a structure, 5 for whoever receives them."""
    compter(f"benevole-ecrire:{utilisateur.pk}", maximum=20, secondes=JOUR)
    compter(f"benevole-ecrire:structure:{structure_id}", maximum=30, secondes=JOUR)
    compter(f"benevole-recoit:{benevole_id}", maximum=5, secondes=JOUR)


@never_cache
@methodes
@login_required
def contact(request, pk):
    """The thread between a structure and a volunteer; the volunteer may stop it."""
    visibles = PriseDeContact.objects.visibles_par(request.user).select_related("structure", "utilisateur")
    le_contact = get_object_or_404(visibles, pk=pk)
    mienne = le_contact.utilisateur_id == request.user.pk
    cote = benevolat_profil.BENEVOLE if mienne else benevolat_profil.STRUCTURE
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.data.get("geste") in ("refuser", "accepter") and not mienne:
        raise PermissionDenied
    limite = None
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, _continuer(request.user, le_contact, cote, form.cleaned_data))
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            if isinstance(refus, benevolat_profil.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            return redirect("ressources:contact_benevole", le_contact.pk)
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "contact": le_contact,
        "mienne": mienne,
        "cote": cote,
        "nom": benevolat_profil.nom_du_benevole(le_contact),
        "fil_messages": le_contact.messages.order_by("cree_le", "pk"),
        "ferme": "" if mienne else benevolat_profil.ecriture_fermee(le_contact),
        "form": form,
        "par_courriel": bool(settings.COURRIER_ENTRANT_DOMAINE),
        "etapes": [*FIL_BENEVOLAT, _retour(mienne)],
    }
    return rendre(request, "ressources/benevolat/contact.html", contexte, limite=limite)


def _retour(mienne):
    if mienne:
        return "Mon profil de bénévole", reverse("ressources:profil_benevole")
    return "Chercher des bénévoles", reverse("ressources:benevoles")


def _continuer(utilisateur, le_contact, cote, donnees) -> str:
    if donnees["geste"] == "ecrire":
        compter(f"benevole-repondre:{utilisateur.pk}", maximum=60, secondes=JOUR)
        benevolat_profil.repondre(le_contact, cote=cote, par=utilisateur, texte=donnees["texte"], cle=donnees["cle"])
        return "Votre message est parti."
    benevolat_profil.refuser(le_contact, oui=donnees["geste"] == "refuser")
    if le_contact.refuse_le:
        return f"{le_contact.structure.nom} ne peut plus vous écrire."
    return f"{le_contact.structure.nom} peut de nouveau vous écrire."
