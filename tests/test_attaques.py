"""Holes that were found by attacking the portal, each with the request that opened it."""

import io
import time
import zipfile

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from annuaire.actions import proposition, publication
from annuaire.admin.suivi import mots_differents
from annuaire.imports.erreurs import FichierIllisible
from annuaire.imports.xlsx import lire_xlsx
from annuaire.models import Structure
from pole_ess.socle.courriel.texte import texte_de_html
from tests.factories import StructureFactory

pytestmark = pytest.mark.django_db
TEMOIN = '"abcdefghijkl\\000mnop"'


def client_de(utilisateur=None) -> Client:
    client = Client(raise_request_exception=False)
    if utilisateur is not None:
        client.force_login(utilisateur, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_un_temoin_avec_nul_est_oublie():
    """Cookies may write NUL as \\000; the session's key went to PostgreSQL with it: a 500 on every page."""
    entete = f"sessionid={TEMOIN}; csrftoken={TEMOIN}; messages={TEMOIN}"
    assert client_de().get("/annuaire/", headers={"cookie": entete}).status_code == 200


@pytest.mark.parametrize("jeu", ["hex", "zlib", "unicode_escape", "utf-7", "idna"])
def test_un_formulaire_dans_un_autre_jeu_de_caracteres_est_refuse(jeu):
    corps = b'--B\r\nContent-Disposition: form-data; name="nom"\r\n\r\n\\ud800 +2AA-\r\n--B--\r\n'
    sorte = f"multipart/form-data; boundary=B; charset={jeu}"
    reponse = client_de().generic("POST", "/annuaire/proposer/", corps, content_type=sorte)
    assert reponse.status_code == 400
    assert "Cette demande n'est pas lisible" in reponse.content.decode()


@pytest.mark.parametrize("nom", ["account_login", "account_signup", "account_reset_password"])
def test_next_illisible_n_est_pas_une_erreur(nom):
    assert client_de().get(reverse(nom), {"next": "http://[::1"}).status_code == 200


@pytest.mark.parametrize("version", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "hier"])
def test_version_impossible(structure, referent, version):
    donnees = {"nom": structure.nom, "presentation": "Autre", "version": version}
    reponse = client_de(referent).post(reverse("annuaire:structure_modifier", args=[structure.slug]), donnees)
    assert reponse.status_code in (200, 302)


@pytest.mark.parametrize("degres", ["1e-400", "0.0000001"])
def test_un_point_qui_s_arrondit_a_0_0_est_refuse(structure, referent, degres):
    donnees = {"nom": structure.nom, "latitude": degres, "longitude": degres}
    reponse = client_de(referent).post(reverse("annuaire:structure_modifier", args=[structure.slug]), donnees)
    assert reponse.status_code == 200
    assert "latitude" in reponse.context["form"].errors


@pytest.mark.parametrize(
    ("liste", "code"),
    [
        ("annuaire/echange/?date__year=9999", 302),
        ("annuaire/echange/?date__year=999999999999999999999", 302),
        ("socle/courriel/?cree_le__year=9999", 302),
        ("annuaire/structure/?nom__regex=(", 400),
        ("annuaire/structure/?tri__iregex=((a%2B)%2B)%2B", 400),
    ],
)
def test_filtres_impossibles_de_l_equipe(animateur, liste, code):
    assert client_de(animateur).get(f"/admin/{liste}").status_code == code


@pytest.mark.parametrize("choisie", ["abc", "\x00"])
def test_ligne_choisie_impossible(animateur, structure, choisie):
    donnees = {"action": "publier_la_selection", "_selected_action": choisie}
    assert client_de(animateur).post("/admin/annuaire/structure/", donnees).status_code == 400


def test_le_lien_de_correction_ne_sert_plus_une_fois_la_fiche_publiee(animateur):
    """Its holder proposed the structure and may be a stranger to it: with the published sheet in their hands they
    could write their own address on it, then claim it through that address."""
    structure = StructureFactory(etat="a_valider", courriel="bureau@structure.example.org")
    publication.demander_correction(structure, par=animateur, motif="L'adresse ?")
    lien = proposition.lien_au_nom_de(structure)
    assert client_de().get(lien).status_code == 200
    publication.resoumettre(structure, par=animateur)
    publication.publier(structure, par=animateur)
    assert client_de().get(lien).status_code == 410
    vol = {"reponse": "corriger", "nom": structure.nom, "courriel": "voleur@example.org"}
    assert client_de().post(lien, vol).status_code == 410
    assert Structure.objects.get(pk=structure.pk).courriel == "bureau@structure.example.org"


def test_le_lien_au_nom_de_vaut_apres_la_publication(animateur):
    structure = StructureFactory(etat="a_valider")
    lien = proposition.lien_au_nom_de(structure)
    publication.publier(structure, par=animateur)
    assert client_de().get(lien).status_code == 200


def _dure(fonction, *arguments) -> float:
    depart = time.perf_counter()
    fonction(*arguments)
    return time.perf_counter() - depart


def test_comparer_deux_textes_repetes_ne_prend_pas_une_minute():
    """The page where staff review an edit compares word by word: these two texts held it for 100 seconds."""
    assert _dure(mots_differents, "a " * 2000, "a b " * 1000) < 1
    avant, apres = mots_differents("le bar du pont", "le café du pont")
    assert (avant, apres) == ("le <del>bar</del> du pont", "le <ins>café</ins> du pont")


@pytest.mark.parametrize("motif", ["<a ", "<!--", "<a b='", "<!--x>", "<!", "</", "<p>"])
def test_lire_un_courriel_html_hostile_ne_tient_pas_un_processus(motif):
    assert _dure(texte_de_html, motif * 100_000) < 5


def test_lire_un_courriel_html_ordinaire():
    html = '<p class="x">Bon<!-- c -->jour <a href="x">ici</a>, 3 < 4</p><blockquote>cité</blockquote>'
    assert texte_de_html(html).split() == ["Bon", "jour", "ici,", "3", "<", "4"]


def test_classeur_dont_chaque_ligne_va_jusqu_a_la_derniere_colonne():
    """40 KB of file were 380 MB of memory: 16,384 cells for each row."""
    classeur, source, hostile = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    classeur.active["A1"] = "nom"
    classeur.save(source)
    lignes = b"".join(b'<row r="%d"><c r="XFD%d"><v>%d</v></c></row>' % (n, n, n * 7919) for n in range(1, 1000))
    feuille = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>'
    with zipfile.ZipFile(source) as avant, zipfile.ZipFile(hostile, "w", zipfile.ZIP_DEFLATED) as apres:
        for nom in avant.namelist():
            contenu = feuille % lignes + b"</worksheet>" if nom.endswith("sheet1.xml") else avant.read(nom)
            apres.writestr(nom, contenu)
    with pytest.raises(FichierIllisible, match="La ligne 1 a plus de 300 colonnes"):
        lire_xlsx(hostile.getvalue())
