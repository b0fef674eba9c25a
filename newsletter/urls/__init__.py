"""/lettre/: one module of addresses per notion. Those with a word come before the issue's number."""

from . import abonnements, archive, breves, redaction

app_name = "newsletter"
urlpatterns = [
    *abonnements.urlpatterns,
    *breves.urlpatterns,
    *redaction.urlpatterns,
    *archive.urlpatterns,
]
