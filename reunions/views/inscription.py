"""Answering an invitation by its link, registering with an account, registering as a visitor. GET shows, POST acts."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.models import Structure
from annuaire.querysets import structures_de
from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, adresse_reseau, compter
from reunions.actions import TransitionInterdite, invitations, reponses
from reunions.forms.reponse import InscriptionForm, ReponseForm
from reunions.models import Participation, Reunion

from ._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])
HEURE, JOUR = 3600, 86400


def lire_invitation(jeton) -> Participation:
    """The participation of a link. Raises LienInvalide; a forgotten person's link has passed."""
    charge = liens.lire(invitations.INVITATION, jeton, jours=invitations.JOURS_LIEN)
    return _participation(charge["p"])


def _participation(pk) -> Participation:
    avec = Participation.objects.select_related(
        "reunion__commune", "reunion__structure_hote", "covoiturage_depuis"
    ).prefetch_related("structures")
    participation = avec.exclude(courriel="").exclude(reunion__etat="brouillon").filter(pk=pk).first()
    if participation is None:
        raise liens.LienExpire
    return participation


def page_du_lien(request, erreur):
    """404 for a broken link, 410 for one that has passed."""
    passe = isinstance(erreur, liens.LienExpire)
    return render(request, "reunions/lien_invalide.html", {"passe": passe}, status=410 if passe else 404)


@never_cache
@methodes
def repondre_lien(request, jeton):
    """One address for two purposes: answering for oneself, or proving a visitor's address."""
    try:
        return _repondre(request, lire_invitation(jeton), jeton)
    except liens.LienExpire as erreur:
        return page_du_lien(request, erreur)
    except liens.LienInvalide:
        pass
    try:
        charge = liens.lire(reponses.INSCRIPTION, jeton, jours=reponses.JOURS_INSCRIPTION)
    except liens.LienInvalide as erreur:
        return page_du_lien(request, erreur)
    return _confirmer(request, charge)


def _repondre(request, participation, jeton):
    form = ReponseForm(request.POST if request.method == "POST" else None, participation=participation)
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"reponse-reunion:{participation.pk}", maximum=30, secondes=JOUR)
            reponses.repondre(participation, **form.valeurs())
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "C'est noté, merci. Vous pouvez changer votre réponse jusqu'à la rencontre.")
            return redirect("reunions:repondre_lien", jeton)
    return _page(request, "reunions/repondre.html", participation.reunion, form, participation, limite, jeton=jeton)


def _page(request, gabarit, reunion, form, participation, limite=None, **contexte):
    contexte |= {
        "reunion": reunion,
        "participation": participation,
        "form": form,
        "libres": reponses.places_libres(reunion),
        "points": reunion.points.order_by("ordre", "pk"),
        "etapes": fil(reunion),
    }
    return rendre(request, gabarit, {"jeton": "", **contexte}, limite=limite)


def _confirmer(request, charge):
    reunion = Reunion.objects.connues().select_related("commune", "structure_hote").filter(pk=charge["r"]).first()
    if reunion is None:
        return page_du_lien(request, liens.LienExpire())
    refus = "" if reunion.est_ouverte else reponses.FERMEE
    if request.method == "POST" and not refus:
        try:
            participation = reponses.confirmer_inscription(
                reunion, nom=charge["n"], courriel=charge["c"], libelle=charge["l"]
            )
        except TransitionInterdite as impossible:
            refus = str(impossible)
        else:
            messages.success(request, "Votre inscription est enregistrée. Complétez-la si vous le voulez.")
            return redirect(invitations.lien(participation))
    contexte = {"reunion": reunion, "refus": refus, "libres": reponses.places_libres(reunion), "nom": charge["n"]}
    return render(request, "reunions/inscription_confirmer.html", contexte)


@never_cache
@methodes
def inscription(request, pk):
    """With an account: answer in the name of one's structures. Without: public meetings only, by a mailed link."""
    visibles = Reunion.objects.visibles_par(request.user).connues().select_related("commune", "structure_hote")
    if not request.user.is_authenticated:
        reunion = get_object_or_404(visibles, pk=pk)
        return _visiteur(request, reunion)
    reunion = get_object_or_404(visibles, pk=pk)
    siennes = reunion.participations.prefetch_related("structures").select_related("covoiturage_depuis")
    participation = siennes.filter(utilisateur=request.user).first()
    structures = Structure.objects.filter(pk__in=structures_de(request.user)).order_by("tri", "pk")
    form = ReponseForm(
        request.POST if request.method == "POST" else None, participation=participation, structures=structures
    )
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"inscription-reunion:{request.user.pk}", maximum=60, secondes=JOUR)
            inscrite = reponses.inscrire(reunion, utilisateur=request.user)
            inscrite = reponses.repondre(inscrite, **form.valeurs())
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "C'est noté, merci. Vous pouvez changer votre réponse jusqu'à la rencontre.")
            return redirect("reunions:inscription", reunion.pk)
    return _page(request, "reunions/repondre.html", reunion, form, participation, limite)


def _visiteur(request, reunion):
    envoi = request.POST if request.method == "POST" else None
    form, limite = InscriptionForm(envoi), None
    if envoi is not None and reunion.est_ouverte and form.is_valid():
        donnees = form.cleaned_data
        try:
            compter(f"inscription-reunion:{adresse_reseau(request)}", maximum=10, secondes=HEURE)
            compter(f"inscription-reunion:{donnees['courriel'].lower()}", maximum=5, secondes=JOUR)
            reponses.demander_inscription(
                reunion, **{nom: donnees[nom] for nom in ("nom", "courriel", "libelle", "cle")}
            )
        except LimiteDepassee as depassee:
            limite = depassee
        else:
            return redirect(f"{reverse('reunions:inscription', args=[reunion.pk])}?envoyee=1")
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "reunion": reunion,
        "form": form,
        "libres": reponses.places_libres(reunion),
        "envoyee": request.GET.get("envoyee") == "1",
        "connexion": redirect_to_login(request.path).url,
        "jours": reponses.JOURS_INSCRIPTION,
        "etapes": fil(reunion),
    }
    return rendre(request, "reunions/inscription.html", contexte, limite=limite)
