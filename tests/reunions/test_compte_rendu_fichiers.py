"""Each format of the minutes, opened again: PDF/UA-1 by a validator that is not ours, DOCX, ODT, braille."""

import io
import zipfile

import page
import pikepdf
import pytest
import typst
from defusedxml import ElementTree as ET

from pole_ess.socle import documents
from reunions.compte_rendu import braille, bureautique, en_lignes, fichiers, pour, rassembler, synthese
from reunions.compte_rendu.donnees import donnees
from tests.reunions.minutes import minutes_publiees, reunion_racontee

pytestmark = pytest.mark.django_db
REUNION = {"mentions": ["Version 1."], "pole": "Le pôle", "pied": "Compte rendu"}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXTE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
SANS_BRAILLE = pytest.mark.skipif(not braille.est_installe(), reason="liblouis-bin is not installed")
PARTIES = [
    "Objectif", "Personnes présentes", "Personnes excusées", "Animation", "Documents de la rencontre", "Diagnostic",
    "Introduction", "Résultats de l'atelier", "Actions décidées", "Prochaine rencontre",
    "Annexe 1 : les post-it, par axe et par catégorie", "Annexe 2 : le tour de table",
]  # fmt: skip


@pytest.fixture
def minutes():
    return minutes_publiees(texte="## Un titre\n\nDu **gras**, une liste :\n\n- un\n- deux")


def vue_de(minutes, *, noms=False):
    return pour(minutes.versions.first().instantane, noms=noms)


def conforme(octets) -> bool:
    return page.validate_pdf_bytes(octets, profile=page.ValidationProfile.PDF_UA_1).is_compliant


def noeuds(noeud, sorte):
    """The elements of the structure tree whose type is `sorte`."""
    enfants = noeud.get("/K", [])
    for enfant in enfants if isinstance(enfants, pikepdf.Array) else [enfants]:
        if isinstance(enfant, pikepdf.Dictionary) and "/S" in enfant:
            if str(enfant.S) == sorte:
                yield enfant
            yield from noeuds(enfant, sorte)


@pytest.mark.parametrize("noms", [False, True])
def test_the_minutes_are_pdf_ua_1_with_language_title_headings_and_header_cells(minutes, noms):
    octets = fichiers.fichier("pdf", vue_de(minutes, noms=noms), **REUNION)
    assert conforme(octets)
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert str(pdf.Root.Lang) == "fr-FR"
        assert bool(pdf.Root.MarkInfo.Marked) is True
        with pdf.open_metadata() as meta:
            assert meta["dc:title"] == f"Compte rendu : {minutes.reunion.titre}"
            assert meta["pdfuaid:part"] == "1"
        arbre = pdf.Root.StructTreeRoot
        tableaux = list(noeuds(arbre, "/Table"))
        assert len(tableaux) >= 9
        for tableau in tableaux:
            entetes = list(noeuds(tableau, "/TH"))
            assert len(entetes) >= 2
            assert all(str(e.A[0].Scope) == "/Column" for e in entetes)
        figures = list(noeuds(arbre, "/Figure"))
        assert any("dont 3 à court terme" in str(f.get("/Alt", "")) for f in figures)
        assert len(list(noeuds(arbre, "/H1"))) + len(list(noeuds(arbre, "/H2"))) >= len(PARTIES)


def test_a_bad_pdf_of_the_same_data_is_refused(minutes, tmp_path):
    """Else the test above would prove nothing: the same words without title, language nor tags."""
    (tmp_path / "mauvais.typ").write_text('#table(columns: 2, [a], [b])\n"' + minutes.reunion.titre + '"')
    assert not conforme(typst.compile(str(tmp_path / "mauvais.typ"), format="pdf", pdf_tags=False))


def test_a_heading_that_skips_a_level_is_refused(tmp_path, monkeypatch):
    """What Markdown's levels are brought back for (markdown.py)."""
    (tmp_path / "saut.typ").write_text('#set document(title: "x")\n#set text(lang: "fr")\n= A\n=== B')
    monkeypatch.setattr(documents, "DOSSIER", tmp_path)
    with pytest.raises(typst.TypstError):
        documents.pdf("saut", {})


@pytest.mark.parametrize("texte", ['#panic("x")', "$x^2$ `c` \\ // /* = <e> @r", "😀 中文 العربية", "W" * 3000])
def test_what_people_type_never_stops_a_file(texte):
    reunion = reunion_racontee()
    minutes = minutes_publiees(reunion=reunion, texte=f"### {texte[:50]}\n\n{texte}\n\n1. {texte}\n\n> {texte}")
    for nom in ("pdf", "synthese.pdf"):
        assert conforme(fichiers.fichier(nom, vue_de(minutes), **REUNION))
    if braille.est_installe():
        assert fichiers.fichier("brf", vue_de(minutes), **REUNION).isascii()


def _pleine(vue):
    """As long as the models allow."""
    long = "Mot long " * 40
    axe = vue["resultats"]["axes"][0]
    categorie = {**axe["categories"][0], "nom": long[:120]}
    axe = {**axe, "nom": long[:120], "categories": [categorie] * 9}
    return vue | {
        "titre": long[:160],
        "ou": long[:220],
        "objectif": long * 10,
        "resultats": {**vue["resultats"], "axes": [axe] * 12},
        "sections": [{"titre": long[:160], "texte": long * 50}] * 6,
        "prochaine": {"pk": 1, "titre": long[:160], "quand": long[:200], "ou": long[:200], "points": [long[:200]] * 30},
    }


@pytest.mark.parametrize("pleine", [False, True])
def test_the_synthesis_is_one_page(minutes, pleine):
    vue = vue_de(minutes)
    octets = documents.pdf("synthese", synthese.donnees(_pleine(vue) if pleine else vue, pole="Le pôle", pied="v1"))
    assert conforme(octets)
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert len(pdf.pages) == 1


def test_docx_is_opened_again_with_its_headings_tables_language_and_image(minutes):
    octets = fichiers.fichier("docx", vue_de(minutes), **REUNION)
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        corps = ET.fromstring(archive.read("word/document.xml"))
        proprietes = archive.read("docProps/core.xml").decode()
        assert [nom for nom in archive.namelist() if nom.startswith("word/media/")]
    titres = [
        "".join(t.text or "" for t in p.iter(f"{W}t"))
        for p in corps.iter(f"{W}p")
        if (style := p.find(f"{W}pPr/{W}pStyle")) is not None and style.get(f"{W}val") == "Heading1"
    ]
    assert titres == PARTIES
    tableaux = list(corps.iter(f"{W}tbl"))
    assert len(tableaux) >= 11
    assert all(t.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None for t in tableaux)
    assert "fr-FR" in proprietes
    assert minutes.reunion.titre in proprietes


def test_odt_is_opened_again_with_its_headings_and_header_rows(minutes):
    octets = fichiers.fichier("odt", vue_de(minutes), **REUNION)
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        corps = ET.fromstring(archive.read("content.xml"))
    titres = ["".join(h.itertext()) for h in corps.iter(f"{TEXTE}h") if h.get(f"{TEXTE}outline-level") == "1"]
    assert titres == PARTIES
    tableaux = list(corps.iter(f"{TABLE}table"))
    assert len(tableaux) >= 11
    assert all(t.find(f"{TABLE}table-header-rows") is not None for t in tableaux)


@pytest.mark.parametrize("nom", ["docx", "odt"])
def test_without_pandoc_the_page_says_how_to_install_it(client, minutes, monkeypatch, nom):
    monkeypatch.setattr(bureautique.importlib.util, "find_spec", lambda nom: None)
    reponse = client.get(f"/rencontres/{minutes.reunion_id}/compte-rendu.{nom}")
    assert reponse.status_code == 404
    assert "pip install" in reponse.content.decode()
    assert f"compte-rendu.{nom}" not in client.get(minutes.get_absolute_url()).content.decode()


# -- braille


@pytest.mark.parametrize("adresse", ["compte-rendu.brf", "compte-rendu.brf-abrege", "ordre-du-jour.brf"])
def test_without_liblouis_the_page_says_how_to_install_it(client, minutes, monkeypatch, adresse):
    monkeypatch.setattr(braille.shutil, "which", lambda nom: None)
    reponse = client.get(f"/rencontres/{minutes.reunion_id}/{adresse}")
    assert reponse.status_code == 404
    assert "apt install liblouis-bin" in reponse.content.decode()


@SANS_BRAILLE
def test_french_braille_whole_and_contracted():
    blocs = [("h", "Été"), ("p", "Réunion du 30 janvier, avec nous")]
    entier = braille.ecrire(blocs, "integral").decode()
    assert ".=T=" in entier  # capital sign, then « é » twice: dots 123456
    assert ".R=UNION DU ,%# JANVIER" in entier
    abrege = braille.ecrire(blocs, "abrege").decode()
    assert "JANVIER" not in abrege
    assert len(abrege) < len(entier)


@SANS_BRAILLE
@pytest.mark.parametrize("nom", ["brf", "brf-abrege"])
def test_braille_keeps_to_its_page(minutes, nom):
    octets = fichiers.fichier(nom, vue_de(minutes), **REUNION)
    pages = octets.decode("ascii").removesuffix("\r\n").split("\r\n\f")
    assert len(pages) > 3
    for rang, embossee in enumerate(pages):
        lignes = embossee.split("\r\n")
        assert len(lignes) <= braille.LIGNES
        assert max(len(ligne) for ligne in lignes) <= braille.CELLULES
        assert lignes[0].strip(), f"page {rang + 1} has no number"


@SANS_BRAILLE
def test_the_agenda_in_braille(client, minutes):
    reponse = client.get(f"/rencontres/{minutes.reunion_id}/ordre-du-jour.brf")
    assert reponse["Content-Disposition"].endswith('.brf"')
    assert b".POINT ,#" in reponse.content
    assert b".POINT ,*" in reponse.content
    assert client.get(f"/rencontres/{minutes.reunion_id}/ordre-du-jour.brf-abrege").status_code == 200


def test_lines_hold_what_the_page_holds(minutes):
    vue = vue_de(minutes)
    mots = "\n".join(mots for _, mots in en_lignes.compte_rendu(vue, **REUNION))
    for axe in vue["resultats"]["axes"]:
        for categorie in axe["categories"]:
            assert all(note in mots for note in categorie["roses"] + categorie["jaunes"])
    assert "Énoncé 1" in mots
    assert "Point à venir 1" in mots


# -- names, in every format


def _tout(octets) -> str:
    """Every letter of a file."""
    if octets.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return "".join(archive.read(n).decode("utf-8", "ignore") for n in archive.namelist())
    return octets.decode("utf-8", "ignore")


@pytest.mark.parametrize("nom", ["docx", "odt", pytest.param("brf", marks=SANS_BRAILLE)])
def test_visitors_get_no_name_in_files_and_members_do(client, minutes, membre, nom):
    adresse = f"/rencontres/{minutes.reunion_id}/compte-rendu.{nom}"
    assert "SECR" not in _tout(client.get(adresse).content).upper()
    client.force_login(membre)
    assert "SECR" in _tout(client.get(adresse).content).upper()


def test_the_data_of_the_pdf_holds_no_name_for_visitors(minutes):
    for noms, attendu in [(False, False), (True, True)]:
        vue = vue_de(minutes, noms=noms)
        dites = [donnees(vue, **REUNION), synthese.donnees(vue, pole="", pied="")]
        assert ("secr" in str(dites).lower()) is attendu


def test_a_file_is_made_once_per_content_and_audience(minutes, monkeypatch):
    faits = []
    vrai = documents.pdf
    monkeypatch.setattr(documents, "pdf", lambda *arguments: faits.append(1) or vrai(*arguments))
    for noms in (False, False, True):
        fichiers.fichier("pdf", vue_de(minutes, noms=noms), **REUNION)
    assert len(faits) == 2
    with pytest.raises(KeyError):
        fichiers.fichier("exe", {}, **REUNION)
    assert rassembler(minutes.reunion)["version"] == 1
