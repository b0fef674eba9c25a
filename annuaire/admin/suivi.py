"""The contact log, and the review of référents' edits."""

import difflib
from collections import Counter

from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from annuaire.actions import edition, relecture
from annuaire.models import Echange, Modification

from . import formulaires
from .communs import PoleModelAdmin, contexte_de_page, exiger, page_d_acte


class Rappel(admin.SimpleListFilter):
    title = "rappel"
    parameter_name = "rappel"

    def lookups(self, request, model_admin):
        return [("du", "à rappeler maintenant"), ("prevu", "rappel prévu")]

    def queryset(self, request, queryset):
        if self.value() == "du":
            return queryset.a_rappeler(timezone.localdate())
        if self.value() == "prevu":
            return queryset.filter(prochaine_date__gt=timezone.localdate())
        return queryset


@admin.register(Echange)
class EchangeAdmin(PoleModelAdmin):
    list_display = ["date", "structure", "moyen", "interlocuteur", "extrait", "confirme", "prochaine_date", "auteur"]
    list_filter = [Rappel, "moyen", "confirme"]
    list_select_related = ["structure", "auteur"]
    search_fields = ["structure__nom", "note", "interlocuteur"]
    date_hierarchy = "date"
    fields = ["structure", "moyen", "date", "interlocuteur", "note", "prochaine_date", "confirme", "auteur"]
    readonly_fields = ["structure", "confirme", "auteur"]

    @admin.display(description="ce qui s'est dit")
    def extrait(self, echange):
        return echange.note[:80]

    def has_add_permission(self, request):
        """From the structure's page, which also confirms the sheet."""
        return False


ACCORDS_MAX = 50_000
"""Pairs of equal words beyond which difflib takes minutes: « a a a a … », a text of 4,000 characters that nobody
writes in earnest. Two honest texts of that length have some ten thousand."""


def _differences(gauche: list[str], droite: list[str]) -> list:
    """difflib's steps; for texts made to cost it a minute, one step that replaces the whole."""
    comptes = Counter(droite)
    if sum(fois * comptes[mot] for mot, fois in Counter(gauche).items()) > ACCORDS_MAX:
        return [("equal" if gauche == droite else "replace", 0, len(gauche), 0, len(droite))]
    return difflib.SequenceMatcher(None, gauche, droite, autojunk=False).get_opcodes()


def mots_differents(avant: str, apres: str) -> tuple:
    """The two texts with what left marked <del> and what came marked <ins>, word by word."""
    gauche, droite = avant.split(" "), apres.split(" ")
    marque_avant, marque_apres = [], []
    for genre, a, b, c, d in _differences(gauche, droite):
        if genre == "equal":
            marque_avant.append(("{}", " ".join(gauche[a:b])))
            marque_apres.append(("{}", " ".join(droite[c:d])))
            continue
        if a < b:
            marque_avant.append(("<del>{}</del>", " ".join(gauche[a:b])))
        if c < d:
            marque_apres.append(("<ins>{}</ins>", " ".join(droite[c:d])))
    return tuple(
        format_html_join(" ", "{}", ((format_html(gabarit, texte),) for gabarit, texte in morceaux))
        for morceaux in (marque_avant, marque_apres)
    )


@admin.register(Modification)
class ModificationAdmin(PoleModelAdmin):
    list_display = ["structure", "ce_qui_change", "auteur", "cree_le", "etat"]
    list_filter = ["etat"]
    list_select_related = ["structure", "auteur"]
    search_fields = ["structure__nom", "auteur__email"]
    ordering = ["cree_le", "pk"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="ce qui change")
    def ce_qui_change(self, modification):
        return ", ".join(self._libelle(champ) for champ in modification.apres)

    @staticmethod
    def _libelle(champ):
        try:
            return edition.libelle(champ)
        except LookupError:
            return champ

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/relire/", vue(self.relire), name="annuaire_modification_relire"),
            path("<int:pk>/annuler/", vue(self.annuler), name="annuaire_modification_annuler"),
            *super().get_urls(),
        ]

    def _modification(self, request, pk):
        exiger(self.has_change_permission(request))
        return get_object_or_404(Modification.objects.select_related("structure__commune", "auteur"), pk=pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The diff; the two buttons lead to, or are, POST pages: reading changes nothing."""
        exiger(self.has_view_or_change_permission(request))
        if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        modification = get_object_or_404(
            Modification.objects.select_related("structure", "auteur", "relue_par"), pk=object_id
        )
        return TemplateResponse(
            request,
            "admin/annuaire/modification/relire.html",
            contexte_de_page(
                self,
                request,
                f"Modification de « {modification.structure} »",
                modification=modification,
                lignes=list(self._lignes(modification)),
            ),
        )

    def _lignes(self, modification):
        for champ, apres in modification.apres.items():
            try:
                textes = [edition.lisible(champ, valeur) for valeur in (modification.avant.get(champ), apres)]
            except LookupError:
                textes = [str(modification.avant.get(champ) or ""), str(apres or "")]
            avant_marque, apres_marque = mots_differents(*textes)
            try:
                change = champ not in relecture.NON_RESTAURABLES and (
                    relecture.valeur_actuelle(modification.structure, champ) != apres
                )
            except AttributeError:
                change = False
            yield {
                "libelle": self._libelle(champ),
                "avant": avant_marque if textes[0] else "",
                "apres": apres_marque if textes[1] else "",
                "change_depuis": change,
            }

    def relire(self, request, pk):
        modification = self._modification(request, pk)

        def agir(_donnees):
            relecture.relire(modification, par=request.user)
            return f"La modification de « {modification.structure} » est relue."

        return page_d_acte(
            self,
            request,
            objet=modification,
            titre="Marquer comme relue",
            explication=f"La modification de « {modification.structure} » reste en ligne.",
            bouton="C'est relu",
            form_class=formulaires.SansMotifForm,
            agir=agir,
            retour=reverse("admin:annuaire_modification_changelist") + "?etat__exact=a_relire",
        )

    def annuler(self, request, pk):
        modification = self._modification(request, pk)

        def agir(donnees):
            remis, laisses = relecture.annuler(modification, par=request.user, motif=donnees["motif"])
            message = "Remis comme avant : " + (", ".join(map(self._libelle, remis)) or "rien") + "."
            if laisses:
                message += (
                    f" Laissés, car changés depuis ou à reprendre à la main : {', '.join(map(self._libelle, laisses))}."
                )
            return message

        return page_d_acte(
            self,
            request,
            objet=modification,
            titre="Annuler cette modification",
            explication=f"Les valeurs d'avant reviennent sur la fiche « {modification.structure} », sauf celles que "
            "quelqu'un a changées depuis.",
            bouton="Annuler la modification et envoyer la raison",
            form_class=formulaires.MotifForm,
            agir=agir,
            retour=reverse("admin:annuaire_modification_changelist") + "?etat__exact=a_relire",
            danger=True,
        )
