"""Where private files of the tests lie: beside MEDIA_ROOT, hence in each test's own folder."""

from pathlib import Path

from django.conf import settings

from pole_ess.socle.stockage import StockagePrive


class PriveDuTest(StockagePrive):
    """Fields keep the storage of when their class was made: the place is asked for at each use.

    In a folder that every process of a run shared, one test's purge of orphans took away another's files.
    """

    @property
    def base_location(self):
        return Path(settings.MEDIA_ROOT).parent / "prive"

    @property
    def location(self):
        return str(self.base_location)
