"""Filters of the list of announcements, each one a question that staff ask."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from pole_ess.socle.models import ReglagesPole
from ressources.models import Annonce, ReglagesStructure, SignalementAnnonce

BIENTOT = timedelta(days=14)


class Travail(admin.SimpleListFilter):
    title = "ce qui attend"
    parameter_name = "travail"

    def lookups(self, request, model_admin):
        return [
            ("a_valider", "à valider"),
            ("a_relire", "modifiées, à relire"),
            ("signalees", "signalées"),
            ("vigilance", "avec un mot de vigilance"),
            ("expirent", "expirent dans les 14 jours"),
            ("expirees", "expirées"),
            ("corrections", "correction demandée"),
        ]

    def queryset(self, request, queryset):
        aujourdhui = timezone.localdate()
        signalements = SignalementAnnonce.objects.filter(annonce=OuterRef("pk"), etat="a_traiter")
        conditions = {
            "a_valider": Q(etat=Annonce.Etat.A_VALIDER),
            "a_relire": Q(etat=Annonce.Etat.PUBLIEE, a_relire_depuis__isnull=False),
            "signalees": Exists(signalements),
            "vigilance": Q(etat__in=["a_valider", "publiee"]) & ~Q(vigilance=[]),
            "expirent": Q(etat=Annonce.Etat.PUBLIEE, expire_le__range=(aujourdhui, aujourdhui + BIENTOT)),
            "expirees": Q(etat=Annonce.Etat.PUBLIEE, expire_le__lt=aujourdhui),
            "corrections": Q(etat=Annonce.Etat.A_CORRIGER),
        }
        condition = conditions.get(self.value())
        return queryset if condition is None else queryset.filter(condition)


class Confiance(admin.SimpleListFilter):
    title = "structure de confiance"
    parameter_name = "confiance"

    def lookups(self, request, model_admin):
        return [("oui", "oui"), ("non", "non")]

    def queryset(self, request, queryset):
        sures = ReglagesStructure.objects.filter(de_confiance=True).values("structure")
        if self.value() == "oui":
            return queryset.filter(structure__in=sures)
        return queryset.exclude(structure__in=sures) if self.value() == "non" else queryset


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
