from django.apps import AppConfig


class AnnuaireConfig(AppConfig):
    """The directory: who does what, where, how to reach them; and the accounts of its people."""

    name = "annuaire"
    verbose_name = "Annuaire"

    def ready(self):
        from django.db.models.signals import post_migrate

        from annuaire import (
            attentes,
            attentes_membre,
            compte_attentes,
            donnees_personnelles,
            droits,
            notifications_de_l_annuaire,
        )
        from pole_ess.socle.attentes import enregistrer

        post_migrate.connect(droits.accorder, sender=self, dispatch_uid="annuaire.droits")
        enregistrer(attentes.de_l_annuaire)
        compte_attentes.enregistrer(attentes_membre.fiches_a_confirmer)
        notifications_de_l_annuaire.declarer()
        donnees_personnelles.enregistrer(notifications_de_l_annuaire.parties)
