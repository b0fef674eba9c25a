"""What must agree before an announcement is sent: mode and price, batch and quantity. One sentence per mistake."""

from django.core.exceptions import ValidationError

from ressources.coherence import MODES_DE_LOT
from ressources.forms.mots import UN_MODE
from ressources.models import Annonce
from ressources.modes import REGLES, Mode, Unite


def verifier(form, donnees: dict) -> None:
    """Add the errors of a complete form. A field that the mode does not use must be empty."""
    mode = donnees.get("mode")
    if not mode:
        return  # said already
    _prix(form, donnees, REGLES[mode], mode)
    if donnees.get("caution") is not None and not REGLES[mode].caution:
        _refuser(form, "caution", f"{_un(mode)} n'a pas de caution : effacez-la, ou choisissez le prêt ou la location.")
    if donnees.get("contrepartie") and mode != Mode.ECHANGE:
        _refuser(form, "contrepartie", f"{_un(mode)} n'a pas de contrepartie : effacez-la, ou choisissez « Échange ».")
    if donnees.get("partage"):
        _lot(form, donnees, mode)


def _prix(form, donnees, regle, mode):
    prix, sur_demande = donnees.get("prix"), donnees.get("prix_sur_demande")
    budget = "budget" if form.sens == Annonce.Sens.BESOIN else "prix"
    if not regle.payant:
        if prix is not None:
            _refuser(form, "prix", f"{_un(mode)} n'a pas de {budget} : effacez-le, ou choisissez un mode payant.")
        elif sur_demande:
            _refuser(form, "prix_sur_demande", f"{_un(mode)} n'a pas de {budget} : décochez cette case.")
        return
    if prix is not None and sur_demande:
        _refuser(form, "prix", "Donnez un montant, ou cochez la case en dessous, mais pas les deux.")
    elif prix is None and not sur_demande and form.sens == Annonce.Sens.OFFRE and "prix" not in form.errors:
        _refuser(form, "prix", "Donnez un prix, ou cochez « Prix sur demande ».")
    unite = donnees.get("prix_unite")
    if prix is not None and unite and unite not in regle.unites:
        permises = ", ".join(f"« {Unite(u).label} »" for u in regle.unites)
        _refuser(form, "prix_unite", f"Pour {UN_MODE[mode]}, choisissez : {permises}.")


def _lot(form, donnees, mode):
    if mode not in MODES_DE_LOT:
        _refuser(
            form, "partage", f"{_un(mode)} ne se partage pas ainsi : cela vaut pour un don, une vente, un échange."
        )
    elif donnees.get("quantite", 1) < 2 and "quantite" not in form.errors:
        _refuser(form, "quantite", "Pour un lot à partager, donnez la quantité : deux au moins.")


def _un(mode) -> str:
    nom = UN_MODE[mode]
    return nom[:1].upper() + nom[1:]


def _refuser(form, champ, phrase):
    form.add_error(champ, ValidationError(phrase, code="mode"))
