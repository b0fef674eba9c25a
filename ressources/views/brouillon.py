"""The draft that the page saves by itself while it is being written."""

from django.http import Http404, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import annonces
from ressources.forms import annonce_choix
from ressources.forms.annonce import AnnonceForm
from ressources.models import Annonce

SAUVEGARDES = {"maximum": 900, "secondes": 3600}
CREATIONS = {"maximum": 40, "secondes": 3600}


@never_cache
@require_POST
def brouillon(request, cle):
    """What is typed, kept under the key of the form; a sentence for the page, in `message`.

    Fields that are not understood yet are left as they were, and named in `ignores`. Nothing is made before
    there is a title or a description.
    """
    if not request.user.is_authenticated:
        return _dire("Votre session est terminée : votre saisie reste dans ce navigateur.", 403, connexion=True)
    annonce = Annonce.objects.de_cle(cle)
    if annonce is not None and not Annonce.objects.gerables_par(request.user).contains(annonce):
        raise Http404
    if annonce is not None and annonce.etat != Annonce.Etat.BROUILLON:
        return _dire("Cette annonce n'est plus un brouillon : rien n'est enregistré.", 409)
    try:
        compter(f"brouillon:{request.user.pk}", **SAUVEGARDES)
        return _garder(request, annonce, cle)
    except LimiteDepassee:
        return _dire("Trop d'enregistrements : enregistrez à la main.", 429)
    except annonces.VersionPerimee:
        return _dire("Une autre personne modifie ce brouillon : enregistrez pour comparer.", 409)
    except annonces.ModificationImpossible as refus:
        return _dire(str(refus), 409)
    except annonces.CleDejaPrise:
        raise Http404 from None


def _garder(request, annonce, cle):
    choix = annonce_choix.lire(request.GET, request.user)
    sens, nature = (annonce.sens, annonce.nature) if annonce else (choix.sens, choix.nature)
    if not (sens and nature):
        return _dire("Choisissez d'abord ce que vous publiez.", 400)
    options = {"sens": sens, "nature": nature, "utilisateur": request.user}
    form = AnnonceForm(request.POST, annonce=annonce, complet=False, **options)
    form.is_valid()
    valeurs = form.valeurs()
    if annonce is None:
        if not (valeurs.get("titre") or valeurs.get("description")):
            return _dire("", 200)
        structure = valeurs.pop("structure", None)
        if structure is None:
            return _dire("Dites pour quelle structure : le brouillon s'enregistrera.", 200)
        compter(f"brouillon:nouveau:{request.user.pk}", **CREATIONS)
        valeurs |= {"sens": sens, "nature": nature}
        annonce = annonces.creer(valeurs=valeurs, structure=structure, par=request.user, cle=cle)
    else:
        annonces.modifier(annonce, valeurs=valeurs, par=request.user, version=form.cleaned_data.get("version", ""))
    maintenant = timezone.localtime()
    faux = [str(champ.label).lower() for champ in form if champ.errors]
    sauf = f", sauf : {', '.join(faux)}" if faux else ""
    return _dire(
        f"Brouillon enregistré à {maintenant.hour} h {maintenant:%M}{sauf}",
        200,
        version=annonces.version_de(annonce),
        ignores=[champ.name for champ in form if champ.errors],
    )


def _dire(message, code, **reste):
    return JsonResponse({"message": message} | reste, status=code)
