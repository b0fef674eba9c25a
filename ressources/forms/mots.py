"""The words of the form, by sense, nature and mode: a need has a budget where an offer has a price."""

from ressources.modes import Mode
from ressources.natures import Nature

EXEMPLES = {
    Nature.MATERIEL: ("120 chaises pliantes et 20 tables", "un vidéoprojecteur pour une soirée"),
    Nature.LOCAL: ("salle de réunion de 40 m², accessible", "un local pour une permanence le mardi"),
    Nature.COMPETENCE: ("une heure de comptabilité par mois", "un graphiste pour notre affiche"),
    Nature.ARTISTE: ("trio de musique traditionnelle, bal et atelier", "un conteur pour la fête du quartier"),
    Nature.ENTRAIDE: ("un coup de main pour monter un chapiteau", "un remplacement d'animateur, mercredi"),
    Nature.BENEVOLAT: ("trois bénévoles à prêter pour une collecte", "dix bénévoles pour la buvette du festival"),
    Nature.FORMATION: ("initiation aux premiers secours, 12 places", "une formation à la comptabilité associative"),
    Nature.ACHAT_GROUPE: ("papier recyclé : grouper nos commandes", "un fournisseur d'électricité à plusieurs"),
}
"""Nature -> a title of an offer, a title of a need."""

PRESENTATIONS = {
    Nature.MATERIEL: "Chaises, sono, minibus, ordinateurs… à prêter, donner, louer ou vendre.",
    Nature.LOCAL: "Salle, bureau, atelier, terrain, stockage.",
    Nature.COMPETENCE: "Comptabilité, graphisme, informatique, droit…",
    Nature.ARTISTE: "Spectacle, concert, atelier, conférence.",
    Nature.ENTRAIDE: "Coup de main, trajet, remplacement.",
    Nature.BENEVOLAT: "Des bénévoles pour un jour ou pour l'année.",
    Nature.FORMATION: "Des places dans une formation, un formateur.",
    Nature.ACHAT_GROUPE: "Commander à plusieurs pour payer moins.",
}

MODES = {
    Mode.DON: "Don : gratuit, pour de bon",
    Mode.PRET: "Prêt : gratuit, rendu ensuite",
    Mode.ECHANGE: "Échange : contre autre chose",
    Mode.VENTE: "Vente",
    Mode.LOCATION: "Location : payante, rendu ensuite",
    Mode.SERVICE_GRATUIT: "Gratuit",
    Mode.SERVICE_PAYANT: "Payant",
}

UN_MODE = {
    Mode.DON: "un don",
    Mode.PRET: "un prêt",
    Mode.ECHANGE: "un échange",
    Mode.VENTE: "une vente",
    Mode.LOCATION: "une location",
    Mode.SERVICE_GRATUIT: "un service gratuit",
    Mode.SERVICE_PAYANT: "un service payant",
}

LIBELLES_DU_BESOIN = {
    "description": "Ce que vous cherchez",
    "mode": "Ce qui vous conviendrait",
    "prix": "Budget (€)",
    "prix_unite": "Budget pour",
    "prix_sur_demande": "Budget à convenir ensemble",
    "caution": "Caution que vous pouvez laisser (€)",
    "contrepartie": "Ce que vous proposez en échange",
    "etat_materiel": "État souhaité, au moins",
    "surface": "Surface souhaitée (m²)",
    "capacite": "Nombre de personnes à accueillir",
    "accessible_pmr": "Doit être accessible en fauteuil (PMR)",
    "equipements": "Équipements souhaités",
    "residence_artistes": "Pour une résidence d'artistes",
    "travail_partage": "Pour du travail partagé",
    "niveau": "Niveau souhaité",
    "jauge": "Public attendu (personnes)",
    "places": "Nombre de personnes",
    "urgente_pour": "C'est urgent : pour le",
}
AIDES_DU_BESOIN = {
    "description": "Pour quoi faire, quand, et ce qui vous aiderait. Quelques phrases suffisent.",
    "prix": "Facultatif : il aide ceux qui pourraient répondre. Par exemple : 1 250,50.",
    "contrepartie": "Par exemple : une matinée de jardinage.",
    "accessible_pmr": "",
}
