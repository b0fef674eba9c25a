"""The minutes: what a meeting says of itself, as plain data, and its renderers.

`rassembler` reads the meeting once; page, PDF, DOCX, ODT and braille are made from what it returns and nothing else,
so that a published version never changes. Names live apart: the public rendering never holds them.
"""

from .instantane import pour
from .rassembler import rassembler

__all__ = ["pour", "rassembler"]
