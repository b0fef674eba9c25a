"""Accessible PDFs: what people type is data, never markup; what no font draws never stops a document."""

import random

import page
import pikepdf
import pytest
import typst

from pole_ess.socle import documents

GABARIT = """
#import "commun.typ": document-du-pole, faits, texte
#let d = json(bytes(sys.inputs.donnees))
#show: document-du-pole.with(titre: d.titre, auteur: "Essai", pied: "Pied")
= Une partie
#texte(d.texte)
#faits(("Point", "Accord"), d.faits)
"""


@pytest.fixture
def essai(tmp_path, monkeypatch):
    """`essai(titre=, texte=)` gives the bytes of a small document."""
    (tmp_path / "commun.typ").write_text((documents.DOSSIER / "commun.typ").read_text())
    (tmp_path / "essai.typ").write_text(GABARIT)
    monkeypatch.setattr(documents, "DOSSIER", tmp_path)
    return lambda titre="Essai", texte="Bonjour": documents.pdf(
        "essai", {"titre": titre, "texte": texte, "faits": [["Objet", texte]]}
    )


def conforme(octets) -> bool:
    return page.validate_pdf_bytes(octets, profile=page.ValidationProfile.PDF_UA_1).is_compliant


def test_a_document_is_pdf_ua_1(essai, tmp_path):
    octets = essai("Un titre")
    assert conforme(octets)
    (tmp_path / "d.pdf").write_bytes(octets)
    with pikepdf.open(tmp_path / "d.pdf") as pdf:
        assert str(pdf.Root.Lang) == "fr-FR"
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
        with pdf.open_metadata() as meta:
            assert meta["dc:title"] == "Un titre"
            assert meta["pdfuaid:part"] == "1"


def test_the_validator_refuses_a_bad_pdf(tmp_path):
    """Else the test above would prove nothing: no title, no language, no tags."""
    (tmp_path / "mauvais.typ").write_text("Bonjour")
    octets = typst.compile(str(tmp_path / "mauvais.typ"), format="pdf", pdf_tags=False)
    assert not conforme(octets)


@pytest.mark.parametrize(
    "texte",
    ['#panic("x")', '] #eval("1") [', "$x^2$ *gras* _i_ `c` <e> @r \\ // /* =", '#read("commun.typ")', '"\\u{0}'],
)  # fmt: skip
def test_typed_text_is_never_compiled(essai, texte):
    assert conforme(essai(texte, texte))


@pytest.mark.parametrize(
    ("texte", "dessine"),
    [
        ("14\u202fh\u202f30 «\u00a0oui\u00a0» — œuvre €", "14\u00a0h\u00a030 «\u00a0oui\u00a0» — œuvre €"),
        ("Fête 😀\ufe0f au parc", "Fête  au parc"),
        ("中文", "??"),
        ("العربية", "???????"),
        ("Ελλάς, Київ, Łódź", "Ελλάς, Київ, Łódź"),
        ("e\u0301te\u0301 x\u0302\u0301", "été x"),
        ("a\x00b\x07\u200b\u202ec\u00ad\ud800", "abc"),
        ("un\r\ndeux\u2028trois", "un\ndeux\ntrois"),
    ],
)
def test_what_no_font_draws_is_replaced(essai, texte, dessine):
    assert documents._dessinable({"a": [texte, 3, None]}) == {"a": [dessine, 3, None]}
    assert conforme(essai(texte, texte))


def test_any_text_makes_a_document(essai):
    """Two hundred random texts of the whole first plane: Typst refuses a missing glyph, and panics on some scripts."""
    hasard = random.Random(2014)
    for _ in range(200):
        texte = "".join(chr(hasard.choice([hasard.randrange(0x600), hasard.randrange(0x10000)])) for _ in range(60))
        assert essai(texte, texte).startswith(b"%PDF")


def test_the_answer_is_private_and_its_name_plain():
    reponse = documents.reponse_pdf(b"%PDF", 'Barnum "3 × 6"\r\nX: é/../')
    assert reponse["Content-Disposition"] == 'attachment; filename="barnum-3-6-x-e.pdf"'
    assert reponse["Cache-Control"] == "private, no-store"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert documents.reponse_pdf(b"", "中").headers["Content-Disposition"] == 'attachment; filename="document.pdf"'
