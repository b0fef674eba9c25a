"""The pages of shared purchases and posts: opening, joining, piloting, what is downloaded; their number of queries."""

import io
import uuid
from datetime import timedelta
from decimal import Decimal as D

import openpyxl
import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from annuaire.compte_attentes import toutes
from ressources.actions import mises_achat
from ressources.forms.mise_en_commun import chemin_local
from ressources.models import Annonce, MiseEnCommun, PartEnCommun, ReglagesStructure
from ressources.presentation_mises import au_pluriel, en_unites, resume
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.mises_en_commun import MiseEnCommunFactory, PalierFactory, PartEnCommunFactory, PosteFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notifie_aussitot")]


@pytest.fixture
def achat(structure):
    return MiseEnCommunFactory(annonce__structure=structure, annonce__titre="Terreau")


def page(nom, *arguments):
    return reverse(f"ressources:{nom}", args=arguments)


def remplir(mise, nombre, quantite=1):
    for rang in range(nombre):
        PartEnCommunFactory(
            mise=mise, quantite=quantite, structure__commune=CommuneFactory(code=f"03{rang + 1:03d}"), note="=1+1"
        )
    mise.refresh_from_db()
    return mise


def saisie(structure, **plus):
    return {
        "structure": structure.pk,
        "titre": "Papier recyclé",
        "description": "A4, 80 g.",
        "unite": "ramette",
        "pas": "1",
        "minimum": "1 000",
        "conditionnement": "50",
        "seuil_1": "",
        "prix_1": "4,20",
        "seuil_2": "1 000",
        "prix_2": "3,95",
        "frais": "25,50",
        "cloture_le": (timezone.localdate() + timedelta(days=30)).isoformat(),
        "quantite": "120",
        "tolerance": "30",
        "cle": str(uuid.uuid4()),
        **plus,
    }


def envoyer(client, url, donnees):
    reponse = client.post(url, donnees)
    assert reponse.status_code == 302, reponse.context["form"].errors
    return reponse


# -- opening


def test_opening_reads_french_numbers_and_waits_for_the_staff(client, referent, structure):
    client.force_login(referent)
    envoyer(client, page("achat_creer"), saisie(structure))
    mise = MiseEnCommun.objects.get()
    assert (mise.minimum, mise.conditionnement, mise.frais, mise.total) == (1000, 50, D("25.50"), 120)
    assert list(mise.paliers.values_list("a_partir_de", "prix")) == [(0, D("4.20")), (1000, D("3.95"))]
    part = mise.parts.get()
    assert (part.structure, part.tolerance, mise.annonce.etat) == (structure, 30, "a_valider")
    assert "Attendre la mise en ligne" in client.get(page("mise_piloter", mise.pk)).content.decode()


def test_a_trusted_structure_s_purchase_can_be_joined_at_once(client, referent, structure):
    ReglagesStructure.objects.create(structure=structure, de_confiance=True, confiance_le=timezone.now())
    client.force_login(referent)
    envoyer(client, page("achat_creer"), saisie(structure))
    assert MiseEnCommun.objects.get().est_ouverte


def test_same_opening_twice_opens_once(client, referent, structure):
    client.force_login(referent)
    donnees = saisie(structure)
    premiere, seconde = (envoyer(client, page("achat_creer"), donnees)["Location"] for _ in range(2))
    assert premiere == seconde
    assert (MiseEnCommun.objects.count(), Annonce.objects.count(), PartEnCommun.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("champ", "valeur", "message"),
    [
        ("minimum", "990", "le minimum serait 1\u00a0000"),
        ("minimum", "douze", "Ce nombre n&#x27;est pas compris"),
        ("minimum", "0", "plus grande que zéro"),
        ("minimum", "1000,5", "se compte par 1"),
        ("prix_2", "", "Donnez aussi le prix"),
        ("seuil_2", "", "Deux paliers partent"),
        ("cloture_le", "2020-01-01", "déjà passé"),
        ("cloture_le", "2099-01-01", "Un an au plus"),
        ("quantite", "", "Donnez aussi la quantité"),
        ("unite", "", "en quoi se compte"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_is_kept(client, referent, structure, champ, valeur, message):
    client.force_login(referent)
    reponse = client.post(page("achat_creer"), saisie(structure, **{champ: valeur}))
    texte = reponse.content.decode()
    assert reponse.status_code == 200
    assert message in texte
    assert 'value="Papier recyclé"' in texte
    assert not Annonce.objects.exists()


def test_from_a_category_of_post_its_the_title_and_a_local_link_are_kept(client, referent, structure):
    client.force_login(referent)
    origine = reverse("reunions:atelier_resultats", args=[4])
    url = page("achat_creer") + f"?titre=Achat+de+papier&origine={origine}"
    texte = client.get(url).content.decode()
    assert 'value="Achat de papier"' in texte
    assert f'href="{origine}"' in texte
    envoyer(client, url, saisie(structure))
    mise = MiseEnCommun.objects.get()
    assert mise.origine == origine
    assert f'href="{origine}"' in client.get(mise.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "origine",
    ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "/nulle-part/", "http://[::1"],
)
def test_a_link_elsewhere_is_left_out(client, referent, origine):
    client.force_login(referent)
    texte = client.get(page("achat_creer"), {"origine": origine, "annonce": "9" * 30}).content.decode()
    assert "Cette idée vient" not in texte


def test_chemin_local_keeps_pages_of_the_portal():
    assert chemin_local("/rencontres/?mois=3") == "/rencontres/?mois=3"
    assert chemin_local("rencontres/") == ""


def test_from_one_s_own_need_the_need_itself_is_joined(client, referent, structure):
    besoin = BesoinFactory(structure=structure, nature="competence", mode="service_payant", titre="Un juriste")
    client.force_login(referent)
    url = page("poste_creer") + f"?annonce={besoin.pk}"
    assert "Un juriste" in client.get(url).content.decode()
    donnees = {"competence": "juriste", "minimum": "75,83", "quantite": "10", "cle": str(uuid.uuid4())}
    envoyer(client, url, donnees)
    mise = MiseEnCommun.objects.get()
    assert (mise.annonce, mise.genre, mise.minimum, mise.total) == (besoin, "poste", D("75.83"), 10)
    assert client.get(url).status_code == 302, "opened once: the address leads to it"


def test_from_another_s_need_a_new_purchase_says_where_it_comes_from(client, referent, structure):
    besoin = BesoinFactory(titre="Cherche broyeur", description="À végétaux.")
    client.force_login(referent)
    url = page("achat_creer") + f"?annonce={besoin.pk}"
    assert 'value="Cherche broyeur"' in client.get(url).content.decode()
    envoyer(client, url, saisie(structure))
    mise = MiseEnCommun.objects.get()
    assert mise.annonce != besoin
    assert mise.origine == besoin.get_absolute_url()


def test_need_s_page_offers_it_and_shows_it_once_opened(client, referent, achat):
    besoin = BesoinFactory(nature="competence", mode="service_gratuit")
    client.force_login(referent)
    assert f"{page('poste_creer')}?annonce={besoin.pk}" in client.get(besoin.get_absolute_url()).content.decode()
    texte = client.get(achat.annonce.get_absolute_url()).content.decode()
    assert "0 sur 40\u00a0sacs" in texte
    assert achat.get_absolute_url() in texte


# -- the page, joining


def test_progress_is_for_all_and_names_for_members(client, etranger, achat):
    remplir(achat, 3, 10)
    nom = "Les Trois Jardins"
    PartEnCommunFactory(mise=achat, quantite=5, structure__nom=nom)
    achat.refresh_from_db()
    texte = client.get(achat.get_absolute_url()).content.decode()
    assert "35 sur 40\u00a0sacs" in texte
    assert "Il manque 5\u00a0sacs" in texte
    assert nom not in texte
    client.force_login(etranger)
    texte = client.get(achat.get_absolute_url()).content.decode()
    assert nom in texte
    assert "=1+1" not in texte, "a note is for the pilot"


def test_joining_changing_leaving(client, etranger, achat):
    achat.conditionnement = 10
    achat.save()
    structure = etranger.rattachements.get().structure
    client.force_login(etranger)
    url = achat.get_absolute_url()
    donnees = {"structure": structure.pk, "quantite": "12", "tolerance": "3", "cle": str(uuid.uuid4())}
    envoyer(client, url, {"geste": "rejoindre", **donnees})
    part = PartEnCommun.objects.get()
    assert "Changer la quantité" in client.get(url).content.decode()
    envoyer(client, url, {"geste": "changer", "part": part.pk, "quantite": "15"})
    part.refresh_from_db()
    assert (part.quantite, part.tolerance) == (15, 0)
    reponse = client.post(url, {"geste": "changer", "part": part.pk, "quantite": "quinze"})
    assert 'value="quinze"' in reponse.content.decode()
    envoyer(client, url, {"geste": "quitter", "part": part.pk})
    achat.refresh_from_db()
    assert achat.total == 0


def test_joining_twice_says_so(client, etranger, achat):
    structure = etranger.rattachements.get().structure
    PartEnCommunFactory(mise=achat, structure=structure)
    client.force_login(etranger)
    donnees = {"geste": "rejoindre", "structure": structure.pk, "quantite": "2", "cle": str(uuid.uuid4())}
    assert "prend déjà part" in client.post(achat.get_absolute_url(), donnees).content.decode()


# -- piloting


def test_pilot_s_page_leads_from_the_order_to_the_end(client, referent, structure, achat):
    PalierFactory(mise=achat, prix="8.20")
    PartEnCommunFactory(mise=achat, structure=structure, quantite=20)
    autre = PartEnCommunFactory(mise=achat, quantite=21)
    client.force_login(referent)
    url = page("mise_piloter", achat.pk)
    texte = client.get(url).content.decode()
    assert "Passer la commande" in texte
    assert 'value="8,20"' in texte
    envoyer(client, url, {"geste": "commander", "prix": "8,15", "frais": "10", "vue": "41"})
    reponse = client.post(url, {"geste": "recevoir", "recue": "42", "prix": "8,15", "frais": "10"})
    assert "au plus ce qui était commandé" in reponse.content.decode()
    envoyer(client, url, {"geste": "recevoir", "recue": "39", "prix": "8,15", "frais": "10"})
    texte = client.get(url).content.decode()
    assert "327,85\u00a0€" in texte
    assert texte.count("Noter réglé") == 1, "the pilot pays the supplier"
    assert client.post(url, {"geste": "regler", "reglement": f"{autre.pk}:oui"})["Location"] == f"{url}#part-{autre.pk}"
    assert (
        "Solder l&#x27;achat" in client.get(url).content.decode()
        or "Solder l'achat" in client.get(url).content.decode()
    )
    envoyer(client, url, {"geste": "solder"})
    achat.refresh_from_db()
    assert achat.etat == "soldee"


def test_order_on_a_stale_page_is_refused_and_the_price_kept(client, referent, achat):
    remplir(achat, 1, 41)
    client.force_login(referent)
    reponse = client.post(page("mise_piloter", achat.pk), {"geste": "commander", "prix": "7,77", "vue": "40"})
    texte = reponse.content.decode()
    assert "Les quantités ont changé" in texte
    assert 'value="7,77"' in texte
    assert 'name="vue" value="41"' in texte, "the new quantity is on the page: sending again orders it"


@pytest.mark.parametrize("reglement", ["", "x", "0:oui", "1:peut-etre", "999999999:oui", "9" * 19])
def test_a_damaged_payment_changes_nothing(client, referent, achat, reglement):
    remplir(achat, 1, 40)
    mises_achat.commander(achat, par=None, prix=D(8), frais=D(0), vue=D(40))
    mises_achat.recevoir(achat, par=None, recue=D(40), prix=D(8), frais=D(0))
    client.force_login(referent)
    reponse = client.post(page("mise_piloter", achat.pk), {"geste": "regler", "reglement": reglement})
    assert reponse.status_code in (200, 404)
    assert PartEnCommun.objects.get().regle_le is None


def test_a_closing_date_that_is_past_waits_on_the_member_s_home(referent, achat):
    assert toutes(referent) == []
    MiseEnCommun.objects.update(cloture_le=timezone.localdate() - timedelta(days=1))
    (ligne,) = toutes(referent)
    assert ligne.url == page("mise_piloter", achat.pk)
    assert "n'est pas atteint" in ligne.phrase


# -- files


def lu(client, mise, format):
    reponse = client.get(page("mise_tableau", mise.pk, format))
    assert reponse["Content-Disposition"].startswith("attachment")
    return reponse.content


def test_csv_is_french_and_runs_no_formula(client, referent, achat):
    remplir(achat, 2, D("20"))
    mises_achat.commander(achat, par=None, prix=D("8.15"), frais=D("0.25"), vue=D(40))
    mises_achat.recevoir(achat, par=None, recue=D(39), prix=D("8.15"), frais=D("0.25"))
    client.force_login(referent)
    lignes = lu(client, achat, "csv").decode("utf-8-sig").splitlines()
    assert lignes[0].split(";")[-3:] == ["À régler (€)", "Réglé", "Note"]
    assert [ligne.split(";")[4:] for ligne in lignes[1:]] == [
        ["20", "20", "163", "0,13", "163,13", "non", "'=1+1"],
        ["20", "19", "154,85", "0,12", "154,97", "non", "'=1+1"],
    ]


def test_xlsx_of_a_post_is_for_an_employers_group(client, referent, structure):
    poste = PosteFactory(annonce__structure=structure)
    PartEnCommunFactory(
        mise=poste,
        quantite=D("31.5"),
        structure__nom="=Foyer",
        structure__telephone="0199001234",
        structure__courriel="",
    )
    client.force_login(referent)
    feuille = openpyxl.load_workbook(io.BytesIO(lu(client, poste, "xlsx"))).active
    entetes, ligne = ([cellule.value for cellule in rangee] for rangee in feuille.iter_rows())
    assert dict(zip(entetes, ligne, strict=True)) | {"Commune": ""} == {
        "Structure": "'=Foyer",
        "Commune": "",
        "SIRET": None,
        "Distance (km)": 0,
        "Heures par mois": 31.5,
        "Téléphone": "0199001234",
        "E-mail": None,
        "Note": None,
    }


def test_sheet_to_print_is_accessible(client, referent, achat):
    remplir(achat, 30, 2)
    client.force_login(referent)
    with pikepdf.open(io.BytesIO(lu(client, achat, "pdf"))) as document:
        assert document.Root.MarkInfo.Marked
        assert document.docinfo["/Title"] == "Achat groupé : Terreau"


# -- words


def test_units_in_french():
    assert [au_pluriel(mot) for mot in ("sac de 25 kg", "kg", "rouleau", "bois", "noix", "ramette")] == [
        "sacs de 25 kg", "kg", "rouleaux", "bois", "noix", "ramettes",
    ]  # fmt: skip
    mise = MiseEnCommunFactory.build(annonce=None)
    assert [en_unites(D(v), mise) for v in ("0", "1.5", "2", "1250.50")] == [
        "0\u00a0sac", "1,5\u00a0sac", "2\u00a0sacs", "1\u00a0250,5\u00a0sacs",
    ]  # fmt: skip


def test_live_total_of_a_post():
    vichy = CommuneFactory(nom="Vichy", latitude=46.12, longitude=3.42)
    poste = PosteFactory(annonce__structure__commune=vichy)
    assert resume(poste, []) == "Personne pour le moment"
    for latitude in (46.13, 46.25):
        commune = CommuneFactory(latitude=latitude, longitude=3.42)
        PartEnCommunFactory(mise=poste, quantite=D("15.5"), structure__commune=commune)
    poste.refresh_from_db()
    texte = resume(poste, list(poste.parts.pour_pages()))
    assert texte == "2 structures, 31\u00a0h par mois, à moins de 15\u00a0km"


# -- queries


@pytest.mark.parametrize("nombre", [1, 20])
def test_list_costs_the_same(client, referent, django_assert_num_queries, nombre):
    for rang in range(nombre):
        remplir(MiseEnCommunFactory(annonce__commune=CommuneFactory(code=f"63{rang + 1:03d}")), 2)
        MiseEnCommunFactory(etat="abandonnee", annonce__etat="pourvue")
    client.force_login(referent)
    client.get(page("ensemble"))
    with django_assert_num_queries(7):
        assert client.get(page("ensemble")).status_code == 200


@pytest.mark.parametrize("nombre", [1, 40])
@pytest.mark.parametrize("nom", ["mise_en_commun", "mise_piloter"])
def test_a_page_costs_the_same_whatever_the_parts(client, referent, achat, django_assert_num_queries, nombre, nom):
    remplir(achat, nombre, 40)
    client.force_login(referent)
    url = page(nom, achat.pk)
    client.get(url)
    with django_assert_num_queries({"mise_en_commun": 11, "mise_piloter": 9}[nom]):
        assert client.get(url).status_code == 200


def test_offers_have_no_panel_and_batches_are_left_alone(client, referent):
    client.force_login(referent)
    assert "titre-ensemble" not in client.get(AnnonceFactory().get_absolute_url()).content.decode()


def test_a_member_of_no_structure_is_told_how(client, achat):
    client.force_login(UtilisateurFactory())
    texte = client.get(achat.get_absolute_url()).content.decode()
    assert "au nom d'une structure publiée" in texte
    assert client.post(achat.get_absolute_url(), {"geste": "rejoindre"}).status_code == 403
    assert client.get(page("achat_creer")).status_code == 200
    assert client.post(page("achat_creer"), {}).status_code == 403


def test_own_structure_that_is_not_published_does_not_join(client, achat):
    membre = RattachementFactory(role="referent", structure=StructureFactory(etat="a_valider")).utilisateur
    client.force_login(membre)
    assert client.post(achat.get_absolute_url(), {"geste": "rejoindre"}).status_code == 403
