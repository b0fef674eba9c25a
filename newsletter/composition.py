"""What an issue says: its live references, read as the public may see them, and what each is about."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator

from annuaire.geographie import distance_km
from annuaire.models import Activite, Structure
from newsletter.models import Bloc, Breve, DejaDit, Element, Interets, Numero
from newsletter.models.element import SORTES
from pole_ess.socle.templatetags import francais
from ressources.models import Annonce
from reunions.models import Action, CompteRendu, Evenement, Reunion

RESUME_MAX = 240
"""Characters of what a letter says of an object; its page says the rest."""


def publics() -> dict:
    """Kind of element -> the objects that anybody may see now: an expired offer or a past event is not among them."""
    return {
        "structure": Structure.objects.publiees().select_related("commune").prefetch_related("activites"),
        "annonce": Annonce.objects.a_saisir()
        .select_related("structure", "commune")
        .prefetch_related("structure__activites"),
        "breve": Breve.objects.publiees().select_related("structure__commune").prefetch_related("structure__activites"),
        "reunion": Reunion.objects.publiques().a_venir().select_related("commune"),
        "evenement": Evenement.objects.publies()
        .a_venir()
        .exclude(etat="annule")
        .select_related("structure", "commune")
        .prefetch_related("structure__activites"),
        "compte_rendu": CompteRendu.objects.publics().select_related("reunion"),
        "action": Action.objects.visibles_par(AnonymousUser()).ouvertes().select_related("pilote"),
    }


@dataclass(frozen=True)
class Carte:
    """One object as a letter shows it, with what interests are compared to (empty: it is for everybody)."""

    element: int
    sorte: str
    objet: object
    titre: str
    url: str
    resume: str = ""
    details: tuple[str, ...] = ()
    mot: str = ""
    nature: str = ""
    activites: frozenset[int] = frozenset()
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class Partie:
    """A block with its living elements, in order."""

    bloc: Bloc
    cartes: tuple[Carte, ...] = ()
    images: tuple = field(default_factory=tuple)


def visibles() -> dict:
    """Kind of element -> the objects that anybody may still see, over or not: what an issue of the past may show."""
    anonyme = AnonymousUser()
    return publics() | {
        "annonce": Annonce.objects.publiques()
        .select_related("structure", "commune")
        .prefetch_related("structure__activites"),
        "reunion": Reunion.objects.publiques().select_related("commune"),
        "evenement": Evenement.objects.publies()
        .select_related("structure", "commune")
        .prefetch_related("structure__activites"),
        "action": Action.objects.visibles_par(anonyme).select_related("pilote"),
    }


def lire(numero: Numero, *, parmi=publics, ecartes: bool = False) -> list[Partie]:
    """The issue's blocks with the elements that are kept and still true, in order; one query per kind of object.

    Of one that is being written, without what another issue has told.

    `ecartes`: those that the staff dropped too, for the page where they may be put back.
    """
    blocs = list(numero.blocs.prefetch_related("images").order_by("ordre", "pk"))
    elements = [element for element in numero.elements.order_by("ordre", "pk") if ecartes or not element.ecarte]
    if numero.modifiable:
        redites = deja_dits_ailleurs(numero, elements)
        elements = [element for element in elements if element.pk not in redites]
    encore = vivants(elements, parmi=parmi)
    par_bloc = {}
    for element in elements:
        objet = encore[element.sorte].get(element.objet_id)
        if objet is not None:
            par_bloc.setdefault(element.bloc_id, []).append(carte(element, objet))
    return [Partie(bloc, tuple(par_bloc.get(bloc.pk, ())), tuple(bloc.images.all())) for bloc in blocs]


def deja_dits_ailleurs(numero: Numero, elements) -> set[int]:
    """Keys of the elements whose object another issue has told meanwhile (two sheets merged, for one); one query."""
    dits = Q()
    for sorte in SORTES:
        cles = [element.objet_id for element in elements if element.sorte == sorte]
        dits |= Q(**{f"{sorte}__in": cles})
    connus = {(dit.sorte, dit.objet_id) for dit in DejaDit.objects.filter(dits).exclude(numero=numero)}
    return {element.pk for element in elements if (element.sorte, element.objet_id) in connus}


def vivants(elements, *, parmi=publics) -> dict[str, dict[int, object]]:
    """Kind -> key -> object, of the elements whose object anybody may still see; one query per kind there is."""
    encore = {}
    for sorte, objets in parmi().items():
        cles = [element.objet_id for element in elements if element.sorte == sorte]
        encore[sorte] = {objet.pk: objet for objet in objets.filter(pk__in=cles)} if cles else {}
    return encore


def carte(element: Element, objet) -> Carte:
    """How this object is shown, and what it is about."""
    return Carte(
        element=element.pk,
        sorte=element.sorte,
        objet=objet,
        mot=element.mot,
        url=settings.PORTAIL_URL + _chemin(element.sorte, objet),
        **_FICHES[element.sorte](objet),
    )


def _chemin(sorte: str, objet) -> str:
    return objet.get_absolute_url()


def _couper(texte: str) -> str:
    return Truncator(" ".join(texte.split())).chars(RESUME_MAX, truncate="…")


def _point(*objets) -> tuple[float, float] | None:
    """The first known position."""
    for objet in objets:
        if objet is not None and objet.latitude is not None and objet.longitude is not None:
            return objet.latitude, objet.longitude
    return None


def _activites(structure) -> frozenset[int]:
    return frozenset(activite.pk for activite in structure.activites.all())


def _structure(s: Structure) -> dict:
    return {
        "titre": s.nom,
        "resume": _couper(s.presentation),
        "details": (s.commune.nom,) if s.commune else (),
        "activites": _activites(s),
        "point": _point(s, s.commune),
    }


def _annonce(a: Annonce) -> dict:
    lieu = f"{a.structure.nom}, {a.commune.nom}" if a.commune else a.structure.nom
    return {
        "titre": a.titre,
        "resume": _couper(a.description),
        "details": (a.get_nature_display(), lieu, *([f"jusqu'au {francais.jour(a.expire_le)}"] if a.expire_le else [])),
        "nature": a.nature,
        "activites": _activites(a.structure),
        "point": _point(a, a.commune),
    }


def _breve(b: Breve) -> dict:
    return {
        "titre": b.titre,
        "resume": b.texte,
        "details": (b.structure.nom,),
        "activites": _activites(b.structure),
        "point": _point(b.structure, b.structure.commune),
    }


def _rendez_vous(objet, *, hote: str) -> dict:
    lieu = ", ".join(filter(None, [objet.lieu, objet.commune.nom if objet.commune else ""]))
    quand = francais.moment(timezone.localtime(objet.debut))
    return {
        "titre": objet.titre,
        "details": tuple(filter(None, [quand, lieu, hote])),
        "point": _point(objet.commune),
    }


def _evenement(e: Evenement) -> dict:
    return _rendez_vous(e, hote=e.structure.nom) | {
        "resume": _couper(e.description),
        "activites": _activites(e.structure),
    }


def _action(a: Action) -> dict:
    return {"titre": a.titre, "details": (f"menée par {a.pilote.nom}",) if a.pilote else ()}


_FICHES = {
    "structure": _structure,
    "annonce": _annonce,
    "breve": _breve,
    "reunion": lambda reunion: _rendez_vous(reunion, hote=""),
    "evenement": _evenement,
    "compte_rendu": lambda minutes: {"titre": str(minutes)},
    "action": _action,
}


class Gouts:
    """One combination of interests, ready to be asked about many cards."""

    def __init__(self, interets: Interets, enfants: dict[int, list[int]]):
        self.natures = frozenset(interets.natures)
        choisies = {activite.pk for activite in interets.activites.all()}
        self.activites = choisies | {enfant for parent in choisies for enfant in enfants.get(parent, [])}
        self.centre = _point(interets.commune)
        self.km = interets.rayon_km

    def retient(self, carte: Carte) -> bool:
        """Nature, activity and distance must each agree where the person chose and the card has one."""
        return (
            (not self.natures or not carte.nature or carte.nature in self.natures)
            and (not self.activites or not carte.activites or bool(self.activites & carte.activites))
            and (not self.centre or not carte.point or distance_km(*self.centre, *carte.point) <= self.km)
        )


def enfants_des_activites() -> dict[int, list[int]]:
    """Main activity -> its own: who chose the first wants the others."""
    enfants = {}
    for parent, enfant in Activite.objects.filter(parent__isnull=False).order_by("pk").values_list("parent_id", "pk"):
        enfants.setdefault(parent, []).append(enfant)
    return enfants


def choisir(parties: list[Partie], gouts: Gouts) -> list[Partie]:
    """The parts of the issue for these interests: blocks left empty of news go, free words stay."""
    choisies = [
        Partie(partie.bloc, tuple(carte for carte in partie.cartes if gouts.retient(carte)), partie.images)
        for partie in parties
    ]
    return [partie for partie in choisies if partie.cartes or partie.bloc.genre == Bloc.Genre.TEXTE]
