from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    """The letter: subscribers, issues composed from the portal's own news, the sending engine, short news."""

    name = "newsletter"
    verbose_name = "Lettre"

    def ready(self):
        from django.db.models.signals import post_migrate

        from annuaire import blocs
        from annuaire import donnees_personnelles as donnees_de_l_annuaire
        from annuaire import droits as droits_de_l_annuaire
        from annuaire.actions import images
        from newsletter import (
            attentes,
            bloc_structure,
            donnees_personnelles,
            droits,
            effacement,
            fichiers,
            fusion,
            notifications,
            retours,
        )
        from newsletter.actions import breves_vigilance
        from pole_ess.socle import attentes as attentes_de_l_equipe
        from pole_ess.socle.courriel import entrant, suivi
        from ressources.actions import moderation

        droits_de_l_annuaire.PERMISSIONS["newsletter"] = droits.PERMISSIONS
        post_migrate.connect(droits_de_l_annuaire.accorder, sender=self, dispatch_uid="newsletter.droits")
        effacement.declarer()
        fusion.declarer()
        notifications.declarer()
        donnees_de_l_annuaire.enregistrer(donnees_personnelles.parties)
        images.enregistrer(*fichiers.SORTES)
        blocs.enregistrer(bloc_structure.BLOC)
        attentes_de_l_equipe.enregistrer(attentes.de_la_lettre)
        moderation.enregistrer_reperage("brève,brèves", breves_vigilance.reperer)
        entrant.enregistrer("bounces", retours.traiter_rapport, rapports=retours.echange_du_rapport)
        entrant.enregistrer("desabonner", retours.traiter_depart, automatique=True)
        suivi.enregistrer(retours.suivre)
