"""Registered structures in the admin: the list, the acts, the letters, the import of a file, the coverage."""

import threading
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annuaire.actions.registres import depots
from annuaire.couverture import compter
from annuaire.models import Commune, EntreeRegistre, ImportRegistre, InvitationRegistre, LigneRegistre
from annuaire.registres.moteur import importer
from pole_ess.socle.models import Courriel
from pole_ess.socle.stockage import StockagePrive
from tests.annuaire.registres_aide import fichier, territoire
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory, UtilisateurFactory
from tests.factories.registres import EntreeRegistreFactory, InvitationFactory

LISTE = "/admin/annuaire/entreeregistre/"
AJOUT = "/admin/annuaire/importregistre/add/"


@pytest.fixture(autouse=True)
def prive(monkeypatch, tmp_path):
    stockage = StockagePrive(location=tmp_path / "prive")
    monkeypatch.setattr(ImportRegistre._meta.get_field("fichier"), "storage", stockage)
    return Path(stockage.location)


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur)
    return client


def acte(entree, nom):
    return reverse("admin:annuaire_entreeregistre_acte", args=[entree.pk, nom])


def noms(reponse):
    return [entree.nom for entree in reponse.context["cl"].result_list]


@pytest.mark.django_db
def test_la_liste_montre_d_abord_ce_qui_n_est_pas_liste(equipe):
    famille = ActiviteFactory(nom="Culture")
    vichy = CommuneFactory(code="03310", nom="Vichy")
    EntreeRegistreFactory(nom="A VOIR", commune=vichy, activite=ActiviteFactory(parent=famille))
    EntreeRegistreFactory(nom="INVITEE", etat="invitee", date_creation="1950-01-01")
    EntreeRegistreFactory(nom="ECARTEE", etat="ecartee", motif="x")
    EntreeRegistreFactory(nom="FERMEE", fermee_le="2026-01-01")
    assert noms(equipe.get(LISTE)) == ["A VOIR", "INVITEE"]
    for requete, attendus in [
        ("?liste=ecartees", ["ECARTEE"]),
        ("?liste=fermees", ["FERMEE"]),
        ("?liste=invitees", ["INVITEE"]),
        ("?liste=toutes", ["A VOIR", "ECARTEE", "FERMEE", "INVITEE"]),
        ("?commune=03310", ["A VOIR"]),
        (f"?activite={famille.pk}", ["A VOIR"]),
        ("?activite=aucune", ["INVITEE"]),
        ("?age=plus", ["INVITEE"]),
        ("?q=voir", ["A VOIR"]),
        ("?q=vichy", ["A VOIR"]),
        ("?liste=x&commune=x%27&activite=1e9&age=x", None),
        ("?liste=opposees", []),
    ]:
        reponse = equipe.get(LISTE + requete)
        assert reponse.status_code in (200, 302), requete
        if attendus is not None:
            assert noms(reponse) == attendus, requete


@pytest.mark.django_db
def test_chaque_page_d_acte_s_ouvre_et_ne_change_rien(equipe, structure):
    entree = EntreeRegistreFactory(proposee=structure, ressemblance="même nom, même commune")
    avant = EntreeRegistre.objects.values().get()
    for nom in ("confirmer", "distinguer", "rapprocher", "inviter", "rappeler", "ecarter", "revoir", "opposer"):
        assert equipe.get(acte(entree, nom)).status_code == 200, nom
    assert equipe.get(acte(entree, "autre")).status_code == 404
    assert EntreeRegistre.objects.values().get() == avant


@pytest.mark.django_db
def test_confirmer_distinguer_ecarter_revoir(equipe, structure, animateur):
    entree = EntreeRegistreFactory(proposee=structure, ressemblance="même nom, même commune")
    equipe.post(acte(entree, "confirmer"))
    entree.refresh_from_db()
    assert (entree.etat, entree.structure, entree.decidee_par) == ("rapprochee", structure, animateur)
    page = equipe.post(acte(entree, "ecarter"), {"motif": "x"}).content.decode()
    assert "ce n&#x27;est pas possible" in page
    equipe.post(acte(entree, "revoir"))
    page = equipe.post(acte(entree, "ecarter"), {"motif": " "}).content.decode()
    assert "Dites pourquoi" in page
    equipe.post(acte(entree, "ecarter"), {"motif": "Hors du champ"})
    entree.refresh_from_db()
    assert (entree.etat, entree.motif) == ("ecartee", "Hors du champ")


@pytest.mark.django_db
def test_rapprocher_par_l_adresse_d_une_fiche(equipe, structure):
    entree = EntreeRegistreFactory()
    for donnees in ({}, {"adresse": "https://x.example.org/annuaire/inconnue/"}, {"adresse": "http://[::1"}):
        reponse = equipe.post(acte(entree, "rapprocher"), donnees)
        assert (reponse.status_code, bool(reponse.context["form"].errors)) == (200, True), donnees
    equipe.post(acte(entree, "rapprocher"), {"adresse": f"https://x.example.org{structure.get_absolute_url()}"})
    entree.refresh_from_db()
    assert entree.structure == structure


@pytest.mark.django_db
def test_inviter_par_e_mail_demande_d_ou_vient_l_adresse(equipe):
    entree = EntreeRegistreFactory()
    url = acte(entree, "inviter")
    assert "article 14" in equipe.post(url, {"courriel": "a@example.org"}).content.decode()
    assert equipe.post(url, {"courriel": "a@example.org", "source": "son site"}).status_code == 302
    assert equipe.post(url, {"courriel": "a@example.org", "source": "son site"}).status_code == 200
    assert (Courriel.objects.count(), InvitationRegistre.objects.count()) == (1, 1)
    page = equipe.get(entree.get_absolute_url()).content.decode()
    assert "a@example.org (son site)" in page


@pytest.mark.django_db
def test_une_opposition_dite_a_l_equipe_efface(equipe):
    entree = EntreeRegistreFactory(nom="LES AMIS DU PONT")
    equipe.post(acte(entree, "opposer"))
    entree.refresh_from_db()
    assert (entree.etat, entree.nom) == ("opposee", "")
    assert equipe.get(entree.get_absolute_url()).status_code == 200


@pytest.mark.django_db
def test_ecarter_plusieurs_et_preparer_des_lettres_en_deux_temps(equipe):
    choisies = EntreeRegistreFactory.create_batch(3)
    cles = [e.pk for e in choisies]
    reponse = equipe.post(LISTE, {"action": "lettres_a_la_selection", "_selected_action": cles})
    assert equipe.get(reponse.url).status_code == 200
    assert InvitationRegistre.objects.count() == 0
    assert equipe.post(reponse.url).status_code == 302
    assert InvitationRegistre.objects.filter(voie="lettre").count() == 3
    assert "déjà, ou sont dans" in equipe.post(reponse.url).content.decode()
    reponse = equipe.post(LISTE, {"action": "ecarter_la_selection", "_selected_action": cles[:2]})
    assert equipe.post(reponse.url, {"motif": ""}).status_code == 200
    equipe.post(reponse.url, {"motif": "Hors du champ"})
    assert EntreeRegistre.objects.filter(etat="ecartee").count() == 2
    for chaine in ("", "?e=", "?e=x,y", f"?e={'9' * 30}"):
        assert equipe.get(reverse("admin:annuaire_entreeregistre_ecarter") + chaine).status_code == 404


@pytest.mark.django_db
def test_les_lettres_s_impriment_et_se_reimpriment(equipe):
    invitation = InvitationFactory()
    InvitationFactory(courriel="a@example.org")
    page = equipe.get(reverse("admin:annuaire_entreeregistre_lettres"))
    assert [combien for _, combien in page.context["jours"]] == [1]
    pdf = reverse("admin:annuaire_entreeregistre_lettres_pdf")
    for chaine in (f"?jour={timezone.localdate():%Y-%m-%d}", f"?e={invitation.entree_id}"):
        reponse = equipe.get(pdf + chaine)
        assert (reponse.status_code, reponse["Content-Type"], reponse.content[:5]) == (
            200, "application/pdf", b"%PDF-",
        )  # fmt: skip
    for chaine in ("", "?jour=x", "?jour=2026-13-45", "?e=x", "?e=0", "?jour=2020-01-01"):
        assert equipe.get(pdf + chaine).status_code == 404, chaine


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visiteur", "membre", "referent"])
def test_les_pages_sont_fermees_a_qui_n_est_pas_de_l_equipe(client, request, role):
    entree = InvitationFactory().entree
    if role != "visiteur":
        client.force_login(request.getfixturevalue(role))
    for url in [
        reverse("admin:annuaire_couverture"),
        reverse("admin:annuaire_couverture_csv", args=["communes"]),
        reverse("admin:annuaire_entreeregistre_lettres"),
        reverse("admin:annuaire_entreeregistre_lettres_pdf") + f"?e={entree.pk}",
        reverse("admin:annuaire_entreeregistre_preparer_lettres") + f"?e={entree.pk}",
        reverse("admin:annuaire_entreeregistre_ecarter") + f"?e={entree.pk}",
        acte(entree, "opposer"),
    ]:
        for methode in ("get", "post"):
            reponse = getattr(client, methode)(url)
            assert (reponse.status_code, reponse.url.split("?")[0]) == (302, reverse("admin:login")), url
    entree.refresh_from_db()
    assert entree.etat == "invitee"


@pytest.mark.django_db
def test_une_personne_de_l_equipe_sans_droit_est_refusee(client):
    client.force_login(UtilisateurFactory(is_staff=True))
    entree = InvitationFactory().entree
    for url in (reverse("admin:annuaire_couverture"), acte(entree, "opposer"), AJOUT):
        assert client.get(url).status_code == client.post(url).status_code == 403, url


@pytest.mark.django_db
def test_la_liste_a_un_nombre_constant_de_requetes(equipe, structure):
    comptes = []
    for combien in (1, 8):
        for _ in range(combien):
            InvitationFactory(entree__proposee=structure, entree__activite=ActiviteFactory())
        equipe.get(LISTE)
        with CaptureQueriesContext(connection) as requetes:
            assert equipe.get(LISTE).status_code == 200
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


# imports


def envoyer(client, octets=None, nom="rna.csv", **champs):
    octets = fichier({}, {"id": "W001000002", "titre": ""}).getvalue() if octets is None else octets
    return client.post(AJOUT, {"fichier": SimpleUploadedFile(nom, octets), "source": "rna"} | champs)


@pytest.mark.django_db
def test_deposer_montre_puis_appliquer_une_seule_fois(equipe, prive):
    territoire("03310")
    reponse = envoyer(equipe)
    depot = ImportRegistre.objects.get()
    page = equipe.get(reponse.url).content.decode()
    assert "Appliquer : écrire 1 structure enregistrée" in page
    assert "le nom manque" in page
    assert EntreeRegistre.objects.count() == 0
    for _ in range(2):
        assert equipe.post(f"/admin/annuaire/importregistre/{depot.pk}/appliquer/").status_code == 302
    assert EntreeRegistre.objects.count() == 1
    depot.refresh_from_db()
    assert (depot.etat, bool(depot.fichier), LigneRegistre.objects.count()) == ("applique", False, 2)
    assert LigneRegistre.objects.get(statut="creee").entree == EntreeRegistre.objects.get()
    assert equipe.get(reponse.url).status_code == 200


@pytest.mark.django_db
def test_un_fichier_refuse_dit_pourquoi_et_ne_laisse_rien(equipe, prive):
    territoire("03310")
    for octets, nom, dit in [
        (b"nom;sigle\nUn;U\n", "liste.csv", "il manque « id »"),
        (b"PK\x03\x04", "x.csv", "archive"),
    ]:
        page = envoyer(equipe, octets, nom).content.decode()
        assert dit in page
    assert envoyer(equipe, source="autre").status_code == 200
    assert ImportRegistre.objects.count() == 0
    assert [chemin for chemin in prive.rglob("*") if chemin.is_file()] == []


@pytest.mark.lent
@pytest.mark.django_db(transaction=True)
def test_deux_imports_a_la_fois_ne_creent_rien_deux_fois(prive):
    territoire("03310")
    lignes = [{"id": f"W00{rang:07d}"} for rang in range(700)]
    depot = depots.deposer(SimpleUploadedFile("rna.csv", fichier(*lignes).getvalue()), par=None, source="rna")
    creees, erreurs = [], []

    def commande():
        try:
            creees.append(importer(fichier(*lignes), nom="x.csv", source="rna").comptes()["creee"])
        except Exception as erreur:  # said below
            erreurs.append(erreur)
        finally:
            connection.close()

    def clic():
        try:
            depots.appliquer(depot, par=None)
        except Exception as erreur:  # said below
            erreurs.append(erreur)
        finally:
            connection.close()

    fils = [threading.Thread(target=geste) for geste in (commande, clic, commande)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert erreurs == []
    assert EntreeRegistre.objects.count() == 700
    depot.refresh_from_db()
    assert sum(creees) + depot.resume["creee"] == 700


# coverage


@pytest.fixture
def lieux(db):
    """A covered town, a large commune with nothing, a small one; one activity of a family, one of another."""
    CommuneFactory(code="03310", nom="Vichy", population=20_000)
    CommuneFactory(code="03095", nom="Cusset", population=10_000)
    CommuneFactory(code="03001", nom="Abrest", population=None)
    territoire("03310", "03095", "03001")
    culture, sport = ActiviteFactory(nom="Culture", slug="culture", ordre=1), ActiviteFactory(nom="Sport", ordre=2)
    theatre = ActiviteFactory(nom="Théâtre", parent=culture, ordre=3)
    for _ in range(4):
        StructureFactory(commune_id="03310").activites.add(theatre)
    StructureFactory(commune_id="03310", etat="a_valider").activites.add(theatre)
    StructureFactory(commune__code="63113").activites.add(theatre)
    StructureFactory(commune_id="03001")
    EntreeRegistreFactory(commune_id="03095", activite=sport)
    EntreeRegistreFactory(commune_id="03095", activite=None)
    EntreeRegistreFactory(commune_id="03095", activite=sport, etat="ecartee", motif="x")
    return culture, theatre, sport


def test_la_couverture_compte_ce_qui_est_publie_dans_le_territoire(lieux):
    culture, theatre, sport = lieux
    comptes = compter()
    assert [
        (ligne.commune.nom, ligne.structures, ligne.pour_mille, ligne.enregistrees) for ligne in comptes.communes
    ] == [
        ("Cusset", 0, 0.0, 2),
        ("Vichy", 4, 0.2, 0),
        ("Abrest", 1, None, 0),
    ]
    assert [(ligne.activite, ligne.structures, ligne.rare, ligne.enregistrees) for ligne in comptes.activites] == [
        (culture, 4, False, 0),
        (theatre, 4, False, 0),
        (sport, 0, True, 1),
    ]
    assert [zone.nom for zone in comptes.zones] == ["Vichy", "Cusset", "Abrest"]
    assert [(f, [(c.structures, c.enregistrees) for c in cases]) for f, cases in comptes.matrice] == [
        (culture, [(4, 0), (0, 0), (0, 0)]),
        (sport, [(0, 0), (0, 1), (0, 0)]),
    ]
    assert (comptes.structures, comptes.enregistrees, comptes.sans_activite) == (5, 2, 1)


def test_avec_les_intercommunalites_la_matrice_les_prend_pour_colonnes(lieux):
    Commune.objects.filter(code__in=["03310", "03095"]).update(epci="200071363")
    Commune.objects.filter(code="03001").update(epci="200071389")
    assert [(zone.nom, len(zone.communes)) for zone in compter().zones] == [
        ("Autour de Vichy", 2),
        ("Autour de Abrest", 1),
    ]


def test_la_page_de_couverture_mene_aux_actes_et_se_telecharge(equipe, lieux):
    sport = lieux[2]
    page = equipe.get(reverse("admin:annuaire_couverture")).content.decode()
    assert f'href="{LISTE}?commune=03095"' in page
    assert f'href="{LISTE}?activite={sport.pk}"' in page
    assert f"?activite={sport.pk}&amp;commune=03095" in page
    assert "/annuaire/proposer/?commune=Cusset" in page
    reponse = equipe.get(reverse("admin:annuaire_couverture_csv", args=["communes"]))
    assert b"".join(reponse.streaming_content).decode("utf-8-sig").splitlines()[:3] == [
        "Commune;Code officiel;Habitants;Structures;Pour 1 000 habitants;Enregistrées, non listées",
        "Cusset;03095;10000;0;0,0;2",
        "Vichy;03310;20000;4;0,2;0",
    ]
    for tableau in ("activites", "croisement"):
        assert equipe.get(reverse("admin:annuaire_couverture_csv", args=[tableau])).status_code == 200
    assert equipe.get(reverse("admin:annuaire_couverture_csv", args=["autre"])).status_code == 404


def test_la_couverture_a_un_nombre_constant_de_requetes(equipe, client, lieux):
    comptes = []
    for combien in (0, 9):
        codes = [f"63{rang:03d}" for rang in range(1, combien + 1)]
        territoire("03310", "03095", "03001", *codes)
        for code in codes:
            StructureFactory(commune_id=code).activites.add(ActiviteFactory())
            EntreeRegistreFactory(commune_id=code, activite=ActiviteFactory())
        comptes.append([])
        for nom in ("admin:annuaire_couverture", "annuaire:couverture"):
            client.get(reverse(nom))
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(reverse(nom)).status_code == 200
            comptes[-1].append(len(requetes))
    assert comptes[0] == comptes[1]


def test_sans_territoire_les_pages_le_disent(equipe, db):
    assert "pas encore dit" in equipe.get(reverse("admin:annuaire_couverture")).content.decode()
    assert "pas encore dit" in equipe.get(reverse("annuaire:couverture")).content.decode()


def test_la_page_publique_ne_dit_rien_des_registres(client, lieux):
    EntreeRegistre.objects.update(nom="SECRET DE REGISTRE")
    page = client.get(reverse("annuaire:couverture")).content.decode()
    assert "Cusset" in page
    assert "SECRET" not in page
    assert "enregistrée" not in page
    assert client.get("/annuaire/proposer/?commune=Cusset").context["form"].initial["commune"] == "Cusset"
