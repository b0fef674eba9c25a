"""What to do of one line: create, update, leave, list as a possible duplicate, or reject. Nothing is written here."""

from dataclasses import dataclass, field

from django.db.models.functions import Lower

from annuaire import doublons
from annuaire.models import AncienneAdresse, Contact, Structure
from annuaire.querysets import base_slug

from .oppositions import contact_oppose, courriel_oppose
from .rapport import LigneRapport, Statut
from .textes import cle_texte
from .valeurs import LigneLue

Etat = Structure.Etat
NOMS = {
    "commune_id": "commune", "forme_juridique": "forme juridique", "telephone": "téléphone", "courriel": "e-mail",
    "presentation": "présentation", "activites": "activités", "competences": "compétences", "labels": "labels",
    "public_accueilli": "public accueilli", "annee_creation": "année de création", "site": "site", "siret": "SIRET",
    "rna": "RNA", "reseaux": "réseaux sociaux", "salaries_etp": "salariés", "benevoles": "bénévoles",
    "adherents": "adhérents", "rayon_intervention": "rayon d'intervention", "accessible_pmr": "PMR",
    "accessible_braille": "braille", "accessible_lsf": "LSF", "telephone_public": "téléphone public",
    "courriel_public": "e-mail public", "public_source": "source de l'accord", "latitude": "point",
    "contact": "contact",
}  # fmt: skip
POSITION = ("latitude", "longitude", "position_origine")
PRECISION = 1e-6
"""Degrees under which two points are one (10 cm): exports round."""
MULTIPLES = ("activites", "competences")


@dataclass
class Decision:
    """A line, what is said of it, and what to write: field values and lists that differ."""

    lue: LigneLue
    rapport: LigneRapport
    structure: Structure | None = None
    champs: dict = field(default_factory=dict)
    activites: list | None = None
    competences: list[str] | None = None
    labels: list[tuple] = field(default_factory=list)
    contact: dict = field(default_factory=dict)


class Voisinage:
    """Which lines cannot be a duplicate of anything, known in a few queries for the whole file.

    doublons.candidats() costs some ten milliseconds a line. A line that gives a commune and no point can only
    match a sheet of that commune, a sheet without any place and of the same name, or a shared identifier.
    """

    def __init__(self, lues: list[LigneLue]):
        champs = ("siret", "rna", "courriel", "telephone")
        self.partages = {}
        for champ in champs:
            voulus = {_plat(lue.valeurs[champ]) for lue in lues if lue.valeurs.get(champ)}
            expression = Lower(champ)
            self.partages[champ] = set(
                Structure.objects.alias(plat=expression).filter(plat__in=voulus).values_list(expression, flat=True)
            )
        communes = {lue.valeurs["commune_id"] for lue in lues if lue.valeurs.get("commune_id")}
        self.communes = set(Structure.objects.filter(commune__in=communes).values_list("commune", flat=True).distinct())
        sans_lieu = Structure.objects.filter(commune=None, latitude=None).values_list("nom", flat=True)
        self.noms_sans_lieu = {_lettres(nom) for nom in sans_lieu}

    def est_seule(self, lue: LigneLue) -> bool:
        valeurs = lue.valeurs
        return (
            bool(valeurs.get("commune_id"))
            and "latitude" not in valeurs
            and valeurs["commune_id"] not in self.communes
            and _lettres(lue.nom) not in self.noms_sans_lieu
            and not any(_plat(valeurs.get(champ, "")) in connus for champ, connus in self.partages.items())
        )


def _plat(valeur: str) -> str:
    return valeur.lower()


def _lettres(nom: str) -> str:
    return "".join(doublons.mots(nom))


class Decideur:
    """Holds what the earlier lines of the same file already said."""

    def __init__(self, existantes, lues: list[LigneLue]):
        self.existantes, self.voisinage = existantes, Voisinage(lues)
        slugs = {base_slug(lue.nom) for lue in lues}
        self.anciennes = {
            ancienne.slug: ancienne
            for ancienne in AncienneAdresse.objects.filter(slug__in=slugs).select_related("structure")
        }
        self.vues: dict[str, LigneLue] = {}
        self.cibles: dict[int, LigneLue] = {}
        self.noms: dict[tuple, LigneLue] = {}

    def decider(self, lue: LigneLue) -> Decision:
        rapport = LigneRapport(lue.numero, lue.nom, Statut.REJETEE, [*lue.erreurs, *lue.remarques])
        decision = Decision(lue, rapport)
        if lue.erreurs:
            return decision
        if lue.valeurs.get("courriel") and courriel_oppose(lue.valeurs["courriel"]):
            lue.valeurs.pop("courriel")
            lue.valeurs.pop("courriel_public", None)
            rapport.raisons.append("adresse e-mail laissée de côté : la personne s'est opposée à y figurer")
        structure = self.existantes.trouver(lue)
        if premiere := self._deja_dans_le_fichier(lue, structure):
            rapport.statut = Statut.REJETEE if cle_texte(premiere.nom) == cle_texte(lue.nom) else Statut.DOUBLON
            rapport.raisons.append(f"déjà à la ligne {premiere.numero} du fichier : « {premiere.nom} »")
            rapport.structure = structure
            return decision
        if structure is None:
            self._nouvelle(decision)
        else:
            self.cibles[structure.pk] = lue
            self._connue(decision, structure)
        if rapport.statut != Statut.DOUBLON:
            for cle in lue.cles[:1]:
                self.vues[cle] = lue
        return decision

    def _deja_dans_le_fichier(self, lue, structure) -> LigneLue | None:
        if structure is not None:
            return self.cibles.get(structure.pk)
        return next((self.vues[cle] for cle in lue.cles if cle in self.vues), None)

    # -- a line that no sheet of this source answers to

    def _nouvelle(self, decision) -> None:
        lue, rapport = decision.lue, decision.rapport
        if supprimee := next((cle for cle in lue.cles if cle in self.existantes.supprimees), None):
            rapport.statut = Statut.REJETEE
            rapport.raisons.append(f"fiche supprimée par l'équipe (clé {supprimee[:40]}) : l'import ne la recrée pas")
            return
        memes = (cle_texte(lue.nom), lue.valeurs.get("commune_id"))
        if lue.quand_meme:
            rapport.raisons.append(f"ajoutée quand même : {lue.quand_meme}")
        elif self._ressemble(lue, rapport) or self._meme_nom_dans_le_fichier(memes, lue, rapport):
            rapport.statut = Statut.DOUBLON
            return
        self.noms[memes] = lue
        rapport.statut = Statut.CREEE
        decision.champs = dict(lue.valeurs)
        if "latitude" not in decision.champs and lue.lieu and lue.lieu.latitude is not None:
            decision.champs |= {
                "latitude": lue.lieu.latitude,
                "longitude": lue.lieu.longitude,
                "position_origine": Structure.PositionOrigine.COMMUNE,
            }
        decision.activites, decision.competences, decision.labels = lue.activites, lue.competences, lue.labels
        decision.contact = self._contact(lue, None, rapport)

    def _meme_nom_dans_le_fichier(self, memes, lue, rapport) -> bool:
        premiere = self.noms.get(memes)
        if premiere is None:
            return False
        rapport.raisons.append(f"même nom, même commune que la ligne {premiere.numero} du fichier")
        return True

    def _ressemble(self, lue, rapport) -> bool:
        valeurs = lue.valeurs
        trouves = []
        if not self.voisinage.est_seule(lue):
            trouves = doublons.candidats(
                nom=lue.nom,
                commune=valeurs.get("commune_id"),
                latitude=valeurs.get("latitude"),
                longitude=valeurs.get("longitude"),
                siret=valeurs.get("siret", ""),
                rna=valeurs.get("rna", ""),
                courriel=valeurs.get("courriel", ""),
                telephone=valeurs.get("telephone", ""),
                parmi=Structure.objects.all(),
                limite=3,
            )
        for trouve in trouves:
            etat = "" if trouve.structure.est_publiee else f", fiche {trouve.structure.get_etat_display()}"
            rapport.raisons.append(f"ressemble à « {trouve.structure.nom} »{etat} : {', '.join(trouve.raisons)}")
        if trouves:
            rapport.structure = trouves[0].structure
            return True
        ancienne = self.anciennes.get(base_slug(lue.nom))
        if ancienne:
            rapport.structure = ancienne.structure
            rapport.raisons.append(f"ancien nom, ou fiche fusionnée, de « {ancienne.structure.nom} »")
        return bool(ancienne)

    # -- a line whose sheet is known

    def _connue(self, decision, structure) -> None:
        lue, rapport = decision.lue, decision.rapport
        decision.structure = rapport.structure = structure
        rapport.statut = Statut.INCHANGEE
        if structure.etat in (Etat.ARCHIVEE, Etat.REFUSEE):
            rapport.raisons.append(f"fiche {structure.get_etat_display()} : l'import n'y touche pas")
            return
        humains, gardes = set(structure.champs_humains), []
        for champ, valeur in self._valeurs_pour(structure, lue).items():
            if _egales(champ, getattr(structure, champ), valeur):
                continue
            if _humain(champ, humains):
                gardes.append(NOMS.get(champ, champ))
            else:
                decision.champs[champ] = valeur
        self._listes(decision, structure, humains, gardes)
        decision.contact = self._contact(lue, structure, rapport)
        changes = {NOMS.get(c, c) for c in decision.champs if c not in POSITION[1:]}
        changes |= {NOMS[nom] for nom in (*MULTIPLES, "labels", "contact") if getattr(decision, nom)}
        if gardes:
            rapport.raisons.append(f"modifié par une personne, gardé : {', '.join(sorted(set(gardes)))}")
        if changes:
            rapport.statut = Statut.MISE_A_JOUR
            rapport.raisons.append(f"change : {', '.join(sorted(changes))}")

    @staticmethod
    def _valeurs_pour(structure, lue) -> dict:
        """The line's values, and the point that follows from them; a point set by hand stays."""
        valeurs = dict(lue.valeurs)
        if structure.position_origine == Structure.PositionOrigine.MAIN:
            for champ in POSITION:
                valeurs.pop(champ, None)
        elif "latitude" in valeurs:
            if _egales("latitude", structure.latitude, valeurs["latitude"]) and _egales(
                "longitude", structure.longitude, valeurs["longitude"]
            ):
                for champ in POSITION:
                    valeurs.pop(champ)
        elif lue.lieu and lue.lieu.latitude is not None:
            demenage = lue.lieu.code != structure.commune_id or (
                structure.position_origine == Structure.PositionOrigine.ADRESSE
                and valeurs.get("adresse", structure.adresse) != structure.adresse
                and not _humain("adresse", set(structure.champs_humains))
            )
            if (demenage or structure.latitude is None) and not _humain("commune_id", set(structure.champs_humains)):
                valeurs |= {
                    "latitude": lue.lieu.latitude,
                    "longitude": lue.lieu.longitude,
                    "position_origine": Structure.PositionOrigine.COMMUNE,
                }
        return valeurs

    @staticmethod
    def _listes(decision, structure, humains, gardes) -> None:
        lue = decision.lue
        if lue.activites and {a.pk for a in lue.activites} != {a.pk for a in structure.activites.all()}:
            if "activites" in humains:
                gardes.append(NOMS["activites"])
            else:
                decision.activites = lue.activites
        if lue.competences and {cle_texte(c) for c in lue.competences} != {
            cle_texte(c.nom) for c in structure.competences.all()
        }:
            if "competences" in humains:
                gardes.append(NOMS["competences"])
            else:
                decision.competences = lue.competences
        detenus = {detenu.label_id: detenu.expire_le for detenu in structure.labels.all()}
        nouveaux = [(la, fin) for la, fin in lue.labels if la.pk not in detenus or (fin and detenus[la.pk] != fin)]
        if nouveaux:
            if "labels" in humains:
                gardes.append(NOMS["labels"])
            else:
                decision.labels = nouveaux

    @staticmethod
    def _contact(lue, structure, rapport) -> dict:
        """A new person only: one that is known, was removed, or objected is left alone."""
        if not lue.contact:
            return {}
        cle = cle_texte(lue.contact["nom"])
        if contact_oppose(structure, lue.nom, lue.contact):
            rapport.raisons.append("contact laissé de côté : la personne s'est opposée à y figurer")
            return {}
        if structure is not None:
            if any(cle_texte(contact.nom) == cle for contact in structure.contacts.all()):
                return {}
            retires = Contact.history.filter(history_type="-", structure_id=structure.pk).values_list("nom", flat=True)
            if any(cle_texte(nom) == cle for nom in retires):
                rapport.raisons.append("contact retiré de la fiche : l'import ne le remet pas")
                return {}
        return lue.contact


def _humain(champ, humains) -> bool:
    """Did a human edit this field, or the one it goes with?"""
    lies = {
        "commune_id": {"commune", "commune_id"},
        "latitude": set(POSITION),
        "longitude": set(POSITION),
        "position_origine": set(POSITION),
        "telephone_public": {"telephone", "telephone_public"},
        "courriel_public": {"courriel", "courriel_public"},
        "public_source": {"telephone_public", "courriel_public", "public_source"},
    }
    return bool(lies.get(champ, {champ}) & humains)


def _egales(champ, avant, apres) -> bool:
    if champ in ("latitude", "longitude"):
        return avant is not None and abs(avant - apres) < PRECISION
    if isinstance(avant, str) and isinstance(apres, str):
        return avant.replace("\r\n", "\n").strip() == apres
    return avant == apres
