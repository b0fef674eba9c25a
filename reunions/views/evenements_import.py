"""A référent brings their calendar: the file is read, shown line by line, then imported."""

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from reunions.actions import imports as actes
from reunions.forms.import_ics import FichierIcsForm, ImporterIcsForm
from reunions.imports.ics import FichierIllisible
from reunions.permissions import structures_pour_proposer
from reunions.views._fil import fil

IMPORTS = {"maximum": 30, "secondes": 3600}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def importer(request):
    """GET asks for a file; POST shows what it would do, or does it (`geste=importer`) and shows the report."""
    structures = structures_pour_proposer(request.user)
    if request.method == "POST" and request.POST.get("geste") == "importer":
        return _importer(request, structures)
    lourds = getattr(request, "fichiers_trop_lourds", ())
    donnees = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FichierIcsForm(*donnees, structures=structures, fichiers_trop_lourds=lourds)
    contexte = {"texte": "", "verdicts": []}
    limite = None
    if form.is_valid():
        structure, texte = form.cleaned_data["structure"], form.cleaned_data["fichier"]
        try:
            compter(f"import-ics:{request.user.pk}", **IMPORTS)
            verdicts = actes.apercevoir(texte, structure)
        except LimiteDepassee as depassee:
            limite = depassee
        except FichierIllisible as illisible:
            form.add_error("fichier", str(illisible))
        else:
            contexte = {"texte": texte, "verdicts": verdicts, "choisie": structure}
    return _page(request, form, structures, limite=limite, **contexte)


def _importer(request, structures):
    form = ImporterIcsForm(request.POST, structures=structures)
    if form.is_valid():
        structure = form.cleaned_data["structure"]
        try:
            compter(f"import-ics:{request.user.pk}", **IMPORTS)
            verdicts = actes.importer(form.cleaned_data["texte"], structure, par=request.user)
        except LimiteDepassee as depassee:
            return _page(request, FichierIcsForm(structures=structures), structures, limite=depassee)
        except FichierIllisible as illisible:
            form.add_error(None, str(illisible))
        else:
            return _page(request, None, structures, verdicts=verdicts, choisie=structure, fait=True)
    vierge = FichierIcsForm(structures=structures)
    return _page(request, vierge, structures, refus=form)


def _page(request, form, structures, *, limite=None, verdicts=(), texte="", choisie=None, fait=False, refus=None):
    contexte = {
        "form": form,
        "refus": refus,
        "verdicts": verdicts,
        "comptes": actes.compter(verdicts),
        "texte": texte,
        "choisie": choisie,
        "fait": fait,
        "possible": structures.exists(),
        "etapes": [*fil(), ("Mes événements", reverse("reunions:mes_evenements"))],
    }
    return rendre(request, "reunions/evenements_importer.html", contexte, limite=limite)
