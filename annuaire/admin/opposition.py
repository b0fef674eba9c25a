"""What the directory remembers on its own account."""

from django.contrib import admin

from annuaire.models import Opposition

from .communs import LectureSeule, PoleModelAdmin


@admin.register(Opposition)
class OppositionAdmin(LectureSeule, PoleModelAdmin):
    """People who said no: only a keyed hash is kept, so the list names nobody."""

    list_display = ["empreinte_courte", "motif", "cree_le"]
    fields = ["empreinte_courte", "motif", "cree_le"]
    ordering = ["-cree_le", "-pk"]

    @admin.display(description="empreinte")
    def empreinte_courte(self, opposition):
        return f"{opposition.empreinte[:12]}…"
