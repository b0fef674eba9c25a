"""SMTP with one more fact: had the body begun to leave when the talk broke off?"""

import smtplib

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
        try:
            code, message = super().data(msg)
        except (smtplib.SMTPServerDisconnected, OSError) as erreur:
            if self.corps_commence and not isinstance(erreur, smtplib.SMTPDataError):
                raise IssueInconnue(f"La liaison s'est coupée pendant la remise du message : {erreur}") from erreur
            raise
        if not 200 <= code < 600:
            raise IssueInconnue(f"Réponse incompréhensible du serveur : {code} {message!r}")
        self.sock.settimeout(self.timeout)
        return code, message


class _SMTP(_Temoin, smtplib.SMTP):
    pass


class _SMTPSSL(_Temoin, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's SMTP backend; raises IssueInconnue where the mail's fate cannot be known."""

    @property
    def connection_class(self):
        return _SMTPSSL if self.use_ssl else _SMTP
