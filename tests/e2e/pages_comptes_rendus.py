"""The minutes of 2014 as each audience reads them, and where staff write those of a meeting of today."""

from django.urls import reverse

from reunions.actions import comptes_rendus
from reunions.models import Atelier, Reunion


def pages_des_comptes_rendus() -> list[tuple[str, str]]:
    publie = Atelier.objects.get(code="PVAJAN").reunion_id
    a_ecrire = Reunion.objects.filter(etat="tenue", compte_rendu=None, est_demonstration=True).first()
    comptes_rendus.rediger(a_ecrire, par=None)
    sans = Reunion.objects.filter(etat="tenue", compte_rendu=None).first()
    return [
        *[(role, reverse("reunions:compte_rendu", args=[publie])) for role in ("visiteur", "animateur")],
        ("animateur", reverse("reunions:compte_rendu", args=[a_ecrire.pk]) + "?apercu=1"),
        *[("animateur", reverse("reunions:compte_rendu_rediger", args=[pk])) for pk in (publie, a_ecrire.pk, sans.pk)],
    ]
