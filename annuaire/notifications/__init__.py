"""Optional mails: which kinds there are, who wants them when, and telling somebody something.

An app registers its kinds in AppConfig.ready and calls `notifier` where a service mail would call
`socle.courriel.deposer`. See docs/decisions/0022-notifications.md.
"""

from .depot import notifier
from .liens import pied
from .reglages import en_pause, qui_refusent
from .sortes import GROUPES, Ailleurs, Sorte, enregistrer, enregistrer_ailleurs
from .verites import enregistrer_verites

__all__ = [
    "GROUPES",
    "Ailleurs",
    "Sorte",
    "en_pause",
    "enregistrer",
    "enregistrer_ailleurs",
    "enregistrer_verites",
    "notifier",
    "pied",
    "qui_refusent",
]
