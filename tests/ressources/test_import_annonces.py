"""Importing announcements: what is understood, what is refused line by line, and that twice changes nothing."""

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from annuaire.imports.erreurs import FichierIllisible
from pole_ess.socle.models import Courriel
from ressources.actions.imports import importer
from ressources.categories import charger
from ressources.models import Annonce, ImportAnnonces, MotDeVigilance
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory

pytestmark = pytest.mark.django_db

INVENTAIRE = """Désignation;Quantité;État;Lieu;Contact;Responsable
Chaises pliantes;100;bon;Vichy;comite@fetes.example.org;Une Personne
Barnum 3x6 m;2;moyen;Local du stade;comite@fetes.example.org;Une Personne
Vidéoprojecteur Epson;1;TBE;03200 Vichy;comite@fetes.example.org;Une Personne
"""


@pytest.fixture
def comite():
    charger()
    return StructureFactory(
        nom="Comité des fêtes", courriel="comite@fetes.example.org",
        commune=CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"]),
    )  # fmt: skip


def lancer(texte, *, nom="liste.csv", source="essai", **options):
    octets = texte if isinstance(texte, bytes) else texte.encode()
    return importer(io.BytesIO(octets), nom=nom, source=source, **options)


def test_equipment_list_becomes_offers(comite):
    rapport = lancer(INVENTAIRE)
    assert rapport.phrase().startswith("3 créées, 0 mises à jour")
    assert rapport.colonnes_personnelles == ["Responsable"]
    chaises, barnum, video = Annonce.objects.order_by("pk")
    assert (chaises.titre, chaises.quantite, chaises.etat_materiel, chaises.mode) == (
        "Chaises pliantes", 100, "bon", "pret",
    )  # fmt: skip
    assert {a.categorie.slug for a in (chaises, barnum, video)} == {"mobilier", "tentes", "projection"}
    assert (barnum.etat_materiel, barnum.description) == ("use", "Lieu : Local du stade")
    assert {a.commune.nom for a in (chaises, barnum, video)} == {"Vichy"}
    assert {(a.etat, a.expire_le) for a in (chaises, video)} == {("publiee", timezone.localdate() + timedelta(days=90))}
    assert "Une Personne" not in str(list(Annonce.objects.values()))


def test_twice_changes_nothing_and_a_change_updates(comite):
    lancer(INVENTAIRE)
    avant = list(Annonce.objects.order_by("pk").values())
    assert lancer(INVENTAIRE).phrase() == ("0 créées, 0 mises à jour, 3 inchangées, 0 doublons possibles, 0 rejetées")
    assert list(Annonce.objects.order_by("pk").values()) == avant
    rapport = lancer(INVENTAIRE.replace(";100;", ";120;"))
    assert rapport.comptes()["mise_a_jour"] == 1
    assert Annonce.objects.get(titre="Chaises pliantes").quantite == 120


def test_what_a_person_changed_stays_and_what_is_closed_does_not_come_back(comite):
    lancer(INVENTAIRE)
    Annonce.objects.filter(titre="Chaises pliantes").update(quantite=80, champs_humains=["quantite"])
    Annonce.objects.filter(titre="Barnum 3x6 m").update(etat="retiree", close_le=timezone.now())
    Annonce.objects.get(titre="Vidéoprojecteur Epson").delete()
    rapport = lancer(INVENTAIRE.replace(";2;moyen", ";3;moyen"))
    assert [ligne.statut for ligne in rapport.lignes] == ["inchangee", "inchangee", "rejetee"]
    assert Annonce.objects.get(titre="Chaises pliantes").quantite == 80
    assert "gardé : quantité" in rapport.lignes[0].raisons[-1]
    assert Annonce.objects.count() == 2


def test_simulation_and_all_or_nothing_write_nothing(comite):
    assert lancer(INVENTAIRE, simulation=True).comptes()["creee"] == 3
    rapport = lancer(INVENTAIRE + "Sono;beaucoup;bon;Vichy;comite@fetes.example.org;\n", tout_ou_rien=True)
    assert rapport.retenu
    assert not Annonce.objects.exists()
    assert not Courriel.objects.exists()


def test_export_of_another_platform(comite):
    texte = (
        "Listing ID,Title,Description,Type,Transaction type,Price,Unit,Category,Location,Owner,State\n"
        'A-17,Salle de répétition,"Parquet, 40 m2",offer,rent,"12,50",day,Répétition et résidence,Vichy,'
        "Comité des fêtes,open\n"
        "A-18,Cherche graphiste,Pour une affiche,request,,,,Communication et graphisme,Vichy,Comité des fêtes,open\n"
    )
    assert lancer(texte).comptes()["creee"] == 2
    salle, graphiste = Annonce.objects.order_by("pk")
    assert (salle.nature, salle.mode, salle.prix, salle.prix_unite) == ("local", "location", Decimal("12.50"), "jour")
    assert (graphiste.sens, graphiste.nature, graphiste.mode) == ("besoin", "competence", "service_gratuit")
    assert salle.source_cle == "#A-17"


@pytest.mark.parametrize(
    ("ligne", "raison"),
    [
        (";3;;;comite@fetes.example.org;", "pas de titre"),
        ("Sono;-2;;Vichy;comite@fetes.example.org;", "quantité illisible"),
        ("Sono;1e9;;Vichy;comite@fetes.example.org;", "quantité illisible"),
        ("Sono;1;;Vichy;inconnue@example.org;", "à quelle structure"),
    ],
)
def test_lines_are_refused_with_their_reason(comite, ligne, raison):
    rapport = lancer("Désignation;Quantité;État;Lieu;Contact;Responsable\n" + ligne)
    assert rapport.lignes[0].statut == "rejetee"
    assert any(raison in r for r in rapport.lignes[0].raisons)
    assert not any("@" in r for r in rapport.lignes[0].raisons)


@pytest.mark.parametrize(
    ("prix", "attendu"),
    [
        ("1 250,50", (Decimal("1250.50"), False)),
        ("40 €/jour", (Decimal("40.00"), False)),
        ("sur devis", (None, True)),
        ("", (None, True)),
    ],
)
def test_prices_in_french(comite, prix, attendu):
    lancer(f"Désignation;Mode;Prix;Structure\nSono;location;{prix};Comité des fêtes\n")
    annonce = Annonce.objects.get()
    assert (annonce.prix, annonce.prix_sur_demande) == attendu
    assert annonce.prix_unite == ("" if annonce.prix is None else "jour")


def test_dates_in_french_become_a_period_and_an_end(comite):
    fin = timezone.localdate() + timedelta(days=30)
    lancer(
        "Désignation;Structure;Disponible du;Disponible au;Valable jusqu'au\n"
        f"Sono;Comité des fêtes;12/03/2027;15 mars 2027;{fin:%d/%m/%Y}\n"
    )
    annonce = Annonce.objects.get()
    assert annonce.expire_le == fin
    assert (annonce.periodes.get().debut, annonce.periodes.get().fin) == (date(2027, 3, 12), date(2027, 3, 15))


def test_same_title_of_the_same_structure_is_a_possible_duplicate(comite):
    lancer("Désignation;Structure\nSono portable;Comité des fêtes\n", source="a")
    texte = "Désignation;Structure;Ajouter quand même\nSONO  Portable;Comité des fêtes;{}\n"
    assert lancer(texte.format(""), source="b").comptes()["doublon"] == 1
    assert lancer(texte.format("une seconde"), source="b").comptes()["creee"] == 1


def test_structure_by_siret_member_or_for_the_whole_list(comite):
    comite.siret = "73282932000074"
    comite.save()
    membre = RattachementFactory(structure=comite).utilisateur.email
    lancer("Désignation;SIRET\nSono;732 829 320 00074\n")
    lancer(f"Désignation;Contact\nBanc;{membre}\n")
    lancer("Désignation\nPodium\n", structure=comite)
    assert set(Annonce.objects.values_list("structure", flat=True)) == {comite.pk}
    assert Annonce.objects.count() == 3


@pytest.mark.parametrize("codage", ["utf-8-sig", "cp1252", "utf-16"])
def test_encodings(comite, codage):
    assert lancer(INVENTAIRE.encode(codage)).comptes()["creee"] == 3


def test_spreadsheet(comite):
    classeur = openpyxl.Workbook()
    classeur.active.append(["Désignation", "Qté", "Structure"])
    classeur.active.append(["Tables", 12, "Comité des fêtes"])
    sortie = io.BytesIO()
    classeur.save(sortie)
    assert lancer(sortie.getvalue(), nom="l.xlsx").comptes()["creee"] == 1
    assert Annonce.objects.get().quantite == 12


def test_words_of_vigilance_wait_for_the_staff(comite):
    MotDeVigilance.objects.create(expression="sono")
    lancer("Désignation;Structure\nSonos;Comité des fêtes\nBanc;Comité des fêtes\n")
    assert set(Annonce.objects.values_list("titre", "etat")) == {("Sonos", "a_valider"), ("Banc", "publiee")}


def test_file_without_a_title_column_is_refused(comite):
    with pytest.raises(FichierIllisible, match="désignation"):
        lancer("Quantité;Lieu\n3;Vichy\n")


def test_each_structure_is_told_once(comite):
    lancer(INVENTAIRE)
    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.sujet) == (
        "comite@fetes.example.org", "3 annonces au nom de Comité des fêtes",
    )  # fmt: skip
    assert "Chaises pliantes" in courriel.texte


def test_command(comite, tmp_path, capsys):
    liste = tmp_path / "inventaire.csv"
    liste.write_text(INVENTAIRE)
    call_command("importer_annonces", str(liste), "--simulation")
    assert not Annonce.objects.exists()
    call_command("importer_annonces", str(liste), "--a-valider")
    assert capsys.readouterr().out.strip().endswith("doublons possibles, 0 rejetées")
    assert set(Annonce.objects.values_list("etat", "source")) == {("a_valider", "inventaire")}
    with pytest.raises(CommandError, match="ne s'ouvre pas"):
        call_command("importer_annonces", str(tmp_path / "rien.csv"))
    with pytest.raises(CommandError, match="Aucune structure"):
        call_command("importer_annonces", str(liste), "--structure", "nulle-part")


def test_admin_previews_then_applies_once(client, animateur, comite, settings, tmp_path):
    client.force_login(animateur)
    url = reverse("admin:ressources_importannonces_add")
    assert "Importer des annonces" in client.get(url).content.decode()
    donnees = {"source": "comité", "publier": "on", "structure": "comite des FÊTES"}
    fichier = SimpleUploadedFile("liste.csv", b"D\xe9signation;Qt\xe9\nSono;2\n")
    reponse = client.post(url, {**donnees, "fichier": fichier})
    depot = ImportAnnonces.objects.get()
    page = client.get(reponse.url).content.decode()
    assert "Appliquer : écrire 1 annonce" in page
    assert not Annonce.objects.exists()
    appliquer = reverse("admin:ressources_importannonces_appliquer", args=[depot.pk])
    assert client.get(appliquer).status_code == 405
    for _ in range(2):
        client.post(appliquer)
    annonce = Annonce.objects.get()
    assert (annonce.structure, annonce.quantite, annonce.auteur) == (comite, 2, animateur)
    assert annonce.get_absolute_url() in client.get(reponse.url).content.decode()
    rapport = client.get(reverse("admin:ressources_importannonces_rapport", args=[depot.pk]))
    assert "Sono" in b"".join(rapport.streaming_content).decode("utf-8-sig")


def test_admin_keeps_what_was_typed_when_the_structure_is_unknown(client, animateur, comite):
    client.force_login(animateur)
    fichier = SimpleUploadedFile("liste.csv", b"Titre\nSono\n")
    reponse = client.post(
        reverse("admin:ressources_importannonces_add"), {"source": "x", "structure": "Nulle part", "fichier": fichier}
    )
    page = reponse.content.decode()
    assert "Aucune structure publiée ne porte ce nom" in page
    assert 'value="Nulle part"' in page


def test_members_have_no_import_page(client, referent):
    client.force_login(referent)
    assert client.get(reverse("admin:ressources_importannonces_add")).status_code == 302


LOUEES = """Désignation;Mode;Prix;Structure
Barnum;location;50;Comité des fêtes
"""


def test_a_mode_that_a_person_changed_takes_no_price_from_the_list(comite):
    lancer(LOUEES)
    Annonce.objects.update(mode="don", prix=None, prix_unite="", champs_humains=["mode"])
    assert lancer(LOUEES).comptes()["inchangee"] == 1
    assert Annonce.objects.get().prix is None


def test_a_new_mode_brings_or_takes_the_price_along(comite):
    lancer(LOUEES)
    lancer(LOUEES.replace(";50;", ";;"))
    assert (Annonce.objects.get().prix, Annonce.objects.get().mode) == (Decimal(50), "location")  # empty erases nothing
    lancer("Désignation;Mode;Prix;Structure\nBarnum;don;;Comité des fêtes\n")
    don = Annonce.objects.get()
    assert (don.mode, don.prix, don.prix_unite, don.prix_sur_demande) == ("don", None, "", False)
    lancer("Désignation;Mode;Prix;Structure\nBarnum;vente;;Comité des fêtes\n")
    vente = Annonce.objects.get()
    assert (vente.mode, vente.prix, vente.prix_sur_demande) == ("vente", None, True)


def test_the_mode_of_a_batch_already_given_and_sense_and_nature_do_not_change(comite):
    texte = "Identifiant;Désignation;Mode;Sens;Nature;Quantité;Structure\n7;Chaises;{};{};{};9;Comité des fêtes\n"
    lancer(texte.format("don", "offre", "matériel"))
    Annonce.objects.update(partage="choisi", quantite_prise=3)
    rapport = lancer(texte.format("prêt", "besoin", "local"))
    lot = Annonce.objects.get()
    assert (lot.mode, lot.sens, lot.nature, lot.partage) == ("don", "offre", "materiel", "choisi")
    assert any("mode d'échange gardé" in raison for raison in rapport.lignes[0].raisons)


@pytest.mark.parametrize(
    ("fin", "raison"),
    [
        ("01/01/2020", "n'est plus disponible"),
        ("31/12/9999", "date illisible"),
        ("1850-01-01", "date illisible"),
        ("1e9", "date illisible"),
    ],
)
def test_odd_days_refuse_their_line_and_not_the_whole_list(comite, fin, raison):
    rapport = lancer(
        f"Désignation;Disponible jusqu'au;Structure\nSono;{fin};Comité des fêtes\nBarnum;;Comité des fêtes\n"
    )
    assert [ligne.statut for ligne in rapport.lignes] == ["rejetee", "creee"]
    assert raison in " ".join(rapport.lignes[0].raisons)
