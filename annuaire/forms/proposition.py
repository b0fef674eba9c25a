"""Proposing a structure: short, because whoever proposes knows little and has little time."""

import uuid

from django import forms

from annuaire.forms import champs
from annuaire.forms.formulaires import FormulairePublic
from annuaire.models import Activite


class PropositionForm(FormulairePublic):
    """The form that anybody may fill. `compte`: a logged-in user with a confirmed address, whose e-mail is known."""

    cle = forms.UUIDField(widget=forms.HiddenInput, required=False)
    nom = champs.ChampTexte(label="Nom de la structure", max_length=160, help_text="Comme elle l'écrit elle-même.")
    commune = champs.ChampCommune(
        label="Commune", max_length=120, required=False, help_text="Son nom, ou son code postal."
    )
    adresse = champs.ChampTexte(
        label="Adresse", max_length=200, required=False, help_text="Numéro et rue, si vous les connaissez."
    )
    activite = forms.ModelChoiceField(
        label="Activité principale",
        queryset=Activite.objects.none(),
        required=False,
        empty_label="Je ne sais pas",
    )
    presentation = champs.ChampTexte(
        label="Ce qu'elle fait",
        max_length=4000,
        lignes=5,
        help_text="Deux ou trois phrases suffisent.",
    )
    telephone = champs.ChampTelephone(label="Téléphone de la structure", required=False)
    telephone_public = forms.BooleanField(label="La structure accepte que ce téléphone soit public", required=False)
    courriel = forms.EmailField(
        label="Adresse e-mail de la structure",
        required=False,
        help_text="L'adresse générale, pas celle d'une personne.",
    )
    courriel_public = forms.BooleanField(label="La structure accepte que cette adresse soit publique", required=False)
    site = champs.ChampSite(label="Site web", required=False)
    siret = champs.ChampSiret(label="SIRET", required=False, help_text="14 chiffres, avec ou sans espaces.")
    rna = champs.ChampRna(label="Numéro RNA", required=False, help_text="Pour une association : W suivi de 9 chiffres.")
    courriel_proposition = forms.EmailField(
        label="Votre adresse e-mail",
        help_text="Pour vous demander de confirmer, puis vous répondre. Elle n'est jamais publiée.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "data-sans-brouillon": ""}),
    )
    fait_partie = forms.BooleanField(
        label="Je fais partie de cette structure",
        required=False,
        help_text="Vous pourrez alors tenir la fiche à jour, une fois publiée.",
    )
    autre_structure = forms.BooleanField(label="C'est une autre structure", required=False)
    motif_doublon = champs.ChampTexte(
        label="Pourquoi l'ajouter quand même",
        max_length=300,
        required=False,
        help_text="Cette raison reste dans le journal de la fiche, pour l'équipe.",
    )

    MODELE = "nom commune adresse presentation telephone telephone_public courriel courriel_public site siret rna"

    def __init__(self, *args, compte=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["activite"].queryset = Activite.objects.order_by("ordre", "nom", "pk")
        self.fields["activite"].choices = [("", "Je ne sais pas"), *_par_famille()]
        self.fields["commune"].widget.attrs |= {"list": "liste-communes", "autocomplete": "off"}
        self.initial.setdefault("cle", uuid.uuid4())
        if compte is not None:
            del self.fields["courriel_proposition"]

    def clean_cle(self):
        return self.cleaned_data["cle"] or uuid.uuid4()

    def clean(self):
        donnees = super().clean()
        for champ in ("telephone", "courriel"):
            if donnees.get(f"{champ}_public") and champ not in self.errors and not donnees.get(champ):
                self.add_error(champ, "Écrivez la coordonnée à rendre publique, ou décochez la case.")
        return donnees

    def valeurs(self) -> dict:
        return {champ: self.cleaned_data[champ] for champ in self.MODELE.split()}


def _par_famille():
    """Select choices in two levels: each main activity heads its own group."""
    toutes = list(Activite.objects.order_by("ordre", "nom", "pk"))
    enfants = {}
    for activite in toutes:
        enfants.setdefault(activite.parent_id, []).append(activite)
    for mere in enfants.get(None, []):
        filles = [(fille.pk, fille.nom) for fille in enfants.get(mere.pk, [])]
        yield (mere.nom, [(mere.pk, f"{mere.nom} (en général)"), *filles]) if filles else (mere.pk, mere.nom)
