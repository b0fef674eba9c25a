"""Structures: the list that staff work from, the sheet, and the pages of its acts."""

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from annuaire import doublons
from annuaire.actions import TransitionInterdite, edition, proposition, publication
from annuaire.doublons import sans_accent
from annuaire.models import Contact, LabelStructure, Photo, Structure
from annuaire.querysets_suivi import avec_attente
from annuaire.validateurs import normaliser_siret
from pole_ess.socle.images import nettoyer_image
from pole_ess.socle.templatetags.francais import depuis

from . import filtres
from .communs import HistoriqueAdmin
from .structure_actes import ActesMixin
from .structure_doublons import DoublonsMixin
from .structure_formulaire import StructureAdminForm
from .structure_suivi import SuiviMixin

EXEMPLE = SafeString(' <span class="etat etat-exemple">exemple</span>')


class LabelInline(admin.StackedInline):
    model = LabelStructure
    extra = 0


class ContactInline(admin.StackedInline):
    model = Contact
    extra = 0
    classes = ["collapse"]
    fieldsets = [
        (None, {"fields": ["nom", "fonction", "telephone", "courriel", "ordre"]}),
        (
            "Ce que la personne accepte de rendre public",
            {
                "fields": [
                    "nom_public",
                    "telephone_public",
                    "courriel_public",
                    "consentement_le",
                    "consentement_source",
                ]
            },
        ),
    ]


class PhotoInline(admin.StackedInline):
    model = Photo
    extra = 0
    classes = ["collapse"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        champ = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "fichier":
            nettoyer = champ.clean

            def clean(valeur, initiale=None):
                photo = nettoyer(valeur, initiale)
                return nettoyer_image(photo) if hasattr(photo, "content_type") else photo

            champ.clean = clean
        return champ


@admin.register(Structure)
class StructureAdmin(ActesMixin, DoublonsMixin, SuiviMixin, HistoriqueAdmin):
    form = StructureAdminForm
    list_display = ["nom", "etat_mot", "commune", "attente", "verification", "source"]
    list_filter = [
        "etat",
        filtres.Fraicheur,
        filtres.Manque,
        filtres.ActiviteFiltre,
        filtres.Territoire,
        "forme_juridique",
        filtres.Source,
        "est_demonstration",
    ]
    list_select_related = ["commune"]
    search_fields = ["nom"]
    search_help_text = "Nom, sigle, activité, commune, SIRET, RNA ou adresse e-mail."
    ordering = ["tri", "pk"]
    inlines = [LabelInline, ContactInline, PhotoInline]
    actions = ["publier_la_selection"]
    readonly_fields = ["etat", "motif", "source", "publiee_le", "cree_le", "modifie_le", "verification", "humains"]
    fieldsets = [
        (
            "Identité",
            {"fields": ["nom", "sigle", "forme_juridique", "siret", "rna", "annee_creation", "logo"]},
        ),
        ("Ce qu'elle fait", {"fields": ["presentation", "missions", "public_accueilli", "activites", "competences"]}),
        (
            "Où la trouver",
            {"fields": ["adresse", "commune", ("latitude", "longitude"), "rayon_intervention", "horaires"]},
        ),
        (
            "La joindre",
            {
                "fields": [
                    "telephone",
                    "telephone_public",
                    "courriel",
                    "courriel_public",
                    "public_source",
                    "site",
                    "reseaux",
                ]
            },
        ),
        ("Taille", {"fields": [("salaries_etp", "benevoles", "adherents")]}),
        ("Accessibilité", {"fields": ["accessible_pmr", "accessible_braille", "accessible_lsf"]}),
    ]
    SUIVI = (
        "Suivi",
        {
            "classes": ["collapse"],
            "fields": ["etat", "motif", "source", "humains", "verification", "publiee_le", "cree_le", "modifie_le"],
        },
    )

    # the list

    def get_queryset(self, request):
        demande = super().get_queryset(request).defer("recherche", "recherche_trgm", "recherche_vecteur")
        return avec_attente(demande)

    def get_search_results(self, request, queryset, search_term):
        """Every word somewhere in the sheet, accents or not; or an identifier."""
        terme = search_term.replace("\x00", "").strip()[:200]
        for mot in terme.split()[:8]:
            simple = sans_accent(mot)
            queryset = queryset.filter(
                Q(tri__contains=simple)
                | Q(recherche_trgm__contains=simple)
                | Q(sigle__iexact=mot)
                | Q(rna=mot.upper())
                | Q(courriel__icontains=mot)
                | (Q(siret__startswith=normaliser_siret(mot)) if mot[:1].isdigit() else Q(pk__in=[]))
            )
        return queryset, False

    @admin.display(description="état", ordering="etat")
    def etat_mot(self, structure):
        return format_html(
            '<span class="etat etat-{}">{}</span>{}',
            structure.etat,
            structure.get_etat_display(),
            EXEMPLE if structure.est_demonstration else "",
        )

    @admin.display(description="attend depuis", ordering="attend_depuis")
    def attente(self, structure):
        return depuis(structure.attend_depuis) if structure.etat in ("a_valider", "a_corriger") else "–"

    @admin.display(description="confirmée", ordering="verifiee_le")
    def verification(self, structure):
        if not structure.verifiee_le:
            return "jamais"
        return f"{depuis(structure.verifiee_le)} {structure.get_verifiee_par_display()}".strip()

    @admin.display(description="champs que les imports ne changent plus")
    def humains(self, structure):
        return ", ".join(structure.champs_humains) or "aucun"

    @admin.action(description="Publier les structures choisies", permissions=["change"])
    def publier_la_selection(self, request, queryset):
        publiees, laissees = [], []
        for structure in queryset.order_by("pk")[:200]:
            try:
                publication.publier(structure, par=request.user)
            except TransitionInterdite:
                laissees.append(structure.nom)
            else:
                self.log_change(request, structure, "Publiée.")
                publiees.append(structure.nom)
        if publiees:
            messages.success(request, f"Publiées : {', '.join(publiees)}. Leurs auteurs reçoivent un message.")
        if laissees:
            messages.warning(
                request, f"Laissées comme elles étaient, leur état ne le permet pas : {', '.join(laissees)}."
            )

    # the sheet

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            titre, options = self.fieldsets[0]
            return [(titre, {**options, "fields": [*options["fields"], "malgre_ressemblance"]}), *self.fieldsets[1:]]
        return [*self.fieldsets, self.SUIVI]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def has_delete_permission(self, request, obj=None):
        """A sheet is archived or merged. Only administrators erase one, one at a time."""
        return obj is not None and super().has_delete_permission(request, obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        structure = self.get_object(request, object_id)
        if structure is not None and self.has_view_permission(request, structure):
            extra_context = {**self.panneau(structure), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)

    def panneau(self, structure) -> dict:
        """What the page shows above the form: the acts, the exchanges, the sheets that look alike."""
        return {
            "fiche": structure,
            "actes": self.actes_de(structure),
            "ressemblances": doublons.candidats(
                nom=structure.nom,
                commune=structure.commune_id,
                latitude=structure.latitude,
                longitude=structure.longitude,
                siret=structure.siret,
                rna=structure.rna,
                courriel=structure.courriel,
                telephone=structure.telephone,
                sauf=structure,
            ),
            "echanges": list(structure.echanges.select_related("auteur")[:5]),
            "nombre_echanges": structure.echanges.count(),
            "liens": list(structure.rattachements.select_related("utilisateur")),
            "relectures": structure.modifications.filter(etat="a_relire").count(),
        }

    def save_model(self, request, obj, form, change):
        """By the acts that every other page uses: the fields changed here are a human's, no import takes them back."""
        donnees, accord = form.cleaned_data, form.cleaned_data["public_source"]
        if change:
            fiche = Structure.objects.get(pk=obj.pk)
            edition.enregistrer(
                fiche,
                par=request.user,
                valeurs=form.valeurs(),
                activites=donnees["activites"] if "activites" in form.changed_data else None,
                competences=donnees["competences"] if "competences" in form.changed_data else None,
            )
        else:
            fiche = proposition.creer_au_nom_de(
                valeurs=form.valeurs(),
                par=request.user,
                activites=donnees["activites"],
                competences=donnees["competences"],
                motif_doublon=donnees["malgre_ressemblance"],
                ressemblances=form.ressemblances,
                prevenir=False,
            )
        if accord != fiche.public_source:
            fiche.public_source = accord
            fiche.save(update_fields=["public_source", "modifie_le"])
        obj.pk = fiche.pk
        obj.refresh_from_db()

    def save_related(self, request, form, formsets, change):
        """The tags were written by the act; the rows below the sheet remain."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def save_formset(self, request, form, formset, change):
        if formset.model is not Photo:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for photo in formset.deleted_objects:
            edition.supprimer_photo(photo, par=request.user)
        for photo, _champs in formset.changed_objects:
            photo.save()
        for photo in formset.new_objects:
            photo.save()

    def response_add(self, request, obj, post_url_continue=None):
        """The structure must hear of what was written in its name: by mail, or on paper."""
        return HttpResponseRedirect(reverse("admin:annuaire_structure_au_nom_de", args=[obj.pk]))
