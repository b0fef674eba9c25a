"""The form of an announcement: one for all natures, each showing the fields of its profile."""

import json
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampEuros, ChampJour
from annuaire.forms.cle import Cle
from annuaire.forms.formulaires import Formulaire
from ressources.actions.annonces import CHAMPS_MODIFIABLES, expiration_par_defaut, version_de
from ressources.actions.publication import JOURS_MAX
from ressources.coherence import MODES_DE_LOT
from ressources.forms.annonce_photo import ALTERNATIVE, AnnoncePhotoMixin
from ressources.forms.champs_annonce import ChampDuree, ChampStructure
from ressources.forms.mots import AIDES_DU_BESOIN, EXEMPLES, LIBELLES_DU_BESOIN, MODES
from ressources.forms.periodes import PeriodesMixin
from ressources.forms.regles import verifier
from ressources.models import Annonce, Categorie
from ressources.modes import AVEC_CAUTION, PAYANTS, REGLES, Mode, Unite
from ressources.natures import CHAMPS_DE_NATURE, PROFILS, Nature
from ressources.permissions import structures_pour_publier

CONDITIONS = ["mode", "prix", "prix_unite", "prix_sur_demande", "caution", "contrepartie", "partage"]
NON_PRECISE = ("", "Non précisé")
BEAUCOUP = 1_000_000


def _choix(label, choix, **kwargs):
    return forms.ChoiceField(label=label, choices=[NON_PRECISE, *choix], required=False, **kwargs)


def _nombre(label, **kwargs):
    return champs.ChampEntier(label=label, min_value=1, max_value=BEAUCOUP, required=False, **kwargs)


class AnnonceForm(Cle, PeriodesMixin, AnnoncePhotoMixin, Formulaire):
    """`annonce`: the one being changed, None for a new one. `complet` False: a draft, which may lack anything.

    `valeurs()` feeds actions.annonces. What the chosen mode does not use is refused with a sentence when it is
    filled in (with JavaScript it is not even sent); of a draft it is just not kept.
    """

    cle = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)
    titre = champs.ChampTexte(label="Titre", max_length=120)
    categorie = forms.ModelChoiceField(queryset=Categorie.objects.none(), required=False, empty_label="Je ne sais pas")
    description = champs.ChampTexte(
        label="Ce que vous proposez",
        max_length=4000,
        lignes=6,
        help_text="Ce qu'il faut savoir avant de vous répondre : quelques phrases suffisent.",
    )
    etat_materiel = _choix("État", Annonce.EtatMateriel.choices)
    quantite = champs.ChampEntier(
        label="Quantité",
        min_value=1,
        max_value=BEAUCOUP,
        initial=1,
        required=False,
    )
    transport = _choix("Transport", Annonce.Transport.choices)
    surface = _nombre("Surface (m²)")
    capacite = _nombre("Capacité (personnes)")
    accessible_pmr = forms.BooleanField(label="Accessible en fauteuil (PMR)", required=False)
    equipements = champs.ChampTexte(
        label="Équipements",
        max_length=300,
        required=False,
        help_text="Par exemple : cuisine, écran, connexion internet.",
    )
    residence_artistes = forms.BooleanField(label="Résidence d'artistes possible", required=False)
    travail_partage = forms.BooleanField(label="Travail partagé possible", required=False)
    niveau = _choix("Niveau", Annonce.Niveau.choices)
    jauge = _nombre("Jauge (spectateurs)")
    duree_minutes = ChampDuree(label="Durée", required=False, help_text="Par exemple : 1 h 30.")
    places = _nombre("Places")
    presence = _choix("Sur place ou à distance", Annonce.Presence.choices)
    mode = forms.ChoiceField(
        label="Comment le proposez-vous ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l'un de ces modes."},
    )
    prix = ChampEuros(label="Prix (€)", required=False, help_text="Par exemple : 1 250,50.")
    prix_unite = forms.ChoiceField(label="Prix pour", required=False)
    prix_sur_demande = forms.BooleanField(label="Prix sur demande", required=False)
    caution = ChampEuros(
        label="Caution (€)",
        required=False,
        help_text="Demandée à la remise, rendue au retour. Le portail ne touche pas d'argent.",
    )
    contrepartie = champs.ChampTexte(
        label="En échange de quoi ?",
        max_length=200,
        required=False,
        help_text="Par exemple : une matinée de jardinage.",
    )
    partage = forms.ChoiceField(
        label="Plusieurs structures peuvent-elles en prendre une part ?",
        required=False,
        choices=[
            ("", "Non, tout part ensemble"),
            ("premier_arrive", "Oui, au premier arrivé"),
            ("choisi", "Oui, et nous choisissons qui en reçoit"),
        ],
        help_text="Pour un lot, par exemple vingt ordinateurs. Donnez alors la quantité plus haut.",
    )
    commune = champs.ChampCommune(
        label="Commune",
        max_length=120,
        required=False,
        help_text="Son nom, ou son code postal. Vide : celle de la structure.",
    )
    urgente_pour = ChampJour(
        label="C'est urgent : pour le",
        required=False,
        help_text="Seulement s'il y a une date à tenir : l'annonce est signalée comme urgente jusqu'à ce jour.",
    )
    expire_le = ChampJour(
        label="Annonce valable jusqu'au",
        help_text="Un an au plus. Nous vous écrivons avant cette date pour savoir si elle tient toujours.",
    )
    photo = forms.FileField(
        label="Photo",
        required=False,
        help_text="JPEG, PNG ou WebP, 10 Mo au plus. Vous pourrez en ajouter d'autres ensuite.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    photo_alternative = champs.ChampTexte(
        label="Description de l'image", max_length=200, required=False, help_text=ALTERNATIVE
    )

    SECTIONS = [
        ("De quoi s'agit-il ?", ["structure", "titre", "categorie", "description"]),
        ("Précisions", []),
        ("À quelles conditions ?", CONDITIONS),
        ("Où et quand ?", ["commune", "periodes", "urgente_pour", "expire_le"]),
        ("Une photo", ["photo", "photo_alternative"]),
    ]  # fmt: skip

    def __init__(self, *args, sens, nature, utilisateur, annonce=None, complet=True, **kwargs):
        self.sens, self.nature, self.annonce, self.complet = sens, Nature(nature), annonce, complet
        self.utilisateur = utilisateur
        self.profil = PROFILS[self.nature]
        kwargs["initial"] = self._depart(kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self._garder_les_champs_de_la_nature()
        self._choisir()
        self._structure()
        self._nommer()
        if not complet:
            for champ in self.fields.values():
                champ.required = False

    # What the form shows

    def _depart(self, initial) -> dict:
        depart = {"expire_le": expiration_par_defaut(), "quantite": 1}
        if self.annonce is not None:
            depart = {nom: getattr(self.annonce, nom) for nom in CHAMPS_MODIFIABLES}
            depart["expire_le"] = depart["expire_le"] or expiration_par_defaut()
            depart["structure"] = self.annonce.structure
            depart["categorie"] = self.annonce.categorie_id
            depart |= {"version": version_de(self.annonce), "cle": self.annonce.cle}
        return depart | initial

    def _garder_les_champs_de_la_nature(self):
        de_trop = set(CHAMPS_DE_NATURE) - set(self.profil.champs)
        modes = set(self.profil.modes)
        if not modes & set(PAYANTS):
            de_trop |= {"prix", "prix_unite", "prix_sur_demande"}
        if not modes & set(AVEC_CAUTION):
            de_trop.add("caution")
        if Mode.ECHANGE not in modes:
            de_trop.add("contrepartie")
        if self.nature != Nature.MATERIEL or self.sens != Annonce.Sens.OFFRE:
            de_trop.add("partage")
        if len(modes) == 1:
            de_trop.add("mode")
        if self.annonce is not None and self.annonce.etat == Annonce.Etat.PUBLIEE:
            de_trop.add("expire_le")  # « prolonger » does that
        if self.annonce is not None and (self.annonce.etat != Annonce.Etat.BROUILLON or self.annonce.photos.exists()):
            de_trop |= {"photo", "photo_alternative"}
        for nom in de_trop:
            del self.fields[nom]

    def _choisir(self):
        self.fields["categorie"].queryset = Categorie.objects.filter(nature=self.nature).order_by("ordre", "nom", "pk")
        if "mode" in self.fields:
            self.fields["mode"].choices = [(mode, MODES[mode]) for mode in self.profil.modes]
        if "prix_unite" in self.fields:
            unites = dict.fromkeys(unite for mode in self.profil.modes for unite in REGLES[mode].unites)
            self.fields["prix_unite"].choices = [NON_PRECISE, *((u, Unite(u).label) for u in unites)]
        self.fields["commune"].widget.attrs |= {"list": "liste-communes", "autocomplete": "off"}

    def _structure(self):
        """No choice when there is none to make."""
        self.structures = structures_pour_publier(self.utilisateur).select_related("commune").order_by("tri", "pk")
        if self.annonce is not None and self.annonce.etat != Annonce.Etat.BROUILLON:
            self.seule = self.annonce.structure
            return
        self.seule = None
        if self.utilisateur.is_staff:
            champ = ChampStructure(label="Au nom de", help_text="Tapez le début du nom d'une structure de l'annuaire.")
            champ.widget.attrs |= {"class": "form-control", "list": "liste-structures", "autocomplete": "off"}
        else:
            deux = list(self.structures[:2])
            if len(deux) == 1:
                self.seule = deux[0]
                return
            champ = forms.ModelChoiceField(
                label="Au nom de", queryset=self.structures, empty_label="Choisissez une structure"
            )
            champ.widget.attrs["class"] = "form-select"
        champ.error_messages["required"] = "Dites pour quelle structure."
        self.fields["structure"] = champ

    def _nommer(self):
        besoin = self.sens == Annonce.Sens.BESOIN
        self.fields["titre"].help_text = f"Par exemple : {EXEMPLES[self.nature][besoin]}."
        self.fields["categorie"].label = self.profil.categorie
        if not besoin:
            return
        for nom, libelle in LIBELLES_DU_BESOIN.items():
            if nom in self.fields:
                self.fields[nom].label = libelle
        for nom, aide in AIDES_DU_BESOIN.items():
            if nom in self.fields:
                self.fields[nom].help_text = aide

    def sections(self):
        """(title, bound fields, whether it holds the periods) of each part of the page."""
        for titre, noms in self.SECTIONS:
            montres = [self[nom] for nom in noms or self.profil.champs if nom in self.fields]
            if montres:
                yield titre, montres, "periodes" in noms

    # What it reads

    def clean_quantite(self):
        return self.cleaned_data["quantite"] or 1

    def clean_expire_le(self):
        jour = self.cleaned_data["expire_le"]
        limites = (timezone.localdate(), timezone.localdate() + timedelta(days=JOURS_MAX))
        if jour and not limites[0] < jour <= limites[1]:
            raise forms.ValidationError(
                f"Choisissez un jour entre demain et le {limites[1]:%d/%m/%Y} (un an au plus).", code="validite"
            )
        return jour

    def clean_urgente_pour(self):
        jour = self.cleaned_data["urgente_pour"]
        deja = self.annonce.urgente_pour if self.annonce else None
        if jour and jour < timezone.localdate() and jour != deja:
            raise forms.ValidationError("Cette date est passée.", code="passee")
        return jour

    def clean(self):
        donnees = super().clean()
        if "mode" not in self.fields:
            donnees["mode"] = self.profil.modes[0]
        if self.complet:
            verifier(self, donnees)
        return donnees

    @property
    def structure_choisie(self):
        return self.seule or self.cleaned_data.get("structure") or (self.annonce.structure if self.annonce else None)

    def valeurs(self) -> dict:
        """Field -> value for actions.annonces: only what was understood, so that a draft keeps all that it can."""
        lues = {nom: self.cleaned_data[nom] for nom in CHAMPS_MODIFIABLES if nom in self.cleaned_data}
        if self.structure_choisie is not None and not (self.annonce and self.annonce.etat != Annonce.Etat.BROUILLON):
            lues["structure"] = self.structure_choisie
        else:
            lues.pop("structure", None)
        if "commune" in lues and self.structure_choisie is not None:
            lues["commune"] = lues["commune"] or self.structure_choisie.commune
        if "periodes" in self.cleaned_data:
            lues["periodes"] = self.cleaned_data["periodes"]
        return lues

    def modes_du_champ(self, nom) -> str:
        """The modes that use this field, for the script that hides it; empty: all do."""
        modes = {
            "prix": PAYANTS,
            "prix_unite": PAYANTS,
            "prix_sur_demande": PAYANTS,
            "caution": AVEC_CAUTION,
            "contrepartie": (Mode.ECHANGE,),
            "partage": MODES_DE_LOT,
        }.get(nom, ())
        return " ".join(mode for mode in modes if mode in self.profil.modes)

    def unites(self) -> str:
        """Mode -> units of its price, as the script reads it."""
        return json.dumps({mode: REGLES[mode].unites for mode in self.profil.modes if REGLES[mode].payant})

    @classmethod
    def relire(cls, annonce, utilisateur):
        """The form as if its own page had just been sent whole: its errors are what the announcement still lacks."""
        options = {"sens": annonce.sens, "nature": annonce.nature, "utilisateur": utilisateur, "annonce": annonce}
        form = cls(donnees_de(cls(**options)), **options)
        form.is_valid()
        return form


def donnees_de(form) -> MultiValueDict:
    """What a browser would send of this form, were it sent as it is shown."""
    donnees = MultiValueDict()
    for nom in form.fields:
        valeur = form[nom].value()
        if isinstance(valeur, bool):
            donnees.setlist(nom, ["on"] if valeur else [])
        elif valeur is not None and not hasattr(valeur, "read"):
            donnees[nom] = str(valeur)
    return donnees


def form_avec_autrui(form, annonce, conflit):
    """The same form, bound again: what was typed, the other person's values elsewhere, the new version."""
    options = {"sens": form.sens, "nature": form.nature, "utilisateur": form.utilisateur, "annonce": annonce}
    frais = donnees_de(type(form)(**options))
    donnees = MultiValueDict({nom: list(valeurs) for nom, valeurs in form.data.lists()})
    for nom in conflit.autres:
        donnees.setlist(nom, frais.getlist(nom))
    donnees["version"] = version_de(annonce)
    relie = type(form)(donnees, form.files, complet=form.complet, **options)
    relie.is_valid()
    return relie
