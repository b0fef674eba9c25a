"""The staff's figures: the public ones, then who waits, what is not met and what is refused; each table as a file."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from annuaire.admin.communs import contexte_de_page, exiger
from annuaire.admin.imports_communs import telecharger
from annuaire.exports import lignes_csv
from ressources.forms.statistiques import ChiffresForm
from ressources.statistiques import compter, compter_echanges, presentation
from ressources.statistiques.comptes import premiere_parution


class PagesDeChiffres:
    """Two pages added to a ModelAdmin: « chiffres/ » and « chiffres/<table>.csv »."""

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("chiffres/", vue(self.chiffres), name="ressources_chiffres"),
            path("chiffres/<slug:tableau>.csv", vue(self.chiffres_csv), name="ressources_chiffres_csv"),
            *super().get_urls(),
        ]

    def chiffres(self, request):
        exiger(self.has_view_permission(request))
        form, choix, comptes, echanges = _lire(request)
        contexte = contexte_de_page(
            self,
            request,
            "Offres et besoins en chiffres",
            form=form,
            choix=request.GET.urlencode(),
            resume=presentation.resume(choix["periode"], comptes),
            faits=presentation.faits(echanges),
            graphique=presentation.graphique_des_mois(choix["periode"], comptes),
            tableaux=[
                faire()
                for faire in presentation.tableaux_de_l_equipe(comptes=comptes, echanges=echanges, **choix).values()
            ],
            url_liste=reverse("admin:ressources_bilan_changelist"),
            **choix,
        )
        return TemplateResponse(request, "admin/ressources/chiffres.html", contexte)

    def chiffres_csv(self, request, tableau):
        """Every row of one table. 404 for a table that does not exist."""
        exiger(self.has_view_permission(request))
        _, choix, comptes, echanges = _lire(request)
        faire = presentation.tableaux_de_l_equipe(comptes=comptes, echanges=echanges, **choix, limite=None).get(tableau)
        if faire is None:
            raise Http404
        demande = faire()
        nom = f"chiffres-{demande.cle}-{choix['periode'].cle}-{timezone.localdate():%Y%m%d}.csv"
        lignes = lignes_csv(list(demande.entetes), demande.pour_tableur())
        return telecharger(lignes, "text/csv; charset=utf-8", nom)


def _lire(request):
    """The form, what it asks, and its figures."""
    form = ChiffresForm(request.GET if request.GET else None, premiere=premiere_parution())
    choix = form.choix()
    return form, choix, compter(**choix), compter_echanges(**choix)
