"""Imports of announcements by staff; each structure is told once what was written in its name."""

from collections import defaultdict

from django.db import transaction

from annuaire.actions.publication import auteurs
from annuaire.imports.depots import Depots
from annuaire.imports.rapport import Statut
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole
from ressources.imports import moteur
from ressources.models import ImportAnnonces


@transaction.atomic
def importer(fichier, *, prevenir: bool = True, **options):
    """moteur.importer, then one mail per structure that got new announcements: what, and how to change it."""
    rapport = moteur.importer(fichier, **options)
    if rapport.ecrit and prevenir:
        creees = defaultdict(list)
        for ligne in rapport.lignes:
            if ligne.statut == Statut.CREEE:
                creees[ligne.annonce.structure].append(ligne.annonce)
        for structure, annonces in creees.items():
            _prevenir(structure, annonces, par=options.get("par"))
    return rapport


def _prevenir(structure, annonces, *, par) -> None:
    destinataires = auteurs(structure, sauf=par)
    if not destinataires and structure.courriel:
        destinataires = {structure.courriel.lower(): None}
    for adresse, utilisateur in destinataires.items():
        deposer(
            "annonces_importees",
            a=adresse,
            utilisateur=utilisateur,
            objet=structure,
            repondre_a=ReglagesPole.actuels().courriel_equipe,
            contexte={
                "structure": structure,
                "annonces": annonces[:20],
                "nombre": len(annonces),
                "publiees": annonces[0].etat == "publiee",
                "est_referent": utilisateur is not None,
            },
        )


depots = Depots(ImportAnnonces, importer, objet="annonce", options=("tout_ou_rien", "publier", "structure"))
