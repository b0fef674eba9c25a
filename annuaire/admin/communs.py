"""What the admin classes of the directory share."""

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from simple_history.admin import SimpleHistoryAdmin

from annuaire.actions import TransitionInterdite
from pole_ess.socle.listes_admin import ListeSureMixin


class PoleModelAdmin(ListeSureMixin):
    """Lists of 50, without a second count of the whole table."""

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        titre = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": titre, **(extra_context or {})})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The object's own name as the title, instead of « Modification de structure »."""
        objet = self.get_object(request, object_id) if object_id else None
        titres = {"title": str(objet), "subtitle": None} if objet is not None else {}
        return super().changeform_view(request, object_id, form_url, {**titres, **(extra_context or {})})

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """No button to save where nothing can be written."""
        fiches = context["adminform"]
        if obj is not None and not context["inline_admin_formsets"] and not fiches.form.fields:
            context |= {"show_save": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


class HistoriqueAdmin(SimpleHistoryAdmin, PoleModelAdmin):
    """Who changed what and when. Read only: putting a version back by hand would go round the rules of the acts."""

    history_list_per_page = 30

    def history_view_title(self, request, obj):
        return f"Historique de « {obj} »"

    def history_form_view_title(self, request, obj):
        return f"« {obj} » ce jour-là"

    def revert_disabled(self, request, obj=None):
        return True

    # A version is looked at as the object is. What Django does where nobody may change a thing, simple_history forgets.

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change or obj is not None, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        if self.fieldsets and obj is not None and not self.has_change_permission(request, obj):
            return flatten_fieldsets(self.fieldsets)
        return super().get_readonly_fields(request, obj)


class LectureSeule:
    """Rows that the portal writes: never added, changed nor deleted by hand."""

    def has_add_permission(self, request, *args):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def contexte_de_page(modele_admin, request, titre, **contexte):
    """What every page of ours in the admin needs: the site's own context, the model, the title."""
    return {
        **modele_admin.admin_site.each_context(request),
        "opts": modele_admin.model._meta,
        "title": titre,
        **contexte,
    }


def exiger(condition) -> None:
    if not condition:
        raise PermissionDenied


def page_d_acte(modele_admin, request, *, objet, titre, explication, bouton, form_class, agir, retour, danger=False):
    """A page with a form (GET) and its act (POST): nothing happens before the button is pressed.

    `agir(donnees)` returns the sentence that says what was done. What the act refuses is said in the page, with
    what was typed.
    """
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            message = agir(form.cleaned_data)
        except (TransitionInterdite, ValueError) as refus:
            form.add_error(None, str(refus))
        else:
            modele_admin.log_change(request, objet, message)
            messages.success(request, message)
            return HttpResponseRedirect(retour)
    contexte = contexte_de_page(
        modele_admin,
        request,
        titre,
        objet=objet,
        explication=explication,
        bouton=bouton,
        form=form,
        retour=retour,
        danger=danger,
    )
    return TemplateResponse(request, "admin/acte.html", contexte)
