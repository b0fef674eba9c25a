"""One row of a list -> clean values of an Annonce, or the reasons why not, in French. E-mails are never quoted."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from annuaire.forms.champs_temps import lire_euros, lire_jour
from annuaire.imports.colonnes import Correspondance
from annuaire.imports.lieux import CommuneInconnue, Communes
from annuaire.imports.textes import cle_texte
from annuaire.models import Rattachement, Structure
from ressources.models import Annonce, Categorie
from ressources.modes import AVEC_CAUTION, PAYANTS, REGLES, Mode
from ressources.natures import PROFILS, Nature

from . import vocabulaire as v

ENTIERS = {
    "quantite": (1, 1_000_000), "surface": (1, 1_000_000), "capacite": (1, 100_000), "jauge": (1, 1_000_000),
    "duree_minutes": (1, 100_000), "places": (1, 100_000),
}  # fmt: skip
NOMS = {"quantite": "quantité", "capacite": "capacité", "duree_minutes": "durée"}
VALIDITE_MAX = 365


@dataclass
class LigneLue:
    """What a row says. `erreurs` reject it, `remarques` are reported; `supposes`: fields that no cell gave."""

    numero: int
    nom: str = ""
    structure: Structure | None = None
    valeurs: dict = field(default_factory=dict)
    periode: tuple[date, date] | None = None
    cle: str = ""
    quand_meme: str = ""
    supposes: set[str] = field(default_factory=set)
    erreurs: list[str] = field(default_factory=list)
    remarques: list[str] = field(default_factory=list)


class Referentiel:
    """Structures, communes and categories, read once per file."""

    def __init__(self, *, structure: Structure | None = None):
        self.defaut = structure
        self.communes = Communes()
        self.categories = list(Categorie.objects.all())
        publiees = Structure.objects.filter(etat="publiee").select_related("commune").order_by("-pk")
        self.par_nom, self.par_siret, self.par_courriel, self.par_slug = {}, {}, {}, {}
        for s in publiees.defer("recherche", "recherche_trgm", "recherche_vecteur", "presentation", "missions"):
            for nom in filter(None, (s.nom, s.sigle)):
                self.par_nom.setdefault(cle_texte(nom), {})[s.pk] = s
            self.par_slug[s.slug] = s
            if s.siret:
                self.par_siret[s.siret] = s
            if s.courriel:
                self.par_courriel.setdefault(s.courriel.lower(), {})[s.pk] = s
        par_pk = {s.pk: s for s in self.par_slug.values()}
        liens = Rattachement.objects.filter(etat="actif", structure__in=par_pk)
        for courriel, pk in liens.values_list("utilisateur__email", "structure_id"):
            self.par_courriel.setdefault(courriel.lower(), {})[pk] = par_pk[pk]

    def lire(self, numero: int, cellules: list[str], colonnes: Correspondance) -> LigneLue:
        return _Lecture(self, numero, cellules, colonnes).faire()

    def categorie(self, texte: str, nature: str) -> Categorie | None:
        """By its name or slug first, then one of the words people use for it; within the nature when it is known."""
        cle = cle_texte(texte)
        candidates = [c for c in self.categories if not nature or c.nature == nature]
        for c in candidates:
            if cle in (cle_texte(c.nom), cle_texte(c.slug)):
                return c
        mots = {cle, cle.removesuffix("s"), f"{cle}s"}
        for c in candidates:
            if mots & {cle_texte(mot) for mot in [*c.synonymes.split(","), *re.split(r"\bet\b|,", c.nom)]}:
                return c
        return None


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

    def choix(self, colonne: str, table: dict, quoi: str):
        """The value that the cell means; said and left out when nobody knows the word."""
        texte = self.texte(colonne)
        if not texte:
            return ""
        valeur = table.get(cle_texte(texte), "")
        if not valeur:
            self.remarque(f"{quoi} non reconnu, laissé de côté : « {texte[:40]} »")
        return valeur

    def faire(self) -> LigneLue:
        self.titre()
        self.structure()
        self.quoi()
        self.argent()
        self.lieu()
        self.nombres()
        self.dates()
        ligne, valeurs = self.ligne, self.ligne.valeurs
        ligne.quand_meme = self.texte("ajouter_quand_meme")[:200]
        if reference := self.texte("id"):
            ligne.cle = f"#{reference}"[:120]
        elif ligne.structure:
            ligne.cle = f"{ligne.structure.pk} {valeurs['sens']} {cle_texte(ligne.nom)}"[:120]
        return ligne

    def titre(self) -> None:
        titre = " ".join(self.texte("titre").split())
        self.ligne.nom = titre
        if not titre:
            self.erreur("pas de titre (colonne « désignation » ou « titre »)")
        elif len(titre) > 120:
            self.ligne.valeurs["description"] = titre
            titre = titre[:119].rsplit(" ", 1)[0] + "…"
            self.remarque("titre trop long : coupé à 120 caractères, entier dans la description")
        self.ligne.valeurs["titre"] = titre
        if description := self.texte("description"):
            if len(description) > 4000:
                self.erreur("description de plus de 4 000 caractères")
            self.ligne.valeurs["description"] = description

    def structure(self) -> None:
        """By SIRET, name or acronym, its e-mail or that of one of its members; else the list's own structure."""
        siret = re.sub(r"\D", "", self.texte("siret"))
        nom, contact = self.texte("structure"), self.texte("contact").lower()
        trouvees = {}
        if siret and siret in self.ref.par_siret:
            trouvees = {0: self.ref.par_siret[siret]}
        elif nom:
            trouvees = self.ref.par_nom.get(cle_texte(nom), {})
            if not trouvees and nom.rstrip("/").rsplit("/", 1)[-1] in self.ref.par_slug:
                trouvees = {0: self.ref.par_slug[nom.rstrip("/").rsplit("/", 1)[-1]]}
        elif "@" in contact:
            trouvees = self.ref.par_courriel.get(contact, {})
        if len(trouvees) == 1:
            self.ligne.structure = next(iter(trouvees.values()))
        elif len(trouvees) > 1:
            self.erreur(f"plusieurs structures publiées répondent à « {(nom or 'ce contact')[:60]} » : donnez le SIRET")
        elif nom or siret:
            self.erreur(f"structure inconnue de l'annuaire : « {(nom or siret)[:60]} »")
        elif self.ref.defaut:
            self.ligne.structure = self.ref.defaut
        else:
            self.erreur("à quelle structure ? Ajoutez une colonne « structure », ou choisissez-la pour tout le fichier")

    def quoi(self) -> None:
        valeurs, texte = self.ligne.valeurs, self.texte("categorie")
        valeurs["sens"] = self.choix("sens", v.SENS, "sens") or "offre"
        nature = self.choix("nature", v.NATURES, "nature")
        categorie = self.ref.categorie(texte, nature) if texte else None
        if texte and categorie is None and not nature and (lue := v.NATURES.get(cle_texte(texte))):
            nature = lue  # a « catégorie » column that holds natures
        elif texte and categorie is None:
            self.remarque(f"catégorie inconnue, laissée de côté : « {texte[:40]} »")
        if categorie is None:  # what the title names: « vidéoprojecteur Epson »
            categorie = self._categorie_du_titre(nature or Nature.MATERIEL)
            self.ligne.supposes.add("categorie")
        nature = nature or (categorie.nature if categorie else Nature.MATERIEL)
        valeurs["nature"] = str(nature)
        if categorie and categorie.nature == nature:
            valeurs["categorie"] = categorie
        self.mode(nature)
        if nature == Nature.MATERIEL:
            valeurs["etat_materiel"] = self.choix("etat_materiel", v.ETATS, "état")
            valeurs["transport"] = self.choix("transport", v.TRANSPORTS, "transport")
        if nature == Nature.LOCAL:
            valeurs["accessible_pmr"] = cle_texte(self.texte("accessible_pmr")) in v.OUI
            if equipements := self.texte("equipements"):
                valeurs["equipements"] = equipements[:300]

    def _categorie_du_titre(self, nature):
        mots = cle_texte(self.ligne.nom).split()
        suites = {" ".join(mots[i : i + n]) for n in (1, 2) for i in range(len(mots) - n + 1)}
        suites |= {s.removesuffix("s") for s in suites} | {f"{s}s" for s in suites}
        for c in self.ref.categories:
            if c.nature == nature and suites & {cle_texte(mot) for mot in c.synonymes.split(",") if mot.strip()}:
                return c
        return None

    def mode(self, nature) -> None:
        possibles = PROFILS[nature].modes
        mode = self.choix("mode", v.MODES, "mode d'échange")
        if mode and mode not in possibles:
            mode = v.EQUIVALENTS.get(mode, "")
            mode = mode if mode in possibles else ""
        if not mode:
            a_un_prix = self.texte("prix") and cle_texte(self.texte("prix")) not in v.GRATUIT
            payants = [m for m in possibles if m in PAYANTS]
            mode = payants[0] if a_un_prix and payants else possibles[0]
            self.remarque(f"mode d'échange supposé : {Mode(mode).label}")
            self.ligne.supposes.add("mode")
        self.ligne.valeurs["mode"] = str(mode)

    def argent(self) -> None:
        valeurs, texte = self.ligne.valeurs, self.texte("prix")
        cle = cle_texte(texte)
        valeurs["prix"], valeurs["prix_sur_demande"], valeurs["prix_unite"] = None, False, ""
        if not texte:
            self.ligne.supposes |= {"prix", "prix_unite", "prix_sur_demande"}
        if valeurs["mode"] in PAYANTS:
            self._prix(texte, cle)
        elif texte and cle not in v.GRATUIT:
            self.remarque("prix laissé de côté : ce mode d'échange est gratuit")
        if caution := self.texte("caution"):
            valeurs["caution"] = self._euros(caution, "caution") if valeurs["mode"] in AVEC_CAUTION else None
            if valeurs["mode"] not in AVEC_CAUTION:
                self.remarque("caution laissée de côté : seulement pour un prêt ou une location")

    def _prix(self, texte, cle) -> None:
        valeurs = self.ligne.valeurs
        montant, _, unite = texte.partition("/")
        montant = re.split(r"\b(?:par|l'|la|le)\b", montant)[0]
        if cle in v.SUR_DEMANDE or not texte:
            valeurs["prix_sur_demande"] = valeurs["sens"] == "offre"
            if not texte and valeurs["sens"] == "offre":
                self.remarque("pas de prix : « prix sur demande »")
            return
        valeurs["prix"] = self._euros(montant, "prix")
        lue = v.UNITES.get(cle_texte(self.texte("prix_unite") or unite), "")
        possibles = REGLES[valeurs["mode"]].unites
        valeurs["prix_unite"] = str(lue) if lue in possibles else possibles[0]

    def _euros(self, texte, quoi):
        try:
            montant = lire_euros(texte)
        except ValueError:
            self.erreur(f"{quoi} illisible : « {texte[:20]} » (exemple : 1 250,50)")
            return None
        if not 0 <= montant <= 999_999 or montant != round(montant, 2):
            self.erreur(f"{quoi} hors de ce qui est possible : « {texte[:20]} »")
            return None
        return round(montant, 2)

    def lieu(self) -> None:
        try:
            lieu = self.ref.communes.trouver(
                code=self.texte("code_commune"), code_postal=self.texte("code_postal"), nom=self.texte("commune")
            )
        except CommuneInconnue as erreur:
            # « Local du stade » is a place, not a commune: kept as words, beside the structure's commune.
            lieu = None
            if self.texte("commune") and not self.texte("code_postal"):
                self._lieu_en_mots()
            else:
                self.erreur(str(erreur))
                return
        if lieu:
            self.ligne.valeurs["commune_id"] = lieu.code
        elif self.ligne.structure:
            self.ligne.valeurs["commune_id"] = self.ligne.structure.commune_id

    def _lieu_en_mots(self) -> None:
        lieu, valeurs = self.texte("commune"), self.ligne.valeurs
        valeurs["description"] = f"{valeurs.get('description', '')}\nLieu : {lieu[:200]}".strip()
        self.remarque(f"« {lieu[:40]} » n'est pas une commune : gardé dans la description")

    def nombres(self) -> None:
        champs = {"quantite", *PROFILS[self.ligne.valeurs["nature"]].champs} & set(ENTIERS)
        for champ in sorted(champs):
            if not (texte := self.texte(champ)):
                continue
            minimum, maximum = ENTIERS[champ]
            compact = re.sub(r"[\s\u00a0\u202f]|(?:[.,]0+)$|(m²|m2|min|pers\.?|places?)$", "", texte.lower())
            if not re.fullmatch(r"[0-9]{1,9}", compact) or not minimum <= int(compact) <= maximum:
                self.erreur(f"{NOMS.get(champ, champ)} illisible : « {texte[:20]} »")
            else:
                self.ligne.valeurs[champ] = int(compact)

    def dates(self) -> None:
        lues = {}
        for colonne in ("debut", "fin", "expire_le"):
            if texte := self.texte(colonne):
                try:
                    lues[colonne] = lire_jour(texte.split(" ")[0] if re.match(r"\d{4}-", texte) else texte)
                    if not 2000 <= lues[colonne].year <= 2100:
                        raise ValueError(texte)
                except (ValueError, OverflowError):
                    lues.pop(colonne, None)
                    self.erreur(f"date illisible : « {texte[:20]} » (exemple : 12/03/2027)")
        debut, fin = lues.get("debut"), lues.get("fin")
        if debut and fin and fin < debut:
            self.erreur("la date de fin est avant la date de début")
        elif fin and fin < timezone.localdate():
            self.erreur(f"n'est plus disponible depuis le {fin:%d/%m/%Y}")
        elif debut or fin:
            self.ligne.periode = (debut or timezone.localdate(), fin or debut + timedelta(days=VALIDITE_MAX))
        if expire := lues.get("expire_le"):
            aujourdhui = timezone.localdate()
            if expire < aujourdhui:
                self.erreur(f"déjà expirée le {expire:%d/%m/%Y}")
            else:
                self.ligne.valeurs["expire_le"] = min(expire, aujourdhui + timedelta(days=VALIDITE_MAX))


def deja_la(structures) -> dict[tuple, Annonce]:
    """(structure, sense, folded title) -> announcement still alive, to tell possible duplicates."""
    vivantes = Annonce.objects.filter(Q(structure__in=structures), etat__in=["brouillon", "a_valider", "publiee"])
    return {(a.structure_id, a.sens, cle_texte(a.titre)): a for a in vivantes.only("structure", "sens", "titre")}
