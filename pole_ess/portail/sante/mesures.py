"""The Prometheus page: what the web processes counted, and what PostgreSQL knows of the whole portal at this moment.

The second are read at each scrape, so they are the same whichever process or machine answers.
"""

import os

from django.db import connection
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from newsletter.models import Numero
from pole_ess.socle import file_attente
from pole_ess.socle.models import Courriel

from . import fichiers
from .messages import EN_RETARD, RECENTS


def page() -> bytes:
    """In the text format of Prometheus 0.0.4."""
    registre = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registre)
    else:
        registre.register(REGISTRY)
    registre.register(_Portail())
    return generate_latest(registre)


class _Portail:
    """Seven queries."""

    def collect(self):
        maintenant = timezone.now()
        files = file_attente.etat_des_files()
        yield _jauge("file_travaux", "Travaux prêts, par file.", "file", {f.nom: f.travaux for f in files})
        ages = {f.nom: (maintenant - f.depuis).total_seconds() for f in files if f.depuis}
        yield _jauge("file_age_secondes", "Âge du plus ancien travail prêt, par file.", "file", ages)
        yield _simple("ouvriers", "Agents vivants.", file_attente.ouvriers()[0])
        yield _jauge("courriels", "E-mails du registre, par état.", "etat", Courriel.objects.par_etat())
        vus = Courriel.objects.bilan(maintenant, en_retard=EN_RETARD, recents=RECENTS)
        retard = (maintenant - vus["retard_depuis"]).total_seconds() if vus["retard_depuis"] else 0
        yield _simple("courriels_retard_secondes", "Âge du plus ancien e-mail qui aurait dû partir.", retard)
        dernier = vus["dernier"].timestamp() if vus["dernier"] else 0
        yield _simple("courriel_dernier_depart", "Heure du dernier départ (secondes Unix), 0 si aucun.", dernier)
        yield _simple("lettres_en_cours", "Lettres en cours d'envoi.", Numero.objects.en_cours().count())
        yield _jauge("lettre_messages", "Messages des lettres en cours, par état.", "etat", Numero.objects.messages())
        yield _jauge("base_connexions", "Connexions à la base, par état.", "etat", _connexions())
        if (libre := fichiers.place_libre()) is not None:
            yield _simple("disque_libre_octets", "Place pour les fichiers.", libre)


def _simple(nom, aide, valeur):
    return GaugeMetricFamily(f"pole_ess_{nom}", aide, value=valeur)


def _jauge(nom, aide, etiquette, valeurs: dict):
    jauge = GaugeMetricFamily(f"pole_ess_{nom}", aide, labels=[etiquette])
    for cle, valeur in sorted(valeurs.items()):
        jauge.add_metric([cle], valeur)
    return jauge


def _connexions() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(state, 'autre'), count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() GROUP BY 1 UNION ALL"
            " SELECT 'maximum', setting::int FROM pg_settings WHERE name = 'max_connections'"
        )
        return dict(cursor.fetchall())
