"""Parts of batches that were handed over, that day: asked by one side, handed over by the other."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F, Q

from ressources.agenda import minuit
from ressources.bilans.faits import AEstimer, Chiffre, Fait, Manque, Source, jour_de
from ressources.bilans.mesures import EUROS, KILOS, PARTS, Base, Sens
from ressources.models import PartDeLot

from ._dites import paires_dites


def faits(debut: date, fin: date, *, structure=None) -> Iterator[Fait]:
    """Three queries."""
    remises = (
        PartDeLot.objects.filter(etat="remise", remise_le__gte=minuit(debut), remise_le__lt=minuit(fin))
        .exclude(structure=F("annonce__structure"))
        .order_by("remise_le", "pk")
    )
    if structure is not None:
        remises = remises.filter(Q(structure=structure) | Q(annonce__structure=structure))
    dites = {mesure: paires_dites(mesure.cle, structure=structure) for mesure in (KILOS, EUROS)}
    lignes = remises.values_list(
        *["pk", "structure", "structure__nom", "annonce__structure", "annonce__structure__nom"],
        *["annonce", "annonce__titre", "annonce__mode", "annonce__nature", "annonce__categorie"],
        *["quantite", "remise_le"],
    )
    for ligne in lignes.iterator():
        yield from _cotes(ligne, dites, structure)


def _cotes(ligne, dites, structure) -> Iterator[Fait]:
    pk, preneur, nom_preneur, donneur, nom_donneur, annonce, titre, mode, nature, categorie, quantite, remise_le = ligne
    inconnues = [mesure for mesure in (KILOS, EUROS) if (annonce, preneur) not in dites[mesure]]
    a_estimer = ()
    if mode == "don" and nature == "materiel":
        a_estimer = tuple(AEstimer(mesure, f"{mesure.cle}_objet", quantite) for mesure in inconnues)
    for qui, sens, avec in ((donneur, Sens.DONNE, nom_preneur), (preneur, Sens.RECU, nom_donneur)):
        if structure is None or qui == structure.pk:
            yield Fait(
                structure=qui,
                sens=sens,
                le=jour_de(remise_le),
                quoi=f"{quantite} × {titre}" if quantite > 1 else titre,
                avec=avec,
                chiffres=(Chiffre(PARTS, Base.DEUX, 1),),
                a_estimer=a_estimer,
                categorie=categorie,
                annonce=(annonce, titre),
                manque=Manque.RIEN if len(inconnues) == 2 else Manque.AUCUN,
                echange=f"p{pk}",
            )


SOURCE = Source(
    "lots",
    "Parts de lots",
    (PARTS,),
    faits,
    "Les parts notées comme remises, à la date de la remise. Une structure l'a demandée, l'autre l'a remise : c'est "
    "dit par les deux. Quand personne n'a dit les kilos ou les euros d'un don de matériel, ils sont estimés : objets × "
    "coefficient.",
)
