"""Registered structures, listed or not: the list that staff work from, and the acts on one or on several."""

from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from annuaire.actions import registres
from annuaire.doublons import sans_accent
from annuaire.forms.registres import EcarterForm
from annuaire.models import EntreeRegistre
from pole_ess.socle.templatetags.francais import date_en_clair, pluriel

from . import registre_filtres
from .communs import PoleModelAdmin, exiger, page_d_acte
from .couverture import PagesDeCouverture
from .registre_actes import ActesDeRegistre
from .registre_lettres import PagesDeLettres

PLUSIEURS_MAX = 200


def _le(instant) -> str:
    return date_en_clair(timezone.localdate(instant))


@admin.register(EntreeRegistre)
class EntreeRegistreAdmin(ActesDeRegistre, PagesDeCouverture, PagesDeLettres, PoleModelAdmin):
    """By default, what is registered and not listed. Rows come from imports and are never written by hand."""

    list_display = ["nom_et_exemple", "commune", "activite", "depuis_quand", "ou_en_est", "ressemble", "du_registre"]
    list_filter = [
        registre_filtres.Liste,
        registre_filtres.CommuneFiltre,
        registre_filtres.ActiviteFiltre,
        registre_filtres.Age,
        "registre",
    ]
    list_select_related = ["commune", "activite", "structure", "proposee", "invitation"]
    search_fields = ["nom"]
    search_help_text = "Nom, objet, commune, numéro RNA ou SIRET."
    ordering = ["tri", "pk"]
    actions = ["ecarter_la_selection", "lettres_a_la_selection"]
    change_list_template = "admin/annuaire/entreeregistre/change_list.html"
    view_on_site = False
    fields = [
        "nom", "ou_en_est", "ressemble", "fiche", "l_invitation", "objet", "adresse", "code_postal", "commune", "site",
        "activite", "date_creation", "registre", "identifiant", "rna", "siret", "code_activite", "vue_le", "fermee_le",
        "motif", "decidee_par", "decidee_le",
    ]  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """What is deleted would come back at the next import: it is set aside, or it objects."""
        return False

    def get_search_results(self, request, queryset, search_term):
        terme = search_term.replace("\x00", "").strip()[:200]
        for mot in terme.split()[:8]:
            numero = mot.upper()
            queryset = queryset.filter(
                Q(tri__contains=sans_accent(mot))
                | Q(objet__icontains=mot)
                | Q(commune__tri__startswith=sans_accent(mot))
                | Q(identifiant=numero)
                | Q(rna=numero)
                | Q(siret=numero)
            )
        return queryset, False

    @admin.display(description="nom", ordering="tri")
    def nom_et_exemple(self, entree):
        marque = entree.est_demonstration and "(exemple)" not in entree.nom.lower()
        return f"{entree} (exemple)" if marque else str(entree)

    @admin.display(description="registre", ordering="registre")
    def du_registre(self, entree):
        return entree.registre.upper()

    @admin.display(description="créée", ordering="date_creation")
    def depuis_quand(self, entree):
        return entree.date_creation and entree.date_creation.year

    @admin.display(description="où en est-elle")
    def ou_en_est(self, entree):
        """The state, and of an invitation what came of it."""
        invitation = getattr(entree, "invitation", None)
        if entree.fermee_le:
            return f"dissoute ou fermée le {date_en_clair(entree.fermee_le)}"
        if entree.etat == EntreeRegistre.Etat.INVITEE and invitation:
            if invitation.proposee_le:
                return f"a proposé sa fiche le {_le(invitation.proposee_le)}"
            return f"invitée par {invitation.get_voie_display()} le {_le(invitation.envoyee_le)}"
        if entree.etat == EntreeRegistre.Etat.RAPPROCHEE and entree.structure is None:
            return "sa fiche a été supprimée"
        return entree.get_etat_display()

    @admin.display(description="ressemble à")
    def ressemble(self, entree):
        return f"{entree.proposee} ({entree.ressemblance})" if entree.proposee else ""

    @admin.display(description="sa fiche")
    def fiche(self, entree):
        if entree.structure is None:
            return "aucune"
        url = reverse("admin:annuaire_structure_change", args=[entree.structure.pk])
        return format_html('<a href="{}">{}</a>', url, entree.structure)

    @admin.display(description="son invitation")
    def l_invitation(self, entree):
        invitation = getattr(entree, "invitation", None)
        if invitation is None:
            return "aucune"
        phrases = [f"Par {invitation.get_voie_display()}, le {_le(invitation.envoyee_le)}"]
        if invitation.courriel:
            phrases.append(f"à {invitation.courriel} ({invitation.source_courriel})")
        if invitation.relancee_le:
            phrases.append(f"rappelée le {_le(invitation.relancee_le)}")
        if invitation.proposee_le:
            phrases.append(f"fiche proposée le {_le(invitation.proposee_le)}")
        return ", ".join(phrases)

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("ecarter/", vue(self.ecarter_plusieurs), name="annuaire_entreeregistre_ecarter"),
            *super().get_urls(),
        ]

    # several

    @admin.action(description="Écarter les structures choisies", permissions=["change"])
    def ecarter_la_selection(self, request, queryset):
        return self._plusieurs(request, queryset, "ecarter")

    @admin.action(description="Préparer des lettres d'invitation", permissions=["change"])
    def lettres_a_la_selection(self, request, queryset):
        return self._plusieurs(request, queryset, "preparer_lettres")

    def _plusieurs(self, request, queryset, page):
        cles = [str(pk) for pk in queryset.order_by("pk").values_list("pk", flat=True)[: PLUSIEURS_MAX + 1]]
        if len(cles) > PLUSIEURS_MAX:
            messages.error(request, f"Pas plus de {PLUSIEURS_MAX} à la fois : filtrez d'abord.")
            return None
        return HttpResponseRedirect(reverse(f"admin:annuaire_entreeregistre_{page}") + f"?e={','.join(cles)}")

    def choisies(self, request) -> list[EntreeRegistre]:
        """The rows of `?e=1,2,3`; 404 when none is one."""
        cles = [
            cle for cle in request.GET.get("e", "").split(",") if cle.isascii() and cle.isdecimal() and len(cle) < 18
        ]
        trouvees = list(EntreeRegistre.objects.filter(pk__in=cles[:PLUSIEURS_MAX]).order_by("tri", "pk"))
        if not trouvees:
            raise Http404
        return trouvees

    def ecarter_plusieurs(self, request):
        exiger(self.has_change_permission(request))
        choisies = self.choisies(request)
        combien = len(choisies)

        def agir(donnees):
            faites = registres.ecarter_plusieurs([e.pk for e in choisies], par=request.user, **donnees)
            return f"{faites} {pluriel(faites, 'structure écartée,structures écartées')}."

        return page_d_acte(
            self,
            request,
            objet=choisies[0],
            titre=f"Écarter {combien} {pluriel(combien, 'structure enregistrée,structures enregistrées')}",
            explication="\n".join(entree.nom for entree in choisies[:20])
            + (f"\n… et {combien - 20} autres" if combien > 20 else ""),
            bouton="Écarter",
            form_class=EcarterForm,
            agir=agir,
            retour=reverse("admin:annuaire_entreeregistre_changelist"),
            danger=True,
        )
