"""Where staff write the agenda, the facilitators and the documents of a meeting."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from reunions.actions import ordre_du_jour as actes
from reunions.forms.document import DocumentForm
from reunions.forms.reunion import AnimateurForm, PointForm
from reunions.models import Reunion
from reunions.permissions import animateurs_seulement, est_animateur
from reunions.views._acces import avec_reunion_preparee, reunion_visible
from reunions.views._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])
SENS = {"monter": -1, "descendre": 1}


@never_cache
@methodes
@avec_reunion_preparee
def ordre_du_jour(request, reunion):
    """The points in order, one more, and the late actions of the previous meeting to take up first."""
    form = PointForm(initial={"titre": request.GET.get("titre", "").replace("\x00", "")[:200]})
    if request.method == "POST" and request.POST.get("geste") == "reprendre":
        return _reprendre(request, reunion)
    if request.method == "POST":
        form = PointForm(request.POST)
        if form.is_valid():
            try:
                actes.ajouter_point(reunion, par=request.user, **form.cleaned_data)
            except actes.ListePleine as pleine:
                form.add_error(None, str(pleine))
            else:
                messages.success(request, "Point ajouté.")
                return redirect("reunions:ordre_du_jour", reunion.pk)
    points = list(reunion.points.select_related("action"))
    contexte = {
        "reunion": reunion,
        "form": form,
        "points": points,
        "duree": sum(point.duree_minutes or 0 for point in points),
        "a_reprendre": actes.actions_a_reprendre(reunion),
        "etapes": fil(reunion, prepare=True),
    }
    return render(request, "reunions/ordre_du_jour.html", contexte)


@never_cache
@require_safe
@animateurs_seulement
def point_a_proposer(request):
    """`?titre=`: to the agenda of the next meeting with this point typed in; to a new meeting when none is to come."""
    titre = request.GET.get("titre", "")
    prochaine = Reunion.objects.a_venir().first() or Reunion.objects.en_preparation().first()
    if prochaine is None:
        messages.info(request, "Aucune rencontre n'est prévue : créez-la, puis ajoutez ce point à son ordre du jour.")
        return redirect("reunions:reunion_creer")
    adresse = reverse("reunions:ordre_du_jour", args=[prochaine.pk])
    return redirect(f"{adresse}?{urlencode({'titre': titre[:200]})}")


def _reprendre(request, reunion):
    try:
        combien = actes.reprendre_actions(reunion, par=request.user)
    except actes.ListePleine as pleine:
        messages.error(request, str(pleine))
    else:
        messages.success(request, f"{combien} en tête de l'ordre du jour." if combien else "Rien à reprendre.")
    return redirect("reunions:ordre_du_jour", reunion.pk)


@never_cache
@methodes
@avec_reunion_preparee
def point_modifier(request, reunion, point):
    """Change, move or remove one point: the button pressed says which."""
    point = get_object_or_404(reunion.points.select_related("reunion"), pk=point)
    return _ligne(request, reunion, point, PointForm, retour="reunions:ordre_du_jour", quoi="point")


@never_cache
@methodes
@avec_reunion_preparee
def animateurs(request, reunion):
    """Who runs the meeting, in order, and one more."""
    form = AnimateurForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actes.ajouter_animateur(reunion, par=request.user, **form.cleaned_data)
        except actes.ListePleine as pleine:
            form.add_error(None, str(pleine))
        else:
            messages.success(request, "C'est noté.")
            return redirect("reunions:animateurs", reunion.pk)
    contexte = {
        "reunion": reunion,
        "form": form,
        "lignes": reunion.animateurs.all(),
        "etapes": fil(reunion, prepare=True),
    }
    return render(request, "reunions/animateurs.html", contexte)


@never_cache
@methodes
@avec_reunion_preparee
def animateur_modifier(request, reunion, animateur):
    """Change, move or remove one of them."""
    animateur = get_object_or_404(reunion.animateurs.select_related("reunion"), pk=animateur)
    return _ligne(request, reunion, animateur, AnimateurForm, retour="reunions:animateurs", quoi="animateur")


def _ligne(request, reunion, ligne, classe, *, retour, quoi):
    initiales = {nom: getattr(ligne, nom) for nom in classe.base_fields}
    form = classe(initial=initiales)
    if request.method == "POST":
        geste = request.POST.get("geste", "")
        if geste in SENS:
            actes.deplacer(ligne, par=request.user, vers=SENS[geste])
            return redirect(retour, reunion.pk)
        if geste == "supprimer":
            actes.supprimer(ligne, par=request.user)
            messages.success(request, "C'est retiré.")
            return redirect(retour, reunion.pk)
        form = classe(request.POST)
        if form.is_valid():
            actes.modifier_ligne(ligne, par=request.user, **form.cleaned_data)
            messages.success(request, "Enregistré.")
            return redirect(retour, reunion.pk)
    contexte = {
        "reunion": reunion,
        "form": form,
        "ligne": ligne,
        "quoi": quoi,
        "retour": retour,
        "etapes": fil(reunion, prepare=True),
    }
    return render(request, "reunions/ligne_form.html", contexte)


@never_cache
@methodes
@avec_reunion_preparee
def documents(request, reunion):
    """Its documents, and one more."""
    form = DocumentForm()
    if request.method == "POST":
        lourds = getattr(request, "fichiers_trop_lourds", ())
        form = DocumentForm(request.POST, request.FILES, fichiers_trop_lourds=lourds)
        if form.is_valid():
            lu = form.cleaned_data
            try:
                actes.ajouter_document(
                    reunion, par=request.user, document=lu["fichier"], titre=lu["titre"], audience=lu["audience"]
                )
            except actes.ListePleine as pleine:
                form.add_error(None, str(pleine))
            else:
                messages.success(request, "Document ajouté.")
                return redirect("reunions:documents", reunion.pk)
    contexte = {
        "reunion": reunion,
        "form": form,
        "documents": reunion.documents.all(),
        "etapes": fil(reunion, prepare=True),
    }
    return render(request, "reunions/documents.html", contexte)


@never_cache
@methodes
def document(request, pk, document):
    """GET gives the file to whoever its audience says; POST deletes it or changes its audience, for staff."""
    reunion = reunion_visible(request, pk)
    fichier = get_object_or_404(reunion.documents.visibles_par(request.user).select_related("reunion"), pk=document)
    if request.method == "POST":
        return _gerer_document(request, reunion, fichier)
    try:
        with fichier.fichier.open("rb") as ouvert:
            octets = ouvert.read()
    except FileNotFoundError as erreur:
        raise Http404 from erreur
    reponse = HttpResponse(octets, content_type=fichier.type_mime)
    reponse["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=fichier.nom)
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse["Cross-Origin-Resource-Policy"] = "same-origin"
    return reponse


def _gerer_document(request, reunion, fichier):
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not est_animateur(request.user):
        raise PermissionDenied
    geste = request.POST.get("geste", "")
    if geste == "supprimer":
        actes.supprimer(fichier, par=request.user)
        messages.success(request, "Document supprimé.")
    elif geste in fichier.Audience.values:
        actes.changer_audience(fichier, par=request.user, audience=geste)
        messages.success(request, f"Ce document est visible par : {fichier.get_audience_display()}.")
    return redirect("reunions:documents", reunion.pk)
