"""The invented structures: their facts from structures.csv, the rest drawn by a seeded generator."""

import csv
import random
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from annuaire.imports.ecriture import historiser, lier, slugs_libres
from annuaire.models import Activite, Commune, Competence, Label, LabelStructure, Photo, Structure

from . import images

SOURCE = "demonstration"
FICHIER = Path(__file__).with_name("structures.csv")
ETATS = {
    "recyclerie-sport": "a_valider",
    "cafe-signes": "a_valider",
    "garage-solidaire": "a_valider",
    "clic-cafe-bis": "a_valider",
    "chorale-ouverte": "a_corriger",
    "ferme-pedagogique": "a_corriger",
    "colo-nature": "brouillon",
    "refuge-animaux": "refusee",
    "seniors-actifs": "archivee",
}
"""Every other one is published."""
MOTIFS = {
    "chorale-ouverte": "Il manque le lieu des répétitions, que les habitants cherchent en premier.",
    "ferme-pedagogique": "Merci de préciser la forme juridique : exploitation agricole ou société de l'ESS ?",
    "refuge-animaux": "L'annuaire accueille les structures de l'économie sociale et solidaire du territoire ; "
    "celle-ci est déjà portée par la commune.",
    "seniors-actifs": "La structure a cessé son activité.",
}
CHIFFRES = {
    "ressourcerie-sichon": {"salaries_etp": "11.50"},
    "domicile-allier-sud": {"salaries_etp": "31.00"},
    "ge-bourbonnais-sport": {"salaries_etp": "8.00", "benevoles": 12},
    "menuiserie-scop": {"salaries_etp": "7.00"},
    "main-tendue-gannat": {"salaries_etp": "2.00", "benevoles": 20},
    "aide-devoirs": {"salaries_etp": None, "benevoles": 15},
    "ludotheque-itinerante": {"salaries_etp": "2.00"},
    "radio-locale": {"benevoles": 60, "annee_creation": 1994},
    "boutique-equitable": {"salaries_etp": None, "annee_creation": 2004},
    "basket-st-germain": {"adherents": 110},
    "finance-solidaire": {"adherents": 15, "benevoles": 15},
    "paniers-besbre": {"adherents": 42},
    "fanfare-bocage": {"adherents": 30},
}
"""Figures that the presentation tells: the sheet must say the same."""
SANS_LIEU = {"reseau-benevoles", "studio-video"}
COMPETENCES = {
    "culture": ["montage-technique", "organisation-evenements", "graphisme", "photo-video"],
    "sport": ["formation-premiers-secours", "conduite-minibus", "benevolat"],
    "alimentation": ["cuisine-collective", "benevolat", "interventions-scolaires"],
    "aide-personne": ["formation-premiers-secours", "ressources-humaines"],
    "emploi": ["ressources-humaines", "dossiers-subvention", "accompagnement-projets"],
    "education": ["interventions-scolaires", "animation-reunions", "organisation-evenements"],
    "solidarite": ["droit-associations", "benevolat", "accompagnement-projets"],
    "handicap": ["accessibilite", "langue-des-signes", "transcription-braille"],
    "environnement": ["reparation-bricolage", "interventions-scolaires"],
    "echanges-locaux": ["reparation-bricolage", "animation-reunions", "communication"],
    "mobilite": ["conduite-minibus", "informatique", "reparation-bricolage"],
    "appui": ["comptabilite", "droit-associations", "dossiers-subvention", "communication"],
}
HORAIRES = [
    "Du lundi au vendredi, de 9 h à 12 h et de 14 h à 17 h",
    "Mercredi et samedi, de 14 h à 18 h",
    "Mardi et jeudi, de 9 h 30 à 12 h 30",
    "Sur rendez-vous",
    "",
]
RUES = ["rue des Exemples", "place de l'Exemple", "chemin de la Démonstration", "allée des Essais", "route du Modèle"]
PHOTOS = [
    "Dessin d'un paysage de collines avec une maison",
    "Dessin d'une vallée au soleil, une petite maison au premier plan",
    "Dessin de trois collines et d'une maison blanche",
]


def charger() -> dict[str, Structure]:
    """Create the invented structures that are missing; those that were edited, or deleted, stay as they are."""
    with FICHIER.open(encoding="utf-8", newline="") as fichier:
        lignes = list(csv.DictReader(fichier, delimiter=";"))
    connues = set(Structure.history.filter(source=SOURCE).values_list("source_cle", flat=True))
    communes = {c.code: c for c in Commune.objects.filter(code__in={ligne["commune"] for ligne in lignes})}
    activites = {a.slug: a for a in Activite.objects.select_related("parent")}
    competences = {c.slug: c for c in Competence.objects.all()}
    labels = {label.slug: label for label in Label.objects.all()}
    voulues = [(rang, ligne) for rang, ligne in enumerate(lignes) if ligne["cle"] not in connues]
    slugs = slugs_libres([_nom(ligne) for _rang, ligne in voulues])
    structures = [
        _structure(rang, ligne, communes.get(ligne["commune"]), slug)
        for (rang, ligne), slug in zip(voulues, slugs, strict=True)
    ]
    Structure.objects.bulk_create(structures)
    siennes = {
        structure.pk: [activites[slug] for slug in ligne["activites"].split("|") if slug in activites]
        for structure, (_rang, ligne) in zip(structures, voulues, strict=True)
    }
    lier("activites", {pk: [a.pk for a in liste] for pk, liste in siennes.items()})
    lier("competences", {s.pk: _competences(s, siennes[s.pk], competences) for s in structures})
    LabelStructure.objects.bulk_create(
        [detenu for s, (_rang, ligne) in zip(structures, voulues, strict=True) for detenu in _labels(s, ligne, labels)]
    )
    Photo.objects.bulk_create(
        [
            Photo(structure=s, fichier=images.paysage(rang), alternative=PHOTOS[rang % len(PHOTOS)])
            for s, (rang, _ligne) in zip(structures, voulues, strict=True)
            if rang % 6 == 1
        ]
    )
    historiser(structures, genre="+", par=None, motif="démonstration")
    return {structure.source_cle: structure for structure in structures}


def _nom(ligne: dict) -> str:
    return f"{ligne['nom']} (exemple)"


def _competences(structure, activites, competences) -> list[int]:
    """One to three skills that go with the first activity."""
    if not structure.missions or not activites:
        return []
    hasard = random.Random(f"competences {structure.source_cle}")  # noqa: S311 - a drawing, not a secret
    possibles = COMPETENCES[(activites[0].parent or activites[0]).slug]
    pks = [competences[slug].pk for slug in possibles if slug in competences]
    return hasard.sample(pks, k=min(len(pks), hasard.randint(1, 3)))


def _structure(rang: int, ligne: dict, commune: Commune | None, slug: str) -> Structure:
    hasard = random.Random(ligne["cle"])  # noqa: S311 - a drawing, not a secret
    maintenant = timezone.now()
    etat = ETATS.get(ligne["cle"], "publiee")
    complete = bool(ligne["missions"])
    situee = commune is not None and commune.latitude is not None and ligne["cle"] not in SANS_LIEU
    precise = situee and complete and rang % 6 != 5
    structure = Structure(
        nom=_nom(ligne),
        slug=slug,
        logo=images.logo(rang) if rang % 5 in (0, 2) else "",
        forme_juridique=ligne["forme"],
        presentation=ligne["presentation"],
        missions=ligne["missions"],
        public_accueilli=ligne["public"],
        commune=commune if situee else None,
        adresse=f"{hasard.randint(1, 60)} {hasard.choice(RUES)}" if precise else "",
        telephone=f"04 65 71 {hasard.randint(10, 99)} {hasard.randint(10, 99)}" if rang % 7 != 6 else "",
        courriel=f"contact@{ligne['cle']}.example.org" if rang % 9 != 8 else "",
        etat=etat,
        motif=MOTIFS.get(ligne["cle"], ""),
        source=SOURCE,
        source_cle=ligne["cle"],
        est_demonstration=True,
    )
    if situee:
        ecart = 0.006 if precise else 0
        structure.latitude = round(commune.latitude + hasard.uniform(-ecart, ecart), 5)
        structure.longitude = round(commune.longitude + hasard.uniform(-ecart, ecart), 5)
        structure.position_origine = "adresse" if precise else "commune"
    if etat in ("publiee", "archivee"):
        structure.publiee_le = maintenant - timedelta(
            days=hasard.randint(1, 20) if rang % 9 == 4 else hasard.randint(40, 400)
        )
    else:
        structure.courriel_proposition = f"proposition@{ligne['cle']}.example.org"
    if complete:
        _details(structure, hasard, rang, etat)
    return structure


def _details(structure, hasard, rang, etat) -> None:
    """What an invented structure says of itself: size, hours, access, consent, last check."""
    employeur = structure.forme_juridique not in ("collectif", "") and rang % 3 != 1
    structure.annee_creation = hasard.randint(1968, 2022)
    structure.salaries_etp = hasard.choice(["0.50", "1.00", "2.50", "4.00", "8.50", "12.00"]) if employeur else None
    structure.benevoles = hasard.choice([6, 10, 15, 22, 35, 60])
    structure.adherents = hasard.choice([18, 45, 70, 120, 240])
    for champ, valeur in CHIFFRES.get(structure.source_cle, {}).items():
        setattr(structure, champ, valeur)
    structure.horaires = hasard.choice(HORAIRES)
    structure.rayon_intervention = hasard.choice([None, None, 10, 20, 30])
    structure.accessible_pmr = rang % 2 == 0
    structure.accessible_lsf = structure.source_cle in ("mains-qui-parlent", "cafe-signes", "bibliotheque-sonore")
    structure.accessible_braille = structure.source_cle in ("bibliotheque-sonore", "theatre-deux-rives")
    structure.site = f"https://{structure.source_cle}.example.org/" if rang % 4 else ""
    if rang % 5 != 4:
        structure.telephone_public = bool(structure.telephone)
        structure.courriel_public = bool(structure.courriel) and rang % 2 == 0
        structure.public_source = "Accord donné lors de l'inscription (exemple)"
    if etat == "publiee" and rang % 8 != 7:
        jours = hasard.choice([3, 12, 40, 90, 150, 240, 330, 420, 500])
        structure.verifiee_le = timezone.localdate() - timedelta(days=jours)
        structure.verifiee_par = hasard.choice(["referent", "equipe", "reunion", "lettre"])


def _labels(structure, ligne, labels) -> list[LabelStructure]:
    voulus = []
    if "insertion-activite-economique" in ligne["activites"]:
        voulus.append("siae")
    if "aide-domicile" in ligne["activites"]:
        voulus.append("sap")
    if ligne["forme"] == "cooperative":
        voulus.append("esus")
    if "education-populaire" in ligne["activites"] or "accueil-jeunes" in ligne["activites"]:
        voulus.append("jep")
    fin = timezone.localdate() + timedelta(days=200 + 37 * len(ligne["cle"]))
    return [LabelStructure(structure=structure, label=labels[slug], expire_le=fin) for slug in voulus if slug in labels]
