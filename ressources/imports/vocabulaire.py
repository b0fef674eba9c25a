"""How people and other platforms write a sense, a nature, a mode, a condition: folded words -> our value."""

from annuaire.imports.textes import cle_texte
from ressources.modes import Mode, Unite
from ressources.natures import PROFILS, Nature

SENS = {
    "offre": "offre", "offres": "offre", "propose": "offre", "proposition": "offre", "je propose": "offre",
    "offer": "offre", "offering": "offre", "don": "offre", "pret": "offre", "vente": "offre", "location": "offre",
    "a donner": "offre", "a preter": "offre", "disponible": "offre", "o": "offre",
    "besoin": "besoin", "besoins": "besoin", "demande": "besoin", "recherche": "besoin", "cherche": "besoin",
    "je cherche": "besoin", "request": "besoin", "wanted": "besoin", "need": "besoin", "inquiry": "besoin",
    "d": "besoin", "b": "besoin",
}  # fmt: skip
NATURES = {
    "materiels": Nature.MATERIEL, "equipement": Nature.MATERIEL, "equipements": Nature.MATERIEL,
    "objet": Nature.MATERIEL, "objets": Nature.MATERIEL, "goods": Nature.MATERIEL,
    "item": Nature.MATERIEL, "mobilier": Nature.MATERIEL,
    "locaux": Nature.LOCAL, "salle": Nature.LOCAL, "salles": Nature.LOCAL, "espace": Nature.LOCAL,
    "competences": Nature.COMPETENCE, "savoir faire": Nature.COMPETENCE, "service": Nature.COMPETENCE,
    "services": Nature.COMPETENCE, "skill": Nature.COMPETENCE,
    "artiste": Nature.ARTISTE, "artistes": Nature.ARTISTE, "intervenant": Nature.ARTISTE, "spectacle": Nature.ARTISTE,
    "animateur": Nature.ARTISTE, "coup de main": Nature.ENTRAIDE, "aide": Nature.ENTRAIDE, "benevole": Nature.BENEVOLAT,
    "benevoles": Nature.BENEVOLAT, "mission": Nature.BENEVOLAT, "volunteer": Nature.BENEVOLAT,
    "formations": Nature.FORMATION, "stage": Nature.FORMATION, "training": Nature.FORMATION,
    "achats groupes": Nature.ACHAT_GROUPE, "achat commun": Nature.ACHAT_GROUPE, "commande groupee": Nature.ACHAT_GROUPE,
    **{cle_texte(nature.label): nature for nature in Nature},
    **{cle_texte(nature.value): nature for nature in Nature},
    **{cle_texte(profil.pluriel): nature for nature, profil in PROFILS.items()},
}  # fmt: skip
MODES = {
    "donne": Mode.DON, "a donner": Mode.DON, "donation": Mode.DON, "gift": Mode.DON, "give": Mode.DON,
    "prete": Mode.PRET, "a preter": Mode.PRET, "emprunt": Mode.PRET, "pret gratuit": Mode.PRET, "lend": Mode.PRET,
    "loan": Mode.PRET, "borrow": Mode.PRET, "mise a disposition": Mode.PRET, "mise a disposition gratuite": Mode.PRET,
    "troc": Mode.ECHANGE, "exchange": Mode.ECHANGE, "swap": Mode.ECHANGE,
    "a vendre": Mode.VENTE, "vend": Mode.VENTE, "achat": Mode.VENTE, "sell": Mode.VENTE, "sale": Mode.VENTE,
    "a louer": Mode.LOCATION, "loue": Mode.LOCATION, "rent": Mode.LOCATION, "rental": Mode.LOCATION,
    "benevole": Mode.SERVICE_GRATUIT, "service": Mode.SERVICE_GRATUIT,
    "payant": Mode.SERVICE_PAYANT, "prestation": Mode.SERVICE_PAYANT, "remunere": Mode.SERVICE_PAYANT,
    **{cle_texte(mode.label): mode for mode in Mode},
    **{cle_texte(mode.value): mode for mode in Mode},
}  # fmt: skip
EQUIVALENTS = {
    Mode.DON: Mode.SERVICE_GRATUIT, Mode.PRET: Mode.SERVICE_GRATUIT, Mode.LOCATION: Mode.SERVICE_PAYANT,
    Mode.VENTE: Mode.SERVICE_PAYANT, Mode.SERVICE_GRATUIT: Mode.PRET, Mode.SERVICE_PAYANT: Mode.LOCATION,
}  # fmt: skip
"""The same thing said of another nature: a room « for free » is lent, a skill « lent » is a free service."""
ETATS = {
    "neuf": "neuf", "nouveau": "neuf", "new": "neuf", "tres bon": "tres_bon", "tres bon etat": "tres_bon",
    "tb": "tres_bon", "tbe": "tres_bon", "excellent": "tres_bon", "comme neuf": "tres_bon", "very good": "tres_bon",
    "bon": "bon", "bon etat": "bon", "b": "bon", "be": "bon", "ok": "bon", "good": "bon", "correct": "bon",
    "moyen": "use", "use": "use", "etat moyen": "use", "usage": "use", "use mais fonctionne": "use", "fair": "use",
    "a reparer": "a_reparer", "hs": "a_reparer", "en panne": "a_reparer", "mauvais": "a_reparer", "poor": "a_reparer",
    "mauvais etat": "a_reparer", "casse": "a_reparer", "broken": "a_reparer",
}  # fmt: skip
TRANSPORTS = {
    "a retirer": "a_retirer", "a venir chercher": "a_retirer", "sur place": "a_retirer", "retrait": "a_retirer",
    "non": "a_retirer", "pickup": "a_retirer", "livraison": "livraison", "livraison possible": "livraison",
    "oui": "livraison", "livre": "livraison", "delivery": "livraison", "a convenir": "a_convenir",
}  # fmt: skip
UNITES = {
    "unite": Unite.PIECE, "piece": Unite.PIECE, "l unite": Unite.PIECE, "item": Unite.PIECE, "h": Unite.HEURE,
    "heure": Unite.HEURE, "hour": Unite.HEURE, "demi journee": Unite.DEMI_JOURNEE, "jour": Unite.JOUR, "j": Unite.JOUR,
    "journee": Unite.JOUR, "day": Unite.JOUR, "week end": Unite.WEEK_END, "weekend": Unite.WEEK_END,
    "semaine": Unite.SEMAINE, "week": Unite.SEMAINE, "mois": Unite.MOIS, "month": Unite.MOIS,
    "personne": Unite.PERSONNE, "person": Unite.PERSONNE, "seance": Unite.SEANCE, "forfait": Unite.TOTAL,
    **{cle_texte(unite.label): unite for unite in Unite},
    **{cle_texte(unite.value): unite for unite in Unite},
}  # fmt: skip
GRATUIT = {"gratuit", "gratuite", "0", "free", "sans", "offert", "aucun", "neant"}
SUR_DEMANDE = {"sur demande", "sur devis", "devis", "nous consulter", "a convenir", "a definir", "variable", "selon"}
"""What a price column says when it is not an amount."""
OUI = {"oui", "o", "x", "1", "vrai", "true", "yes"}
