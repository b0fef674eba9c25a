"""Posting an announcement: choose its kind, fill one form, look at it, send it. Drafts are kept all along."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annuaire.actions import TransitionInterdite
from ressources.actions import annonces, photos, publication
from ressources.forms import annonce_choix
from ressources.forms.annonce import AnnonceForm, form_avec_autrui
from ressources.forms.champs_annonce import structures_proposees
from ressources.forms.mots import PRESENTATIONS
from ressources.models import Annonce
from ressources.natures import PROFILS, Nature
from ressources.permissions import structures_pour_publier
from ressources.views._acces import avec_annonce_gerable
from ressources.views.annonces import contexte_de_page

methodes = require_http_methods(["GET", "HEAD", "POST"])
MODIFIABLES = {Annonce.Etat.BROUILLON, Annonce.Etat.A_VALIDER, Annonce.Etat.A_CORRIGER, Annonce.Etat.PUBLIEE}


def lourds(request) -> set[str]:
    """The fields whose file the upload handler dropped; reading POST is what runs the handler."""
    return getattr(request, "fichiers_trop_lourds", set()) if request.POST or request.FILES else set()


@never_cache
@methodes
@login_required
def annonce_creer(request):
    """Without a kind in the address, the choice of one; else the form. The first save makes the draft."""
    if not structures_pour_publier(request.user).exists():
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "ressources/annonce_sans_structure.html")
    choix = annonce_choix.lire(request.GET, request.user)
    if not choix.complet:
        return _choisir(request, choix)
    options = {"sens": choix.sens, "nature": choix.nature, "utilisateur": request.user}
    if request.method != "POST":
        form = AnnonceForm(initial={"cle": uuid.uuid4()} | choix.initial(), **options)
        return _page(request, form, besoin=choix.besoin)
    annonce = Annonce.objects.de_cle(request.POST.get("cle", ""))
    if annonce is not None:
        if not Annonce.objects.gerables_par(request.user).contains(annonce):
            raise PermissionDenied
        return _enregistrer(request, annonce)
    return _enregistrer(request, None, options)


def _choisir(request, choix):
    natures = [(nature, PROFILS[nature].pluriel, PRESENTATIONS[nature]) for nature in Nature]
    garde = {nom: texte for nom, texte in annonce_choix.mots(request.GET).items() if texte}
    if request.GET.get("structure", "").isdecimal():
        garde["structure"] = request.GET["structure"]
    suite = f"&{urlencode(garde)}" if garde else ""
    contexte = {
        "sens": choix.sens or Annonce.Sens.OFFRE,
        "natures": natures,
        "suite": suite,
        "brouillons": Annonce.objects.brouillons_de(request.user)[:5],
    }
    return render(request, "ressources/annonce_choix.html", contexte)


@never_cache
@methodes
@avec_annonce_gerable
def annonce_modifier(request, annonce):
    """The same form on what is already written. Two people at once: both versions are shown."""
    if annonce.etat not in MODIFIABLES:
        messages.error(request, f"Une annonce {annonce.get_etat_display()} ne se modifie plus : dupliquez-la.")
        return redirect(annonce)
    if request.method == "POST" and request.POST.get("geste") == "supprimer":
        return _supprimer(request, annonce)
    if request.method == "POST":
        return _enregistrer(request, annonce)
    options = {"sens": annonce.sens, "nature": annonce.nature, "utilisateur": request.user}
    return _page(request, AnnonceForm(annonce=annonce, **options))


def _supprimer(request, annonce):
    try:
        annonces.supprimer_brouillon(annonce, par=request.user)
    except TransitionInterdite as erreur:
        messages.error(request, str(erreur))
        return redirect(annonce)
    messages.success(request, "Brouillon supprimé.")
    return redirect("ressources:mes_annonces")


def _enregistrer(request, annonce, options=None):
    """Keep all that was understood of a draft, even when something else is wrong; then go on or say what is."""
    options = options or {"sens": annonce.sens, "nature": annonce.nature, "utilisateur": request.user}
    brouillon = annonce is None or annonce.etat == Annonce.Etat.BROUILLON
    geste = request.POST.get("geste", "continuer")
    if not brouillon and annonce.etat not in MODIFIABLES:
        messages.error(request, "Cette annonce n'est plus un brouillon : rien n'a été changé.")
        return redirect(annonce)
    complet = (not brouillon and not _geste_de_periode(geste)) or geste == "continuer"
    form = AnnonceForm(
        _avec_periodes(request.POST, geste),
        request.FILES,
        annonce=annonce,
        complet=complet,
        fichiers_trop_lourds=lourds(request),
        **options,
    )
    juste = form.is_valid()
    if not brouillon and (not juste or _geste_de_periode(geste)):
        return _page(request, form)
    try:
        annonce = _ecrire(request, form, annonce)
    except annonces.VersionPerimee as conflit:
        annonce.refresh_from_db()
        return _page(request, form_avec_autrui(form, annonce, conflit), conflit=conflit)
    except annonces.ModificationImpossible as refus:
        form.add_error(refus.champ if refus.champ in form.fields else None, str(refus))
        return _page(request, form)
    except annonces.CleDejaPrise as erreur:
        raise PermissionDenied from erreur
    if annonce is not None and juste and not _geste_de_periode(geste):
        return _suite(request, annonce, geste)
    return _page(request, _avec_version(form, annonce, request), gardee=annonce)


def _ecrire(request, form, annonce):
    """The draft written, or the announcement changed; None when nobody knows for whom it is."""
    valeurs = form.valeurs()
    if annonce is None:
        structure = valeurs.pop("structure", None)
        if structure is None:
            return None
        depart = {"sens": form.sens, "nature": form.nature} | valeurs
        cle = form.cleaned_data.get("cle") or uuid.uuid4()
        annonce = annonces.creer(valeurs=depart, structure=structure, par=request.user, cle=cle)
    else:
        annonces.modifier(annonce, valeurs=valeurs, par=request.user, version=form.cleaned_data.get("version", ""))
    if form.premiere_photo and not annonce.photos.exists():
        photos.ajouter(annonce, par=request.user, **form.premiere_photo)
    return annonce


def _avec_version(form, annonce, request):
    """The form shown again after its draft was kept: the next send must not conflict with this one."""
    if annonce is None:
        return form
    donnees = MultiValueDict({nom: list(valeurs) for nom, valeurs in form.data.lists()})
    donnees["version"] = annonces.version_de(annonce)
    options = {"sens": form.sens, "nature": form.nature, "utilisateur": request.user}
    relie = AnnonceForm(donnees, annonce=annonce, complet=form.complet, **options)
    relie.is_valid()
    for champ in ("photo", "photo_alternative"):
        if champ in form.errors and champ in relie.fields:
            relie.errors[champ] = form.errors[champ]
    return relie


def _geste_de_periode(geste) -> bool:
    return geste == "periode" or geste.startswith("retirer_")


def _avec_periodes(donnees, geste):
    """One pair of days more, or one less, as the button pressed asks."""
    if not _geste_de_periode(geste):
        return donnees
    copie = donnees.copy()
    rangs = [int(nom.rpartition("_")[2]) for nom in copie if nom.startswith("periode_debut_") and nom[14:].isdecimal()]
    if geste == "periode":
        copie[f"periode_debut_{max([n for n in rangs if n < 900], default=-1) + 1}"] = ""
    else:
        for nom in ("debut", "fin"):
            copie.pop(f"periode_{nom}_{geste.removeprefix('retirer_')}", None)
    return copie


def _suite(request, annonce, geste):
    if annonce.etat == Annonce.Etat.BROUILLON:
        if geste == "brouillon":
            messages.success(request, "Brouillon enregistré. Vous le retrouvez dans « Mes annonces ».")
            return redirect("ressources:annonce_modifier", annonce.pk)
        return redirect("ressources:annonce_apercu", annonce.pk)
    if annonce.etat == Annonce.Etat.A_CORRIGER and geste == "renvoyer":
        return _soumettre(request, annonce)
    messages.success(request, _dit(annonce))
    return redirect(annonce)


def _dit(annonce) -> str:
    """What becomes of a change, and when."""
    if annonce.etat == Annonce.Etat.PUBLIEE and annonce.a_relire_depuis:
        return "Modifications enregistrées : elles se voient dès maintenant. L'équipe du pôle les relira."
    if annonce.etat == Annonce.Etat.PUBLIEE:
        return "Modifications enregistrées : elles se voient dès maintenant."
    if annonce.etat == Annonce.Etat.A_CORRIGER:
        return "Modifications enregistrées. Quand tout est prêt, renvoyez l'annonce à l'équipe."
    return "Modifications enregistrées. L'équipe du pôle relit l'annonce, puis vous écrit."


def _page(request, form, *, conflit=None, besoin=None, gardee=None):
    annonce = form.annonce
    nouvelle = annonce is None
    if nouvelle and form.is_bound and not form.cleaned_data.get("cle"):
        form.renouveler_cle()
    contexte = {
        "form": form,
        "annonce": annonce,
        "conflit": conflit,
        "besoin": besoin,
        "gardee": gardee,
        "brouillon": nouvelle or annonce.etat == Annonce.Etat.BROUILLON,
        "a_renvoyer": not nouvelle and annonce.etat == Annonce.Etat.A_CORRIGER,
        "est_offre": form.sens == Annonce.Sens.OFFRE,
        "nature_nom": form.nature.label,
        "cle": form["cle"].value() if nouvelle else annonce.cle,
        "parametres": f"?sens={form.sens}&nature={form.nature}",
        "local": f"annonce-{annonce.pk}" if annonce else f"annonce-{form.sens}-{form.nature}",
    }
    return render(request, "ressources/annonce_form.html", contexte)


@never_cache
@require_safe
@avec_annonce_gerable
def annonce_apercu(request, annonce):
    """The announcement as it will look, what it still lacks, and what sending it does."""
    if annonce.etat not in (Annonce.Etat.BROUILLON, Annonce.Etat.A_CORRIGER):
        return redirect(annonce)
    manques = AnnonceForm.relire(annonce, request.user)
    contexte = contexte_de_page(request, annonce, apercu=True)
    contexte |= {
        "manques": [(champ.label, champ.errors[0]) for champ in manques if champ.errors],
        "directe": publication.parait_aussitot(annonce, request.user),
        "oublier": [f"annonce-{annonce.pk}", f"annonce-{annonce.sens}-{annonce.nature}"],
    }
    return render(request, "ressources/annonce_apercu.html", contexte)


@require_POST
@avec_annonce_gerable
def annonce_soumettre(request, annonce):
    return _soumettre(request, annonce)


def _soumettre(request, annonce):
    """Send a complete announcement; an incomplete one goes back to its preview, which says what it lacks."""
    a_envoyer = annonce.etat in (Annonce.Etat.BROUILLON, Annonce.Etat.A_CORRIGER)
    if a_envoyer and not AnnonceForm.relire(annonce, request.user).is_valid():
        messages.error(request, "Il manque encore quelque chose : l'annonce n'est pas envoyée.")
        return redirect("ressources:annonce_apercu", annonce.pk)
    try:
        publication.soumettre(annonce, par=request.user)
    except TransitionInterdite as erreur:
        annonce.refresh_from_db()
        if annonce.etat not in (Annonce.Etat.A_VALIDER, Annonce.Etat.PUBLIEE):
            messages.error(request, str(erreur))
        return redirect(annonce)
    annonce.refresh_from_db()
    messages.success(request, _apres_envoi(annonce))
    return redirect(annonce)


def _apres_envoi(annonce) -> str:
    if annonce.etat != Annonce.Etat.PUBLIEE:
        return (
            "Annonce envoyée. L'équipe du pôle la relit avant de la publier : "
            "vous recevrez un e-mail dès qu'elle paraît, ou si quelque chose est à corriger."
        )
    fin = f" jusqu'au {annonce.expire_le:%d/%m/%Y}"
    if not annonce.structure_publiee:
        return f"Annonce publiée{fin}. Elle se verra dès que la fiche de la structure sera publiée."
    return f"Votre annonce est en ligne{fin}. Les réponses vous arrivent par e-mail et sur le site."


@require_safe
@login_required
def structures_suggestions(request):
    """Options of the datalist « Au nom de », for the hub's staff."""
    if not request.user.is_staff:
        raise PermissionDenied
    noms = structures_proposees(request.GET.get("structure", ""))
    return render(request, "ressources/_structures_options.html", {"noms": noms})
