"""Writing a mail: an outbox row and its job, in the transaction of the act that causes it."""

import uuid

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from .models import Courriel, ReglagesPole


@transaction.atomic
def deposer(
    gabarit: str,
    *,
    a: str,
    contexte: dict | None = None,
    utilisateur=None,
    objet=None,
    repondre_a: str = "",
    confidentiel: bool = False,
    cle_unicite: str | None = None,
) -> Courriel | None:
    """Put one mail to one address in the outbox; a worker sends it.

    `gabarit` names three templates: emails/<gabarit>.sujet.txt (one line), .txt and .mjml (which extend
    emails/base.txt and emails/base.mjml). They get `contexte`, `pole` (hub settings) and `portail_url`.
    `objet` is the model instance that the mail is about, for the ledger. `confidentiel`: it holds a code or
    a link that opens an account; staff never read it. With `cle_unicite`, a second mail with the same key is
    not written and None is returned.
    """
    if cle_unicite and Courriel.objects.filter(cle_unicite=cle_unicite).exists():
        return None
    tout = {"pole": ReglagesPole.actuels(), "portail_url": settings.PORTAIL_URL, **(contexte or {})}
    sujet = " ".join(render_to_string(f"emails/{gabarit}.sujet.txt", tout).split())
    domaine = settings.PORTAIL_URL.split("//", 1)[-1].split("/")[0].split(":")[0]
    return Courriel.objects.create(
        gabarit=gabarit,
        destinataire=a,
        utilisateur=utilisateur,
        repondre_a=repondre_a,
        sujet=sujet[:200],
        texte=render_to_string(f"emails/{gabarit}.txt", tout),
        message_id=f"<{uuid.uuid4().hex}@{domaine}>",
        confidentiel=confidentiel,
        objet_type=objet._meta.label_lower if objet is not None else "",
        objet_id=str(objet.pk) if objet is not None else "",
        cle_unicite=cle_unicite,
    )
