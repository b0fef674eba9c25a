"""Announcements: the list that staff moderate from, the page of one with what to decide, its acts.

The page is read: an announcement is edited on the portal, by the rules that its référents follow too.
"""

from django.contrib import admin, messages
from django.db.models import F, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html

from annuaire.admin.communs import HistoriqueAdmin, LectureSeule, exiger, page_d_acte
from annuaire.admin.structure import EXEMPLE
from annuaire.doublons import sans_accent
from pole_ess.socle.templatetags.francais import depuis
from ressources import fiche
from ressources.actions import TransitionInterdite, moderation, publication
from ressources.models import Annonce

from . import annonce_filtres as filtres
from .annonce_actes import FAIRE, PAGES
from .communs import ActesDePage

SUIVANTES = ("publier", "demander_correction", "refuser")
"""After these acts, the next announcement that waits."""


@admin.register(Annonce)
class AnnonceAdmin(ActesDePage, LectureSeule, HistoriqueAdmin):
    list_display = ["titre_mot", "de_qui", "genre", "etat_mot", "attente", "signalee"]
    list_filter = [
        filtres.Travail,
        "etat",
        "sens",
        "nature",
        filtres.Confiance,
        filtres.Territoire,
        "mode",
        "est_demonstration",
    ]
    list_select_related = ["structure__reglages_annonces"]
    search_fields = ["titre"]
    search_help_text = "Mots de l'annonce ou nom de la structure."
    actions = ["publier_la_selection", "relire_la_selection"]
    change_form_template = "admin/ressources/annonce/change_form.html"
    change_list_template = "admin/ressources/annonce/change_list.html"
    fieldsets = [
        (None, {"fields": ["sens", "nature", "categorie", "conditions", "description", "faits"]}),
        ("Où et quand", {"fields": ["commune", "periodes_libres", "urgente_pour", "expire_le"]}),
        (
            "Suivi",
            {
                "fields": [
                    *["etat", "motif", "vigilance", "auteur", "source", "cree_le", "modifie_le", "publiee_le"],
                    *["close_le", "rappels", "rappelee_le"],
                ]
            },
        ),
    ]
    readonly_fields = ["conditions", "faits", "periodes_libres"]

    # the list

    def get_queryset(self, request):
        return super().get_queryset(request).defer("recherche", "recherche_vecteur").avec_attente()

    def get_ordering(self, request):
        """What waits first, the oldest on top; then the newest."""
        return [F("attend_depuis").asc(nulls_last=True), "-cree_le", "-pk"]

    def get_search_results(self, request, queryset, search_term):
        """Every word somewhere in the announcement or in its structure's name, accents or not."""
        terme = search_term.replace("\x00", "").strip()[:200]
        for mot in terme.split()[:8]:
            queryset = queryset.filter(
                Q(titre__unaccent__icontains=mot)
                | Q(description__unaccent__icontains=mot)
                | Q(structure__tri__contains=sans_accent(mot))
            )
        return queryset, False

    @admin.display(description="annonce", ordering="titre")
    def titre_mot(self, annonce):
        return format_html("{}{}", str(annonce), EXEMPLE if annonce.est_demonstration else "")

    @admin.display(description="structure", ordering="structure__tri")
    def de_qui(self, annonce):
        return annonce.structure.nom

    @admin.display(description="quoi", ordering="nature")
    def genre(self, annonce):
        return f"{annonce.get_sens_display()}, {annonce.get_nature_display()}"

    @admin.display(description="état", ordering="etat")
    def etat_mot(self, annonce):
        etat, mot, suite = annonce.etat, annonce.get_etat_display(), ""
        if annonce.est_expiree:
            etat, mot = "expiree", "expirée"
        elif etat == Annonce.Etat.PUBLIEE:
            suite = format_html('<br><span class="quiet">au {}</span>', f"{annonce.expire_le:%d/%m/%Y}")
        return format_html('<span class="etat etat-{}">{}</span>{}', etat, mot, suite)

    @admin.display(description="attend depuis", ordering="attend_depuis")
    def attente(self, annonce):
        if not annonce.attend_depuis:
            return "–"
        quoi = "à valider" if annonce.etat == Annonce.Etat.A_VALIDER else "à relire"
        return f"{quoi}, {depuis(annonce.attend_depuis)}"

    @admin.display(description="signalements", ordering="signalements_ouverts")
    def signalee(self, annonce):
        return annonce.signalements_ouverts or "–"

    def has_moderer_permission(self, request) -> bool:
        return self.peut_agir(request)

    @admin.action(description="Publier les annonces choisies", permissions=["moderer"])
    def publier_la_selection(self, request, queryset):
        self._en_nombre(request, queryset, publication.publier, "Publiées", "Leurs structures reçoivent un message.")

    @admin.action(description="Marquer les annonces choisies comme relues", permissions=["moderer"])
    def relire_la_selection(self, request, queryset):
        self._en_nombre(request, queryset, moderation.relire, "Relues", "Elles restent en ligne.")

    def _en_nombre(self, request, queryset, agir, fait, suite):
        faites, laissees = [], []
        for annonce in queryset.order_by("pk")[:200]:
            try:
                agir(annonce, par=request.user)
            except TransitionInterdite:
                laissees.append(str(annonce))
            else:
                self.log_change(request, annonce, f"{fait}.")
                faites.append(str(annonce))
        if faites:
            messages.success(request, f"{fait} : {', '.join(faites)}. {suite}")
        if laissees:
            messages.warning(
                request, f"Laissées comme elles étaient, leur état ne le permet pas : {', '.join(laissees)}."
            )

    # one announcement

    @admin.display(description="conditions")
    def conditions(self, annonce):
        return fiche.prix_en_clair(annonce) if annonce.mode else "–"

    @admin.display(description="caractéristiques")
    def faits(self, annonce):
        return "\n".join(f"{nom} : {valeur}" for nom, valeur in fiche.faits(annonce)) or "–"

    @admin.display(description="périodes")
    def periodes_libres(self, annonce):
        return ", ".join(str(periode) for periode in annonce.periodes.all()) or "toujours"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        annonce = self.get_object(request, object_id) if object_id else None
        panneau = self.panneau(annonce) if annonce is not None and self.has_view_permission(request, annonce) else {}
        return super().changeform_view(request, object_id, form_url, {**panneau, **(extra_context or {})})

    def panneau(self, annonce) -> dict:
        """What the page shows above the fields."""
        reglages = getattr(annonce.structure, "reglages_annonces", None)
        return {
            "annonce": annonce,
            "de_confiance": bool(reglages and reglages.de_confiance),
            "photos": list(annonce.photos.all()),
            "signalements": list(annonce.signalements.select_related("auteur").order_by("-cree_le", "-pk")[:20]),
            "modifiable": annonce.etat in ("brouillon", "a_valider", "a_corriger", "publiee"),
        }

    def actes_de(self, annonce) -> list:
        """(URL, words, whether it takes something away) of the acts that the state allows."""
        possibles = [acte for acte in publication.actes_possibles(annonce) if acte in PAGES]
        if annonce.a_relire_depuis:
            possibles.insert(0, "relire")
        if annonce.etat == Annonce.Etat.BROUILLON:
            possibles = []  # still being written: its author sends it
        return [
            (
                reverse("admin:ressources_annonce_acte", args=[annonce.pk, acte]),
                PAGES[acte]["lien"],
                PAGES[acte].get("danger", False),
            )
            for acte in possibles
        ]

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/acte/<str:acte>/", vue(self.acte), name="ressources_annonce_acte"),
            *super().get_urls(),
        ]

    def acte(self, request, pk, acte):
        exiger(self.peut_agir(request))
        if acte not in PAGES:
            raise Http404
        annonce = get_object_or_404(Annonce.objects.select_related("structure"), pk=pk)
        page = dict(PAGES[acte])
        fait, _lien = page.pop("fait"), page.pop("lien")
        page["titre"] = page["titre"].format(nom=annonce)

        def agir(donnees):
            FAIRE[acte](annonce, request.user, **donnees)
            return fait.format(nom=annonce)

        if acte in SUIVANTES:
            retour = reverse("admin:ressources_annonce_changelist") + "?travail=a_valider"
        else:
            retour = reverse("admin:ressources_annonce_change", args=[annonce.pk])
        return page_d_acte(self, request, objet=annonce, agir=agir, retour=retour, **page)
