"""Where staff write an issue: prepared in one click, then its subject, its blocks and their order."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from newsletter import composition
from newsletter.actions import TransitionInterdite, redaction
from newsletter.forms.redaction import BlocForm, EnteteForm, MotForm, OrdreForm
from newsletter.models import Abonne, Numero
from newsletter.models.element import SORTES
from newsletter.views._redaction import INCONNU, avec_numero, contexte_de, numero_url, redacteurs_seulement
from pole_ess.socle.templatetags.francais import pluriel
from reunions.forms.lignes import GesteForm

methodes = require_http_methods(["GET", "HEAD", "POST"])
PAR_PAGE = 25
GESTES = ("entete", "remplir", "texte", "ranger")


@never_cache
@methodes
@redacteurs_seulement
def liste(request):
    """Every issue, the last one first; « Préparer la lettre » opens the draft in progress, or a new one."""
    if request.method == "POST":
        numero = redaction.preparer(par=request.user)
        messages.success(request, f"« {numero} » est remplie de ce qui est nouveau. Relisez, rangez, complétez.")
        return redirect("newsletter:rediger", numero.pk)
    numeros = Paginator(Numero.objects.pour_l_equipe(), PAR_PAGE)
    contexte = {"page": numeros.get_page(request.GET.get("page")), "abonnes": Abonne.objects.confirmes().count()}
    return render(request, "newsletter/redaction.html", contexte)


@never_cache
@methodes
@avec_numero
def rediger(request, numero):
    """The issue as it is written; each form by itself."""
    if not numero.modifiable:
        return redirect("newsletter:suivi", numero.pk)
    revenus = {}
    if request.method == "POST":
        revenus = _agir(request, numero)
        if not revenus:
            return redirect(numero_url(numero))
    return montrer(request, numero, **revenus)


def montrer(request, numero, *, status=200, conflit=None, entete=None, bloc=None):
    """`entete`, `bloc`: forms that come back with their errors; `conflit`: what somebody else wrote meanwhile."""
    entete = entete or EnteteForm(initial=_initial(numero, "sujet", "preheader"), auto_id="entete_%s")
    contexte = contexte_de(
        numero,
        "Écrire",
        entete=entete,
        blocs=_blocs(numero, bloc),
        conflit=conflit,
        erreurs=next((form for form in (entete, bloc) if form is not None and form.errors), None),
    )
    return render(request, "newsletter/rediger.html", contexte, status=status)


def _initial(objet, *noms) -> dict:
    mots = [getattr(objet, nom) for nom in noms]
    return {**dict(zip(noms, mots, strict=True)), "vue": redaction.empreinte(*mots)}


def _blocs(numero, revenu=None) -> list:
    """Blocks with their form, the items kept and those dropped; an item that is no longer true says so."""
    vivants = {carte.element: carte for partie in composition.lire(numero, ecartes=True) for carte in partie.cartes}
    blocs = list(numero.blocs.prefetch_related("images").order_by("ordre", "pk"))
    elements = list(numero.elements.select_related(*SORTES, "compte_rendu__reunion").order_by("ordre", "pk"))
    for bloc in blocs:
        auto_id = f"bloc{bloc.pk}_%s"
        garde = revenu is not None and revenu.auto_id == auto_id
        bloc.form = revenu if garde else BlocForm(initial=_initial(bloc, "titre", "texte"), auto_id=auto_id)
        bloc.ouvert = garde
        bloc.gardes, bloc.ecartes = [], []
        for element in [element for element in elements if element.bloc_id == bloc.pk]:
            element.carte = vivants.get(element.pk)
            element.form = MotForm(initial={"mot": element.mot}, auto_id=f"element{element.pk}_%s")
            (bloc.ecartes if element.ecarte else bloc.gardes).append(element)
    return blocs


def _agir(request, numero) -> dict:
    """What comes back with errors; empty once done."""
    geste = GesteForm(request.POST, gestes=GESTES)
    if not geste.is_valid():
        messages.error(request, INCONNU)
        return {}
    try:
        return _FAIRE[geste.cleaned_data["geste"]](request, numero)
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
        return {}


def _entete(request, numero) -> dict:
    form = EnteteForm(request.POST, auto_id="entete_%s")
    if not form.is_valid():
        return {"entete": form}
    try:
        redaction.enregistrer_entete(numero, **form.cleaned_data)
    except redaction.TexteChange as conflit:
        return {"status": 409, **garder(conflit, form, EnteteForm, "entete", "sujet", "preheader")}
    messages.success(request, "Le sujet et l'aperçu sont enregistrés.")
    return {}


def garder(conflit, form, classe, nom, *champs) -> dict:
    """Both texts: theirs is shown, ours stays in the form, ready to be written over theirs."""
    vue = _initial(conflit.objet, *champs)["vue"]
    return {nom: classe(initial={**form.cleaned_data, "vue": vue}, auto_id=form.auto_id), "conflit": conflit.objet}


def _remplir(request, numero) -> dict:
    ajoutes, retires = redaction.remplir(numero)
    mots = [f"{ajoutes} {pluriel(ajoutes, 'élément nouveau,éléments nouveaux')}"] if ajoutes else []
    if retires:
        mots.append(f"{retires} {pluriel(retires, 'élément périmé retiré,éléments périmés retirés')}")
    messages.success(request, f"{', '.join(mots)}." if mots else "Rien de nouveau : tout est déjà dans la lettre.")
    return {}


def _texte(request, numero) -> dict:
    redaction.ajouter_texte(numero)
    messages.success(request, "Un texte est ajouté en tête : écrivez-le, puis enregistrez.")
    return {}


def _ranger(request, numero) -> dict:
    form = OrdreForm(request.POST)
    if not form.is_valid():
        raise TransitionInterdite(INCONNU)
    redaction.ranger(numero, ordre=form.cles())
    return {}


_FAIRE = {"entete": _entete, "remplir": _remplir, "texte": _texte, "ranger": _ranger}
