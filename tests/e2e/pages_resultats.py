"""The pages of results, diagnostic and round table that the browser tests open."""

from django.urls import reverse

from pole_ess.socle import liens
from reunions.models import Atelier, Participant


def pages_des_resultats() -> list[tuple[str, str]]:
    """The meeting of 2014 for all; the workshop that is ready for the staff, and for one participant."""
    passee, prete = Atelier.objects.get(code="PVAJAN").reunion_id, Atelier.objects.get(code="KMRTBA")
    participant = Participant.objects.create(atelier=prete, prenom="Lou")
    jeton = liens.signer("atelier.participant", {"p": participant.pk})
    enonce = prete.reunion.enonces.first()
    return [
        ("visiteur", reverse("reunions:atelier_resultats", args=[passee])),
        ("visiteur", reverse("reunions:comparaison")),
        ("visiteur", reverse("reunions:diagnostic_participer", args=[jeton])),
        ("visiteur", reverse("reunions:tour_participer", args=[jeton])),
        ("animateur", reverse("reunions:atelier_resultats", args=[prete.reunion_id])),
        ("animateur", reverse("reunions:diagnostic", args=[prete.reunion_id])),
        ("animateur", reverse("reunions:enonce", args=[prete.reunion_id, enonce.pk])),
        ("animateur", reverse("reunions:tour_de_table", args=[passee])),
    ]
