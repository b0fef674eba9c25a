"""The page of an action, the page of a project, and what is done there: state, news, joining, leaving."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.models import Structure
from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from reunions.actions import TransitionInterdite, projets
from reunions.actions import suites as actes
from reunions.forms.suites import DureeForm, EtatActionForm, EtatProjetForm, NouvelleForm, StructureForm
from reunions.models import Action, Atelier, Projet, Reunion
from reunions.permissions import est_animateur, liens_de, peut_gerer, peut_raconter
from reunions.views.actions import etapes

methodes = require_http_methods(["GET", "HEAD", "POST"])
ACTES_MAX = {"maximum": 100, "secondes": 86400}
NOUVELLES, ACTIONS, RENCONTRES = 100, 100, 20


class Page:
    """What this person may do on an action or a project, and the forms of its page."""

    def __init__(self, request, suite, structures):
        self.suite, self.utilisateur = suite, request.user
        self.structures = structures
        ids = {structure.pk for structure in structures}
        liens = liens_de(request.user)
        self.anime = est_animateur(request.user)
        self.gere = peut_gerer(request.user, suite, liens=liens)
        self.raconte = peut_raconter(request.user, suite, ids, liens=liens)
        dehors = [] if self.anime else [pk for pk in liens if pk not in ids and pk != suite.pilote_id]
        dedans = ids if self.anime else [pk for pk in liens if pk in ids]
        dedans = [pk for pk in dedans if pk != suite.pilote_id]
        self.a_engager = Structure.objects.publiees().filter(pk__in=dehors).order_by("tri", "pk") if dehors else None
        self.a_retirer = Structure.objects.filter(pk__in=dedans).order_by("tri", "pk") if dedans else None
        referent = [pk for pk in (suite.pilote_id, *ids) if liens.get(pk)]
        self.au_nom_de = next((s for s in [suite.pilote, *structures] if s and s.pk in referent), None)

    def form(self, acte, donnees=None):
        """The form of an act, None when this person may not do it."""
        de_projet = isinstance(self.suite, Projet)
        options = {"auto_id": f"id_{acte}_%s"}
        if acte == "etat" and self.gere:
            classe = EtatProjetForm if de_projet else EtatActionForm
            return classe(donnees, initial={"etat": self.suite.etat}, **options)
        if acte == "nouvelle" and self.raconte:
            return NouvelleForm(donnees, **options)
        if acte == "projet" and self.gere and not de_projet:
            return DureeForm(donnees, initial={"genre": "projet"}, **options)
        if acte == "rejoindre" and (self.anime or self.a_engager):
            return StructureForm(donnees, structures=self.a_engager, par_nom=self.anime, **options)
        if acte == "quitter" and self.a_retirer is not None:
            return StructureForm(donnees, structures=self.a_retirer, **options)
        return None

    def forms(self, lie=None) -> dict:
        """By act; `lie`: (act, bound form) that was refused."""
        noms = ("etat", "nouvelle", "rejoindre", "quitter", "projet")
        return {f"form_{nom}": lie[1] if lie and lie[0] == nom else self.form(nom) for nom in noms}


def _agir(request, suite, acte, page, form) -> str:
    """Do it; what to say of it."""
    module = projets if isinstance(suite, Projet) else actes
    lu = form.cleaned_data
    if acte == "nouvelle":
        fait = actes.ajouter_nouvelle(suite, par=request.user, structure=page.au_nom_de, **lu)
        return "Votre nouvelle est parue ; elle part par e-mail à qui participe." if fait else "C'est déjà noté."
    if acte == "etat":
        fait = module.changer_etat(suite, par=request.user, structure=page.au_nom_de, **lu)
        return f"C'est noté : {suite.get_etat_display()}." if fait else "C'était déjà noté."
    if acte == "rejoindre":
        fait = module.rejoindre(suite, par=request.user, structure=lu["structure"])
        return f"{lu['structure'].nom} participe." if fait else f"{lu['structure'].nom} participait déjà."
    module.quitter(suite, par=request.user, structure=lu["structure"])
    return f"{lu['structure'].nom} ne participe plus."


def _acte(request, suite, acte, montrer, connus):
    """A POST of one of the forms of the page; a GET leads to the page."""
    if acte not in connus:
        raise Http404
    if request.method != "POST":
        return redirect(suite)
    if not request.user.is_authenticated:
        return redirect_to_login(suite.get_absolute_url())
    page = Page(request, suite, montrer.structures(suite))
    form = page.form(acte, request.POST)
    if form is None:
        raise PermissionDenied
    limite = None
    if form.is_valid():
        try:
            compter(f"suites:{request.user.pk}", **ACTES_MAX)
            if acte == "projet":
                projet = projets.devenir_projet(suite, par=request.user, **form.cleaned_data)
                messages.success(request, "C'est fait : voici sa page, avec ses membres et ses actions.")
                return redirect(projet)
            message = _agir(request, suite, acte, page, form)
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, message)
            return redirect(suite)
    elif "cle" in form.errors:
        form.renouveler_cle()
    return montrer.rendre(request, suite, page, lie=(acte, form), limite=limite)


class PageAction:
    """An action: what, who, by when, its news, where it comes from."""

    @staticmethod
    def lire(request, pk) -> Action:
        reunions = Prefetch("reunion", Reunion.objects.visibles_par(request.user))
        visibles = Action.objects.visibles_par(request.user).select_related("pilote", "projet", "categorie", "postit")
        return get_object_or_404(visibles.prefetch_related(reunions), pk=pk)

    @staticmethod
    def structures(action) -> list:
        return list(action.structures.order_by("tri", "pk"))

    @classmethod
    def rendre(cls, request, action, page, *, lie=None, limite=None):
        contexte = {
            "action": action,
            "structures": page.structures,
            "nouvelles": action.nouvelles.select_related("structure")[:NOUVELLES],
            "resultats": cls._resultats(request, action),
            "droits": page,
            "erreurs": lie[1] if lie else None,
            **page.forms(lie),
            "etapes": etapes(("Actions", reverse("reunions:actions"))),
        }
        return rendre(request, "reunions/action_detail.html", contexte, limite=limite)

    @staticmethod
    def _resultats(request, action) -> Atelier | None:
        """The workshop where it was born, when this person may read its notes."""
        if action.categorie_id is None and action.postit_id is None:
            return None
        axe = action.categorie.axe_id if action.categorie else action.postit.axe_id
        return Atelier.objects.resultats_visibles_par(request.user).filter(axes=axe).first()


class PageProjet:
    """A project or a commission: its members, its actions, its meetings, its news."""

    @staticmethod
    def lire(request, pk) -> Projet:
        return get_object_or_404(Projet.objects.select_related("pilote"), pk=pk)

    @staticmethod
    def structures(projet) -> list:
        return list(projet.membres.order_by("tri", "pk"))

    @staticmethod
    def rendre(request, projet, page, *, lie=None, limite=None):
        rencontres = Reunion.objects.visibles_par(request.user).filter(projet=projet).pour_listes()
        actions = Action.objects.visibles_par(request.user).filter(projet=projet)
        contexte = {
            "projet": projet,
            "structures": [structure for structure in page.structures if structure.pk != projet.pilote_id],
            "actions": list(actions.pour_listes(request.user).par_urgence()[:ACTIONS]),
            "a_venir": list(rencontres.a_venir()[:RENCONTRES]),
            "passees": list(rencontres.passees()[:RENCONTRES]),
            "nouvelles": projet.nouvelles.select_related("structure")[:NOUVELLES],
            "droits": page,
            "erreurs": lie[1] if lie else None,
            **page.forms(lie),
            "etapes": etapes(("Projets et commissions", reverse("reunions:projets"))),
        }
        return rendre(request, "reunions/projet_detail.html", contexte, limite=limite)


@never_cache
@require_safe
def action_detail(request, pk):
    """Non-public ones are 404 for strangers."""
    action = PageAction.lire(request, pk)
    return PageAction.rendre(request, action, Page(request, action, PageAction.structures(action)))


@never_cache
@methodes
def action_acte(request, pk, acte):
    connus = ("etat", "nouvelle", "rejoindre", "quitter", "projet")
    return _acte(request, PageAction.lire(request, pk), acte, PageAction, connus)


@never_cache
@require_safe
def projet_detail(request, pk):
    projet = PageProjet.lire(request, pk)
    return PageProjet.rendre(request, projet, Page(request, projet, PageProjet.structures(projet)))


@never_cache
@methodes
def projet_acte(request, pk, acte):
    connus = ("etat", "nouvelle", "rejoindre", "quitter")
    return _acte(request, PageProjet.lire(request, pk), acte, PageProjet, connus)
