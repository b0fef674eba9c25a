"""Shared purchases that were received, that day: each structure asked for its part, the pilot noted what came."""

from collections.abc import Iterator
from datetime import date

from pole_ess.socle.templatetags.francais import chiffre
from ressources.agenda import minuit
from ressources.bilans.faits import Chiffre, Fait, Source, jour_de
from ressources.bilans.mesures import ACHATS, Base, Sens
from ressources.models import PartEnCommun


def faits(debut: date, fin: date, *, structure=None) -> Iterator[Fait]:
    """One query. A part of which nothing came is no purchase."""
    recues = PartEnCommun.objects.filter(
        etat="active",
        recu__gt=0,
        mise__genre="achat",
        mise__etat__in=["recue", "soldee"],
        mise__recue_le__gte=minuit(debut),
        mise__recue_le__lt=minuit(fin),
    ).order_by("mise__recue_le", "pk")
    if structure is not None:
        recues = recues.filter(structure=structure)
    lignes = recues.values_list(
        *["structure", "mise__annonce__structure", "mise__annonce__structure__nom", "mise", "mise__annonce"],
        *["mise__annonce__titre", "mise__annonce__categorie", "mise__unite", "mise__recue_le", "recu"],
    )
    for qui, pilote, nom_du_pilote, mise, annonce, titre, categorie, unite, recue_le, recu in lignes.iterator():
        pilote_lui_meme = qui == pilote
        yield Fait(
            structure=qui,
            sens=Sens.ENSEMBLE,
            le=jour_de(recue_le),
            quoi=f"{titre} ({chiffre(recu)} × {unite})",
            avec="" if pilote_lui_meme else nom_du_pilote,
            chiffres=(Chiffre(ACHATS, Base.UN if pilote_lui_meme else Base.DEUX, 1),),
            categorie=categorie,
            annonce=(annonce, titre),
            page=("ressources:mise_en_commun", (mise,)),
        )


SOURCE = Source(
    "achats",
    "Achats groupés",
    (ACHATS,),
    faits,
    "Les achats reçus, à la date où le pilote a noté la réception. La structure a demandé sa part, le pilote a noté ce "
    "qu'elle a reçu : c'est dit par les deux. La part du pilote lui-même est dite par une seule.",
)
