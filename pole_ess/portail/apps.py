from django.apps import AppConfig


class PortailConfig(AppConfig):
    """Outer layer: home, legal pages, feeds, and the demonstration. May import every app."""

    name = "pole_ess.portail"
    verbose_name = "Portail"

    def ready(self):
        from annuaire.recherche import index as index_de_la_recherche
        from pole_ess import checks  # noqa: F401 - register the system checks
        from pole_ess.portail import effacement
        from pole_ess.portail.recherche import index
        from pole_ess.portail.sante.attente import de_la_sante
        from pole_ess.socle import attentes

        effacement.declarer()
        index_de_la_recherche.enregistrer(index.ENTREES)
        index_de_la_recherche.enregistrer(index.MOTS)
        attentes.enregistrer(de_la_sante)
