from django.utils import timezone

from tests.table_des_roles import ligne

LIGNES = [
    ligne("observatoire", "200"),
    ligne("observatoire_chapitre", "200", arguments=lambda m: {"chapitre": "emplois"}),
    ligne("observatoire_csv", "200", arguments=lambda m: {"mesure": "communes"}),
    ligne("observatoire_rapport", "200", arguments=lambda m: {"annee": timezone.localdate().year}),
]
