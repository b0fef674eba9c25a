"""Everything that the minutes say, read from the meeting: a constant number of queries."""

from django.db.models import Count
from django.utils import timezone

from annuaire.models import Structure
from pole_ess.socle.templatetags.francais import jour
from reunions.models import Action, Atelier, Enonce, Reunion
from reunions.noms import mots
from reunions.templatetags.rencontres import ou, quand

from .chiffres import figer
from .instantane import VERSION

SANS_STRUCTURE = "Une personne venue en son nom"
PORTEE = {audience: rang for rang, audience in enumerate(Reunion.Audience.values)}
"""From the most open to the least."""


def rassembler(reunion) -> dict:
    """The snapshot of a meeting (see `instantane`), ready for JSON."""
    reunion = Reunion.objects.select_related("commune", "projet").get(pk=reunion.pk)
    presents = _venues(reunion.participations.presentes())
    excuses = _venues(reunion.participations.excusees())
    animateurs = list(reunion.animateurs.all())
    documents = list(reunion.documents.exclude(audience="equipe"))
    tours = list(reunion.tours.prefetch_related("priorites", "participations__structures"))
    connus = _structures_connues(tours)
    public = {
        "titre": reunion.titre,
        "genre": reunion.get_genre_display(),
        "projet": reunion.projet.nom if reunion.projet else "",
        "jour": timezone.localdate(reunion.debut).isoformat() if reunion.debut else "",
        "quand": quand(reunion),
        "ou": ou(reunion),
        "objectif": reunion.objectif.strip(),
        "animateurs": _sans_doublon({"organisation": a.organisation} for a in animateurs if a.organisation),
        "presents": _lignes(presents),
        "excuses": _lignes(excuses),
        "nb_presentes": len(presents),
        "nb_excusees": len(excuses),
        "documents": [_document(d) for d in documents if d.audience == "public"],
        "ordre_du_jour": [{"titre": p.titre, "details": p.details.strip()} for p in reunion.points.all()],
        "diagnostic": _diagnostic(reunion),
        "sections": _sections(reunion),
        "resultats": _resultats(reunion),
        "tours": [{"qui": _qui(tour, connus), "priorites": [p.texte for p in tour.priorites.all()]} for tour in tours],
        "actions": _actions(reunion),
        "prochaine": _prochaine(reunion),
    }
    membres = {
        "animateurs": [{"nom": a.nom, "organisation": a.organisation, "fonction": a.fonction} for a in animateurs],
        "presents": [_avec_nom(p) for p in presents],
        "excuses": [_avec_nom(p) for p in excuses],
        "documents": [_document(d) for d in documents],
        "tours": [{"qui": t.libelle, "priorites": [p.texte for p in t.priorites.all()]} for t in tours],
    }
    return {"version": VERSION, "public": public, "membres": membres}


def _venues(participations) -> list:
    return list(participations.prefetch_related("structures").order_by("ordre", "pk"))


def _lignes(venues) -> list[dict]:
    """A structure once, however many people stood for it; those who came for none are counted, never named."""
    lignes = _sans_doublon({"au_nom_de": p.au_nom_de} for p in venues if p.au_nom_de)
    seules = sum(not p.au_nom_de for p in venues)
    if seules:
        lignes.append({"au_nom_de": SANS_STRUCTURE if seules == 1 else f"{seules} personnes venues en leur nom"})
    return lignes


def _avec_nom(p) -> dict:
    return {"au_nom_de": p.au_nom_de or SANS_STRUCTURE, "nom": p.nom, "fonction": p.fonction}


def _sans_doublon(lignes) -> list[dict]:
    return list({tuple(ligne.values()): ligne for ligne in lignes}.values())


def _document(document) -> dict:
    return {"pk": document.pk, "titre": str(document)}


def _structures_connues(tours) -> set[str]:
    """Labels typed by hand that are a published structure's name: the others may be somebody's."""
    tapes = [tour.libelle for tour in tours if not tour.participations.all()]
    return {mots(nom) for nom in Structure.objects.publiees().filter(nom__in=tapes).values_list("nom", flat=True)}


def _qui(tour, connus) -> str:
    """Who speaks, without a name."""
    venues = tour.participations.all()
    if venues:
        return " et ".join(p.au_nom_de or SANS_STRUCTURE for p in venues)
    return tour.libelle if mots(tour.libelle) in connus else "Une personne présente"


def _diagnostic(reunion) -> list[dict]:
    """Themes in the order of the model, each with its statements; those set aside are left out."""
    # Django drops a model's own order from a query that counts: it is asked for again.
    enonces = reunion.enonces.exclude(issue="ecarte").annotate(reconnus=Count("reconnaissances"))
    enonces = enonces.order_by("ordre", "pk")
    par_theme = {theme: [] for theme in Enonce.Theme.values}
    for enonce in enonces:
        par_theme[enonce.theme].append(
            {
                "texte": enonce.texte,
                "issue": enonce.get_issue_display(),
                "reconnus": enonce.reconnus + enonce.mains_levees,
                "remarques": enonce.remarques.strip(),
            }
        )
    themes = dict(Enonce.Theme.choices)
    return [{"theme": themes[theme].capitalize(), "enonces": siens} for theme, siens in par_theme.items() if siens]


def _sections(reunion) -> list[dict]:
    """What people wrote, Markdown as it is; an empty section is not printed."""
    minutes = getattr(reunion, "compte_rendu", None)
    sections = minutes.sections.all() if minutes else []
    return [{"titre": s.titre, "texte": s.texte.strip()} for s in sections if s.texte.strip()]


def _resultats(reunion) -> dict | None:
    """The workshop's figures and notes, once it gave them back."""
    atelier = Atelier.objects.rendus().filter(reunion=reunion).first()
    return figer(atelier) if atelier else None


def _actions(reunion) -> list[dict]:
    """What was decided, for all to read."""
    actions = Action.objects.filter(reunion=reunion, publique=True).exclude(etat="abandonnee").select_related("pilote")
    return [
        {"titre": a.titre, "pilote": a.pilote.nom if a.pilote else "", "echeance": jour(a.echeance)}
        for a in actions.order_by("pk")
    ]


def _prochaine(reunion) -> dict | None:
    """The meeting that follows it, when at least as many people may know of it."""
    suites = reunion.suivantes.connues().exclude(etat="annulee").select_related("commune")
    suite = suites.prefetch_related("points").order_by("debut", "pk").first()
    if suite is None or PORTEE[suite.audience] > PORTEE[reunion.audience]:
        return None
    return {
        "pk": suite.pk,
        "titre": suite.titre,
        "quand": quand(suite),
        "ou": ou(suite),
        "points": [p.titre for p in suite.points.all()],
    }
