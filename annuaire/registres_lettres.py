"""Letters of invitation to registered structures, one a page, as one accessible PDF (socle.documents)."""

import io

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from annuaire.actions import registres_invitations
from annuaire.querysets_registres import JOURS_INVITATION
from pole_ess.socle import documents
from pole_ess.socle.models import ReglagesPole
from pole_ess.socle.templatetags.francais import date_en_clair


def lettres(invitations) -> bytes:
    """The PDF/UA of these letters; the same invitation always gives a letter that works."""
    pole = ReglagesPole.actuels()
    donnees = {
        "titre": f"Invitations à figurer dans l'annuaire : {pole.nom}",
        "pole": pole.nom,
        "territoire": pole.territoire_nom,
        "expediteur": f"{pole.nom}\n{pole.adresse_postale}".strip(),
        "courriel": pole.courriel_equipe,
        "telephone": pole.telephone_equipe,
        "le": date_en_clair(timezone.localdate()),
        "jours": JOURS_INVITATION,
        "adresse_courte": settings.PORTAIL_URL.split("://", 1)[-1] + reverse("annuaire:invitation_code"),
        "portail": settings.PORTAIL_URL.split("://", 1)[-1],
        "lettres": [lettre(invitation) for invitation in invitations],
    }
    return documents.pdf("invitations_registre", donnees)


def lettre(invitation) -> dict:
    """What one letter says of its structure."""
    entree = invitation.entree
    code_postal = entree.code_postal or next(iter(entree.commune.codes_postaux), "")
    return {
        "nom": entree.nom,
        "destinataire": "\n".join(
            filter(None, [entree.nom, entree.adresse, f"{code_postal} {entree.commune.nom}".strip()])
        ),
        "source": entree.source,
        "identifiant": entree.identifiant,
        "commune": entree.commune.nom,
        "objet": entree.objet[:600],
        "code": invitation.code_lisible,
        "qr": _qr(settings.PORTAIL_URL + registres_invitations.lien(invitation)),
    }


def _qr(adresse: str) -> str:
    sortie = io.BytesIO()
    segno.make(adresse, error="m", micro=False).save(sortie, kind="svg", border=2, scale=4, xmldecl=False)
    return sortie.getvalue().decode()
