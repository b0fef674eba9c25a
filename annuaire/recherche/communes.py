"""From what somebody types to a commune: « Vichy », « vichy (03200) », « 03200 », « st pourçain »."""

import re
from dataclasses import dataclass

from django.db.models import F, Func, TextField, Value

from annuaire.models import Commune
from annuaire.models.commune import SansAccent

CODE_COG = re.compile(r"(\d{2}|2A|2B)\d{3}")
CODE_ECRIT = re.compile(r"\(?\s*\b(\d{5}|2[AB]\d{3})\b\s*\)?", re.IGNORECASE | re.ASCII)
SUGGESTIONS_MAX = 10


@dataclass(frozen=True)
class Lieu:
    """Where to search around. `choix`: several communes answer to what was typed; `inconnu`: none does."""

    commune: Commune | None = None
    texte: str = ""
    choix: tuple[Commune, ...] = ()

    @property
    def inconnu(self) -> bool:
        return bool(self.texte) and self.commune is None and not self.choix


def lire_lieu(autour: str | None, code: str) -> Lieu:
    """`autour` is typed text and wins when present; `code` is a COG code, as links carry it."""
    if autour is None:
        commune = Commune.objects.filter(code=code).first() if CODE_COG.fullmatch(code) else None
        if commune is None or commune.latitude is None:
            return Lieu()
        return Lieu(commune=commune, texte=str(commune))
    texte = " ".join(autour[:100].split())
    trouvees = [commune for commune in exactes(texte) if commune.latitude is not None] if texte else []
    if len(trouvees) == 1:
        return Lieu(commune=trouvees[0], texte=str(trouvees[0]))
    return Lieu(texte=texte, choix=tuple(trouvees) or tuple(suggestions(texte)))


def exactes(texte: str) -> list[Commune]:
    """The communes that bear this name or this postcode; « Nom (code postal) » narrows to both.

    A code that is no postcode is tried as a COG code, which official papers give.
    """
    ecrit = CODE_ECRIT.search(texte)
    nom = (texte[: ecrit.start()] + texte[ecrit.end() :]).strip(" ,()") if ecrit else texte
    communes = _nommees(nom) if nom else Commune.objects.all()
    if not ecrit:
        return list(communes[:SUGGESTIONS_MAX])
    code = ecrit[1].upper()
    postales = list(communes.filter(codes_postaux__contains=[code])[:SUGGESTIONS_MAX])
    return postales or list(communes.filter(code=code))


def suggestions(texte: str) -> list[Commune]:
    """Those that begin with what is typed, the most populous first."""
    return list(suggerees(texte).order_by(F("population").desc(nulls_last=True), "tri", "code")[:SUGGESTIONS_MAX])


def suggerees(texte: str):
    """All those that begin with what is typed, unordered; a postcode from its first two digits."""
    if len(texte) < 2:
        return Commune.objects.none()
    if re.fullmatch(r"\d{2,5}", texte):
        return Commune.objects.extra(
            where=["EXISTS (SELECT 1 FROM unnest(codes_postaux) AS c WHERE c LIKE %s)"], params=[texte + "%"]
        )
    return _comparables().filter(cle__startswith=SansAccent(Value(_cle(texte))))


def _nommees(nom: str):
    return _comparables().filter(cle=SansAccent(Value(_cle(nom))))


def _comparables():
    """Hyphens and apostrophes count as spaces."""
    return Commune.objects.alias(
        cle=Func(F("tri"), Value("-'"), Value("  "), function="translate", output_field=TextField(db_collation="C"))
    )


def _cle(nom: str) -> str:
    sans_signes = " ".join(re.sub(r"[-'’]", " ", nom).split())
    return re.sub(r"\bs(t|te)\b\.?", lambda m: "sainte" if m[1] == "te" else "saint", sans_signes.lower())
