"""The mail ledger of the hub's staff; the hub's settings are in `admin_reglages`."""

import re
from functools import wraps

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from .admin_reglages import ReglagesPoleAdmin  # noqa: F401 - registered with the rest
from .cadre import cadre_de_courriel, reponse_de_courriel
from .courriel import suites
from .listes_admin import ListeSureMixin
from .models import Courriel, CourrielEntrant


class LectureSeule(ListeSureMixin):
    """A record of what happened: nobody adds, edits or deletes it here."""

    actions_selection_counter = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ADeciderFilter(admin.SimpleListFilter):
    title = "décision"
    parameter_name = "decision"

    def lookups(self, request, model_admin):
        return [("attend", "incertains à décider"), ("prise", "décision prise")]

    def queryset(self, request, queryset):
        if self.value() == "attend":
            return queryset.a_decider()
        if self.value() == "prise":
            return queryset.filter(decide_le__isnull=False)
        return queryset


def avec_droit_de_renvoi(vue):
    """An admin view on one mail, for those who may decide about it."""

    @wraps(vue)
    def gardee(self, request, pk):
        courriel = get_object_or_404(Courriel, pk=pk)
        if not self.has_renvoi_permission(request):
            raise PermissionDenied
        return vue(self, request, courriel)

    return gardee


def sans_jeton(adresse: str) -> str:
    """« annonce+…@courrier.example.org »: who holds the whole address of an exchange writes in a side's name."""
    return re.sub(r"\+[^@]{8,}@", "+…@", adresse)


@admin.register(Courriel)
class CourrielAdmin(LectureSeule):
    """To whom, when, about what, what became of it; « Renvoyer » and « Laisser »."""

    list_display = ["sujet", "destinataire", "etat", "ecrit", "parti", "au_sujet_de"]
    list_filter = [ADeciderFilter, "etat", "gabarit", ("cree_le", admin.DateFieldListFilter)]
    search_fields = ["destinataire", "sujet", "message_id", "erreur"]
    search_help_text = "Une adresse, un sujet, un mot de l'erreur"
    date_hierarchy = "cree_le"
    list_per_page = 50
    show_full_result_count = False
    list_select_related = []
    actions = ["renvoyer_choisis"]
    change_form_template = "admin/socle/courriel/change_form.html"
    fieldsets = [
        (None, {"fields": ["destinataire", "sujet", "etat", "erreur", "au_sujet_de", "pour_le_compte_de"]}),
        ("Chemin", {"fields": ["cree_le", "tentatives", "prochaine_tentative_le", "parti_le", "renvoi_de", "copie"]}),
        ("Décision", {"fields": ["decide_le", "decide_par"]}),
        ("Contenu", {"fields": ["reponses_a", "contenu", "apercu"]}),
        ("Pour les techniciens", {"classes": ["collapse"], "fields": ["gabarit", "message_id", "cle_unicite"]}),
    ]
    readonly_fields = ["au_sujet_de", "pour_le_compte_de", "copie", "reponses_a", "contenu", "apercu"]

    class Media:
        css = {"all": ["css/admin_courrier.css"]}

    def has_renvoi_permission(self, request):
        return request.user.has_perm("socle.change_courriel")

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/html/", vue(self.html), name="socle_courriel_html"),
            path("<int:pk>/renvoyer/", vue(self.renvoyer), name="socle_courriel_renvoyer"),
            path("<int:pk>/laisser/", vue(self.laisser), name="socle_courriel_laisser"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        courriel = self.get_object(request, object_id)
        suite = {"peut_decider": self.has_renvoi_permission(request)}
        if courriel:
            suite |= {"empechement": suites.empechement(courriel), "attend": courriel.attend_decision}
            suite["deja_renvoye"] = Courriel.objects.filter(renvoi_de=courriel).exists()
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **suite})

    # Columns and fields

    @admin.display(description="écrit", ordering="cree_le")
    def ecrit(self, courriel):
        return _quand(courriel.cree_le)

    @admin.display(description="parti", ordering="parti_le")
    def parti(self, courriel):
        return _quand(courriel.parti_le)

    @admin.display(description="au sujet de")
    def au_sujet_de(self, courriel):
        """A link made without a query: the list stays at a constant number of them."""
        if not courriel.objet_type:
            return "-"
        try:
            modele = apps.get_model(courriel.objet_type)
        except (LookupError, ValueError):
            return f"{courriel.objet_type} {courriel.objet_id}"
        nom = f"{modele._meta.verbose_name} n° {courriel.objet_id}"
        return _lien(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_change", courriel.objet_id, nom)

    @admin.display(description="compte")
    def pour_le_compte_de(self, courriel):
        if courriel.utilisateur is None:
            return "-"
        meta = courriel.utilisateur._meta
        return _lien(f"admin:{meta.app_label}_{meta.model_name}_change", courriel.utilisateur_id, courriel.utilisateur)

    @admin.display(description="renvoyé par")
    def copie(self, courriel):
        copie = Courriel.objects.filter(renvoi_de=courriel).first()
        return _lien("admin:socle_courriel_change", copie.pk, f"{copie} ({copie.get_etat_display()})") if copie else "-"

    @admin.display(description="répondre à")
    def reponses_a(self, courriel):
        return sans_jeton(courriel.repondre_a) or "-"

    @admin.display(description="texte")
    def contenu(self, courriel):
        if courriel.confidentiel:
            return "Ce message est personnel (un code, un lien, une conversation) : personne ne le lit ici."
        return courriel.texte or "Effacé : ce message a plus d'un an."

    @admin.display(description="mise en page")
    def apercu(self, courriel):
        if courriel.confidentiel or not courriel.html:
            return "-"
        return format_html(
            '<iframe class="cadre-courriel" title="Le message tel que son destinataire le voit" src="{}" '
            'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
            reverse("admin:socle_courriel_html", args=[courriel.pk]),
        )

    # Views

    def html(self, request, pk):
        """The HTML part for the frame; nothing of a confidential mail."""
        courriel = get_object_or_404(Courriel, pk=pk)
        if not self.has_view_permission(request, courriel) or courriel.confidentiel:
            raise PermissionDenied
        return cadre_de_courriel(lambda _: reponse_de_courriel(courriel.html))(request)

    @avec_droit_de_renvoi
    def renvoyer(self, request, courriel):
        """GET asks, POST puts one copy in the outbox, however many times it is posted."""
        if request.method == "POST":
            try:
                copie = suites.renvoyer(courriel, par=request.user)
            except suites.SuiteImpossible as raison:
                messages.error(request, str(raison))
                return redirect("admin:socle_courriel_change", courriel.pk)
            self.log_change(request, courriel, "Renvoyé.")
            messages.success(request, f"Une copie part vers {copie.destinataire}. Son sort s'affichera ici.")
            return redirect("admin:socle_courriel_change", copie.pk)
        return self._demander(request, [courriel], "Renvoyer ce message", "Renvoyer le message")

    @avec_droit_de_renvoi
    def laisser(self, request, courriel):
        """GET asks, POST records that the uncertain mail is left as it is."""
        if request.method == "POST":
            try:
                suites.laisser(courriel, par=request.user)
            except suites.SuiteImpossible as raison:
                messages.error(request, str(raison))
            else:
                self.log_change(request, courriel, "Laissé tel quel.")
                messages.success(request, "C'est noté : ce message n'attend plus de décision.")
            return redirect("admin:socle_courriel_change", courriel.pk)
        return self._demander(request, [courriel], "Laisser ce message tel quel", "Laisser tel quel")

    @admin.action(description="Renvoyer les messages choisis", permissions=["renvoi"])
    def renvoyer_choisis(self, request, queryset):
        """The same for many, after a page that shows them."""
        if "confirme" not in request.POST:
            return self._demander(request, list(queryset), "Renvoyer ces messages", "Renvoyer les messages")
        partis = 0
        for courriel in queryset:
            try:
                suites.renvoyer(courriel, par=request.user)
            except suites.SuiteImpossible as raison:
                messages.warning(request, f"{courriel} : {raison}")
            else:
                self.log_change(request, courriel, "Renvoyé.")
                partis += 1
        if partis:
            messages.success(request, f"{partis} copie{'s' if partis > 1 else ''} dans la file d'envoi.")
        return None

    def _demander(self, request, courriels, titre, verbe):
        contexte = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": titre,
            "courriels": [(courriel, suites.empechement(courriel)) for courriel in courriels],
            "verbe": verbe,
            "plusieurs": request.method == "POST",
            "incertain": any(courriel.etat == Courriel.Etat.INCERTAIN for courriel in courriels),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/socle/courriel/confirmer.html", contexte)


@admin.register(CourrielEntrant)
class CourrielEntrantAdmin(LectureSeule):
    """What came in by the webhook, and why some of it was ignored."""

    list_display = ["sujet", "ecrit_a", "etat", "motif", "recu_le"]
    list_filter = ["etat", "motif", "recu_le"]
    search_fields = ["sujet", "identifiant"]
    date_hierarchy = "recu_le"
    show_full_result_count = False
    fields = ["sujet", "ecrit_a", "etat", "motif", "recu_le", "texte", "identifiant"]
    readonly_fields = ["ecrit_a"]

    @admin.display(description="destinataire", ordering="destinataire")
    def ecrit_a(self, entrant):
        return sans_jeton(entrant.destinataire)


def _quand(instant):
    return date_format(localtime(instant), "d/m/Y H:i") if instant else "-"


def _lien(route, pk, texte):
    try:
        return format_html('<a href="{}">{}</a>', reverse(route, args=[pk]), texte)
    except NoReverseMatch:
        return str(texte)
