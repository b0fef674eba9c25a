"""The directory on paper: what is printed, for whom, and that a file never outlives what it prints."""

import io
import json
from datetime import timedelta

import page
import pikepdf
import psycopg
import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from annuaire.models import Contact, Label, LabelStructure
from pole_ess.portail import tasks
from pole_ess.portail.abrege import abreger
from pole_ess.portail.papier import livret, reserve
from pole_ess.portail.papier.demande import FORMATS, Demande
from pole_ess.socle import documents
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory

pytestmark = pytest.mark.django_db
PAGE, FICHIER = "/annuaire-papier/", "/annuaire-papier/livret.pdf"
HOSTILES = [
    '#panic("x") ] $x$ *gras* _i_ `c` <e> @r \\ // /* = {',
    "Mississippi" * 14,
    "Fête 😀 \u202eà l'envers العربية 中文",
    "«\u00a0L'Été »  \x00\x07",
    "https://" + "a" * 140,
]


def lire(chaine="") -> Demande:
    return Demande.lire(QueryDict(chaine))


def conforme(octets) -> bool:
    return page.validate_pdf_bytes(octets, profile=page.ValidationProfile.PDF_UA_1).is_compliant


# -- what is printed


def test_seul_ce_qui_est_public_est_imprime():
    structure = StructureFactory(
        nom="Les amis du pont",
        telephone="04 70 00 11 22",
        courriel="prive@structure.example.org",
        presentation="Ils gardent le pont.",
    )
    Contact.objects.create(structure=structure, nom="Personne Nommée", consentement_le=timezone.now(), nom_public=True)
    StructureFactory(nom="Pas encore relue", etat="a_valider")
    StructureFactory(nom="Partie", etat="archivee")
    imprime = json.dumps(livret.donnees(lire()), ensure_ascii=False)
    assert "Les amis du pont" in imprime and "Ils gardent le pont." in imprime
    for cache in ("04 70 00 11 22", "prive@structure", "Personne Nommée", "Pas encore relue", "Partie"):
        assert cache not in imprime
    structure.telephone_public = structure.courriel_public = True
    structure.save()
    imprime = json.dumps(livret.donnees(lire()), ensure_ascii=False)
    assert "04 70 00 11 22" in imprime and "mailto:prive@structure.example.org" in imprime


def test_une_fiche_entiere_puis_des_renvois():
    culture, sport = ActiviteFactory(nom="Culture", ordre=1), ActiviteFactory(nom="Sport", ordre=2)
    musique = ActiviteFactory(nom="Musique", parent=culture, ordre=3)
    structure = StructureFactory(nom="Fanfare", commune=CommuneFactory(nom="Cusset"))
    structure.activites.set([culture, musique, sport])
    StructureFactory(nom="Sans rien", commune=None)
    chapitres = livret.donnees(lire())["chapitres"]
    assert [c["nom"] for c in chapitres] == ["Culture", "Sport", "Autres structures"]
    (section,) = chapitres[0]["sections"]
    assert section["nom"] == "Musique" and [f["nom"] for f in section["fiches"]] == ["Fanfare"]
    assert chapitres[1]["sections"] == [{"nom": "", "fiches": [], "renvois": [("Fanfare, Cusset", f"s{structure.pk}")]}]
    seule = livret.donnees(lire(f"activite={sport.slug}"))["chapitres"]
    assert [(c["nom"], len(c["sections"][0]["fiches"])) for c in seule] == [("Sport", 1)]


def test_les_index():
    cusset = CommuneFactory(code="03095", nom="Cusset")
    StructureFactory(nom="Écho", commune=cusset)
    StructureFactory(nom="Aide à domicile", sigle="ZAD", commune=cusset)
    StructureFactory(nom="3 petits pas", commune=None)
    communes, alphabet = livret.donnees(lire())["index"]
    assert [(g["nom"], len(g["lignes"])) for g in communes["groupes"]] == [
        ("Cusset (03200)", 2),
        ("Commune non précisée", 1),
    ]
    assert [(g["nom"], [ligne for ligne, _ in g["lignes"]]) for g in alphabet["groupes"]] == [
        ("A", ["Aide à domicile, Cusset"]),
        ("E", ["Écho, Cusset"]),
        ("Z", ["ZAD : Aide à domicile"]),
        ("0-9", ["3 petits pas"]),
    ]
    assert [i["titre"] for i in livret.donnees(lire("commune=03095"))["index"]] == ["Index alphabétique"]


def test_un_label_passe_n_est_pas_imprime():
    structure = StructureFactory()
    for nom, jours in [("Passé", -1), ("Tenu", 1)]:
        label = Label.objects.create(nom=nom, slug=nom.lower())
        LabelStructure.objects.create(
            structure=structure, label=label, expire_le=timezone.localdate() + timedelta(days=jours)
        )
    (chapitre,) = livret.donnees(lire())["chapitres"]
    assert ["Labels", "Tenu", None] in [list(ligne) for ligne in chapitre["sections"][0]["fiches"][0]["lignes"]]


def test_abreger():
    assert abreger("Une phrase courte.", 30) == "Une phrase courte."
    assert abreger("Une première phrase. Une autre, plus longue.", 30) == "Une première phrase. (…)"
    assert abreger("Des mots sans le moindre point final", 20) == "Des mots sans le…"
    assert abreger("Vraiment\u00a0;\n\n  oui", 30) == "Vraiment\u00a0; oui"
    assert abreger("x" * 50, 10) == "x" * 10 + "…"


@pytest.mark.parametrize("format_papier", FORMATS)
def test_le_pdf_est_accessible_quoi_qu_on_ait_tape(format_papier):
    activite = ActiviteFactory(nom=HOSTILES[0][:80])
    for texte in HOSTILES:
        propre = texte.replace("\x00", "")
        structure = StructureFactory(
            nom=propre[:160], presentation=propre * 3, adresse=propre[:200], horaires=propre, telephone="04 70 00 11 22"
        )
        structure.activites.add(activite)
    octets = documents.pdf("livret", livret.donnees(lire(f"format={format_papier}")))
    assert conforme(octets)
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert str(pdf.Root.Lang) == "fr-FR"
        assert reserve._pages(octets) == len(pdf.pages) > 3
        largeur = float(pdf.pages[0].MediaBox[2])
        assert round(largeur) == {"a4": 595, "a5": 420, "gros": 595}[format_papier]
        with pdf.open_outline() as signets:
            titres = [signet.title for signet in signets.root]
        assert titres[0] == "Comment lire ce livret" and titres[-1] == "Index alphabétique"


def test_un_annuaire_vide_s_imprime():
    assert conforme(documents.pdf("livret", livret.donnees(lire())))


@pytest.mark.parametrize("combien", [1, 12])
def test_nombre_de_requetes(client, django_assert_num_queries, combien):
    for _ in range(combien):
        StructureFactory().activites.add(ActiviteFactory())
    client.get(PAGE)
    with django_assert_num_queries(10):
        client.get(PAGE)
    with django_assert_num_queries(6):
        livret.donnees(lire())


# -- choosing


def test_la_page_dit_ce_que_contient_le_livret(client):
    cusset = CommuneFactory(code="03095", nom="Cusset", epci="200071363", population=13000)
    vichy = CommuneFactory(code="03310", nom="Vichy", epci="200071363", population=25000)
    for commune in (cusset, vichy, CommuneFactory(code="03190", nom="Moulins")):
        StructureFactory(commune=commune)
    reponse = client.get(PAGE, {"commune": "03095", "format": "a5"})
    html = reponse.content.decode()
    assert reponse.context["etat"].combien == 1
    assert "Commune de Cusset" in html and "Intercommunalité de Vichy" in html
    assert f'href="{FICHIER}?format=a5&amp;commune=03095"' in html
    assert client.get(PAGE, {"epci": "200071363"}).context["etat"].combien == 2


@pytest.mark.parametrize("chaine", ["format=x&commune=99999&epci=1&activite=perdue", "commune=2A%27&epci=%D9%A1"])
def test_une_demande_qui_n_a_pas_de_sens_donne_tout(client, chaine):
    StructureFactory()
    reponse = client.get(f"{PAGE}?{chaine}")
    assert reponse.status_code == 200
    assert reponse.context["demande"] == Demande()


def test_rien_ici(client):
    CommuneFactory(code="03095", nom="Cusset")
    assert "Aucune structure publiée ici" in client.get(PAGE, {"commune": "03095"}).content.decode()


# -- the file


def test_le_fichier_est_fait_une_fois(client, monkeypatch):
    StructureFactory()
    reponse = client.get(FICHIER)
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"] == 'attachment; filename="annuaire-a4.pdf"'
    assert reponse["X-Robots-Tag"] == "noindex"
    octets = reponse.content
    assert conforme(octets)
    monkeypatch.setattr(documents, "pdf", lambda *a, **k: pytest.fail("set twice"))
    assert client.get(FICHIER).content == octets
    assert client.get(FICHIER, headers={"If-None-Match": reponse["ETag"]}).status_code == 304
    assert client.head(FICHIER)["ETag"] == reponse["ETag"]
    html = client.get(PAGE).content.decode()
    assert "Télécharger le livret (PDF)" in html and "<dt>Pages</dt>" in html


def test_ce_qui_change_fait_un_autre_livret():
    activite = ActiviteFactory(nom="Culture")
    structure = StructureFactory(telephone="04 70 00 11 22", telephone_public=True)
    structure.activites.add(activite)
    cles = [reserve.etat(lire()).cle]

    def changer(objet, **valeurs):
        with transaction.atomic():  # its own subtransaction, as another request would be
            type(objet).objects.filter(pk=objet.pk).update(**valeurs)
        cles.append(reserve.etat(lire()).cle)

    changer(structure, telephone_public=False)
    changer(activite, nom="Culture et patrimoine")
    changer(activite, ordre=7)
    changer(structure.commune, nom="Autre nom")
    changer(structure, etat="archivee")
    assert len(set(cles)) == len(cles)
    assert reserve.etat(lire()).cle == cles[-1]
    assert reserve.etat(lire("format=a5")).cle != cles[-1]


def test_un_long_livret_est_fait_par_le_travail(client, monkeypatch):
    monkeypatch.setattr(reserve, "SUR_LE_CHAMP", 0)
    monkeypatch.setattr(documents, "pdf_a_part", documents.pdf)
    StructureFactory()
    assert client.get(FICHIER).url == f"{PAGE}?format=a4#livret"
    assert "Mettre ce livret en page" in client.get(PAGE).content.decode()
    for _ in range(2):
        assert client.post(f"{PAGE}?format=a4").url == f"{PAGE}?format=a4#livret"
    (travail,) = ProcrastinateJob.objects.filter(task_name="papier.composer")
    assert travail.args == {"chaine": "format=a4"}
    assert "en train d'être mis en page" in client.get(PAGE).content.decode()
    tasks.composer("format=a4")
    html = client.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "Télécharger le livret (PDF)" in html and "<html" not in html
    assert conforme(client.get(FICHIER).content)
    client.post(f"{PAGE}?format=a4")
    assert ProcrastinateJob.objects.filter(task_name="papier.composer").count() == 1


def test_trop_de_structures(client, monkeypatch):
    monkeypatch.setattr(reserve, "STRUCTURES_MAX", 1)
    StructureFactory()
    StructureFactory()
    assert "1 structures au plus" in client.get(PAGE).content.decode().replace("\u00a0", " ")
    assert client.get(FICHIER).status_code == 302
    client.post(PAGE)
    assert not ProcrastinateJob.objects.filter(task_name="papier.composer").exists()
    with pytest.raises(reserve.TropDeStructures):
        reserve.composer(lire())
    assert tasks.preparer(0) == "0 retirés, annuaire trop long"


def test_une_composition_a_la_fois(client):
    StructureFactory()
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as autre:
        autre.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [reserve.VERROU])
        reponse = client.get(FICHIER)
    assert reponse.status_code == 503 and reponse["Retry-After"] == "10"
    assert "Un autre livret est en train" in reponse.content.decode()
    assert client.get(FICHIER).status_code == 200


def test_trop_de_livrets_du_meme_reseau(client, monkeypatch):
    monkeypatch.setattr("pole_ess.portail.views.papier.LIVRETS_MAX", 1)
    StructureFactory()
    assert client.get(FICHIER).status_code == 200
    assert client.get(FICHIER, {"format": "a5"}).status_code == 429
    assert client.get(FICHIER).status_code == 200  # made already: nothing to set


def test_la_nuit(monkeypatch):
    StructureFactory()
    assert tasks.preparer(0) == "0 retirés, 3 prêts"
    assert all(reserve.etat(demande).livret for demande in reserve.entiers())
    assert reserve.purger() == 0
    assert reserve.purger(timezone.now() + timedelta(days=reserve.JOURS_GARDES, minutes=1)) == 3


@pytest.mark.lent
def test_dans_un_processus_a_part():
    StructureFactory(nom="À part")
    assert conforme(documents.pdf_a_part("livret", livret.donnees(lire("format=a5"))))


def test_le_livret_se_trouve(client):
    assert f'href="{reverse("annuaire_papier")}"' in client.get("/").content.decode()
