"""The page of a batch (its giver's, or the request of a part) and the page of one part."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite, lots
from ressources.forms.lot import DemandePartForm, GesteLotForm, GestePartForm
from ressources.models import Annonce, PartDeLot
from ressources.permissions import est_de_la_maison, peut_gerer, structures_pour_repondre
from ressources.presentation_lot import barre, distance

methodes = require_http_methods(["GET", "HEAD", "POST"])
DEMANDES = {"maximum": 40, "secondes": 86400}
FAIT = {
    "attribuer": "C'est attribué : {structure} en reçoit {quantite}. Un message le lui dit.",
    "refuser": "{structure} reçoit votre raison par e-mail.",
    "remettre": "C'est noté : {structure} a reçu sa part ({quantite}).",
    "annuler": "La part de {structure} est annulée. Merci de l'avoir dit : elle servira à d'autres.",
    "prendre_le_reste": "{quantite} sont à vous. Convenez du retrait avec qui donne.",
}


def _lot_ou_404(request, pk) -> Annonce:
    annonces = Annonce.objects.visibles_par(request.user).select_related("structure__commune", "commune")
    annonce = get_object_or_404(annonces, pk=pk)
    if not annonce.est_lot:
        raise Http404
    return annonce


def _etapes(annonce, *suite):
    return [
        ("Offres et besoins", reverse("ressources:annonce_liste")),
        (str(annonce), annonce.get_absolute_url()),
        *suite,
    ]


@never_cache
@methodes
@login_required
def lot(request, pk):
    """The giver decides; any other structure asks for a part."""
    annonce = _lot_ou_404(request, pk)
    if peut_gerer(request.user, annonce):
        return _lot_du_donneur(request, annonce)
    structures = structures_pour_repondre(request.user, annonce)
    if est_de_la_maison(request.user, annonce) and not structures.exists():
        raise PermissionDenied
    return _demander(request, annonce, structures)


def _demander(request, annonce, structures):
    envoi = request.POST if request.method == "POST" else None
    form = DemandePartForm(envoi, annonce=annonce, structures=structures)
    if request.method == "POST" and not structures.exists():
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"part:{request.user.pk}", **DEMANDES)
            part = lots.demander_part(annonce, par=request.user, **form.valeurs())
        except LimiteDepassee as limite:
            return _page_de_demande(request, annonce, form, structures, limite=limite)
        except TransitionInterdite as refus:
            if isinstance(refus, lots.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            messages.success(request, _dire_la_demande(part))
            return redirect("ressources:part", annonce.pk, part.pk)
    elif "cle" in form.errors:
        form.renouveler_cle()
    return _page_de_demande(request, annonce, form, structures)


def _dire_la_demande(part) -> str:
    if part.etat == PartDeLot.Etat.ATTRIBUEE:
        return f"C'est oui : {part.quantite} pour {part.structure.nom}. Convenez du retrait avec qui donne."
    if part.etat == PartDeLot.Etat.EN_ATTENTE:
        return "Il n'en reste pas assez : vous êtes en liste d'attente. Un message vous dira si une part se libère."
    return f"Votre demande est envoyée à {part.annonce.structure.nom}. Sa réponse vous viendra par e-mail."


def _page_de_demande(request, annonce, form, structures, *, limite=None):
    contexte = {
        "annonce": annonce,
        "form": form,
        "etapes": _etapes(annonce),
        "structures": structures,
        "barre": barre(annonce, annonce.parts.comptees()),
        "proposee": annonce.etat == Annonce.Etat.PUBLIEE and not annonce.est_expiree,
        "miennes": annonce.parts.en_cours().filter(structure__in=structures).pour_pages(),
    }
    return rendre(request, "ressources/lot_demande.html", contexte, limite=limite)


def _lot_du_donneur(request, annonce):
    form = GesteLotForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            message = _agir_sur_le_lot(request.user, annonce, form.cleaned_data)
        except TransitionInterdite as refus:
            form.add_error("quantite" if form.cleaned_data["geste"] == "quantite" else None, str(refus))
        else:
            messages.success(request, message)
            return redirect("ressources:lot", annonce.pk)
    parts = list(annonce.parts.pour_pages())
    for part in parts:
        part.km = distance(annonce, part.structure)
    return render(
        request,
        "ressources/lot.html",
        {
            "annonce": annonce,
            "form": form,
            "etapes": _etapes(annonce),
            "barre": barre(annonce, parts),
            "a_decider": [part for part in parts if part.etat == "demandee"],
            "attente": [part for part in parts if part.etat == "en_attente"],
            "attribuees": [part for part in parts if part.etat == "attribuee"],
            "remises": [part for part in parts if part.etat == "remise"],
            "closes": [part for part in parts if part.etat in ("refusee", "annulee")],
            "choisi": annonce.partage == Annonce.Partage.CHOISI,
        },
    )


def _agir_sur_le_lot(utilisateur, annonce, donnees) -> str:
    if donnees["geste"] == "quantite":
        lots.changer_quantite(annonce, par=utilisateur, quantite=donnees["quantite"])
        return f"Le lot compte maintenant {annonce.quantite} pièces ; il en reste {annonce.restant}."
    nombre = lots.refuser_les_autres(annonce, par=utilisateur, motif=donnees["motif"])
    return "Personne n'attendait plus." if not nombre else f"Votre mot part à {nombre} structure{'s'[: nombre > 1]}."


@never_cache
@methodes
@login_required
def part(request, pk, part):
    """One part: its state for who asked, the decision for who gives."""
    visibles = PartDeLot.objects.visibles_par(request.user).pour_pages()
    la_part = get_object_or_404(visibles.select_related("annonce__structure__commune"), pk=part, annonce=pk)
    donneur, demandeur = lots.roles_sur(la_part, request.user)
    form = GestePartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        geste = form.data.get("geste")
        if (geste in lots.DU_DONNEUR and not donneur) or (geste in lots.DU_DEMANDEUR and not demandeur):
            raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            _agir(request.user, la_part, form.cleaned_data)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
            la_part.refresh_from_db()
        else:
            geste = form.cleaned_data["geste"]
            mots = {"structure": la_part.structure.nom, "quantite": la_part.quantite}
            messages.success(request, FAIT[geste].format(**mots))
            if geste in lots.DU_DONNEUR:
                return redirect("ressources:lot", la_part.annonce_id)
            return redirect("ressources:part", la_part.annonce_id, la_part.pk)
    return _page_de_part(request, la_part, form, donneur=donneur, demandeur=demandeur)


def _agir(utilisateur, la_part, donnees) -> None:
    geste = donnees["geste"]
    if geste == "attribuer":
        lots.attribuer(la_part, par=utilisateur, quantite=donnees["quantite"])
    elif geste == "refuser":
        lots.refuser_part(la_part, par=utilisateur, motif=donnees["motif"])
    elif geste == "remettre":
        lots.remettre_part(la_part, par=utilisateur, kilos=donnees["kilos"])
    elif geste == "annuler":
        lots.annuler_part(la_part, par=utilisateur, motif=donnees["motif"])
    else:
        lots.prendre_le_reste(la_part, par=utilisateur)


def _page_de_part(request, la_part, form, *, donneur, demandeur):
    annonce = la_part.annonce
    suite = [("Le lot", reverse("ressources:lot", args=[annonce.pk]))] if donneur else []
    return render(
        request,
        "ressources/part.html",
        {
            "annonce": annonce,
            "part": la_part,
            "form": form,
            "etapes": _etapes(annonce, *suite),
            "actes": lots.actes_possibles(la_part, donneur=donneur, demandeur=demandeur),
            "donneur": donneur,
            "demandeur": demandeur,
            "km": distance(annonce, la_part.structure),
            "rang": lots.rang_d_attente(la_part) if la_part.etat == "en_attente" else 0,
            "donnable": min(la_part.quantite, annonce.restant),
        },
    )
