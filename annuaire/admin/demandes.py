"""Requests to belong to a structure, and what visitors reported."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from annuaire.actions import demandes, rattachements
from annuaire.actions import signalement as signalements
from annuaire.models import MessageRelaye, NonDoublon, Rattachement, Signalement

from . import formulaires
from .communs import HistoriqueAdmin, LectureSeule, PoleModelAdmin, exiger, page_d_acte


class RattachementForm(forms.ModelForm):
    """Staff attach an account, or invite an address that has none yet."""

    class Meta:
        model = Rattachement
        fields = ["structure", "utilisateur", "courriel", "role", "message"]

    def clean(self):
        donnees = super().clean()
        if bool(donnees.get("utilisateur")) == bool(donnees.get("courriel")):
            raise forms.ValidationError("Choisissez un compte, ou écrivez l'adresse à inviter : l'un des deux.")
        structure, courriel = donnees.get("structure"), donnees.get("courriel")
        if structure and courriel and rattachements.est_deja_membre(structure, courriel):
            self.add_error("courriel", "Cette personne est déjà membre : changez son rôle dans la liste.")
        return donnees

    def _post_clean(self):
        """The act builds the row: the model's own checks would refuse what it completes."""


@admin.register(Rattachement)
class RattachementAdmin(HistoriqueAdmin):
    list_display = ["structure", "personne", "role", "etat", "origine", "cree_le"]
    list_filter = ["etat", "role", "origine"]
    list_select_related = ["structure", "utilisateur"]
    search_fields = ["structure__nom", "utilisateur__email", "utilisateur__nom", "courriel"]
    autocomplete_fields = ["structure", "utilisateur"]
    ordering = ["-cree_le", "-pk"]
    change_form_template = "admin/annuaire/rattachement/change_form.html"

    class Media:
        js = ["js/admin_etiquettes.js"]

    @admin.display(description="personne")
    def personne(self, lien):
        return lien.utilisateur or lien.courriel

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **kwargs) if obj else RattachementForm

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["structure", "utilisateur", "courriel", "role", "message"]
        return ["structure", "utilisateur", "courriel", "role", "etat", "origine", "message", "cree_le", "actif_depuis"]

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else [champ for champ in self.get_fields(request, obj) if champ != "role"]

    def has_delete_permission(self, request, obj=None):
        """Members are taken out by the act, which tells them and minds the last référent."""
        return False

    def save_model(self, request, obj, form, change):
        if change:
            if "role" in form.changed_data:
                role, lien = obj.role, Rattachement.objects.get(pk=obj.pk)
                rattachements.changer_role(lien, role=role, par=request.user, signaler=True)
            return
        donnees = form.cleaned_data
        if donnees["utilisateur"]:
            lien = rattachements.rattacher(
                donnees["structure"],
                utilisateur=donnees["utilisateur"],
                role=donnees["role"],
                origine=Rattachement.Origine.EQUIPE,
                par=request.user,
            )
        else:
            lien = rattachements.inviter(
                donnees["structure"],
                courriel=donnees["courriel"],
                role=donnees["role"],
                par=request.user,
                message=donnees["message"],
            )
        obj.pk = lien.pk
        obj.refresh_from_db()

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/accepter/", vue(self.accepter), name="annuaire_rattachement_accepter"),
            path("<int:pk>/refuser/", vue(self.refuser), name="annuaire_rattachement_refuser"),
            path("<int:pk>/retirer/", vue(self.retirer), name="annuaire_rattachement_retirer"),
            *super().get_urls(),
        ]

    def _demande(self, request, pk, **filtres):
        exiger(self.has_change_permission(request))
        return get_object_or_404(Rattachement.objects.select_related("structure", "utilisateur"), pk=pk, **filtres)

    def accepter(self, request, pk):
        demande = self._demande(request, pk, etat="demande")

        def agir(_donnees):
            demandes.accepter(demande, par=request.user)
            return f"{demande.utilisateur} est maintenant {demande.get_role_display()} de « {demande.structure} »."

        return page_d_acte(
            self,
            request,
            objet=demande,
            titre="Accepter la demande",
            explication=f"{demande.utilisateur} ({demande.utilisateur.email}) dit représenter « {demande.structure} ». "
            f"{demande.message}",
            bouton="Accepter la demande",
            form_class=formulaires.SansMotifForm,
            agir=agir,
            retour=reverse("admin:annuaire_rattachement_changelist") + "?etat__exact=demande",
        )

    def refuser(self, request, pk):
        demande = self._demande(request, pk, etat="demande")

        def agir(donnees):
            rattachements.refuser_demande(demande, par=request.user, motif=donnees["motif"])
            return f"La demande de {demande.utilisateur} est refusée ; la raison lui est envoyée."

        return page_d_acte(
            self,
            request,
            objet=demande,
            titre="Refuser la demande",
            explication=f"{demande.utilisateur} ne sera pas rattaché à « {demande.structure} ».",
            bouton="Refuser et envoyer la raison",
            form_class=formulaires.MotifForm,
            agir=agir,
            retour=reverse("admin:annuaire_rattachement_changelist") + "?etat__exact=demande",
            danger=True,
        )

    def retirer(self, request, pk):
        lien = self._demande(request, pk)

        def agir(_donnees):
            if lien.etat == Rattachement.Etat.INVITE:
                rattachements.annuler_invitation(lien, par=request.user)
                return f"L'invitation de {lien.courriel or lien.utilisateur} est annulée."
            rattachements.retirer(lien, par=request.user, signaler=True)
            return f"{lien.utilisateur} n'est plus rattaché à « {lien.structure} »."

        return page_d_acte(
            self,
            request,
            objet=lien,
            titre="Retirer de la structure",
            explication=f"{lien.utilisateur or lien.courriel} ne sera plus rattaché à « {lien.structure} » ; "
            "la personne en est avertie.",
            bouton="Retirer de la structure",
            form_class=formulaires.SansMotifForm,
            agir=agir,
            retour=reverse("admin:annuaire_rattachement_changelist"),
            danger=True,
        )


@admin.register(Signalement)
class SignalementAdmin(PoleModelAdmin):
    list_display = ["structure", "genre", "etat", "cree_le", "extrait"]
    list_filter = ["etat", "genre"]
    list_select_related = ["structure"]
    search_fields = ["structure__nom", "texte", "nom"]
    ordering = ["cree_le", "pk"]
    fields = ["structure", "genre", "nom", "courriel", "texte", "etat", "cree_le", "reponse", "traite_par", "traite_le"]
    readonly_fields = fields
    change_form_template = "admin/annuaire/signalement/change_form.html"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="ce qui est dit")
    def extrait(self, signalement):
        return signalement.texte[:80]

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/traiter/", vue(self.traiter), name="annuaire_signalement_traiter"),
            path("<int:pk>/sans-suite/", vue(self.sans_suite), name="annuaire_signalement_sans_suite"),
            path("<int:pk>/effacer/", vue(self.effacer), name="annuaire_signalement_effacer"),
            *super().get_urls(),
        ]

    def _signalement(self, request, pk):
        exiger(self.has_change_permission(request))
        return get_object_or_404(Signalement.objects.select_related("structure"), pk=pk)

    def _page(self, request, signalement, **page):
        return page_d_acte(
            self,
            request,
            objet=signalement,
            explication=f"« {signalement.structure} » : {signalement.texte or signalement.get_genre_display()}",
            retour=reverse("admin:annuaire_signalement_changelist") + "?etat__exact=a_traiter",
            **page,
        )

    def traiter(self, request, pk):
        signalement = self._signalement(request, pk)

        def agir(donnees):
            signalements.traiter(signalement, par=request.user, reponse=donnees["reponse"])
            return "Le signalement est traité."

        return self._page(
            request,
            signalement,
            titre="Marquer comme traité",
            bouton="C'est traité",
            form_class=formulaires.ReponseForm,
            agir=agir,
        )

    def sans_suite(self, request, pk):
        signalement = self._signalement(request, pk)

        def agir(donnees):
            signalements.rejeter(signalement, par=request.user, reponse=donnees["reponse"])
            return "Le signalement est classé sans suite."

        return self._page(
            request,
            signalement,
            titre="Classer sans suite",
            bouton="Classer sans suite",
            form_class=formulaires.ReponseRequiseForm,
            agir=agir,
            danger=True,
        )

    def effacer(self, request, pk):
        """Erase the person from the sheet and remember the objection; then answer (RGPD art. 17 and 21)."""
        signalement = self._signalement(request, pk)

        def form_class(donnees):
            return formulaires.EffacementForm(
                donnees, initial={"nom": signalement.nom, "courriel": signalement.courriel}
            )

        def agir(donnees):
            demandes.retirer_personne(signalement, par=request.user, **donnees)
            return "La personne est retirée de la fiche ; aucun import ne la ramènera."

        return self._page(
            request,
            signalement,
            titre="Retirer une personne",
            bouton="Retirer cette personne",
            form_class=form_class,
            agir=agir,
            danger=True,
        )


@admin.register(MessageRelaye)
class MessageRelayeAdmin(LectureSeule, PoleModelAdmin):
    """That a message passed, not what it said: correspondence is private."""

    list_display = ["structure", "cree_le", "destinataires"]
    list_select_related = ["structure"]
    fields = ["structure", "cree_le", "destinataires"]


@admin.register(NonDoublon)
class NonDoublonAdmin(PoleModelAdmin):
    list_display = ["structure_a", "structure_b", "motif", "decide_par", "decide_le"]
    list_select_related = ["structure_a", "structure_b", "decide_par"]
    fields = readonly_fields = ["structure_a", "structure_b", "motif", "decide_par", "decide_le"]
    ordering = ["-decide_le", "-pk"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        messages.info(request, "La paire sera de nouveau proposée parmi les doublons possibles.")
