"""`python -m bench.puits [--rang]`: the least SMTP server that can be, so that the client is what is measured.

Prints its port, then one line with the number of messages each time it reads one on its standard input. `--rang`: it
takes commands in a row (RFC 2920).
"""

import asyncio
import sys

recus = 0


class Puits(asyncio.Protocol):
    rang = False

    def connection_made(self, transport):
        self.transport, self.reste, self.corps = transport, b"", False
        transport.write(b"220 puits ESMTP\r\n")

    def data_received(self, octets):
        global recus
        self.reste += octets
        while self.reste:
            if self.corps:
                fin = self.reste.find(b"\r\n.\r\n")
                if fin < 0:
                    return
                self.reste, self.corps = self.reste[fin + 5 :], False
                recus += 1
                self.transport.write(b"250 OK\r\n")
                continue
            ligne, saut, reste = self.reste.partition(b"\r\n")
            if not saut:
                return
            self.reste = reste
            self._commande(ligne[:4].upper())

    def _commande(self, verbe):
        if verbe == b"EHLO":
            self.transport.write(b"250-puits\r\n" + b"250-PIPELINING\r\n" * self.rang + b"250 SIZE 99999999\r\n")
        elif verbe == b"DATA":
            self.corps = True
            self.transport.write(b"354 OK\r\n")
        elif verbe == b"QUIT":
            self.transport.write(b"221 OK\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 OK\r\n")


async def servir():
    boucle = asyncio.get_running_loop()
    serveur = await boucle.create_server(Puits, "127.0.0.1", 0)
    print(serveur.sockets[0].getsockname()[1], flush=True)
    entree = asyncio.StreamReader()
    await boucle.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(entree), sys.stdin)
    while await entree.readline():
        print(recus, flush=True)


if __name__ == "__main__":
    Puits.rang = "--rang" in sys.argv
    asyncio.run(servir())
