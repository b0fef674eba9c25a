"""Objections (RGPD art. 21): a person who left the directory is not brought back by an import.

Only a keyed hash is kept: of an address, or of a name in a structure (a name alone would hit homonyms). A
structure is known by its slugs, old ones included, so that a rename or a merge forgets nobody; one that is only in a
public register, by its identifiers there.
"""

import hashlib
import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac

from annuaire.models import Opposition
from annuaire.texte import plier


def sel() -> str:
    """The key of the hashes: settings.OPPOSITION_SEL, else one derived from SECRET_KEY.

    Before SECRET_KEY changes, copy sel() into OPPOSITION_SEL: with another key every objection is forgotten.
    """
    return settings.OPPOSITION_SEL or salted_hmac("annuaire.oppositions", "sel", algorithm="sha256").hexdigest()


def empreinte(*, courriel: str = "", nom: str = "", structure=None, identifiant: str = "") -> str:
    """Hex HMAC-SHA256 of an address, of a name in a structure (an instance, or one of its slugs), or of what
    identifies a structure in public registers (« rna:W… », « siren:… »).

    Case, accents, spaces and the order of a name's words do not count. Raises ValueError when there is
    neither an address, nor a name with its structure, nor an identifier.
    """
    if identifiant:
        message = f"registre:{identifiant.strip().lower()}"
    elif courriel:
        message = f"courriel:{courriel.strip().lower()}"
    elif nom and structure:
        mots = " ".join(sorted(plier(nom).replace("-", " ").split()))
        message = f"nom:{mots}:{getattr(structure, 'slug', structure)}"
    else:
        raise ValueError("empreinte() needs an address, or a name and its structure")
    return hmac.new(sel().encode(), message.encode(), hashlib.sha256).hexdigest()


def est_opposee(*, courriel: str = "", nom: str = "", structure=None) -> bool:
    """Whether this address, or this name in this structure, asked not to be listed."""
    empreintes = {empreinte(courriel=courriel)} if courriel and courriel.strip() else set()
    if nom and nom.strip() and structure:
        empreintes |= {empreinte(nom=nom, structure=slug) for slug in _slugs(structure)}
    return bool(empreintes) and Opposition.objects.filter(empreinte__in=empreintes).exists()


def opposees(courriels) -> set[str]:
    """Those of these addresses that asked not to be listed nor written to, in lower case; one query."""
    par_empreinte = {empreinte(courriel=courriel): courriel.strip().lower() for courriel in courriels if courriel}
    connues = Opposition.objects.filter(empreinte__in=par_empreinte).values_list("empreinte", flat=True)
    return {par_empreinte[valeur] for valeur in connues}


def identifiants_opposes(identifiants) -> set[str]:
    """Those of these register identifiers whose structure asked not to be listed nor invited; one query."""
    par_empreinte = {empreinte(identifiant=identifiant): identifiant for identifiant in identifiants if identifiant}
    connues = Opposition.objects.filter(empreinte__in=par_empreinte).values_list("empreinte", flat=True)
    return {par_empreinte[valeur] for valeur in connues}


def enregistrer(*, courriel: str = "", nom: str = "", structure=None, identifiants=(), motif: str = "") -> None:
    """Remember an objection to an address and, when given, to a name in a structure, or that of a structure itself
    by its register identifiers. Twice is once."""
    empreintes = [empreinte(courriel=courriel)] if courriel else []
    empreintes += [empreinte(identifiant=identifiant) for identifiant in identifiants]
    if nom and structure:
        empreintes.append(empreinte(nom=nom, structure=structure))
    for valeur in empreintes:
        Opposition.objects.get_or_create(empreinte=valeur, defaults={"motif": motif})


def _slugs(structure):
    if isinstance(structure, str):
        return {structure}
    return {structure.slug, *structure.anciennes_adresses.values_list("slug", flat=True)}
