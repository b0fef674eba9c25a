"""Workshops, participants and notes, for look-up and moderation.

Phases, quotas and `version` (what open screens compare) belong to reunions.actions: nothing is edited here, and what
staff take away goes through an act that makes every screen draw again.
"""

from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.http import urlencode

from annuaire.admin.communs import LectureSeule, PoleModelAdmin, exiger, page_d_acte
from annuaire.admin.formulaires import SansMotifForm
from reunions.actions import TransitionInterdite, postits
from reunions.models import Atelier, Participant, PostIt


class DansUnAtelier(LectureSeule, PoleModelAdmin, admin.ModelAdmin):
    """Read only, with the acts of `actes_de(objet)` above the fields: (URL, words, whether it takes away)."""

    change_form_template = "admin/actes_change_form.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        objet = self.get_object(request, object_id) if object_id else None
        actes = self.actes_de(request, objet) if objet is not None else []
        return super().changeform_view(request, object_id, form_url, {"actes": actes, **(extra_context or {})})

    def a_le_droit(self, request, verbe) -> bool:
        """The right that the act asks for, though the form itself changes nothing."""
        return request.user.has_perm(f"reunions.{verbe}_{self.opts.model_name}")


def liste(modele: str, **filtres) -> str:
    """The admin's list of `modele`, filtered."""
    return f"{reverse(f'admin:reunions_{modele}_changelist')}?{urlencode(filtres)}"


@admin.register(Atelier)
class AtelierAdmin(DansUnAtelier):
    list_display = ["reunion", "phase", "code", "phase_depuis", "quota_rose", "quota_jaune"]
    list_filter = ["phase"]
    list_select_related = ["reunion"]
    search_fields = ["reunion__titre", "code"]
    date_hierarchy = "cree_le"
    ordering = ["-cree_le", "-pk"]
    fields = [
        *["reunion", "code", "phase", "phase_depuis", "fin_ecriture", "quota_rose", "quota_jaune", "seuil"],
        *["consigne_rose", "consigne_jaune", "textes_projetes", "cree_le", "clos_le"],
    ]
    readonly_fields = fields

    def actes_de(self, request, atelier) -> list:
        return [
            (reverse("reunions:atelier", args=[atelier.reunion_id]), "Animer l'atelier", False),
            (liste("postit", axe__atelier__id__exact=atelier.pk), "Ses post-it", False),
            (liste("participant", atelier__id__exact=atelier.pk), "Ses participants", False),
        ]


@admin.register(Participant)
class ParticipantAdmin(DansUnAtelier):
    """No way to their page from here: their link is theirs alone."""

    list_display = ["__str__", "atelier", "structure", "papier", "cree_le", "vu_le"]
    list_filter = ["papier", "atelier__phase"]
    list_select_related = ["atelier__reunion", "structure"]
    search_fields = ["prenom", "structure__nom", "atelier__reunion__titre"]
    date_hierarchy = "cree_le"
    ordering = ["-cree_le", "-pk"]
    fields = ["atelier", "prenom", "structure", "utilisateur", "papier", "cree_le", "vu_le"]
    readonly_fields = fields

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "atelier__id__exact" or super().lookup_allowed(lookup, value, request)

    def actes_de(self, request, participant) -> list:
        actes = [(liste("postit", participant__id__exact=participant.pk), "Ses post-it", False)]
        if participant.prenom and self.a_le_droit(request, "change"):
            actes.append(
                (reverse("admin:reunions_participant_oublier", args=[participant.pk]), "Effacer le prénom", True)
            )
        return actes

    def get_urls(self):
        vue = self.admin_site.admin_view
        chemin = path("<int:pk>/oublier/", vue(self.oublier), name="reunions_participant_oublier")
        return [chemin, *super().get_urls()]

    def oublier(self, request, pk):
        exiger(self.a_le_droit(request, "change"))
        participant = get_object_or_404(Participant.objects.select_related("atelier__reunion"), pk=pk)

        def agir(_donnees):
            postits.oublier_prenom(participant)
            participant.prenom = ""  # the log of the admin names its object
            return "Le prénom est effacé."

        return page_d_acte(
            self,
            request,
            objet=participant,
            titre=f"Effacer le prénom « {participant} »",
            explication="Ses post-it restent : seul le prénom disparaît. Il ne se retrouve pas ensuite.",
            bouton="Effacer le prénom",
            form_class=SansMotifForm,
            danger=True,
            agir=agir,
            retour=reverse("admin:reunions_participant_change", args=[participant.pk]),
        )


@admin.register(PostIt)
class PostItAdmin(DansUnAtelier):
    list_display = ["texte", "couleur", "axe", "reunion", "participant", "structure", "origine", "cree_le"]
    list_filter = ["couleur", "origine", "axe__atelier__phase"]
    list_select_related = ["axe__atelier__reunion", "participant", "structure"]
    search_fields = ["texte", "structure__nom", "axe__nom", "axe__atelier__reunion__titre"]
    date_hierarchy = "cree_le"
    ordering = ["-cree_le", "-pk"]
    fields = [
        *["texte", "couleur", "axe", "reunion", "categorie", "participant", "structure", "origine"],
        *["cree_le", "modifie_le"],
    ]
    readonly_fields = fields

    def lookup_allowed(self, lookup, value, request=None):
        permis = ("axe__atelier__id__exact", "participant__id__exact")
        return lookup in permis or super().lookup_allowed(lookup, value, request)

    @admin.display(description="rencontre", ordering="axe__atelier__reunion__titre")
    def reunion(self, postit):
        return postit.axe.atelier.reunion

    def actes_de(self, request, postit) -> list:
        atelier = postit.axe.atelier
        actes = [(reverse("reunions:atelier", args=[atelier.reunion_id]), "Ouvrir l'atelier", False)]
        if not atelier.est_clos and self.a_le_droit(request, "delete"):
            actes.append((reverse("admin:reunions_postit_retirer", args=[postit.pk]), "Retirer ce post-it", True))
        return actes

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [path("<int:pk>/retirer/", vue(self.retirer), name="reunions_postit_retirer"), *super().get_urls()]

    def retirer(self, request, pk):
        exiger(self.a_le_droit(request, "delete"))
        postit = get_object_or_404(PostIt.objects.select_related("axe__atelier__reunion", "participant"), pk=pk)

        def agir(_donnees):
            if not postits.moderer(pk):
                raise TransitionInterdite("Ce post-it n'est plus là : quelqu'un l'a déjà retiré.")
            return "Le post-it est retiré de tous les écrans."

        explication = [
            f"« {postit.texte} », sur l'axe « {postit.axe} ».",
            "Il disparaît de tous les écrans et des résultats, et ne se retrouve pas. Un compte rendu déjà publié "
            "n'en change pas : publiez-en une nouvelle version.",
        ]
        if postit.participant_id:
            explication.append("La personne qui l'a écrit peut en écrire un autre à la place. Elle n'est pas prévenue.")
        return page_d_acte(
            self,
            request,
            objet=postit,
            titre="Retirer ce post-it",
            explication="\n".join(explication),
            bouton="Retirer le post-it",
            form_class=SansMotifForm,
            danger=True,
            agir=agir,
            retour=liste("postit", axe__atelier__id__exact=postit.axe.atelier_id),
        )
