"""Sending one mail of the outbox, and writing down what became of it."""

from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.utils import timezone

from ..models import Courriel

PAS_A_NOUS = "rien à faire"


def expedier(courriel_id: int) -> str:
    courriel = prendre(courriel_id)
    if courriel is None:
        return PAS_A_NOUS
    m = EmailMultiAlternatives(
        courriel.sujet, courriel.texte, to=[courriel.destinataire], headers={"Message-ID": courriel.message_id}
    )
    m.attach_alternative(courriel.html, "text/html")
    m.send()
    Courriel.objects.filter(pk=courriel.pk).update(etat="parti", parti_le=timezone.now())
    return "parti"


def prendre(courriel_id: int) -> Courriel | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE socle_courriel SET etat = 'en_vol', en_vol_depuis = now(), tentatives = tentatives + 1 "
            "WHERE id = %s AND etat IN ('pret', 'differe') RETURNING id",
            [courriel_id],
        )
        return Courriel.objects.get(pk=courriel_id) if cursor.fetchone() else None
