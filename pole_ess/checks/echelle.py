"""Checks of what spreads the portal over several machines: media on S3, replica, pooler."""

import importlib.util
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from pole_ess.settings.medias import NOMS


@register(Tags.files)
def media_storage_is_whole(app_configs, **kwargs):
    """S3 is asked for entirely or not at all: half of it would lose uploads, or show private ones."""
    s3 = settings.MEDIAS_S3
    if not s3["bucket"]:
        alors = [NOMS[cle] for cle, valeur in s3.items() if valeur]
        if not alors:
            return []
        hint = f"Set MEDIAS_S3_BUCKET, or remove {', '.join(alors)}."
        return [Error("MEDIAS_S3_BUCKET is not set: files would stay on this disk.", hint=hint, id="pole_ess.E010")]
    messages = []
    if importlib.util.find_spec("storages") is None or importlib.util.find_spec("boto3") is None:
        messages.append(
            Error(
                "MEDIAS_S3_BUCKET is set without django-storages.",
                hint="pip install 'django-storages[s3]' (the extra `s3`).",
                id="pole_ess.E011",
            )
        )
    if bool(s3["cle"]) != bool(s3["secret"]):
        seule = NOMS["cle" if s3["cle"] else "secret"]
        messages.append(
            Error(
                f"{seule} is set alone.",
                hint="Set both MEDIAS_S3_CLE and MEDIAS_S3_SECRET, or none if the machine's role opens the bucket.",
                id="pole_ess.E012",
            )
        )
    for cle in ("adresse", "url_publique"):
        lue = urlsplit(s3[cle])
        if s3[cle] and not (lue.scheme in ("http", "https") and lue.netloc):
            messages.append(
                Error(f"{NOMS[cle]} is not a whole address: {s3[cle]}", hint="https://…", id="pole_ess.E013")
            )
    if s3["url_publique"] and s3["bucket_prive"] in ("", s3["bucket"]):
        messages.append(
            Warning(
                "Private files lie in the bucket that the public reads.",
                hint="Set MEDIAS_S3_BUCKET_PRIVE to a bucket that nobody reads but the portal.",
                id="pole_ess.W010",
            )
        )
    if not s3["url_publique"] and not settings.SERVIR_MEDIAS:
        messages.append(
            Error(
                "Nobody serves the pictures: MEDIAS_S3_URL_PUBLIQUE is empty and SERVIR_MEDIAS is off.",
                hint="Remove SERVIR_MEDIAS=0: the portal reads them from the bucket.",
                id="pole_ess.E014",
            )
        )
    return messages
