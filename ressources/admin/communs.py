"""What the admin classes of the offers and needs share."""


class ActesDePage:
    """A change page that shows the acts its state allows: `actes_de(objet)` gives (URL, words, danger)."""

    change_form_template = "admin/actes_change_form.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        objet = self.get_object(request, object_id) if object_id else None
        actes = self.actes_de(objet) if objet is not None and self.peut_agir(request) else []
        return super().changeform_view(request, object_id, form_url, {"actes": actes, **(extra_context or {})})

    def peut_agir(self, request) -> bool:
        """The right to change, though the form itself changes nothing."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")
