"""Probable duplicates: the list of pairs, « ce sont deux structures », and the merge side by side."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from annuaire import paires
from annuaire.actions import TransitionInterdite, edition, fusion
from annuaire.models import NonDoublon, Structure

from . import formulaires
from .communs import contexte_de_page, exiger, page_d_acte

LIBELLES = {"position": "Point sur la carte", "adresse": "Adresse et commune"}


class FusionForm(forms.Form):
    """One choice per field where the two sheets differ; where they agree there is nothing to choose."""

    def __init__(self, donnees, *, garder, absorber):
        super().__init__(donnees)
        self.garder, self.absorber = garder, absorber
        defaut = fusion.choix_par_defaut(garder, absorber)
        for groupe, champs in fusion.GROUPES.items():
            textes = [self._lire(fiche, champs) for fiche in (garder, absorber)]
            if textes[0] != textes[1]:
                self.fields[groupe] = forms.ChoiceField(
                    label=LIBELLES.get(groupe) or edition.libelle(champs[0]),
                    choices=[("garder", textes[0] or "(vide)"), ("absorber", textes[1] or "(vide)")],
                    initial=defaut[groupe],
                    widget=forms.RadioSelect,
                )

    @staticmethod
    def _lire(fiche, champs) -> str:
        if champs[0] == "latitude":
            return f"{fiche.latitude:.5f}, {fiche.longitude:.5f}" if fiche.est_situee else ""
        morceaux = []
        for champ in champs:
            if champ.endswith("_public"):
                if getattr(fiche, champ) and morceaux:
                    morceaux.append("(public)")
                continue
            valeur = getattr(fiche, champ)
            valeur = valeur.pk if champ == "commune" and valeur else valeur
            texte = edition.lisible(champ, valeur.name if champ == "logo" else valeur)
            if texte:
                morceaux.append(texte)
        return ", ".join(morceaux)


class DoublonsMixin:
    """URLs and pages of duplicates; mixed into StructureAdmin."""

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("doublons/", vue(self.doublons), name="annuaire_structure_doublons"),
            path("doublons/<int:a>/<int:b>/", vue(self.non_doublon), name="annuaire_structure_non_doublon"),
            path("fusion/<int:garder>/<int:absorber>/", vue(self.fusion), name="annuaire_structure_fusion"),
            *super().get_urls(),
        ]

    def doublons(self, request):
        exiger(self.has_change_permission(request))
        page = Paginator(paires.lister(), 20).get_page(request.GET.get("p", "1")[:6])
        return TemplateResponse(
            request,
            "admin/annuaire/structure/doublons.html",
            contexte_de_page(self, request, "Doublons possibles", page=page, maximum=paires.MAXIMUM),
        )

    def _deux(self, request, a, b):
        exiger(self.has_change_permission(request))
        if a == b:
            raise Http404
        fiches = Structure.objects.select_related("commune").defer("recherche", "recherche_trgm", "recherche_vecteur")
        return get_object_or_404(fiches, pk=a), get_object_or_404(fiches, pk=b)

    def non_doublon(self, request, a, b):
        """Remember that the two are distinct: the pair is not proposed again, anywhere."""
        premiere, seconde = sorted(self._deux(request, a, b), key=lambda fiche: fiche.pk)

        def agir(donnees):
            try:
                with transaction.atomic():
                    NonDoublon.objects.create(
                        structure_a=premiere, structure_b=seconde, motif=donnees["motif"], decide_par=request.user
                    )
            except IntegrityError:
                raise TransitionInterdite("Un collègue l'a déjà noté.") from None
            paires.oublier()
            return f"Noté : « {premiere.nom} » et « {seconde.nom} » sont deux structures."

        return page_d_acte(
            self,
            request,
            objet=premiere,
            titre="Ce sont deux structures",
            explication=f"« {premiere.nom} » et « {seconde.nom} » ne seront plus proposées comme doublons.",
            bouton="Ce sont deux structures",
            form_class=formulaires.NonDoublonForm,
            agir=agir,
            retour=reverse("admin:annuaire_structure_doublons"),
        )

    def fusion(self, request, garder, absorber):
        """Side by side, field by field; the kept sheet's address stays, the other's redirects."""
        gardee, absorbee = self._deux(request, garder, absorber)
        form = FusionForm(request.POST if request.method == "POST" else None, garder=gardee, absorber=absorbee)
        if request.method == "POST" and form.is_valid():
            try:
                fiche = fusion.fusionner(gardee, absorbee, form.cleaned_data, par=request.user)
            except TransitionInterdite as refus:
                form.add_error(None, str(refus))
            else:
                paires.oublier()
                self.log_change(request, fiche, f"A absorbé « {absorbee.nom} ».")
                messages.success(request, f"Les deux fiches n'en font plus qu'une : « {fiche.nom} ».")
                return HttpResponseRedirect(self.url_de(fiche))
        comptes = [
            (libelle, getattr(gardee, nom).count(), getattr(absorbee, nom).count())
            for nom, libelle in [
                ("rattachements", "Personnes rattachées"),
                ("contacts", "Contacts"),
                ("echanges", "Échanges"),
                ("photos", "Photos"),
            ]
        ]
        return TemplateResponse(
            request,
            "admin/annuaire/structure/fusion.html",
            contexte_de_page(
                self, request, "Fusionner deux fiches", form=form, garder=gardee, absorber=absorbee, comptes=comptes
            ),
        )
