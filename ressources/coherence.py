"""What an announcement may hold together: its sense, nature and mode decide which other fields mean something."""

from ressources.modes import Mode
from ressources.natures import CHAMPS_DE_NATURE, Nature

MODES_DE_LOT = (Mode.DON, Mode.VENTE, Mode.ECHANGE)


def peut_etre_un_lot(annonce) -> bool:
    """Given, sold or swapped equipment may be shared out; what is lent comes back and has a calendar instead."""
    return annonce.est_offre and annonce.nature == Nature.MATERIEL and annonce.mode in MODES_DE_LOT


def accorder(annonce) -> None:
    """Empty what its sense, nature and mode do not use: a price of a gift, the floor area of a chair."""
    regle = annonce.regle
    if annonce.mode and annonce.mode not in annonce.profil.modes:
        annonce.mode, regle = "", None
    if not (regle and regle.payant):
        annonce.prix, annonce.prix_unite, annonce.prix_sur_demande = None, "", False
    elif annonce.prix_sur_demande:
        annonce.prix, annonce.prix_unite = None, ""
    elif annonce.prix is None:
        annonce.prix_unite = ""
    elif annonce.prix_unite not in regle.unites:
        annonce.prix_unite = regle.unites[0]
    if not (regle and regle.caution):
        annonce.caution = None
    if annonce.mode != Mode.ECHANGE:
        annonce.contrepartie = ""
    if not peut_etre_un_lot(annonce):
        annonce.partage = ""
    if annonce.categorie is not None and annonce.categorie.nature != annonce.nature:
        annonce.categorie = None
    for champ in CHAMPS_DE_NATURE - set(annonce.profil.champs):
        setattr(annonce, champ, annonce._meta.get_field(champ).get_default())
