"""The diagnostic: the staff's list, one statement at a time for the room, and the participants' buttons."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pole_ess.socle import liens
from reunions.actions import TransitionInterdite, diagnostic
from reunions.forms.diagnostic import AjoutForm, EnonceForm, ReconnaitreForm
from reunions.forms.lignes import GesteForm
from reunions.models import Enonce, Reunion
from reunions.permissions import animateurs_seulement
from reunions.views._acces import participant_du_lien
from reunions.views._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])
GESTES = ("ajouter", "monter", "descendre", "retirer")
INCONNU = "Ce bouton n'a pas été compris : recommencez."


@never_cache
@methodes
@animateurs_seulement
def liste(request, pk):
    """Statements by theme, their counts, their outcome; adding many at once; order by buttons."""
    reunion = get_object_or_404(Reunion, pk=pk)
    form = None
    if request.method == "POST":
        geste = GesteForm(request.POST, gestes=GESTES)
        if not geste.is_valid():
            messages.error(request, INCONNU)
        elif geste.cleaned_data["geste"] == "ajouter":
            form = AjoutForm(request.POST)
        else:
            _ranger(request, reunion, **geste.cleaned_data)
        if form is None or (form.is_valid() and _ajouter(request, reunion, form)):
            return redirect("reunions:diagnostic", reunion.pk)
    contexte = {
        "reunion": reunion,
        "form": form or AjoutForm(),
        "themes": themes(reunion),
        "etapes": fil(reunion, prepare=True),
    }
    return render(request, "reunions/diagnostic.html", contexte)


def _ajouter(request, reunion, form) -> bool:
    try:
        nombre = diagnostic.ajouter(reunion, **form.cleaned_data)
    except TransitionInterdite as refus:
        form.add_error(None, str(refus))
        return False
    mots = {0: "Ces énoncés y sont déjà.", 1: "Un énoncé est ajouté."}
    messages.success(request, mots.get(nombre, f"{nombre} énoncés sont ajoutés."))
    return True


def _ranger(request, reunion, geste, ligne, rang) -> None:
    enonce = reunion.enonces.filter(pk=ligne).first()
    if enonce is None:
        messages.error(request, "Cet énoncé n'est plus là : il a été retiré.")
        return
    if geste == "retirer":
        diagnostic.retirer(enonce)
        messages.success(request, f"« {enonce} » est retiré.")
        return
    try:
        diagnostic.deplacer(enonce, sens=geste, rang=rang)
    except TransitionInterdite as refus:
        messages.error(request, str(refus))


def themes(reunion) -> list[tuple[str, list[Enonce]]]:
    """(theme in words, its statements with `reconnus`), in one query; empty themes are left out."""
    groupes = {theme: [] for theme in Enonce.Theme}
    for enonce in _comptes(reunion):
        groupes[Enonce.Theme(enonce.theme)].append(enonce)
    return [(theme.label, enonces) for theme, enonces in groupes.items() if enonces]


def _comptes(reunion):
    """`reconnus`: participants who recognised themselves; the hands raised are beside."""
    return reunion.enonces.annotate(reconnus=Count("reconnaissances")).order_by("ordre", "pk")


@never_cache
@methodes
@animateurs_seulement
def enonce(request, pk, enonce):
    """One statement for the room, and what is noted of it; then the next one."""
    reunion = get_object_or_404(Reunion, pk=pk)
    dans_l_ordre = [trouve for _, enonces in themes(reunion) for trouve in enonces]
    le_sien = get_object_or_404(_comptes(reunion), pk=enonce)
    rang = [trouve.pk for trouve in dans_l_ordre].index(le_sien.pk)
    suivant = dans_l_ordre[rang + 1] if rang + 1 < len(dans_l_ordre) else None
    form = EnonceForm(request.POST if request.method == "POST" else None, initial=_valeurs(le_sien))
    if request.method == "POST" and form.is_valid():
        valeurs = dict(form.cleaned_data)
        suite = valeurs.pop("suite")
        try:
            diagnostic.modifier(le_sien, **valeurs)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "C'est noté.")
            apres = suivant if suite == "suivant" and suivant else le_sien
            return redirect("reunions:enonce", reunion.pk, apres.pk)
    contexte = {
        "reunion": reunion,
        "enonce": le_sien,
        "remarques": le_sien.reconnaissances.exclude(remarque="").values_list("remarque", flat=True),
        "form": form,
        "rang": rang + 1,
        "ici": f"Énoncé {rang + 1}",
        "nombre": len(dans_l_ordre),
        "precedent": dans_l_ordre[rang - 1] if rang else None,
        "suivant": suivant,
        "etapes": [*fil(reunion, prepare=True), ("Diagnostic", reverse("reunions:diagnostic", args=[reunion.pk]))],
    }
    return render(request, "reunions/enonce.html", contexte)


def _valeurs(enonce) -> dict:
    return {champ: getattr(enonce, champ) for champ in EnonceForm.base_fields if champ != "suite"}


@never_cache
@methodes
def participer(request, jeton):
    """The participant's page: « nous nous y reconnaissons », a button per statement, without an account."""
    try:
        participant = participant_du_lien(jeton)
    except liens.LienInvalide as erreur:
        return _lien_casse(request, expire=isinstance(erreur, liens.LienExpire))
    if request.method == "POST":
        return _repondre(request, participant, jeton)
    return render(request, "reunions/diagnostic_participer.html", contexte_participant(participant, jeton))


def _lien_casse(request, *, expire):
    contexte = {"expire": expire, "etapes": fil()}
    return render(request, "reunions/diagnostic_lien.html", contexte, status=410 if expire else 404)


def contexte_participant(participant, jeton) -> dict:
    """What templates/reunions/_diagnostic_boutons.html needs: a page of the workshop may include it."""
    siennes = dict(participant.reconnaissances.values_list("enonce", "remarque"))
    groupes = themes(participant.atelier.reunion)
    for _, enonces in groupes:
        for trouve in enonces:
            trouve.est_sien, trouve.sa_remarque = trouve.pk in siennes, siennes.get(trouve.pk, "")
    return {
        "reunion": participant.atelier.reunion,
        "participant": participant,
        "jeton": jeton,
        "themes": groupes,
        "ouvert": not participant.atelier.est_clos,
        "etapes": fil(),
    }


def _repondre(request, participant, jeton):
    form = ReconnaitreForm(request.POST)
    enonces = participant.atelier.reunion.enonces
    if not form.is_valid():
        erreurs = form.errors.get("remarque")
        messages.error(request, erreurs[0] if erreurs else INCONNU)
        return render(request, "reunions/diagnostic_participer.html", contexte_participant(participant, jeton))
    choisi = enonces.filter(pk=form.cleaned_data["enonce"]).first()
    if choisi is None:
        messages.error(request, "Cet énoncé n'est plus là : regardez la liste.")
        return redirect("reunions:diagnostic_participer", jeton)
    try:
        if form.cleaned_data["geste"] == "reconnaitre":
            diagnostic.reconnaitre(choisi, participant=participant, remarque=form.cleaned_data["remarque"])
        else:
            diagnostic.ne_plus_reconnaitre(choisi, participant=participant)
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
        return redirect("reunions:diagnostic_participer", jeton)
    return redirect(reverse("reunions:diagnostic_participer", args=[jeton]) + f"#enonce-{choisi.pk}")
