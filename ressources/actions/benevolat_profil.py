"""What a person offers of their own time, and the relay by which structures write to them.

A structure's référents write first; the address of neither side is shown. The volunteer answers, or stops a
structure's mails, by the page, by a signed link, or by leaving. Each thread is locked before it is written in.
"""

import hashlib

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from annuaire.actions.correspondants import adresses
from annuaire.actions.edition import competences_nommees
from annuaire.notifications import notifier
from pole_ess.socle.courriel.entrant import adresse_de_reponse
from ressources.actions import TransitionInterdite
from ressources.models import MessageBenevole, PriseDeContact, ProfilBenevole

from .benevolat_courriels import lien_refus
from .benevolat_places import tout_quitter

SORTE = "benevole"
"""Of the inbound addresses: benevole+<jeton>@…"""
STRUCTURE, BENEVOLE = MessageBenevole.Cote.STRUCTURE, MessageBenevole.Cote.BENEVOLE
TEXTE_MAX = 4000
CHAMPS = [
    *["nom_montre", "demi_journees", "commune", "rayon_km", "a_distance", "presentation"],
    *["visible", "en_pause_jusqu_au"],
]


class CleDejaUtilisee(TransitionInterdite):
    """The form's key has sent another text."""

    def __init__(self):
        super().__init__("Ce formulaire a déjà servi : relisez-le et envoyez-le de nouveau.")


@transaction.atomic
def enregistrer(utilisateur, *, valeurs, competences) -> ProfilBenevole:
    """Write one's profile, made when there is none. `competences`: names, made when new."""
    profil, _ = ProfilBenevole.objects.update_or_create(
        utilisateur=utilisateur, defaults={champ: valeurs[champ] for champ in CHAMPS}
    )
    profil.competences.set(competences_nommees(competences))
    return profil


@transaction.atomic
def quitter(utilisateur) -> int:
    """Leave: the profile and its threads go, every place to come is given up and the lists move up. Places given up.

    Refusals of a structure's mails stay, empty of words: coming back does not open them again.
    """
    ProfilBenevole.objects.filter(utilisateur=utilisateur).delete()
    siennes = PriseDeContact.objects.filter(utilisateur=utilisateur)
    siennes.filter(refuse_le=None).delete()
    MessageBenevole.objects.filter(contact__in=siennes).delete()
    return tout_quitter(utilisateur.pk)


# -- the relay


def _verrouiller(contact) -> PriseDeContact:
    contacts = PriseDeContact.objects.select_for_update(of=("self",)).select_related("structure", "utilisateur")
    return contacts.get(pk=contact.pk)


@transaction.atomic
def ecrire(profil, *, structure, par, texte, cle) -> PriseDeContact:
    """A référent writes to a volunteer, in the structure's name. The same `cle` twice sends once.

    Raises TransitionInterdite: hidden, paused, or they refused this structure's mails.
    """
    contact, _ = PriseDeContact.objects.get_or_create(structure=structure, utilisateur=profil.utilisateur)
    contact = _verrouiller(contact)
    if deja := _deja(cle, contact, STRUCTURE, texte):
        return deja.contact
    _envoyer(contact, STRUCTURE, texte, par=par, cle=cle)
    return contact


@transaction.atomic
def repondre(contact, *, cote, par, texte, cle, voie=MessageBenevole.Voie.SITE) -> MessageBenevole:
    """Go on with a thread, from either side. The same `cle` twice sends once."""
    fraiche = _verrouiller(contact)
    if deja := _deja(cle, fraiche, cote, texte):
        return deja
    return _envoyer(fraiche, cote, texte, par=par, cle=cle, voie=voie)


def _deja(cle, contact, cote, texte):
    """What this form's key has already sent. Raises CleDejaUtilisee when it said something else."""
    message = MessageBenevole.objects.filter(cle=cle).select_related("contact").first()
    if message is not None and (message.contact_id, message.cote, message.texte) != (contact.pk, cote, texte):
        raise CleDejaUtilisee
    return message


def _envoyer(contact, cote, texte, *, par, cle, voie=MessageBenevole.Voie.SITE):
    if cote == STRUCTURE and (raison := ecriture_fermee(contact)):
        raise TransitionInterdite(raison)
    message = MessageBenevole.objects.create(
        contact=contact, cote=cote, auteur=par, texte=texte[:TEXTE_MAX], cle=cle, voie=voie
    )
    if cote == STRUCTURE:
        _prevenir(contact, BENEVOLE, message, {contact.utilisateur.email: contact.utilisateur})
    else:
        _prevenir(contact, STRUCTURE, message, adresses(contact.structure))
    return message


def ecriture_fermee(contact) -> str:
    """Why the structure cannot write to this person now, in French; empty when it can."""
    if contact.refuse_le:
        return "Cette personne ne souhaite plus de messages de votre structure."
    profil = ProfilBenevole.objects.filter(utilisateur=contact.utilisateur_id).first()
    repondu = contact.messages.filter(cote=BENEVOLE).exists()
    if profil is None or not (profil.est_trouvable or repondu):
        return "Cette personne ne cherche plus pour le moment : votre texte n'est pas parti."
    return ""


def nom_du_benevole(contact) -> str:
    """What the person chose to be called; nothing of their account."""
    profil = ProfilBenevole.objects.filter(utilisateur=contact.utilisateur_id).first()
    return profil.nom_montre if profil else "Un bénévole"


def _prevenir(contact, cote, message, destinataires) -> None:
    """Private words: confidential in the outbox, as those of conversations (decision 10)."""
    jeton = contact.jeton_benevole if cote == BENEVOLE else contact.jeton_structure
    for adresse, utilisateur in destinataires.items():
        empreinte = hashlib.sha256(adresse.encode()).hexdigest()[:32]
        page = reverse("ressources:contact_benevole", args=[contact.pk])
        notifier(
            "messages",
            "benevole_message",
            page=page,
            a=adresse,
            utilisateur=utilisateur,
            objet=contact,
            repondre_a=adresse_de_reponse(SORTE, jeton),
            confidentiel=True,
            cle_unicite=f"benevole-message-{message.pk}-{empreinte}",
            contexte={
                "contact": contact,
                "au_benevole": cote == BENEVOLE,
                "de": contact.structure.nom if cote == BENEVOLE else nom_du_benevole(contact),
                "texte": message.texte,
                "page": page,
                "refus": lien_refus(contact) if cote == BENEVOLE else "",
                "par_courriel": bool(settings.COURRIER_ENTRANT_DOMAINE),
            },
        )


@transaction.atomic
def refuser(contact, *, oui=True) -> PriseDeContact:
    """The volunteer stops this structure's mails, or lifts that. Nobody is told: the next one who writes is refused."""
    fraiche = _verrouiller(contact)
    if oui and fraiche.refuse_le is None:
        fraiche.refuse_le = timezone.now()
    elif not oui:
        fraiche.refuse_le = None
    fraiche.save(update_fields=["refuse_le"])
    contact.refuse_le = fraiche.refuse_le
    return contact
