"""Rate limits shared by every process: one atomic upsert per call, in PostgreSQL."""

import ipaddress
import time
from datetime import UTC, datetime

from django.db import connection

from .models import Compteur


class LimiteDepassee(Exception):
    """Too many acts of one kind; `secondes` is how long to wait."""

    def __init__(self, secondes: int):
        self.secondes = secondes
        super().__init__(f"wait {secondes} s")


def compter(cle: str, *, maximum: int, secondes: int) -> int:
    """Count one act under `cle` in the current window of `secondes`; return the count.

    Raises LimiteDepassee once the count passes `maximum`. Call it outside the act's own transaction
    when a refused act must still be counted.
    """
    maintenant = int(time.time())
    fenetre = maintenant - maintenant % secondes
    fin = fenetre + secondes
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Compteur._meta.db_table} (cle, fenetre, compte, expire_le) VALUES (%s, %s, 1, %s) "  # noqa: S608 - the table's own name
            "ON CONFLICT (cle, fenetre) DO UPDATE SET compte = socle_compteur.compte + 1 RETURNING compte",
            [cle[:200], fenetre, datetime.fromtimestamp(fin, tz=UTC)],
        )
        (compte,) = cursor.fetchone()
    if compte > maximum:
        raise LimiteDepassee(fin - maintenant)
    return compte


def verifier(cle: str, *, maximum: int, secondes: int) -> None:
    """Raise LimiteDepassee when `compter` has reached `maximum` under this key; counts nothing itself."""
    maintenant = int(time.time())
    fenetre = maintenant - maintenant % secondes
    if Compteur.objects.filter(cle=cle[:200], fenetre=fenetre, compte__gte=maximum).exists():
        raise LimiteDepassee(fenetre + secondes - maintenant)


def adresse_reseau(request) -> str:
    """The network a request comes from: the IPv4 address, or the /64 of an IPv6 one (one subscriber's block).

    From REMOTE_ADDR alone: any header can be forged. What is not an address (a Unix socket) is returned as is.
    """
    brut = request.META.get("REMOTE_ADDR", "")
    try:
        adresse = ipaddress.ip_address(brut)
    except ValueError:
        return brut
    if adresse.version == 4:
        return str(adresse)
    if adresse.ipv4_mapped:
        return str(adresse.ipv4_mapped)
    return str(ipaddress.ip_network(f"{adresse}/64", strict=False))
