"""One slice of sending: a worker takes rows in batches, and sends them one after the other."""

import logging
import time
from collections import OrderedDict
from contextlib import suppress

import psycopg
from django.db import DatabaseError, OperationalError, connection

from newsletter.actions import envois
from newsletter.models import Numero, Rendu
from pole_ess.socle.courriel import issues
from pole_ess.socle.courriel.expedition import delai
from pole_ess.socle.courriel.issues import Issue
from pole_ess.socle.courriel.texte import masquer

from . import transport as transports
from .moule import Expediteur, Moule, Pli
from .session import Ligne, Session

journal = logging.getLogger("pole_ess.lettre")

TRANCHE = 10
"""Seconds of work of one job: between two, the worker sends the mails that somebody is waiting for."""
LOT = 100
AVANCE = 5
"""Seconds of throttled messages taken at once."""
PAUSE_QUI_SE_NOTE = 0.2
"""A longer wait before the next message: the last one is written as gone first."""
RETOUR_MAX = 40
"""Seconds to wait for a database that was cut: less than the minute after which its batch is uncertain."""
RELEVE = 1.0
"""Seconds between two looks for dead workers."""
MOULES = 32
TENTATIVES_MAX = 4
RETARDS_DE_SUITE = 10
"""Temporary refusals in a row: the server is unwell, not the messages."""
REFUS_DE_SUITE = 50
"""Refusals for good in a row, with no success between: it is us that the server refuses."""


class Coupure(Exception):
    """The database was cut: this slice ends, its session is dead."""


class Tranche:
    """What one job does for one issue, with its session and its talk to the mail server."""

    def __init__(self, numero: Numero, session: Session, transport, *, duree: float = TRANCHE):
        self.numero, self.session, self.transport = numero, session, transport
        self.fin = time.monotonic() + duree
        self.envoyes = self.retards = self.refus = 0
        self._dits = 0
        self._fait: tuple[Ligne, Issue] | None = None
        self._sus: list[tuple[Ligne, Issue]] = []
        self._releve_a = 0.0
        self._moules: OrderedDict[int, Moule] = OrderedDict()
        self._expediteur = Expediteur.actuel()

    def derouler(self) -> None:
        """Until the slice is over, nothing is due, the issue stops, or the server cannot be reached.

        Raises transports.Injoignable, Coupure.
        """
        while time.monotonic() < self.fin and self.refus < REFUS_DE_SUITE:
            try:
                self._relever()
                cadence = self.session.battre(
                    self.numero.pk, envoyes=self.envoyes - self._dits, taille=LOT, secondes=AVANCE
                )
                self._dits = self.envoyes
                if cadence is None:
                    return
                debit, nombre, attente = cadence
                lot = self.session.prendre(self.numero.pk, taille=nombre) if nombre else []
            except psycopg.OperationalError as erreur:
                self._apres_coupure()  # the last moves of the batch before may not be on disk either
                raise Coupure from erreur
            if not lot:
                return
            pas = 60 / debit if debit else 0
            self._envoyer(lot, time.monotonic() + attente, pas)

    def _relever(self) -> None:
        if time.monotonic() >= self._releve_a:
            self._releve_a = time.monotonic() + RELEVE
            if perdus := self.session.relever():
                journal.warning("lettre : %s envois incertains", perdus)

    def _envoyer(self, lot: list[Ligne], depart: float, pas: float) -> None:
        """Send a batch; what could not be is given back. Raises Injoignable, Coupure.

        `self._fait`: the last message that was tried, whose outcome the next move writes.
        """
        self._sus = []
        try:
            for rang, ligne in enumerate(lot):
                if time.monotonic() > self.fin or self._malade():
                    break
                if pas:
                    self._attendre(depart + rang * pas)
                if not self._un_message(ligne):
                    break
            self._noter()
            self.session.liberer()
        except transports.Injoignable:
            self._noter()
            self.session.liberer()
            raise
        except psycopg.OperationalError as erreur:
            self._apres_coupure()
            raise Coupure from erreur
        if self.retards >= RETARDS_DE_SUITE:
            raise transports.Injoignable(
                f"Le serveur d'envoi remet tous les messages à plus tard. {self._sus[-1][1].erreur}"
            )

    def _un_message(self, ligne: Ligne) -> bool:
        """Write what became of the last one and put this one in flight, while the server is told of it; False: stop."""
        self.transport.preparer()
        moule = self._moule(ligne.rendu) if ligne.courriel else None
        self.session.demander(self.numero.pk, *self._dernier(), ligne)
        etats = []

        def feu_vert() -> bool:
            if not etats:
                etats.append(self.session.repondre())
                self._fait = None
            return etats[0] == "en_vol"

        if moule is None:
            feu_vert()
            return etats[0] is not None
        try:
            issue = self.transport.remettre(moule, Pli(self._expediteur, self.numero.pk, ligne), feu_vert)
        except transports.Injoignable:
            if feu_vert():
                self.session.rendre(ligne)
            raise
        if feu_vert():
            self._fait = ligne, self._compter(ligne, issue)
            self._sus.append(self._fait)
        return etats[0] is not None

    def _dernier(self) -> tuple:
        """(row, outcome, seconds until its next attempt) of the last message that was tried."""
        if self._fait is None:
            return None, None, None
        ligne, issue = self._fait
        attente = delai(ligne.tentatives + 1).total_seconds() if issue.etat == issues.Etat.DIFFERE else None
        return ligne, issue, attente

    def _noter(self) -> None:
        if self._fait is not None:
            self.session.suivre(self.numero.pk, *self._dernier(), None)
            self._fait = None

    def _malade(self) -> bool:
        return self.retards >= RETARDS_DE_SUITE or self.refus >= REFUS_DE_SUITE

    def _attendre(self, instant: float) -> None:
        """Wait for a throttled message's turn; a long wait first writes what became of the one before."""
        if instant - time.monotonic() > PAUSE_QUI_SE_NOTE:
            self._noter()
        while (attente := instant - time.monotonic()) > 0:
            time.sleep(min(attente, RELEVE))
            self._relever()

    def _compter(self, ligne: Ligne, issue: Issue) -> Issue:
        """Keep the count of what goes well or not; too many attempts are a refusal. No address stays in the words."""
        if issue.erreur:
            issue = Issue(issue.etat, masquer(issue.erreur))
        if issue.etat == issues.Etat.PARTI:
            self.envoyes += 1
            self.retards = self.refus = 0
        elif issue.etat == issues.Etat.DIFFERE:
            self.retards += 1
            if ligne.tentatives + 1 >= TENTATIVES_MAX:
                return Issue(issues.Etat.REJETE, f"Abandonné après {ligne.tentatives + 1} essais. {issue.erreur}")
        elif issue.etat == issues.Etat.REJETE:
            self.refus += 1
        return issue

    def _apres_coupure(self) -> None:
        """The database is back soon: what this worker knows of its batch is written; else it stays uncertain."""
        fin = time.monotonic() + RETOUR_MAX
        while time.monotonic() < fin:
            with suppress(psycopg.Error, DatabaseError), Session() as session:
                session.reprendre(self.session.cle, self._sus)
                return
            time.sleep(0.5)

    def _moule(self, rendu_id: int) -> Moule:
        """The mould of a rendering, the last ones kept: rows come grouped by rendering."""
        if rendu_id not in self._moules:
            self._moules[rendu_id] = Moule(self.numero, Rendu.objects.get(pk=rendu_id), self._expediteur)
            if len(self._moules) > MOULES:
                self._moules.popitem(last=False)
        self._moules.move_to_end(rendu_id)
        return self._moules[rendu_id]


def envoyer(numero_id: int, *, duree: float = TRANCHE) -> str:
    """A job's work: the next job is queued before anything leaves, so a killed worker never leaves an issue alone."""
    envois.relever_morts()
    numero = Numero.objects.filter(pk=numero_id, etat=Numero.Etat.EN_COURS).first()
    if numero is None:
        return "rien à envoyer"
    if not envois.reste_a_envoyer(numero):
        return envois.conclure(numero)
    envois.programmer_suite(numero)
    try:
        envoyes, refuse_tout = _une_tranche(numero, duree)
    except transports.Injoignable as panne:
        envois.noter_panne(numero, str(panne))
        return f"serveur d'envoi injoignable : {panne}"
    except (Coupure, psycopg.OperationalError, OperationalError):
        connection.close()
        return "base de données coupée"
    if refuse_tout:
        envois.suspendre_pour_refus(numero)
        return "suspendu : le serveur refuse tout"
    envois.conclure(numero)
    return f"{envoyes} envoyés"


def _une_tranche(numero: Numero, duree: float) -> tuple[int, bool]:
    transport = transports.choisir()
    try:
        transport.preparer()
        with Session() as session:
            tranche = Tranche(numero, session, transport, duree=duree)
            tranche.derouler()
            return tranche.envoyes, tranche.refus >= REFUS_DE_SUITE
    finally:
        transport.fermer()
