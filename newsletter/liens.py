"""The signed links of the letter: who it was sent to, by which issue. A GET shows, a POST acts (RFC 8058)."""

import hmac
import re
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from annuaire.models import Utilisateur
from newsletter.models import Abonne, Numero
from pole_ess.socle import liens
from pole_ess.socle.liens import LienInvalide

CONFIRMER, ABONNE, RAPPEL = "lettre.confirmer", "lettre.abonne", "lettre.rappel"
JOURS_CONFIRMER = 30
JOURS_ABONNE = 3 * 365
"""A letter found at the bottom of a mailbox must still let its reader leave."""
JOURS_RAPPEL = 365
JOURS_GESTE = 60
"""Acting from a letter (« je peux aider », « déjà pourvu », « je viens ») by its link."""
CLE = 6
"""Characters of the subscriber's own key in a token: enough to know that it changed; the signature does the rest."""

SIGNES_DU_RETOUR = 16
"""Hexadecimal digits of the signature of a return address: 64 bits, tried by mail at best."""

CHEMINS = {
    "confirmer": "lettre/confirmer/{}/",
    "preferences": "lettre/preferences/{}/",
    "desabonner": "lettre/desabonner/{}/",
    "archives": "lettre/",
    "numero": "lettre/{}/",
    "rappel": "lettre/rappel/{}/",
    "geste": "lettre/geste/{}/{}/",
    "miennes": "lettre/geste/{}/",
}
"""Paths of the pages that letters link to, the token or the issue's number in their places."""


def jeton_de_confirmation(abonne: Abonne) -> str:
    return liens.signer(CONFIRMER, {"a": abonne.pk, "j": abonne.jeton[:CLE]})


def lire_confirmation(jeton: str) -> Abonne:
    """Whose subscription this link confirms. Raises LienInvalide, LienExpire; LienInvalide too when it is gone."""
    abonne = _abonne(liens.lire(CONFIRMER, jeton, jours=JOURS_CONFIRMER))
    if abonne is None:
        raise LienInvalide
    return abonne


def jeton_d_abonne(abonne_id: int, cle: str, numero_id: int | None = None) -> str:
    """The token of every personal link of a letter: preferences, unsubscription, acts. `cle`: the subscriber's own."""
    return liens.signer(ABONNE, {"a": abonne_id, "j": cle[:CLE], "n": numero_id})


def lire_abonne(jeton: str) -> tuple[Abonne | None, Numero | None]:
    """(subscriber, issue): None for who has left, or for a link that no issue carried. Raises LienInvalide."""
    return _abonne_et_numero(liens.lire(ABONNE, jeton, jours=JOURS_ABONNE))


def lire_geste(jeton: str) -> tuple[Abonne, Numero]:
    """Who acts, from which issue. Raises LienInvalide (LienExpire after JOURS_GESTE; also when the reader has left)."""
    abonne, numero = _abonne_et_numero(liens.lire(ABONNE, jeton, jours=JOURS_GESTE))
    if abonne is None or numero is None:
        raise LienInvalide
    return abonne, numero


def _abonne_et_numero(charge: dict) -> tuple[Abonne | None, Numero | None]:
    numero = Numero.objects.filter(pk=charge["n"]).first() if charge.get("n") else None
    return _abonne(charge), numero


def _abonne(charge: dict) -> Abonne | None:
    return Abonne.objects.filter(pk=charge["a"], jeton__startswith=charge["j"]).select_related("interets").first()


def jeton_de_rappel(personne: Utilisateur) -> str:
    return liens.signer(RAPPEL, {"u": personne.pk})


def lire_rappel(jeton: str) -> Utilisateur:
    """Whose reminder this link stops. Raises LienInvalide, LienExpire; LienInvalide too when the account is gone."""
    personne = Utilisateur.objects.filter(pk=liens.lire(RAPPEL, jeton, jours=JOURS_RAPPEL)["u"], is_active=True).first()
    if personne is None:
        raise LienInvalide
    return personne


def jeton_de_retour(numero_id: int, envoi_id: int) -> str:
    """What an envelope sender carries, so that a report of failure names its recipient (VERP); signed.

    Nobody but who was sent the message knows it: a forged report can only be about its own author. The address that a
    report names is not compared: a mail that its reader had forwarded is reported under another address.
    """
    return f"{numero_id}.{envoi_id}.{_signature_de_retour(numero_id, envoi_id, settings.SECRET_KEY)}"


def lire_retour(jeton: str) -> int:
    """Which Envoi. Raises LienInvalide."""
    trouve = re.fullmatch(r"(\d{1,18})\.(\d{1,18})\.([0-9a-f]{16})", jeton.lower())
    if trouve:
        for cle in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            if constant_time_compare(trouve[3], _signature_de_retour(int(trouve[1]), int(trouve[2]), cle)):
                return int(trouve[2])
    raise LienInvalide


def _signature_de_retour(numero_id: int, envoi_id: int, cle: str) -> str:
    return hmac.digest(_cle_de_retour(cle), f"{numero_id}.{envoi_id}".encode(), "sha256").hex()[:SIGNES_DU_RETOUR]


@lru_cache(maxsize=4)
def _cle_de_retour(cle: str) -> bytes:
    """A key for this use only, derived once: a sending signs for each message."""
    return salted_hmac("newsletter.retour", "", secret=cle, algorithm="sha256").digest()


def url(nom: str, *args) -> str:
    """Absolute address of one of the letter's pages, for mails."""
    return f"{settings.PORTAIL_URL}/{CHEMINS[nom].format(*args)}"
