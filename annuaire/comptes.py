"""Accounts: allauth's mails go through the outbox; the limits of allauth live in the shared cache."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Where allauth meets the portal."""
