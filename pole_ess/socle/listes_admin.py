"""What a hand-written URL or form may ask of a list of the admin: an answer, never an error page."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, ValidationError


class ListeSure(ChangeList):
    """Django's list forgets that a year may be 9999 (there is no next one) or have thirty digits."""

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except (ValueError, OverflowError) as erreur:
            raise IncorrectLookupParameters(erreur) from erreur


class ListeSureMixin(admin.ModelAdmin):
    """For every ModelAdmin of ours: odd dates lead back to the whole list, odd lookups and row ids are a 400."""

    def get_changelist(self, request, **kwargs):
        return ListeSure

    def lookup_allowed(self, lookup, value, request=None):
        """No regular expression from the URL: a wrong one is a DataError, a clever one holds the database."""
        if lookup.endswith(("__regex", "__iregex")):
            return False
        return super().lookup_allowed(lookup, value, request)

    def response_action(self, request, queryset):
        try:
            for cle in request.POST.getlist("_selected_action"):
                self.opts.pk.to_python(cle)
        except ValidationError as erreur:
            raise BadRequest("a chosen row that is not one") from erreur
        return super().response_action(request, queryset)
