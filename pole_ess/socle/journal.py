"""Log lines: one JSON object each in production, a readable line on a terminal; never personal data nor a token.

Every line says which request (`requete`, django-guid) or which job (`travail`) it belongs to. Only the fields named
here are written: what libraries attach to a record (a whole request, a job's arguments) stays out.
"""

import logging
import time
from contextvars import ContextVar
from datetime import UTC, datetime

from django_guid.context import guid
from pythonjsonlogger.json import JsonFormatter

from .masques import chemin_public, masquer

CHAMPS = ("methode", "chemin", "vue", "statut", "duree_ms", "sql", "utilisateur", "tache", "file", "issue")
travail_en_cours: ContextVar[int | None] = ContextVar("travail", default=None)
journal = logging.getLogger("pole_ess.travaux")


class Contexte(logging.Filter):
    """Gives every line its request or its job. procrastinate's own last line of a job names it by itself."""

    def filter(self, record):
        record.requete = guid.get()
        du_travail = getattr(record, "job", None)
        record.travail = travail_en_cours.get() or (du_travail.get("id") if isinstance(du_travail, dict) else None)
        return True


def _message(record) -> str:
    """Django writes a request's path as it came: ours replaces it."""
    texte = record.getMessage()
    chemin = getattr(getattr(record, "request", None), "path", "")
    if chemin:
        texte = texte.replace(chemin, chemin_public(chemin, getattr(record.request, "resolver_match", None)))
    return masquer(texte)


class FormatJson(JsonFormatter):
    """One object a line, for a collector (journald, Loki, an ELK)."""

    def __init__(self):
        super().__init__(json_ensure_ascii=False)

    def add_fields(self, log_data, record, message_dict):
        log_data["date"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data |= {"niveau": record.levelname, "journal": record.name, "message": _message(record)}
        for nom in ("requete", "travail", *CHAMPS):
            if getattr(record, nom, None) is not None:
                log_data[nom] = getattr(record, nom)
        if trace := message_dict.get("exc_info"):
            log_data["trace"] = masquer(trace)


class FormatLigne(logging.Formatter):
    """The same for eyes: the first eight signs of the request's id are those that an error page shows."""

    def format(self, record):
        ici = f" requete={record.requete[:8]}" if getattr(record, "requete", None) else ""
        ici += f" travail={record.travail}" if getattr(record, "travail", None) else ""
        ligne = f"{self.formatTime(record)} {record.levelname} {record.name}{ici} {_message(record)}"
        return f"{ligne}\n{masquer(self.formatException(record.exc_info))}" if record.exc_info else ligne


async def suivre_travail(suite, contexte, ouvrier):
    """Worker middleware (settings.PROCRASTINATE_WORKER_DEFAULTS): the job's number on every line, one line at its end.

    A failure's trace is written by procrastinate itself, with the job's number too.
    """
    travail = contexte.job
    jeton, debut, issue = travail_en_cours.set(travail.id), time.perf_counter(), "echec"
    try:
        resultat = await suite()
        issue = "fait"
        return resultat
    finally:
        duree = round((time.perf_counter() - debut) * 1000)
        extra = {"tache": travail.task_name, "file": travail.queue, "issue": issue, "duree_ms": duree}
        journal.info("travail %s %s en %s ms", travail.task_name, issue, duree, extra=extra)
        travail_en_cours.reset(jeton)
