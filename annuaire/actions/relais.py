"""Writing to a structure through the portal, which shows nobody's address before they choose to answer."""

from django.db import transaction
from django.utils.crypto import salted_hmac

from annuaire.models import MessageRelaye, Utilisateur
from pole_ess.socle.courriel import deposer
from pole_ess.socle.limites import compter
from pole_ess.socle.models import Courriel, ReglagesPole

HEURE = 3600
JOUR = 24 * HEURE


class CleDejaUtilisee(Exception):
    """The form's key has already sent another text: this one is a new message and needs a new key."""


def destinataires(structure) -> list[tuple[str, Utilisateur | None]]:
    """The structure's own address, then its active référents; each address once, whatever its case."""
    referents = Utilisateur.objects.filter(
        is_active=True,
        rattachements__structure=structure,
        rattachements__etat="actif",
        rattachements__role="referent",
    ).distinct()
    par_adresse = {structure.courriel.lower(): (structure.courriel, None)} if structure.courriel else {}
    for referent in referents.order_by("pk"):
        par_adresse.setdefault(referent.email.lower(), (referent.email, referent))
    return list(par_adresse.values())


def compter_envoi(structure, *, reseau: str, courriel: str) -> None:
    """Count one message against the limits; raises LimiteDepassee. Outside the act's transaction.

    5 an hour and 20 a day for a network, 10 a day for a sender's address (kept as a keyed hash), 30 a day
    for a structure.
    """
    auteur = salted_hmac("annuaire.relais", courriel.lower()).hexdigest()
    compter(f"relais:reseau:{reseau}:heure", maximum=5, secondes=HEURE)
    compter(f"relais:reseau:{reseau}:jour", maximum=20, secondes=JOUR)
    compter(f"relais:auteur:{auteur}", maximum=10, secondes=JOUR)
    compter(f"relais:structure:{structure.pk}", maximum=30, secondes=JOUR)


def deja_relaye(structure, *, courriel: str, texte: str, cle) -> MessageRelaye | None:
    """The message that this form's key has already sent. Raises CleDejaUtilisee when it said something else."""
    message = MessageRelaye.objects.filter(cle=cle).first()
    if message is not None and (message.structure_id, message.courriel, message.texte) != (
        structure.pk,
        courriel,
        texte,
    ):
        raise CleDejaUtilisee
    return message


@transaction.atomic
def relayer(structure, *, nom: str, courriel: str, texte: str, cle) -> MessageRelaye:
    """Mail a visitor's message to the structure, with the visitor's address to reply to.

    Without any address of the structure it goes to the hub's team, which forwards it: `destinataires` is
    then 0. The same `cle` again sends nothing and returns the first message, even from a parallel request.
    The visitor gets no copy: their address is not verified, anyone could be mailed that way.
    """
    message, nouveau = MessageRelaye.objects.get_or_create(
        cle=cle, defaults={"structure": structure, "nom": nom, "courriel": courriel, "texte": texte}
    )
    if not nouveau:
        return deja_relaye(structure, courriel=courriel, texte=texte, cle=cle)
    contexte = {"message": message, "structure": structure}
    adresses = destinataires(structure)
    for adresse, utilisateur in adresses:
        deposer("relais", a=adresse, utilisateur=utilisateur, contexte=contexte, objet=message, repondre_a=courriel)
    if adresses:
        message.destinataires = len(adresses)
        message.save(update_fields=["destinataires"])
    else:
        equipe = ReglagesPole.actuels().courriel_equipe
        deposer("relais_equipe", a=equipe, contexte=contexte, objet=message, repondre_a=courriel)
    return message


@transaction.atomic
def purger() -> int:
    """Delete relayed messages older than twelve months, and the mails that carried them; how many messages."""
    perimes = MessageRelaye.objects.perimes()
    cles = [str(pk) for pk in perimes.values_list("pk", flat=True)]
    Courriel.objects.filter(objet_type=MessageRelaye._meta.label_lower, objet_id__in=cles).delete()
    MessageRelaye.objects.filter(pk__in=cles).delete()
    return len(cles)
