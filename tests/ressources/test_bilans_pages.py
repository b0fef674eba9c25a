"""A structure's bilan as its members, the staff and the public read it; its files; its word on an exchange."""

import csv
import io
import re
from datetime import datetime
from decimal import Decimal
from html import unescape

import page as validateur
import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from ressources.actions import bilan
from ressources.actions import bilans as actions
from ressources.models import Bilan, MiseEnRelation, ReglagesStructure
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.bilans import CoefficientEstimeFactory
from tests.factories.ressources import AnnonceFactory, LotFactory, MiseEnRelationFactory, PartDeLotFactory

from .test_bilans import PARIS, echange, pret

pytestmark = pytest.mark.django_db


@pytest.fixture
def au_jour(monkeypatch):
    """It is noon on 25 November 2026 in Paris."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 25, 12, tzinfo=PARIS))


@pytest.fixture
def offre(au_jour):
    return AnnonceFactory(titre="Coup de main au verger", mode="service_gratuit", nature="entraide",
                          structure__nom="Le Verger", structure__slug="le-verger")  # fmt: skip


@pytest.fixture
def membre(client, offre):
    client.force_login(RattachementFactory(structure=offre.structure, role="membre").utilisateur)
    return client


def lire(client, adresse, **parametres) -> str:
    reponse = client.get(adresse, parametres)
    assert reponse.status_code == 200, adresse
    return re.sub(r"\s+", " ", unescape(reponse.content.decode()))


def page(client, offre, annee=2026, **parametres):
    return lire(client, reverse("ressources:bilan", args=[offre.structure.slug, annee]), **parametres)


def tableau(texte, cle) -> dict:
    """Row -> its cells, as a person reads them."""
    trouve = re.search(rf'<caption[^>]*id="tableau-{cle}">.*?</table>', texte)[0]
    lignes = re.findall(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', trouve)
    return {nom: re.findall(r"<td>([^<]*)</td>", reste) for nom, reste in lignes}


def telecharge(client, offre, fichier, annee=2026):
    reponse = client.get(reverse("ressources:bilan_csv", args=[offre.structure.slug, annee, fichier]))
    assert reponse["Cache-Control"] == "private, no-store"
    octets = reponse.getvalue()
    assert octets.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))


# -- the page


def test_les_deux_cotes_et_les_trois_bases(membre, offre):
    CoefficientEstimeFactory(genre="euros_pret", valeur=Decimal("2.5"), exemple=True, source="Étude inventée")
    echange(offre, heures=Decimal("1203.5"))
    echange(offre, deux=False, heures=Decimal(4))
    pret(AnnonceFactory(structure=offre.structure), duree=2)
    echange(AnnonceFactory(), deux=False)  # of others
    texte = page(membre, offre)
    assert tableau(texte, "donne") == {
        "Échanges déclarés": ["1", "1", "–"],
        "Heures": ["1 203,5 h (1 échange)", "4 h (1 échange)", "–"],
        "Euros évités ou payés": ["–", "–", "5 € (1 échange)"],
        "Prêts et locations rendus": ["1", "–", "–"],
    }
    assert 'id="tableau-recu"' not in texte
    assert "1 207,5" not in texte  # the two bases, added
    assert "Du 1er janvier au 25 novembre 2026" in texte
    assert "5 €, <strong>estimé</strong> : 2,5 € par objet et par jour, depuis le 1er janvier 2020." in texte
    assert "<strong>Valeur d'exemple, à remplacer.</strong> Source : <a" in texte
    assert texte.count("Étude inventée") == 2  # beside the estimate, and in the method


def test_la_comparaison_se_lit_en_mots(membre, offre):
    for quand, heures in ((datetime(2025, 3, 1, tzinfo=PARIS), 10), (datetime(2025, 12, 1, tzinfo=PARIS), 500),
                          (datetime(2026, 3, 1, tzinfo=PARIS), 4)):  # fmt: skip
        echange(offre, quand=quand, heures=Decimal(heures))
    echange(offre, quand=datetime(2025, 3, 1, tzinfo=PARIS), deux=False, kilos=Decimal(2))
    texte = page(membre, offre)
    assert "Heures, dit par les deux : 4 h, contre 10 h à la même date en 2025, soit 6 h de moins." in texte
    assert "Échanges déclarés, dit par les deux : 1, comme à la même date en 2025." in texte
    assert "Kilos réemployés, dit par une seule : rien, contre 2 kg à la même date en 2025." in texte
    avant = page(membre, offre, 2025)
    assert "Heures, dit par les deux : 510 h, rien en 2024." in avant
    assert "au même jour, l'an dernier" not in avant


def test_rien_encore(membre, offre):
    texte = page(membre, offre)
    assert "Aucun échange noté en 2026." in texte
    assert reverse("ressources:conversations") in texte
    assert "<table" not in texte


def test_il_manque_un_mot(membre, offre, client):
    relation = echange(offre, deux=False, heures=Decimal(1))
    besoin = MiseEnRelationFactory(annonce=AnnonceFactory(structure__nom="La Roue"), structure=offre.structure)
    bilan.declarer(annonce=besoin.annonce, structure=besoin.annonceur, mise_en_relation=besoin, par=None, kilos=2)
    rendu = pret(AnnonceFactory(structure=offre.structure))
    texte = page(membre, offre)
    assert f"Il manque les chiffres de {relation.structure.nom}." in texte
    assert reverse("ressources:conversation", args=[relation.pk]) in texte
    assert "Il manque vos chiffres" in texte
    lien = reverse("ressources:bilan_declarer", args=["le-verger", f"r{besoin.pk}"])
    assert f'<a href="{lien}">Donner les vôtres' in texte
    assert reverse("ressources:bilan_declarer", args=["le-verger", f"b{rendu.pk}"]) in texte
    assert "Il manque vos chiffres <b>2</b>" in texte
    assert "Il manque ceux de l'autre structure <b>1</b>" in texte
    a_dire = page(membre, offre, voir="a-dire")
    assert "Donner les vôtres" in a_dire
    assert "Dire ce qu'il a valu" in a_dire
    assert f"Il manque les chiffres de {relation.structure.nom}." not in a_dire
    assert "Donner les vôtres" not in page(membre, offre, voir="a-confirmer")


def test_l_equipe_lit_sans_declarer(client, offre, animateur):
    relation = echange(offre, deux=False, heures=Decimal(1))
    client.force_login(animateur)
    texte = page(client, offre)
    assert reverse("ressources:conversation", args=[relation.pk]) not in texte
    assert offre.get_absolute_url() in texte
    assert "/echange/" not in texte


@pytest.mark.parametrize(
    ("numero", "montree"), [("", 1), ("2", 2), ("x", 1), ("0", 2), ("-1", 2), ("9" * 400, 2), ("3", 2)]
)
def test_la_liste_est_paginee(membre, offre, numero, montree):
    for rang in range(26):
        bilan.declarer(annonce=offre, structure=offre.structure, par=None, avec_libre=f"Numéro {rang}", heures=1)
    texte = page(membre, offre, voir="n-existe-pas", page=numero)
    assert f"Page {montree} sur 2" in texte
    assert texte.count("avec Numéro") == (25 if montree == 1 else 1)


def test_rien_de_cette_sorte(membre, offre):
    echange(offre, heures=Decimal(1))
    assert "Aucun échange de cette sorte." in page(membre, offre, voir="a-dire")


@pytest.mark.parametrize(
    "annee", ["2027", "1999", "0", "20260", "9" * 5000, "-2026", "deux-mille", "2026.0", "２０２６"]
)
def test_une_annee_qui_n_existe_pas(membre, offre, annee):
    assert membre.get(f"/offres-et-besoins/bilan/le-verger/{annee}/").status_code == 404
    assert membre.get(f"/offres-et-besoins/bilan/le-verger/{annee}/bilan.pdf").status_code == 404


@pytest.mark.parametrize("nombre", [1, 30])
def test_requetes_de_la_page(membre, offre, nombre, django_assert_num_queries):
    CoefficientEstimeFactory(genre="euros_pret")
    for _ in range(nombre):
        echange(offre, heures=Decimal(1))
    pret(AnnonceFactory(structure=offre.structure))
    page(membre, offre)
    with django_assert_num_queries(19):
        page(membre, offre)


def test_les_annees_a_choisir(membre, offre):
    texte = page(membre, offre, 2024)
    liens = [reverse("ressources:bilan", args=["le-verger", annee]) for annee in (2026, 2024, 2023)]
    assert re.findall(r'<a class="puce" href="(/offres-et-besoins/bilan/[^"?]+/)"', texte) == liens
    assert f'href="{liens[1]}" aria-current="page"' in texte
    assert f'{reverse("ressources:bilan", args=["le-verger", 2006])}"' not in page(membre, offre, 2007)


# -- one's word


@pytest.mark.parametrize("sorte", ["r", "b", "p", "d"])
def test_dire_ce_qu_un_echange_a_valu(membre, offre, sorte):
    autre = StructureFactory(nom="La Roue")
    if sorte == "r":
        relation = MiseEnRelationFactory(annonce=offre, structure=autre, etat="conclue")
        code = f"r{relation.pk}"
    elif sorte == "b":
        code = f"b{pret(AnnonceFactory(structure=offre.structure), structure=autre).pk}"
    elif sorte == "p":
        lot = LotFactory(structure=offre.structure)
        code = f"p{PartDeLotFactory(annonce=lot, structure=autre, etat='remise').pk}"
    else:
        dit = Bilan.objects.create(annonce=offre, structure=autre, avec=offre.structure, heures=1)
        code = f"d{dit.pk}"
    adresse = reverse("ressources:bilan_declarer", args=["le-verger", code])
    texte = lire(membre, adresse)
    assert "avec La Roue" in texte
    assert ("La Roue dit : 1 h." in texte) == (sorte == "d")
    faux = membre.post(adresse, {"heures": "beaucoup", "kilos": "2"})
    assert faux.status_code == 200
    assert 'value="beaucoup"' in faux.content.decode()
    for heures in ("3,5", "1 250,25"):  # said again, it is corrected
        reponse = membre.post(adresse, {"heures": heures, "euros": "", "kilos": ""})
        assert reponse.url == reverse("ressources:bilan", args=["le-verger", 2026])
    dit = Bilan.objects.get(structure=offre.structure)
    assert (dit.heures, dit.euros, dit.declare_par_id) == (
        Decimal("1250.25"),
        None,
        int(membre.session["_auth_user_id"]),
    )
    assert 'value="1250,25"' in lire(membre, adresse).replace("\u202f", "").replace("1 250", "1250")


@pytest.mark.parametrize("code", ["r", "x1", "r1x", "b" + "9" * 18, "r" + "9" * 30, "d0", "r-1", "b١"])
def test_un_echange_inconnu(membre, offre, code):
    assert membre.get(f"/offres-et-besoins/bilan/le-verger/echange/{code}/").status_code == 404


def test_pas_l_echange_des_autres_ni_ce_qui_n_a_pas_eu_lieu(offre):
    siens = [
        MiseEnRelationFactory(annonce=offre, etat="interessee"),
        MiseEnRelationFactory(etat="conclue"),
    ]
    assert [actions.echange(offre.structure, f"r{r.pk}") for r in siens] == [None, None]
    assert actions.echange(offre.structure, f"b{pret().pk}") is None
    assert actions.echange(offre.structure, f"p{PartDeLotFactory(etat='remise').pk}") is None
    attribuee = PartDeLotFactory(annonce=LotFactory(structure=offre.structure), etat="attribuee")
    assert actions.echange(offre.structure, f"p{attribuee.pk}") is None
    libre = Bilan.objects.create(annonce=offre, structure=offre.structure, avec_libre="La Roue")
    assert actions.echange(offre.structure, f"d{libre.pk}") is None


def test_d_une_conversation_anonymisee_personne_ne_revient(offre, referent):
    relation = MiseEnRelationFactory(annonce=offre, etat="conclue")
    MiseEnRelation.objects.filter(pk=relation.pk).update(anonymisee_le=timezone.now())
    trouve = actions.echange(offre.structure, f"r{relation.pk}")
    assert actions.declarer(trouve, structure=offre.structure, par=referent, heures=1).declare_par is None


# -- files


def test_les_totaux_au_tableur(membre, offre):
    echange(offre, heures=Decimal("1203.5"))
    echange(offre, deux=False, heures=Decimal(4))
    lignes = telecharge(membre, offre, "totaux")
    assert [(ligne["côté"], ligne["mesure"], ligne["base"], ligne["valeur"]) for ligne in lignes] == [
        ("donné", "Échanges déclarés", "dit par les deux", "1"),
        ("donné", "Échanges déclarés", "dit par une seule", "1"),
        ("donné", "Heures", "dit par les deux", "1203,50"),
        ("donné", "Heures", "dit par une seule", "4,00"),
    ]
    assert {(ligne["structure"], ligne["année"], ligne["arrêté au"]) for ligne in lignes} == {
        ("Le Verger", "2026", "2026-11-25")
    }


def test_les_echanges_au_tableur_sans_formule(membre, offre):
    CoefficientEstimeFactory(valeur=Decimal("2.5"), source="=1+1", source_url="https://example.org/a")
    don = AnnonceFactory(structure=offre.structure, mode="don", titre="=cmd()|'/c'!A1")
    relation = echange(don)
    relation.structure.nom = "@SUM(A1)"
    relation.structure.save()
    dit, estime = telecharge(membre, offre, "echanges")
    assert (dit["quoi"], dit["avec"]) == ("'=cmd()|'/c'!A1", "'@SUM(A1)")
    assert (dit["base"], dit["coefficient"], dit["valeur d'exemple"]) == ("dit par les deux", "", "")
    assert (estime["base"], estime["valeur"], estime["coefficient"]) == ("estimé", "2,50", "2,500")
    assert (estime["source"], estime["unité du coefficient"], estime["valeur d'exemple"]) == (
        "'=1+1", "kg par objet", "non",
    )  # fmt: skip


def genres(noeud):
    for enfant in noeud if isinstance(noeud, pikepdf.Array) else [noeud]:
        if isinstance(enfant, pikepdf.Dictionary) and "/S" in enfant:
            yield str(enfant.S)
            if "/K" in enfant:
                yield from genres(enfant.K)


@pytest.mark.parametrize("garni", [False, True])
def test_le_pdf_est_accessible(membre, offre, garni):
    if garni:
        offre.structure.nom = 'Le #Verger *[de] "tous" 🍎'
        offre.structure.save()
        CoefficientEstimeFactory(
            valeur=Decimal(3),
            exemple=True,
            source="Étude #inventée $1",
            source_url=f"https://example.org/{'tres-long/' * 40}?a=#b",
        )
        echange(offre, heures=Decimal("2.5"))
        echange(AnnonceFactory(structure=offre.structure, mode="don"), quand=datetime(2025, 5, 5, tzinfo=PARIS))
        echange(AnnonceFactory(structure=offre.structure, mode="don"))
        echange(AnnonceFactory(sens="besoin", structure=offre.structure), deux=False, euros=Decimal(12))
    reponse = membre.get(reverse("ressources:bilan_pdf", args=["le-verger", 2026]))
    assert reponse["Content-Disposition"] == 'attachment; filename="bilan-2026-le-verger.pdf"'
    assert reponse["Cache-Control"] == "private, no-store"
    dit = validateur.validate_pdf_bytes(reponse.content, profile=validateur.ValidationProfile.PDF_UA_1)
    assert dit.is_compliant, list(dit.failures)
    with pikepdf.open(io.BytesIO(reponse.content)) as pdf:
        assert str(pdf.Root.Lang) == "fr-FR"
        assert str(pdf.docinfo.Title).startswith("Bilan 2026 des échanges de Le ")
        vus = list(genres(pdf.Root.StructTreeRoot.K))
    # Given, received, what is counted, the coefficients; beside the year before, two sides.
    assert (vus.count("/Table"), vus.count("/H2")) == ((4, 2) if garni else (1, 0))


# -- for all


@pytest.fixture
def publie(offre):
    """Five exchanges of the finished year that both declared, four that one did; the choice is not made yet."""
    for n in range(9):
        echange(offre, quand=datetime(2025, 5, 5, tzinfo=PARIS), deux=n < 5, heures=Decimal(2))
    return offre


def fiche(client, offre):
    return lire(client, offre.structure.get_absolute_url())


def test_rien_ne_se_montre_sans_que_la_structure_le_choisisse(client, publie):
    assert "Ce que ses échanges ont apporté" not in fiche(client, publie)
    ReglagesStructure.objects.create(structure=publie.structure, bilan_public=True)
    texte = fiche(client, publie)
    assert "En 2025, par les échanges entre structures notés sur ce portail" in texte
    assert "Heures : 10 h (5 échanges), dit par les deux" in texte
    assert "Coefficients :" not in texte
    assert "dit par une seule</li>" not in texte  # four exchanges: it would tell too much


def test_le_choix_de_la_structure(client, publie):
    client.force_login(RattachementFactory(structure=publie.structure, role="referent").utilisateur)
    texte = page(client, publie)
    assert "Rien de ce bilan ne se montre à tous." in texte
    adresse = reverse("ressources:bilan_montrer", args=["le-verger"])
    reponse = client.post(adresse, {"oui": "on"}, follow=True)
    assert "Vos totaux de 2025 se montrent sur votre fiche." in unescape(reponse.content.decode())
    assert ReglagesStructure.objects.get().bilan_public
    client.post(adresse, {})
    assert not ReglagesStructure.objects.get().bilan_public


def test_trop_peu_pour_etre_montre(client, offre):
    echange(offre, quand=datetime(2025, 5, 5, tzinfo=PARIS), heures=Decimal(2))
    client.force_login(RattachementFactory(structure=offre.structure, role="referent").utilisateur)
    reponse = client.post(reverse("ressources:bilan_montrer", args=["le-verger"]), {"oui": "on"}, follow=True)
    assert "Rien ne se montre encore pour 2025" in unescape(reponse.content.decode())
    assert "bloc-bilan" not in fiche(client, offre)


def test_un_membre_ne_choisit_pas(membre, offre):
    assert "Enregistrer ce choix" not in page(membre, offre)
    assert membre.post(reverse("ressources:bilan_montrer", args=["le-verger"]), {"oui": "on"}).status_code == 403


# -- one's structures


def test_de_la_liste_au_bilan(client, offre):
    rattachement = RattachementFactory(structure=offre.structure, role="membre")
    client.force_login(rattachement.utilisateur)
    assert client.get("/offres-et-besoins/bilan/").url == "/offres-et-besoins/bilan/le-verger/2026/"
    assert client.get("/offres-et-besoins/bilan/le-verger/").url == "/offres-et-besoins/bilan/le-verger/2026/"
    seconde = RattachementFactory(utilisateur=rattachement.utilisateur, structure__nom="La Roue").structure
    RattachementFactory(utilisateur=rattachement.utilisateur, structure__nom="Partie", etat="demande")
    texte = lire(client, "/offres-et-besoins/bilan/")
    assert reverse("ressources:bilan", args=[seconde.slug, 2026]) in texte
    assert "Partie" not in texte
    assert "Bilan de l'année" in lire(client, "/compte/")
