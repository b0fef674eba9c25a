"""Telling one person one thing: a mail with the act, a line of their next grouped mail, or nothing."""

import uuid

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from annuaire.models import Avis, PauseNotifications, PreferenceNotification, Rythme, Utilisateur
from pole_ess.socle.courriel import deposer
from pole_ess.socle.courriel.composition import composer_sujet

from . import moments, sortes
from .liens import pied


def joignables():
    """Accounts that are open, whose address nobody has left unconfirmed."""
    adresse = EmailAddress.objects.filter(user=OuterRef("pk"), email__iexact=OuterRef("email"), verified=False)
    return Utilisateur.objects.filter(~Exists(adresse), is_active=True)


@transaction.atomic
def notifier(
    sorte: str, gabarit: str, *, a: str, utilisateur, page: str, avant=None, contexte=None, cle_unicite=None, **envoi
):
    """As `deposer`, for a mail that its reader may group or refuse; in the transaction of the act.

    `utilisateur` None (a structure's own address) or `sorte` empty (a service mail): it leaves as by `deposer`.
    `page`: the path that a line of a grouped mail links to; its words are the mail's subject, which must hold nothing
    private. `avant`: the moment from which it is of no use: it leaves at once when the next grouped mail would come
    later, and is dropped from one that comes later anyway (a pause). `cle_unicite`: told once to this person, whatever
    they choose meanwhile. Returns the Courriel, the Avis that waits, or None.
    """
    if utilisateur is None or not sorte:
        return deposer(gabarit, a=a, utilisateur=utilisateur, contexte=contexte, cle_unicite=cle_unicite, **envoi)
    genre = sortes.sorte(sorte)
    choix = _choix(utilisateur, genre)
    if choix is None or choix[0] == Rythme.JAMAIS:
        return None
    rythme, pause = choix
    aussitot = rythme == Rythme.IMMEDIAT or moments.trop_tard(rythme, avant)
    if not aussitot or pause:
        return _garder(
            utilisateur,
            sorte,
            cle_unicite or uuid.uuid4().hex,
            envoi.get("objet"),
            titre=composer_sujet(gabarit, contexte),
            lien=page,
            utile_avant=avant,
        )
    objet = envoi.get("objet")
    parti = {"etat": Avis.Etat.AUSSITOT, "regle_le": timezone.now()}
    if cle_unicite and _garder(utilisateur, sorte, cle_unicite, objet, **parti) is None:
        return None
    bas = pied(utilisateur, sorte)
    envoi |= {"contexte": {**(contexte or {}), **bas["contexte"]}, "desabonnement": bas["desabonnement"]}
    return deposer(gabarit, a=a, utilisateur=utilisateur, cle_unicite=cle_unicite, **envoi)


def _choix(utilisateur, genre) -> tuple[Rythme, bool] | None:
    """(rhythm, whether a pause holds it); None when nothing may be sent to this account."""
    siennes = PreferenceNotification.objects.filter(utilisateur=OuterRef("pk"), sorte=genre.cle)
    pause = PauseNotifications.objects.en_cours().filter(pk=OuterRef("pk"))
    lignes = joignables().filter(pk=utilisateur.pk)
    lignes = lignes.annotate(rythme=Subquery(siennes.values("rythme")[:1]), pause=Exists(pause))
    trouve = lignes.values_list("rythme", "pause").first()
    if trouve is None:
        return None
    rythme = Rythme(trouve[0]) if trouve[0] in genre.rythmes else genre.defaut
    return rythme, trouve[1] and genre.se_refuse


def _garder(utilisateur, sorte, cle, objet, **valeurs) -> Avis | None:
    """The row that makes it told once; None when it was already (the unique constraint decides)."""
    avis = Avis(
        utilisateur=utilisateur,
        sorte=sorte,
        cle=cle,
        objet_type=objet._meta.label_lower if objet is not None else "",
        objet_id=str(objet.pk) if objet is not None else "",
        **valeurs,
    )
    deja = Avis.objects.filter(utilisateur=utilisateur, cle=cle)
    if deja.exists():
        return None
    try:
        with transaction.atomic():
            avis.save(force_insert=True)
    except IntegrityError:
        if deja.exists():
            return None
        raise
    return avis
