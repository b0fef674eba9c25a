"""The gate before sending: what keeps a letter from leaving, and what is to be looked at."""

from .constats import Constat, bloquants, verifier

__all__ = ["Constat", "bloquants", "verifier"]
