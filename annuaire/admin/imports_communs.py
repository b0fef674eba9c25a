"""The imports pages of the staff: deposit, preview, apply, report. Whoever may add an import may."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from annuaire import exports
from annuaire.imports.depots import Depots, ImportPerdu
from annuaire.imports.erreurs import FichierIllisible
from annuaire.imports.rapport import Statut
from pole_ess.socle.listes_admin import ListeSureMixin

from .communs import exiger

PAR_PAGE = 100
PLURIELS = {
    Statut.CREEE: "créées",
    Statut.MISE_A_JOUR: "mises à jour",
    Statut.INCHANGEE: "inchangées",
    Statut.DOUBLON: "doublons possibles",
    Statut.REJETEE: "rejetées",
}


class ImportsAdmin(ListeSureMixin):
    """The list of past imports is Django's; adding one and looking at one are our pages.

    A subclass gives `depots`, `formulaire`, `titre_depot`, `quoi` (« fiche,fiches »), `fait` (said once applied)
    and its own templates « deposer » and « liste ».
    """

    depots: Depots
    formulaire: type
    titre_depot = ""
    quoi = ""
    fait = ""
    gabarit_depot = ""
    list_display = ["nom", "source", "etat", "creees", "mises_a_jour", "doublons", "rejetees", "depose_par", "cree_le"]
    list_filter = ["etat"]
    search_fields = ["nom", "source"]
    list_select_related = ["depose_par"]
    list_per_page = 50

    def changelist_view(self, request, extra_context=None):
        titre = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": titre, **(extra_context or {})})

    @property
    def _nom_url(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def _url(self, quoi, *args):
        return reverse(f"admin:{self._nom_url}_{quoi}", args=args)

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
        return request.user.has_perm(f"{self.opts.app_label}.add_{self.opts.model_name}")

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
            path("<int:pk>/appliquer/", vue(self.appliquer), name=f"{self._nom_url}_appliquer"),
            path("<int:pk>/rapport.csv", vue(self.rapport), name=f"{self._nom_url}_rapport"),
            *super().get_urls(),
        ]

    def _contexte(self, request, titre, **contexte):
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": titre,
            "url_liste": self._url("changelist"),
            "url_deposer": self._url("add"),
            **contexte,
        }

    def add_view(self, request, form_url="", extra_context=None):
        exiger(self._equipe(request))
        form = self.formulaire()
        if request.method == "POST":
            form = self.formulaire(
                request.POST,
                request.FILES,
                trop_lourd="fichier" in getattr(request, "fichiers_trop_lourds", set()),
            )
            if form.is_valid():
                try:
                    depot = self.depots.deposer(
                        form.cleaned_data["fichier"],
                        par=request.user,
                        **{nom: form.cleaned_data[nom] for nom in ("source", *self.depots.options)},
                    )
                except FichierIllisible as erreur:
                    form.add_error("fichier", str(erreur))
                else:
                    return HttpResponseRedirect(self._url("change", depot.pk))
        contexte = self._contexte(request, self.titre_depot, form=form)
        return TemplateResponse(request, self.gabarit_depot, contexte)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The preview before it is applied, the report afterwards: `?statut=` keeps one kind of lines."""
        exiger(self._equipe(request))
        if not object_id.isascii() or not object_id.isdigit() or len(object_id) > 18:
            raise Http404
        depot = get_object_or_404(self.model.objects.select_related("depose_par"), pk=object_id)
        statut = request.GET.get("statut", "")
        lignes = depot.lignes.select_related(self.depots.objet)
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
            quoi=self.quoi,
            url_appliquer=self._url("appliquer", depot.pk),
            url_rapport=self._url("rapport", depot.pk),
            a_ecrire=depot.resume.get(Statut.CREEE, 0) + depot.resume.get(Statut.MISE_A_JOUR, 0),
            page=self._avec_objets(Paginator(lignes, PAR_PAGE).get_page(request.GET.get("p"))),
        )
        return TemplateResponse(request, "admin/imports/detail.html", contexte)

    def appliquer(self, request, pk):
        exiger(self._equipe(request))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        depot = get_object_or_404(self.model, pk=pk)
        try:
            if self.depots.appliquer(depot, par=request.user):
                messages.success(request, self.fait)
            else:
                depot.refresh_from_db()
                if depot.etat == "applique":
                    messages.info(request, "Cet import était déjà appliqué : rien n'a été refait.")
                else:
                    messages.warning(request, "Rien n'a été écrit : une ligne au moins est rejetée (tout ou rien).")
        except ImportPerdu as erreur:
            messages.error(request, str(erreur))
        return HttpResponseRedirect(self._url("change", pk))

    def rapport(self, request, pk):
        """Line, what became of it, name, reasons: to correct the file by."""
        exiger(self._equipe(request))
        depot = get_object_or_404(self.model, pk=pk)
        lignes = (
            [ligne.numero, ligne.get_statut_display(), ligne.nom, " ; ".join(ligne.raisons)]
            for ligne in depot.lignes.iterator(chunk_size=1000)
        )
        texte = exports.lignes_csv(["ligne", "résultat", "nom", "raisons"], lignes)
        return telecharger(texte, "text/csv; charset=utf-8", f"rapport-import-{depot.pk}.csv")

    def _avec_objets(self, page):
        """Each line with the object it made or met, under one name for the template."""
        for ligne in page:
            ligne.objet = getattr(ligne, self.depots.objet)
        return page


def telecharger(morceaux, mime, nom):
    reponse = StreamingHttpResponse(morceaux, content_type=mime)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["Cache-Control"] = "no-store"
    return reponse
