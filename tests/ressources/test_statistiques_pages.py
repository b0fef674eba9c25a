"""The pages of figures: what all may read, what only staff do, and the files."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from ressources.actions import bilan
from ressources.agenda import minuit
from ressources.models import Annonce
from ressources.statistiques import choisir
from ressources.statistiques.comptes import premiere_parution
from tests.factories import CommuneFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import (
    AnnonceFactory,
    BesoinFactory,
    CategorieFactory,
    MiseEnRelationFactory,
    ReservationFactory,
)

pytestmark = pytest.mark.django_db
PUBLIC = "/offres-et-besoins/chiffres/"


def lire(client, adresse=PUBLIC, **parametres) -> str:
    reponse = client.get(adresse, parametres)
    assert reponse.status_code == 200
    return re.sub(r"\s+", " ", reponse.content.decode())


def tableau(page, cle) -> dict:
    """Row -> its figures, as a person reads them in the page."""
    texte = re.search(rf'<caption[^>]*id="tableau-{cle}">.*?</table>', page)[0]
    lignes = re.findall(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', texte)
    return {unescape(nom): re.findall(r"<td>([^<]*)</td>", unescape(reste)) for nom, reste in lignes}


# -- for all


def test_rien_encore(client):
    page = lire(client)
    assert "les structures ont proposé 0 offre et fait connaître 0 besoin." in page
    assert "Rien n&#x27;est paru." in page
    assert tableau(page, "valeurs")["Kilos réemployés"] == ["personne ne l'a dit", "0"] * 2


def test_offres_besoins_et_pourvus(client):
    AnnonceFactory.create_batch(3)
    BesoinFactory(nature="local", mode="pret")
    AnnonceFactory(etat="pourvue", nature="local")
    page = lire(client)
    assert "les structures ont proposé 4 offres et fait connaître 1 besoin. 1 offre et 0 besoin ont trouvé" in page
    assert "on peut répondre à 3 offres et à 1 besoin." in page
    natures = tableau(page, "natures")
    assert natures["Matériel"] == ["3", "0", "0", "0", "3", "0"]
    assert natures["Locaux"] == ["1", "1", "1", "0", "0", "1"]
    assert natures["Total"] == ["4", "1", "1", "0", "3", "1"]
    assert list(tableau(page, "mois").values())[-2:] == [["4", "1", "1", "0"]] * 2  # this month, and the total
    assert len(tableau(page, "mois")) == 13


def test_une_annee_une_nature_une_commune(client):
    vichy = CommuneFactory(code="03310", nom="Vichy")
    annee = timezone.localdate().year - 1
    avant = timezone.now().replace(year=annee, month=3, day=3)
    AnnonceFactory(publiee_le=avant, commune=vichy, nature="local")
    AnnonceFactory(publiee_le=avant, nature="local")
    AnnonceFactory(publiee_le=avant, commune=vichy)
    page = lire(client, periode=annee, nature="local", commune="Vichy")
    assert tableau(page, "mois")[f"mars {annee}"] == ["1", "0", "0", "0"]
    assert list(tableau(page, "natures")) == ["Locaux"]
    assert "Compté : Locaux à Vichy." in page
    assert f'<option value="{annee}" selected>' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "noindex" not in lire(client)


@pytest.mark.parametrize(
    ("parametres", "dit"),
    [
        ({"periode": "1999"}, "Cette période n&#x27;existe pas"),
        ({"nature": "bijoux"}, "Choisissez dans la liste."),
        ({"commune": "Nulle-Part-sur-Mer"}, "Nous ne connaissons pas cette commune"),
    ],
)
def test_un_choix_faux_est_dit_et_garde_le_reste(client, parametres, dit):
    AnnonceFactory()
    page = lire(client, **parametres)
    assert dit in page
    assert tableau(page, "natures")["Total"][0] == "1"


def conclure(nombre, **chiffres):
    """Exchanges that both sides declare."""
    for _ in range(nombre):
        relation = MiseEnRelationFactory(etat="conclue")
        for structure in (relation.annonceur, relation.structure):
            bilan.declarer(
                annonce=relation.annonce, structure=structure, mise_en_relation=relation, par=None, **chiffres
            )


def test_ce_que_les_echanges_ont_valu(client):
    conclure(5, heures=Decimal("2.5"))
    conclure(4, kilos=Decimal(1000))
    seul = AnnonceFactory()
    for rang in range(6):
        bilan.declarer(
            annonce=seul, structure=seul.structure, par=None, avec_libre=f"La Roue {rang}", heures=Decimal(1)
        )
    page = lire(client)
    valeurs = tableau(page, "valeurs")
    assert valeurs["Heures données ou prêtées"] == ["12,5", "5", "6", "6"]
    assert valeurs["Kilos réemployés"][:2] == ["moins de 5 échanges", "4"]
    assert "Total" not in valeurs
    assert "Dit par les deux structures : 12,5 h. " in page.replace("</p>", " ").replace("  ", " ")
    assert "4 000" not in page
    assert "18,5" not in page  # the two bases, added


def test_un_filtre_ne_fait_pas_parler_deux_structures(client):
    """Five exchanges together may be told; narrowed to the one about premises, they would tell what it was worth."""
    conclure(4, euros=Decimal(10))
    relation = MiseEnRelationFactory(etat="conclue", annonce__nature="local")
    for structure in (relation.annonceur, relation.structure):
        bilan.declarer(
            annonce=relation.annonce, structure=structure, mise_en_relation=relation, par=None, euros=Decimal(777)
        )
    for parametres in ({}, {"nature": "local"}, {"nature": "local", "commune": relation.annonce.commune.nom}):
        page = lire(client, **parametres)
        assert tableau(page, "valeurs")["Euros évités ou payés"][:2] == ["817", "5"]
        assert "777" not in page


def test_aucun_nom_de_structure(client):
    for annonce in (AnnonceFactory(), BesoinFactory(), AnnonceFactory(etat="pourvue")):
        assert annonce.structure.nom not in lire(client)


def test_la_liste_et_l_observatoire_y_menent(client):
    assert lire(client, "/offres-et-besoins/").count(f'href="{PUBLIC}"') == 1
    assert lire(client, "/observatoire/").count(f'href="{PUBLIC}"') == 1


@pytest.mark.parametrize("nombre", [1, 6])
def test_requetes_de_la_page(client, nombre, django_assert_num_queries):
    conclure(nombre, heures=Decimal(1))
    ReservationFactory.create_batch(nombre, etat="rendue")
    client.get(PUBLIC)
    with django_assert_num_queries(9):  # the oldest, 3 counts, 4 of exchanges, the hub's settings
        client.get(PUBLIC)


def test_l_index_repond_sans_lire_la_table():
    """The months of 3,000 announcements, counted from the index alone; and the oldest of them."""
    un = AnnonceFactory()
    with transaction.atomic(), connection.cursor() as cursor:
        jour = timezone.localdate()
        copies = [
            Annonce(sens="offre", nature="materiel", mode="pret", titre=f"Chaise {rang}", structure=un.structure,
                    etat="publiee", publiee_le=minuit(jour - timedelta(days=rang)), expire_le=jour)
            for rang in range(3000)
        ]  # fmt: skip
        Annonce.objects.bulk_create(copies)
        cursor.execute("ANALYZE ressources_annonce")
        debut, fin = choisir("", timezone.localdate()).bornes
        sql, parametres = Annonce.objects.parues(debut, fin).order_by().values("sens", "nature").query.sql_with_params()
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", parametres)
        assert "Index Only Scan using annonce_parues" in str(cursor.fetchall())
    assert premiere_parution() == jour - timedelta(days=2999)


# -- for the staff

EQUIPE = "/admin/ressources/bilan/chiffres/"
TABLEAUX = ["natures", "mois", "echanges", "besoins", "reponses", "reservations", "structures", "communes"]


def test_reservee_a_l_equipe(client, referent, membre):
    autre = UtilisateurFactory(is_staff=True)
    for adresse in (EQUIPE, f"{EQUIPE}mois.csv"):
        for utilisateur, code in [(None, 302), (membre, 302), (referent, 302), (autre, 403)]:
            if utilisateur:
                client.force_login(utilisateur)
            assert client.get(adresse).status_code == code, (adresse, utilisateur)
            client.logout()


def test_l_accueil_de_l_equipe_y_mene(client, animateur):
    client.force_login(animateur)
    assert f'href="{EQUIPE}"' in lire(client, reverse("admin:index"))
    client.force_login(UtilisateurFactory(is_staff=True))
    assert EQUIPE not in lire(client, reverse("admin:index"))


@pytest.fixture
def vie(animateur, client):
    """Two structures and a commune, with what waits, what was refused and what was not met."""
    hier = timezone.localdate() - timedelta(days=1)
    vichy = CommuneFactory(code="03310", nom="Vichy")
    ecran = CategorieFactory(nom="Projection")
    prete = StructureFactory(nom="=cmd()", commune=vichy)
    cherche = StructureFactory(nom="Le Moulin", commune=vichy)
    offre = AnnonceFactory(structure=prete, categorie=ecran)
    BesoinFactory(structure=cherche, categorie=ecran, expire_le=hier)
    BesoinFactory(structure=cherche, categorie=ecran, etat="retiree", publiee_le=timezone.now())
    BesoinFactory(structure=cherche, nature="local", expire_le=hier)
    BesoinFactory(structure=cherche, categorie=ecran, etat="pourvue")
    BesoinFactory(structure=cherche, categorie=ecran)  # still open
    maintenant = timezone.now()
    for etat, jours in [("proposee", None), ("interessee", 2), ("conclue", 4), ("declinee", 3), ("sans_suite", None)]:
        relation = MiseEnRelationFactory(annonce=offre, etat=etat)
        relation.repondue_le = None if jours is None else relation.cree_le + timedelta(days=jours)
        relation.save()
    for etat, jours in [("refusee", 1), ("refusee", 3), ("confirmee", 2), ("demandee", None), ("annulee", None)]:
        reservation = ReservationFactory(etat=etat, calendrier__annonce__categorie=ecran)
        reservation.decidee_le = None if jours is None else reservation.cree_le + timedelta(days=jours)
        reservation.save()
    conclure(1, euros=Decimal(50))
    client.force_login(animateur)
    return maintenant


def test_ce_qui_ne_trouve_pas_de_reponse(client, vie):
    page = lire(client, EQUIPE)
    assert tableau(page, "besoins") == {
        "Matériel : Projection": ["2", "1", "6"],
        "Locaux, sans catégorie": ["1", "1", "0"],
    }


def test_les_reponses_et_leur_delai(client, vie):
    # The five of the offer, and the one that was concluded (answered by nobody, in this test).
    assert tableau(lire(client, EQUIPE), "reponses") == {"Matériel": ["6", "3", "3", "2"]}


def test_les_reservations_par_categorie(client, vie):
    assert tableau(lire(client, EQUIPE), "reservations") == {"Matériel : Projection": ["5", "2", "2", "1", "1", "2"]}


def test_par_structure_et_par_commune(client, vie):
    page = lire(client, EQUIPE, commune="Vichy")
    assert tableau(page, "structures") == {
        "Le Moulin": ["0", "5", "1", "0", "0"],
        "=cmd()": ["1", "0", "0", "5", "2"],
    }
    assert tableau(page, "communes") == {"Vichy (03310)": ["1", "5", "1", "2"]}


def test_les_echanges_par_nature_sont_dits_a_l_equipe(client, vie):
    assert tableau(lire(client, EQUIPE), "echanges") == {"Matériel, dit par les deux": ["1", "–", "50", "–"]}


def test_les_chiffres_publics_y_sont_aussi(client, vie):
    page = lire(client, EQUIPE, nature="local")
    assert tableau(page, "natures") == {"Locaux": ["0", "1", "0", "0", "0", "0"]}
    assert "Compté : Locaux." in page


@pytest.mark.parametrize("cle", TABLEAUX)
def test_chaque_tableau_en_fichier(client, vie, cle):
    page = lire(client, EQUIPE)
    assert f'href="{EQUIPE}{cle}.csv"' in page
    reponse = client.get(f"{EQUIPE}{cle}.csv")
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert "no-store" in reponse["Cache-Control"]
    assert f"chiffres-{cle}-12-mois-" in reponse["Content-Disposition"]
    texte = reponse.getvalue().decode()
    lignes = list(csv.reader(io.StringIO(texte.removeprefix("\ufeff")), delimiter=";"))
    attendues = tableau(page, cle)
    attendues.pop("Total", None)
    assert attendues
    lues = {nom.removeprefix("'"): [re.sub(",0+$", "", c) or "–" for c in reste] for nom, *reste in lignes[1:]}
    assert lues == attendues
    assert {len(ligne) for ligne in lignes} == {len(lignes[0])}


def test_une_formule_n_est_pas_executee(client, vie):
    texte = client.get(f"{EQUIPE}structures.csv").getvalue().decode()
    assert "'=cmd();1;0;0;5;2" in texte
    assert "\r\n=cmd()" not in texte


def test_le_fichier_a_toutes_les_lignes(client, vie, monkeypatch):
    monkeypatch.setattr("ressources.statistiques.presentation.equipe.LIMITE", 1)
    AnnonceFactory.create_batch(40)
    page = lire(client, EQUIPE)
    assert len(tableau(page, "structures")) == 30
    assert "Les 30 premières lignes." in page
    assert client.get(f"{EQUIPE}structures.csv").getvalue().decode().count("\r\n") > 40


def test_les_filtres_passent_au_fichier(client, vie):
    page = lire(client, EQUIPE, nature="local")
    adresse = re.search(rf'href="({EQUIPE}besoins.csv[^"]*)"', page)[1].replace("&amp;", "&")
    assert client.get(adresse).getvalue().decode().splitlines()[1:] == ["Locaux, sans catégorie;1;1;0"]


@pytest.mark.parametrize("nom", ["inconnu", "total"])
def test_un_tableau_inconnu(client, vie, nom):
    assert client.get(f"{EQUIPE}{nom}.csv").status_code == 404


@pytest.mark.parametrize("requete", ["periode=9999&nature=%00&commune=%00", "commune=" + "9" * 5000, "periode=NaN&p=1"])
def test_de_mauvais_choix_ne_cassent_rien(client, vie, requete):
    for adresse in (EQUIPE, f"{EQUIPE}mois.csv"):
        assert client.get(f"{adresse}?{requete}").status_code in (200, 400)


@pytest.mark.parametrize("nombre", [1, 5])
def test_requetes_de_la_page_de_l_equipe(client, animateur, nombre, django_assert_num_queries):
    conclure(nombre, heures=Decimal(1))
    ReservationFactory.create_batch(nombre, etat="refusee")
    BesoinFactory.create_batch(nombre, expire_le=timezone.localdate() - timedelta(days=1))
    client.force_login(animateur)
    client.get(EQUIPE)
    with django_assert_num_queries(22):
        client.get(EQUIPE)
