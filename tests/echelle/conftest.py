import os

import boto3
import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.db.models import FileField

from pole_ess.settings import medias
from pole_ess.socle.stockage import StockagePrive

from .grappe import Grappe

SECRETS = {"cle": "une-cle", "secret": "un-secret"}


@pytest.fixture(scope="session")
def serveur_s3():
    """An S3 server of the tests' own, on the loopback; its address."""
    from moto.server import ThreadedMotoServer

    serveur = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    serveur.start()
    hote, port = serveur.get_host_and_port()
    yield f"http://{hote}:{port}"
    serveur.stop()


@pytest.fixture
def client_s3(serveur_s3):
    acces = {"aws_access_key_id": SECRETS["cle"], "aws_secret_access_key": SECRETS["secret"]}
    client = boto3.client("s3", endpoint_url=serveur_s3, region_name="eu-west-3", **acces)
    yield client
    client.close()


@pytest.fixture
def sur_s3(serveur_s3, client_s3, settings, monkeypatch):
    """`sur_s3(url_publique="")`: from then on every file of the portal lies in two empty buckets."""

    def _installer(url_publique=""):
        s3 = dict.fromkeys(medias.NOMS, "") | SECRETS
        s3 |= {"bucket": "pole", "bucket_prive": "pole-prive", "adresse": serveur_s3, "region": "eu-west-3"}
        s3["url_publique"] = url_publique
        settings.MEDIAS_S3 = s3
        settings.MEDIA_URL = medias.adresse(s3)
        settings.STORAGES = settings.STORAGES | medias.stockages(s3, settings.TESTS_DIR)
        for champ in _champs_prives():
            monkeypatch.setattr(champ, "storage", storages["prive"])

    for nom in ("pole", "pole-prive"):
        client_s3.create_bucket(Bucket=nom, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    yield _installer
    for nom in ("pole", "pole-prive"):
        for cle in cles(client_s3, nom):
            client_s3.delete_object(Bucket=nom, Key=cle)
        client_s3.delete_bucket(Bucket=nom)


def _champs_prives() -> list[FileField]:
    """Fields took their storage when their class was made; those of history keep a path only."""
    return [
        champ
        for modele in apps.get_models()
        for champ in modele._meta.local_fields
        if isinstance(champ, FileField) and isinstance(champ.storage, StockagePrive)
    ]


def cles(client, bucket: str) -> list[str]:
    return [objet["Key"] for objet in client.list_objects_v2(Bucket=bucket).get("Contents", [])]


@pytest.fixture(scope="session")
def grappe(django_db_setup, django_db_blocker, tmp_path_factory):
    """A primary and its replica; whoever kills one starts it again."""
    avant = os.environ.get("POLE_ESS_PG_SHARED_BUFFERS")
    os.environ["POLE_ESS_PG_SHARED_BUFFERS"] = "32MB"
    try:
        with django_db_blocker.unblock(), Grappe(tmp_path_factory.mktemp("grappe")) as grappe:
            yield grappe
    finally:
        os.environ.pop("POLE_ESS_PG_SHARED_BUFFERS")
        if avant is not None:
            os.environ["POLE_ESS_PG_SHARED_BUFFERS"] = avant
