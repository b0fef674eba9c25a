"""The agenda, meetings and their preparation, events and polls that the browser tests open."""

from django.urls import reverse

from reunions.models import Evenement, ReponseSondage, Reunion, Sondage


def pages_des_rencontres() -> list[tuple[str, str]]:
    """Of a meeting to come, an event and a poll with answers; the neighbour is référent of another structure."""
    a_venir = Reunion.objects.a_venir().filter(audience="publique").first()
    evenement = Evenement.objects.publies().a_venir().first()
    sondage = Sondage.objects.order_by("pk").first()
    reponse = ReponseSondage.objects.filter(sondage=sondage).first()
    rencontre = f"/rencontres/{a_venir.pk}/"
    etapes = [f"modifier/?etape={etape}" for etape in ("quand", "venir")]
    return [
        *[("visiteur", f"/rencontres/{fin}") for fin in ["", "?q=zzzz", "mois/", "reste-a-accueillir/"]],
        ("visiteur", rencontre),
        ("visiteur", evenement.get_absolute_url()),
        ("visiteur", sondage.get_absolute_url()),
        ("visiteur", reverse("reunions:sondage_reponse", args=[sondage.jeton, reponse.jeton])),
        *[("referent", f"/rencontres/evenements/{fin}") for fin in ["", "proposer/", "importer/"]],
        *[("referent", f"/rencontres/{fin}") for fin in ["accueillir/", "sondages/", "sondages/nouveau/"]],
        ("animateur", "/rencontres/"),
        ("animateur", "/rencontres/nouvelle/"),
        ("animateur", reverse("reunions:sondage_gerer", args=[sondage.jeton])),
        *[
            ("animateur", rencontre + fin)
            for fin in ["preparer/", "animateurs/", "documents/", "acte/annuler/", *etapes]
        ],
    ]
