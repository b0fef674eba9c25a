from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    """The letter: subscribers, issues composed from the portal's own news, the sending engine, short news."""

    name = "newsletter"
    verbose_name = "Lettre"

    def ready(self):
        from django.db.models.signals import post_migrate

        from annuaire import donnees_personnelles as donnees_de_l_annuaire
        from annuaire import droits as droits_de_l_annuaire
        from annuaire.actions import images
        from newsletter import donnees_personnelles, droits, effacement, fichiers, fusion

        droits_de_l_annuaire.PERMISSIONS["newsletter"] = droits.PERMISSIONS
        post_migrate.connect(droits_de_l_annuaire.accorder, sender=self, dispatch_uid="newsletter.droits")
        effacement.declarer()
        fusion.declarer()
        donnees_de_l_annuaire.enregistrer(donnees_personnelles.parties)
        images.enregistrer(*fichiers.SORTES)
