from django.apps import AppConfig


class ReunionsConfig(AppConfig):
    """Meetings, the shared agenda, the post-it workshop, minutes and actions."""

    name = "reunions"
    verbose_name = "Rencontres"

    def ready(self):
        from django.db.models.signals import post_migrate

        from annuaire import blocs, compte_attentes
        from annuaire import donnees_personnelles as donnees_de_l_annuaire
        from annuaire import droits as droits_de_l_annuaire
        from annuaire.actions import images
        from pole_ess.socle import attentes as attentes_de_l_equipe
        from pole_ess.socle.courriel import entrant
        from reunions import (
            attentes,
            attentes_membre,
            bloc_actions,
            bloc_structure,
            donnees_personnelles,
            droits,
            effacement,
            fichiers,
            fusion,
            invitations_entrant,
            notifications,
        )

        droits_de_l_annuaire.PERMISSIONS["reunions"] = droits.PERMISSIONS
        post_migrate.connect(droits_de_l_annuaire.accorder, sender=self, dispatch_uid="reunions.droits")
        effacement.declarer()
        fusion.declarer()
        notifications.declarer()
        donnees_de_l_annuaire.enregistrer(donnees_personnelles.parties)
        blocs.enregistrer(bloc_structure.BLOC)
        blocs.enregistrer(bloc_actions.BLOC)
        compte_attentes.enregistrer(attentes_membre.invitations)
        compte_attentes.enregistrer(attentes_membre.actions_en_retard)
        compte_attentes.enregistrer(attentes_membre.evenements_a_corriger)
        images.enregistrer(*fichiers.SORTES)
        attentes_de_l_equipe.enregistrer(attentes.de_l_agenda)
        attentes_de_l_equipe.enregistrer(attentes.des_actions)
        entrant.enregistrer("reunion", invitations_entrant.traiter, agenda=True)
