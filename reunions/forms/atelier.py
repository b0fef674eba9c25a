"""Joining the workshop and writing notes: open to visitors, on a phone, without JavaScript."""

import re
import uuid

from django import forms
from django.core.exceptions import ValidationError

from annuaire.forms import champs
from annuaire.forms.cle import Cle, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from reunions.models import Couleur, PostIt
from reunions.models.atelier import ALPHABET

PROPOSITIONS_MAX = 12
AUCUNE = "aucune"


def structures_proposees(texte: str) -> list[Structure]:
    """Published structures whose name or acronym holds this text, in order of their names."""
    texte = " ".join(texte[:100].replace("\x00", "").split())
    if len(texte) < 2:
        return []
    publiees = Structure.objects.publiees().select_related("commune")
    trouvees = publiees.filter(nom__icontains=texte) | publiees.filter(sigle__iexact=texte)
    return list(trouvees.order_by("tri", "pk")[:PROPOSITIONS_MAX])


class StructureParNom(forms.Form):
    """A structure of the directory by a part of its name. Several answer: they come back as a choice (`propositions`),
    so that no JavaScript is needed. `structure` of cleaned_data: a Structure or None.
    """

    structure = champs.ChampTexte(
        label="Votre structure",
        required=False,
        max_length=200,
        help_text="Son nom, ou un mot de son nom, comme dans l'annuaire. Laissez vide si vous venez pour vous.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "liste-structures"}),
    )
    choix = forms.CharField(label="Laquelle ?", required=False, widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.propositions = []

    def clean(self):
        donnees = super().clean()
        if "structure" in donnees:
            try:
                donnees["structure"] = self._trouver(donnees["structure"], donnees.pop("choix", ""))
            except ValidationError as erreur:
                self.add_error("structure", erreur)
        return donnees

    def _trouver(self, texte, choix) -> Structure | None:
        if not texte or choix == AUCUNE:
            return None
        trouvees = structures_proposees(texte)
        exactes = [s for s in trouvees if texte.casefold() in (s.nom.casefold(), s.sigle.casefold())]
        if lu := re.fullmatch(r"(.+) \([^()]+\)", texte):  # as the list suggests it, with its commune
            exactes += [s for s in structures_proposees(lu[1]) if nom_complet(s).casefold() == texte.casefold()]
        choisie = [s for s in trouvees if str(s.pk) == choix]
        for seule in (choisie, exactes, trouvees):
            if len(seule) == 1:
                return seule[0]
        if trouvees:
            self.propositions = [(str(s.pk), nom_complet(s)) for s in exactes or trouvees]
            self.propositions.append((AUCUNE, "Aucune de celles-ci : j'entre sans structure"))
            raise ValidationError("Plusieurs structures répondent à ce nom : choisissez la vôtre.", code="plusieurs")
        raise ValidationError(
            "Nous ne trouvons pas cette structure dans l'annuaire : essayez un seul mot de son nom, "
            "ou laissez ce champ vide.",
            code="inconnue",
        )


def nom_complet(structure) -> str:
    return f"{structure.nom} ({structure.commune.nom})" if structure.commune else structure.nom


class RejoindreForm(Cle, StructureParNom, Formulaire):
    """The code read on the wall, a first name or nothing, one's structure or none."""

    code = champs.ChampTexte(
        label="Code de l'atelier",
        max_length=20,
        help_text="Les six lettres affichées dans la salle. Majuscules ou minuscules, avec ou sans espace.",
        error_messages={"required": "Tapez les six lettres du code."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "champ-code"}
        ),
    )
    prenom = champs.ChampTexte(
        label="Votre prénom",
        required=False,
        max_length=60,
        help_text="Seule l'équipe le voit. Vous pouvez n'en donner aucun.",
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    cle = champ_cle()
    field_order = ["code", "prenom", "structure", "choix", "cle"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4

    def clean_code(self):
        code = re.sub(r"[\s\-.·]", "", self.cleaned_data["code"]).upper()
        if not re.fullmatch(f"[{ALPHABET}]{{6}}", code):
            raise ValidationError(
                "Un code a six lettres, sans I, O, S ni Z. Relisez celui qui est affiché dans la salle.", code="forme"
            )
        return code


class PostItForm(Cle, Formulaire):
    """One note of one colour: its axis (of `axes`) and its words. `postit`: the one that is changed."""

    axe = forms.ChoiceField(
        label="Axe",
        error_messages={
            "required": "Dites sur quel axe coller ce post-it.",
            "invalid_choice": "Choisissez un axe de la liste.",
        },
    )
    texte = champs.ChampTexte(
        label="Votre idée",
        max_length=PostIt._meta.get_field("texte").max_length,
        lignes=3,
        error_messages={"required": "Écrivez une idée avant de coller ce post-it."},
    )
    couleur = forms.ChoiceField(choices=Couleur.choices, widget=forms.HiddenInput)
    cle = champ_cle()

    def __init__(self, *args, axes, consigne="", couleur=None, postit=None, **kwargs):
        depart = {"cle": uuid.uuid4(), "couleur": couleur}
        if postit is not None:
            depart |= {"axe": postit.axe_id, "texte": postit.texte, "couleur": postit.couleur}
            kwargs.setdefault("auto_id", f"id_%s_{postit.pk}")
        elif couleur:
            kwargs.setdefault("auto_id", f"id_%s_{couleur}")
        kwargs["initial"] = depart
        super().__init__(*args, **kwargs)
        self.postit = postit
        self.axes = {str(axe.pk): axe for axe in axes}
        self.fields["axe"].choices = [("", "Choisissez un axe"), *((cle, axe.nom) for cle, axe in self.axes.items())]
        self.fields["texte"].help_text = consigne
        self.fields["texte"].widget.attrs["data-compteur"] = ""
        if postit is not None:
            self.fields["couleur"].widget = forms.Select(choices=[(c.value, mots(c)) for c in Couleur])
            self.fields["couleur"].widget.attrs["class"] = "form-select"
            self.fields["couleur"].label = "Couleur"
        elif couleur:
            self.fields["texte"].label = f"Une idée à {Couleur(couleur).label}"

    def clean_axe(self):
        return self.axes[self.cleaned_data["axe"]]

    def clean_texte(self):
        """One idea, one line: line feeds of a phone's keyboard become spaces."""
        return " ".join(self.cleaned_data["texte"].split())


def mots(couleur) -> str:
    """« rose : court terme »."""
    return f"{couleur.value} : {couleur.label}"


class GesteForm(forms.Form):
    """Which button of the participant's page, and of which note."""

    geste = forms.ChoiceField(choices=[(nom, nom) for nom in ("ecrire", "modifier", "retirer")])
    postit = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
