"""The list that staff bring in."""

from django import forms

from annuaire.forms.imports import ImportForm
from annuaire.imports.textes import cle_texte
from annuaire.models import Structure


class ImportAnnoncesForm(ImportForm):
    """A file of announcements, and the structure of the lines that name none."""

    structure = forms.CharField(
        label="Structure de toute la liste",
        required=False,
        max_length=200,
        help_text="Seulement si la liste n'a pas de colonne « structure » : le nom de la structure, ou l'adresse de sa "
        "fiche.",
    )
    field_order = ["fichier", "source", "structure", "publier", "tout_ou_rien"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fichier"].label = "Liste d'annonces"
        self.fields[
            "fichier"
        ].help_text = "CSV ou Excel (.xlsx), une annonce par ligne, les noms des colonnes en première ligne."
        self.fields["source"].help_text = (
            "Le même à chaque envoi de cette liste : c'est ainsi que le portail reconnaît les annonces qu'il a déjà "
            "reçues d'elle. Par exemple « inventaire du comité des fêtes »."
        )
        self.fields["publier"].label = "Publier tout de suite les nouvelles annonces"

    def clean_structure(self) -> Structure | None:
        """By the end of its address, else by its whole name, whatever the case and accents."""
        saisi = self.cleaned_data["structure"].strip()
        if not saisi:
            return None
        publiees = Structure.objects.publiees()
        trouvees = list(publiees.filter(slug=saisi.rstrip("/").rsplit("/", 1)[-1][:180])[:1])
        if not trouvees:
            mots = cle_texte(saisi)
            possibles = publiees.filter(tri__startswith=mots[:1]).only("pk", "nom", "slug")
            trouvees = [s for s in possibles if cle_texte(s.nom) == mots]
        if not trouvees:
            raise forms.ValidationError("Aucune structure publiée ne porte ce nom : copiez l'adresse de sa fiche.")
        if len(trouvees) > 1:
            raise forms.ValidationError("Plusieurs structures portent ce nom : copiez l'adresse de la bonne fiche.")
        return trouvees[0]
