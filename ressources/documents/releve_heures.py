"""The statement of a year of hours: carried over, given, received, the balance at its end, and each line."""

from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils import timezone

from pole_ess.socle.templatetags.francais import jour
from ressources.heures_mots import balance, en_heures
from ressources.models import EcritureHeures
from ressources.presentation_heures import lignes

LIGNES_PDF = 1000
"""Beyond, the PDF keeps the totals and sends to the CSV: nobody prints more."""
ENTETES = ["Date", "Jour de l'aide", "Opération", "Pour quoi", "Heures", "Solde"]


class Releve:
    """Entries are dated when they are written, so that a year that is over never changes."""

    def __init__(self, compte, annee: int):
        self.compte, self.annee = compte, annee
        self.ecritures = EcritureHeures.objects.de_la_famille(compte)
        self.de_l_annee = self.ecritures.filter(passee_le__gte=date(annee, 1, 1), passee_le__lte=date(annee, 12, 31))

    @cached_property
    def report(self):
        """The balance on the first of January."""
        return self.ecritures.filter(passee_le__lt=date(self.annee, 1, 1)).totaux()["total"]

    @cached_property
    def totaux(self) -> dict:
        return self.de_l_annee.totaux()

    @property
    def solde(self):
        """The balance at the end of the year, or today."""
        return self.report + self.totaux["total"]

    def lignes(self):
        """(line, balance after it), in the order of time."""
        solde = self.report
        for ligne in lignes(self.de_l_annee.pour_pages().order_by("passee_le", "pk")):
            solde += ligne.montant
            yield ligne, solde

    def pour_tableur(self):
        """Rows of the CSV, decimals with a comma as French spreadsheets read them."""
        yield [f"{date(self.annee, 1, 1):%d/%m/%Y}", "", "Report", "", "", _Nombre(self.report)]
        for ligne, solde in self.lignes():
            operation = ligne.operation
            yield [
                f"{ligne.ecriture.passee_le:%d/%m/%Y}",
                f"{operation.jour:%d/%m/%Y}",
                ligne.quoi,
                operation.objet,
                _Nombre(ligne.montant),
                _Nombre(solde),
            ]


class _Nombre(Decimal):
    """Written « -2,50 »: a number, not a text, so that the export puts no apostrophe before its sign."""

    def __str__(self):
        return f"{Decimal(self):.2f}".replace(".", ",")


def donnees(releve, *, pole) -> dict:
    """The data of templates/documents/releve_heures.typ."""
    compte, totaux = releve.compte, releve.totaux
    aujourd_hui = timezone.localdate()
    fin = f"Solde au 31 décembre {releve.annee}" if releve.annee < aujourd_hui.year else f"Solde au {jour(aujourd_hui)}"
    return {
        "titre": f"Relevé d'heures {releve.annee} : {compte.nom}",
        "auteur": pole.nom,
        "pied": f"Compte d'heures no {compte.pk}, {pole.nom}",
        "chapeau": f"Ce que {compte.nom} a donné et reçu d'aide, en heures, confirmé par les deux côtés. "
        "Une heure vaut une heure, quel que soit le travail.",
        "bilan": balance(totaux),
        "totaux": [
            (f"Solde au 1er janvier {releve.annee}", en_heures(releve.report)),
            *([("Crédit de départ", en_heures(totaux["credit"]))] if totaux["credit"] else []),
            ("Aide donnée", en_heures(totaux["donne"])),
            ("Aide reçue", en_heures(totaux["recu"])),
            (fin, en_heures(releve.solde)),
        ],
        "trop": nombre if (nombre := releve.de_l_annee.count()) > LIGNES_PDF else 0,
        "lignes": []
        if nombre > LIGNES_PDF
        else [
            [
                f"{ligne.ecriture.passee_le:%d/%m/%Y}",
                " : ".join(filter(None, [ligne.quoi, ligne.operation.objet]))
                if ligne.operation.genre != "credit"
                else ligne.quoi,
                ("+" if ligne.montant > 0 else "") + en_heures(ligne.montant),
                en_heures(solde),
            ]
            for ligne, solde in releve.lignes()
        ],
    }
