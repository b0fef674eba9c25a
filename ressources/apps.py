from django.apps import AppConfig


class RessourcesConfig(AppConfig):
    """Offers and needs: equipment, premises, skills, artists, second life, mutual aid."""

    name = "ressources"
    verbose_name = "Offres et besoins"

    def ready(self):
        from django.db.models.signals import post_migrate

        from annuaire import compte_attentes, confiance
        from annuaire import donnees_personnelles as donnees_de_l_annuaire
        from annuaire import droits as droits_de_l_annuaire
        from pole_ess.socle.courriel import entrant
        from ressources import (
            attentes_membre,
            benevolat_entrant,
            donnees_personnelles,
            droits,
            effacement,
            fusion,
            notifications,
            relations_entrant,
        )
        from ressources.actions import publication

        droits_de_l_annuaire.PERMISSIONS["ressources"] = droits.PERMISSIONS
        post_migrate.connect(droits_de_l_annuaire.accorder, sender=self, dispatch_uid="ressources.droits")
        effacement.declarer()
        fusion.declarer()
        notifications.declarer()
        donnees_de_l_annuaire.enregistrer(donnees_personnelles.parties)
        entrant.enregistrer("annonce", relations_entrant.traiter)
        entrant.enregistrer("benevole", benevolat_entrant.traiter)
        confiance.enregistrer(publication.est_de_confiance)
        for attente in (
            attentes_membre.urgences,
            attentes_membre.conversations,
            attentes_membre.reservations,
            attentes_membre.parts,
            attentes_membre.rapprochements,
            attentes_membre.mises_en_commun,
            attentes_membre.benevolat,
            attentes_membre.heures,
        ):
            compte_attentes.enregistrer(attente)
        self._montrer()
        self._attendre()

    def _montrer(self):
        """On the structures' sheets; and what the sweep of forgotten files must know."""
        from annuaire import blocs
        from annuaire.actions import images
        from ressources import bloc_bilan, bloc_structure, fichiers

        blocs.enregistrer(bloc_structure.BLOC)
        blocs.enregistrer(bloc_bilan.BLOC)
        images.enregistrer(*fichiers.SORTES)

    def _attendre(self):
        """On the admin's home."""
        from pole_ess.socle import attentes
        from ressources import attentes_annonces, attentes_heures, attentes_reservations, attentes_urgences

        attentes.enregistrer(attentes_urgences.des_urgences)
        attentes.enregistrer(attentes_annonces.des_annonces)
        attentes.enregistrer(attentes_reservations.des_reservations)
        attentes.enregistrer(attentes_heures.des_heures)
