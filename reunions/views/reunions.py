"""A meeting: its page, its calendar file, and the pages where staff prepare it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from annuaire.models import Structure
from reunions import outils
from reunions.actions import TransitionInterdite, ordre_du_jour
from reunions.actions import reunions as actes
from reunions.calendrier import ical, proches
from reunions.calendrier.entrees import entree
from reunions.compte_rendu import braille
from reunions.forms.reunion import CreerForm, MotifForm, QuandForm, QuoiForm, SansChampForm, VenirForm
from reunions.models import CompteRendu, Reunion
from reunions.permissions import animateurs_seulement
from reunions.views._acces import avec_reunion_preparee, nombre_de, reunion_visible
from reunions.views._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])
ETAPES = {
    "quoi": ("Quoi", QuoiForm),
    "quand": ("Quand et où", QuandForm),
    "venir": ("Accueil et accès", VenirForm),
}
"""Steps of the form, in order: a page each."""
ACTES = {
    "annoncer": {
        "titre": "Annoncer la rencontre",
        "explication": "Elle paraît dans l'agenda. Les invitations s'envoient ensuite, quand vous le décidez.",
        "bouton": "Annoncer la rencontre",
        "form": SansChampForm,
        "fait": "La rencontre est annoncée : elle paraît dans l'agenda.",
    },
    "annuler": {
        "titre": "Annuler la rencontre",
        "explication": "Sa page reste, avec votre raison : les personnes invitées doivent l'apprendre.",
        "bouton": "Annuler la rencontre",
        "form": MotifForm,
        "danger": True,
        "fait": "La rencontre est annulée ; sa page le dit, avec votre raison.",
    },
    "tenir": {
        "titre": "La rencontre a eu lieu",
        "explication": "Elle passe parmi les rencontres tenues. Il reste à publier le compte rendu.",
        "bouton": "Elle a eu lieu",
        "form": SansChampForm,
        "fait": "C'est noté : la rencontre a eu lieu.",
    },
}


@require_safe
def reunion_detail(request, pk):
    """What it is, where, how to come, its documents, its minutes; what to do next."""
    reunion = reunion_visible(request, pk, Reunion.objects.pour_page())
    minutes = CompteRendu.objects.publies().filter(reunion=reunion).first()
    contexte = {
        "reunion": reunion,
        "documents": reunion.documents.visibles_par(request.user),
        "minutes": minutes,
        "braille": braille.est_installe(),
        "minutes_url": _facultative("compte_rendu", reunion.pk) if minutes else "",
        "inscription_url": _facultative("inscription", reunion.pk) if reunion.est_ouverte else "",
        "etapes": fil(),
    }
    return render(request, "reunions/reunion_detail.html", contexte)


def _facultative(nom, *arguments) -> str:
    """The address of a page that another notion brings; empty without it."""
    try:
        return reverse(f"reunions:{nom}", args=arguments)
    except NoReverseMatch:
        return ""


@require_safe
@conditional_page
def reunion_ics(request, pk):
    """One meeting for a calendar; the same UID as in the feeds."""
    reunion = reunion_visible(request, pk, Reunion.objects.select_related("commune", "structure_hote"))
    if reunion.debut is None:
        raise Http404
    return fichier_ics(reunion, prive=reunion.audience != Reunion.Audience.PUBLIQUE)


def fichier_ics(objet, *, prive=False) -> HttpResponse:
    """A file to open with a calendar."""
    reponse = HttpResponse(ical.ecrire(objet.titre, [entree(objet)]), content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{slugify(objet.titre)[:60].strip("-") or "date"}.ics"'
    reponse["Cache-Control"] = "private, no-cache" if prive else "public, no-cache"
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse


@never_cache
@methodes
@animateurs_seulement
def reunion_creer(request):
    """First step: what. The draft is made, then comes when and where. `?hote=`: the structure that would host.

    `?projet=`: the project or commission that meets.
    """
    projet = nombre_de(request.GET.get("projet", ""))
    form = CreerForm(request.POST if request.method == "POST" else None, initial={"projet": projet})
    hote = _hote(request.GET.get("hote", ""))
    if form.is_valid():
        valeurs = dict(form.cleaned_data)
        cle = valeurs.pop("cle")
        if hote is not None:
            valeurs |= {"structure_hote": hote, "commune": hote.commune, "lieu": hote.nom, "adresse": hote.adresse}
        reunion = actes.creer(valeurs=valeurs, par=request.user, cle=cle)
        return redirect(f"{reverse('reunions:reunion_modifier', args=[reunion.pk])}?etape=quand")
    if "cle" in form.errors:
        form.renouveler_cle()
    contexte = {"form": form, "hote": hote, "etape": "quoi", "etapes": fil()}
    return render(request, "reunions/reunion_form.html", contexte)


def _hote(texte) -> Structure | None:
    return Structure.objects.publiees().select_related("commune").filter(pk=nombre_de(texte)).first()


@never_cache
@methodes
@avec_reunion_preparee
def reunion_modifier(request, reunion):
    """One step at a time, `?etape=`; saving leads to the next one of a draft, to the hub page otherwise."""
    etape = request.GET.get("etape", "quoi")
    etape = etape if etape in ETAPES else "quoi"
    form = _form_d_etape(etape, reunion, request.POST if request.method == "POST" else None)
    if form.is_valid():
        valeurs = form.valeurs() if etape == "quand" else dict(form.cleaned_data)
        try:
            a_apprendre = actes.modifier(reunion, par=request.user, valeurs=valeurs)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            suite = "La date, le lieu ou le titre change : les calendriers abonnés suivent." if a_apprendre else ""
            messages.success(request, f"Enregistré. {suite}".strip())
            return redirect(_suite(reunion, etape))
    contexte = {
        "form": form,
        "reunion": reunion,
        "etape": etape,
        "proches": _proches(form, reunion, etape),
        "structures": Structure.objects.publiees().order_by("tri", "pk").values_list("nom", flat=True)
        if etape == "venir"
        else [],
        "derniere": etape == "venir",
        "etapes": fil(reunion, prepare=True),
    }
    return render(request, "reunions/reunion_form.html", contexte)


def _form_d_etape(etape, reunion, donnees):
    if etape == "quand":
        return QuandForm(donnees, reunion=reunion, initial=QuandForm.initiales(reunion))
    classe = ETAPES[etape][1]
    initiales = {nom: getattr(reunion, nom) for nom in classe.base_fields}
    if etape == "quoi":
        return QuoiForm(donnees, reunion=reunion, initial=initiales)
    return VenirForm(donnees, initial=initiales)


def _suite(reunion, etape) -> str:
    noms = list(ETAPES)
    if reunion.etat == Reunion.Etat.BROUILLON and etape != noms[-1]:
        suivante = noms[noms.index(etape) + 1]
        return f"{reverse('reunions:reunion_modifier', args=[reunion.pk])}?etape={suivante}"
    return reverse("reunions:preparer", args=[reunion.pk])


def _proches(form, reunion, etape):
    """What else happens that day nearby, once the date and the commune are known."""
    if etape != "quand" or form.is_bound or not reunion.debut:
        return []
    return proches.du_meme_jour(debut=reunion.debut, fin=reunion.fin, commune=reunion.commune, sauf=reunion)


@never_cache
@methodes
@avec_reunion_preparee
def reunion_acte(request, reunion, acte):
    """A page per act: what it does (GET), and its button (POST)."""
    if acte not in ACTES:
        raise Http404
    page = ACTES[acte]
    form = page["form"](request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            getattr(actes, acte)(reunion, par=request.user, **form.cleaned_data)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, page["fait"])
            return redirect("reunions:preparer", reunion.pk)
    contexte = {
        "form": form,
        "page": page,
        "objet": reunion,
        "retour": reverse("reunions:preparer", args=[reunion.pk]),
        "possible": acte in actes.actes_possibles(reunion),
        "etapes": fil(reunion, prepare=True),
    }
    return render(request, "reunions/acte.html", contexte)


@never_cache
@require_safe
@avec_reunion_preparee
def preparer(request, reunion):
    """The staff's hub page of one meeting: every tool with its state, and what comes next."""
    contexte = {
        "reunion": reunion,
        "outils": outils.de_la_reunion(reunion),
        "points": reunion.points.count(),
        "a_reprendre": ordre_du_jour.actions_a_reprendre(reunion).count(),
        "animateurs": reunion.animateurs.count(),
        "documents": reunion.documents.count(),
        "sondage": getattr(reunion, "sondage", None),
        "sondage_url": _facultative("sondage_creer"),
        "proches": _proches_de(reunion),
        "actes": [(acte, ACTES[acte]) for acte in actes.actes_possibles(reunion)],
        "etapes": fil(reunion),
    }
    return render(request, "reunions/preparer.html", contexte)


def _proches_de(reunion):
    a_venir = reunion.debut and not reunion.est_passee and reunion.etat != Reunion.Etat.ANNULEE
    if not a_venir:
        return []
    return proches.du_meme_jour(debut=reunion.debut, fin=reunion.fin, commune=reunion.commune, sauf=reunion)
