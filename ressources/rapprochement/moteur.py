"""Matches of one or several announcements, in a number of queries that does not depend on how many they are."""

from datetime import timedelta

from django.db.models import Prefetch
from django.utils import timezone

from ressources.models import Annonce, Fermeture, Reservation

from . import candidats, structures
from .accord import Accord
from .dates import dire_mois
from .lexique import comprendre, mots_lisibles, vocabulaire
from .note import SEUIL, Cote, noter

LIMITE = 6


def chercher(annonce, *, limite=LIMITE) -> list[Accord]:
    """The best matches of an announcement, best first; none when nothing is good enough."""
    return chercher_tous([annonce], limite=limite)[annonce.pk]


def chercher_tous(annonces, *, limite=LIMITE) -> dict[int, list[Accord]]:
    """The matches of each announcement, by its key; those that are not open any more have none."""
    trouves = {annonce.pk: [] for annonce in annonces}
    ouvertes = [annonce for annonce in annonces if annonce.est_ouverte]
    if not ouvertes:
        return trouves
    v = vocabulaire()
    sens = comprendre(ouvertes)
    termes = {terme for compris in sens for terme in (*compris.titre, *compris.description)}
    frequences = candidats.compter(termes, v)
    par_annonce = candidats.chercher(ouvertes, sens, frequences, v)
    cles = set().union(*par_annonce.values())
    autres = {a.pk: a for a in a_noter(cles | {a.pk for a in ouvertes})}
    compris_de = dict(zip(autres, comprendre(autres.values()), strict=True))
    cotes = {pk: Cote(a, compris_de[pk], periodes_de(a), bloque_de(a)) for pk, a in autres.items()}
    lisibles = mots_lisibles(ouvertes)
    jour = timezone.localdate()
    fiches = structures.chercher(ouvertes, sens, v, lisibles)
    for annonce in ouvertes:
        accords = _noter_tous(annonce.pk, par_annonce[annonce.pk], cotes, frequences, lisibles, jour)
        trouves[annonce.pk] = accords[:limite] + fiches.get(annonce.pk, [])
    return trouves


def _noter_tous(pk, cles, cotes, frequences, lisibles, jour) -> list[Accord]:
    soi = cotes[pk]
    accords = []
    for cle in cles:
        if cle not in cotes:
            continue
        besoin, offre = (cotes[cle], soi) if soi.annonce.est_offre else (soi, cotes[cle])
        note = noter(besoin, offre, frequences, lisibles, jour)
        if note and note.score >= SEUIL:
            autre = cotes[cle].annonce
            if autre.structure.verifiee_le:
                note.raisons.append(f"fiche vérifiée en {dire_mois(autre.structure.verifiee_le)}")
            accords.append(Accord(round(note.score, 1), note.raisons, annonce=autre))
    return sorted(accords, key=lambda a: (-a.score, -a.annonce.pk))


def a_noter(cles):
    """What scoring and cards read, in four queries."""
    bloquantes = Reservation.objects.bloquantes().filter(exclusive=True, periode__endswith__gt=timezone.now())
    fermetures = Fermeture.objects.exclude(genre="avis").filter(periode__endswith__gt=timezone.now())
    return (
        Annonce.objects.filter(pk__in=cles)
        .select_related("structure", "commune", "categorie", "calendrier")
        .defer("recherche", "recherche_vecteur", "structure__recherche", "structure__recherche_vecteur")
        .defer("structure__recherche_trgm")
        .prefetch_related(
            "periodes",
            Prefetch("calendrier__reservations", queryset=bloquantes, to_attr="prises"),
            Prefetch("calendrier__fermetures", queryset=fermetures, to_attr="fermees"),
        )
        .order_by()
    )


def periodes_de(annonce) -> tuple:
    return tuple((p.debut, p.fin) for p in annonce.periodes.all())


def bloque_de(annonce) -> tuple:
    """Days [first, last] when it cannot be had, from bookings of an exclusive resource and closures."""
    calendrier = getattr(annonce, "calendrier", None)
    if calendrier is None or not calendrier.actif:
        return ()
    plages = [r.blocage for r in calendrier.prises] + [f.periode for f in calendrier.fermees]
    return tuple(
        (timezone.localdate(plage.lower), timezone.localdate(plage.upper - timedelta(microseconds=1)))
        for plage in plages
    )
