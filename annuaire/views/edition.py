"""Editing a sheet, its photos and its contacts: référents and the hub's staff."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.actions import TransitionInterdite, edition, publication
from annuaire.forms.contact import ContactForm
from annuaire.forms.photo import DescriptionForm, PhotoForm
from annuaire.forms.structure import StructureForm
from annuaire.models import Contact, Structure
from annuaire.views._acces import avec_structure_modifiable

methodes = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@methodes
@avec_structure_modifiable
def structure_modifier(request, structure):
    """The full form. A concurrent edit of the same field shows both versions; nothing typed is lost."""
    if request.method != "POST":
        return _page(request, structure, StructureForm(structure=structure))
    form = StructureForm(request.POST, request.FILES, structure=structure, fichiers_trop_lourds=_lourds(request))
    if not form.is_valid():
        return _page(request, structure, form)
    try:
        changes = edition.enregistrer(
            structure,
            par=request.user,
            valeurs=form.valeurs(),
            activites=form.cleaned_data["activites"],
            competences=form.cleaned_data["competences"],
            version=form.cleaned_data["version"],
        )
    except edition.VersionPerimee as conflit:
        structure.refresh_from_db()
        return _page(request, structure, form_avec_autrui(form, structure, conflit), conflit=conflit)
    if "renvoyer" in request.POST and structure.etat == Structure.Etat.A_CORRIGER:
        return _renvoyer(request, structure)
    messages.success(request, _suite(structure, changes, request.user))
    return redirect(structure)


def _lourds(request) -> set[str]:
    """The fields whose file the upload handler dropped; reading POST is what runs the handler."""
    return getattr(request, "fichiers_trop_lourds", set()) if request.POST or request.FILES else set()


def _page(request, structure, form, conflit=None):
    contexte = {
        "structure": structure,
        "form": form,
        "conflit": conflit,
        "sections": [(titre, [form[nom] for nom in noms if nom in form.fields]) for titre, noms in form.SECTIONS],
        "tuiles_url": settings.TUILES_URL,
        "tuiles_attribution": settings.TUILES_ATTRIBUTION,
        "a_renvoyer": structure.etat == Structure.Etat.A_CORRIGER,
    }
    return render(request, "annuaire/structure_form.html", contexte)


def form_avec_autrui(form, structure, conflit):
    """The same form, bound again: what was typed, the other person's values elsewhere, the new version."""
    frais = type(form)(structure=structure)
    donnees = MultiValueDict({nom: list(valeurs) for nom, valeurs in form.data.lists()})
    for nom in conflit.autres:
        if nom not in frais.fields:
            continue
        valeur = frais[nom].value()
        if isinstance(valeur, bool):
            donnees.setlist(nom, ["on"] if valeur else [])
        elif isinstance(valeur, list | tuple):
            donnees.setlist(nom, [str(v) for v in valeur])
        else:
            donnees[nom] = "" if valeur is None else str(valeur)
    donnees["version"] = edition.version_de(structure)
    relie = type(form)(donnees, form.files, structure=structure)
    relie.is_valid()
    return relie


def _renvoyer(request, structure):
    try:
        publication.resoumettre(structure, par=request.user)
    except TransitionInterdite as erreur:
        messages.error(request, str(erreur))
        return redirect(structure)
    messages.success(request, "Fiche renvoyée à l'équipe du pôle : elle la relit et vous écrit.")
    return redirect(structure)


def _suite(structure, changes, utilisateur) -> str:
    """What happens next, and when."""
    if not changes:
        return "Rien n'a changé : la fiche était déjà ainsi."
    if structure.est_publiee and utilisateur.is_staff:
        return "Modifications enregistrées : elles se voient dès maintenant."
    if structure.est_publiee:
        return "Modifications enregistrées : elles se voient dès maintenant. L'équipe du pôle les relira."
    if structure.etat == Structure.Etat.A_CORRIGER:
        return "Modifications enregistrées. Quand tout est prêt, renvoyez la fiche à l'équipe."
    return "Modifications enregistrées. La fiche se verra une fois publiée par l'équipe du pôle."


@never_cache
@methodes
@avec_structure_modifiable
def photos(request, structure):
    """The photos in order, and one more."""
    form = PhotoForm()
    if request.method == "POST":
        form = PhotoForm(request.POST, request.FILES, fichiers_trop_lourds=_lourds(request))
        if form.is_valid():
            try:
                edition.ajouter_photo(structure, par=request.user, **form.cleaned_data)
            except edition.ListePleine as pleine:
                form.add_error(None, str(pleine))
            else:
                messages.success(request, "Photo ajoutée : elle se voit sur la fiche.")
                return redirect("annuaire:photos", structure.slug)
    contexte = {"structure": structure, "form": form, "photos": structure.photos.all()}
    return render(request, "annuaire/photos.html", contexte)


@never_cache
@methodes
@avec_structure_modifiable
def photo_modifier(request, structure, pk):
    """Describe, move or delete one photo: the button pressed says which."""
    photo = get_object_or_404(structure.photos.select_related("structure"), pk=pk)
    form = DescriptionForm(initial={"alternative": photo.alternative})
    if request.method == "POST":
        geste = request.POST.get("geste", "")
        if geste in ("monter", "descendre"):
            edition.deplacer_photo(photo, par=request.user, vers=-1 if geste == "monter" else 1)
            return redirect("annuaire:photos", structure.slug)
        if geste == "supprimer":
            edition.supprimer_photo(photo, par=request.user)
            messages.success(request, "Photo supprimée.")
            return redirect("annuaire:photos", structure.slug)
        form = DescriptionForm(request.POST)
        if form.is_valid():
            edition.decrire_photo(photo, par=request.user, **form.cleaned_data)
            messages.success(request, "Description enregistrée.")
            return redirect("annuaire:photos", structure.slug)
    contexte = {"structure": structure, "photo": photo, "form": form}
    return render(request, "annuaire/photo_form.html", contexte)


@never_cache
@methodes
@avec_structure_modifiable
def contacts(request, structure):
    """The named persons, and one more."""
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            edition.enregistrer_contact(Contact(structure=structure, **form.cleaned_data), par=request.user)
        except edition.ListePleine as pleine:
            form.add_error(None, str(pleine))
        else:
            messages.success(request, _dit_du_contact(form.cleaned_data))
            return redirect("annuaire:contacts", structure.slug)
    contexte = {"structure": structure, "form": form, "contacts": structure.contacts.all()}
    return render(request, "annuaire/contacts.html", contexte)


@never_cache
@methodes
@avec_structure_modifiable
def contact_modifier(request, structure, pk):
    contact = get_object_or_404(structure.contacts.select_related("structure"), pk=pk)
    champs = ContactForm.base_fields
    if request.method == "POST" and request.POST.get("geste") == "supprimer":
        edition.supprimer_contact(contact, par=request.user)
        messages.success(request, "Contact supprimé.")
        return redirect("annuaire:contacts", structure.slug)
    initial = {nom: getattr(contact, nom) for nom in champs}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        for nom, valeur in form.cleaned_data.items():
            setattr(contact, nom, valeur)
        edition.enregistrer_contact(contact, par=request.user)
        messages.success(request, _dit_du_contact(form.cleaned_data))
        return redirect("annuaire:contacts", structure.slug)
    contexte = {"structure": structure, "contact": contact, "form": form}
    return render(request, "annuaire/contact_form.html", contexte)


def _dit_du_contact(valeurs) -> str:
    if valeurs["nom_public"]:
        return "Contact enregistré : ce qui est coché « public » se voit sur la fiche."
    return "Contact enregistré. Seuls les membres de la structure et l'équipe du pôle le voient."
