"""The pages of actions, projects and commissions that the browser tests open, on the demonstration's data."""

from django.urls import reverse
from django.utils import timezone

from reunions.models import Action, Evenement, Nouvelle, PointOrdreDuJour, Projet, Reunion


def pages_des_suites() -> list[tuple[str, str]]:
    """One late with news, one done, a project and a commission; the agenda that takes up the late ones."""
    tardive = Action.objects.en_retard().exclude(nouvelles=None).order_by("pk").first()
    faite = Action.objects.filter(etat="faite").order_by("pk").first()
    projets = [projet.get_absolute_url() for projet in Projet.objects.order_by("pk")]
    suivante = Reunion.objects.filter(debut__gt=timezone.now()).order_by("pk").first()
    PointOrdreDuJour.objects.create(reunion=suivante, titre="Où en est-on", action=faite)
    Reunion.objects.filter(pk=suivante.pk).update(precedente=tardive.reunion_id)
    liste = "/rencontres/actions/"
    return [
        *[("visiteur", liste + fin) for fin in ["", "?structure=999999"]],
        ("visiteur", tardive.get_absolute_url()),
        *[("visiteur", url) for url in ["/rencontres/projets/", *projets]],
        ("referent", faite.get_absolute_url()),
        ("animateur", liste),
        ("animateur", liste + "nouvelle/"),
        ("animateur", tardive.get_absolute_url()),
        ("animateur", projets[0]),
        ("animateur", "/rencontres/projets/nouveau/"),
        ("animateur", f"/rencontres/{suivante.pk}/ordre-du-jour/"),
    ]


def pages_de_l_equipe() -> list[str]:
    """In the admin: one of each model, and a page that deletes one."""
    evenement = Evenement.objects.filter(etat="a_valider").order_by("pk").first()
    uns = [modele.objects.order_by("pk").first() for modele in (Reunion, Action, Projet, Nouvelle)]
    return [
        *[reverse(f"admin:reunions_{un._meta.model_name}_change", args=[un.pk]) for un in [*uns, evenement]],
        reverse("admin:reunions_nouvelle_delete", args=[uns[-1].pk]),
    ]
