"""Photos of an announcement, and its files for members."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ressources.actions import photos as actes
from ressources.forms.annonce_fichier import FichierForm
from ressources.forms.annonce_photo import DescriptionPhotoForm, PhotoAnnonceForm
from ressources.models import Annonce
from ressources.permissions import peut_gerer
from ressources.views._acces import avec_annonce_gerable
from ressources.views.annonces_edition import lourds

methodes = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@methodes
@avec_annonce_gerable
def photos(request, annonce):
    """The photos in order, and one more."""
    form = PhotoAnnonceForm()
    if request.method == "POST":
        form = PhotoAnnonceForm(request.POST, request.FILES, fichiers_trop_lourds=lourds(request))
        if form.is_valid():
            lu = form.cleaned_data
            try:
                actes.ajouter(annonce, par=request.user, images=lu["fichier"], alternative=lu["alternative"])
            except actes.ListePleine as pleine:
                form.add_error(None, str(pleine))
            else:
                messages.success(request, "Photo ajoutée.")
                return redirect("ressources:photos", annonce.pk)
    siennes = list(annonce.photos.all())
    contexte = {"annonce": annonce, "form": form, "photos": siennes, "reste": actes.PHOTOS_MAX - len(siennes)}
    return render(request, "ressources/photos.html", contexte)


@never_cache
@methodes
@avec_annonce_gerable
def photo_modifier(request, annonce, photo):
    """Describe, move or delete one photo: the button pressed says which."""
    photo = get_object_or_404(annonce.photos.select_related("annonce"), pk=photo)
    form = DescriptionPhotoForm(initial={"alternative": photo.alternative})
    if request.method == "POST":
        geste = request.POST.get("geste", "")
        if geste in ("monter", "descendre"):
            actes.deplacer(photo, par=request.user, vers=-1 if geste == "monter" else 1)
            return redirect("ressources:photos", annonce.pk)
        if geste == "supprimer":
            actes.supprimer(photo, par=request.user)
            messages.success(request, "Photo supprimée.")
            return redirect("ressources:photos", annonce.pk)
        form = DescriptionPhotoForm(request.POST)
        if form.is_valid():
            actes.decrire(photo, par=request.user, **form.cleaned_data)
            messages.success(request, "Description enregistrée.")
            return redirect("ressources:photos", annonce.pk)
    return render(request, "ressources/photo_modifier.html", {"annonce": annonce, "photo": photo, "form": form})


@never_cache
@methodes
@avec_annonce_gerable
def fichiers(request, annonce):
    """The files for members, and one more."""
    form = FichierForm()
    if request.method == "POST":
        form = FichierForm(request.POST, request.FILES, fichiers_trop_lourds=lourds(request))
        if form.is_valid():
            lu = form.cleaned_data
            try:
                actes.ajouter_fichier(annonce, par=request.user, document=lu["fichier"], genre=lu["genre"])
            except actes.ListePleine as pleine:
                form.add_error(None, str(pleine))
            else:
                messages.success(request, "Document ajouté : les personnes qui ont un compte le voient.")
                return redirect("ressources:fichiers", annonce.pk)
    siens = list(annonce.fichiers.all())
    contexte = {"annonce": annonce, "form": form, "fichiers": siens, "reste": actes.FICHIERS_MAX - len(siens)}
    return render(request, "ressources/fichiers.html", contexte)


@never_cache
@methodes
@login_required
def fichier(request, pk, fichier):
    """GET gives the file to any account that may see the announcement; POST deletes it, for who manages it."""
    annonce = get_object_or_404(Annonce.objects.visibles_par(request.user).select_related("structure"), pk=pk)
    document = get_object_or_404(annonce.fichiers.select_related("annonce"), pk=fichier)
    if request.method == "POST":
        if not peut_gerer(request.user, annonce):
            raise PermissionDenied
        actes.supprimer_fichier(document, par=request.user)
        messages.success(request, "Document supprimé.")
        return redirect("ressources:fichiers", annonce.pk)
    try:
        with document.fichier.open("rb") as ouvert:
            octets = ouvert.read()
    except FileNotFoundError as erreur:
        raise Http404 from erreur
    reponse = HttpResponse(octets, content_type=document.type_mime)
    reponse["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=document.nom)
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse["Cross-Origin-Resource-Policy"] = "same-origin"
    return reponse
