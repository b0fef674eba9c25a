"""The fixed, seeded searches of each kind."""

from random import Random
from urllib.parse import urlencode

from annuaire.models import Activite, Commune, Competence, Label, Structure
from annuaire.recherche import texte

from . import vocabulaire as v

PAR_GENRE = 100
GRAINE = 48
LISTE, POINTS = "/annuaire/", "/annuaire/carte/points.json"
BROAD = ["association", "jeunes", "bénévoles", "ateliers", "théâtre", "culture", "jardin", "formation"]


def toutes() -> dict[str, list[str]]:
    """Kind -> 100 URLs."""
    return {
        "sélective": _uniques(_selective),
        "faute de frappe": _uniques(_faute),
        "rayon": _uniques(_rayon),
        "facettes": _uniques(_facettes),
        "carte": _uniques(_carte),
    }


def _uniques(fabrique) -> list[str]:
    hasard = Random(GRAINE)
    contexte = _Contexte()
    return [fabrique(hasard, contexte) for _ in range(PAR_GENRE)]


class _Contexte:
    def __init__(self):
        self.communes = list(Commune.objects.order_by("code"))
        self.activites = list(Activite.objects.order_by("pk").values_list("slug", flat=True))
        self.competences = list(Competence.objects.order_by("pk").values_list("slug", flat=True))
        self.labels = list(Label.objects.order_by("pk").values_list("slug", flat=True))
        self.lieux = {mot for commune in self.communes for mot in commune.nom.split()}
        self.dernier = Structure.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def structure(self, hasard: Random) -> Structure:
        while True:
            structure = Structure.objects.publiees().filter(pk=hasard.randint(1, self.dernier)).first()
            if structure:
                return structure


def _selective(hasard: Random, contexte) -> str:
    """A proper name, a whole name, or the first digits of a SIRET: always found."""
    structure = contexte.structure(hasard)
    if hasard.random() < 0.2 and structure.siret:
        return f"{LISTE}?{urlencode({'q': structure.siret[:9]})}"
    propres = [mot for mot in structure.nom.split()[1:] if mot[0].isupper() and mot not in contexte.lieux]
    return f"{LISTE}?{urlencode({'q': hasard.choice([propres[-1] if propres else structure.nom, structure.nom])})}"


def _faute(hasard: Random, contexte) -> str:
    """A word of the directory with one letter lost, doubled, changed or swapped, that no structure holds."""
    while True:
        source = hasard.choice(
            [hasard.choice(contexte.communes).nom, hasard.choice(v.MOTS), contexte.structure(hasard).nom]
        )
        mot = max(source.replace("'", " ").split(), key=len)
        if len(mot) < 6:
            continue
        rang = hasard.randrange(1, len(mot) - 2)
        faute = hasard.choice(
            [
                mot[:rang] + mot[rang + 1 :],
                mot[:rang] + mot[rang] + mot[rang:],
                mot[:rang] + hasard.choice("aeioulnrst") + mot[rang + 1 :],
                mot[:rang] + mot[rang + 1] + mot[rang] + mot[rang + 2 :],
            ]
        )
        if texte.comprendre(faute).mode != texte.EXACT:
            return f"{LISTE}?{urlencode({'q': faute})}"


def _rayon(hasard: Random, contexte) -> str:
    """Around a commune, the populous ones more often; sometimes with a word."""
    rang = int(len(contexte.communes) * hasard.random() ** 2)
    parametres = {"commune": contexte.communes[rang].code, "km": hasard.choice([5, 10, 20, 50, 100])}
    if hasard.random() < 0.3:
        parametres["q"] = hasard.choice(v.MOTS)
    return f"{LISTE}?{urlencode(parametres)}"


def _facettes(hasard: Random, contexte) -> str:
    """The whole directory, one to four ticked boxes, and broad words: the widest sets there are."""
    choix = []
    if hasard.random() < 0.6:
        choix += [("activite", slug) for slug in hasard.sample(contexte.activites, hasard.choice([1, 2]))]
    if hasard.random() < 0.4:
        choix.append(("forme", hasard.choice(list(v.FORMES))))
    if hasard.random() < 0.3:
        choix.append(("competence", hasard.choice(contexte.competences)))
    if hasard.random() < 0.15:
        choix.append(("label", hasard.choice(contexte.labels)))
    if hasard.random() < 0.3:
        choix.append(("q", hasard.choice(BROAD)))
    return f"{LISTE}?{urlencode(choix)}"


def _carte(hasard: Random, contexte) -> str:
    """From the whole country down to a street."""
    commune = hasard.choice(contexte.communes)
    zoom = hasard.choice([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16])
    largeur = 360 / 2**zoom * 900 / 256
    boite = (
        commune.longitude - largeur / 2,
        commune.latitude - largeur / 4,
        commune.longitude + largeur / 2,
        commune.latitude + largeur / 4,
    )
    parametres = [("bbox", ",".join(f"{x:.5f}" for x in boite)), ("zoom", zoom)]
    if hasard.random() < 0.3:
        parametres.append(("activite", hasard.choice(contexte.activites)))
    return f"{POINTS}?{urlencode(parametres)}"
