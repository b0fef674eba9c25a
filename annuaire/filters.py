"""Filters of the staff's lists, read from the query string: what makes no sense there filters nothing."""

import django_filters
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from annuaire.models import Commune, Structure


def _communes_presentes(request):
    return Commune.objects.filter(pk__in=Structure.objects.a_telephoner(timezone.localdate()).values("commune"))


class ATelephonerFilter(django_filters.FilterSet):
    """Who to call first. On `StructureQuerySet.a_telephoner`, annotated with `dernier_echange` and `rappel`."""

    commune = django_filters.ModelChoiceFilter(
        label="Commune", queryset=_communes_presentes, empty_label="Toutes les communes"
    )
    suivi = django_filters.ChoiceFilter(
        label="Suivi",
        empty_label="Toutes les fiches",
        choices=[("jamais", "Jamais contactées"), ("rappel", "À rappeler aujourd'hui ou en retard")],
        method="filtrer_suivi",
    )
    numero = django_filters.ChoiceFilter(
        label="Téléphone",
        empty_label="Avec ou sans numéro",
        choices=[("oui", "Avec un numéro"), ("non", "Sans numéro : à chercher")],
        method="filtrer_numero",
    )

    class Meta:
        model = Structure
        fields = []

    def filtrer_suivi(self, queryset, nom, valeur):
        if valeur == "jamais":
            return queryset.filter(dernier_echange=None)
        return queryset.filter(rappel__lte=timezone.localdate())

    def filtrer_numero(self, queryset, nom, valeur):
        sans = Q(telephone="")
        return queryset.filter(~sans if valeur == "oui" else sans)

    @property
    def chaine(self) -> str:
        """The filters in use as a query string that pages and the file keep: « commune=03310&suivi=jamais »."""
        chaine = QueryDict(mutable=True)
        for nom in self.filters:
            if valeur := self.data.get(nom):
                chaine[nom] = valeur
        return chaine.urlencode()
