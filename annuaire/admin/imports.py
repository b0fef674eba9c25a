"""The imports page of the staff: deposit, preview, apply, report. Whoever may add an import may."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from annuaire import exports
from annuaire.actions import imports
from annuaire.forms.imports import ImportForm
from annuaire.imports.erreurs import FichierIllisible
from annuaire.models import ImportStructures, LigneImport, Structure
from pole_ess.socle.listes_admin import ListeSureMixin

from .communs import exiger

Statut = LigneImport.Statut
PAR_PAGE = 100
PLURIELS = {
    Statut.CREEE: "créées",
    Statut.MISE_A_JOUR: "mises à jour",
    Statut.INCHANGEE: "inchangées",
    Statut.DOUBLON: "doublons possibles",
    Statut.REJETEE: "rejetées",
}


@admin.register(ImportStructures)
class ImportStructuresAdmin(ListeSureMixin):
    """The list of past imports is Django's; adding one and looking at one are our pages."""

    list_display = ["nom", "source", "etat", "creees", "mises_a_jour", "doublons", "rejetees", "depose_par", "cree_le"]
    list_filter = ["etat"]
    search_fields = ["nom", "source"]
    list_select_related = ["depose_par"]
    list_per_page = 50
    change_list_template = "admin/annuaire/importstructures/liste.html"

    @admin.display(description="créées")
    def creees(self, depot):
        return depot.resume.get(Statut.CREEE, 0)

    @admin.display(description="mises à jour")
    def mises_a_jour(self, depot):
        return depot.resume.get(Statut.MISE_A_JOUR, 0)

    @admin.display(description="doublons possibles")
    def doublons(self, depot):
        return depot.resume.get(Statut.DOUBLON, 0)

    @admin.display(description="rejetées")
    def rejetees(self, depot):
        return depot.resume.get(Statut.REJETEE, 0)

    def _equipe(self, request) -> bool:
        return request.user.has_perm("annuaire.add_importstructures")

    def has_module_permission(self, request):
        return self._equipe(request)

    def has_view_permission(self, request, obj=None):
        return self._equipe(request)

    def has_add_permission(self, request):
        return self._equipe(request)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("exporter.<str:format>", vue(self.exporter), name="annuaire_importstructures_exporter"),
            path("<int:pk>/appliquer/", vue(self.appliquer), name="annuaire_importstructures_appliquer"),
            path("<int:pk>/rapport.csv", vue(self.rapport), name="annuaire_importstructures_rapport"),
            *super().get_urls(),
        ]

    def _contexte(self, request, titre, **contexte):
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": titre, **contexte}

    def add_view(self, request, form_url="", extra_context=None):
        exiger(self._equipe(request))
        form = ImportForm()
        if request.method == "POST":
            form = ImportForm(
                request.POST,
                request.FILES,
                trop_lourd="fichier" in getattr(request, "fichiers_trop_lourds", set()),
            )
            if form.is_valid():
                try:
                    depot = imports.deposer(
                        form.cleaned_data["fichier"],
                        par=request.user,
                        source=form.cleaned_data["source"],
                        tout_ou_rien=form.cleaned_data["tout_ou_rien"],
                        publier=form.cleaned_data["publier"],
                    )
                except FichierIllisible as erreur:
                    form.add_error("fichier", str(erreur))
                else:
                    return HttpResponseRedirect(reverse("admin:annuaire_importstructures_change", args=[depot.pk]))
        contexte = self._contexte(request, "Importer des structures", form=form)
        return TemplateResponse(request, "admin/annuaire/importstructures/deposer.html", contexte)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The preview before it is applied, the report afterwards: `?statut=` keeps one kind of lines."""
        exiger(self._equipe(request))
        if not object_id.isascii() or not object_id.isdigit() or len(object_id) > 18:
            raise Http404
        depot = get_object_or_404(ImportStructures.objects.select_related("depose_par"), pk=object_id)
        statut = request.GET.get("statut", "")
        lignes = depot.lignes.select_related("structure")
        if statut in Statut.values:
            lignes = lignes.filter(statut=statut)
        total = sum(depot.resume.get(s.value, 0) for s in Statut)
        contexte = self._contexte(
            request,
            f"Import de « {depot.nom} »",
            depot=depot,
            statut=statut if statut in Statut.values else "",
            comptes=[(s.value, f"{s.label},{PLURIELS[s]}", depot.resume.get(s.value, 0)) for s in Statut],
            total=total,
            avertissements=depot.resume.get("avertissements", []),
            a_ecrire=depot.resume.get(Statut.CREEE, 0) + depot.resume.get(Statut.MISE_A_JOUR, 0),
            page=Paginator(lignes, PAR_PAGE).get_page(request.GET.get("p")),
        )
        return TemplateResponse(request, "admin/annuaire/importstructures/detail.html", contexte)

    def appliquer(self, request, pk):
        exiger(self._equipe(request))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        depot = get_object_or_404(ImportStructures, pk=pk)
        try:
            if imports.appliquer(depot, par=request.user):
                messages.success(request, "C'est fait : l'annuaire est à jour. Le rapport reste sur cette page.")
            else:
                depot.refresh_from_db()
                if depot.etat == ImportStructures.Etat.APPLIQUE:
                    messages.info(request, "Cet import était déjà appliqué : rien n'a été refait.")
                else:
                    messages.warning(request, "Rien n'a été écrit : une ligne au moins est rejetée (tout ou rien).")
        except imports.ImportPerdu as erreur:
            messages.error(request, str(erreur))
        return HttpResponseRedirect(reverse("admin:annuaire_importstructures_change", args=[pk]))

    def rapport(self, request, pk):
        """Line, what became of it, name, reasons: to correct the file by."""
        exiger(self._equipe(request))
        depot = get_object_or_404(ImportStructures, pk=pk)
        lignes = (
            [ligne.numero, ligne.get_statut_display(), ligne.nom, " ; ".join(ligne.raisons)]
            for ligne in depot.lignes.iterator(chunk_size=1000)
        )
        texte = exports.lignes_csv(["ligne", "résultat", "nom", "raisons"], lignes)
        return _telecharger(texte, "text/csv; charset=utf-8", f"rapport-import-{depot.pk}.csv")

    def exporter(self, request, format):
        """Every sheet, private phones and e-mails included: for the staff, and never to be published."""
        exiger(self._equipe(request))
        if format not in exports.FORMATS:
            raise Http404
        octets = exports.octets(format, Structure.objects.order_by("tri", "pk"), complet=True)
        nom = f"annuaire-equipe-{timezone.localdate():%Y-%m-%d}.{format}"
        return _telecharger(octets, exports.FORMATS[format].mime, nom)


def _telecharger(morceaux, mime, nom):
    reponse = StreamingHttpResponse(morceaux, content_type=mime)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["Cache-Control"] = "no-store"
    return reponse
