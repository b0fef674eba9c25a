"""Saying whether one comes: by link, by account, by one's agenda, through the staff.

The gauge is held here, under the meeting's lock.

Order of locks, everywhere: the meeting, then its participations.
"""

from django.db import transaction
from django.utils import timezone

from annuaire import oppositions
from pole_ess.socle import liens
from pole_ess.socle.courriel import deposer
from reunions import itip
from reunions.calendrier.ical import uid_de
from reunions.models import Participation, Representation, Reunion

from . import TransitionInterdite
from .invitations import envoyer

INSCRIPTION = "reunion-inscription"
"""Purpose of the link that proves a visitor's address."""
JOURS_INSCRIPTION = 7
Reponse = Participation.Reponse
VIENNENT = (Reponse.PRESENT, Reponse.ATTENTE)
PEUT_ETRE, DELEGUEE = "TENTATIVE", "DELEGATED"
FERMEE = "Cette rencontre est passée ou annulée : on ne peut plus y répondre."


def places_libres(reunion) -> int | None:
    """None: no gauge."""
    if reunion.jauge is None:
        return None
    return max(0, reunion.jauge - reunion.participations.occupent_une_place().count())


class ReponseChangee(TransitionInterdite):
    """The person answered meanwhile; nothing was written."""


@transaction.atomic
def repondre(
    participation, *, reponse: str, structures=None, par=None, moyen="", vue="", **precisions
) -> Participation:
    """Write the answer and its details; a full meeting puts whoever wants to come on its waiting list.

    `precisions`: represente_par, besoins, message, covoiturage, covoiturage_places, covoiturage_depuis.
    `structures`: in whose name, when the person chose. `par`, `moyen`: who of the staff notes it for them, and how
    they learned it; `vue`: the answer that their page showed. The answer may change until the meeting ends.
    """
    reunion = _verrouiller(participation.reunion_id)
    participation = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    participation.reunion = reunion
    deja = participation.reponse == reponse or (reponse == Reponse.PRESENT and participation.reponse in VIENNENT)
    if vue and participation.reponse != vue and not deja:
        raise ReponseChangee(
            f"{participation} a répondu entre-temps : « {participation.get_reponse_display()} ». Rien n'a changé. "
            "Enregistrez de nouveau si vous voulez corriger cette réponse."
        )
    participation.reponse_notee_par, participation.reponse_moyen = par, moyen
    participation.peut_etre_le, participation.delegation = None, ""
    for nom, valeur in precisions.items():
        setattr(participation, nom, valeur)
    if structures is not None:
        _representer(participation, structures)
    return _changer(participation, reponse)


@transaction.atomic
def inscrire(reunion, *, utilisateur=None, nom="", courriel="", libelle="", cle=None) -> Participation:
    """The participation of this person in this meeting, made when it is not there: not an answer yet.

    A visitor's address is proved (they hold the link sent to it), as an account's is: an invitation to that address
    is theirs, so nobody is twice on the list.
    """
    reunion = _verrouiller(reunion.pk)
    siennes = reunion.participations.select_for_update(of=("self",))
    trouvee = siennes.filter(utilisateur=utilisateur).first() if utilisateur else None
    adresse = utilisateur.email if utilisateur else courriel
    trouvee = trouvee or siennes.filter(courriel__iexact=adresse).first()
    if trouvee is None:
        return Participation.objects.create(
            reunion=reunion,
            utilisateur=utilisateur,
            nom=utilisateur.nom if utilisateur else nom,
            courriel=adresse,
            libelle=libelle,
            origine=Participation.Origine.INSCRIPTION,
            cle=cle,
        )
    if utilisateur and trouvee.utilisateur_id is None:
        trouvee.utilisateur = utilisateur
        trouvee.nom = trouvee.nom or utilisateur.nom
        trouvee.save(update_fields=["utilisateur", "nom", "modifie_le"])
    trouvee.reunion = reunion
    return trouvee


@transaction.atomic
def demander_inscription(reunion, *, nom, courriel, libelle, cle) -> None:
    """Send a visitor the link that confirms; nothing is written about them before.

    The same mail to everyone, none to whoever objected, and the page says the same: nobody learns who is known.
    """
    if oppositions.opposees([courriel]):
        return
    charge = {"r": reunion.pk, "n": nom, "c": courriel, "l": libelle}
    deposer(
        "reunion_confirmer",
        a=courriel,
        objet=reunion,
        confidentiel=True,
        cle_unicite=f"reunion-confirmer-{cle}",
        contexte={"reunion": reunion, "lien": liens.signer(INSCRIPTION, charge), "jours": JOURS_INSCRIPTION},
    )


@transaction.atomic
def confirmer_inscription(reunion, *, nom, courriel, libelle) -> Participation:
    """The visitor pressed the button of the link: they come (or wait). Twice is once."""
    participation = inscrire(reunion, nom=nom, courriel=courriel, libelle=libelle)
    if participation.reponse in VIENNENT:
        return participation
    return repondre(participation, reponse=Reponse.PRESENT)


@transaction.atomic
def repondre_par_agenda(entrant, jeton: str) -> str:
    """The « Accepter » or « Refuser » of an agenda. Returns why it changed nothing, in French, or nothing.

    « Peut-être » and an invitation passed on are no answers: staff read them, and reminders go on. An answer older
    than the one known does not replace it: agendas send late, and twice.
    """
    pk = itip.lire_jeton_agenda(jeton)
    participation = Participation.objects.select_related("reunion").filter(pk=pk).exclude(courriel="").first()
    if participation is None:
        return "invitation inconnue"
    lue = itip.lire_reponse(entrant.calendrier, courriel=participation.courriel)
    if lue is None or lue.uid != uid_de(participation.reunion):
        return "réponse d'agenda illisible"
    if lue.reponse is None and lue.partstat not in (PEUT_ETRE, DELEGUEE):
        return "réponse d'agenda sans effet"
    if participation.repondue_le and lue.le and lue.le < participation.repondue_le.replace(microsecond=0):
        return "une réponse plus récente est connue"
    hesite = participation.peut_etre_le is not None or participation.delegation
    if lue.reponse == Reponse.PRESENT and participation.reponse in VIENNENT and not hesite:
        return ""
    try:
        if lue.reponse is None:
            _remarquer(participation, lue)
        else:
            repondre(participation, reponse=lue.reponse)
    except TransitionInterdite as refus:
        return str(refus)
    return ""


def _remarquer(participation, lue) -> None:
    """What is no answer: seen by the staff until the person answers. The place that they hold stays theirs."""
    _verrouiller(participation.reunion_id)
    fraiche = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    if lue.partstat == PEUT_ETRE:
        fraiche.peut_etre_le = timezone.now()
    else:
        fraiche.delegation = lue.delegue or "une autre personne"
    fraiche.save(update_fields=["peut_etre_le", "delegation", "modifie_le"])


@transaction.atomic
def remplir(reunion) -> int:
    """Give free places to whoever waits, first come first served: after somebody gave theirs up, or the gauge grew."""
    reunion = _verrouiller(reunion.pk, ouverte=False)
    libres = places_libres(reunion)
    attente = reunion.participations.en_attente().select_for_update(of=("self",))
    elues = list(attente if libres is None else attente[:libres]) if reunion.est_ouverte else []
    for participation in elues:
        participation.reunion = reunion
        participation.reponse = Reponse.PRESENT
        if participation.courriel:
            envoyer(participation, "place")
        participation.save(update_fields=["reponse", "sequence_envoyee", "modifie_le"])
    return len(elues)


def _verrouiller(pk, *, ouverte=True) -> Reunion:
    reunion = Reunion.objects.select_for_update(of=("self",), no_key=True).select_related("commune").get(pk=pk)
    if ouverte and not reunion.est_ouverte:
        raise TransitionInterdite(FERMEE)
    return reunion


def _changer(participation, reponse) -> Participation:
    reunion, avant = participation.reunion, participation.reponse
    if reponse == Reponse.PRESENT and avant != Reponse.PRESENT and places_libres(reunion) == 0:
        reponse = Reponse.ATTENTE
    if reponse not in VIENNENT:
        participation.covoiturage, participation.covoiturage_places = "", None
        participation.covoiturage_depuis = None
    if reponse != Reponse.REPRESENTE:
        participation.represente_par = ""
    if reponse != avant:
        participation.repondue_le = timezone.now()
    participation.reponse = reponse
    participation.save()
    if reponse in VIENNENT and avant not in VIENNENT and _s_est_inscrite(participation):
        envoyer(participation, "inscrite")
        participation.save(update_fields=["sequence_envoyee", "modifie_le"])
    if avant == Reponse.PRESENT and reponse != Reponse.PRESENT:
        remplir(reunion)
    return participation


def _s_est_inscrite(participation) -> bool:
    """They wrote their name by themselves: an entry for their agenda follows."""
    return participation.origine == Participation.Origine.INSCRIPTION and participation.courriel != ""


def _representer(participation, structures) -> None:
    """In whose name this person answers: exactly these structures."""
    participation.representations.exclude(structure__in=structures).delete()
    Representation.objects.bulk_create(
        [Representation(participation=participation, structure=s) for s in structures], ignore_conflicts=True
    )
