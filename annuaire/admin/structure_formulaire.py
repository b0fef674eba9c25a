"""The sheet as staff edit it: the same rules as a référent's, plus where the agreement to publish comes from."""

from django import forms
from django.core.exceptions import ValidationError

from annuaire import doublons
from annuaire.actions import edition
from annuaire.forms.champs import ChampCommune, ChampCompetences
from annuaire.models import Structure
from annuaire.validateurs import normaliser_rna, normaliser_siret, normaliser_telephone
from pole_ess.socle.images import nettoyer_image


class AdressesField(forms.CharField):
    """Web addresses, one a line; each checked, « https:// » added where it is missing."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        une = forms.URLField(assume_scheme="https")
        return [une.clean(ligne) for ligne in super().to_python(value).split()]

    def has_changed(self, initial, data):
        return list(initial or []) != (data or "").split()

    def run_validators(self, value):
        """Each address was checked by itself."""


class StructureAdminForm(forms.ModelForm):
    site = forms.URLField(label="Site web", required=False, assume_scheme="https", max_length=200)
    reseaux = AdressesField(
        label="Réseaux sociaux", required=False, help_text="Une adresse par ligne.", max_length=2000
    )
    commune = ChampCommune(
        label="Commune",
        required=False,
        max_length=120,
        help_text="Son nom, ou son code postal.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    competences = ChampCompetences(
        label="Compétences à partager",
        required=False,
        max_length=2000,
        help_text="Séparées par des virgules. Par exemple : comptabilité, animation de réunion.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    malgre_ressemblance = forms.CharField(
        label="Enregistrer quand même, parce que",
        required=False,
        max_length=200,
        help_text="À remplir si le portail a trouvé une fiche qui ressemble et que c'est bien une autre structure.",
    )

    class Meta:
        model = Structure
        fields = [
            *(champ for champ in edition.CHAMPS_MODIFIABLES if champ != "position_origine"),
            *["activites", "public_source"],
        ]
        widgets = {
            "presentation": forms.Textarea(attrs={"rows": 6}),
            "missions": forms.Textarea(attrs={"rows": 4}),
            "activites": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "latitude": "Laissez vide : le point suit l'adresse, ou le centre de la commune.",
            "public_source": "À remplir si une coordonnée est publique : qui l'a dit, quand, comment.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ressemblances = []
        if self.instance.pk:
            self.initial["commune"] = str(self.instance.commune or "")
            self.initial["competences"] = ", ".join(competence.nom for competence in self.instance.competences.all())
        if "activites" in self.fields:
            self.fields["activites"].queryset = self.fields["activites"].queryset.select_related("parent")

    def clean_siret(self):
        return normaliser_siret(self.cleaned_data["siret"])

    def clean_rna(self):
        return normaliser_rna(self.cleaned_data["rna"])

    def clean_telephone(self):
        return normaliser_telephone(self.cleaned_data["telephone"])

    def clean_nom(self):
        return " ".join(self.cleaned_data["nom"].split())

    def clean_logo(self):
        logo = self.cleaned_data.get("logo")
        return nettoyer_image(logo, cote_max=600) if "logo" in self.changed_data and logo else logo

    def clean(self):
        donnees = super().clean()
        if (donnees.get("latitude") is None) != (donnees.get("longitude") is None):
            self.add_error("longitude", "Donnez la latitude et la longitude, ou aucune des deux.")
        elif (donnees.get("latitude"), donnees.get("longitude")) == (0, 0):
            self.add_error("latitude", "0, 0 est un point de l'océan : laissez vide si vous ne savez pas.")
        for champ, mot in [("telephone", "téléphone"), ("courriel", "adresse e-mail")]:
            if donnees.get(f"{champ}_public"):
                if not donnees.get(champ) and champ not in self.errors:
                    self.add_error(f"{champ}_public", f"Écrivez d'abord : {mot}.")
                if not donnees.get("public_source") and "public_source" not in self.errors:
                    self.add_error("public_source", "Qui a dit que cette coordonnée est publique, et quand ?")
        if self.instance.pk is None and not self.errors:
            self._chercher_doublons(donnees)
        return donnees

    def _chercher_doublons(self, donnees):
        self.ressemblances = doublons.candidats(
            nom=donnees["nom"],
            **{champ: donnees.get(champ) for champ in ("commune", "latitude", "longitude")},
            **{champ: donnees.get(champ) or "" for champ in ("siret", "rna", "courriel", "telephone")},
        )
        if self.ressemblances and not donnees.get("malgre_ressemblance"):
            fiches = " ; ".join(f"{d.structure.nom} ({', '.join(d.raisons)})" for d in self.ressemblances)
            self.add_error(
                "malgre_ressemblance",
                ValidationError(f"Cette structure a peut-être déjà sa fiche : {fiches}.", code="doublon"),
            )

    def _post_clean(self):
        """The point's origin is not in the form: give it before the model's constraints look at the point."""
        donnees = self.cleaned_data
        if donnees.get("latitude") is None or donnees.get("longitude") is None:
            self.instance.position_origine = ""
        elif {"latitude", "longitude"} & set(self.changed_data) or not self.instance.position_origine:
            self.instance.position_origine = Structure.PositionOrigine.MAIN
        super()._post_clean()

    def valeurs(self) -> dict:
        """What edition.enregistrer and proposition.creer_au_nom_de take: on a change, the changed fields only."""
        champs = set(edition.CHAMPS_MODIFIABLES) & set(self.cleaned_data)
        if self.instance.pk:
            champs &= set(self.changed_data)
        valeurs = {champ: self.cleaned_data[champ] for champ in champs}
        if {"latitude", "longitude"} & champs or not self.instance.pk:
            valeurs["latitude"], valeurs["longitude"] = self.cleaned_data["latitude"], self.cleaned_data["longitude"]
            valeurs["position_origine"] = self.instance.position_origine
        return valeurs
