"""The facilitators' forms: settings, phases, paper notes."""

import csv
import io
import re
import uuid
from datetime import UTC

from django import forms
from django.core.exceptions import ValidationError

from annuaire.forms import champs
from annuaire.forms.cle import Cle, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.texte import plier
from reunions.actions.atelier import AXES_2014, AXES_MAX
from reunions.forms.atelier import StructureParNom
from reunions.models import Atelier, Axe, Couleur, Participant, PostIt

LIGNES_MAX = 300
MINUTES_MAX = 240
REGLAGES = [
    "quota_jaune",
    "quota_rose",
    "consigne_jaune",
    "consigne_rose",
    "seuil",
    "textes_projetes",
]


def _lire_axes(texte: str) -> list[tuple[str, str]]:
    """« Nom : description », one a line -> (name, description). Raises ValidationError."""
    axes = []
    for ligne in texte.splitlines():
        nom, _, description = (partie.strip() for partie in ligne.partition(" : "))
        if not nom:
            continue
        if len(nom) > Axe._meta.get_field("nom").max_length or len(description) > 300:
            raise ValidationError(
                f"« {nom[:60]}… » est trop long : 120 caractères pour un axe, 300 pour sa description."
            )
        axes.append((nom, description))
    return axes


class ReglagesForm(Formulaire):
    """Quotas, instructions, threshold, axes. `atelier` None: it is about to be made."""

    quota_jaune = champs.ChampEntier(label="Post-it jaunes par personne (long terme)", min_value=0, max_value=20)
    quota_rose = champs.ChampEntier(label="Post-it roses par personne (court terme)", min_value=0, max_value=20)
    consigne_jaune = champs.ChampTexte(
        label="Consigne des post-it jaunes", max_length=300, lignes=2, help_text="Affichée à côté du champ."
    )
    consigne_rose = champs.ChampTexte(
        label="Consigne des post-it roses", max_length=300, lignes=2, help_text="Affichée à côté du champ."
    )
    seuil = champs.ChampEntier(
        label="Seuil court ou long terme (%)",
        min_value=51,
        max_value=100,
        help_text="À partir de cette part de ses post-it, un axe est dit « court terme » ou « long terme ».",
    )
    textes_projetes = forms.BooleanField(
        label="Projeter les textes pendant l'écriture",
        required=False,
        help_text="Décoché : seuls les nombres se voient, pour n'influencer personne.",
    )
    nouveaux = champs.ChampTexte(
        label="Axes à ajouter",
        required=False,
        lignes=7,
        max_length=5000,
        help_text="Un par ligne. Après « : », une courte description, facultative.",
    )

    def __init__(self, *args, atelier=None, **kwargs):
        modele = atelier or Atelier()
        kwargs["initial"] = {nom: getattr(modele, nom) for nom in REGLAGES}
        if atelier is None:
            kwargs["initial"]["nouveaux"] = "\n".join(f"{nom} : {description}" for nom, description in AXES_2014)
        super().__init__(*args, **kwargs)
        self.axes_connus = list(atelier.axes.all()) if atelier else []
        for axe in self.axes_connus:
            self._ajouter_axe(axe)
        if atelier is None:
            self.fields["nouveaux"].label = "Axes de travail"
            self.fields[
                "nouveaux"
            ].help_text += " Les six axes de la réunion de 2014 sont proposés : gardez-les ou non."

    def _ajouter_axe(self, axe):
        self.fields[f"axe_{axe.pk}"] = champs.ChampTexte(
            label=f"Axe {axe.ordre + 1}",
            required=False,
            max_length=120,
            initial=axe.nom,
            help_text="Videz ce champ pour retirer l'axe.",
            widget=forms.TextInput(attrs={"class": "form-control"}),
        )
        self.fields[f"description_{axe.pk}"] = champs.ChampTexte(
            label=f"Description de l'axe {axe.ordre + 1}",
            required=False,
            max_length=300,
            initial=axe.description,
            widget=forms.TextInput(attrs={"class": "form-control"}),
        )

    def clean_nouveaux(self):
        return _lire_axes(self.cleaned_data["nouveaux"])

    def clean(self):
        donnees = super().clean()
        if self.errors:
            return donnees
        noms = [nom.casefold() for nom, _ in donnees["nouveaux"]]
        noms += [donnees[f"axe_{axe.pk}"].casefold() for axe in self.axes_connus if donnees[f"axe_{axe.pk}"]]
        if len(noms) != len(set(noms)):
            self.add_error("nouveaux", "Deux axes ont le même nom.")
        if len(noms) > AXES_MAX:
            self.add_error("nouveaux", f"{AXES_MAX} axes au plus.")
        if not donnees["quota_rose"] + donnees["quota_jaune"]:
            self.add_error("quota_rose", "Accordez au moins un post-it par personne.")
        return donnees

    def valeurs(self) -> dict:
        """The workshop's own columns."""
        return {nom: self.cleaned_data[nom] for nom in REGLAGES}

    def axes(self) -> dict:
        """{axis: (name, description)} of those that exist."""
        lus = self.cleaned_data
        return {axe.pk: (lus[f"axe_{axe.pk}"], lus[f"description_{axe.pk}"]) for axe in self.axes_connus}


class PhaseForm(forms.Form):
    """A button of the console: « vers » a phase, from the one that was shown."""

    vers = forms.ChoiceField(choices=Atelier.Phase.choices)
    depuis = forms.ChoiceField(choices=Atelier.Phase.choices)


class MinutesForm(Formulaire):
    """How long the writing lasts, or lasts more; `fin_vue` is the end that was shown."""

    minutes = champs.ChampEntier(
        label="Temps d'écriture annoncé (minutes)",
        required=False,
        min_value=1,
        max_value=MINUTES_MAX,
        help_text="Une annonce, pas un couperet : l'écriture reste ouverte jusqu'à ce que vous la finissiez.",
    )
    fin_vue = forms.DateTimeField(required=False, widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])

    def clean_fin_vue(self):
        fin = self.cleaned_data["fin_vue"]
        try:
            return fin.astimezone(UTC) if fin else None
        except OverflowError as erreur:  # the last instant of the calendar, further west
            raise ValidationError("Ce formulaire était abîmé : rechargez la page.", code="abime") from erreur


class PapierForm(Cle, StructureParNom, Formulaire):
    """Paper notes: for nobody, a participant, or somebody who has no phone."""

    POUR = [
        ("personne", "Personne en particulier"),
        ("participant", "Un participant déjà inscrit"),
        ("nouveau", "Quelqu'un qui n'a pas de téléphone"),
    ]
    pour = forms.ChoiceField(label="Pour qui ?", choices=POUR, initial="personne", widget=forms.RadioSelect)
    participant = forms.ModelChoiceField(
        label="Ce participant",
        queryset=Participant.objects.none(),
        required=False,
        error_messages={"invalid_choice": "Choisissez un participant de la liste."},
    )
    prenom = champs.ChampTexte(label="Son prénom", required=False, max_length=60)
    axe = forms.ModelChoiceField(
        label="Axe des lignes qui n'en disent pas",
        queryset=Axe.objects.none(),
        required=False,
        error_messages={"invalid_choice": "Choisissez un axe de la liste."},
    )
    couleur = forms.ChoiceField(
        label="Couleur des lignes qui n'en disent pas",
        choices=[("", "Choisissez"), ("rose", "rose : court terme"), ("jaune", "jaune : long terme")],
        required=False,
    )
    lignes = champs.ChampTexte(
        label="Post-it, un par ligne",
        lignes=10,
        max_length=60_000,
        help_text="Le texte seul, ou axe ; couleur ; texte (collé d'un tableur ou d'un fichier CSV). "
        "Pour l'axe, son numéro suffit.",
        error_messages={"required": "Tapez au moins un post-it."},
    )
    cle = champ_cle()

    def __init__(self, *args, atelier, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4
        self.axes = list(atelier.axes.all())
        self.fields["axe"].queryset = atelier.axes.all()
        self.fields["participant"].queryset = atelier.participants.select_related("structure")
        self.fields["participant"].label_from_instance = nom_du_participant
        self.fields["structure"].label = "Sa structure"
        self.fields["structure"].help_text = "Son nom, ou un mot de son nom, comme dans l'annuaire."

    def clean(self):
        donnees = super().clean()
        pour = donnees.get("pour")
        if pour == "participant" and not donnees.get("participant") and "participant" not in self.errors:
            self.add_error("participant", "Choisissez de qui sont ces post-it.")
        if pour == "nouveau" and not (donnees.get("prenom") or donnees.get("structure") or self.errors):
            self.add_error("prenom", "Donnez un prénom ou une structure.")
        if "lignes" in donnees and not {"axe", "couleur"} & set(self.errors):
            self._lire(donnees)
        return donnees

    def _lire(self, donnees):
        lues, fautes = [], []
        for numero, brute in enumerate(donnees["lignes"].splitlines(), 1):
            if not brute.strip():
                continue
            try:
                lues.append(self._ligne(brute, donnees.get("axe"), donnees.get("couleur")))
            except ValidationError as erreur:
                fautes.append(f"Ligne {numero} : {erreur.message}")
        if len(lues) > LIGNES_MAX:
            fautes.append(f"{LIGNES_MAX} post-it au plus à la fois.")
        if fautes:
            self.add_error("lignes", fautes[:8] + ([f"Et {len(fautes) - 8} autres lignes."] if len(fautes) > 8 else []))
        donnees["postits"] = lues

    def _ligne(self, brute, axe, couleur) -> tuple:
        cellules = _cellules(brute)
        if len(cellules) == 3 and (lue := self._couleur(cellules[1])):
            axe, couleur, texte = self._axe(cellules[0]), lue, cellules[2]
        elif len(cellules) == 2 and (lue := self._couleur(cellules[0])):
            couleur, texte = lue, cellules[1]
        else:
            texte = brute
        texte = " ".join(texte.split())
        if axe is None:
            raise ValidationError("sur quel axe ? Choisissez-le au-dessus, ou écrivez axe ; couleur ; texte.")
        if not couleur:
            raise ValidationError("de quelle couleur ? Choisissez-la au-dessus, ou écrivez couleur ; texte.")
        longueur = PostIt._meta.get_field("texte").max_length
        if not texte or len(texte) > longueur:
            raise ValidationError(f"un post-it a entre 1 et {longueur} caractères.")
        return axe, couleur, texte

    def _axe(self, mot):
        if mot.isdecimal() and len(mot) < 3 and 0 < int(mot) <= len(self.axes):
            return self.axes[int(mot) - 1]
        plat = plier(mot.strip())
        trouves = [axe for axe in self.axes if plier(axe.nom) == plat] or [
            axe for axe in self.axes if plat and plier(axe.nom).startswith(plat)
        ]
        if len(trouves) != 1:
            raise ValidationError(f"« {mot[:60]} » n'est pas un axe de cet atelier.")
        return trouves[0]

    @staticmethod
    def _couleur(mot) -> str:
        plat = plier(mot.strip())
        if plat in ("rose", "r", "court", "court terme"):
            return Couleur.ROSE
        return Couleur.JAUNE if plat in ("jaune", "j", "long", "long terme") else ""

    def valeurs(self) -> dict:
        """Arguments of actions.postits.saisir_papier."""
        lues, pour = self.cleaned_data, self.cleaned_data["pour"]
        valeurs = {"lignes": lues["postits"], "cle": lues["cle"]}
        if pour == "participant":
            valeurs["participant"] = lues["participant"]
        elif pour == "nouveau":
            valeurs |= {"prenom": lues["prenom"], "structure": lues["structure"]}
        return valeurs


def _cellules(brute: str) -> list[str]:
    """The cells of one line: tabs (a spreadsheet), else semicolons, with the quotes of CSV."""
    separateur = "\t" if "\t" in brute else ";"
    try:
        cellules = next(csv.reader(io.StringIO(brute), delimiter=separateur))
    except (csv.Error, StopIteration):
        return [brute]
    if len(cellules) > 3:  # a text with semicolons of its own
        cellules = [*cellules[:2], separateur.join(cellules[2:])]
    return [re.sub(r"\s+", " ", cellule).strip() for cellule in cellules]


def nom_du_participant(participant) -> str:
    """« Lou, Café d'ici »."""
    nom = participant.prenom or f"Participant {participant.pk}"
    suite = f", {participant.structure.nom}" if participant.structure else ""
    return f"{nom}{suite}{' (papier)' if participant.papier else ''}"
