"""The hub staff's pages, one module per notion."""

from . import annonce, calendrier, demandes, heures, imports, lot, moderation, relation, reservation

__all__ = ["annonce", "calendrier", "demandes", "heures", "imports", "lot", "moderation", "relation", "reservation"]
from . import annonce, calendrier, imports, lot, mise_en_commun, moderation, relation, reservation

__all__ = ["annonce", "calendrier", "imports", "lot", "mise_en_commun", "moderation", "relation", "reservation"]
from . import annonce, benevolat, calendrier, imports, lot, moderation, relation, reservation

__all__ = ["annonce", "benevolat", "calendrier", "imports", "lot", "moderation", "relation", "reservation"]
from . import annonce, calendrier, imports, lot, moderation, relation, reservation, urgence

__all__ = ["annonce", "calendrier", "imports", "lot", "moderation", "relation", "reservation", "urgence"]
