"""A rendering as bytes ready for the wire, with holes for what is each one's: filled by one join per message."""

import re
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from functools import cached_property

from django.conf import settings

from newsletter import liens
from newsletter.expedition.session import Ligne
from newsletter.models import Numero, Rendu
from newsletter.rendu import ADRESSE, JETON
from pole_ess.socle.models import ReglagesPole

LARGEUR_QP = 72
"""Characters of a line of quoted-printable, under the limit of 76 (RFC 2045, 6.7)."""


_TEL_QUEL = re.compile(r"[A-Za-z0-9_:@+/.-]+")
"""Values that need no encoding: nearly all of them."""


@dataclass(frozen=True)
class Expediteur:
    """Who writes, and where answers, reports and departures go."""

    nom: str
    adresse: str
    domaine: str
    rebonds: str
    departs: str
    equipe: str

    @classmethod
    def actuel(cls) -> "Expediteur":
        """From the settings; `departs` is empty when the hub receives no mail."""
        pole = ReglagesPole.actuels()
        nom, adresse = parseaddr(settings.LETTRE_EXPEDITEUR)
        domaine = adresse.rpartition("@")[2]
        return cls(
            nom=nom or pole.nom,
            adresse=adresse,
            domaine=domaine,
            rebonds=settings.COURRIER_ENTRANT_DOMAINE or domaine,
            departs=settings.COURRIER_ENTRANT_DOMAINE,
            equipe=pole.courriel_equipe,
        )


class Pli:
    """One message's own values."""

    def __init__(self, expediteur: Expediteur, numero_id: int, ligne: Ligne):
        self.expediteur, self.numero_id, self.ligne = expediteur, numero_id, ligne
        self.adresse = ligne.courriel

    @cached_property
    def jeton(self) -> str:
        return liens.jeton_d_abonne(self.ligne.abonne, self.ligne.jeton, self.numero_id)

    @property
    def retour(self) -> str:
        """The envelope sender: a report of failure names its recipient by the address it comes to (VERP)."""
        return f"bounces+{liens.jeton_de_retour(self.numero_id, self.ligne.id)}@{self.expediteur.rebonds}"

    @property
    def message_id(self) -> str:
        """Always the same for this issue and recipient: sent twice, it is one mail to who receives it."""
        return f"<{self.numero_id}.r{self.ligne.id}@{self.expediteur.domaine}>"

    @property
    def desabonnement(self) -> str:
        """RFC 2369, RFC 8058: an address that takes a POST, and one that takes a mail."""
        voies = [f"<{liens.url('desabonner', self.jeton)}>"]
        if self.expediteur.departs:
            voies.append(f"<mailto:desabonner+{self.ligne.jeton}@{self.expediteur.departs}>")
        return ",\r\n ".join(voies)

    def entetes(self) -> dict[str, str]:
        return {
            "To": self.adresse,
            "Message-ID": self.message_id,
            "Date": formatdate(localtime=True),
            "List-Unsubscribe": self.desabonnement,
        }


def entetes_communs(numero: Numero, expediteur: Expediteur) -> dict[str, str]:
    """The same for everybody (RFC 2369, RFC 2919, RFC 8058, Gmail's Feedback-ID)."""
    archives = liens.url("archives")
    return {
        "List-Id": f"{_en_mots(expediteur.nom)} <lettre.{expediteur.domaine}>".strip(),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Archive": f"<{archives}>",
        "List-Help": f"<{archives}>",
        "List-Owner": f"<mailto:{expediteur.equipe}>",
        "List-Post": "NO",
        "Precedence": "bulk",
        "Feedback-ID": f"{numero.pk}:lettre:{expediteur.domaine}:{settings.LETTRE_FEEDBACK_ID}",
        "Content-Language": "fr",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }


def _en_mots(nom: str) -> str:
    """The list's name (RFC 2919) as plain words, encoded when they need it: each transport carries them as they are."""
    mots = " ".join(re.sub(r"[^\w'’-]+", " ", nom).split())
    return mots if mots.isascii() else Header(mots, "utf-8").encode(linesep="")


class Moule:
    """The bytes of one rendering cut at its tokens, dots already doubled (RFC 5321, 4.5.2)."""

    def __init__(self, numero: Numero, rendu: Rendu, expediteur: Expediteur):
        self.numero, self.texte, self.html = numero, rendu.texte, rendu.html
        octets = self._message(numero, rendu, expediteur).as_bytes(policy=SMTP)
        octets = re.sub(rb"(?m)^\.", b"..", octets)
        self._morceaux, self._trous = _couper(octets)

    @staticmethod
    def _message(numero: Numero, rendu: Rendu, expediteur: Expediteur) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        local, _, domaine = expediteur.adresse.rpartition("@")
        message["From"] = Address(expediteur.nom, local, domaine)
        message["Reply-To"] = expediteur.equipe
        message["Subject"] = numero.sujet
        message.set_content(rendu.texte, cte="quoted-printable")
        message.add_alternative(rendu.html, subtype="html", cte="quoted-printable")
        for nom, valeur in entetes_communs(numero, expediteur).items():
            message[nom] = valeur
        return message

    def octets(self, pli: Pli) -> bytes:
        """The message of one person, as it goes on the wire."""
        valeurs = {JETON: _en_qp(pli.jeton), ADRESSE: _en_qp(pli.adresse)}
        parties = ["".join(f"{nom}: {valeur}\r\n" for nom, valeur in pli.entetes().items()).encode("ascii")]
        for morceau, trou in zip(self._morceaux, self._trous, strict=True):
            parties.append(morceau)
            if trou:
                parties.append(valeurs[trou])
        return b"".join(parties)


def _couper(octets: bytes) -> tuple[list[bytes], list[str | None]]:
    """Pieces between the tokens, and the token that follows each; an encoded line may be cut inside a token."""
    motif = b"|".join(b"(?:=\r\n)?".join(re.escape(bytes([o])) for o in jeton.encode()) for jeton in (JETON, ADRESSE))
    morceaux, trous, debut = [], [], 0
    for trouve in re.finditer(motif, octets):
        morceaux.append(octets[debut : trouve.start()])
        trous.append(trouve[0].replace(b"=\r\n", b"").decode())
        debut = trouve.end()
    return [*morceaux, octets[debut:]], [*trous, None]


def _en_qp(valeur: str) -> bytes:
    """A value between two soft line breaks, itself cut where it is too long; no line of it begins with a dot."""
    if _TEL_QUEL.fullmatch(valeur):
        lignes = [valeur[debut : debut + LARGEUR_QP] for debut in range(0, len(valeur), LARGEUR_QP)]
        if not any(ligne.startswith(".") for ligne in lignes):
            return ("=\r\n" + "=\r\n".join(lignes) + "=\r\n").encode("ascii")
    lignes, ligne = [], ""
    for octet in valeur.encode():
        caractere = chr(octet)
        if not caractere.isalnum() and caractere not in "-_:@+/" and not (caractere == "." and ligne):
            caractere = f"={octet:02X}"
        if len(ligne) + len(caractere) > LARGEUR_QP:
            lignes.append(ligne)
            ligne = caractere if caractere != "." else "=2E"
        else:
            ligne += caractere
    lignes.append(ligne)
    return ("=\r\n" + "=\r\n".join(lignes) + "=\r\n").encode("ascii")
