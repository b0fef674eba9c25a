"""Reports, words of vigilance, trusted structures, categories."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from annuaire.admin.communs import LectureSeule, PoleModelAdmin, exiger, page_d_acte
from annuaire.admin.formulaires import MotifForm, ReponseForm, ReponseRequiseForm, SansMotifForm
from annuaire.models import Structure
from pole_ess.socle.templatetags.francais import depuis, pluriel
from ressources.actions import moderation, signalements
from ressources.models import Categorie, MotDeVigilance, ReglagesStructure, SignalementAnnonce

from .communs import ActesDePage


@admin.register(SignalementAnnonce)
class SignalementAnnonceAdmin(ActesDePage, LectureSeule, PoleModelAdmin):
    list_display = ["annonce", "genre", "etat", "cree_le", "extrait"]
    list_filter = ["etat", "genre", "annonce__etat"]
    list_select_related = ["annonce"]
    search_fields = ["annonce__titre", "annonce__structure__nom", "texte"]
    ordering = ["cree_le", "pk"]
    fields = [
        *["annonce", "genre", "texte", "auteur", "courriel", "etat", "cree_le"],
        *["reponse", "clos"],
    ]
    readonly_fields = ["clos"]

    @admin.display(description="ce qui est dit")
    def extrait(self, signalement):
        return signalement.texte[:80]

    @admin.display(description="clos")
    def clos(self, signalement):
        if not signalement.traite_le:
            return "pas encore"
        qui = signalement.traite_par or "la réponse de la structure"
        return f"{depuis(signalement.traite_le)}, par {qui}"

    def actes_de(self, signalement) -> list:
        annonce = reverse("admin:ressources_annonce_change", args=[signalement.annonce_id])
        actes = [(annonce, "Ouvrir l'annonce", False)]
        if signalement.etat == SignalementAnnonce.Etat.A_TRAITER:
            traiter, sans_suite = (
                reverse(f"admin:ressources_signalementannonce_{acte}", args=[signalement.pk])
                for acte in ("traiter", "sans_suite")
            )
            actes += [(traiter, "Marquer comme traité", False), (sans_suite, "Classer sans suite", True)]
        return actes

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/traiter/", vue(self.traiter), name="ressources_signalementannonce_traiter"),
            path("<int:pk>/sans-suite/", vue(self.sans_suite), name="ressources_signalementannonce_sans_suite"),
            *super().get_urls(),
        ]

    def _page(self, request, pk, agir, **page):
        exiger(self.peut_agir(request))
        signalement = get_object_or_404(SignalementAnnonce.objects.select_related("annonce"), pk=pk)
        quoi = signalement.texte or signalement.get_genre_display()
        return page_d_acte(
            self,
            request,
            objet=signalement,
            explication=f"« {signalement.annonce} » : {quoi}",
            agir=lambda donnees: agir(signalement, donnees["reponse"]),
            retour=reverse("admin:ressources_signalementannonce_changelist") + "?etat__exact=a_traiter",
            **page,
        )

    def traiter(self, request, pk):
        def agir(signalement, reponse):
            signalements.traiter(signalement, par=request.user, reponse=reponse)
            return "Le signalement est traité."

        return self._page(
            request, pk, agir, titre="Marquer comme traité", bouton="C'est traité", form_class=ReponseForm
        )

    def sans_suite(self, request, pk):
        def agir(signalement, reponse):
            signalements.rejeter(signalement, par=request.user, reponse=reponse)
            return "Le signalement est classé sans suite."

        return self._page(
            request,
            pk,
            agir,
            titre="Classer sans suite",
            bouton="Classer sans suite",
            form_class=ReponseRequiseForm,
            danger=True,
        )


@admin.register(MotDeVigilance)
class MotDeVigilanceAdmin(PoleModelAdmin):
    list_display = ["expression", "raison"]
    search_fields = ["expression", "raison"]
    fields = ["expression", "raison"]

    def get_form(self, request, obj=None, **kwargs):
        aides = {"expression": "Au singulier et sans majuscule : pluriels et accents sont trouvés aussi."}
        return super().get_form(request, obj, help_texts=aides, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "expression" not in form.changed_data:
            return
        trouves = moderation.reperer_partout(obj.expression)
        if trouves:
            quoi = " et ".join(f"{nombre} {pluriel(nombre, noms)}" for noms, nombre in trouves)
            verbe = pluriel(sum(nombre for _, nombre in trouves), "contient,contiennent")
            messages.warning(request, f"{quoi} en ligne {verbe} ce mot : cela attend sur l'accueil, « à relire ».")


CONFIANCE = {
    "accorder": {
        "titre": "Faire confiance à « {nom} »",
        "explication": "Ses prochaines annonces paraîtront tout de suite, sans votre relecture, sauf mot de vigilance. "
        "La structure en est prévenue.",
        "bouton": "Faire confiance",
        "form_class": SansMotifForm,
        "fait": "« {nom} » est maintenant une structure de confiance.",
    },
    "retirer": {
        "titre": "Ne plus faire confiance à « {nom} »",
        "explication": "Ses prochaines annonces attendront votre relecture. Celles qui sont en ligne y restent. La "
        "structure reçoit votre raison.",
        "bouton": "Retirer la confiance et envoyer la raison",
        "form_class": MotifForm,
        "danger": True,
        "fait": "« {nom} » n'est plus une structure de confiance.",
    },
}


@admin.register(ReglagesStructure)
class ReglagesStructureAdmin(ActesDePage, PoleModelAdmin):
    """Trusted structures. The secret of the calendar feed is never shown."""

    list_display = ["structure", "de_confiance", "confiance_par", "confiance_le"]
    list_filter = ["de_confiance"]
    list_select_related = ["structure", "confiance_par"]
    search_fields = ["structure__nom"]
    ordering = ["-de_confiance", "structure__tri", "pk"]
    autocomplete_fields = ["structure"]

    class Media:
        js = ["js/admin_etiquettes.js"]

    def get_fields(self, request, obj=None):
        return ["structure", "de_confiance", "confiance_par", "confiance_le"] if obj else ["structure"]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj) if obj else []

    def has_change_permission(self, request, obj=None):
        """A row is made, then changed by its two acts."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        """Added: a structure to trust."""
        if not change:
            obj.pk = moderation.faire_confiance(obj.structure, par=request.user).pk
            obj.refresh_from_db()

    def actes_de(self, reglages) -> list:
        acte, mots = ("retirer", "Ne plus lui faire confiance")
        if not reglages.de_confiance:
            acte, mots = "accorder", "Lui faire confiance"
        url = reverse("admin:ressources_reglagesstructure_confiance", args=[reglages.structure_id, acte])
        return [(url, mots, acte == "retirer")]

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("structure/<int:pk>/<str:acte>/", vue(self.confiance), name="ressources_reglagesstructure_confiance"),
            *super().get_urls(),
        ]

    def confiance(self, request, pk, acte):
        exiger(self.peut_agir(request) and acte in CONFIANCE)
        structure = get_object_or_404(Structure, pk=pk)
        page = dict(CONFIANCE[acte])
        fait = page.pop("fait").format(nom=structure.nom)
        page["titre"] = page["titre"].format(nom=structure.nom)

        def agir(donnees):
            if acte == "accorder":
                moderation.faire_confiance(structure, par=request.user)
            else:
                moderation.retirer_confiance(structure, par=request.user, **donnees)
            return fait

        retour = reverse("admin:ressources_reglagesstructure_changelist")
        return page_d_acte(self, request, objet=structure, agir=agir, retour=retour, **page)


@admin.register(Categorie)
class CategorieAdmin(PoleModelAdmin):
    list_display = ["nom", "nature", "synonymes", "ordre"]
    list_filter = ["nature"]
    search_fields = ["nom", "synonymes"]
    prepopulated_fields = {"slug": ["nom"]}
