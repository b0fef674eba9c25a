"""A mail template of the tests' own (they do not hang on a slice's wording), and a real SMTP server."""

from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from pole_ess.socle.courriel import deposer


@pytest.fixture(autouse=True)
def _gabarits(settings):
    ici = Path(__file__).parent / "gabarits"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], ici]}]


class Receveur:
    """An SMTP server's judgement: keeps what it accepts; each stage can be told to refuse or hang up."""

    def __init__(self):
        self.recus, self.connexions = [], 0
        self.mail = self.rcpt = self.data = None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connexions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data == "raccrocher":
            server.transport.abort()
            return "250 jamais lu"
        if self.data:
            return self.data
        self.recus.append(envelope)
        return "250 OK"


class _Serveur(Controller):
    """On a port that the system chooses (aiosmtpd probes the port it was asked for, here 0)."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def receveur(settings):
    """A real SMTP server on a free port of the loopback, which the portal sends through."""
    receveur = Receveur()
    serveur = _Serveur(receveur, hostname="127.0.0.1", port=0)
    serveur.start()
    settings.EMAIL_BACKEND = "pole_ess.socle.courriel.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", serveur.port
    settings.EMAIL_TIMEOUT = 5
    yield receveur
    serveur.stop()


@pytest.fixture
def courriel(db):
    """A mail waiting in the outbox."""
    return deposer("epreuve", a="a@example.org", contexte={"nom": "Les Amis"})
