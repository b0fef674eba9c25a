"""What pages show of bookings: who may do what, the next free days, groups by what waits."""

import math
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from ressources.actions import reservations as actes
from ressources.agenda import jours, jours_de
from ressources.agenda.mois import pic
from ressources.models import Reservation
from ressources.permissions import peut_gerer
from ressources.templatetags.annonces import euros

DU_PRETEUR = ("confirmer", "refuser", "remettre", "rendre", "non_venue")
LIBRES_MONTREES = 3
FENETRE = 180
"""Days looked at for what is free."""


@dataclass(frozen=True)
class Mots:
    """What the page says of an act."""

    titre: str
    bouton: str
    aide: str = ""
    danger: bool = False


MOTS = {
    "confirmer": Mots("Dire oui", "Confirmer la réservation", "Les dates sont alors tenues pour cette structure."),
    "refuser": Mots("Dire non", "Refuser et envoyer la raison", danger=True),
    "annuler": Mots(
        "Annuler", "Annuler la réservation", "Les dates redeviennent libres, l'autre structure est prévenue.", True
    ),
    "remettre": Mots("La structure vient le chercher", "C'est remis"),
    "rendre": Mots("Le retour", "C'est rendu", "Les chiffres sont facultatifs : ils comptent dans les bilans du pôle."),
    "non_venue": Mots("Personne n'est venu", "Noter que personne n'est venu", "Les dates sont rendues libres.", True),
    "accepter_prolongation": Mots("Une prolongation est demandée", "Accepter la prolongation"),
    "refuser_prolongation": Mots("Refuser la prolongation", "Refuser et envoyer la raison", danger=True),
    "prolonger": Mots("Garder plus longtemps", "Demander une prolongation"),
}


def cotes(utilisateur, reservation) -> tuple[bool, bool]:
    """(acts for the lender, acts for the borrower). Staff act for both."""
    preteur = peut_gerer(utilisateur, reservation.calendrier.annonce)
    emprunteur = (
        utilisateur.is_staff
        or reservation.structure.rattachements.filter(utilisateur=utilisateur, etat="actif").exists()
    )
    return preteur, emprunteur


def peut_faire(acte, *, preteur, emprunteur) -> bool:
    """Whether the act is of this side, whatever the state."""
    if acte == "annuler":
        return preteur or emprunteur
    return emprunteur if acte == "prolonger" else preteur


def actes_permis(utilisateur, reservation) -> list[str]:
    """The acts that this person may do on this booking in its state, in the order of the page."""
    preteur, emprunteur = cotes(utilisateur, reservation)
    permis = []
    for acte in actes.actes_possibles(reservation):
        if acte in DU_PRETEUR and preteur:
            if acte != "non_venue" or reservation.periode.lower <= timezone.now():
                permis.append(acte)
        elif acte == "annuler" and (emprunteur or (preteur and reservation.etat == Reservation.Etat.CONFIRMEE)):
            permis.append(acte)
    if reservation.bloque:
        if reservation.prolongation_jusqu_au and preteur:
            permis += ["accepter_prolongation", "refuser_prolongation"]
        elif emprunteur and not reservation.prolongation_jusqu_au:
            permis.append("prolonger")
    return permis


def libres_autour(calendrier, voulu=None, *, duree=1, quantite=1) -> list[tuple[date, date]]:
    """The nearest (first day, last day) to `voulu` on which `quantite` pieces are free all along. Two queries.

    Whole days, buffer, notice, horizon and longest stay respected, whatever the step of the calendar.
    """
    aujourdhui = timezone.localdate()
    premier = aujourdhui + timedelta(days=calendrier.preavis_jours)
    if calendrier.pas == calendrier.Pas.HEURE and not calendrier.preavis_jours:
        premier += timedelta(days=1)  # the first hours of today are past
    dernier = min(aujourdhui + timedelta(days=calendrier.horizon_jours), premier + timedelta(days=FENETRE))
    duree = max(1, min(duree, calendrier.duree_max_jours or duree))
    if dernier < premier or duree > FENETRE:
        return []
    fenetre = jours(premier, dernier + timedelta(days=duree + calendrier.battement_heures // 24 + 1))
    prises = list(
        calendrier.reservations.bloquantes().filter(blocage__overlap=fenetre).values_list("blocage", "quantite")
    )
    fermees = [f.periode for f in calendrier.fermetures.filter(periode__overlap=fenetre) if f.bloque]
    voulu = min(max(voulu or premier, premier), dernier)
    libres = []
    departs = (premier + timedelta(days=n) for n in range((dernier - premier).days + 1))
    for debut in sorted(departs, key=lambda jour: abs((jour - voulu).days)):
        periode = jours(debut, debut + timedelta(days=duree - 1))
        if any(f.lower < periode.upper and periode.lower < f.upper for f in fermees):
            continue
        if calendrier.capacite - pic(actes.blocage(calendrier, periode), prises) >= quantite:
            libres.append((debut, debut + timedelta(days=duree - 1)))
            if len(libres) == LIBRES_MONTREES:
                break
    return sorted(libres)


def estimation(annonce, periode, quantite=1) -> str:
    """« 3 jours à 12 € : 36 € », or nothing when there is no price, or one that cannot be multiplied."""
    if annonce.prix is None or not annonce.prix:
        return ""
    debut, fin = jours_de(periode)
    heures = math.ceil((periode.upper - periode.lower).total_seconds() / 3600)
    jours_voulus = (fin - debut).days + 1
    comptes = {
        "jour": (jours_voulus, "jour"),
        "heure": (heures, "heure"),
        "demi_journee": (math.ceil(heures / 4) if heures <= 12 else 2 * jours_voulus, "demi-journée"),
        "semaine": (math.ceil(jours_voulus / 7), "semaine"),
        "week_end": (math.ceil(jours_voulus / 7), "week-end"),
        "mois": (math.ceil(jours_voulus / 30), "mois"),
        "total": (1, "forfait"),
    }
    if annonce.prix_unite not in comptes:
        return ""
    nombre, mot = comptes[annonce.prix_unite]
    pluriel = "s" if nombre > 1 and not mot.endswith("s") else ""
    mots = f"{nombre} {mot}{pluriel} à {euros(annonce.prix)} : {euros(annonce.prix * nombre)}"
    return f"{mots} (à confirmer pour {quantite} pièces)" if quantite > 1 else mots


@dataclass
class Groupe:
    """Bookings that wait for the same thing."""

    cle: str
    titre: str
    lignes: list = field(default_factory=list)


def grouper(reservations, siennes: set | None) -> list[Groupe]:
    """By what waits for this person's structures (`siennes`: their ids; None for staff)."""
    groupes = {
        cle: Groupe(cle, titre)
        for cle, titre in (
            ("decider", "À décider"),
            ("retard", "En retard"),
            ("aujourdhui", "À remettre aujourd'hui"),
            ("dehors", "En cours de prêt"),
            ("venir", "À venir"),
            ("attente", "En attente de réponse"),
            ("passees", "Terminées"),
        )
    }
    for reservation in reservations:
        chez_nous = siennes is None or reservation.calendrier.annonce.structure_id in siennes
        reservation.chez_nous = chez_nous
        groupes[_cle(reservation, chez_nous)].lignes.append(reservation)
    return [groupe for groupe in groupes.values() if groupe.lignes]


def _cle(reservation, chez_nous) -> str:
    if reservation.prolongation_jusqu_au and chez_nous and reservation.bloque:
        return "decider"
    return {
        "demandee": "decider" if chez_nous else "attente",
        "confirmee": "aujourdhui" if jours_de(reservation.periode)[0] <= timezone.localdate() else "venir",
        "remise": "retard" if reservation.est_en_retard else "dehors",
    }.get(reservation.etat, "passees")
