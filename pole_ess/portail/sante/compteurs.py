"""What each web process counts for /metriques/: requests and their durations, by name of view.

With two processes or more, PROMETHEUS_MULTIPROC_DIR (deploy/pole-ess-web.service) makes prometheus-client keep its
figures in files of that folder, one a process, which any of them adds up (docs/decisions/0025).
"""

from prometheus_client import Counter, Histogram

TRANCHES = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10)
"""Seconds; 0.3 is what the portal promises for the 95th percentile."""

_requetes = Counter("pole_ess_requetes", "Requêtes par vue, méthode et statut.", ["vue", "methode", "statut"])
_durees = Histogram("pole_ess_duree_secondes", "Durée des requêtes par vue.", ["vue"], buckets=TRANCHES)


def compter(vue: str, methode: str, statut: int, duree: float) -> None:
    """`vue` is the name of a route, so there are as many series as routes, whatever visitors ask for."""
    _requetes.labels(vue, methode, str(statut)).inc()
    _durees.labels(vue).observe(duree)
