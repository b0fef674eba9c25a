"""The database stopped in mid-send: started by `test_chaos.py`, in a pytest and on a cluster of its own."""

import pytest
from django.conf import settings
from django.db import connection

from pole_ess.embedded_db import Cluster
from tests.newsletter.test_chaos import adresses, attendre, banc, lance, plus_rien_en_route  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_restarted_database(banc, lance):  # noqa: F811 - fixtures
    """The cluster is stopped at once (as a crash does) and started again, three times in mid-send."""
    cluster = Cluster(settings.EMBEDDED_DB_HOME)
    banc.puits()
    banc.ouvriers(2)
    for but in (200, 900, 1700):
        attendre(lambda but=but: sum(banc.recus().values()) >= but)
        connection.close()
        cluster._pg_ctl("stop", "-m", "immediate")
        cluster.ensure_running()
    attendre(lambda: plus_rien_en_route(lance))
    recus, tous = banc.recus(), adresses(lance.envois)
    assert max(recus.values()) == 1
    manquants = tous - recus.keys()
    assert manquants <= adresses(lance.envois.a_decider())
    assert len(manquants) <= 3 * 2
