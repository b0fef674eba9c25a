"""SMTP with one more fact: had the body begun to leave when the talk broke off?"""

import smtplib
from contextlib import contextmanager, suppress

from django.core.mail.backends import smtp

ATTENTE_REPONSE_FINALE = 120
"""Seconds to wait for the answer to the body: servers scan a mail before they say 250 (RFC 5321, 4.5.3.2.6
asks for ten minutes; shorter than the sweep's delay, so that a sending worker is never taken for dead)."""


class IssueInconnue(smtplib.SMTPException):
    """The body was leaving, or had left, and no answer came: the mail may or may not have been accepted."""


class _Temoin:
    """Mixed into smtplib's classes: watches for the server's « 354, send the body »."""

    corps_commence = False
    attente_finale = ATTENTE_REPONSE_FINALE

    def getreply(self):
        code, message = super().getreply()
        if code == 354:
            self.corps_commence = True
            self.sock.settimeout(self.attente_finale)
        return code, message

    def data(self, msg):
        self.corps_commence = False
        with self._sort_du_corps():
            code, message = super().data(msg)
        return self._reponse_finale(code, message)

    def remettre(self, expediteur: str, destinataire: str, octets: bytes, feu_vert=None) -> bool:
        """One mail to one address, in two exchanges where the server takes commands in a row (RFC 2920), else four.

        `octets`: the whole message as it goes on the wire: lines end in CRLF, leading dots doubled (RFC 5321, 4.5.2).
        `feu_vert`: asked once the server is ready for the body; on False nothing leaves, the talk is closed (that is
        the only way out), and False is returned. Raises what smtplib's sendmail raises, or IssueInconnue; the
        connection is then ready for another mail, or closed (`sock` is None).
        """
        self.ehlo_or_helo_if_needed()
        self.corps_commence = False
        taille = f" SIZE={len(octets)}" if self.has_extn("size") else ""
        commandes = [f"MAIL FROM:<{expediteur}>{taille}", f"RCPT TO:<{destinataire}>", "DATA"]
        with self._sort_du_corps():
            try:
                self._annoncer(commandes, expediteur, destinataire)
                if feu_vert is not None and not feu_vert():
                    self.close()
                    return False
                self.send(octets + b".\r\n")
                code, message = self._reponse_finale(*self.getreply())
                if code != 250:
                    raise smtplib.SMTPDataError(code, message)
            except smtplib.SMTPResponseException as erreur:
                self._remettre_a_zero(erreur.smtp_code)
                raise
            except smtplib.SMTPRecipientsRefused as erreur:
                self._remettre_a_zero(erreur.recipients[destinataire][0])
                raise
        return True

    def _annoncer(self, commandes: list[str], expediteur: str, destinataire: str) -> None:
        """Say who writes to whom; raise the first refusal. Nothing of the body has left on return."""
        if any(c in commande for commande in commandes for c in "\r\n"):
            raise ValueError("a line break in an address")
        enfilees = self.has_extn("pipelining")
        if enfilees:
            self.send("".join(f"{commande}\r\n" for commande in commandes).encode("ascii"))
        refus = None
        for rang, commande in enumerate(commandes):
            code, message = self.getreply() if enfilees else self.docmd(commande)
            if refus is None and code not in ((250,), (250, 251), (354,))[rang]:
                refus = (
                    smtplib.SMTPSenderRefused(code, message, expediteur),
                    smtplib.SMTPRecipientsRefused({destinataire: (code, message)}),
                    smtplib.SMTPDataError(code, message),
                )[rang]
                if not enfilees:
                    break
        if refus is not None:
            attend_un_corps, self.corps_commence = self.corps_commence, False
            if attend_un_corps:  # one that goes to nobody (RFC 2920, 3.1)
                self.send(b".\r\n")
                self.getreply()
            raise refus

    @contextmanager
    def _sort_du_corps(self):
        """A talk that breaks off once the body has begun says nothing of the mail's fate."""
        try:
            yield
        except OSError as erreur:  # smtplib's own exceptions are among them
            if self.corps_commence and not isinstance(erreur, IssueInconnue):
                raise IssueInconnue(f"La liaison s'est coupée pendant la remise du message : {erreur}") from erreur
            raise

    def _reponse_finale(self, code: int, message: bytes) -> tuple[int, bytes]:
        if not 200 <= code < 600:
            raise IssueInconnue(f"Réponse incompréhensible du serveur : {code} {message!r}")
        self.sock.settimeout(self.timeout)
        self.corps_commence = False
        return code, message

    def _remettre_a_zero(self, code: int) -> None:
        """After a refusal: ready for another mail, or closed when the server says that it leaves (421)."""
        if code == 421:
            self.close()
            return
        with suppress(smtplib.SMTPException, OSError):
            self.rset()


class _SMTP(_Temoin, smtplib.SMTP):
    pass


class _SMTPSSL(_Temoin, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's SMTP backend; raises IssueInconnue where the mail's fate cannot be known."""

    @property
    def connection_class(self):
        return _SMTPSSL if self.use_ssl else _SMTP
