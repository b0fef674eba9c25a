"""Where staff write the minutes together, have them read again, publish and approve them."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reunions.actions import TransitionInterdite
from reunions.actions import comptes_rendus as actes
from reunions.compte_rendu.fichiers import FORMATS
from reunions.forms.compte_rendu import AjoutSectionForm, ApprouverForm, PublierForm, SectionForm
from reunions.forms.lignes import GesteForm
from reunions.models import Atelier, CompteRendu, SectionCompteRendu
from reunions.templatetags.rencontres import heure
from reunions.views._acces import avec_reunion_preparee
from reunions.views._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])
GESTES = ("commencer", "ajouter", "relire", "publier", "rouvrir", "approuver")
GESTES_DE_SECTION = ("enregistrer", "retirer", "monter", "descendre")
INCONNU = "Ce bouton n'a pas été compris : recommencez."


@never_cache
@methodes
@avec_reunion_preparee
def page(request, reunion):
    """Drafted in one click; then each section by itself, and the acts that its state allows."""
    revenus = {}
    if request.method == "POST":
        revenus = _agir(request, reunion)
        if not revenus:
            return redirect("reunions:compte_rendu_rediger", reunion.pk)
    return _montrer(request, reunion, **revenus)


def _montrer(request, reunion, status=200, conflit=None, perdu="", **revenus):
    """`revenus`: forms that come back with their errors (`section`, `ajout`, `publier`, `approuver`)."""
    minutes = CompteRendu.objects.filter(reunion=reunion).select_related("approuve_a", "relu_par").first()
    contexte = {
        "reunion": reunion,
        "minutes": minutes,
        "manques": _manques(reunion),
        "perdu": perdu,
        "etapes": fil(reunion, prepare=True),
        "commence": reunion.etat in ("annoncee", "tenue") and reunion.debut <= timezone.now(),
    }
    if minutes:
        versions = list(minutes.versions.defer("instantane").select_related("par"))
        numero = versions[0].numero + 1 if versions else 1
        contexte |= {
            "sections": _sections(minutes, revenus.get("section")),
            "versions": versions,
            "numero": numero,
            "ajout": revenus.get("ajout") or AjoutSectionForm(auto_id="ajout_%s"),
            "publier": revenus.get("publier") or PublierForm(initial={"numero": numero}, auto_id="publier_%s"),
            "approuver": revenus.get("approuver") or ApprouverForm(reunion=reunion, auto_id="approuver_%s"),
            "conflit": conflit,
            "erreurs": None if conflit else next(iter(revenus.values()), None),
            "absents": sorted({f.manque for f in FORMATS.values() if not f.est_installe()}),
        }
    return render(request, "reunions/compte_rendu_rediger.html", contexte, status=status)


def _sections(minutes, revenue):
    sections = list(minutes.sections.select_related("modifie_par"))
    for section in sections:
        initial = {"titre": section.titre, "texte": section.texte, "version": section.version}
        auto_id = f"section{section.pk}_%s"
        garde = revenue is not None and revenue.auto_id == auto_id
        section.form = revenue if garde else SectionForm(initial=initial, auto_id=auto_id)
    return sections


def _manques(reunion) -> list[str]:
    """What the minutes will not say as things are: to be mended before they are published."""
    manques = []
    if not reunion.participations.presentes().exists():
        manques.append("Personne n'est noté présent : pointez les présences.")
    atelier = Atelier.objects.filter(reunion=reunion).first()
    if atelier is not None and not atelier.est_rendu:
        manques.append("L'atelier n'est pas à la restitution : ses résultats n'y seront pas.")
    if not reunion.suivantes.connues().exclude(etat="annulee").exists():
        manques.append("Aucune rencontre annoncée ne fait suite à celle-ci : la prochaine date n'y sera pas.")
    if reunion.etat != "tenue":
        manques.append("La rencontre n'est pas notée comme tenue : le compte rendu ne peut pas encore être publié.")
    return manques


def _agir(request, reunion) -> dict:
    """What comes back with errors; empty once done."""
    geste = GesteForm(request.POST, gestes=GESTES)
    if not geste.is_valid():
        messages.error(request, INCONNU)
        return {}
    geste = geste.cleaned_data["geste"]
    try:
        if geste == "commencer":
            actes.rediger(reunion, par=request.user)
            messages.success(request, "Le compte rendu est prêt : il ne reste que les sections à écrire.")
            return {}
        minutes = get_object_or_404(CompteRendu, reunion=reunion)
        return _acte(request, minutes, reunion, geste)
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
        return {}


def _acte(request, minutes, reunion, geste) -> dict:
    if geste == "relire":
        actes.marquer_relu(minutes, par=request.user)
        messages.success(request, "C'est noté : le compte rendu est relu. Il peut être publié.")
        return {}
    if geste == "rouvrir":
        actes.rouvrir(minutes, par=request.user)
        messages.success(request, "Vous écrivez une nouvelle version ; celle qui est publiée reste en ligne.")
        return {}
    form = {
        "ajouter": lambda: AjoutSectionForm(request.POST, auto_id="ajout_%s"),
        "publier": lambda: PublierForm(request.POST, auto_id="publier_%s"),
        "approuver": lambda: ApprouverForm(request.POST, reunion=reunion, auto_id="approuver_%s"),
    }[geste]()
    if not form.is_valid():
        return {"ajout" if geste == "ajouter" else geste: form}
    if geste == "ajouter":
        section = actes.ajouter_section(minutes, par=request.user, **form.cleaned_data)
        messages.success(request, f"« {section} » est à la fin.")
    elif geste == "publier":
        version = actes.publier(minutes, par=request.user, **form.cleaned_data)
        messages.success(request, f"La version {version.numero} du compte rendu est publiée.")
    else:
        actes.approuver(minutes, par=request.user, **form.cleaned_data)
        messages.success(request, "Le compte rendu est approuvé.")
    return {}


@never_cache
@methodes
@avec_reunion_preparee
def section(request, reunion, section):
    """One section: written (by hand or by itself, in JSON), moved, removed. A GET leads to where it is written."""
    if request.method != "POST":
        return redirect(reverse("reunions:compte_rendu_rediger", args=[reunion.pk]) + f"#section-{section}")
    trouvee = SectionCompteRendu.objects.filter(pk=section, compte_rendu__reunion=reunion)
    trouvee = trouvee.select_related("compte_rendu").first()
    geste = GesteForm(request.POST, gestes=GESTES_DE_SECTION)
    if trouvee is None or not geste.is_valid():
        return _refuser(request, reunion, actes.RETIREE if trouvee is None else INCONNU, request.POST.get("texte"))
    if geste.cleaned_data["geste"] == "enregistrer":
        return _enregistrer(request, reunion, trouvee)
    try:
        _ranger(request, trouvee, geste.cleaned_data)
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
    return redirect(reverse("reunions:compte_rendu_rediger", args=[reunion.pk]) + "#sections")


def _ranger(request, section, valeurs) -> None:
    if valeurs["geste"] == "retirer":
        version = request.POST.get("version", "")
        version = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        actes.retirer_section(section, par=request.user, version=version)
        messages.success(request, f"« {section} » est retirée.")
    else:
        actes.deplacer_section(section, par=request.user, sens=valeurs["geste"], rang=valeurs["rang"])


def _enregistrer(request, reunion, section):
    auto_id = f"section{section.pk}_%s"
    form = SectionForm(request.POST, auto_id=auto_id)
    if not form.is_valid():
        if _par_programme(request):
            return JsonResponse({"dit": " ".join(e for erreurs in form.errors.values() for e in erreurs)}, status=422)
        return _montrer(request, reunion, section=form)
    try:
        ecrite = actes.enregistrer_section(section, par=request.user, **form.cleaned_data)
    except actes.TexteChange as conflit:
        return _conflit(request, reunion, conflit, form, auto_id)
    except TransitionInterdite as refus:
        return _refuser(request, reunion, str(refus), form.cleaned_data["texte"])
    if _par_programme(request):
        dit = f"« {ecrite} » : enregistré à {heure(ecrite.modifie_le)}."
        return JsonResponse({"version": ecrite.version, "dit": dit})
    messages.success(request, f"« {ecrite} » est enregistré.")
    return redirect(reverse("reunions:compte_rendu_rediger", args=[reunion.pk]) + f"#section-{ecrite.pk}")


def _conflit(request, reunion, conflit, form, auto_id):
    """Both texts: theirs is shown, ours stays in the form, ready to be written over theirs."""
    autre, dit = conflit.section, conflit.dit_a(request.user)
    if _par_programme(request):
        donnees = {"dit": dit, "titre": autre.titre, "texte": autre.texte, "version": autre.version}
        return JsonResponse(donnees, status=409)
    garde = SectionForm(initial={**form.cleaned_data, "version": autre.version}, auto_id=auto_id)
    conflit = {"pk": autre.pk, "texte": autre.texte, "dit": dit}
    return _montrer(request, reunion, status=409, section=garde, conflit=conflit)


def _refuser(request, reunion, pourquoi, perdu=""):
    """`perdu`: words that have no place any more; they are shown, to be copied."""
    if _par_programme(request):
        return JsonResponse({"dit": pourquoi}, status=422)
    messages.error(request, pourquoi)
    if perdu:
        return _montrer(request, reunion, perdu=perdu)
    return redirect("reunions:compte_rendu_rediger", reunion.pk)


def _par_programme(request) -> bool:
    return request.headers.get("Accept", "") == "application/json"
