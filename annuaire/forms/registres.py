"""What visitors and staff write about registered structures."""

from urllib.parse import urlsplit

from django import forms

from annuaire.doublons import candidats
from annuaire.forms import champs
from annuaire.forms.formulaires import FormulairePublic
from annuaire.forms.imports import ImportForm
from annuaire.models import Registre, Structure

INTROUVABLE = "Ce code n'est pas le bon : recopiez les huit lettres de la lettre reçue, sans chiffre."


class CodeForm(FormulairePublic):
    """The eight letters of a printed letter."""

    code = champs.ChampTexte(
        label="Code de la lettre",
        max_length=20,
        help_text="Huit lettres, par exemple ABCD EFGH.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Écrivez le code qui est sur la lettre."},
    )


class RegistreForm(ImportForm):
    """A register's file. What an import of structures asks besides has no meaning here."""

    source = forms.ChoiceField(label="Registre", choices=Registre.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["publier"], self.fields["tout_ou_rien"]
        self.fields["fichier"].label = "Fichier du registre"
        self.fields[
            "fichier"
        ].help_text = "Le CSV tel qu'il est publié. Un fichier plus lourd que 20 Mo se donne en ligne de commande."
        self.fields["fichier"].widget.attrs["accept"] = ".csv,.txt"

    def clean_source(self):
        return self.cleaned_data["source"]


class EcarterForm(forms.Form):
    motif = champs.ChampTexte(
        label="Raison",
        max_length=200,
        help_text="Par exemple : n'est plus active, hors du champ du pôle. Elle n'est envoyée à personne.",
        error_messages={"required": "Dites pourquoi : la raison reste avec la structure enregistrée."},
    )


class InviterForm(forms.Form):
    """A public address that staff found, and where: the structure will read both."""

    courriel = forms.EmailField(
        label="Adresse e-mail de la structure",
        help_text="L'adresse générale qu'elle publie elle-même, jamais celle d'une personne.",
    )
    source = champs.ChampTexte(
        label="Où avez-vous trouvé cette adresse ?",
        max_length=200,
        help_text="Par exemple : « son site », « l'affiche du forum ». Le message le dit à la structure.",
        error_messages={"required": "La loi demande de dire d'où vient l'adresse (RGPD, article 14)."},
    )


class RapprocherForm(forms.Form):
    """Which sheet is this registered structure: one that looks like it, or the address of another."""

    structure = forms.ChoiceField(label="Fiche", required=False, widget=forms.RadioSelect)
    adresse = champs.ChampTexte(
        label="Ou l'adresse d'une autre fiche",
        max_length=300,
        required=False,
        help_text="Copiez l'adresse de sa page dans l'annuaire.",
    )

    def __init__(self, *args, entree, **kwargs):
        super().__init__(*args, **kwargs)
        trouvees = candidats(nom=entree.nom, commune=entree.commune_id, siret=entree.siret, rna=entree.rna)
        choix = {d.structure.pk: f"{d.structure.nom} ({', '.join(d.raisons)})" for d in trouvees}
        if entree.proposee is not None:
            choix = {entree.proposee.pk: f"{entree.proposee.nom} ({entree.ressemblance})"} | choix
        self.fields["structure"].choices = [(str(pk), mots) for pk, mots in choix.items()]
        if not choix:
            del self.fields["structure"]
            self.fields["adresse"].label = "L'adresse de sa fiche"

    def clean(self):
        donnees = super().clean()
        fiches = Structure.objects.exclude(etat=Structure.Etat.BROUILLON)
        if adresse := donnees.get("adresse"):
            try:
                slug = urlsplit(adresse).path.strip("/").rsplit("/", 1)[-1][:180]
            except ValueError:  # « http://[::1 »
                slug = ""
            trouvee = fiches.filter(slug=slug).first()
            if trouvee is None:
                self.add_error(
                    "adresse", "Aucune fiche n'a cette adresse : ouvrez-la, puis copiez l'adresse de la page."
                )
        else:
            trouvee = fiches.filter(pk=donnees.get("structure") or 0).first()
            if trouvee is None and not self.errors:
                seule = "structure" not in self.fields
                raise forms.ValidationError(
                    "Donnez l'adresse de sa fiche."
                    if seule
                    else "Choisissez une fiche, ou donnez l'adresse d'une autre."
                )
        donnees["fiche"] = trouvee
        return donnees
