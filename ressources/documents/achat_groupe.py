"""The sheet of a purchase: who takes what, who owes what, a place to sign, in words."""

from pole_ess.socle.templatetags.francais import chiffre, jour
from ressources.fiche import euros
from ressources.presentation_mises import au_pluriel, en_unites, etiquette

REGLES = (
    "Le manque à la réception est partagé en proportion de ce que chacune avait commandé, la livraison en proportion "
    "de ce que chacune reçoit, au centime près. Le portail note l'argent, il n'en manie pas."
)


def donnees(mise, parts, *, pole) -> dict:
    """The data of templates/documents/achat_groupe.typ."""
    return {
        "titre": f"Achat groupé : {mise.annonce}",
        "auteur": mise.annonce.structure.nom,
        "pied": f"Achat groupé no {mise.pk}, {pole.nom}",
        "faits": [(nom, valeur) for nom, valeur in _faits(mise, parts) if valeur],
        "regles": REGLES if mise.quantite_recue is not None else "",
        "entetes": [f"Structure ({au_pluriel(mise.unite)})", "Demandé", "Commandé", "Reçu", "À régler", "Remis, réglé"],
        "lignes": [_ligne(part) for part in parts],
        "total": ["Total", chiffre(mise.total), _chiffre(mise.quantite_commandee), _chiffre(mise.quantite_recue)],
        "facture": euros(mise.facture),
    }


def _chiffre(valeur) -> str:
    return "" if valeur is None else chiffre(valeur)


def _faits(mise, parts):
    yield "Piloté par", mise.annonce.structure.nom
    yield "Où cela en est", etiquette(mise)
    yield "Structures", chiffre(len(parts))
    yield "Commandé", en_unites(mise.quantite_commandee, mise)
    yield "Reçu", en_unites(mise.quantite_recue, mise)
    yield "Prix de l'unité", euros(mise.prix_unitaire)
    yield "Livraison", euros(mise.frais) if mise.frais else ""
    yield "Facture", euros(mise.facture)
    yield "Commandé le", jour(mise.commandee_le) if mise.commandee_le else ""
    yield "Reçu le", jour(mise.recue_le) if mise.recue_le else ""


def _ligne(part) -> list[str]:
    nom = part.structure.nom
    if part.structure.commune:
        nom = f"{nom}, {part.structure.commune.nom}"
    regle = "réglé" if part.regle_le else ""
    chiffres = [chiffre(part.quantite), _chiffre(part.commande), _chiffre(part.recu), euros(part.du)]
    return [nom, *chiffres, regle]
