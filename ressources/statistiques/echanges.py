"""What exchanges were worth, on two bases that are never added: declared by both sides, declared by one.

An exchange is a conversation, a booking, or else an announcement and two structures; it belongs to the day of its
first declaration. A figure that both sides gave counts for the smaller of the two: what they agree took place at
least. What is declared « avec » somebody who is not on the portal has one side.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from pole_ess.socle import aiguillage
from ressources.models import Etape, PartDeLot, Reservation

from .periode import Periode

UNITES = ("heures", "euros", "kilos")
DEUX, UN = "deux", "un"
MINIMUM_PUBLIC = 5
"""Below so many exchanges, the public page gives no worth: it would tell what two structures declared."""

ECHANGE = """CASE
        WHEN b.mise_en_relation_id IS NOT NULL THEN 'r' || b.mise_en_relation_id
        WHEN b.reservation_id IS NOT NULL THEN 'b' || b.reservation_id
        WHEN b.avec_id IS NOT NULL THEN concat_ws('-', 'a', b.annonce_id, LEAST(b.structure_id, b.avec_id),
                                                  GREATEST(b.structure_id, b.avec_id))
        ELSE 's' || b.id END"""
"""What tells the exchange of a declaration `b` apart: both sides' rows have the same."""
# One row per nature. `n_…` of an exchange: how many sides gave the figure.
REQUETE = f"""
WITH lignes AS (
    SELECT b.*, {ECHANGE} AS echange
    FROM ressources_bilan b
), echanges AS (
    SELECT min(annonce_id) AS annonce_id, min(declare_le) AS le, count(DISTINCT structure_id) AS cotes,
        count(DISTINCT structure_id) FILTER (WHERE heures IS NOT NULL) AS n_heures, min(heures) AS heures,
        count(DISTINCT structure_id) FILTER (WHERE euros IS NOT NULL) AS n_euros, min(euros) AS euros,
        count(DISTINCT structure_id) FILTER (WHERE kilos IS NOT NULL) AS n_kilos, min(kilos) AS kilos
    FROM lignes GROUP BY echange
)
SELECT a.nature, count(*) FILTER (WHERE e.cotes > 1), count(*) FILTER (WHERE e.cotes = 1),
    count(*) FILTER (WHERE n_heures > 1), sum(e.heures) FILTER (WHERE n_heures > 1),
    count(*) FILTER (WHERE n_heures = 1), sum(e.heures) FILTER (WHERE n_heures = 1),
    count(*) FILTER (WHERE n_euros > 1), sum(e.euros) FILTER (WHERE n_euros > 1),
    count(*) FILTER (WHERE n_euros = 1), sum(e.euros) FILTER (WHERE n_euros = 1),
    count(*) FILTER (WHERE n_kilos > 1), sum(e.kilos) FILTER (WHERE n_kilos > 1),
    count(*) FILTER (WHERE n_kilos = 1), sum(e.kilos) FILTER (WHERE n_kilos = 1)
FROM echanges e JOIN ressources_annonce a ON a.id = e.annonce_id
WHERE e.le >= %(debut)s AND e.le < %(fin)s
    AND (%(nature)s = '' OR a.nature = %(nature)s) AND (%(commune)s = '' OR a.commune_id = %(commune)s)
GROUP BY a.nature
"""  # noqa: S608 - made of constants


@dataclass(frozen=True)
class Valeur:
    """`total` rests on the figures of `echanges` exchanges; None when nobody gave one."""

    echanges: int = 0
    total: Decimal | None = None

    def __add__(self, autre):
        if self.total is None or autre.total is None:
            total = autre.total if self.total is None else self.total
        else:
            total = self.total + autre.total
        return Valeur(self.echanges + autre.echanges, total)


@dataclass
class Echanges:
    """`nombres`: (nature, base) -> exchanges; `valeurs`: (nature, base, unit) -> Valeur; the rest is counted whole."""

    nombres: dict = field(default_factory=lambda: defaultdict(int))
    valeurs: dict = field(default_factory=lambda: defaultdict(Valeur))
    prets: int = 0
    objets_rendus: int = 0
    parts: int = 0
    objets_donnes: int = 0
    tournees: int = 0
    etapes: int = 0

    def nombre(self, base: str, nature=None) -> int:
        return sum(n for (autre, b), n in self.nombres.items() if b == base and nature in (None, autre))

    def valeur(self, base: str, unite: str, nature=None) -> Valeur:
        """Of one base only: there is no way to ask for both."""
        vues = [v for (n, b, u), v in self.valeurs.items() if (b, u) == (base, unite) and nature in (None, n)]
        return sum(vues, Valeur())


def compter_echanges(periode: Periode, *, nature="", commune=None) -> Echanges:
    """Four queries, whatever the number of exchanges."""
    debut, fin = periode.bornes
    echanges = Echanges()
    code = commune.pk if commune else ""
    with aiguillage.connexion().cursor() as cursor:
        cursor.execute(REQUETE, {"debut": debut, "fin": fin, "nature": nature, "commune": code})
        for de, deux, un, *chiffres in cursor.fetchall():
            echanges.nombres[de, DEUX], echanges.nombres[de, UN] = deux, un
            for rang, (unite, base) in enumerate((u, b) for u in UNITES for b in (DEUX, UN)):
                echanges.valeurs[de, base, unite] = Valeur(chiffres[2 * rang], chiffres[2 * rang + 1])
    _compter_prets(echanges, debut, fin, nature, commune)
    _compter_parts(echanges, debut, fin, nature, commune)
    _compter_tournees(echanges, periode, nature, commune)
    return echanges


def _de(chemin: str, nature, commune) -> Q:
    """The filters, on the announcement at the end of `chemin`."""
    demande = {f"{chemin}nature": nature, f"{chemin}commune": commune}
    return Q(**{nom: valeur for nom, valeur in demande.items() if valeur})


def _compter_prets(echanges, debut, fin, nature, commune) -> None:
    """Loans and rentals that came back, the day they did."""
    rendues = Reservation.objects.filter(
        _de("calendrier__annonce__", nature, commune), etat="rendue", rendue_le__gte=debut, rendue_le__lt=fin
    )
    comptes = rendues.aggregate(prets=Count("pk"), objets=Sum("quantite", default=0))
    echanges.prets, echanges.objets_rendus = comptes["prets"], comptes["objets"]


def _compter_parts(echanges, debut, fin, nature, commune) -> None:
    """Parts of batches, the day they were handed over."""
    remises = PartDeLot.objects.filter(
        _de("annonce__", nature, commune), etat="remise", remise_le__gte=debut, remise_le__lt=fin
    )
    comptes = remises.aggregate(parts=Count("pk"), objets=Sum("quantite", default=0))
    echanges.parts, echanges.objets_donnes = comptes["parts"], comptes["objets"]


def _compter_tournees(echanges, periode, nature, commune) -> None:
    """Retained stages whose day is past, of tours that have reached their least number of stages."""
    assez = (
        Etape.objects.order_by()
        .filter(_de("tournee__annonce__", nature, commune), etat="retenue", tournee__etat__in=["confirmee", "terminee"])
        .values("tournee")
        .annotate(
            retenues=Count("pk"),
            tenues=Count("pk", filter=Q(jour__gte=periode.debut, jour__lt=min(periode.fin, timezone.localdate()))),
        )
        .filter(retenues__gte=F("tournee__etapes_min"), tenues__gt=0)
        .values_list("tenues", flat=True)
    )
    tenues = list(assez)
    echanges.tournees, echanges.etapes = len(tenues), sum(tenues)
