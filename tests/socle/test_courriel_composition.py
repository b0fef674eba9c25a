"""What a mail looks like: three parts, French, readable, no third-party host."""

import re
from html.parser import HTMLParser

import pytest
from django.template import TemplateDoesNotExist

from pole_ess.socle.courriel.composition import composer

MECHANT = 'L\'atelier <b>&"é" {{ x }}</mj-text> ]]> <!-- \x0b\x1f\x7f\ufffe\nfin'


def test_trois_parties(db):
    mail = composer("epreuve", {"nom": "Les Amis & Cie"})
    assert mail.sujet == "Des nouvelles de « Les Amis & Cie »"
    assert mail.texte.startswith("Bonjour,\n\nLa fiche de Les Amis & Cie est en ligne :\n")
    assert "http://testserver/annuaire/?q=Les%20Amis%20%26%20Cie&tri=nom\n" in mail.texte
    assert "<strong>Les Amis &amp; Cie</strong>" in mail.html
    assert 'href="http://testserver/annuaire/?q=Les%20Amis%20%26%20Cie&amp;tri=nom"' in mail.html


def test_pied_dit_qui_ecrit_et_pourquoi(db):
    mail = composer("epreuve", {"nom": "x"})
    for partie in (mail.texte, mail.html):
        assert "Vous recevez ce message parce que" in partie
        assert "Pôle ESS Vichy Auvergne" in partie
        assert "equipe@pole.example.org" in partie
        assert "http://testserver/" in partie
    assert "\n-- \nPôle ESS" in mail.texte  # RFC 3676: the mark of a signature keeps its space


def test_texte_saisi_ne_casse_ni_n_injecte_rien(db):
    mail = composer("epreuve", {"nom": MECHANT})
    assert "\n" not in mail.sujet
    balises = []
    lecteur = HTMLParser()
    lecteur.handle_starttag = lambda balise, attributs: balises.append(balise)
    lecteur.feed(mail.html)
    assert "strong" in balises
    assert "b" not in balises
    assert "L'atelier &lt;b&gt;&amp;" in mail.html
    assert not re.search("[\x00-\x08\x0b\x1f\ud800-\udfff\ufffe]", mail.sujet + mail.texte + mail.html)


@pytest.mark.parametrize("code", [*range(1, 32), 127, 0x85, 0x2028, 0xFEFF, 0xFFFF, 0x1F600])
def test_aucun_caractere_n_arrete_la_composition(db, code):
    mail = composer("epreuve", {"nom": f"a{chr(code)}b"})
    assert mail.html.endswith("</html>")


def test_html_lisible_par_tous(db):
    html = composer("epreuve", {"nom": "x"}).html
    assert '<html lang="fr"' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    # Conditional comments hold what Outlook alone reads.
    visible = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    tables = re.findall(r"<table[^>]*>", visible)
    assert tables
    assert [table for table in tables if 'role="presentation"' not in table] == []
    tailles = {int(taille) for taille in re.findall(r"font-size: ?(\d+)px", visible)} - {0, 1}
    assert min(tailles) >= 16
    adresses = set(re.findall(r"(?:https?:)?//([a-z0-9.-]+)", visible)) - {"www.w3.org"}
    assert adresses == {"testserver"}


def test_gabarit_absent_est_une_erreur(db):
    with pytest.raises(TemplateDoesNotExist):
        composer("n-existe-pas", {})


def test_sujet_trop_long_est_coupe(db):
    assert len(composer("epreuve", {"nom": "x" * 500}).sujet) == 200
