"""How each model forgets a person: one rule per model, outer apps add theirs in AppConfig.ready.

Addresses are cut out everywhere. Names only where the row is tied to one of the person's structures, or in
ledgers that nobody reads as content: a homonym elsewhere keeps their name.
"""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Cast

from annuaire.texte import RETIRE, caviarder_valeur, motif_adresse, motif_nom, plier

PARTOUT = "partout"


@dataclass(frozen=True)
class Personne:
    """Whom to forget. `limitee`: only in `structures`, as an account with this address goes on living."""

    courriels: tuple[str, ...]
    noms: tuple[str, ...]
    structures: frozenset[int] = frozenset()
    utilisateur_id: int | None = None
    limitee: bool = False

    def parmi(self, champ: str) -> Q:
        """Rows whose `champ` is one of the person's addresses."""
        return _ou(Q(**{f"{champ}__iexact": courriel}) for courriel in self.courriels)

    def nommee(self, champ: str, structure: str) -> Q:
        """Rows whose `champ` is the person's name, in one of their structures."""
        noms = [nom for nom in self.noms if nom]
        return Q(**{f"{structure}__in": self.structures}) & _ou(Q(**{f"{champ}__iexact": nom}) for nom in noms)

    def compte(self, champ: str) -> Q:
        """Rows that belong to the account being erased."""
        return Q(**{champ: self.utilisateur_id}) if self.utilisateur_id else RIEN

    @property
    def motifs_adresses(self):
        return [motif_adresse(courriel) for courriel in self.courriels]

    @property
    def motifs_noms(self):
        return [motif for motif in map(motif_nom, self.noms) if motif]


RIEN = Q(pk__in=[])


def _ou(conditions) -> Q:
    total = RIEN
    for condition in conditions:
        total |= condition
    return total


@dataclass(frozen=True)
class Regle:
    """`supprimer`: rows to delete; `vider`: rows and the values they take; then names and addresses are cut out.

    `structure`: lookup of the row's structure (scope of names), or several when the row is about two structures,
    or PARTOUT when a name is cut out of every row, or "" when the model holds no free text about people.
    `sauf`: fields never touched. `raison`: why.
    """

    raison: str
    supprimer: Callable[[Personne], Q] | None = None
    vider: Callable[[Personne], list[tuple[Q, dict]]] | None = None
    structure: str | tuple[str, ...] = ""
    sauf: frozenset = field(default_factory=frozenset)
    caviarder: bool = True
    compte: bool = False

    def appliquer(self, modele, personne: Personne) -> int:
        """Forget the person in this model; return the number of rows touched."""
        if self.compte and personne.limitee:
            return 0
        touchees = 0
        if self.supprimer:
            lignes = modele._base_manager.filter(self.supprimer(personne) & self._dans(personne))
            touchees += lignes.count()
            lignes.delete()
        for condition, valeurs in self.vider(personne) if self.vider else []:
            touchees += modele._base_manager.filter(condition & self._dans(personne)).update(**valeurs)
        if self.caviarder:
            touchees += self._caviarder(modele, personne)
        return touchees

    def _dans(self, personne) -> Q:
        if not personne.limitee:
            return Q()
        if self.structure in ("", PARTOUT):
            return RIEN
        return self._de(personne.structures)

    def _de(self, structures) -> Q:
        """Rows of these structures, whichever of the lookups leads to one."""
        chemins = (self.structure,) if isinstance(self.structure, str) else self.structure
        return _ou(Q(**{f"{chemin}__in": structures}) for chemin in chemins)

    def _caviarder(self, modele, personne) -> int:
        """Addresses first; a row that held one is about this person, so the name goes from it too."""
        champs = [champ for champ in champs_de_texte(modele) if champ.name not in self.sauf]
        touchees = _caviarder_champs(modele, champs, self._dans(personne), personne.courriels, personne.motifs_adresses)
        if personne.motifs_noms and (self.structure or touchees):
            touchees |= _caviarder_champs(
                modele, champs, self._portee_des_noms(personne, touchees), personne.noms, personne.motifs_noms
            )
        return len(touchees)

    def _portee_des_noms(self, personne, touchees) -> Q:
        if self.structure == PARTOUT:
            return self._dans(personne)
        portee = Q(pk__in=touchees)
        return portee | self._de(personne.structures) if self.structure else portee


def champs_de_texte(modele):
    """Columns that may hold a person's words: text, JSON, arrays; not keys, choices, slugs, files."""
    for champ in modele._meta.concrete_fields:
        if champ.primary_key or champ.is_relation or champ.generated or champ.choices:
            continue
        if isinstance(champ, models.SlugField | models.FileField):
            continue
        textuel = isinstance(champ, models.CharField | models.TextField | models.JSONField)
        if textuel or (isinstance(champ, ArrayField) and isinstance(champ.base_field, models.CharField)):
            yield champ


def _caviarder_champs(modele, champs, portee, aiguilles, motifs) -> set:
    """Clean these columns; return the keys of the rows that changed."""
    if not motifs or not champs:
        return set()
    indices = set()
    for aiguille in aiguilles:
        mot = aiguille if "@" in aiguille else max(re.findall(r"\w+", aiguille) or [""], key=len)
        if mot:
            indices |= {plier(mot), json.dumps(mot)[1:-1].lower()}
    plies = {f"_plie_{champ.name}": _plie(champ) for champ in champs}
    lignes = (
        modele._base_manager.filter(portee)
        .annotate(**plies)
        .filter(_ou(Q(**{f"{plie}__contains": Value(indice)}) for plie in plies for indice in sorted(indices)))
        .values_list("pk", *[champ.name for champ in champs])
    )
    touchees = set()
    for pk, *valeurs in list(lignes):
        nouvelles = {}
        for champ, valeur in zip(champs, valeurs, strict=True):
            nouvelle = _nouvelle_valeur(champ, valeur, motifs)
            if nouvelle != valeur:
                nouvelles[champ.name] = nouvelle
        if nouvelles:
            # update(), not save(): the history must not keep what is being forgotten.
            models.QuerySet(modele).filter(pk=pk).update(**nouvelles)
            touchees.add(pk)
    return touchees


def _plie(champ):
    return Func(Cast(F(champ.name), TextField()), function="public.sans_accent", output_field=TextField())


def _nouvelle_valeur(champ, valeur, motifs):
    if isinstance(valeur, str) and valeur[:1] in ("[", "{"):
        try:
            brut = json.loads(valeur)
        except ValueError:
            pass
        else:  # JSON kept as text (the admin's log): escaped letters would hide a name
            propre = caviarder_valeur(brut, motifs)
            return valeur if propre == brut else json.dumps(propre, ensure_ascii=False)
    nouvelle = caviarder_valeur(valeur, motifs)
    if nouvelle == valeur or not isinstance(nouvelle, str):
        return nouvelle
    if champ.unique:
        return None if champ.null else f"retire-{uuid.uuid4().hex}"
    if (nouvelle == RETIRE or isinstance(champ, models.EmailField)) and champ.blank:
        return ""
    return nouvelle[: champ.max_length] if champ.max_length else nouvelle


def contient(champ: str, mots) -> Q:
    """Rows whose `champ` contains one of `mots`, whatever the case."""
    return _ou(Q(**{f"{champ}__icontains": mot}) for mot in mots)
