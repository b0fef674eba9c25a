"""Invented, French-like words with realistic frequencies: few very common ones, a long tail of rare ones."""

from itertools import accumulate
from random import Random

TYPES = [
    "Association", "Les amis", "Collectif", "Comité", "Club", "Foyer", "Atelier", "Coopérative", "Maison", "Union",
    "Compagnie", "Centre", "Amicale", "Réseau", "Jardins", "Fédération", "Entraide", "Régie", "Cercle", "Épicerie",
]  # fmt: skip

THEMES = {
    "Culture": ["Théâtre et danse", "Lecture et médiathèque", "Musique", "Patrimoine", "Cinéma"],
    "Sport": ["Football", "Randonnée", "Sport adapté", "Arts martiaux", "Nautisme"],
    "Insertion et emploi": ["Chantier d'insertion", "Formation", "Aide à la recherche d'emploi"],
    "Environnement": ["Jardins partagés", "Réemploi et ressourcerie", "Énergie citoyenne", "Biodiversité"],
    "Alimentation": ["Épicerie solidaire", "Circuits courts", "Aide alimentaire"],
    "Santé et handicap": ["Aide à domicile", "Handicap visuel", "Addictions", "Santé mentale"],
    "Enfance et jeunesse": ["Crèche", "Centre de loisirs", "Soutien scolaire", "Information jeunesse"],
    "Logement": ["Habitat partagé", "Hébergement d'urgence", "Rénovation"],
    "Numérique": ["Médiation numérique", "Reconditionnement", "Logiciel libre"],
    "Vie locale": ["Comité des fêtes", "Centre social", "Café associatif", "Mobilité"],
    "Solidarité internationale": ["Échanges et jumelages", "Accueil des exilés"],
    "Finances solidaires": ["Microcrédit", "Monnaie locale"],
}

PHRASES = [
    "Nous accueillons {public} toute l'année pour des ateliers de {a} et de {b}.",
    "Notre équipe de bénévoles propose des séances de {a}, ouvertes à {public}.",
    "Fondée par des habitants, la structure défend {a} et {b} dans les villages.",
    "Prêt de matériel, salle à partager, conseils en {a} : venez nous rencontrer.",
    "Chaque semaine, permanence de {a} avec l'équipe de {nom}.",
    "Nous organisons aussi le festival {nom}, autour de {a}.",
    "Formation, accompagnement et {a} : un projet porté par {public}.",
    "Le lieu dispose d'un espace de {b}, d'une cuisine et d'un jardin nommé {nom}.",
]

MOTS = [
    "théâtre", "lecture", "couture", "vélo", "cuisine", "jardinage", "menuiserie", "chant", "poterie", "randonnée",
    "informatique", "réparation", "compostage", "maraîchage", "apiculture", "photographie", "marionnettes", "échecs",
    "natation", "escalade", "judo", "danse", "peinture", "sculpture", "tricot", "vannerie", "mécanique", "soudure",
    "traduction", "alphabétisation", "médiation", "covoiturage", "autopartage", "bricolage",
    "braille", "lecture à voix haute",
    "langue des signes",
    "comptabilité", "communication", "droit du travail", "parentalité", "relaxation", "sophrologie",
    "archéologie", "généalogie", "astronomie", "ornithologie", "pêche", "pétanque", "cirque", "clown", "conte", "slam",
    "accordéon", "fanfare", "chorale", "orchestre", "cinéma", "vidéo", "radio", "journalisme", "imprimerie", "reliure",
]  # fmt: skip

PUBLICS = ["les jeunes", "les familles", "les aînés", "tous", "les demandeurs d'emploi", "les enfants", "les habitants"]
COMPETENCES = [
    "Comptabilité", "Communication", "Juridique", "Recherche de financements", "Animation", "Informatique", "Graphisme",
    "Photographie", "Secrétariat", "Traduction", "Langue des signes", "Braille", "Cuisine collective", "Menuiserie",
    "Maraîchage", "Mécanique", "Médiation", "Gestion de projet", "Premiers secours", "Sonorisation", "Éclairage",
    "Rédaction", "Réseaux sociaux", "Accessibilité", "Paie", "Ressources humaines", "Sécurité", "Formation", "Vidéo",
    "Impression", "Couture", "Électricité", "Plomberie", "Peinture", "Logistique", "Transport", "Jardinage",
    "Apiculture", "Accueil", "Gouvernance",
]  # fmt: skip
LABELS = ["ESUS", "SIAE", "Jeunesse et éducation populaire", "Utilité publique", "Tourisme et handicap"]
FORMES = {
    "association": 78, "cooperative": 7, "societe_ess": 5, "collectif": 4, "mutuelle": 2, "fondation": 1,
    "collectivite": 2, "groupement_employeurs": 1,
}  # fmt: skip

DEBUTS = [
    "Bri", "Cha", "Mon", "Val", "Sau", "Gro", "Pra", "Ver", "Lou", "Fon", "Bel", "Tro", "Mar", "Cou", "Bou",
    "Esc", "Gan", "Ram", "Ser", "Thi",
]  # fmt: skip
MILIEUX = [
    "ve", "te", "na", "ri", "lo", "ga", "bu", "sè", "mé", "zo", "lin", "gou", "bar", "den", "fi", "pou", "cha",
    "rel",
]  # fmt: skip
FINS = [
    "lac", "gny", "court", "ville", "zat", "nac", "rolles", "mont", "sset", "val", "ges", "ron", "lieu", "bost",
    "guet", "thel", "dière", "nay", "rand", "pinac",
]  # fmt: skip


class Zipf:
    """Draws of a list, the first ones far more often (weight 1 / rank^s)."""

    def __init__(self, valeurs: list, s: float = 1.0):
        self.valeurs = valeurs
        self.cumuls = list(accumulate(1 / (rang + 1) ** s for rang in range(len(valeurs))))

    def tirer(self, hasard: Random):
        return hasard.choices(self.valeurs, cum_weights=self.cumuls)[0]


def noms_propres(hasard: Random, nombre: int) -> list[str]:
    """Distinct invented proper names (« Brivelac », « Montezat »)."""
    trouves: dict[str, None] = {}
    while len(trouves) < nombre:
        milieux = "".join(hasard.choice(MILIEUX) for _ in range(hasard.choice([1, 1, 2, 2, 3])))
        trouves[hasard.choice(DEBUTS) + milieux + hasard.choice(FINS)] = None
    return list(trouves)
