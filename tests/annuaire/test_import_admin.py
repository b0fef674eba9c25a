"""The imports page of the staff: deposit, preview, apply once, report."""

import io
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from annuaire.actions.imports import depots
from annuaire.models import ImportStructures, LigneImport, Structure
from pole_ess.socle.stockage import StockagePrive
from tests.factories import StructureFactory, UtilisateurFactory

AJOUT = "/admin/annuaire/importstructures/add/"
LISTE = "/admin/annuaire/importstructures/"
TEXTE = "nom;sigle\nUn exemple;UE\n=Mauvais;\n;ABC\n"


@pytest.fixture(autouse=True)
def prive(monkeypatch, tmp_path):
    """A private folder of the test's own; the field takes its usual storage back afterwards."""
    stockage = StockagePrive(location=tmp_path / "prive")
    monkeypatch.setattr(ImportStructures._meta.get_field("fichier"), "storage", stockage)
    return Path(stockage.location)


@pytest.fixture
def equipe(client, administrateur):
    client.force_login(administrateur)
    return client


def envoyer(client, contenu=TEXTE, nom="liste.csv", **champs):
    octets = contenu.encode() if isinstance(contenu, str) else contenu
    champs = {"source": "essai", "publier": "on"} | champs
    return client.post(AJOUT, {"fichier": SimpleUploadedFile(nom, octets), **champs})


def fichiers(dossier):
    return [chemin for chemin in dossier.rglob("*") if chemin.is_file()]


def test_deposer_montre_sans_ecrire_puis_appliquer(equipe, prive):
    reponse = envoyer(equipe)
    depot = ImportStructures.objects.get()
    assert reponse["Location"] == f"{LISTE}{depot.pk}/change/"
    page = equipe.get(reponse["Location"]).content.decode()
    assert "Rien n'est encore écrit" in page
    assert "nom manquant" in page
    assert "Appliquer : écrire 2 fiches" in page
    assert Structure.objects.count() == 0
    assert len(fichiers(prive)) == 1
    assert depot.resume == {
        "creee": 2, "mise_a_jour": 0, "inchangee": 0, "doublon": 0, "rejetee": 1, "avertissements": [],
    }  # fmt: skip

    with_commit = equipe.post(f"{LISTE}{depot.pk}/appliquer/")
    assert with_commit.status_code == 302
    depot.refresh_from_db()
    assert (depot.etat, bool(depot.fichier), depot.applique_le is None) == ("applique", False, False)
    assert list(Structure.objects.order_by("pk").values_list("nom", "etat")) == [
        ("Un exemple", "publiee"),
        ("=Mauvais", "publiee"),
    ]
    assert Structure.history.first().history_user.is_superuser
    page = equipe.get(f"{LISTE}{depot.pk}/change/").content.decode()
    assert "Voici ce qui a été fait" in page
    assert "Appliquer :" not in page


def test_appliquer_deux_fois_ne_fait_rien_de_plus(equipe):
    envoyer(equipe)
    depot = ImportStructures.objects.get()
    equipe.post(f"{LISTE}{depot.pk}/appliquer/")
    lignes = list(LigneImport.objects.values())
    reponse = equipe.post(f"{LISTE}{depot.pk}/appliquer/", follow=True)
    assert "déjà appliqué" in reponse.content.decode()
    assert list(LigneImport.objects.values()) == lignes
    assert Structure.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_double_clic_simultane():
    utilisateur = UtilisateurFactory(is_staff=True, is_superuser=True)
    depot = depots.deposer(SimpleUploadedFile("l.csv", TEXTE.encode()), par=utilisateur, source="essai")
    faits = []

    def clic():
        try:
            faits.append(depots.appliquer(depot, par=utilisateur))
        finally:
            connection.close()

    fils = [threading.Thread(target=clic) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(faits) == [False, False, False, True]
    assert Structure.objects.count() == 2


def test_rapport_telecharge_et_formules_neutralisees(equipe):
    envoyer(equipe)
    depot = ImportStructures.objects.get()
    reponse = equipe.get(f"{LISTE}{depot.pk}/rapport.csv")
    assert b"".join(reponse.streaming_content).decode("utf-8-sig").splitlines() == [
        "ligne;résultat;nom;raisons",
        "2;créée;Un exemple;",
        "3;créée;'=Mauvais;",
        "4;rejetée;;nom manquant",
    ]


def test_filtre_par_resultat_et_pages_absurdes(equipe):
    envoyer(equipe)
    base = f"{LISTE}{ImportStructures.objects.get().pk}/change/"
    page = equipe.get(f"{base}?statut=rejetee").content.decode()
    assert "nom manquant" in page
    assert "Un exemple" not in page
    for chaine in ("?statut=%00", "?p=1000000000000000000000", "?p=-1", "?p=%00", "?statut=autre"):
        assert equipe.get(f"{base}{chaine}").status_code in (200, 400)


@pytest.mark.parametrize("pk", ["0", "999999", "99999999999999999999999", "abc", "%C2%B2"])
def test_import_inconnu(equipe, pk):
    assert equipe.get(f"{LISTE}{pk}/change/").status_code in (302, 404)
    assert equipe.post(f"{LISTE}{pk}/appliquer/").status_code in (302, 404)
    assert Structure.objects.count() == 0


def test_tout_ou_rien_garde_le_fichier_pour_recommencer(equipe, prive):
    envoyer(equipe, tout_ou_rien="on")
    depot = ImportStructures.objects.get()
    reponse = equipe.post(f"{LISTE}{depot.pk}/appliquer/", follow=True)
    assert "Rien n&#x27;a été écrit" in reponse.content.decode()
    depot.refresh_from_db()
    assert (depot.etat, Structure.objects.count(), len(fichiers(prive))) == ("previsualise", 0, 1)


def test_a_valider(equipe):
    envoyer(equipe, "nom\nUn exemple\n", publier="")
    equipe.post(f"{LISTE}{ImportStructures.objects.get().pk}/appliquer/")
    assert Structure.objects.get().etat == "a_valider"


@pytest.mark.parametrize(
    ("contenu", "nom", "message"),
    [
        (b"", "liste.csv", "Ce fichier est vide."),
        (b"\x89PNG\r\n\x1a\n123", "liste.csv", "c&#x27;est une image"),
        (b"nom;a\nA;b\n", "liste.xlsx", "se dit classeur Excel"),
        (b"couleur\nbleu\n", "liste.csv", "Aucune colonne ne donne le nom"),
        (b"MZ\x00", "virus.exe", ".csv ou .xlsx"),
        (b"nom\x00\nA\n", "liste.csv", "pas un texte lisible"),
    ],
)
def test_mauvais_fichier_rien_n_est_garde_et_le_reste_reste_saisi(equipe, prive, contenu, nom, message):
    reponse = envoyer(equipe, contenu, nom, source="ma liste à moi")
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert message in page
    assert "ma liste à moi" in page
    assert (ImportStructures.objects.count(), fichiers(prive)) == (0, [])


def test_fichier_trop_lourd(equipe, settings):
    settings.FICHIER_MAX_OCTETS = 1024 * 1024
    page = envoyer(equipe, b"nom\n" + b"Un exemple\n" * 200_000).content.decode()
    assert "Ce fichier est trop lourd : 1 Mo au plus." in page
    assert ImportStructures.objects.count() == 0


def test_sans_fichier_ni_source(equipe):
    page = equipe.post(AJOUT, {}).content.decode()
    assert "Choisissez un fichier." in page
    assert envoyer(equipe, source="demonstration").status_code == 200
    assert ImportStructures.objects.count() == 0


def test_fichier_disparu_est_dit(equipe, prive):
    envoyer(equipe)
    depot = ImportStructures.objects.get()
    fichiers(prive)[0].unlink()
    reponse = equipe.post(f"{LISTE}{depot.pk}/appliquer/", follow=True)
    assert "déposez-le de nouveau" in reponse.content.decode()
    assert Structure.objects.count() == 0


def test_le_fichier_part_une_fois_applique(equipe, prive, django_capture_on_commit_callbacks):
    envoyer(equipe)
    with django_capture_on_commit_callbacks(execute=True):
        equipe.post(f"{LISTE}{ImportStructures.objects.get().pk}/appliquer/")
    assert fichiers(prive) == []


def test_purge_apres_30_jours(equipe, prive, django_capture_on_commit_callbacks):
    envoyer(equipe)
    envoyer(equipe)
    vieux = ImportStructures.objects.first()
    ImportStructures.objects.filter(pk=vieux.pk).update(cree_le=timezone.now() - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        assert depots.purger() == 1
    vieux.refresh_from_db()
    assert (bool(vieux.fichier), len(fichiers(prive)), vieux.lignes.count()) == (False, 1, 3)
    assert "n'est plus gardé" in equipe.get(f"{LISTE}{vieux.pk}/change/").content.decode()


@pytest.mark.parametrize("role", ["visiteur", "etranger", "membre", "referent", "animateur", "administrateur"])
def test_qui_importe(client, db, role, request):
    utilisateur = request.getfixturevalue(role)
    depot = depots.deposer(SimpleUploadedFile("l.csv", TEXTE.encode()), par=None, source="essai")
    if utilisateur:
        client.force_login(utilisateur)
    avant = Structure.objects.count()
    permis = role in ("animateur", "administrateur")
    for chemin in (
        LISTE,
        AJOUT,
        f"{LISTE}{depot.pk}/change/",
        f"{LISTE}{depot.pk}/rapport.csv",
        f"{LISTE}exporter.csv",
    ):
        assert (client.get(chemin).status_code == 200) is permis, chemin
    assert client.get(f"{LISTE}{depot.pk}/appliquer/").status_code == (405 if permis else 302)
    envoyer(client)
    client.post(f"{LISTE}{depot.pk}/appliquer/")
    assert ImportStructures.objects.count() == (2 if permis else 1)
    assert (Structure.objects.count() > avant) is permis


def test_export_de_l_equipe(equipe):
    StructureFactory(nom="Pas publiée", etat="a_valider", publiee_le=None, courriel="prive@structure.example.org")
    reponse = equipe.get(f"{LISTE}exporter.csv")
    octets = b"".join(reponse.streaming_content)
    assert b"prive@structure.example.org" in octets
    assert "no-store" in reponse["Cache-Control"]
    assert equipe.get(f"{LISTE}exporter.pdf").status_code == 404


def test_csrf_exige(administrateur):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrateur)
    assert envoyer(client).status_code == 403
    assert ImportStructures.objects.count() == 0


@pytest.mark.parametrize("combien", [1, 60])
def test_nombre_de_requetes_du_rapport(equipe, combien, django_assert_num_queries):
    texte = "id;nom\n" + "".join(f"{n};Exemple {n}\n" for n in range(combien))
    depot = depots.deposer(io_fichier(texte), par=None, source="essai")
    equipe.get(f"{LISTE}{depot.pk}/change/")
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as requetes:
        equipe.get(f"{LISTE}{depot.pk}/change/")
    assert len([r for r in requetes if "importstructures" in r["sql"] or "ligneimport" in r["sql"]]) == 3


def io_fichier(texte):
    return SimpleUploadedFile("liste.csv", io.BytesIO(texte.encode()).read())
