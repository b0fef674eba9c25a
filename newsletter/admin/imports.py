"""Lists of addresses with the proof of consent: deposit, preview, apply, line by line report."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from annuaire import exports
from annuaire.admin.communs import exiger
from annuaire.admin.imports_communs import PAR_PAGE, ImportsAdmin, telecharger
from annuaire.imports.depots import ImportPerdu
from annuaire.imports.erreurs import FichierIllisible
from newsletter.actions import imports
from newsletter.forms.equipe import ImportAbonnesForm
from newsletter.models import ImportAbonnes, LigneImportAbonne

Statut = LigneImportAbonne.Statut
ECRITES = (Statut.AJOUTEE, Statut.CONFIRMEE)


@admin.register(ImportAbonnes)
class ImportAbonnesAdmin(ImportsAdmin):
    """As the other imports of the portal, but no address is ever shown: the number of the line finds it."""

    change_list_template = "admin/newsletter/importabonnes/liste.html"
    list_display = ["nom", "etat", "ajoutees", "laissees", "rejetees", "depose_par", "cree_le"]
    search_fields = ["nom", "preuve"]

    @admin.display(description="ajoutées")
    def ajoutees(self, depot):
        return sum(depot.resume.get(statut, 0) for statut in ECRITES)

    @admin.display(description="laissées de côté")
    def laissees(self, depot):
        return sum(depot.resume.get(statut, 0) for statut in (Statut.DESABONNEE, Statut.OPPOSEE, Statut.SUSPENDUE))

    @admin.display(description="rejetées")
    def rejetees(self, depot):
        return depot.resume.get(Statut.REJETEE, 0)

    def add_view(self, request, form_url="", extra_context=None):
        exiger(self._equipe(request))
        form = ImportAbonnesForm()
        if request.method == "POST":
            trop_lourd = "fichier" in getattr(request, "fichiers_trop_lourds", set())
            form = ImportAbonnesForm(request.POST, request.FILES, trop_lourd=trop_lourd)
            if form.is_valid():
                lu = form.cleaned_data
                try:
                    depot = imports.deposer(
                        lu["fichier"], par=request.user, preuve=lu["preuve"], consenti_le=lu["consenti_le"]
                    )
                except FichierIllisible as erreur:
                    form.add_error("fichier", str(erreur))
                else:
                    return HttpResponseRedirect(self._url("change", depot.pk))
        contexte = self._contexte(request, "Importer des abonnés", form=form)
        return TemplateResponse(request, "admin/newsletter/importabonnes/deposer.html", contexte)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The preview before it is applied, the report afterwards: `?statut=` keeps one kind of lines."""
        exiger(self._equipe(request))
        if not object_id.isascii() or not object_id.isdigit() or len(object_id) > 18:
            raise Http404
        depot = get_object_or_404(ImportAbonnes.objects.select_related("depose_par"), pk=object_id)
        statut = request.GET.get("statut", "")
        statut = statut if statut in Statut.values else ""
        lignes = depot.lignes.filter(statut=statut) if statut else depot.lignes.all()
        contexte = self._contexte(
            request,
            f"Import de « {depot.nom} »",
            depot=depot,
            statut=statut,
            comptes=[(s.value, s.label, depot.resume.get(s.value, 0)) for s in Statut],
            total=sum(depot.resume.get(s.value, 0) for s in Statut),
            a_ecrire=self.ajoutees(depot),
            url_appliquer=self._url("appliquer", depot.pk),
            url_rapport=self._url("rapport", depot.pk),
            page=Paginator(lignes, PAR_PAGE).get_page(request.GET.get("p")),
        )
        return TemplateResponse(request, "admin/newsletter/importabonnes/detail.html", contexte)

    def appliquer(self, request, pk):
        exiger(self._equipe(request))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        depot = get_object_or_404(ImportAbonnes, pk=pk)
        try:
            if imports.appliquer(depot):
                messages.success(request, "C'est fait : ces personnes recevront la prochaine lettre.")
            else:
                messages.info(request, "Cet import était déjà appliqué : rien n'a été refait.")
        except ImportPerdu as erreur:
            messages.error(request, str(erreur))
        return HttpResponseRedirect(self._url("change", pk))

    def rapport(self, request, pk):
        """Line, what became of it, why: to correct the file by. No address."""
        exiger(self._equipe(request))
        depot = get_object_or_404(ImportAbonnes, pk=pk)
        lignes = (
            [ligne.numero, ligne.get_statut_display(), ligne.raison] for ligne in depot.lignes.iterator(chunk_size=1000)
        )
        texte = exports.lignes_csv(["ligne", "résultat", "raison"], lignes)
        return telecharger(texte, "text/csv; charset=utf-8", f"rapport-abonnes-{depot.pk}.csv")
