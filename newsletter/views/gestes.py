"""What readers do from a letter, without logging in: the link says who they are. GET shows, POST acts."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.actions.relais import CleDejaUtilisee
from annuaire.views._limites import rendre
from newsletter import composition, liens
from newsletter.actions import TransitionInterdite, gestes
from newsletter.forms.gestes import EcrireForm, MienneForm, SansPrecisionForm, VenirForm
from newsletter.models import Element
from pole_ess.socle.liens import LienExpire, LienInvalide
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import cloture, relations
from ressources.forms.relation import ReponseForm
from ressources.permissions import structures_pour_repondre
from ressources.views.vie import formulaire_pourvue

methodes = require_http_methods(["GET", "HEAD", "POST"])
PERSONNE = "-"
"""The token of the archive and of previews: it acts for nobody."""
GESTES_PAR_JOUR = 40
JOUR = 86400


def _lien_casse(request, erreur):
    expire = isinstance(erreur, LienExpire)
    contexte = {"expire": expire, "jours": liens.JOURS_GESTE}
    return render(request, "newsletter/geste_invalide.html", contexte, status=410 if expire else 404)


def avec_lecteur(vue):
    """Who acts, and from which issue; a broken link gets its page."""

    @wraps(vue)
    def gardee(request, jeton, **kwargs):
        try:
            abonne, numero = liens.lire_geste(jeton)
        except LienInvalide as erreur:
            return _lien_casse(request, erreur)
        return vue(request, abonne, numero, **kwargs)

    return gardee


@never_cache
@methodes
def geste(request, jeton, element):
    """« Je peux aider », « cela m'intéresse », « je viens »: for nobody, the object's own page."""
    if jeton == PERSONNE:
        return _pour_tous(element)
    return _geste(request, jeton, element=element)


def _pour_tous(element):
    trouve = get_object_or_404(Element.objects.filter(numero__rang__isnull=False), pk=element)
    objet = composition.vivants([trouve], parmi=composition.publics)[trouve.sorte].get(trouve.objet_id)
    if objet is None:
        raise Http404
    return redirect(objet)


@avec_lecteur
def _geste(request, abonne, numero, element):
    trouve = get_object_or_404(Element.objects.filter(numero=numero, sorte__in=["annonce", "reunion"]), pk=element)
    objet = composition.vivants([trouve])[trouve.sorte].get(trouve.objet_id)
    if objet is None:
        return render(request, "newsletter/geste_trop_tard.html", {"objet": trouve.objet}, status=410)
    repondre = _repondre if trouve.sorte == "annonce" else _venir
    return repondre(request, abonne, numero, composition.carte(trouve, objet))


def _compter(abonne) -> None:
    compter(f"lettre-geste:{abonne.pk}", maximum=GESTES_PAR_JOUR, secondes=JOUR)


def _repondre(request, abonne, numero, carte):
    annonce, compte = carte.objet, gestes.personne(abonne)
    structures = structures_pour_repondre(compte, annonce) if compte else None
    en_structure = structures is not None and structures.exists()
    envoi = request.POST if request.method == "POST" else None
    form = ReponseForm(envoi, structures=structures) if en_structure else EcrireForm(envoi)
    contexte = {"carte": carte, "annonce": annonce, "form": form, "abonne": abonne, "en_structure": en_structure}
    limite = None
    if request.method == "POST" and form.is_valid():
        lu = {nom: valeur for nom, valeur in form.cleaned_data.items() if nom in ("structure", "nom", "texte", "cle")}
        try:
            _compter(abonne)
            (gestes.repondre if en_structure else gestes.ecrire)(annonce, abonne=abonne, numero=numero, **lu)
        except LimiteDepassee as depassee:
            limite = depassee
        except (relations.CleDejaUtilisee, CleDejaUtilisee):
            form.renouveler_cle()
            form.add_error(None, "Ce formulaire a déjà servi : relisez-le et envoyez-le de nouveau.")
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            return render(request, "newsletter/geste_merci.html", {**contexte, "quoi": "message"})
    elif "cle" in form.errors:
        form.renouveler_cle()
    return rendre(request, "newsletter/geste_annonce.html", contexte, limite=limite)


def _venir(request, abonne, numero, carte):
    compte = gestes.personne(abonne)
    envoi = request.POST if request.method == "POST" else None
    form = SansPrecisionForm(envoi) if compte else VenirForm(envoi)
    contexte = {"carte": carte, "reunion": carte.objet, "form": form, "abonne": abonne, "compte": compte}
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            _compter(abonne)
            participation = gestes.venir(carte.objet, abonne=abonne, numero=numero, **form.cleaned_data)
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            suite = {"quoi": "venir", "participation": participation}
            return render(request, "newsletter/geste_merci.html", {**contexte, **suite})
    return rendre(request, "newsletter/geste_reunion.html", contexte, limite=limite)


@never_cache
@methodes
def miennes(request, jeton):
    """« Déjà pourvu », « toujours exact »: the announcements and the sheets that this reader answers for."""
    if jeton == PERSONNE:
        return redirect("ressources:mes_annonces")
    return _miennes(request, jeton)


@avec_lecteur
def _miennes(request, abonne, numero):
    demande = MienneForm(request.POST if request.method == "POST" else request.GET)
    if demande.is_valid() and demande.cleaned_data["geste"] == "pourvue":
        return _pourvue(request, abonne, numero, demande.cleaned_data["pk"])
    if request.method == "POST":
        _compter(abonne)
        _dire(request, abonne, numero, demande)
        return redirect(request.path)
    contexte = {
        "abonne": abonne,
        "annonces": list(gestes.annonces(abonne)),
        "structures": list(gestes.structures(abonne)),
    }
    return render(request, "newsletter/geste_miennes.html", contexte)


def _pourvue(request, abonne, numero, pk):
    """What closing does, with whom it was found if they care to say; POST closes. Asked twice, it is closed once."""
    annonce = gestes.annonces(abonne).filter(pk=pk).first()
    if annonce is None:
        if not gestes.deja_pourvue(abonne, pk):
            raise Http404
        messages.info(request, "Cette annonce est déjà fermée : il n'y a plus rien à faire.")
        return redirect(request.path)
    suites = cloture.consequences(annonce)
    form = formulaire_pourvue(annonce, suites, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _compter(abonne)
        try:
            gestes.dire_pourvue(annonce, abonne=abonne, numero=numero, **form.valeurs())
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"Merci : « {annonce} » est fermée, c'est pourvu.")
            return redirect(request.path)
    contexte = {"abonne": abonne, "annonce": annonce, "form": form, "suites": suites}
    return render(request, "newsletter/geste_pourvue.html", contexte)


def _dire(request, abonne, numero, form) -> None:
    if not form.is_valid():
        messages.error(request, "Ce bouton n'a pas été compris : recommencez.")
        return
    quoi, pk = form.cleaned_data["geste"], form.cleaned_data["pk"]
    objets = gestes.structures(abonne) if quoi == "exacte" else gestes.annonces(abonne)
    objet = get_object_or_404(objets, pk=pk)
    acte, dit = _DIRE[quoi]
    try:
        acte(objet, abonne=abonne, numero=numero)
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, dit.format(objet=objet))


_DIRE = {
    "valable": (gestes.dire_valable, "Merci : « {objet} » reste en ligne."),
    "exacte": (gestes.dire_exacte, "Merci : la fiche « {objet} » est marquée vérifiée aujourd'hui."),
}
