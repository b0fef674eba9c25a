"""Hours of volunteers who came to a shift, that day. No person is named: the hours are the structure's figures."""

from collections.abc import Iterator
from datetime import date

from ressources.agenda import minuit
from ressources.bilans.faits import AEstimer, Chiffre, Fait, Source, jour_de
from ressources.bilans.mesures import HEURES_BENEVOLES, Base, Sens
from ressources.models import InscriptionBenevole


def faits(debut: date, fin: date, *, structure=None) -> Iterator[Fait]:
    """One query."""
    venues = InscriptionBenevole.objects.filter(
        etat="venue", creneau__debut__gte=minuit(debut), creneau__debut__lt=minuit(fin)
    ).order_by("creneau__debut", "pk")
    if structure is not None:
        venues = venues.filter(creneau__mission__annonce__structure=structure)
    lignes = venues.values_list(
        *["creneau__mission__annonce__structure", "creneau__mission", "creneau__mission__annonce"],
        *["creneau__mission__annonce__titre", "creneau__mission__annonce__categorie", "creneau__intitule"],
        *["creneau__debut", "heures", "heures_benevole"],
    )
    for qui, mission, annonce, titre, categorie, intitule, quand, *dites in lignes.iterator():
        heures = [valeur for valeur in dites if valeur is not None]
        base = Base.DEUX if len(heures) > 1 else Base.UN
        yield Fait(
            structure=qui,
            sens=Sens.RECU,
            le=jour_de(quand),
            quoi=f"{titre} : {intitule}" if intitule else titre,
            avec="un ou une bénévole",
            chiffres=(Chiffre(HEURES_BENEVOLES, base, min(heures)),) if heures else (),
            a_estimer=() if heures else (AEstimer(HEURES_BENEVOLES, "heures_creneau", 1),),
            categorie=categorie,
            annonce=(annonce, titre),
            page=("ressources:mission", (mission,)),
        )


SOURCE = Source(
    "benevolat",
    "Bénévolat",
    (HEURES_BENEVOLES,),
    faits,
    "Les heures des bénévoles notés comme venus, à la date du créneau. Quand la structure et la personne les disent, "
    "le plus petit des deux chiffres compte, dans « dit par les deux ». Quand personne ne les a dites, elles sont "
    "estimées : créneaux × coefficient.",
)
