from django.apps import AppConfig


class AnnuaireConfig(AppConfig):
    """The directory: who does what, where, how to reach them; and the accounts of its people."""

    name = "annuaire"
    verbose_name = "Annuaire"
