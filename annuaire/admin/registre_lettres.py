"""Letters of invitation: prepared for a selection (POST), then printed as often as needed (PDF, changes nothing)."""

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.dateparse import parse_date

from annuaire.actions import registres_invitations
from annuaire.models import InvitationRegistre
from annuaire.registres_lettres import lettres
from pole_ess.socle.documents import reponse_pdf
from pole_ess.socle.templatetags.francais import pluriel

from . import formulaires
from .communs import contexte_de_page, exiger, page_d_acte


class PagesDeLettres:
    """Three pages added to the ModelAdmin of registered structures."""

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("lettres/", vue(self.lettres), name="annuaire_entreeregistre_lettres"),
            path("lettres.pdf", vue(self.lettres_pdf), name="annuaire_entreeregistre_lettres_pdf"),
            path("lettres/preparer/", vue(self.preparer_lettres), name="annuaire_entreeregistre_preparer_lettres"),
            *super().get_urls(),
        ]

    def _en_cours(self):
        return InvitationRegistre.objects.en_cours().filter(voie=InvitationRegistre.Voie.LETTRE)

    def lettres(self, request):
        """The letters by the day they were prepared, as long as they may be answered."""
        exiger(self.has_change_permission(request))
        jours = (
            self._en_cours()
            .annotate(jour=TruncDate("envoyee_le"))
            .values_list("jour")
            .annotate(combien=Count("pk"))
            .order_by("-jour")
        )
        contexte = contexte_de_page(self, request, "Lettres d'invitation", jours=jours)
        return TemplateResponse(request, "admin/annuaire/entreeregistre/lettres.html", contexte)

    def lettres_pdf(self, request):
        """`?jour=2026-11-26`: those of a day; `?e=12`: that of one structure. 404 when there is none."""
        exiger(self.has_change_permission(request))
        invitations = self._en_cours().select_related("entree__commune")
        if cle := request.GET.get("e", ""):
            if not (cle.isascii() and cle.isdecimal() and len(cle) < 18):
                raise Http404
            invitations = invitations.filter(entree=cle)
        else:
            try:
                jour = parse_date(request.GET.get("jour", ""))
            except ValueError:
                jour = None
            if jour is None:
                raise Http404
            invitations = invitations.filter(envoyee_le__date=jour)
        trouvees = list(invitations.order_by("entree__tri", "pk")[: registres_invitations.LETTRES_MAX])
        if not trouvees:
            raise Http404
        return reponse_pdf(lettres(trouvees), f"invitations-{request.GET.get('jour') or trouvees[0].entree.nom}")

    def preparer_lettres(self, request):
        exiger(self.has_change_permission(request))
        choisies = self.choisies(request)
        maximum = registres_invitations.LETTRES_MAX
        combien = len(choisies)
        if combien > maximum:
            messages.warning(request, f"{maximum} lettres au plus à la fois : les premières seulement.")

        def agir(_donnees):
            faites = registres_invitations.preparer_lettres([e.pk for e in choisies], par=request.user)
            if not faites:
                raise ValueError("Aucune ne peut être invitée : elles l'ont été déjà, ou sont dans l'annuaire.")
            return f"{faites} {pluriel(faites, 'lettre est prête,lettres sont prêtes')} : imprimez, puis postez."

        return page_d_acte(
            self,
            request,
            objet=choisies[0],
            titre=f"Préparer {combien} {pluriel(combien, 'lettre,lettres')} d'invitation",
            explication="Chaque lettre dit ce que le registre sait de la structure, comment proposer sa fiche, et "
            "comment ne pas figurer. Une structure n'est invitée qu'une fois.\n"
            + "\n".join(e.nom for e in choisies[:20]),
            bouton="Préparer les lettres",
            form_class=formulaires.SansMotifForm,
            agir=agir,
            retour=reverse("admin:annuaire_entreeregistre_lettres"),
        )
