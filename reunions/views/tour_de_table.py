"""The round table: speakers in order, their priorities typed as they are said."""

from itertools import pairwise

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reunions.actions import TransitionInterdite, tour_de_table
from reunions.forms.lignes import GesteForm
from reunions.forms.tour_de_table import AjoutTourForm, TourForm
from reunions.models import Reunion
from reunions.permissions import animateurs_seulement
from reunions.views._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])
GESTES = ("dresser", "ajouter", "ecrire", "monter", "descendre", "reunir", "retirer")
HAUT = "#contenu"
INCONNU = "Ce bouton n'a pas été compris : recommencez."


@never_cache
@methodes
@animateurs_seulement
def liste(request, pk):
    """Drafted from those present in one click; order by buttons; a form per turn, each by itself."""
    reunion = get_object_or_404(Reunion, pk=pk)
    revenu = None
    if request.method == "POST":
        ancre, revenu = _agir(request, reunion)
        if revenu is None:
            return redirect(reverse("reunions:tour_de_table", args=[reunion.pk]) + ancre)
    return render(request, "reunions/tour_de_table.html", _contexte(reunion, revenu))


def _agir(request, reunion):
    """(anchor to come back to, None), or ("", the form that comes back)."""
    form = GesteForm(request.POST, gestes=GESTES)
    if not form.is_valid():
        messages.error(request, INCONNU)
        return HAUT, None
    geste, numero, rang = form.cleaned_data["geste"], form.cleaned_data["ligne"], form.cleaned_data["rang"]
    if geste == "dresser":
        return _dresser(request, reunion), None
    if geste == "ajouter":
        return _ajouter(request, reunion)
    tour = reunion.tours.filter(pk=numero).select_related("reunion").first()
    if tour is None:
        messages.error(request, tour_de_table.RETIRE)
        return HAUT, None
    if geste == "ecrire":
        return _ecrire(request, tour)
    return _ranger(request, tour, geste, rang), None


def _contexte(reunion, revenu) -> dict:
    tours = list(reunion.tours.prefetch_related("priorites", "participations", "participants__structure"))
    for tour in tours:
        initial = {"libelle": tour.libelle, "priorites": [p.texte for p in tour.priorites.all()]}
        auto_id = f"tour{tour.pk}_%s"
        tour.des_personnes = [p.texte for p in tour.priorites.all() if p.origine == tour_de_table.PERSONNE]
        tour.form = revenu if revenu and revenu.auto_id == auto_id else TourForm(initial=initial, auto_id=auto_id)
    for tour, suivant in pairwise(tours):
        tour.suivant = suivant if _reunissables(tour, suivant) else None
    return {
        "reunion": reunion,
        "tours": tours,
        "ajout": revenu if isinstance(revenu, AjoutTourForm) else AjoutTourForm(auto_id="ajout_%s"),
        "erreurs": revenu,
        "sans_tour": reunion.participations.presentes().filter(tours__isnull=True).count(),
        "etapes": fil(reunion, prepare=True),
    }


def _reunissables(tour, suivant) -> bool:
    """One person each; or one of them known by the workshop alone, maybe the same person as the other."""
    nombres = [(len(t.participations.all()), len(t.participants.all())) for t in (tour, suivant)]
    venues, de_l_atelier = (sum(colonne) for colonne in zip(*nombres, strict=True))
    return all(any(paire) for paire in nombres) and max(venues, de_l_atelier) <= 2


def _dresser(request, reunion) -> str:
    try:
        nombre = tour_de_table.dresser(reunion)
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
    else:
        mots = {0: "Toutes les personnes présentes y sont déjà.", 1: "Un tour de parole est ajouté."}
        messages.success(request, mots.get(nombre, f"{nombre} tours de parole sont ajoutés."))
    return HAUT


def _ajouter(request, reunion):
    form = AjoutTourForm(request.POST, auto_id="ajout_%s")
    if form.is_valid():
        try:
            tour = tour_de_table.ajouter(reunion, **form.cleaned_data)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"« {tour} » est dans le tour de table.")
            return f"#tour-{tour.pk}", None
    return "", form


def _ecrire(request, tour):
    form = TourForm(request.POST, auto_id=f"tour{tour.pk}_%s")
    if form.is_valid():
        try:
            tour_de_table.modifier(tour, **form.cleaned_data)
        except tour_de_table.PrioritesChangees as changees:
            form.revoir(changees.actuelles)
            form.add_error("priorites", str(changees))
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"C'est noté pour « {form.cleaned_data['libelle']} ».")
            return f"#tour-{tour.pk}", None
    return "", form


def _ranger(request, tour, geste, rang) -> str:
    try:
        if geste == "retirer":
            tour_de_table.retirer(tour)
            messages.success(request, f"« {tour} » n'est plus dans le tour de table.")
            return HAUT
        if geste == "reunir":
            _reunir(tour)
        else:
            tour_de_table.deplacer(tour, sens=geste, rang=rang)
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
        return HAUT
    return f"#tour-{tour.pk}"


def _reunir(tour) -> None:
    """With the next turn."""
    suite = list(tour.reunion.tours.order_by("ordre", "pk"))
    rang = [autre.pk for autre in suite].index(tour.pk)
    if rang + 1 == len(suite):
        raise TransitionInterdite("Personne ne parle après : rien n'a été réuni.")
    tour_de_table.reunir(tour, avec=suite[rang + 1])
