"""Is the sheet right? Said by a référent, or without an account by whoever holds a mailed link."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.actions import TransitionInterdite, edition, publication
from annuaire.actions import fraicheur as actions
from annuaire.actions.proposition import JOURS_AU_NOM_DE
from annuaire.forms.structure import CorrectionForm
from annuaire.models import Structure
from annuaire.views._acces import avec_structure_modifiable
from annuaire.views._liens import page_du_lien
from annuaire.views.edition import form_avec_autrui
from pole_ess.socle import liens

methodes = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@methodes
@avec_structure_modifiable
def confirmer(request, structure):
    """« Tout est juste » : one button for référents and the hub's staff."""
    if request.method == "POST":
        par_quoi = "equipe" if request.user.is_staff else "referent"
        actions.confirmer(structure, par_quoi=par_quoi, par=request.user)
        messages.success(request, "Merci : la fiche est marquée vérifiée aujourd'hui.")
        return redirect(structure)
    return render(request, "annuaire/confirmer.html", {"structure": structure})


def fraicheur(request, jeton):
    """The yearly question: exact, to correct, no longer exists."""
    return _page_de_reponse(request, jeton, objectif="fiche", jours=actions.JOURS_REPONSE)


def au_nom_de(request, jeton):
    """The same, for a sheet that staff wrote in the structure's name, or a proposal sent back to its author."""
    return _page_de_reponse(request, jeton, objectif="au-nom-de", jours=JOURS_AU_NOM_DE)


@never_cache
@methodes
def _page_de_reponse(request, jeton, *, objectif, jours):
    try:
        charge = liens.lire(objectif, jeton, jours=jours)
        if liens.deja_utilise(jeton):
            raise liens.LienDejaUtilise
        structure = Structure.objects.select_related("commune").get(pk=charge["s"])
        if structure.etat not in ("publiee", "a_corriger"):
            raise Structure.DoesNotExist
        if structure.etat != charge.get("e", "publiee"):
            raise liens.LienExpire
        reponse = request.POST.get("reponse", "") if request.method == "POST" else ""
        if structure.etat == Structure.Etat.A_CORRIGER or reponse == "corriger":
            return _corriger(request, structure, jeton, jours=jours)
        if reponse in ("exact", "disparue"):
            return _repondre(request, structure, jeton, reponse, jours=jours)
    except (liens.LienInvalide, Structure.DoesNotExist) as erreur:
        return page_du_lien(request, erreur, objet="fiche")
    if "corriger" in request.GET:
        return _formulaire(request, structure, CorrectionForm(structure=structure))
    contexte = {"structure": structure, "faits": faits(structure), "au_nom_de": objectif == "au-nom-de"}
    return render(request, "annuaire/fraicheur.html", contexte)


@transaction.atomic
def _repondre(request, structure, jeton, reponse, *, jours):
    liens.consommer(jeton, jours=jours)
    if reponse == "exact":
        actions.confirmer(structure, par_quoi="lettre")
    else:
        actions.signaler_disparue(structure, texte=request.POST.get("texte", "").replace("\x00", "")[:1000])
    return render(request, "annuaire/fraicheur_merci.html", {"structure": structure, "reponse": reponse})


def _formulaire(request, structure, form, conflit=None):
    sections = [(titre, [form[nom] for nom in noms if nom in form.fields]) for titre, noms in form.SECTIONS]
    contexte = {
        "structure": structure,
        "form": form,
        "sections": sections,
        "conflit": conflit,
        "a_renvoyer": structure.etat == Structure.Etat.A_CORRIGER,
    }
    return render(request, "annuaire/correction_form.html", contexte)


def _corriger(request, structure, jeton, *, jours):
    """The correction form; what is sent is listed for review, and sends a proposal back to staff."""
    if request.method != "POST":
        return _formulaire(request, structure, CorrectionForm(structure=structure))
    form = CorrectionForm(request.POST, structure=structure)
    if not form.is_valid():
        return _formulaire(request, structure, form)
    try:
        with transaction.atomic():
            liens.consommer(jeton, jours=jours)
            edition.enregistrer(
                structure,
                par=None,
                valeurs=form.valeurs(),
                activites=form.cleaned_data["activites"],
                competences=form.cleaned_data["competences"],
                version=form.cleaned_data["version"],
                motif="Corrigée par le lien reçu par e-mail.",
            )
            if structure.etat == Structure.Etat.A_CORRIGER:
                publication.resoumettre(structure, par=None)
            else:
                actions.confirmer(structure, par_quoi="lettre")
    except edition.VersionPerimee as conflit:
        structure.refresh_from_db()
        return _formulaire(request, structure, form_avec_autrui(form, structure, conflit), conflit=conflit)
    except TransitionInterdite as erreur:
        raise liens.LienDejaUtilise from erreur
    return render(request, "annuaire/fraicheur_merci.html", {"structure": structure, "reponse": "corriger"})


def faits(structure) -> list[tuple[str, str]]:
    """What the sheet says, for someone who checks it line by line; empty lines say so."""
    champs = ["presentation", "public_accueilli", "adresse", "commune", "telephone", "courriel", "site", "horaires"]
    lignes = [(edition.libelle(champ), str(getattr(structure, champ) or "")) for champ in champs]
    lignes.insert(1, ("Activités", ", ".join(structure.activites.values_list("nom", flat=True))))
    return lignes
