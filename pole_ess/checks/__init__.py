"""The project's own system checks; those of the database need `check --deploy --database default`."""

from .base import database_is_ready, queue_is_ready
from .echelle import media_storage_is_whole
from .fichiers import folders_are_ready
from .reglages import addresses_agree, monitoring_is_closed, objections_have_their_key, tiles_may_be_shown
from .securite import demo_stays_at_home, framing_sites_are_origins, mail_is_ready, staff_use_two_steps

__all__ = [
    "addresses_agree",
    "database_is_ready",
    "demo_stays_at_home",
    "folders_are_ready",
    "framing_sites_are_origins",
    "mail_is_ready",
    "media_storage_is_whole",
    "monitoring_is_closed",
    "objections_have_their_key",
    "queue_is_ready",
    "staff_use_two_steps",
    "tiles_may_be_shown",
]
