"""One block, one item, one picture of an issue: written, moved, dropped, put back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from newsletter.actions import TransitionInterdite, images, redaction
from newsletter.forms.redaction import BlocForm, DescriptionImageForm, ImageForm, MotForm, OrdreForm
from newsletter.models import Bloc, Element
from newsletter.views._redaction import INCONNU, avec_numero, contexte_de, numero_url
from newsletter.views.redaction import garder, montrer
from reunions.forms.lignes import GesteForm

methodes = require_http_methods(["GET", "HEAD", "POST"])
RETIRE = "Ce bloc n'est plus dans la lettre : quelqu'un l'a retiré."
GESTES_DE_BLOC = ("enregistrer", "retirer", "monter", "descendre", "ranger")
GESTES_D_ELEMENT = ("monter", "descendre", "ecarter", "reprendre", "mot")
GESTES_D_IMAGE = ("ajouter", "decrire", "retirer")


@never_cache
@require_POST
@avec_numero
def bloc(request, numero, bloc):
    """The words of a block, its place, the order of its items."""
    trouve = numero.blocs.filter(pk=bloc).select_related("numero").first()
    geste = GesteForm(request.POST, gestes=GESTES_DE_BLOC)
    if trouve is None or not geste.is_valid():
        messages.error(request, RETIRE if trouve is None else INCONNU)
        return redirect(numero_url(numero))
    try:
        if geste.cleaned_data["geste"] == "enregistrer":
            return _enregistrer(request, numero, trouve)
        _ranger(request, trouve, geste.cleaned_data)
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
    return redirect(numero_url(numero, f"bloc-{trouve.pk}"))


def _enregistrer(request, numero, trouve):
    form = BlocForm(request.POST, auto_id=f"bloc{trouve.pk}_%s")
    if not form.is_valid():
        return montrer(request, numero, bloc=form)
    try:
        redaction.enregistrer_bloc(trouve, **form.cleaned_data)
    except redaction.TexteChange as conflit:
        return montrer(request, numero, status=409, **garder(conflit, form, BlocForm, "bloc", "titre", "texte"))
    messages.success(request, "Le bloc est enregistré.")
    return redirect(numero_url(numero, f"bloc-{trouve.pk}"))


def _ranger(request, trouve, valeurs) -> None:
    if valeurs["geste"] == "retirer":
        redaction.retirer_bloc(trouve)
        libre = trouve.genre == Bloc.Genre.TEXTE
        messages.success(
            request, "Le texte est retiré." if libre else f"« {trouve} » : tout est écarté, et peut être remis."
        )
    elif valeurs["geste"] == "ranger":
        form = OrdreForm(request.POST)
        if not form.is_valid():
            raise TransitionInterdite(INCONNU)
        redaction.ranger(trouve.numero, ordre=form.cles(), bloc=trouve)
    else:
        redaction.deplacer(trouve, sens=valeurs["geste"], rang=valeurs["rang"])


@never_cache
@require_POST
@avec_numero
def element(request, numero, element):
    """Moved, dropped, put back, annotated."""
    trouve = Element.objects.filter(pk=element, numero=numero).select_related("numero").first()
    geste = GesteForm(request.POST, gestes=GESTES_D_ELEMENT)
    if trouve is None or not geste.is_valid():
        messages.error(request, "Cet élément n'est plus dans la lettre." if trouve is None else INCONNU)
        return redirect(numero_url(numero))
    valeurs = geste.cleaned_data
    try:
        if valeurs["geste"] in ("ecarter", "reprendre"):
            redaction.ecarter(trouve, oui=valeurs["geste"] == "ecarter")
        elif valeurs["geste"] == "mot":
            _annoter(request, trouve)
        else:
            redaction.deplacer(trouve, sens=valeurs["geste"], rang=valeurs["rang"])
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
    return redirect(numero_url(numero, f"bloc-{trouve.bloc_id}"))


def _annoter(request, trouve) -> None:
    form = MotForm(request.POST)
    if not form.is_valid():
        raise TransitionInterdite(" ".join(form.errors["mot"]))
    redaction.annoter(trouve, mot=form.cleaned_data["mot"])
    messages.success(request, "Votre mot est enregistré.")


@never_cache
@methodes
@avec_numero
def bloc_images(request, numero, bloc):
    """The pictures of a block of free words, and one more."""
    trouve = get_object_or_404(numero.blocs.filter(genre=Bloc.Genre.TEXTE).select_related("numero"), pk=bloc)
    form = ImageForm()
    if request.method == "POST":
        geste = GesteForm(request.POST, gestes=GESTES_D_IMAGE)
        try:
            form = _image(request, trouve, geste)
        except TransitionInterdite as refus:
            messages.error(request, str(refus))
        if not form.errors:
            return redirect("newsletter:bloc_images", numero.pk, trouve.pk)
    siennes = list(trouve.images.order_by("ordre", "pk"))
    for image in siennes:
        image.form = DescriptionImageForm(initial={"alternative": image.alternative}, auto_id=f"image{image.pk}_%s")
    contexte = contexte_de(numero, "Images", bloc=trouve, form=form, images=siennes, maximum=images.IMAGES_MAX)
    return render(request, "newsletter/redaction_images.html", contexte)


def _image(request, bloc, geste):
    """The form of a new picture: with errors, or new again once it is done."""
    if not geste.is_valid():
        raise TransitionInterdite(INCONNU)
    if geste.cleaned_data["geste"] == "ajouter":
        form = ImageForm(request.POST, request.FILES, fichiers_trop_lourds=getattr(request, "fichiers_trop_lourds", ()))
        if not form.is_valid():
            return form
        images.ajouter(bloc, **form.cleaned_data)
        messages.success(request, "L'image est ajoutée.")
        return ImageForm()
    image = bloc.images.select_related("bloc__numero").filter(pk=geste.cleaned_data["ligne"]).first()
    if image is None:
        raise TransitionInterdite("Cette image n'est plus dans la lettre.")
    if geste.cleaned_data["geste"] == "retirer":
        images.retirer(image)
        messages.success(request, "L'image est retirée.")
        return ImageForm()
    form = DescriptionImageForm(request.POST)
    if not form.is_valid():
        raise TransitionInterdite(" ".join(form.errors["alternative"]))
    images.decrire(image, **form.cleaned_data)
    messages.success(request, "La description est enregistrée.")
    return ImageForm()
