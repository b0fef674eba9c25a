"""Actions: their list and its spreadsheet, noting one, changing one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from annuaire.exports import lignes_csv
from annuaire.models import Structure
from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from reunions.actions import suites as actes
from reunions.forms.suites import ActionForm, CreerActionForm
from reunions.liste_actions import ENTETES, ETATS, Criteres, Liste, colonnes
from reunions.models import Action, Categorie, PostIt, Projet, Reunion
from reunions.permissions import animateurs_seulement, est_animateur, peut_gerer, peut_raconter
from reunions.views._acces import nombre_de
from reunions.views._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])
CREATIONS = {"maximum": 100, "secondes": 86400}
EXPORTEES = 5000


def etapes(*suite):
    return [*fil(), *suite]


@never_cache
@require_safe
@vary_on_headers("HX-Request")
def actions(request):
    """What was decided, what presses first; htmx swaps the results only."""
    criteres = Criteres.lire(request.GET)
    liste = Liste(criteres, request.user)
    page = liste.une_page()
    contexte = {
        "criteres": criteres,
        "page": page,
        "actifs": liste.actifs(),
        "precedente": criteres.url(page=page.number - 1),
        "suivante": criteres.url(page=page.number + 1),
        "anime": est_animateur(request.user),
        "remplace": request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request,
        "etapes": etapes(),
    }
    if contexte["remplace"]:
        return render(request, "reunions/_actions_resultats.html", contexte)
    contexte |= {"choix": liste.choix, "etats": ETATS.items(), "chaine": criteres.chaine(page=1)}
    return render(request, "reunions/actions.html", contexte)


@never_cache
@require_safe
@animateurs_seulement
def actions_csv(request):
    """The same list as a spreadsheet, formulas neutralised."""
    trouvees = Liste(Criteres.lire(request.GET), request.user).lignes[:EXPORTEES]
    reponse = StreamingHttpResponse(
        lignes_csv(ENTETES, (colonnes(action) for action in trouvees)), content_type="text/csv; charset=utf-8"
    )
    reponse["Content-Disposition"] = f'attachment; filename="actions-{timezone.localdate():%Y-%m-%d}.csv"'
    return reponse


def noms_des_structures(utilisateur, parmi=None):
    """What the page suggests for « structure qui pilote »."""
    publiees = Structure.objects.publiees() if parmi is None else Structure.objects.publiees().filter(pk__in=parmi)
    return publiees.order_by("tri", "pk").values_list("nom", flat=True)


@never_cache
@methodes
@login_required
def action_creer(request):
    """`?categorie=`, `?postit=`, `?reunion=`, `?projet=`: where it comes from.

    Staff anywhere; référents of the structures of a project, for that project.
    """
    source = _source(request)
    projet = source.get("projet")
    engagees = list(projet.membres.values_list("pk", flat=True)) if projet else []
    if not est_animateur(request.user) and not (projet and peut_raconter(request.user, projet, engagees)):
        raise PermissionDenied
    pilotes = None if est_animateur(request.user) else {*engagees, projet.pilote_id}
    form = CreerActionForm(
        request.POST if request.method == "POST" else None,
        utilisateur=request.user,
        reunion=source.get("reunion"),
        projet=projet,
        pilotes=pilotes,
        initial={"titre": _titre(source), "reunion": source.get("reunion"), "projet": projet},
    )
    limite = None
    if form.is_valid():
        valeurs = dict(form.cleaned_data)
        cle = valeurs.pop("cle")
        valeurs |= {nom: source[nom] for nom in ("categorie", "postit") if nom in source}
        valeurs |= {} if est_animateur(request.user) else {"projet": projet}
        try:
            compter(f"action:{request.user.pk}", **CREATIONS)
        except LimiteDepassee as depassee:
            limite = depassee
        else:
            action = actes.creer(valeurs=valeurs, par=request.user, cle=cle)
            suite = " La structure qui pilote reçoit un message." if action.pilote_id else ""
            messages.success(request, f"L'action est notée.{suite}")
            return redirect(action)
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "form": form,
        "source": source,
        "structures": noms_des_structures(request.user, pilotes),
        "etapes": etapes(("Actions", reverse("reunions:actions"))),
    }
    return rendre(request, "reunions/action_form.html", contexte, limite=limite)


def _source(request) -> dict:
    """What the address names, that this person may see. Unknown keys are as absent."""
    anime, parametres = est_animateur(request.user), request.GET
    source = {}
    if anime and (pk := nombre_de(parametres.get("postit", ""))):
        notes = PostIt.objects.select_related("axe__atelier__reunion", "categorie")
        source["postit"] = notes.filter(pk=pk).first()
    if anime and (pk := nombre_de(parametres.get("categorie", ""))):
        categories = Categorie.objects.select_related("axe__atelier__reunion")
        source["categorie"] = categories.filter(pk=pk).first()
    if anime and (pk := nombre_de(parametres.get("reunion", ""))):
        source["reunion"] = Reunion.objects.filter(pk=pk).first()
    if pk := nombre_de(parametres.get("projet", "")):
        source["projet"] = Projet.objects.vivants().select_related("pilote").filter(pk=pk).first()
    nee_de = source.get("postit") or source.get("categorie")
    if nee_de is not None:
        source.setdefault("reunion", nee_de.axe.atelier.reunion)
    if source.get("postit") and source["postit"].categorie:
        source.setdefault("categorie", source["postit"].categorie)
    return {nom: objet for nom, objet in source.items() if objet is not None}


def _titre(source) -> str:
    mots = source["postit"].texte if "postit" in source else source["categorie"].nom if "categorie" in source else ""
    return " ".join(mots.split())[:200]


@never_cache
@methodes
@login_required
def action_modifier(request, pk):
    """The staff, and référents of the structure that leads. 404 for what this person may not see."""
    visibles = Action.objects.visibles_par(request.user).select_related("pilote", "reunion", "projet")
    action = get_object_or_404(visibles, pk=pk)
    if not peut_gerer(request.user, action):
        raise PermissionDenied
    pilotes = None
    if not est_animateur(request.user):
        pilotes = {action.pilote_id, *action.structures.values_list("pk", flat=True)}
    noms = ["titre", "details", "pilote", "echeance", "publique", "reunion", "projet"]
    form = ActionForm(
        request.POST if request.method == "POST" else None,
        utilisateur=request.user,
        action=action,
        pilotes=pilotes,
        initial={nom: getattr(action, nom) for nom in noms},
    )
    if form.is_valid():
        actes.modifier(action, par=request.user, valeurs=form.cleaned_data)
        messages.success(request, "Enregistré.")
        return redirect(action)
    contexte = {
        "form": form,
        "action": action,
        "structures": noms_des_structures(request.user, pilotes),
        "etapes": etapes(("Actions", reverse("reunions:actions")), (action.titre, action.get_absolute_url())),
    }
    return render(request, "reunions/action_form.html", contexte)
