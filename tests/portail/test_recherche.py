"""Search across everything: groups, typing mistakes, what each may see, bad input, a constant number of queries."""

import re
from html import unescape

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from pole_ess.portail.models import MotPortail
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory
from tests.factories.reunions import ActionFactory, ParticipationFactory, ReunionFactory
from tests.portail.garniture_recherche import GROUPES, MOT, cachees, de_chaque_sorte
from tests.reunions.minutes import minutes_publiees, reunion_racontee, reunion_tenue

pytestmark = pytest.mark.django_db
URL = "/recherche/"
REQUETES = 17
"""Of a page with an answer of each of the nine kinds: words, counts, keys, nine loads and
the structures' two lists, texts, found words, settings."""
REQUETES_DU_GROUPE = 8
"""Of a page of meetings and events alone."""


def chercher(client, q, **parametres):
    reponse = client.get(URL, {"q": q, **parametres})
    assert reponse.status_code == 200
    return reponse


def comptes(reponse) -> dict[str, int]:
    return reponse.context["resultat"].comptes


def titres(reponse) -> list[str]:
    texte = " ".join(reponse.content.decode().split())
    return [
        unescape(re.sub(r"<[^>]+>", "", titre)) for titre in re.findall(r'<h3><a href="[^"]+">(.*?)</a></h3>', texte)
    ]


def test_an_answer_of_each_kind_in_its_group(client):
    de_chaque_sorte()
    cachees()
    reponse = chercher(client, MOT)
    attendus = dict.fromkeys(GROUPES, 1) | {"rencontres": 2, "actions": 2}
    assert comptes(reponse) == attendus
    assert sorted(titres(reponse)) == [
        "Amis 0 de la médiathèque", "Chariot 0", "Compte rendu de « Bilan 0 »", "La lettre 0",
        "Lecture 0 à la médiathèque", "Nouvelle 0", "Projet commun 0", "Ranger 0 la médiathèque", "Visite 0",
        "Étagères 0 pour la médiathèque",
    ]  # fmt: skip
    page = reponse.content.decode()
    assert "Merci à la <mark>médiathèque</mark>." in page  # the line where it was found, without its Markdown
    assert "10&nbsp;réponses" in page or "<strong>10 réponses</strong>" in page
    assert '<meta name="robots" content="noindex, follow">' in page


@pytest.mark.parametrize("saisi", ["mediateque", "MÉDIATHÈQUES", "mediathèqe", "médiath", "mediatheque ouverte"])
def test_mistakes_plurals_and_beginnings_are_forgiven_in_every_group(client, saisi):
    de_chaque_sorte()
    assert list(comptes(chercher(client, saisi))) == GROUPES


@pytest.mark.parametrize(
    ("saisi", "titre"), [("réunoin", "Réunion sur l'eau"), ("braile", "Débat sur le braille"), ("vélos", "Un vélo")]
)
def test_mistakes_in_the_words_of_a_meeting(client, saisi, titre):
    ReunionFactory(titre=titre)
    assert titres(chercher(client, saisi)) == [titre]


def test_what_is_exact_anywhere_silences_corrections_elsewhere(client):
    StructureFactory(nom="Braille et culture")
    ReunionFactory(titre="Débat sur le brailleur")
    ReunionFactory(titre="Une brailleuse à prêter")
    reponse = chercher(client, "braille")
    assert titres(reponse) == ["Braille et culture"]
    assert reponse.context["resultat"].mode == "exact"


def test_the_correction_is_said(client):
    de_chaque_sorte()
    page = chercher(client, "mediateque").content.decode()
    assert "Rien d'exact pour «&nbsp;mediateque&nbsp;»" in page
    assert "«&nbsp;mediatheque" in page


def test_some_of_the_words_are_better_than_nothing(client):
    ReunionFactory(titre="Débat sur le braille")
    reponse = chercher(client, "braille xylophone")
    assert (reponse.context["resultat"].mode, titres(reponse)) == ("partiel", ["Débat sur le braille"])


# -- who sees what


def roles(structure):
    return {
        "visiteur": None,
        "etranger": RattachementFactory(role="referent").utilisateur,
        "membre": RattachementFactory(structure=structure).utilisateur,
        "animateur": UtilisateurFactory(is_staff=True, groupes=["Animateurs"]),
    }


def connecte(utilisateur):
    client = Client()
    if utilisateur is not None:
        client.force_login(utilisateur, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_no_draft_is_ever_found_by_anybody_nor_corrected_to():
    cachees("zibeline")
    for utilisateur in roles(StructureFactory()).values():
        for saisi in ("zibeline", "zibelyne", "zib"):
            reponse = chercher(connecte(utilisateur), saisi)
            assert (comptes(reponse), reponse.context["resultat"].mode) == ({}, "rien")
    assert not MotPortail.objects.filter(mot="zibeline").exists()


def test_members_meetings_actions_and_minutes_are_for_those_who_may_open_them(client):
    structure = StructureFactory()
    qui = roles(structure)
    membres = reunion_tenue(titre="Girafe des membres", audience="membres")
    minutes_publiees(reunion=membres)
    invites = ReunionFactory(titre="Girafe des invités", audience="invites")
    ParticipationFactory(reunion=invites, utilisateur=qui["etranger"])
    ActionFactory(titre="Girafe à nourrir", publique=False, pilote=structure)
    compte_rendu = "Compte rendu de « Girafe des membres »"
    attendus = {
        "visiteur": [],
        "etranger": ["Girafe des membres", "Girafe des invités", compte_rendu],
        "membre": ["Girafe des membres", compte_rendu, "Girafe à nourrir"],
        "animateur": ["Girafe des membres", "Girafe des invités", compte_rendu, "Girafe à nourrir"],
    }
    for role, utilisateur in qui.items():
        assert sorted(titres(chercher(connecte(utilisateur), "girafe"))) == sorted(attendus[role]), role
    assert comptes(chercher(connecte(None), "girafes")) == {}
    assert not MotPortail.objects.filter(mot="girafe").exists()


def test_minutes_are_found_by_their_public_words_never_by_who_was_there(animateur):
    reunion = reunion_racontee(titre="Réunion racontée")
    minutes = minutes_publiees(reunion=reunion, texte="Parlons du tramway.")
    section = minutes.sections.first()
    section.texte = "Un brouillon parle du téléphérique."
    section.save()
    client = connecte(animateur)
    assert "Compte rendu de « Réunion racontée »" in titres(chercher(client, "tramway"))
    assert "Compte rendu de « Réunion racontée »" in titres(chercher(client, "Énoncé"))
    assert comptes(chercher(client, "téléphérique")) == {}
    for nom in ("Secrète0", "Secret1", "Nom Secret0", '"Fonction secrète"'):
        assert "comptes-rendus" not in comptes(chercher(client, nom))
        assert "rencontres" not in comptes(chercher(client, nom))


def test_private_details_of_a_structure_are_never_searched(client):
    StructureFactory(nom="Discrète", courriel="cachette@example.org", telephone="0199001234", adresse="")
    for saisi in ("cachette@example.org", "cachette", "0199001234"):
        assert comptes(chercher(client, saisi)) == {}


def test_offers_that_can_no_longer_be_answered_are_left_out_as_in_their_list(client):
    AnnonceFactory(titre="Girafe pourvue", etat="pourvue")
    AnnonceFactory(titre="Girafe passée", expire_le="2020-01-01")
    assert comptes(chercher(client, "girafe")) == {}


# -- the page


def test_titles_facts_and_lines_are_escaped_and_marked(client):
    mechant = '<script>alert("girafe")</script>'
    ReunionFactory(
        titre=f"Girafe {mechant}", objectif=f"Une girafe & {mechant} {'qui passe ' * 5}", lieu="<b>girafe</b>"
    )
    page = chercher(client, "girafe").content.decode()
    assert "<script>alert" not in page
    assert "<b>girafe" not in page
    assert "<mark>Girafe</mark> &lt;script&gt;alert(&quot;<mark>girafe</mark>&quot;)" in page
    assert "Une <mark>girafe</mark> &amp; &lt;script&gt;" in page


def test_marks_follow_the_rules_of_the_search(client):
    ReunionFactory(titre="Les vélos, l'œuvre et les cinémas", objectif="Un vélo. Le cinéma l'autre jour.")
    page = chercher(client, "vélo oeuvre cinema").content.decode()
    assert "Les <mark>vélos</mark>, l&#x27;<mark>œuvre</mark> et les <mark>cinémas</mark>" in page


def test_a_long_text_is_cut_around_what_was_found(client):
    ReunionFactory(titre="Longue", objectif=f"{'avant ' * 200}girafe {'après ' * 200}")
    page = chercher(client, "girafe").content.decode()
    ligne = re.search(r"<p>(…[^<]*<mark>girafe</mark>[^<]*…)</p>", page)
    assert ligne
    assert len(ligne[1]) < 250


def test_everything_of_a_group(client):
    for rang in range(25):
        ReunionFactory(titre=f"Girafe {rang:02d}")
    StructureFactory(nom="Girafe et compagnie")
    reponse = chercher(client, "girafe")
    assert comptes(reponse) == {"structures": 1, "rencontres": 25}
    assert len(titres(reponse)) == 5
    assert 'href="/recherche/?q=girafe&amp;dans=rencontres"' in reponse.content.decode()
    premiere, deuxieme = (chercher(client, "girafe", dans="rencontres", page=page) for page in (1, 2))
    assert (len(titres(premiere)), len(titres(deuxieme))) == (20, 5)
    assert len({*titres(premiere), *titres(deuxieme)}) == 25
    assert '/rencontres/?q=girafe"' in premiere.content.decode()


def test_the_whole_list_of_structures_and_announcements_is_their_own(client):
    for rang in range(5):
        AnnonceFactory(titre=f"Girafe {rang}", structure__nom=f"Girafe et fils {rang}")
    page = chercher(client, "girafe").content.decode()
    for adresse in ("/annuaire/?q=girafe", "/offres-et-besoins/?q=girafe&amp;sens=offre"):
        assert f'href="{adresse}"' in page
        assert client.get(adresse.replace("&amp;", "&")).context["resultat"].total == 5


def test_a_structure_whose_name_was_typed_comes_first(client):
    for rang in range(6):
        StructureFactory(nom=f"Girafe girafe girafe {rang}", presentation="Girafe girafe.")
    StructureFactory(nom="Girafe", presentation="Un zoo tout petit et beaucoup de mots pour le dire.")
    assert titres(chercher(client, "girafe"))[0] == "Girafe"


def test_a_number_leads_to_its_structure(client):
    StructureFactory(nom="Numérotée", siret="73282932000074")
    assert titres(chercher(client, "732 829 320 00074")) == ["Numérotée"]


def test_nothing_found_says_what_to_do_with_the_words_kept(client):
    page = chercher(client, 'xyzzy "&').content.decode()
    assert "Aucune réponse pour" in page
    assert f'href="{reverse("annuaire:proposer")}?nom=xyzzy%20%22%26"' in page
    assert f'href="{reverse("ressources:annonce_creer")}?sens=besoin&amp;titre=xyzzy%20%22%26"' in page
    assert 'value="xyzzy"' in client.get(f"{reverse('annuaire:proposer')}?nom=xyzzy").content.decode()


@pytest.mark.parametrize("chaine", ["", "?q=", "?q=%20", "?q=a", "?q=%2F", "?q=...", "?q=é", "?dans=lettres"])
def test_without_words_the_page_says_what_it_does(client, chaine):
    reponse = client.get(URL + chaine)
    assert reponse.status_code == 200
    assert "Les accents et les fautes de frappe" in reponse.content.decode()


@pytest.mark.parametrize(
    ("chaine", "code"),
    [
        ("?q=%00", 400), ("?q=%ED%A0%80", 200), ("?q=" + "a%20" * 5000, 200), ("?q=le%20la%20les", 200),
        ("?q=girafe&dans=inconnu", 200), ("?q=girafe&dans=rencontres&page=9e99", 200),
        ("?q=girafe&dans=rencontres&page=99999999999999999999", 200), ("?q=%27%20%7C%20%21%28%3A%2A", 200),
        ("?q=%22girafe", 200), ("?q=-girafe", 200), ("?q=%5C", 200), ("?q=%F0%9F%A6%92%F0%9F%A6%92", 200),
        ("?q=girafe%20OR", 200), ("?q=a%27%27b%20-%22c%20d%22", 200),
    ],
)  # fmt: skip
def test_odd_questions_get_a_clear_page(client, chaine, code):
    ReunionFactory(titre="Girafe")
    reponse = client.get(URL + chaine)
    assert reponse.status_code == code
    assert '<html lang="fr"' in reponse.content.decode()


def test_post_is_refused(client):
    assert client.post(URL, {"q": "girafe"}).status_code == 405


def test_what_is_shown_as_one_types(client):
    de_chaque_sorte(combien=3)
    reponse = client.get(URL, {"q": MOT}, headers={"HX-Request": "true", "HX-Target": "propositions"})
    page = reponse.content.decode()
    assert "<html" not in page
    assert page.count("<a href=") == 9
    assert "Toutes les réponses (30)" in page
    assert 'hx-swap-oob="innerHTML:#propositions-compte"' in page
    assert "HX-Request" in reponse["Vary"]


def test_nothing_to_show_as_one_types_is_said(client):
    reponse = client.get(URL, {"q": "xyzzy"}, headers={"HX-Request": "true", "HX-Target": "propositions"})
    assert "Rien pour «&nbsp;xyzzy&nbsp;»" in reponse.content.decode()


def test_each_page_has_the_box_once(client):
    for adresse in ("/", "/annuaire/", "/lettre/", "/mentions-legales/", "/recherche/", "/recherche/?q=girafe"):
        page = client.get(adresse).content.decode()
        assert page.count('id="partout"') == 1, adresse


@pytest.mark.parametrize("combien", [1, 2])
def test_the_number_of_queries_does_not_grow(client, combien, django_assert_num_queries):
    de_chaque_sorte(combien=combien)
    client.get("/")
    with django_assert_num_queries(REQUETES):
        chercher(client, MOT)
    with django_assert_num_queries(REQUETES_DU_GROUPE):
        chercher(client, MOT, dans="rencontres")


def test_with_many_objects_not_one_more(client, django_assert_max_num_queries):
    de_chaque_sorte(combien=8)
    client.get("/")
    with django_assert_max_num_queries(REQUETES):
        chercher(client, MOT)


def test_index_is_in_step():
    de_chaque_sorte()
    cachees()
    call_command("reindexer", verifier=True, verbosity=0)
