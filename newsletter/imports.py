"""Reading a list of addresses, and deciding what becomes of each line before anything is written."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from annuaire import oppositions
from annuaire.imports.erreurs import FichierIllisible
from annuaire.imports.lecture import lire
from annuaire.imports.textes import cle_texte
from newsletter.models import Abonne, Desabonnement, LigneImportAbonne
from newsletter.models.abonne import normaliser

Statut = LigneImportAbonne.Statut
NOMS = ("courriel", "mail", "email", "e-mail", "adresse mail", "adresse e-mail", "adresse électronique")
ENTETES = {cle_texte(nom) for nom in NOMS}
LIGNES_PAR_REQUETE = 2000


@dataclass(frozen=True)
class Ligne:
    """One line of the list: its number, its address (empty when unreadable), and what becomes of it."""

    numero: int
    courriel: str
    statut: str
    raison: str = ""


def decider(fichier, nom: str) -> list[Ligne]:
    """What becomes of each line. Who has left or objected is never brought back, nor is who was stopped resumed.

    Raises FichierIllisible, in French.
    """
    tableau = lire(fichier, nom, quoi="une adresse")
    colonne = next((rang for rang, entete in enumerate(tableau.entetes) if cle_texte(entete) in ENTETES), None)
    if colonne is None:
        raise FichierIllisible("Aucune colonne ne s'appelle « e-mail » : c'est elle qui donne les adresses.")
    lues = [
        (numero, normaliser(cellules[colonne]) if colonne < len(cellules) else "")
        for numero, cellules in tableau.lignes
    ]
    lignes = []
    for debut in range(0, len(lues), LIGNES_PAR_REQUETE):
        lignes += _decider(lues[debut : debut + LIGNES_PAR_REQUETE], deja={ligne.courriel for ligne in lignes})
    return lignes


def _decider(lues: list[tuple[int, str]], *, deja: set[str]) -> list[Ligne]:
    courriels = {courriel for _, courriel in lues if courriel}
    opposees = oppositions.opposees(courriels)
    empreintes = {oppositions.empreinte(courriel=courriel): courriel for courriel in courriels}
    parties = Desabonnement.objects.filter(empreinte__in=empreintes).values_list("empreinte", flat=True)
    parties = {empreintes[empreinte] for empreinte in parties}
    etats = dict(Abonne.objects.filter(courriel__in=courriels).values_list("courriel", "etat"))
    lignes = []
    for numero, courriel in lues:
        lignes.append(_une(numero, courriel, courriel in deja, courriel in opposees, courriel in parties, etats))
        deja.add(courriel)
    return lignes


def _une(numero, courriel, vue, opposee, partie, etats) -> Ligne:
    if not _valable(courriel):
        return Ligne(numero, "", Statut.REJETEE, "Ce n'est pas une adresse e-mail.")
    if vue:
        return Ligne(numero, courriel, Statut.REJETEE, "Adresse déjà lue plus haut dans le fichier.")
    if partie:
        return Ligne(numero, courriel, Statut.DESABONNEE)
    if opposee:
        return Ligne(numero, courriel, Statut.OPPOSEE)
    statut = {
        None: Statut.AJOUTEE,
        Abonne.Etat.EN_ATTENTE: Statut.CONFIRMEE,
        Abonne.Etat.CONFIRME: Statut.DEJA,
        Abonne.Etat.SUSPENDU: Statut.SUSPENDUE,
    }[etats.get(courriel)]
    return Ligne(numero, courriel, statut)


def _valable(courriel: str) -> bool:
    try:
        validate_email(courriel)
    except ValidationError:
        return False
    return len(courriel) <= Abonne._meta.get_field("courriel").max_length
