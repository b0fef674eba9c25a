"""Whom to call for an urgent need: accepting structures and volunteers, by skill words, activity and distance.

The offers of a structure are scored as for any need (`note`); its skills and missions, and what a volunteer says they
can do, by how much of the need they say, weighted by rarity. The same queries, whatever the number of candidates.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import F, Prefetch
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from annuaire.geographie import DistanceKm
from annuaire.models import Rattachement, Structure, Utilisateur
from ressources.models import Annonce, PreferenceUrgences, ReglagesUrgences
from ressources.natures import Nature

from .candidats import compter, natures
from .lexique import comprendre, lexemes, mots_lisibles, vocabulaire
from .moteur import a_noter, bloque_de, periodes_de
from .note import SEUIL, Cote, noter, rarete

A_LIRE = 300
"""Nearest structures, and nearest volunteers, that are compared with the need."""
OFFRES_MAX = 1000
DIT, SUGGERE, MEME_ACTIVITE, PORTEE_DE_TOUS, TOUT_PRES = 45.0, 25.0, 8.0, 20.0, 8.0
"""Points: all the need's words are a skill, are in the missions; same activity; needs no skill; next door."""
POUR_TOUS = (Nature.ENTRAIDE, Nature.BENEVOLAT)
"""A helping hand: whoever is near can give it."""

PAR_STRUCTURE = 2
"""Référents called for a structure that has not chosen which."""
PRESSE = "urgence urgent remplacement remplacer remplaçant aujourd'hui demain matin midi soir nuit heure vite"
"""Words that say that it presses, not what is needed."""


@dataclass
class Piste:
    """Somebody worth calling: for a structure, or for themselves; why, in words."""

    utilisateur: Utilisateur
    structure: Structure | None
    score: float
    distance: float
    raisons: list = field(default_factory=list)


def chercher(urgence, *, km: int, seuil: float, sauf=()) -> list[Piste]:
    """Those within `km` and within their own radius whose score passes `seuil`, best first; each person once.

    `sauf`: accounts left out. Neither members of the structure that asks, nor who never wants to be called.
    """
    sauf = {*sauf, *urgence.structure.rattachements.filter(etat="actif").values_list("utilisateur", flat=True)}
    reglages, benevoles = _structures(urgence, km), _benevoles(urgence, km)
    if not reglages and not benevoles:
        return []
    besoin = _besoin(urgence)
    (sens,) = comprendre([besoin])
    frequences = compter({*sens.titre, *sens.description}, vocabulaire())
    regle = _Regle(urgence, sens, frequences, mots_lisibles([besoin]), km)
    fiches = _lire_fiches(reglages, benevoles)
    offres = _offres(besoin, sens, reglages, frequences, regle.lisibles)
    pistes = [
        regle.piste(referent, r.structure, r.distance, fiches[f"s{r.structure_id}"], offres.get(r.structure_id))
        for r in reglages
        for referent in _referents(r)
    ]
    pistes += [regle.piste(p.utilisateur, None, p.distance, fiches[f"p{p.pk}"], None) for p in benevoles]
    retenues = {}
    for piste in sorted(pistes, key=lambda p: (-p.score, p.distance, p.utilisateur.pk)):
        if piste.raisons and piste.score >= seuil and piste.utilisateur.pk not in sauf:
            retenues.setdefault(piste.utilisateur.pk, piste)
    for piste in retenues.values():
        piste.raisons.append("sur place" if piste.distance < 1 else f"à {round(piste.distance)} km")
    return list(retenues.values())


def _besoin(urgence) -> Annonce:
    """The need as the matching knows one, never saved: the skill is what it is about, if it was said."""
    titre, description = urgence.titre, urgence.description
    if urgence.savoir_faire:
        titre, description = urgence.savoir_faire, f"{urgence.titre}. {description}"
    return Annonce(
        pk=0,
        sens="besoin",
        nature=urgence.nature,
        categorie=urgence.categorie,
        titre=titre,
        description=description,
        structure_id=urgence.structure_id,
        commune=urgence.commune,
        latitude=urgence.latitude,
        longitude=urgence.longitude,
        quantite=1,
    )


def _autour(lignes, urgence, km, latitude, longitude):
    """The nearest A_LIRE within `km` and within their own radius, with `distance`."""
    distance = DistanceKm(latitude, longitude, lat0=urgence.latitude, lon0=urgence.longitude)
    return (
        lignes.annotate(distance=distance)
        .filter(distance__lte=Least(F("rayon"), km))
        .order_by("distance", "pk")[:A_LIRE]
    )


def _structures(urgence, km) -> list[ReglagesUrgences]:
    """Published structures that accept urgent calls, from their own point, else from the middle of their commune."""
    appelables = (
        Rattachement.objects.filter(etat="actif", role="referent", utilisateur__is_active=True)
        .exclude(utilisateur__preference_urgences__accepte="jamais")
        .select_related("utilisateur")
        .order_by("pk")
    )
    lignes = (
        ReglagesUrgences.objects.filter(accepte=True, structure__etat="publiee")
        .exclude(structure=urgence.structure_id)
        .select_related("structure")
        .defer("structure__recherche", "structure__recherche_vecteur", "structure__recherche_trgm")
        .prefetch_related(
            "referents",
            "structure__competences",
            "structure__activites",
            Prefetch("structure__rattachements", queryset=appelables, to_attr="appelables"),
        )
    )
    latitude = Coalesce("structure__latitude", "structure__commune__latitude")
    longitude = Coalesce("structure__longitude", "structure__commune__longitude")
    return list(_autour(lignes, urgence, km, latitude, longitude))


def _benevoles(urgence, km) -> list[PreferenceUrgences]:
    lignes = PreferenceUrgences.objects.filter(accepte="oui", utilisateur__is_active=True).select_related("utilisateur")
    return list(_autour(lignes, urgence, km, "commune__latitude", "commune__longitude"))


def _referents(reglages) -> list[Utilisateur]:
    """Those chosen that still are référents; the first ones when none was chosen, or none is left."""
    tous = [lien.utilisateur for lien in reglages.structure.appelables]
    choisis = {personne.pk for personne in reglages.referents.all()}
    return [personne for personne in tous if personne.pk in choisis] or tous[:PAR_STRUCTURE]


@lru_cache(maxsize=1)
def _presse() -> frozenset:
    """Read once per process, in one query."""
    return frozenset(vocabulaire().termes(lexemes([PRESSE])[0]))


def _lire_fiches(reglages, benevoles) -> dict:
    """Key -> (terms of each skill by its name, terms of the missions, ids of the activities); one query."""
    textes, places = [], []
    for r in reglages:
        for competence in r.structure.competences.all():
            textes.append(competence.nom)
            places.append((f"s{r.structure_id}", competence.nom))
        activites = ", ".join(activite.nom for activite in r.structure.activites.all())
        textes.append(f"{activites}. {r.structure.missions[:1000]}")
        places.append((f"s{r.structure_id}", ""))
    for p in benevoles:
        textes.append(p.savoir_faire)
        places.append((f"p{p.pk}", p.savoir_faire or "-"))
    v = vocabulaire()
    fiches = {f"s{r.structure_id}": ({}, set(), {a.pk for a in r.structure.activites.all()}) for r in reglages}
    fiches |= {f"p{p.pk}": ({}, set(), set()) for p in benevoles}
    for (cle, nom), suite in zip(places, lexemes(textes), strict=True):
        etiquettes, missions, _ = fiches[cle]
        if nom:
            etiquettes[nom] = set(v.termes(suite))
        else:
            missions.update(v.termes(suite))
    return fiches


def _offres(besoin, sens, reglages, frequences, lisibles) -> dict:
    """Structure -> the best note of its open offers that answer the need."""
    ouvertes = Annonce.objects.ouvertes().filter(
        sens="offre", nature__in=natures(besoin.nature), structure__in=[r.structure_id for r in reglages]
    )
    offres = list(a_noter(ouvertes.order_by("-pk").values("pk")[:OFFRES_MAX]))
    soi, jour, notes = Cote(besoin, sens), timezone.localdate(), {}
    for offre, compris in zip(offres, comprendre(offres), strict=True):
        note = noter(soi, Cote(offre, compris, periodes_de(offre), bloque_de(offre)), frequences, lisibles, jour)
        if note and note.score >= SEUIL and note.score > notes.get(offre.structure_id, (0, ""))[0]:
            notes[offre.structure_id] = note.score, f"propose déjà : {offre.titre}"
    return notes


class _Regle:
    """How one urgency scores whoever could answer it."""

    def __init__(self, urgence, sens, frequences, lisibles, km):
        self.lisibles, self.km = lisibles, km
        termes = [terme for terme in sens.titre if terme not in _presse()] or sens.titre
        self.poids = {terme: rarete(terme, frequences) for terme in termes}
        self.total = sum(self.poids.values()) or 1
        self.activites = {activite.pk: activite.nom for activite in urgence.structure.activites.all()}
        self.pour_tous = urgence.nature in POUR_TOUS

    def piste(self, utilisateur, structure, distance, fiche, offre) -> Piste:
        etiquettes, missions, activites = fiche
        score, raisons = self._mots(etiquettes, missions, structure)
        if offre and offre[0] > score:
            score, raisons = offre[0], [offre[1]]
        if communes := sorted(activites & self.activites.keys()):
            score += MEME_ACTIVITE
            raisons.append(f"même activité : {self.activites[communes[0]].lower()}")
        if self.pour_tous:
            score += PORTEE_DE_TOUS
            raisons = raisons or ["un coup de main près de chez vous"]
        score += TOUT_PRES * max(0.0, 1 - distance / self.km)
        return Piste(utilisateur, structure, score, distance, raisons)

    def _mots(self, etiquettes, missions, structure) -> tuple[float, list]:
        dits, noms = set(), []
        for nom, termes in etiquettes.items():
            if communs := self.poids.keys() & termes:
                dits |= communs
                noms.append(nom.lower())
        if dits:
            mots = ", ".join(noms[:2]) if structure else ", ".join(self.lisibles.get(t, t) for t in sorted(dits)[:3])
            return DIT * self._part(dits), [f"compétence : {mots}" if structure else f"vous savez faire : {mots}"]
        if dits := self.poids.keys() & missions:
            mots = ", ".join(self.lisibles.get(terme, terme) for terme in sorted(dits)[:3])
            return SUGGERE * self._part(dits), [f"vos missions en parlent : {mots}"]
        return 0.0, []

    def _part(self, termes) -> float:
        """0 to 1: how much of the need is said, the rare words first."""
        return sum(self.poids[terme] for terme in termes) / self.total
