"""The arithmetic of the workshop of 30 January 2014, for any workshop."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.db.models import Count

from reunions.models import Categorie, Couleur, PostIt

SANS_CATEGORIE = "Sans catégorie"


class Classe(models.TextChoices):
    """From which colour an axis is: decided by the workshop's `seuil`."""

    COURT = "court terme", "court terme"
    LONG = "long terme", "long terme"
    FAIBLE = "faible différence", "faible différence"
    VIDE = "sans post-it", "sans post-it"


@dataclass(frozen=True)
class Comptes:
    """Notes of one colour and of the other."""

    rose: int = 0
    jaune: int = 0

    @property
    def total(self) -> int:
        return self.rose + self.jaune

    @property
    def part(self) -> Fraction | None:
        """The short-term share of the notes, exact; None without a note."""
        return Fraction(self.rose, self.total) if self.total else None

    @property
    def pourcent(self) -> Decimal | None:
        """The same in percent with one decimal, halves up: 66.7."""
        return _pourcent(self.rose, self.total)

    @property
    def pourcent_long(self) -> Decimal | None:
        """What is missing to 100, so that the two shares that are shown always add up."""
        return None if self.pourcent is None else 100 - self.pourcent

    def classe(self, seuil: int) -> Classe:
        """`seuil`: percent, from 51; reaching it is enough."""
        if not self.total:
            return Classe.VIDE
        if self.rose * 100 >= seuil * self.total:
            return Classe.COURT
        if self.jaune * 100 >= seuil * self.total:
            return Classe.LONG
        return Classe.FAIBLE


def _pourcent(partie: int, tout: int) -> Decimal | None:
    """Tenths of a percent worked out on integers, halves up."""
    return Decimal((partie * 2000 + tout) // (2 * tout)).scaleb(-1) if tout else None


@dataclass(frozen=True)
class ResultatCategorie(Comptes):
    """`pk` None: the notes of the axis that nobody has put in a category."""

    pk: int | None = None
    nom: str = SANS_CATEGORIE


@dataclass(frozen=True)
class ResultatAxe(Comptes):
    """One board. `rang` is dense: boards with as many notes share it, and none is skipped after them."""

    pk: int = 0
    nom: str = ""
    rang: int = 0
    seuil: int = 60
    categories: tuple[ResultatCategorie, ...] = ()
    ex_aequo: bool = False

    @property
    def verdict(self) -> Classe:
        return self.classe(self.seuil)


@dataclass(frozen=True)
class Resultats(Comptes):
    """All boards, in the order of the workshop."""

    axes: tuple[ResultatAxe, ...] = field(default=())
    seuil: int = 60

    @property
    def par_rang(self) -> list[ResultatAxe]:
        """The first first; boards of the same rank in the order of the workshop."""
        return sorted(self.axes, key=lambda axe: axe.rang)


def calculer(atelier) -> Resultats:
    """The figures of a workshop, in three queries whatever the number of notes."""
    axes = list(atelier.axes.order_by("ordre", "pk").values_list("pk", "nom"))
    categories = defaultdict(list)
    for categorie in Categorie.objects.filter(axe__atelier=atelier).order_by("ordre", "pk"):
        categories[categorie.axe_id].append(categorie)
    comptes = _compter(atelier)
    trouves = {}
    for pk, nom in axes:
        lignes = [_categorie(comptes[pk], c.pk, c.nom) for c in categories[pk]]
        if None in comptes[pk]:
            lignes.append(_categorie(comptes[pk], None, SANS_CATEGORIE))
        trouves[pk] = (nom, lignes)
    totaux = {pk: sum(ligne.total for ligne in lignes) for pk, (_, lignes) in trouves.items()}
    rangs = rangs_denses(totaux.values())
    resultats = tuple(
        ResultatAxe(
            rose=sum(ligne.rose for ligne in lignes),
            jaune=sum(ligne.jaune for ligne in lignes),
            pk=pk,
            nom=nom,
            rang=rangs[totaux[pk]],
            seuil=atelier.seuil,
            categories=tuple(lignes),
            ex_aequo=list(totaux.values()).count(totaux[pk]) > 1,
        )
        for pk, (nom, lignes) in trouves.items()
    )
    return Resultats(
        rose=sum(axe.rose for axe in resultats),
        jaune=sum(axe.jaune for axe in resultats),
        axes=resultats,
        seuil=atelier.seuil,
    )


def _compter(atelier):
    """axis -> category or None -> colour -> notes."""
    comptes = defaultdict(lambda: defaultdict(dict))
    groupes = PostIt.objects.de_atelier(atelier).order_by().values("axe", "categorie", "couleur")
    for groupe in groupes.annotate(nombre=Count("pk")):
        comptes[groupe["axe"]][groupe["categorie"]][groupe["couleur"]] = groupe["nombre"]
    return comptes


def _categorie(comptes, pk, nom) -> ResultatCategorie:
    siens = comptes.get(pk, {})
    return ResultatCategorie(rose=siens.get(Couleur.ROSE, 0), jaune=siens.get(Couleur.JAUNE, 0), pk=pk, nom=nom)


def rangs_denses(totaux) -> dict[int, int]:
    """30, 25, 21, 19, 19, 17 -> 1, 2, 3, 4, 4, 5: total -> rank."""
    return {total: rang for rang, total in enumerate(sorted(set(totaux), reverse=True), start=1)}


def verbatim(atelier) -> dict[tuple[int, int | None, str], list[PostIt]]:
    """(axis, category or None, colour) -> the notes as they were written, in one query."""
    notes = defaultdict(list)
    for note in PostIt.objects.de_atelier(atelier).order_by("cree_le", "pk"):
        notes[note.axe_id, note.categorie_id, note.couleur].append(note)
    return dict(notes)
