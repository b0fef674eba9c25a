"""The health of each part of the portal: what is wrong, since when, what to do, in words for the hub's staff.

No secret, no address, no error message of a library: those are in the logs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError

from . import base, fichiers, messages

BON, ATTENTION, PANNE, INCONNU = "bon", "attention", "panne", "inconnu"


@dataclass(frozen=True)
class Constat:
    """`panne`: something does not work; `attention`: it will not for long, or part of it; `inconnu`: cannot be seen."""

    cle: str
    titre: str
    etat: str
    phrase: str
    depuis: datetime | None = None
    remede: str = ""

    def en_dict(self) -> dict:
        faits = {"point": self.cle, "etat": self.etat, "message": self.phrase}
        return faits | ({"depuis": self.depuis.isoformat(timespec="seconds")} if self.depuis else {})


Examen = Callable[[], tuple[str, str] | tuple[str, str, datetime | None] | tuple[str, str, datetime | None, str] | None]

POINTS: dict[str, tuple[str, Examen]] = {
    "base": ("Base de données", base.repond),
    "migrations": ("Mise à jour de la base", base.a_jour),
    "taches": ("Tâches de fond", base.ouvrier),
    "file": ("File d'attente", base.files),
    "courriel": ("E-mails", messages.courriels),
    "lettre": ("Lettre", messages.lettre),
    "disque": ("Place pour les fichiers", fichiers.place),
    "sauvegarde": ("Sauvegarde", fichiers.sauvegarde),
}
"""Key -> title and examination: (state, sentence[, since[, what to do]]), or None when it does not apply here."""
SANS_BASE = ("disque", "sauvegarde")


def examiner(cles=None) -> list[Constat]:
    """Each point asked for (all), in order; a database that does not answer makes unknown what lies in it."""
    trouves, muette = [], False
    for cle in POINTS if cles is None else [cle for cle in POINTS if cle in cles]:
        titre, examen = POINTS[cle]
        if muette and cle not in SANS_BASE:
            trouves.append(Constat(cle, titre, INCONNU, "La base de données ne répond pas : impossible de le savoir."))
            continue
        try:
            vu = examen()
        except DatabaseError:
            muette = cle == "base"
            etat, phrase, remede = (PANNE, *base.MUETTE) if muette else (PANNE, *base.ILLISIBLE)
            vu = (etat, phrase, None, remede)
        if vu is not None:
            trouves.append(Constat(cle, titre, *vu))
    return trouves


def pire(constats: list[Constat]) -> str:
    """The state of the whole."""
    etats = {constat.etat for constat in constats}
    return next((etat for etat in (PANNE, INCONNU, ATTENTION) if etat in etats), BON)
