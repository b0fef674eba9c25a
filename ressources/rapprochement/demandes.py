"""Grouping unmet demand: what is the same thing, looked for around the same place.

Two demands of one nature are the same thing when their titles share a term (rapprochement.lexique): the term that most
structures share makes the first group, and so on with what is left; without a shared term, the category. Then each
group is cut by place: around the commune with most structures, 30 km.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from annuaire.geographie import distance_km
from ressources.natures import Nature

from .lexique import MOT, comprendre, mots_lisibles, vocabulaire

RAYON_KM = 30
PUBLIC_MINIMUM = 3
"""Structures under which a group is not shown to all: it would tell who looked for it."""
DEMANDER = {
    "cherche",
    "cherchons",
    "chercher",
    "recherche",
    "recherchons",
    "besoin",
    "emprunt",
    "emprunter",
    "pour",
    "avec",
}
"""Words before what is looked for that are not its name."""


@dataclass
class Groupe:
    """`mot`: what was looked for; `commune`: around where (None: unknown); `offres`: open ones now."""

    nature: str
    terme: str | None
    mot: str
    commune: object
    demandes: list
    offres: int = 0

    @property
    def structures(self) -> list:
        """Those that looked for it, each once, in their order."""
        return sorted({d.structure_id: d.structure for d in self.demandes}.values(), key=lambda s: (s.tri, s.pk))

    @property
    def nombre(self) -> int:
        return len({demande.structure_id for demande in self.demandes})

    @property
    def nom_de_la_nature(self) -> str:
        return Nature(self.nature).label

    @property
    def refus(self) -> int:
        """How many of them are bookings that were refused."""
        return sum(demande.genre == "refusee" for demande in self.demandes)

    @property
    def dernier(self):
        return max(demande.le for demande in self.demandes)

    @property
    def titre(self) -> str:
        """For an announcement, a purchase, a point of an agenda."""
        return f"{self.mot[:1].upper()}{self.mot[1:]}"[:100]

    @property
    def cles(self) -> str:
        return ",".join(str(demande.pk) for demande in self.demandes)


class _Texte:
    """What rapprochement.lexique reads of an announcement."""

    def __init__(self, titre):
        self.titre, self.description = titre, ""


def regrouper(demandes) -> list[Groupe]:
    """The most structures first; a constant number of queries."""
    demandes = list(demandes)
    textes = [_Texte(demande.titre) for demande in demandes]
    lisibles = mots_lisibles(textes) if textes else {}
    par_nature = defaultdict(list)
    for demande, sens in zip(demandes, comprendre(textes), strict=True):
        par_nature[demande.nature].append((demande, set(sens.objet)))
    groupes = [
        Groupe(nature, terme, mot, commune, liste)
        for nature, paires in par_nature.items()
        for terme, mot, ensemble in _par_mots(paires, lisibles)
        for commune, liste in _par_lieux(ensemble)
    ]
    _compter_les_offres(groupes)
    return sorted(groupes, key=lambda g: (-g.nombre, -g.dernier.toordinal(), g.nature, g.mot, g.demandes[0].pk))


def _par_mots(paires, lisibles):
    """(term, word, demands): the term of most structures first, then by category what shares none."""
    reste = list(paires)
    while reste:
        structures = defaultdict(set)
        for demande, termes in reste:
            for terme in termes:
                structures[terme].add(demande.structure_id)
        meilleur = min(structures, key=lambda t: (-len(structures[t]), lisibles.get(t, t)), default=None)
        if meilleur is None or len(structures[meilleur]) < 2:
            break
        ensemble = [d for d, termes in reste if meilleur in termes]
        yield meilleur, _nommer(lisibles.get(meilleur, meilleur), ensemble), ensemble
        reste = [(d, termes) for d, termes in reste if meilleur not in termes]
    par_categorie = defaultdict(list)
    for demande, termes in reste:
        par_categorie[demande.categorie_id or f"seule-{demande.pk}"].append((demande, termes))
    for groupe in par_categorie.values():
        premiere, termes = groupe[0]
        if len(groupe) > 1:
            yield None, premiere.categorie.nom, [d for d, _ in groupe]
        else:
            terme = min(termes, default=None)
            yield terme, premiere.titre, [premiere]


def _nommer(mot, demandes) -> str:
    """« groupe électrogène » rather than « électrogène », when more than half of the titles say so."""
    avant = Counter()
    for demande in demandes:
        mots = [lu.lower() for lu in MOT.findall(demande.titre)]
        if mot in mots[1:]:
            avant[mots[mots.index(mot, 1) - 1]] += 1
    (voisin, fois), *_ = avant.most_common(1) or [("", 0)]
    composee = 2 * fois > len(demandes) and len(voisin) > 3 and voisin not in DEMANDER
    return f"{voisin} {mot}" if composee else mot


def _par_lieux(demandes):
    """(commune, demands): around the commune with most structures, then what is left. No place: with the first."""
    reste = [d for d in demandes if d.commune_id and d.commune.latitude is not None]
    ailleurs = [d for d in demandes if not (d.commune_id and d.commune.latitude is not None)]
    if not reste:
        yield None, demandes
        return
    while reste:
        par_commune = defaultdict(set)
        for demande in reste:
            par_commune[demande.commune].add(demande.structure_id)
        centre = min(par_commune, key=lambda c: (-len(par_commune[c]), c.nom, c.pk))
        proches = [d for d in reste if _km(d.commune, centre) <= RAYON_KM]
        yield centre, [*proches, *ailleurs]
        reste, ailleurs = [d for d in reste if d not in proches], []


def _km(a, b) -> float:
    return distance_km(a.latitude, a.longitude, b.latitude, b.longitude)


def _compter_les_offres(groupes) -> None:
    """Open offers of the same nature that hold the term, anywhere on the territory; one query for all the groups."""
    cherches = [groupe for groupe in groupes if groupe.terme]
    if not cherches:
        return
    v = vocabulaire()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT x.rang, (SELECT count(*) FROM ressources_annonce a WHERE a.sens = 'offre' AND a.nature = x.nature"
            " AND a.etat = 'publiee' AND a.structure_publiee AND a.expire_le >= %s AND a.quantite_prise < a.quantite"
            " AND a.recherche_vecteur @@ x.requete::tsquery)"
            " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS x (nature, requete, rang)",
            [timezone.localdate(), [g.nature for g in cherches], [v.tsquery([g.terme]) for g in cherches]],
        )
        for rang, nombre in cursor.fetchall():
            cherches[rang - 1].offres = nombre
