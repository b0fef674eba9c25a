"""One row of a file -> clean values of a Structure, or the reasons why not, in French.

A fault in a fact that identifies or reaches (name, SIRET, RNA, e-mail, phone, site, commune) rejects the row; an
unknown activity, label or legal form is said and left out. Reasons never quote an e-mail nor a phone.
"""

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from annuaire.models import Activite, Competence, Label, Structure
from annuaire.validateurs import (
    normaliser_rna,
    normaliser_siret,
    normaliser_telephone,
    valider_siret,
    valider_telephone,
)

from .colonnes import Correspondance
from .formes import forme_de, forme_de_categorie
from .lieux import CommuneInconnue, Communes, Lieu
from .textes import cle_texte

LIBELLES = {
    "nom": "nom", "sigle": "sigle", "presentation": "présentation", "missions": "missions", "adresse": "adresse",
    "public_accueilli": "public accueilli", "horaires": "horaires", "public_source": "source de l'accord",
}  # fmt: skip
BOOLEENS = {"accessible_pmr": "PMR", "accessible_braille": "braille", "accessible_lsf": "LSF"}
ENTIERS = {
    "benevoles": ("nombre de bénévoles", 2**31 - 1),
    "adherents": ("nombre d'adhérents", 2**31 - 1),
    "rayon_intervention": ("rayon d'intervention", 32767),
}
valider_url = URLValidator(schemes=["http", "https"])


@dataclass
class LigneLue:
    """What a row says. `erreurs` reject it, `remarques` are reported."""

    numero: int
    nom: str = ""
    valeurs: dict = field(default_factory=dict)
    lieu: Lieu | None = None
    activites: list = field(default_factory=list)
    competences: list[str] = field(default_factory=list)
    labels: list[tuple] = field(default_factory=list)
    contact: dict = field(default_factory=dict)
    fiche: str = ""
    cles: list[str] = field(default_factory=list)
    quand_meme: str = ""
    erreurs: list[str] = field(default_factory=list)
    remarques: list[str] = field(default_factory=list)


class Referentiel:
    """Communes, activities, skills and labels, read once per file."""

    def __init__(self):
        self.communes = Communes()
        self.activites = {}
        for activite in Activite.objects.select_related("parent").order_by("-pk"):
            self.activites[cle_texte(activite.slug)] = activite
            self.activites[cle_texte(activite.nom)] = activite
            if activite.parent:
                self.activites[cle_texte(f"{activite.parent.nom} {activite.nom}")] = activite
        self.competences = {cle_texte(c.nom): c.nom for c in Competence.objects.all()}
        self.labels = {cle_texte(label.nom): label for label in Label.objects.all()}

    def lire(self, numero: int, cellules: list[str], colonnes: Correspondance) -> LigneLue:
        return _Lecture(self, numero, cellules, colonnes).faire()


class _Lecture:
    def __init__(self, referentiel, numero, cellules, colonnes):
        self.ref, self.cellules, self.colonnes = referentiel, cellules, colonnes
        self.ligne = LigneLue(numero)

    def texte(self, colonne: str) -> str:
        return self.colonnes.valeur(self.cellules, colonne)

    def erreur(self, raison: str) -> None:
        self.ligne.erreurs.append(raison)

    def remarque(self, raison: str) -> None:
        self.ligne.remarques.append(raison)

    def poser(self, champ: str, valeur) -> None:
        if valeur not in ("", None):
            self.ligne.valeurs[champ] = valeur

    def faire(self) -> LigneLue:
        self.textes()
        self.identifiants()
        self.lieu()
        self.coordonnees()
        self.nombres()
        self.taxonomies()
        self.contact()
        self.vie()
        self.ligne.fiche = self.texte("fiche").rstrip("/").rsplit("/", 1)[-1]
        self.ligne.quand_meme = self.texte("ajouter_quand_meme")[:200]
        self.cles()
        return self.ligne

    def textes(self) -> None:
        for champ, libelle in LIBELLES.items():
            texte = self.texte(champ)
            if champ not in {"presentation", "missions"}:
                texte = " ".join(texte.split())
            maximum = Structure._meta.get_field(champ).max_length
            if champ == "sigle" and (len(texte) > maximum or cle_texte(texte) == cle_texte(self.texte("nom"))):
                continue  # the RNA's « titre court » is often the title again
            if len(texte) > maximum:
                self.erreur(f"{libelle} trop long : {len(texte)} caractères, {maximum} au plus")
            else:
                self.poser(champ, texte)
        self.ligne.nom = self.ligne.valeurs.get("nom", "") or " ".join(self.texte("nom").split())[:160]
        if not self.ligne.nom:
            self.erreur("nom manquant")
        if forme := self.texte("forme_juridique"):
            connue = forme_de(forme)
            self.poser("forme_juridique", connue)
            if connue is None:
                self.remarque(f"forme juridique inconnue, laissée vide : « {forme[:60]} »")
        elif categorie := self.texte("categorie_juridique"):
            self.poser("forme_juridique", forme_de_categorie(categorie))

    def identifiants(self) -> None:
        if siret := normaliser_siret(self.texte("siret")):
            siret = siret.zfill(14) if re.fullmatch(r"\d{12,13}", siret) else siret
            if re.search(r"[eE]\+?\d", siret) or "," in siret:
                self.erreur("SIRET abîmé par le tableur (écriture scientifique) : mettez la colonne au format Texte")
            else:
                self.verifier("siret", siret, valider_siret, f"SIRET invalide : « {siret[:20]} »")
        identifiant = self.texte("id")
        rna = normaliser_rna(self.texte("rna"))
        if not rna and re.fullmatch(r"W\d{9}", normaliser_rna(identifiant)):
            rna = normaliser_rna(identifiant)
        if rna and not re.fullmatch(r"W\d{9}", rna):
            self.erreur(f"numéro RNA invalide : « {rna[:20]} » (W suivi de 9 chiffres)")
        else:
            self.poser("rna", rna)

    def verifier(self, champ, valeur, validateur, raison) -> None:
        maximum = Structure._meta.get_field(champ).max_length
        try:
            if len(valeur) > maximum:
                raise ValidationError("too long")
            validateur(valeur)
        except ValidationError:
            self.erreur(raison)
        else:
            self.poser(champ, valeur)

    def lieu(self) -> None:
        parties = [self.texte(f"adresse_{partie}") for partie in ("numero", "repetition", "type", "voie")]
        voie = " ".join(partie for partie in parties if partie)
        adresse = ", ".join(partie for partie in (voie, self.texte("adresse_complement")) if partie)
        if "adresse" not in self.ligne.valeurs:
            self.poser("adresse", adresse[:200])
        try:
            self.ligne.lieu = self.ref.communes.trouver(
                code=self.texte("code_commune"), code_postal=self.texte("code_postal"), nom=self.texte("commune")
            )
        except CommuneInconnue as inconnue:
            self.erreur(str(inconnue))
        if self.ligne.lieu:
            self.poser("commune_id", self.ligne.lieu.code)
        self.point()

    def point(self) -> None:
        brut = [self.texte(axe).replace(",", ".") for axe in ("latitude", "longitude")]
        if not any(brut):
            return
        try:
            latitude, longitude = (float(valeur) for valeur in brut)
        except ValueError:
            self.erreur("latitude ou longitude illisible")
            return
        if not (math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
            self.erreur("latitude ou longitude impossible (degrés, WGS 84)")
        elif latitude == 0 and longitude == 0:
            self.remarque("point 0,0 ignoré")
        else:
            origine = cle_texte(self.texte("origine_point"))
            connues = {cle_texte(o.label): o.value for o in Structure.PositionOrigine} | {
                o.value: o.value for o in Structure.PositionOrigine
            }
            self.ligne.valeurs |= {
                "latitude": latitude,
                "longitude": longitude,
                "position_origine": connues.get(origine, "adresse"),
            }

    def coordonnees(self) -> None:
        if telephone := self.texte("telephone"):
            premier = re.split(r"\s*(?:/|;|,|\bou\b|\n)\s*", telephone)[0]
            if premier != telephone:
                self.remarque("plusieurs téléphones : le premier est gardé")
            propre = self.telephone(premier)
            self.verifier("telephone", propre, valider_telephone, "téléphone invalide : 10 chiffres en France")
        if courriel := self.texte("courriel"):
            self.verifier("courriel", courriel.removeprefix("mailto:"), validate_email, "adresse e-mail invalide")
        for champ in ("telephone_public", "courriel_public"):
            if self.booleen(champ):
                if self.ligne.valeurs.get("public_source"):
                    self.ligne.valeurs[champ] = True
                else:
                    self.remarque(
                        "coordonnée gardée non publique : remplissez « source de l'accord » (qui l'a dit, et quand)"
                    )
        if not {"telephone_public", "courriel_public"} & set(self.ligne.valeurs):
            self.ligne.valeurs.pop("public_source", None)
        if site := self.texte("site"):
            self.verifier("site", self.url(site), valider_url, f"adresse de site invalide : « {site[:60]} »")
        tous = " ".join(self.colonnes.valeurs(self.cellules, "reseaux"))
        reseaux = [self.url(adresse) for adresse in re.split(r"[\s|;]+", tous) if adresse]
        try:
            for reseau in reseaux:
                valider_url(reseau)
                if len(reseau) > 200:
                    raise ValidationError("too long")
        except ValidationError:
            self.erreur("adresse de réseau social invalide")
        else:
            self.poser("reseaux", reseaux or None)

    @staticmethod
    def telephone(brut: str) -> str:
        chiffres = re.sub(r"[\s.\-()]", "", brut)
        return normaliser_telephone(f"0{chiffres}" if re.fullmatch(r"[1-9]\d{8}", chiffres) else brut)

    @staticmethod
    def url(brut: str) -> str:
        return brut if re.match(r"[a-z][a-z0-9+.-]*:", brut, re.IGNORECASE) and "://" in brut else f"https://{brut}"

    def booleen(self, colonne: str) -> bool | None:
        mot = cle_texte(self.texte(colonne))
        if mot in {"oui", "o", "1", "x", "vrai", "true", "yes"}:
            return True
        return False if mot in {"non", "n", "0", "faux", "false", "no"} else None

    def nombres(self) -> None:
        for champ, (libelle, maximum) in ENTIERS.items():
            if brut := re.sub(r"\s", "", self.texte(champ)):
                if re.fullmatch(r"\d{1,10}", brut) and int(brut) <= maximum:
                    self.ligne.valeurs[champ] = int(brut)
                else:
                    self.erreur(f"{libelle} illisible : « {brut[:20]} »")
        if brut := re.sub(r"\s", "", self.texte("salaries_etp")).replace(",", "."):
            try:
                etp = Decimal(brut).quantize(Decimal("0.01"))
                if not 0 <= etp < 100_000:
                    raise InvalidOperation
                self.ligne.valeurs["salaries_etp"] = etp
            except InvalidOperation:
                self.erreur(f"salariés (ETP) illisible : « {brut[:20]} »")
        if brut := self.texte("annee_creation"):
            annee = re.search(r"(?<!\d)(\d{4})(?!\d)", brut)
            if annee and 1600 <= int(annee[1]) <= 2100:
                self.ligne.valeurs["annee_creation"] = int(annee[1])
            else:
                self.erreur(f"année de création illisible : « {brut[:20]} »")
        for champ in BOOLEENS:
            if (reponse := self.booleen(champ)) is not None:
                self.ligne.valeurs[champ] = reponse

    def taxonomies(self) -> None:
        for mot in self.liste("activites", self.ref.activites):
            activite = self.ref.activites.get(cle_texte(mot))
            if activite is None:
                self.remarque(f"activité inconnue, laissée de côté : « {mot[:60]} »")
            elif activite not in self.ligne.activites:
                self.ligne.activites.append(activite)
        for mot in self.liste("competences", self.ref.competences):
            if len(mot) > 80:
                self.remarque("compétence trop longue, laissée de côté (80 caractères au plus)")
            else:
                nom = self.ref.competences.setdefault(cle_texte(mot), mot)
                if nom not in self.ligne.competences:
                    self.ligne.competences.append(nom)
        for mot in self.liste("labels", self.ref.labels):
            nom, _, fin = mot.rpartition("(")
            label = self.ref.labels.get(cle_texte(mot)) or self.ref.labels.get(cle_texte(nom))
            if label is None:
                self.remarque(f"label inconnu, laissé de côté : « {mot[:60]} »")
            else:
                self.ligne.labels.append((label, self.jour(fin)))

    def liste(self, colonne: str, connus: dict) -> list[str]:
        """Values separated by | ; or a line break; by commas only when the whole is not itself a known name."""
        mots = []
        for texte in self.colonnes.valeurs(self.cellules, colonne):
            for morceau in re.split(r"[|;\n]+", texte):
                if "," in morceau and cle_texte(morceau) not in connus:
                    mots += morceau.split(",")
                else:
                    mots.append(morceau)
        return [" ".join(mot.split()) for mot in mots if cle_texte(mot)]

    @staticmethod
    def jour(texte: str) -> date | None:
        for motif, forme in ((r"\d{4}-\d\d-\d\d", "%Y-%m-%d"), (r"\d\d/\d\d/\d{4}", "%d/%m/%Y")):
            if trouve := re.search(motif, texte):
                try:
                    return datetime.strptime(trouve[0], forme).date()
                except ValueError:
                    return None
        return None

    def contact(self) -> None:
        nom = " ".join(self.texte("contact_nom").split())
        if not nom:
            return
        contact = {"nom": nom[:120], "fonction": self.texte("contact_fonction")[:120]}
        if telephone := self.texte("contact_telephone"):
            contact["telephone"] = self.telephone(telephone)
        contact["courriel"] = self.texte("contact_courriel")
        try:
            valider_telephone(contact["telephone"]) if contact.get("telephone") else None
            validate_email(contact["courriel"]) if contact["courriel"] else None
        except ValidationError:
            self.erreur("téléphone ou adresse e-mail du contact invalide")
        self.ligne.contact = {champ: valeur for champ, valeur in contact.items() if valeur}

    def vie(self) -> None:
        if self.texte("date_dissolution"):
            self.erreur("structure dissoute ou fermée d'après le fichier")
        elif self.texte("position").upper() in {"D", "F", "C", "S"}:
            self.erreur("structure dissoute, supprimée ou fermée d'après le fichier")

    def cles(self) -> None:
        """The keys under which this structure may be known in its source, the surest first."""
        valeurs = self.ligne.valeurs
        commune = valeurs.get("commune_id", "")
        cles = [
            self.texte("id")[:120],
            valeurs.get("siret", ""),
            valeurs.get("rna", ""),
            f"nom:{cle_texte(self.ligne.nom)[:100]}|{commune}" if self.ligne.nom else "",
            f"nom:{cle_texte(self.ligne.nom)[:100]}|" if self.ligne.nom and commune else "",
        ]
        self.ligne.cles = [cle for cle in cles if cle]
