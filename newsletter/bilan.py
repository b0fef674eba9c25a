"""Where a sending is: figures that balance, what is left, what came of it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from newsletter.models import Envoi, Geste, Numero

LIBELLES = {
    "parti": "partis",
    "pret": "à envoyer",
    "en_vol": "en train de partir",
    "differe": "remis à plus tard",
    "incertain": "incertains",
    "rejete": "refusés",
    "plainte": "signalés comme indésirables",
    "saute": "non envoyés",
}
"""In the order of the table."""
CALE = timedelta(minutes=2)
"""Without a message gone for so long, the page says so (the mail to the staff leaves after ten minutes)."""


@dataclass(frozen=True)
class Bilan:
    """`lignes`: (state, words, number); their sum is `prevus`, or something is wrong and `juste` is false."""

    lignes: list
    prevus: int
    faits: int
    sautes: list
    a_decider: int
    a_renvoyer: int
    cale: bool

    @property
    def juste(self) -> bool:
        return sum(nombre for _, _, nombre in self.lignes) == self.prevus

    @property
    def part(self) -> int:
        """Of 100: what needs nothing more from the engine."""
        return 100 if not self.prevus else self.faits * 100 // self.prevus


def du(numero: Numero) -> Bilan:
    """Four queries, whatever the number of recipients."""
    compte = numero.envois.bilan()
    motifs = numero.envois.filter(etat="saute").order_by().values_list("motif").annotate(n=Count("pk"))
    en_attente = sum(compte.get(etat, 0) for etat in ("pret", "en_vol", "differe"))
    prevus = numero.prevus or 0
    return Bilan(
        lignes=[(etat, mots, compte.get(etat, 0)) for etat, mots in LIBELLES.items()],
        prevus=prevus,
        faits=sum(compte.values()) - en_attente,
        sautes=sorted((Envoi.Motif(motif).label, nombre) for motif, nombre in motifs),
        a_decider=numero.envois.a_decider().count(),
        a_renvoyer=numero.envois.echoues().count(),
        cale=bool(
            numero.etat == Numero.Etat.EN_COURS
            and compte.get("pret")
            and numero.progres_le
            and numero.progres_le < timezone.now() - CALE
        ),
    )


def connexions(numero: Numero) -> tuple[int, list[tuple[str, int]]]:
    """(people put in touch, every act by kind): what the letter brought about, as far as its links tell."""
    comptes = dict(numero.gestes.order_by().values_list("genre").annotate(Count("pk")))
    lignes = [(genre.label, comptes[genre]) for genre in Geste.Genre if comptes.get(genre)]
    return sum(comptes.get(genre, 0) for genre in Geste.CONNEXIONS), lignes
