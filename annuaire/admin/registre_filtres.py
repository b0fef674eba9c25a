"""Filters of the registered structures, each a question that staff ask."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Count, Q
from django.utils import timezone

from annuaire.models import Activite, EntreeRegistre

COMMUNES = 12
"""Communes offered, those with the most; the others are found by searching their name."""


class Liste(admin.SimpleListFilter):
    """Which of them: by default, what is not listed."""

    title = "liste"
    parameter_name = "liste"
    CONDITIONS = {
        "": Q(etat__in=["a_voir", "invitee"], fermee_le=None),
        "a_rapprocher": Q(etat__in=["a_voir", "invitee"], fermee_le=None, proposee__isnull=False),
        "a_inviter": Q(etat="a_voir", fermee_le=None),
        "invitees": Q(etat="invitee"),
        "proposees": Q(etat="invitee", invitation__proposee_le__isnull=False),
        "rapprochees": Q(etat="rapprochee"),
        "fermees": Q(fermee_le__isnull=False),
        "ecartees": Q(etat="ecartee"),
        "opposees": Q(etat="opposee"),
        "toutes": Q(),
    }
    MOTS = {
        "a_rapprocher": "ressemblent à une fiche",
        "a_inviter": "jamais invitées",
        "invitees": "invitées",
        "proposees": "ont répondu",
        "rapprochees": "dans l'annuaire",
        "fermees": "dissoutes ou fermées",
        "ecartees": "écartées",
        "opposees": "opposées",
        "toutes": "toutes",
    }

    def lookups(self, request, model_admin):
        return self.MOTS.items()

    def choices(self, changelist):
        for choix in super().choices(changelist):
            yield {**choix, "display": "non listées"} if choix["display"] in ("Tout", "All", "Tous") else choix

    def queryset(self, request, queryset):
        return queryset.filter(self.CONDITIONS.get(self.value() or "", self.CONDITIONS[""]))


class CommuneFiltre(admin.SimpleListFilter):
    title = "commune"
    parameter_name = "commune"

    def lookups(self, request, model_admin):
        non_listees = EntreeRegistre.objects.non_listees().order_by()
        comptes = non_listees.values_list("commune", "commune__nom").annotate(combien=Count("pk")).order_by("-combien")
        choix = [(code, f"{nom} ({combien})") for code, nom, combien in comptes[:COMMUNES]]
        demande = request.GET.get(self.parameter_name, "")
        if demande and demande not in dict(choix):
            choix.append((demande, demande[:5]))
        return choix

    def queryset(self, request, queryset):
        return queryset.filter(commune=self.value()[:5].replace("\x00", "")) if self.value() else queryset


class ActiviteFiltre(admin.SimpleListFilter):
    title = "activité devinée"
    parameter_name = "activite"

    def lookups(self, request, model_admin):
        familles = [(str(pk), nom) for pk, nom in Activite.objects.filter(parent=None).values_list("pk", "nom")]
        choix = [*familles, ("aucune", "aucune")]
        demande = request.GET.get(self.parameter_name, "")
        if demande.isascii() and demande.isdecimal() and len(demande) < 10 and demande not in dict(choix):
            choix += [(demande, nom) for nom in Activite.objects.filter(pk=demande).values_list("nom", flat=True)]
        return choix

    def queryset(self, request, queryset):
        valeur = self.value() or ""
        if valeur == "aucune":
            return queryset.filter(activite=None)
        if not (valeur.isascii() and valeur.isdecimal() and len(valeur) < 10):
            return queryset
        return queryset.filter(Q(activite=valeur) | Q(activite__parent=valeur))


class Age(admin.SimpleListFilter):
    title = "âge"
    parameter_name = "age"
    ANS = {"1": (0, 1), "5": (1, 5), "15": (5, 15), "plus": (15, 1000)}

    def lookups(self, request, model_admin):
        mots = ["moins d'un an", "de 1 à 5 ans", "de 5 à 15 ans", "plus de 15 ans"]
        return list(zip(self.ANS, mots, strict=True))

    def queryset(self, request, queryset):
        if self.value() not in self.ANS:
            return queryset
        jeune, vieux = self.ANS[self.value()]
        aujourdhui = timezone.localdate()
        avant = aujourdhui - timedelta(days=365 * jeune)
        if vieux == 1000:
            return queryset.filter(date_creation__lte=avant)
        return queryset.filter(date_creation__lte=avant, date_creation__gt=aujourdhui - timedelta(days=365 * vieux))
