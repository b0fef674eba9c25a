"""Traces of a person outside the models' own columns: sessions, the queue, the cache, files."""

import hashlib
import html
import io
import json
import zipfile
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from annuaire.models import ImportRegistre, ImportStructures
from annuaire.texte import caviarder_valeur, plier

from .effacement_regles import Personne


def effacer_sessions(personne: Personne) -> None:
    """Sessions of the account, and those in which its address was being typed (codes not yet confirmed)."""
    condamnees = []
    for session in Session.objects.all().iterator():
        contenu = session.get_decoded()
        texte = plier(str(contenu))
        if str(contenu.get("_auth_user_id", "")) == str(personne.utilisateur_id) or any(
            plier(courriel) in texte for courriel in personne.courriels
        ):
            condamnees.append(session.pk)
    Session.objects.filter(pk__in=condamnees).delete()


def effacer_taches(personne: Personne) -> None:
    """Arguments, locks of the queue's jobs. A job that waits and speaks of the person is cancelled."""
    motifs = [*personne.motifs_adresses, *personne.motifs_noms]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, args, lock, queueing_lock FROM procrastinate_jobs")
        for pk, args, verrou, verrou_file in cursor.fetchall():
            args = json.loads(args) if isinstance(args, str) else args
            avant = [args, verrou, verrou_file]
            apres = caviarder_valeur(avant, motifs)
            if apres != avant:
                cursor.execute(
                    "UPDATE procrastinate_jobs SET args = %s::jsonb, lock = %s, queueing_lock = %s,"
                    " status = CASE WHEN status = 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status END"
                    " WHERE id = %s",
                    [json.dumps(apres[0], ensure_ascii=False), apres[1], apres[2], pk],
                )


def effacer_cache(personne: Personne) -> None:
    """Counters of allauth's limits: their keys end in a plain hash of the address."""
    domaine = urlsplit(settings.PORTAIL_URL).netloc
    domaines = {domaine, *settings.ALLOWED_HOSTS}
    empreintes = [
        hashlib.sha256(cle.encode()).hexdigest()
        for courriel in personne.courriels
        for cle in (courriel, *(f"{nom}:{courriel}" for nom in domaines))
    ]
    table = settings.CACHES["default"]["LOCATION"]
    with connection.cursor() as cursor:
        for empreinte in empreintes:
            cursor.execute(f'DELETE FROM "{table}" WHERE cache_key LIKE %s', [f"%{empreinte}%"])  # noqa: S608 - a setting


IMPORTS = [ImportStructures, ImportRegistre]
"""Models with a `fichier` given for import; an outer app adds its own in AppConfig.ready."""


def effacer_fichiers(personne: Personne) -> None:
    """Files given for import that name the person are deleted whole, once the transaction is done."""
    for modele in IMPORTS:
        _effacer_fichiers(modele, personne)


def _effacer_fichiers(modele, personne: Personne) -> None:
    for depot in modele.objects.exclude(fichier=""):
        try:
            with depot.fichier.open("rb") as fichier:
                nomme = _nomme(fichier.read(), personne)
        except FileNotFoundError:
            continue
        if nomme:
            stockage, nom = depot.fichier.storage, depot.fichier.name
            modele.objects.filter(pk=depot.pk).update(fichier="")
            transaction.on_commit(lambda stockage=stockage, nom=nom: stockage.delete(nom))


def _nomme(octets: bytes, personne: Personne) -> bool:
    """Whether a CSV (UTF-8 or Windows-1252) or an XLSX speaks of the person; what cannot be read does.

    XML may write « é » as a character reference: unescaped before looking.
    """
    morceaux = [octets]
    if octets[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(octets)) as archive:
                if sum(membre.file_size for membre in archive.infolist()) > 200_000_000:
                    return True
                morceaux = [archive.read(nom) for nom in archive.namelist() if nom.endswith(".xml")]
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
            return True
    motifs = [*personne.motifs_adresses, *personne.motifs_noms]
    for morceau in morceaux:
        for codage in ("utf-8", "cp1252"):
            texte = plier(html.unescape(morceau.decode(codage, "replace")))
            if any(motif.search(texte) for motif in motifs):
                return True
    return False
