"""An artist's tours: open days, structures near one another that want one, and the plan that serves the most.

    ouverte → confirmee → terminee      ouverte | confirmee → annulee
    wish: souhaitee → retenue      souhaitee | retenue → declinee | annulee      declinee | annulee → souhaitee

Every act locks the tour's row first. A day is retained once (a constraint says so too). An act done twice is done
once; mails are in its transaction.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from annuaire.actions import correspondants
from annuaire.geographie import DistanceKm, boite
from ressources.actions import TransitionInterdite
from ressources.models import Annonce, Etape, JourSouhaite, Tournee
from ressources.natures import Nature
from ressources.presentation_lot import point

from . import itineraire

Etat = Tournee.Etat
EtatEtape = Etape.Etat
DUREE_MAX = 92
"""Days of a tour, at most: three months."""


class CleDejaUtilisee(TransitionInterdite):
    """The form's key has opened another tour."""


@dataclass
class PlanDeTournee:
    """`etapes`: (stage, day, km from the one before or None); `manque`: stages missing for the trip to happen."""

    etapes: list = field(default_factory=list)
    km: float = 0.0
    exact: bool = True
    manque: int = 0

    @property
    def suffit(self) -> bool:
        return not self.manque

    @property
    def nouvelles(self) -> list:
        """The stages that the plan adds to those already retained."""
        return [(etape, jour) for etape, jour, _ in self.etapes if etape.etat == EtatEtape.SOUHAITEE]


# -- days


def jours_libres(annonce, debut, fin) -> list:
    """The days from `debut` to `fin` when the artist is free: in one of the periods, or all without any."""
    periodes = [(periode.debut, periode.fin) for periode in annonce.periodes.all()]
    jours = [debut + timedelta(days=rang) for rang in range((fin - debut).days + 1)]
    if not periodes:
        return jours
    return [jour for jour in jours if any(du <= jour <= au for du, au in periodes)]


def jours_ouverts(tournee) -> list:
    """The days that can still be wished: free, not past, not retained by anybody."""
    pris = set(tournee.etapes.filter(etat=EtatEtape.RETENUE).values_list("jour", flat=True))
    aujourdhui = timezone.localdate()
    libres = jours_libres(tournee.annonce, tournee.debut, tournee.fin)
    return [jour for jour in libres if jour >= aujourdhui and jour not in pris]


# -- mails


def _a_l_artiste(etape, evenement, *, sauf=None, **contexte):
    correspondants.ecrire(
        "tournee_artiste",
        etape.tournee.annonce.structure,
        objet=etape,
        sauf=sauf,
        etape=etape,
        tournee=etape.tournee,
        evenement=evenement,
        **contexte,
    )


def _a_la_structure(etape, evenement, *, sauf=None, **contexte):
    correspondants.ecrire(
        "tournee_structure",
        etape.structure,
        objet=etape,
        aussi=etape.par,
        sauf=sauf,
        etape=etape,
        tournee=etape.tournee,
        evenement=evenement,
        **contexte,
    )


# -- acts


def _verrouiller(tournee) -> Tournee:
    lignes = Tournee.objects.select_for_update(of=("self",)).select_related("annonce__structure")
    return lignes.get(pk=tournee.pk)


def _vivante(tournee) -> Tournee:
    fraiche = _verrouiller(tournee)
    if fraiche.etat not in (Etat.OUVERTE, Etat.CONFIRMEE):
        raise TransitionInterdite(f"La tournée « {fraiche.nom} » est {fraiche.get_etat_display()}.")
    if fraiche.fin < timezone.localdate():
        raise TransitionInterdite(f"La tournée « {fraiche.nom} » est passée.")
    return fraiche


@transaction.atomic
def ouvrir(annonce, *, par, valeurs, cle) -> Tournee:
    """Open a tour of a published artist. `valeurs`: nom, debut, fin, rayon, etapes_min, precisions. Once per `cle`."""
    annonce = Annonce.objects.select_for_update(of=("self",)).get(pk=annonce.pk)
    if deja := Tournee.objects.filter(cle=cle).first():
        if deja.annonce_id != annonce.pk:
            raise CleDejaUtilisee("Ce formulaire a déjà servi : rouvrez la page et recommencez.")
        return deja
    if not annonce.est_offre or annonce.nature != Nature.ARTISTE:
        raise TransitionInterdite("Une tournée s'ouvre depuis l'offre d'un artiste ou d'un intervenant.")
    if annonce.etat != Annonce.Etat.PUBLIEE or annonce.est_expiree:
        raise TransitionInterdite("Publiez ou prolongez d'abord l'annonce : une tournée part d'une annonce en ligne.")
    debut, fin = valeurs["debut"], valeurs["fin"]
    if debut < timezone.localdate():
        raise TransitionInterdite("Le premier jour est déjà passé.")
    if not 0 <= (fin - debut).days < DUREE_MAX:
        raise TransitionInterdite("Une tournée finit après son premier jour, et dure trois mois au plus.")
    libres = jours_libres(annonce, debut, fin)
    if len(libres) < valeurs["etapes_min"]:
        raise TransitionInterdite(
            f"Entre ces deux dates, {len(libres)} de vos jours sont libres : il en faut au moins un par étape. "
            "Changez les dates, ou les périodes libres de l'annonce."
        )
    champs = {champ: valeurs[champ] for champ in ("nom", "debut", "fin", "rayon", "etapes_min", "precisions")}
    return Tournee.objects.create(annonce=annonce, cle=cle, **champs)


@transaction.atomic
def souhaiter(tournee, *, structure, par, jours, message="") -> Etape:
    """A structure wants the artist on one of `jours`. Again: replaces its days and its word. The artist is told."""
    fraiche = _vivante(tournee)
    if fraiche.annonce.etat != Annonce.Etat.PUBLIEE:
        raise TransitionInterdite("L'annonce de l'artiste n'est plus en ligne.")
    if structure.pk == fraiche.annonce.structure_id:
        raise TransitionInterdite("C'est votre propre tournée : les souhaits viennent des autres structures.")
    etape = fraiche.etapes.select_related("structure", "par").filter(structure=structure).first()
    if etape is not None and etape.etat == EtatEtape.RETENUE:
        raise TransitionInterdite("Votre étape est déjà retenue. Pour changer de jour, écrivez à l'artiste.")
    jours = sorted(set(jours))
    if not jours or not set(jours) <= set(jours_ouverts(fraiche)):
        raise TransitionInterdite("Choisissez au moins un jour, parmi ceux qui sont encore ouverts.")
    nouvelle = etape is None or etape.etat != EtatEtape.SOUHAITEE
    if etape is None:
        etape = Etape(tournee=fraiche, structure=structure)
    elif not nouvelle and etape.message == message and [j.jour for j in etape.jours.all()] == jours:
        return etape
    etape.tournee, etape.par, etape.message, etape.motif = fraiche, par, message, ""
    etape.etat = EtatEtape.SOUHAITEE
    etape.save()
    etape.jours.all().delete()
    JourSouhaite.objects.bulk_create(JourSouhaite(etape=etape, jour=jour) for jour in jours)
    _a_l_artiste(etape, "souhait" if nouvelle else "souhait_change", sauf=par, jours=jours)
    if nouvelle:
        _a_la_structure(etape, "souhait", jours=jours)
    return etape


def _etape_verrouillee(etape, departs, arrivee):
    """(tour, stage, already done)."""
    fraiche = _verrouiller(etape.tournee)
    ligne = Etape.objects.select_for_update(of=("self",)).select_related("structure", "par").get(pk=etape.pk)
    ligne.tournee = fraiche
    if ligne.etat == arrivee:
        return ligne, True
    if ligne.etat not in departs:
        raise TransitionInterdite(f"Cette étape est {ligne.get_etat_display()} : ce n'est plus possible.")
    return ligne, False


VIVANTES = (EtatEtape.SOUHAITEE, EtatEtape.RETENUE)


def _clore(ligne, etape, etat, motif) -> None:
    ligne.etat, ligne.jour, ligne.motif = etat, None, motif
    ligne.save(update_fields=["etat", "jour", "motif"])
    etape.etat, etape.jour, etape.motif = etat, None, motif


def _motif(motif) -> str:
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("Une raison est demandée : elle est envoyée aux structures.")
    return motif


@transaction.atomic
def retirer_souhait(etape, *, par, motif="") -> Etape:
    """The structure gives up; the artist is told, and what is then missing."""
    ligne, fait = _etape_verrouillee(etape, VIVANTES, EtatEtape.ANNULEE)
    if fait:
        return ligne
    etait_retenue_le = ligne.jour
    _clore(ligne, etape, EtatEtape.ANNULEE, (motif or "").strip())
    retenues = ligne.tournee.etapes.filter(etat=EtatEtape.RETENUE).count()
    manque = max(0, ligne.tournee.etapes_min - retenues)
    _a_l_artiste(ligne, "retrait", sauf=par, etait_retenue_le=etait_retenue_le, manque=manque)
    return ligne


@transaction.atomic
def decliner(etape, *, par, motif) -> Etape:
    """The artist will not come to this one. `motif` required: it is mailed."""
    motif = _motif(motif)
    ligne, fait = _etape_verrouillee(etape, VIVANTES, EtatEtape.DECLINEE)
    if fait:
        return ligne
    _clore(ligne, etape, EtatEtape.DECLINEE, motif)
    _a_la_structure(ligne, "declinee", sauf=par)
    return ligne


@transaction.atomic
def retenir(tournee, *, par, choix) -> Tournee:
    """The artist retains stages: `choix` is {stage's key: day}. Enough of them confirms the tour.

    Each day must suit its structure, be free and be retained once; a wish that changed meanwhile is refused, and
    nothing is written. Those retained are told; when the tour becomes confirmed, so are those retained before.
    """
    fraiche = _vivante(tournee)
    etapes = {etape.pk: etape for etape in fraiche.etapes.vivantes().select_related("structure", "par").order_by("pk")}
    retenues = [etape for etape in etapes.values() if etape.etat == EtatEtape.RETENUE]
    pris = {etape.jour: etape for etape in retenues}
    ouverts = set(jours_ouverts(fraiche))
    nouvelles = []
    for cle, jour in sorted(choix.items()):
        etape = etapes.get(cle)
        if etape is None:
            raise TransitionInterdite("Un de ces souhaits vient d'être retiré : regardez le plan mis à jour.")
        if etape.etat == EtatEtape.RETENUE:
            if etape.jour == jour:
                continue
            raise TransitionInterdite(f"{etape.structure.nom} est déjà retenue pour un autre jour.")
        if jour in pris:
            raise TransitionInterdite(f"Le {jour:%d/%m/%Y} est déjà pris : une étape par jour.")
        if jour not in ouverts or not etape.jours.filter(jour=jour).exists():
            raise TransitionInterdite(
                f"Le {jour:%d/%m/%Y} ne convient plus à {etape.structure.nom}, ou n'est plus libre."
            )
        etape.tournee, etape.etat, etape.jour = fraiche, EtatEtape.RETENUE, jour
        pris[jour] = etape
        nouvelles.append(etape)
    for etape in nouvelles:
        etape.save(update_fields=["etat", "jour"])
    vient_d_etre_confirmee = fraiche.etat == Etat.OUVERTE and len(pris) >= fraiche.etapes_min
    if vient_d_etre_confirmee:
        fraiche.etat = Etat.CONFIRMEE
        fraiche.save(update_fields=["etat"])
    tournee.etat = fraiche.etat
    manque = max(0, fraiche.etapes_min - len(pris))
    for etape in nouvelles:
        _a_la_structure(etape, "retenue", sauf=par, manque=manque)
    for etape in retenues if vient_d_etre_confirmee else []:
        etape.tournee = fraiche
        _a_la_structure(etape, "confirmee", sauf=par)
    return tournee


@transaction.atomic
def annuler(tournee, *, par, motif) -> Tournee:
    """The tour will not happen: all who wished or were retained are told why. `motif` required."""
    motif = _motif(motif)
    fraiche = _verrouiller(tournee)
    tournee.etat = fraiche.etat
    if fraiche.etat == Etat.ANNULEE:
        return tournee
    if fraiche.etat == Etat.TERMINEE:
        raise TransitionInterdite("La tournée est terminée : elle ne s'annule plus.")
    fraiche.etat = tournee.etat = Etat.ANNULEE
    fraiche.save(update_fields=["etat"])
    for etape in fraiche.etapes.vivantes().select_related("structure", "par").order_by("pk"):
        etape.tournee, retenue_le = fraiche, etape.jour
        _clore(etape, etape, EtatEtape.ANNULEE, motif)
        _a_la_structure(etape, "annulee", sauf=par, retenue_le=retenue_le)
    return tournee


def terminer_passees() -> int:
    """Tours whose last day is past are over. How many."""
    return Tournee.objects.passees().update(etat=Etat.TERMINEE)


# -- reading


def proposer_plan(tournee, etapes=None) -> PlanDeTournee:
    """The plan of actions.itineraire for the wishes as they are; `etapes`: those of the tour, already read."""
    if etapes is None:
        etapes = tournee.etapes.pour_pages()
    vivantes = {etape.pk: etape for etape in etapes if etape.etat in VIVANTES}
    ouverts = set(jours_ouverts(tournee))
    voeux = []
    for etape in vivantes.values():
        fixe = etape.etat == EtatEtape.RETENUE
        jours = (etape.jour,) if fixe else tuple(j.jour for j in etape.jours.all() if j.jour in ouverts)
        voeux.append(itineraire.Voeu(etape.pk, point(etape.structure), jours, fixe))
    plan = itineraire.proposer(voeux, tournee.rayon)
    sans_lieu = sum(etape.etat == EtatEtape.RETENUE and cle not in plan.cles for cle, etape in vivantes.items())
    return PlanDeTournee(
        [(vivantes[cle], jour, km) for cle, jour, km in plan.etapes],
        plan.km,
        plan.exact,
        max(0, tournee.etapes_min - len(plan.etapes) - sans_lieu),
    )


def besoins_proches(annonce, *, km, points=()):
    """Open needs of an artist, of the same discipline or of none, within `km` of the artist or of one of `points`."""
    besoins = Annonce.objects.ouvertes().filter(sens="besoin", nature=Nature.ARTISTE)
    if annonce.categorie_id:
        besoins = besoins.filter(Q(categorie=annonce.categorie_id) | Q(categorie=None))
    ici = [(annonce.latitude, annonce.longitude)] if annonce.latitude is not None else []
    pres = Q(pk__in=[])
    for latitude, longitude in [*ici, *points]:
        sud, ouest, nord, est = boite(latitude, longitude, km)
        pres |= Q(
            LessThanOrEqual(DistanceKm("latitude", "longitude", lat0=latitude, lon0=longitude), km),
            latitude__range=(sud, nord),
            longitude__range=(ouest, est),
        )
    besoins = besoins.filter(pres).exclude(structure=annonce.structure_id).select_related("structure", "commune")
    return besoins.a_distance_de(*ici[0]).order_by("distance", "pk") if ici else besoins.order_by("-publiee_le", "pk")
