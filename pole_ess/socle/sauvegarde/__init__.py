"""Backup and restore: one archive holds the database, the files and what proves that both are whole.

A tar, not compressed (the dump and the pictures are already): the files, `base.dump` (pg_dump -Fc), the files that
came meanwhile, and `manifeste.json` last, so that an archive cut anywhere has none. See docs/decisions/0030.
"""


class SauvegardeImpossible(Exception):
    """Why, in French, for who typed the command; nothing was left that looks like a backup."""


class RestaurationImpossible(Exception):
    """Why, in French; the message says whether something was changed."""
