"""The admin of the letter, one module per notion."""

from . import abonne, breve, imports, mention, numero

__all__ = ["abonne", "breve", "imports", "mention", "numero"]
