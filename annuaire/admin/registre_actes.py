"""The acts on one registered structure, each on a page of its own."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from annuaire.actions import registres, registres_invitations
from annuaire.forms.registres import EcarterForm, InviterForm, RapprocherForm
from annuaire.models import EntreeRegistre
from annuaire.querysets_registres import JOURS_INVITATION

from . import formulaires
from .communs import exiger, page_d_acte

ACTES = {
    "confirmer": ("C'est cette fiche", False),
    "distinguer": ("C'est une autre structure", False),
    "rapprocher": ("Choisir sa fiche", False),
    "inviter": ("Inviter par e-mail", False),
    "rappeler": ("Envoyer le rappel", False),
    "ecarter": ("Écarter", True),
    "revoir": ("Remettre parmi celles à voir", False),
    "opposer": ("Elle ne veut pas figurer", True),
}
"""Act -> (words of its button, whether it takes something away)."""


class ActesDeRegistre:
    """URLs and pages of the acts; mixed into EntreeRegistreAdmin."""

    change_form_template = "admin/actes_change_form.html"

    def get_urls(self):
        vue = self.admin_site.admin_view(self.acte)
        return [path("<int:pk>/acte/<slug:acte>/", vue, name="annuaire_entreeregistre_acte"), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        entree = self.get_object(request, object_id) if object_id else None
        actes = self._actes(entree) if entree is not None and self.has_change_permission(request) else []
        return super().changeform_view(request, object_id, form_url, {"actes": actes, **(extra_context or {})})

    def _possibles(self, entree) -> list[str]:
        if entree.etat == EntreeRegistre.Etat.OPPOSEE:
            return []
        if entree.etat in (EntreeRegistre.Etat.ECARTEE, EntreeRegistre.Etat.RAPPROCHEE):
            return ["revoir", "opposer"]
        invitation = getattr(entree, "invitation", None)
        possibles = ["confirmer", "distinguer"] if entree.proposee else []
        possibles.append("rapprocher")
        if invitation is None and not entree.fermee_le:
            possibles.append("inviter")
        elif invitation and type(invitation).objects.a_rappeler().filter(pk=invitation.pk).exists():
            possibles.append("rappeler")
        return [*possibles, "ecarter", "opposer"]

    def _actes(self, entree) -> list:
        actes = [
            (reverse("admin:annuaire_entreeregistre_acte", args=[entree.pk, acte]), *ACTES[acte])
            for acte in self._possibles(entree)
        ]
        invitation = getattr(entree, "invitation", None)
        if invitation and invitation.voie == invitation.Voie.LETTRE:
            actes.append(
                (f"{reverse('admin:annuaire_entreeregistre_lettres_pdf')}?e={entree.pk}", "Sa lettre (PDF)", False)
            )
        return actes

    def acte(self, request, pk, acte):
        exiger(self.has_change_permission(request))
        entree = get_object_or_404(
            EntreeRegistre.objects.select_related("commune", "proposee", "invitation", "structure"), pk=pk
        )
        if acte not in ACTES:
            raise Http404
        page = getattr(self, f"_page_{acte}")(entree, request.user)
        retour = reverse("admin:annuaire_entreeregistre_change", args=[entree.pk])
        bouton, danger = ACTES[acte]
        return page_d_acte(self, request, objet=entree, retour=retour, **{"bouton": bouton, "danger": danger, **page})

    def _page_confirmer(self, entree, par):
        def agir(_donnees):
            if entree.proposee is None:
                raise ValueError("Aucune fiche n'est proposée : quelqu'un a déjà répondu.")
            registres.rapprocher(entree, structure=entree.proposee, par=par)
            return f"« {entree} » est dans l'annuaire : c'est « {entree.proposee} »."

        return {
            "titre": f"« {entree} » est-elle « {entree.proposee or '?'} » ?",
            "explication": f"Le registre dit : {entree.nom}, {entree.commune}. {entree.objet[:400]}\n"
            f"La fiche : {entree.proposee or 'aucune'} ({entree.ressemblance}).",
            "form_class": formulaires.SansMotifForm,
            "agir": agir,
        }

    def _page_distinguer(self, entree, par):
        def agir(_donnees):
            registres.distinguer(entree, par=par)
            return f"C'est noté : « {entree} » est une autre structure."

        return {
            "titre": f"« {entree} » n'est pas « {entree.proposee or '?'} »",
            "explication": "Cette fiche ne sera plus proposée pour cette structure enregistrée.",
            "form_class": formulaires.SansMotifForm,
            "agir": agir,
        }

    def _page_rapprocher(self, entree, par):
        def agir(donnees):
            registres.rapprocher(entree, structure=donnees["fiche"], par=par)
            return f"« {entree} » est dans l'annuaire : c'est « {donnees['fiche']} »."

        return {
            "titre": f"Quelle fiche est « {entree} » ?",
            "explication": f"Le registre dit : {entree.nom}, {entree.commune}. {entree.objet[:400]}",
            "bouton": "C'est cette fiche",
            "form_class": partial(RapprocherForm, entree=entree),
            "agir": agir,
        }

    def _page_inviter(self, entree, par):
        def agir(donnees):
            registres_invitations.inviter_par_courriel(entree, par=par, **donnees)
            return f"L'invitation part à {donnees['courriel']}."

        return {
            "titre": f"Inviter « {entree} » par e-mail",
            "explication": "Une seule invitation, et un seul rappel trois semaines plus tard. Le message dit d'où "
            f"viennent ces données, et comment ne pas figurer. Le lien est valable {JOURS_INVITATION} jours.",
            "bouton": "Envoyer l'invitation",
            "form_class": InviterForm,
            "agir": agir,
        }

    def _page_rappeler(self, entree, par):
        def agir(_donnees):
            invitation = getattr(entree, "invitation", None)
            if invitation is None:
                raise ValueError("Cette structure n'a pas été invitée.")
            registres_invitations.rappeler(invitation, par=par)
            return f"Le rappel part à {invitation.courriel}."

        return {
            "titre": f"Rappeler l'invitation de « {entree} »",
            "explication": "C'est le seul rappel possible : sans réponse, ne la sollicitez plus.",
            "form_class": formulaires.SansMotifForm,
            "agir": agir,
        }

    def _page_ecarter(self, entree, par):
        def agir(donnees):
            registres.ecarter(entree, par=par, **donnees)
            return f"« {entree} » est écartée."

        return {
            "titre": f"Écarter « {entree} »",
            "explication": "Elle ne sera plus montrée parmi les non listées, ni invitée. Vous pourrez y revenir.",
            "form_class": EcarterForm,
            "agir": agir,
        }

    def _page_revoir(self, entree, par):
        def agir(_donnees):
            registres.revoir(entree, par=par)
            return f"« {entree} » est de nouveau parmi celles à voir."

        return {
            "titre": f"Revoir « {entree} »",
            "explication": "Elle redevient « à voir ». La fiche dont elle était rapprochée ne lui sera plus proposée.",
            "form_class": formulaires.SansMotifForm,
            "agir": agir,
        }

    def _page_opposer(self, entree, par):
        def agir(_donnees):
            registres_invitations.s_opposer(entree, motif="dit à l'équipe")
            return "C'est effacé, et ce ne sera plus importé."

        return {
            "titre": f"« {entree} » ne veut pas figurer",
            "explication": "Tout ce que le portail garde d'elle est effacé, son invitation comprise. Une empreinte "
            "illisible empêche qu'elle revienne au prochain import. On ne peut pas revenir en arrière.",
            "bouton": "Effacer et ne plus importer",
            "form_class": formulaires.SansMotifForm,
            "agir": agir,
        }
