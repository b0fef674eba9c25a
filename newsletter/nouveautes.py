"""What an issue may say that none has said yet, block by block, in the order in which it is proposed."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from newsletter.composition import publics
from newsletter.models import Bloc, DejaDit, Element, Numero

JOURS_PREMIERE = 90
"""How far back the first issue looks."""
JOURS_DEVANT = 120
"""How far ahead meetings and events are told; later ones wait for another issue."""
PROPOSES = 6
"""In a block, at first; what comes after is there too, dropped, one click away."""


@dataclass(frozen=True)
class Source:
    """Where a block's news come from: kind of element, narrowing, order; `date`: when it became new (None: to come)."""

    sorte: str
    date: str | None
    ordre: tuple
    filtre: dict


RECENTES = ("-publiee_le", "-pk")
URGENTES = (F("urgente_pour").asc(nulls_last=True), "-publiee_le", "-pk")
SOURCES = {
    Bloc.Genre.RENCONTRES: (
        Source("reunion", None, ("debut", "pk"), {}),
        Source("evenement", None, ("debut", "pk"), {}),
    ),
    Bloc.Genre.COMPTES_RENDUS: (Source("compte_rendu", "publie_le", ("-publie_le", "-pk"), {}),),
    Bloc.Genre.BESOINS: (Source("annonce", "publiee_le", URGENTES, {"sens": "besoin"}),),
    Bloc.Genre.OFFRES: (Source("annonce", "publiee_le", URGENTES, {"sens": "offre"}),),
    Bloc.Genre.BREVES: (Source("breve", "publiee_le", RECENTES, {}),),
    Bloc.Genre.ACTIONS: (Source("action", "cree_le", ("echeance", "pk"), {}),),
    Bloc.Genre.STRUCTURES: (Source("structure", "publiee_le", RECENTES, {}),),
}
"""Kind of block -> its sources; the keys are in the order of a new issue."""


def depuis_quand(numero: Numero):
    """From when on things are new to the readers: since the last issue was begun (what came while it was written,
    and is not in it, is new still)."""
    derniere = Numero.objects.lances().exclude(pk=numero.pk).order_by("-rang").first()
    return derniere.cree_le if derniere else timezone.now() - timedelta(days=JOURS_PREMIERE)


def a_proposer(numero: Numero) -> dict[str, list[tuple[str, object]]]:
    """Kind of block -> [(kind of element, object)]: public, new, said by no issue, not in this one already."""
    depuis = depuis_quand(numero)
    return {
        genre: _dans_l_ordre([(s.sorte, objet) for s in sources for objet in _nouveaux(numero, s, depuis)])
        for genre, sources in SOURCES.items()
    }


def _nouveaux(numero, source, depuis):
    cle = f"{source.sorte}_id"
    dits = DejaDit.objects.filter(sorte=source.sorte).values(cle)
    ici = Element.objects.filter(numero=numero, sorte=source.sorte).values(cle)
    ecartes = Element.objects.filter(numero__in=Numero.objects.lances(), sorte=source.sorte, ecarte=True).values(cle)
    nouveaux = publics()[source.sorte].filter(**source.filtre)
    for exclus in (dits, ici, ecartes):
        nouveaux = nouveaux.exclude(pk__in=exclus)
    if source.date:
        nouveaux = nouveaux.filter(**{f"{source.date}__gte": depuis})
    else:
        nouveaux = nouveaux.filter(debut__lte=timezone.now() + timedelta(days=JOURS_DEVANT))
    return nouveaux.order_by(*source.ordre)


def _dans_l_ordre(paires):
    """Meetings and events together, the soonest first; the others as their source gives them."""
    if all(hasattr(objet, "debut") for _, objet in paires):
        return sorted(paires, key=lambda paire: (paire[1].debut, paire[0], paire[1].pk))
    return paires
