"""The list of subscribers: what bounces did, how to reverse it, how to stop or remove somebody; its export."""

from django.contrib import admin, messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from annuaire import exports
from annuaire.admin.communs import PoleModelAdmin, contexte_de_page, exiger, page_d_acte
from annuaire.admin.imports_communs import telecharger
from newsletter.actions import TransitionInterdite, abonnements
from newsletter.forms.equipe import AjoutForm, DetailForm, SansChampForm
from newsletter.models import Abonne
from pole_ess.socle.templatetags.francais import pluriel
from ressources.natures import PROFILS

ACTES = {
    "reprendre": {
        "titre": "Reprendre les envois à {qui}",
        "lien": "Reprendre les envois",
        "explication": "La lettre lui est envoyée de nouveau, et ses rebonds sont comptés à partir de zéro. Après une "
        "plainte, ne le faites que si la personne vous l'a demandé.",
        "bouton": "Reprendre les envois",
        "form_class": SansChampForm,
        "fait": "Les envois à {qui} reprennent.",
        "etats": {Abonne.Etat.SUSPENDU},
    },
    "suspendre": {
        "titre": "Suspendre les envois à {qui}",
        "lien": "Suspendre les envois",
        "explication": "Plus rien ne lui est envoyé tant que vous ne reprenez pas. La personne n'est pas prévenue.",
        "bouton": "Suspendre les envois",
        "form_class": DetailForm,
        "danger": True,
        "fait": "Les envois à {qui} sont suspendus.",
        "etats": {Abonne.Etat.CONFIRME},
    },
    "desabonner": {
        "titre": "Désabonner {qui}",
        "lien": "Désabonner",
        "explication": "Son adresse est effacée aussitôt. Aucun import ne la ramènera : elle seule peut se réabonner, "
        "par le formulaire.",
        "bouton": "Désabonner et effacer l'adresse",
        "form_class": SansChampForm,
        "danger": True,
        "fait": "{qui} est désabonné : l'adresse est effacée.",
        "etats": set(Abonne.Etat),
    },
}
SANS_ENREGISTRER = {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
"""Nothing on the page is edited: no button that would say so."""
COLONNES = [
    *["adresse", "état", "suspension", "détail", "rebonds définitifs", "rebonds provisoires", "dernier rebond"],
    *["fréquence", "natures", "activités", "autour de", "formulaire", "mention", "demande le", "confirmée le"],
]


@admin.register(Abonne)
class AbonneAdmin(PoleModelAdmin, admin.ModelAdmin):
    """Nothing is edited by hand: choices are the person's own, states change by acts."""

    list_display = ["courriel", "etat", "pourquoi", "rebonds", "geste", "confirme_le"]
    list_filter = ["etat", "suspension", "formulaire", "frequence"]
    search_fields = ["courriel"]
    date_hierarchy = "confirme_le"
    change_form_template = "admin/actes_change_form.html"
    change_list_template = "admin/newsletter/abonne/liste.html"
    fields = [
        *["courriel", "etat", "utilisateur", "choix", "frequence", "suspension", "suspension_detail", "suspendu_le"],
        *["rebonds_durs", "rebonds_mous", "dernier_rebond_le", "formulaire", "mention", "mention_acceptee"],
        *["import_abonnes", "consenti_le", "confirme_le", "dernier_signe_le", "relance_le", "cree_le"],
    ]
    readonly_fields = fields

    @admin.display(description="raison de la suspension", ordering="suspendu_le")
    def pourquoi(self, abonne):
        return f"{abonne.get_suspension_display()}, le {date_format(abonne.suspendu_le)}" if abonne.suspendu_le else "–"

    @admin.display(description="rebonds", ordering="dernier_rebond_le")
    def rebonds(self, abonne):
        comptes = [
            f"{nombre} {pluriel(nombre, formes)}"
            for nombre, formes in [
                (abonne.rebonds_durs, "définitif,définitifs"),
                (abonne.rebonds_mous, "provisoire,provisoires"),
            ]
            if nombre
        ]
        return ", ".join(comptes) or "–"

    @admin.display(description="geste")
    def geste(self, abonne):
        """What reverses a suspension, one click away."""
        if abonne.etat != Abonne.Etat.SUSPENDU:
            return "–"
        url = reverse("admin:newsletter_abonne_acte", args=[abonne.pk, "reprendre"])
        return format_html('<a href="{}">Reprendre<span class="visually-hidden"> {}</span></a>', url, abonne)

    @admin.display(description="ce qu'il reçoit")
    def choix(self, abonne):
        return choix_en_clair(abonne.interets)

    @admin.display(description="mots acceptés")
    def mention_acceptee(self, abonne):
        return abonne.mention.texte if abonne.mention else "–"

    def has_delete_permission(self, request, obj=None):
        return False  # « Désabonner » keeps the hash that keeps imports out

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        abonne = self.get_object(request, object_id) if object_id else None
        contexte = {"actes": self.actes_de(abonne) if abonne is not None else [], **SANS_ENREGISTRER}
        return super().changeform_view(request, object_id, form_url, contexte | (extra_context or {}))

    def actes_de(self, abonne) -> list:
        """(URL, words, whether it takes something away) of what the state allows."""
        return [
            (reverse("admin:newsletter_abonne_acte", args=[abonne.pk, nom]), page["lien"], page.get("danger", False))
            for nom, page in ACTES.items()
            if abonne.etat in page["etats"]
        ]

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/acte/<str:acte>/", vue(self.acte), name="newsletter_abonne_acte"),
            path("abonnes.csv", vue(self.exporter), name="newsletter_abonne_exporter"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """Somebody asked in person: the address gets the same mail to confirm as by the site."""
        exiger(self.has_add_permission(request))
        form = AjoutForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            abonnements.demander(courriel=form.cleaned_data["courriel"], interets={}, formulaire="equipe")
            messages.success(request, "Un message part à cette adresse : l'abonnement commence quand elle confirme.")
            return HttpResponseRedirect(reverse("admin:newsletter_abonne_changelist"))
        contexte = contexte_de_page(
            self,
            request,
            "Abonner quelqu'un",
            explication="La personne vous l'a demandé, de vive voix ou par écrit. Elle reçoit un message et confirme "
            "elle-même : sans cela, l'adresse est oubliée au bout de trente jours.",
            bouton="Envoyer le message à confirmer",
            form=form,
            retour=reverse("admin:newsletter_abonne_changelist"),
            danger=False,
        )
        return TemplateResponse(request, "admin/acte.html", contexte)

    def acte(self, request, pk, acte):
        exiger(self.has_change_permission(request))
        abonne = get_object_or_404(Abonne, pk=pk)
        if acte not in ACTES:
            raise Http404
        page = dict(ACTES[acte])
        fait, _lien, etats = page.pop("fait"), page.pop("lien"), page.pop("etats")
        page["titre"] = page["titre"].format(qui=abonne.courriel)

        def agir(donnees):
            if abonne.etat not in etats or not FAIRE[acte](abonne, donnees):
                raise TransitionInterdite(f"{abonne.courriel} est {abonne.get_etat_display()} : rien n'a changé.")
            return fait.format(qui=abonne.courriel)

        retour = reverse("admin:newsletter_abonne_changelist")
        return page_d_acte(self, request, objet=abonne, agir=agir, retour=retour, **page)

    def exporter(self, request):
        """Every subscriber with the proof of consent: for the staff, never to be handed on."""
        exiger(request.user.has_perm("newsletter.view_abonne"))
        abonnes = Abonne.objects.pour_export()
        texte = exports.lignes_csv(COLONNES, (ligne(abonne) for abonne in abonnes.iterator(chunk_size=1000)))
        nom = f"abonnes-{timezone.localdate():%Y-%m-%d}.csv"
        return telecharger(texte, "text/csv; charset=utf-8", nom)


FAIRE = {
    "reprendre": lambda abonne, donnees: abonnements.reprendre(abonne),
    "suspendre": lambda abonne, donnees: abonnements.suspendre(
        abonne, raison=Abonne.Suspension.EQUIPE, detail=donnees["detail"]
    ),
    "desabonner": lambda abonne, donnees: abonnements.desabonner(abonne, voie="equipe") is not None,
}
"""Act -> function of the subscriber and the form's data; falsy when there was nothing to do."""


def natures_en_clair(interets) -> str:
    return ", ".join(PROFILS[nature].pluriel.lower() for nature in interets.natures)


def choix_en_clair(interets) -> str:
    """« locaux · culture · 20 km autour de Vichy »; « tout » when nothing was chosen."""
    parties = [natures_en_clair(interets), ", ".join(activite.nom for activite in interets.activites.all())]
    if interets.commune:
        parties.append(f"{interets.rayon_km} km autour de {interets.commune.nom}")
    return " · ".join(filter(None, parties)) or "tout"


def ligne(abonne: Abonne) -> list:
    """One row of the export, in the order of COLONNES."""
    interets = abonne.interets
    return [
        *[abonne.courriel, abonne.get_etat_display(), abonne.get_suspension_display(), abonne.suspension_detail],
        *[abonne.rebonds_durs, abonne.rebonds_mous, abonne.dernier_rebond_le or ""],
        *[abonne.get_frequence_display(), natures_en_clair(interets)],
        ", ".join(activite.nom for activite in interets.activites.all()),
        f"{interets.commune.nom}, {interets.rayon_km} km" if interets.commune else "",
        *[abonne.get_formulaire_display(), abonne.mention.version if abonne.mention else ""],
        *[abonne.consenti_le, abonne.confirme_le or ""],
    ]
