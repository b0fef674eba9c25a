"""Booking what is lent: asking, the list of what waits, and one booking with its acts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.forms.champs_temps import lire_jour
from annuaire.querysets import structures_de
from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite, bilan
from ressources.actions import reservations as actions
from ressources.actions.reservations import ReservationImpossible
from ressources.forms.reservation import (
    AnnulerForm,
    MotifForm,
    ProlongerForm,
    RemettreForm,
    RendreForm,
    ReserverForm,
    VideForm,
)
from ressources.models import Annonce, PhotoReservation, Reservation
from ressources.permissions import est_de_la_maison, peut_gerer, structures_pour_repondre, structures_qui_pretent
from ressources.presentation_reservation import (
    MOTS,
    actes_permis,
    cotes,
    estimation,
    grouper,
    libres_autour,
    peut_faire,
)

methodes = require_http_methods(["GET", "HEAD", "POST"])
DEMANDES = {"maximum": 40, "secondes": 86400}
OUVERTES_MAX, PASSEES_MAX = 300, 50
FAIT = {
    "confirmer": "C'est confirmé : {structure} reçoit un message avec vos consignes.",
    "refuser": "{structure} reçoit votre raison par e-mail.",
    "annuler": "La réservation est annulée. L'autre structure reçoit un message.",
    "remettre": "C'est noté : remis à {structure}. Au retour, revenez ici pour dire dans quel état.",
    "rendre": "C'est noté : le retour est enregistré. Merci de prêter !",
    "non_venue": "C'est noté. Les dates sont de nouveau libres.",
    "prolonger": "Votre demande est envoyée. Rien ne change tant qu'elle n'est pas acceptée.",
    "accepter_prolongation": "La prolongation est acceptée : {structure} reçoit un message.",
    "refuser_prolongation": "{structure} reçoit votre raison par e-mail.",
}


def _etapes(annonce, *suite):
    return [
        ("Offres et besoins", reverse("ressources:annonce_liste")),
        (str(annonce), annonce.get_absolute_url()),
        *suite,
    ]


# -- asking


@never_cache
@methodes
@login_required
def reserver(request, pk):
    """Ask for dates in the name of one of my structures; ?du= comes from the calendar."""
    annonces = Annonce.objects.visibles_par(request.user).select_related("structure__commune", "commune", "calendrier")
    annonce = get_object_or_404(annonces.exclude(calendrier=None), pk=pk)
    structures = structures_pour_repondre(request.user, annonce)
    if est_de_la_maison(request.user, annonce) and not structures.exists():
        raise PermissionDenied
    envoi = request.POST if request.method == "POST" else None
    form = ReserverForm(envoi, calendrier=annonce.calendrier, structures=structures, initial=_jours_voulus(request.GET))
    if request.method == "POST" and not structures.exists():
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"reserver:{request.user.pk}", **DEMANDES)
            reservation = actions.demander(annonce.calendrier, par=request.user, **form.valeurs())
        except LimiteDepassee as limite:
            return _page_de_demande(request, annonce, form, structures, limite=limite)
        except ReservationImpossible as refus:
            if isinstance(refus, actions.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            messages.success(
                request, f"Votre demande est envoyée à {annonce.structure.nom}. Sa réponse vous viendra par e-mail."
            )
            return redirect(reservation)
    elif "cle" in form.errors:
        form.renouveler_cle()
    return _page_de_demande(request, annonce, form, structures)


def _jours_voulus(requete) -> dict:
    """?du= and ?au= as first values; what is no day is left out."""
    lus = {}
    for cle, champ in (("du", "debut"), ("au", "fin")):
        try:
            lus[champ] = lire_jour(requete.get(cle, ""))
        except (ValueError, OverflowError):
            continue
    return {"fin": lus["debut"]} | lus if "debut" in lus else {}


def _page_de_demande(request, annonce, form, structures, *, limite=None):
    contexte = {
        "annonce": annonce,
        "calendrier": annonce.calendrier,
        "form": form,
        "etapes": _etapes(annonce),
        "structures": structures,
        "ouverte": annonce.calendrier.actif and annonce.est_ouverte and annonce.peut_etre_reservee,
        "libres": libres_autour(annonce.calendrier, **form.voulu()),
    }
    return rendre(request, "ressources/reserver.html", contexte, limite=limite)


# -- what waits


@never_cache
@require_safe
@login_required
def reservations(request):
    """What my structures lend and borrow, by what waits for them. Staff see all of them."""
    siennes = None
    if not request.user.is_staff:
        siennes = set(structures_de(request.user).values_list("structure_id", flat=True))
    toutes = Reservation.objects.de(request.user)
    lignes = [*toutes.ouvertes().pour_listes()[:OUVERTES_MAX], *toutes.pour_listes().closes()[:PASSEES_MAX]]
    return render(
        request,
        "ressources/reservations.html",
        {
            "groupes": grouper(lignes, siennes),
            "qui_pretent": list(structures_qui_pretent(request.user)),
            "etapes": [("Offres et besoins", reverse("ressources:annonce_liste"))],
        },
    )


# -- one booking


def _reservation_ou_404(request, pk) -> Reservation:
    return get_object_or_404(Reservation.objects.de(request.user).pour_page(), pk=pk)


FORMULAIRES = {
    "refuser": MotifForm,
    "annuler": AnnulerForm,
    "remettre": RemettreForm,
    "rendre": RendreForm,
    "prolonger": ProlongerForm,
    "refuser_prolongation": MotifForm,
}
DEMANDENT_LA_RESERVATION = (RemettreForm, RendreForm, ProlongerForm)


def _formulaire(acte, reservation, *args, **kwargs):
    classe = FORMULAIRES.get(acte, VideForm)
    if classe in DEMANDENT_LA_RESERVATION:
        kwargs["reservation"] = reservation
    return classe(*args, auto_id=f"{acte}_%s", **kwargs)


@never_cache
@require_safe
@login_required
def reservation(request, pk):
    """Where it stands, who, when, and what this person may do."""
    return _page(request, _reservation_ou_404(request, pk))


@never_cache
@require_http_methods(["POST"])
@login_required
def reservation_acte(request, pk, acte):
    """One act, by whoever may do it. What was typed stays on the page when it is refused."""
    courante = _reservation_ou_404(request, pk)
    preteur, emprunteur = cotes(request.user, courante)
    if acte not in FAIT:
        raise Http404
    if acte not in actes_permis(request.user, courante):
        if not peut_faire(acte, preteur=preteur, emprunteur=emprunteur):
            raise PermissionDenied
        messages.warning(request, "Ce n'est pas possible dans l'état de la réservation : elle a pu changer depuis.")
        return redirect(courante)
    trop_lourds = getattr(request, "fichiers_trop_lourds", ())
    form = _formulaire(acte, courante, request.POST, _photos(request), fichiers_trop_lourds=trop_lourds)
    if form.is_valid():
        try:
            _agir(acte, courante, form, request.user)
        except (ReservationImpossible, TransitionInterdite) as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, FAIT[acte].format(structure=courante.structure.nom))
            return redirect(courante)
    courante = _reservation_ou_404(request, pk)
    return _page(request, courante, acte=acte, form=form)


def _photos(request):
    """Files as lists: ChampPhotos takes several under one name."""
    return {nom: request.FILES.getlist(nom) for nom in request.FILES}


@transaction.atomic
def _agir(acte, courante, form, par) -> None:
    donnees = form.cleaned_data
    if acte in ("refuser", "annuler", "refuser_prolongation"):
        getattr(actions, acte)(courante, par=par, motif=donnees["motif"])
    elif acte == "remettre":
        actions.remettre(courante, par=par, **form.valeurs())
    elif acte == "rendre":
        actions.rendre(courante, par=par, **form.valeurs())
        if chiffres := form.chiffres():
            annonce = courante.calendrier.annonce
            bilan.declarer(
                annonce=annonce,
                structure=annonce.structure,
                par=par,
                reservation=courante,
                avec=courante.structure,
                **chiffres,
            )
    elif acte == "prolonger":
        actions.demander_prolongation(courante, par=par, fin=form.instant())
    else:
        getattr(actions, acte)(courante, par=par)


def _page(request, courante, *, acte="", form=None):
    permis = actes_permis(request.user, courante)
    annonce = courante.calendrier.annonce
    return render(
        request,
        "ressources/reservation.html",
        {
            "reservation": courante,
            "annonce": annonce,
            "preteur": peut_gerer(request.user, annonce) or est_de_la_maison(request.user, annonce),
            "motif_pret": "Ces dates sont prises.",
            "actes": permis,
            "formulaires": [(nom, form if nom == acte else _formulaire(nom, courante), MOTS[nom]) for nom in permis],
            "form": form,
            "photos": list(courante.photos.all()),
            "avertissements": list(courante.calendrier.fermetures.pendant(courante.periode)),
            "estimation": estimation(annonce, courante.periode, courante.quantite),
            "prises": courante.etat == Reservation.Etat.DEMANDEE
            and actions.disponible(courante.calendrier, courante.periode.lower, courante.periode.upper)
            < courante.quantite,
            "etapes": [("Réservations", reverse("ressources:reservations"))],
        },
    )


@never_cache
@require_safe
@login_required
def reservation_photo(request, pk, photo):
    """A photo of the condition, for the two structures and staff."""
    courante = _reservation_ou_404(request, pk)
    fichier = get_object_or_404(PhotoReservation.objects.filter(reservation=courante), pk=photo)
    try:
        with fichier.fichier.open("rb") as ouvert:
            octets = ouvert.read()
    except FileNotFoundError as erreur:
        raise Http404 from erreur
    reponse = HttpResponse(octets, content_type="image/webp")
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse["Cross-Origin-Resource-Policy"] = "same-origin"
    return reponse
