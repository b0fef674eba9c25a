"""An SMTP server in a process of its own: `python puits.py JOURNAL [HUMEUR]`; prints its port.

Each accepted message is one line of JSON in JOURNAL, written before the server says 250. HUMEUR « capricieux »: some
recipients are refused for now or for good, some talks are cut in the middle of a message, some answers never come.
"""

import asyncio
import contextlib
import json
import os
import random
import sys
from email import message_from_bytes
from email.policy import default

from aiosmtpd.smtp import SMTP

HUMEURS = {"docile": (), "capricieux": ("450", "550", "couper", "couper_apres", "se_taire")}
CHANCE = 0.01


class Puits:
    def __init__(self, journal: str, humeur: str):
        self.journal = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.humeurs = HUMEURS[humeur]
        self.hasard = random.Random(7)

    def _caprice(self) -> str:
        tirage = self.hasard.random() / CHANCE
        return self.humeurs[int(tirage)] if tirage < len(self.humeurs) else ""

    async def handle_RCPT(self, server, session, envelope, address, options):
        session.caprice = self._caprice()
        if session.caprice in ("450", "550"):
            return f"{session.caprice} 4.2.1 pas maintenant" if session.caprice == "450" else "550 5.1.1 inconnue"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if session.caprice == "couper":
            server.transport.abort()
            return "250 jamais lu"
        recu = message_from_bytes(envelope.content, policy=default)
        ligne = {"a": envelope.rcpt_tos[0], "de": envelope.mail_from, "id": recu["Message-ID"]}
        os.write(self.journal, json.dumps(ligne).encode() + b"\n")
        if session.caprice == "couper_apres":
            server.transport.abort()
            return "250 jamais lu"
        if session.caprice == "se_taire":
            await asyncio.sleep(30)
        return "250 OK"


async def servir(journal: str, humeur: str):
    puits = Puits(journal, humeur)
    boucle = asyncio.get_running_loop()
    serveur = await boucle.create_server(lambda: SMTP(puits, hostname="puits"), "127.0.0.1", 0)
    print(serveur.sockets[0].getsockname()[1], flush=True)
    await serveur.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(servir(sys.argv[1], *(sys.argv[2:] or ["docile"])))
