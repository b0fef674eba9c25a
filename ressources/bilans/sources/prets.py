"""Loans and rentals that came back, the day they did: asked by one side, their return noted by the other."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, F, Q

from ressources.agenda import jours_de, minuit
from ressources.bilans.faits import AEstimer, Chiffre, Fait, Manque, Source, jour_de
from ressources.bilans.mesures import EUROS, PRETS, Base, Sens
from ressources.models import Reservation

from ._dites import paires_dites


def faits(debut: date, fin: date, *, structure=None) -> Iterator[Fait]:
    """Two queries. A loan of a structure to itself (two sheets merged since) is no exchange."""
    rendues = (
        Reservation.objects.filter(etat="rendue", rendue_le__gte=minuit(debut), rendue_le__lt=minuit(fin))
        .exclude(structure=F("calendrier__annonce__structure"))
        .order_by("rendue_le", "pk")
    )
    if structure is not None:
        rendues = rendues.de_la_structure(structure)
    dites = paires_dites("euros", structure=structure)
    lignes = rendues.annotate(
        bilans_dits=Count("bilans"), euros_dits=Count("bilans", filter=Q(bilans__euros__isnull=False))
    ).values_list(
        *["pk", "structure", "structure__nom", "calendrier__annonce__structure"],
        *["calendrier__annonce__structure__nom", "calendrier__annonce", "calendrier__annonce__titre"],
        *["calendrier__annonce__mode", "calendrier__annonce__categorie", "quantite", "periode", "rendue_le"],
        *["bilans_dits", "euros_dits"],
    )
    for ligne in lignes.iterator():
        yield from _cotes(ligne, dites, structure)


def _cotes(ligne, dites, structure) -> Iterator[Fait]:
    """The lender's fact and the borrower's; of one structure, its own."""
    pk, emprunteur, nom_emprunteur, preteur, nom_preteur, annonce, titre, mode, categorie, *reste = ligne
    quantite, periode, rendue_le, bilans_dits, euros_dits = reste
    a_estimer = ()
    if mode == "pret" and not euros_dits and (annonce, emprunteur) not in dites:
        du, au = jours_de(periode)
        a_estimer = (AEstimer(EUROS, "euros_pret", quantite * ((au - du).days + 1)),)
    for qui, sens, avec in ((preteur, Sens.DONNE, nom_emprunteur), (emprunteur, Sens.RECU, nom_preteur)):
        if structure is None or qui == structure.pk:
            yield Fait(
                structure=qui,
                sens=sens,
                le=jour_de(rendue_le),
                quoi=f"{quantite} × {titre}" if quantite > 1 else titre,
                avec=avec,
                chiffres=(Chiffre(PRETS, Base.DEUX, 1),),
                a_estimer=a_estimer,
                categorie=categorie,
                annonce=(annonce, titre),
                page=("ressources:reservation", (pk,)),
                manque=Manque.AUCUN if bilans_dits or (annonce, emprunteur) in dites else Manque.RIEN,
                echange=f"b{pk}",
            )


SOURCE = Source(
    "prets",
    "Prêts et locations",
    (PRETS,),
    faits,
    "Les réservations dont le retour a été noté, à la date de ce retour. Une structure l'a demandée, l'autre a noté le "
    "retour : c'est dit par les deux. Quand personne n'a dit les euros évités par un prêt gratuit, ils sont estimés : "
    "objets × jours × coefficient.",
)
