"""Where the directory says little: communes and activities with few or no structures, and what registers know there."""

from .comptes import Couverture, compter

__all__ = ["Couverture", "compter"]
