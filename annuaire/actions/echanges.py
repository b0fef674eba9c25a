"""The contact log: what was said with a structure, when to call again, and « confirmée par téléphone »."""

from django.db import transaction
from django.utils import timezone

from annuaire.models import Echange, Structure

from . import fraicheur


@transaction.atomic
def noter(
    structure,
    *,
    par,
    moyen=Echange.Moyen.APPEL,
    date=None,
    interlocuteur="",
    note="",
    prochaine_date=None,
    confirme=False,
) -> Echange:
    """Write one exchange. With `confirme`, the sheet is verified on that day, and its note keeps who said so.

    A visit and a call with the hub's staff confirm « par téléphone avec l'équipe », a meeting « en réunion ».
    """
    date = date or timezone.localdate()
    echange = Echange.objects.create(
        structure=structure,
        moyen=moyen,
        date=date,
        auteur=par,
        interlocuteur=interlocuteur,
        note=note,
        prochaine_date=prochaine_date,
        confirme=confirme,
    )
    if confirme:
        reunion = moyen == Echange.Moyen.REUNION
        source = f"{echange.get_moyen_display()} du {date:%d/%m/%Y}"
        fraicheur.confirmer(
            structure,
            par_quoi=Structure.VerifieePar.REUNION if reunion else Structure.VerifieePar.EQUIPE,
            par=par,
            note=f"{source}, avec {interlocuteur}" if interlocuteur else source,
            le=date,
        )
    return echange
