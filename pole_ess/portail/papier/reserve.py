"""Booklets already made. A file is named by what it prints: when a sheet changes, it is no longer found.

So nothing that a structure withdrew is given again, and no clock has to be right
(docs/decisions/0027-paper-directory.md).
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.contrib.postgres.aggregates import StringAgg
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from django.db.models import CharField, Count, Func, TextField, Value
from django.db.models.functions import MD5, Cast, Concat
from django.forms.models import model_to_dict
from django.utils import timezone

from annuaire.models import Activite, LabelStructure
from pole_ess.portail.papier import livret
from pole_ess.portail.papier.demande import FORMATS, Demande
from pole_ess.socle import documents
from pole_ess.socle.models import ReglagesPole

DOSSIER = "livrets"
SUR_LE_CHAMP = 200
"""Structures that the web process sets itself, in about a second of processor; more waits for the worker."""
STRUCTURES_MAX = 2000
"""Structures of one booklet: three hundred pages, a gigabyte of memory for a minute (docs/bench.md)."""
JOURS_GARDES = 7
VERROU = "pole_ess.papier"


class TropDeStructures(Exception):
    """More than STRUCTURES_MAX: nobody would bind it."""


class DejaUneComposition(Exception):
    """Another booklet is being set by a web process: one at a time."""


class DerniereEcriture(Func):
    """The transaction that last wrote the structure's row; triggers rewrite it with its activities, labels, commune."""

    template = "annuaire_structure.xmin::text"
    output_field = CharField()


@dataclass(frozen=True)
class Livret:
    """A file ready to be given."""

    nom: str
    octets: int
    pages: int
    fait_le: datetime

    def lire(self) -> bytes:
        with storages["prive"].open(self.nom) as fichier:
            return fichier.read()


@dataclass(frozen=True)
class Etat:
    """`combien`: structures; `cle`: what names the file, empty when there are too many; `livret`: the file, if made."""

    combien: int
    cle: str = ""
    livret: Livret | None = None

    @property
    def trop(self) -> bool:
        return self.combien > STRUCTURES_MAX

    @property
    def sur_le_champ(self) -> bool:
        return self.combien <= SUR_LE_CHAMP


def etat(demande: Demande) -> Etat:
    """Where this booklet stands, without making it."""
    fait = demande.structures.order_by().aggregate(
        combien=Count("pk"),
        version=MD5(
            StringAgg(
                Concat(Cast("pk", TextField()), Value(":"), DerniereEcriture(), output_field=TextField()),
                ",",
                order_by="pk",
            )
        ),
    )
    if fait["combien"] > STRUCTURES_MAX:
        return Etat(fait["combien"])
    cle = _cle(demande, fait["version"] or "")
    return Etat(fait["combien"], cle, trouver(cle))


def _cle(demande: Demande, version: str) -> str:
    pole = model_to_dict(ReglagesPole.actuels())
    activites = list(Activite.objects.values_list("pk", "parent", "nom", "ordre"))
    labels = list(LabelStructure.objects.valides().order_by("pk").values_list("pk", flat=True))
    matiere = repr((demande.chaine, version, pole, activites, labels, _code()))
    return hashlib.sha256(matiere.encode()).hexdigest()[:40]


@cache
def _code() -> str:
    """A new version of the templates or of their words makes new booklets."""
    sources = [documents.DOSSIER / "livret.typ", documents.DOSSIER / "papier.typ", Path(livret.__file__)]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def trouver(cle: str) -> Livret | None:
    reserve = storages["prive"]
    try:
        noms = reserve.listdir(DOSSIER)[1]
    except FileNotFoundError:
        return None
    for nom in noms:
        trouve = re.fullmatch(rf"{cle}-(\d+)\.pdf", nom)
        if trouve:
            chemin = f"{DOSSIER}/{nom}"
            return Livret(chemin, reserve.size(chemin), int(trouve[1]), reserve.get_modified_time(chemin))
    return None


def composer(demande: Demande) -> Livret:
    """The booklet, made if need be. Raises TropDeStructures."""
    ou_en_est = etat(demande)
    if ou_en_est.trop:
        raise TropDeStructures
    if ou_en_est.livret:
        return ou_en_est.livret
    mettre_en_page = documents.pdf if ou_en_est.sur_le_champ else documents.pdf_a_part
    octets = mettre_en_page("livret", livret.donnees(demande))
    nom = f"{DOSSIER}/{ou_en_est.cle}-{_pages(octets)}.pdf"
    reserve = storages["prive"]
    if not reserve.exists(nom):  # two workers at once: the same words, one file
        reserve.save(nom, ContentFile(octets))
    return trouver(ou_en_est.cle)


def composer_seul(demande: Demande) -> Livret:
    """The same for a web process, one at a time over all of them. Raises DejaUneComposition, TropDeStructures."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [VERROU])
        if not cursor.fetchone()[0]:
            raise DejaUneComposition
        return composer(demande)


def _pages(octets: bytes) -> int:
    """Typst writes the page tree in clear."""
    trouve = re.search(rb"/Type/Pages/Count (\d+)", octets)
    return int(trouve[1]) if trouve else 0


def entiers() -> list[Demande]:
    """The whole directory in each format: what the night makes ready."""
    return [Demande(format=format_papier) for format_papier in FORMATS]


def purger(maintenant=None) -> int:
    """Files made more than JOURS_GARDES ago; those still wanted are made again, with a new date."""
    reserve, limite = storages["prive"], (maintenant or timezone.now()) - timedelta(days=JOURS_GARDES)
    try:
        chemins = [f"{DOSSIER}/{nom}" for nom in reserve.listdir(DOSSIER)[1]]
    except FileNotFoundError:
        return 0
    anciens = [chemin for chemin in chemins if reserve.get_modified_time(chemin) < limite]
    for chemin in anciens:
        reserve.delete(chemin)
    return len(anciens)
