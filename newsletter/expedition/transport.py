"""How a message leaves: by SMTP, one connection kept for many; or through any Django or anymail backend."""

import smtplib
from collections.abc import Callable
from contextlib import suppress

import psycopg
from anymail.backends.base import AnymailBaseBackend
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend as EmailBackendSMTP

from newsletter.rendu import ADRESSE, JETON
from pole_ess.socle.courriel import issues
from pole_ess.socle.courriel.issues import PARTI, Issue

from .moule import Expediteur, Moule, Pli, entetes_communs

PAR_CONNEXION = 500
"""Messages on one connection: servers close longer talks, in the middle of one."""


RETENU = Issue(issues.Etat.PRET)
"""No green light: nothing left."""


class Injoignable(Exception):
    """No talk can begin with the mail server: nobody's message is to blame. Says why, in French."""


def choisir():
    """The transport that the settings ask for."""
    connexion = get_connection(fail_silently=False)
    return TransportSMTP(connexion) if isinstance(connexion, EmailBackendSMTP) else TransportDjango(connexion)


class TransportSMTP:
    """A talk that is kept open, and opened again after an error or when it has been long."""

    def __init__(self, connexion):
        self._connexion = connexion
        self._remis = 0

    def preparer(self) -> None:
        """A talk is open on return. Raises Injoignable."""
        if self._remis >= PAR_CONNEXION:
            self.fermer()
        if self._connexion.connection is None or self._connexion.connection.sock is None:
            self.fermer()
            try:
                self._connexion.open()
            except Exception as erreur:
                self.fermer()
                raise Injoignable(issues.avant_envoi(erreur).erreur) from erreur

    def remettre(self, moule: Moule, pli: Pli, feu_vert: Callable[[], bool]) -> Issue:
        """Send one message; the server closed an idle talk: once more on a new one, as nothing had left.

        `feu_vert`: asked just before the body leaves, while the server has agreed to take it; it may say no.
        """
        self.preparer()
        ancienne = self._remis > 0
        issue, coupee = self._essayer(moule, pli, feu_vert)
        if coupee and ancienne and issue.etat == issues.Etat.DIFFERE:
            self.preparer()
            issue, _ = self._essayer(moule, pli, feu_vert)
        return issue

    def _essayer(self, moule: Moule, pli: Pli, feu_vert) -> tuple[Issue, bool]:
        """(outcome, whether the talk broke off)."""
        try:
            parti = self._connexion.connection.remettre(pli.retour, pli.adresse, moule.octets(pli), feu_vert)
        except psycopg.Error:
            self.fermer()
            raise
        except Exception as erreur:
            coupee = isinstance(erreur, OSError) and not isinstance(
                erreur, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused
            )
            if coupee:
                self.fermer()
            return issues.pendant_envoi(erreur), coupee
        self._remis += 1
        return (PARTI if parti else RETENU), False

    def fermer(self) -> None:
        """Say goodbye if the talk still stands."""
        self._remis = 0
        if self._connexion.connection is not None and self._connexion.connection.sock is None:
            self._connexion.connection = None
        with suppress(Exception):
            self._connexion.close()


class TransportDjango:
    """Any other backend: a message object each time, as slow as the backend is."""

    def __init__(self, connexion):
        self._connexion = connexion
        self._expediteur = Expediteur.actuel()
        self._ouverte = False

    def preparer(self) -> None:
        if self._ouverte:
            return
        try:
            self._connexion.open()
        except Exception as erreur:
            raise Injoignable(issues.avant_envoi(erreur).erreur) from erreur
        self._ouverte = True

    def remettre(self, moule: Moule, pli: Pli, feu_vert: Callable[[], bool]) -> Issue:
        self.preparer()
        if not feu_vert():
            return RETENU
        try:
            nombre = self._connexion.send_messages([self._message(moule, pli)])
        except Exception as erreur:
            self.fermer()
            return issues.pendant_envoi(erreur)
        return PARTI if nombre else Issue(issues.Etat.REJETE, "Le serveur d'envoi n'a rien transmis.")

    def _message(self, moule: Moule, pli: Pli) -> EmailMultiAlternatives:
        personnels = pli.entetes() | {"List-Unsubscribe": pli.desabonnement.replace("\r\n", "")}
        destinataire = personnels.pop("To")
        message = EmailMultiAlternatives(
            subject=moule.numero.sujet,
            body=self._remplir(moule.texte, pli),
            from_email=f'"{self._expediteur.nom}" <{self._expediteur.adresse}>',
            to=[destinataire],
            reply_to=[self._expediteur.equipe],
            headers=entetes_communs(moule.numero, self._expediteur) | personnels,
            connection=self._connexion,
        )
        message.attach_alternative(self._remplir(moule.html, pli), "text/html")
        if isinstance(self._connexion, AnymailBaseBackend):
            message.envelope_sender = pli.retour
            message.metadata = {"envoi": str(pli.ligne.id)}  # comes back in the provider's reports
        return message

    @staticmethod
    def _remplir(texte: str, pli: Pli) -> str:
        return texte.replace(JETON, pli.jeton).replace(ADRESSE, pli.adresse)

    def fermer(self) -> None:
        self._ouverte = False
        with suppress(Exception):
            self._connexion.close()
