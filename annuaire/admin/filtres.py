"""Filters of the structures' list, each one a question that staff ask."""

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone

from annuaire.models import Activite, Structure
from pole_ess.socle.models import ReglagesPole


class Fraicheur(admin.SimpleListFilter):
    title = "dernière confirmation"
    parameter_name = "fraicheur"

    def lookups(self, request, model_admin):
        return [
            ("a_telephoner", "à téléphoner"),
            ("a_confirmer", "à confirmer"),
            ("recente", "confirmées"),
            ("jamais", "jamais confirmée"),
        ]

    def queryset(self, request, queryset):
        aujourdhui = timezone.localdate()
        if self.value() == "a_telephoner":
            return queryset.a_telephoner(aujourdhui)
        if self.value() == "a_confirmer":
            return queryset.a_confirmer(aujourdhui)
        if self.value() == "recente":
            return queryset.exclude(verifiee_le=None).exclude(pk__in=queryset.a_confirmer(aujourdhui).values("pk"))
        if self.value() == "jamais":
            return queryset.filter(verifiee_le=None)
        return queryset


class Manque(admin.SimpleListFilter):
    title = "ce qui manque"
    parameter_name = "manque"
    CONDITIONS = {
        "point": Q(latitude=None),
        "commune": Q(commune=None),
        "contact": Q(telephone="", courriel=""),
        "activite": Q(activites=None),
        "presentation": Q(presentation=""),
    }

    def lookups(self, request, model_admin):
        return [
            ("point", "sans point sur la carte"),
            ("commune", "sans commune"),
            ("contact", "sans téléphone ni e-mail"),
            ("referent", "sans référent"),
            ("activite", "sans activité"),
            ("presentation", "sans présentation"),
        ]

    def queryset(self, request, queryset):
        if self.value() == "referent":
            return queryset.exclude(rattachements__etat="actif", rattachements__role="referent")
        condition = self.CONDITIONS.get(self.value())
        return queryset if condition is None else queryset.filter(condition)


class ActiviteFiltre(admin.SimpleListFilter):
    title = "activité"
    parameter_name = "activite"

    def lookups(self, request, model_admin):
        return [(str(pk), nom) for pk, nom in Activite.objects.filter(parent=None).values_list("pk", "nom")]

    def queryset(self, request, queryset):
        valeur = self.value() or ""
        if not (valeur.isascii() and valeur.isdecimal() and len(valeur) < 10):
            return queryset
        famille = Activite.objects.filter(Q(pk=valeur) | Q(parent=valeur)).values("pk")
        return queryset.filter(
            pk__in=queryset.model.activites.through.objects.filter(activite__in=famille).values("structure")
        )


class Territoire(admin.SimpleListFilter):
    title = "territoire"
    parameter_name = "territoire"

    def lookups(self, request, model_admin):
        return [("oui", "dans le territoire du pôle"), ("non", "hors du territoire")]

    def queryset(self, request, queryset):
        if self.value() not in ("oui", "non"):
            return queryset
        dedans = Q(commune__in=ReglagesPole.actuels().territoire)
        return queryset.filter(dedans if self.value() == "oui" else ~dedans & Q(commune__isnull=False))


class Source(admin.SimpleListFilter):
    title = "origine de la fiche"
    parameter_name = "source"

    def lookups(self, request, model_admin):
        sources = Structure.objects.exclude(source="").order_by("source").values_list("source", flat=True).distinct()
        return [(source, source) for source in sources[:20]]

    def queryset(self, request, queryset):
        return queryset.filter(source=self.value()) if self.value() else queryset
