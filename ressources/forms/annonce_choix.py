"""What the address of « publier une annonce » says: sense, nature, for whom, in answer to which need."""

import uuid
from dataclasses import dataclass

from ressources.models import Annonce
from ressources.natures import Nature
from ressources.permissions import structures_pour_publier

MOTS = {"titre": 120, "description": 4000}
"""First words that the address may give, and how many characters of them: a note of a workshop becomes a need."""


@dataclass(frozen=True)
class Choix:
    sens: str = ""
    nature: str = ""
    structure: object = None
    besoin: Annonce | None = None
    titre: str = ""
    description: str = ""

    @property
    def complet(self) -> bool:
        return bool(self.sens and self.nature)

    def initial(self) -> dict:
        """First values of the form: the structure asked for; of a need that is answered, its kind."""
        initial = {"structure": self.structure} if self.structure else {}
        initial |= {nom: texte for nom in MOTS if (texte := getattr(self, nom))}
        if self.besoin:
            initial |= {"mode": self.besoin.mode, "categorie": self.besoin.categorie_id}
        if self.structure and self.structure.commune:
            initial["commune"] = self.structure.commune
        return initial


def lire(querydict, utilisateur) -> Choix:
    """Unknown values are as absent."""
    besoin = None
    if (numero := _entier(querydict.get("besoin"))) is not None:
        besoin = Annonce.objects.visibles_par(utilisateur).filter(pk=numero, sens="besoin").first()
    sens = querydict.get("sens", "")
    nature = querydict.get("nature", "")
    structure = None
    permises = structures_pour_publier(utilisateur).select_related("commune")
    if (numero := _entier(querydict.get("structure"))) is not None:
        structure = permises.filter(pk=numero).first()
    if structure is None:
        deux = list(permises.order_by("pk")[:2]) if not utilisateur.is_staff else []
        structure = deux[0] if len(deux) == 1 else None
    return Choix(
        sens="offre" if besoin else sens if sens in Annonce.Sens.values else "",
        nature=besoin.nature if besoin else nature if nature in Nature.values else "",
        structure=structure,
        besoin=besoin,
        **mots(querydict),
    )


def mots(querydict) -> dict[str, str]:
    """Of MOTS, what the address gives: one line for the title, no invisible character, never too long."""
    donnes = {nom: querydict.get(nom, "").replace("\x00", "")[:longueur].strip() for nom, longueur in MOTS.items()}
    return donnes | {"titre": " ".join(donnes["titre"].split())}


def _entier(texte) -> int | None:
    return int(texte) if texte and texte.isascii() and texte.isdigit() and len(texte) < 18 else None


def lire_cle(querydict) -> uuid.UUID:
    """The key of a small form, or a new one."""
    try:
        return uuid.UUID(querydict.get("cle", ""))
    except ValueError:
        return uuid.uuid4()
