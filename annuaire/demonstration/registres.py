"""Invented associations and companies that registers know: some look like a sheet, two are invited, one is set aside.

Their numbers cannot be those of anybody: no prefecture is « W00 », no company begins with eight zeros.
"""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from annuaire.actions import registres, registres_invitations
from annuaire.models import EntreeRegistre, InvitationRegistre, Registre
from annuaire.registres.moteur import importer

DOSSIER = Path(__file__).parent
INVITEES = [
    ("W000000004", "bibliobus@val-de-sioule.example.org", "son affiche (exemple)", 30),
    ("W000000009", "", "", 9),
]
"""RNA number, address and where it was found (none: by letter), days ago."""
ECARTEE = ("W000000022", "Comité des fêtes : hors du champ du pôle (exemple)")


def charger(par) -> int:
    """Read the two files and tell what staff did; what was decided since stays. How many rows are new."""
    avant = EntreeRegistre.objects.count()
    for registre in Registre.values:
        with (DOSSIER / f"registre-{registre}.csv").open("rb") as fichier:
            importer(fichier, nom=fichier.name, source=registre, demonstration=True)
    faites = EntreeRegistre.objects.count() - avant
    if faites:
        _raconter(par)
    return faites


def _raconter(par) -> None:
    for rna, courriel, source, jours in INVITEES:
        entree = EntreeRegistre.objects.a_inviter().filter(rna=rna, est_demonstration=True).first()
        if entree is None:
            continue
        if courriel:
            registres_invitations.inviter_par_courriel(entree, par=par, courriel=courriel, source=source)
        else:
            registres_invitations.preparer_lettres([entree.pk], par=par)
        InvitationRegistre.objects.filter(entree=entree).update(envoyee_le=timezone.now() - timedelta(days=jours))
    rna, motif = ECARTEE
    if entree := EntreeRegistre.objects.filter(rna=rna, etat="a_voir").first():
        registres.ecarter(entree, par=par, motif=motif)
