"""Notes written on paper, from a CSV or XLSX file: axe, categorie, couleur, texte.

Importing again never doubles a note. A line's key is made of the workshop, the source, the axis, the colour, the
text and how many times those were met higher in the file: the same file under another name, encoding or order adds
nothing, a corrected file adds its new lines only. Another pile of paper that says the same words has another
`source`. The category is a label, left out of the key: what staff grouped on the screen stays grouped.
"""

import uuid
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from annuaire.imports.colonnes import index, nettoyer, reconnaitre
from annuaire.imports.erreurs import FichierIllisible
from annuaire.imports.lecture import lire
from reunions.models import Atelier, Categorie, Couleur, PostIt
from reunions.noms import mots

COLONNES = {
    "axe": ["tableau", "axe de travail"],
    "categorie": ["groupe", "thème"],
    "couleur": ["terme", "échéance"],
    "texte": ["post-it", "postit", "idée", "note"],
}
ALIAS = index(COLONNES)
COULEURS = {
    "rose": Couleur.ROSE,
    "court terme": Couleur.ROSE,
    "jaune": Couleur.JAUNE,
    "long terme": Couleur.JAUNE,
}
CLOS = "Cet atelier est clos : rouvrez-le avant d'y ajouter des post-it."
ESPACE = uuid.UUID("6f4b2f0e-2f5d-4b7a-9f55-6d1d2c0a8f10")
"""Namespace of the keys (RFC 9562, version 5)."""
TEXTE_MAX = PostIt._meta.get_field("texte").max_length
CATEGORIE_MAX = Categorie._meta.get_field("nom").max_length


@dataclass
class Rapport:
    """What became of the lines; `rejets` and `deja`: (line number in the file, why)."""

    ajoutes: int = 0
    deja: list[int] = field(default_factory=list)
    rejets: list[tuple[int, str]] = field(default_factory=list)
    colonnes_ignorees: list[str] = field(default_factory=list)

    def phrase(self) -> str:
        """The last line of the command, which scripts read."""
        return f"{self.ajoutes} ajoutés, {len(self.deja)} déjà importés, {len(self.rejets)} rejetés"


@dataclass(frozen=True)
class _Ligne:
    axe_id: int
    categorie: str
    couleur: str
    texte: str
    cle: uuid.UUID


def importer(atelier, fichier, *, nom: str, source: str = "", simulation: bool = False) -> Rapport:
    """Write the lines that can be; nothing with `simulation`.

    `nom` says what the file is (.csv, .xlsx). Raises FichierIllisible, in French, when the file has not the columns
    or the workshop is closed: a closed workshop is read only.
    """
    if not Atelier.objects.filter(pk=atelier.pk).exclude(phase=Atelier.Phase.CLOS).exists():
        raise FichierIllisible(CLOS)
    tableau = lire(fichier, nom, quoi="un post-it")
    colonnes = reconnaitre(tableau.entetes, alias=ALIAS, personnelles=frozenset(), connues=frozenset())
    manquent = [colonne for colonne in ("axe", "couleur", "texte") if colonne not in colonnes]
    if manquent:
        raise FichierIllisible(
            f"Il manque une colonne : {', '.join(manquent)}. Les en-têtes attendus sont axe, categorie, couleur, texte."
        )
    with transaction.atomic():
        # The boards are locked first, the workshop's row is written last: the order of every act on a workshop.
        axes = list(atelier.axes.select_for_update(of=("self",)).order_by("pk"))
        rapport = Rapport(colonnes_ignorees=colonnes.ignorees)
        lignes = list(_lire_lignes(atelier, axes, tableau, colonnes, source, rapport))
        rapport.ajoutes = len(lignes)
        if lignes and not simulation:
            _ecrire(atelier, lignes)
    return rapport


def _lire_lignes(atelier, tableaux, tableau, colonnes, source, rapport):
    """The lines to add; the others go to the report."""
    axes = {mots(axe.nom): axe.pk for axe in tableaux}
    connues = set(PostIt.objects.de_atelier(atelier).values_list("cle", flat=True))
    rencontres = Counter()
    for numero, cellules in tableau.lignes:
        axe, couleur, texte, categorie = (
            colonnes.valeur(cellules, colonne) for colonne in ("axe", "couleur", "texte", "categorie")
        )
        texte, categorie = " ".join(texte.split()), " ".join(categorie.split())
        raisons = _raisons(axes, axe, couleur, texte, categorie)
        if raisons:
            rapport.rejets.append((numero, " ; ".join(raisons)))
            continue
        identite = (axes[mots(axe)], COULEURS[mots(couleur)], mots(texte))
        rencontres[identite] += 1
        cle = _cle(atelier, source, identite, rencontres[identite])
        if cle in connues:
            rapport.deja.append(numero)
        else:
            yield _Ligne(identite[0], categorie, identite[1], texte, cle)


def _raisons(axes, axe, couleur, texte, categorie) -> list[str]:
    raisons = []
    if not axe:
        raisons.append("l'axe manque")
    elif mots(axe) not in axes:
        raisons.append(f"l'axe « {axe[:80]} » n'est pas un tableau de cet atelier")
    if not couleur:
        raisons.append("la couleur manque : rose ou jaune")
    elif mots(couleur) not in COULEURS:
        raisons.append(f"la couleur « {couleur[:40]} » n'est ni rose ni jaune")
    if not texte:
        raisons.append("le texte manque")
    elif len(texte) > TEXTE_MAX:
        raisons.append(f"le texte fait {len(texte)} caractères : {TEXTE_MAX} au plus")
    if len(categorie) > CATEGORIE_MAX:
        raisons.append(f"la catégorie fait {len(categorie)} caractères : {CATEGORIE_MAX} au plus")
    return raisons


def _cle(atelier, source, identite, rang) -> uuid.UUID:
    axe, couleur, texte = identite
    return uuid.uuid5(ESPACE, "\x1f".join([str(atelier.pk), nettoyer(source), str(axe), couleur, texte, str(rang)]))


def _ecrire(atelier, lignes):
    categories = _categories(atelier, lignes)
    PostIt.objects.bulk_create(
        [
            PostIt(
                axe_id=ligne.axe_id,
                categorie=categories.get((ligne.axe_id, mots(ligne.categorie))),
                couleur=ligne.couleur,
                texte=ligne.texte,
                origine=PostIt.Origine.PAPIER,
                cle=ligne.cle,
            )
            for ligne in lignes
        ],
        batch_size=500,
    )
    ouvert = Atelier.objects.filter(pk=atelier.pk).exclude(phase=Atelier.Phase.CLOS)
    if not ouvert.update(version=F("version") + 1):
        raise FichierIllisible(CLOS)


def _categories(atelier, lignes) -> dict:
    """(axis, words of the name) -> category; those that the workshop lacks are made, in the order of the file."""
    existantes = list(Categorie.objects.filter(axe__atelier=atelier))
    connues = {(categorie.axe_id, mots(categorie.nom)): categorie for categorie in existantes}
    ordres = Counter(categorie.axe_id for categorie in existantes)
    for ligne in lignes:
        cle = (ligne.axe_id, mots(ligne.categorie))
        if ligne.categorie and cle not in connues:
            connues[cle] = Categorie.objects.create(
                axe_id=ligne.axe_id, nom=ligne.categorie, ordre=ordres[ligne.axe_id]
            )
            ordres[ligne.axe_id] += 1
    return connues
