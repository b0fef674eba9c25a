"""Where uploaded files lie: the data folder, or an S3-compatible storage (docs/decisions/0026-scale.md)."""

from pathlib import Path
from urllib.parse import urlsplit

NOMS = {
    "bucket": "MEDIAS_S3_BUCKET",
    "bucket_prive": "MEDIAS_S3_BUCKET_PRIVE",
    "adresse": "MEDIAS_S3_ADRESSE",
    "region": "MEDIAS_S3_REGION",
    "cle": "MEDIAS_S3_CLE",
    "secret": "MEDIAS_S3_SECRET",
    "url_publique": "MEDIAS_S3_URL_PUBLIQUE",
}
"""Key of settings.MEDIAS_S3 -> variable of the environment."""


def lire(env) -> dict[str, str]:
    """What the environment says of S3, as it says it; pole_ess.checks tells what is missing."""
    return {cle: env(nom, default="").strip() for cle, nom in NOMS.items()}


def stockages(s3: dict[str, str], dossier: Path) -> dict:
    """The entries `default` (public pictures) and `prive` of settings.STORAGES."""
    if not s3["bucket"]:
        return {
            "default": {"BACKEND": "pole_ess.socle.stockage.StockageEntier"},
            "prive": {
                "BACKEND": "pole_ess.socle.stockage.StockagePrive",
                "OPTIONS": {"location": dossier / "prive"},
            },
        }
    acces = {
        "endpoint_url": s3["adresse"] or None,
        "region_name": s3["region"] or None,
        "access_key": s3["cle"] or None,
        "secret_key": s3["secret"] or None,
        # Hosts that are not Amazon's seldom answer to a name per bucket.
        "addressing_style": "path" if s3["adresse"] else "auto",
        "file_overwrite": False,
    }
    return {
        "default": {
            "BACKEND": "pole_ess.socle.stockage_s3.Medias",
            "OPTIONS": {**acces, "bucket_name": s3["bucket"], "location": "medias"},
        },
        "prive": {
            "BACKEND": "pole_ess.socle.stockage_s3.Prive",
            "OPTIONS": {**acces, "bucket_name": s3["bucket_prive"] or s3["bucket"], "location": "prive"},
        },
    }


def adresse(s3: dict[str, str]) -> str:
    """MEDIA_URL: the bucket's public address, else the portal's own /media/."""
    return f"{s3['url_publique'].rstrip('/')}/" if s3["bucket"] and s3["url_publique"] else "/media/"


def origines(s3: dict[str, str]) -> list[str]:
    """What img-src must allow besides the portal: the origin of the public address."""
    if not (s3["bucket"] and s3["url_publique"]):
        return []
    lue = urlsplit(s3["url_publique"])
    return [f"{lue.scheme}://{lue.netloc}"]
