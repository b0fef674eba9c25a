"""The pages of the minutes: who reads what, writing with and without JavaScript, nothing typed is lost."""

import pytest

from reunions.actions import comptes_rendus as actes
from reunions.models import CompteRendu
from tests.factories import UtilisateurFactory
from tests.factories.reunions import ParticipationFactory
from tests.reunions.minutes import minutes_publiees, reunion_racontee, reunion_tenue

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur)
    return client


def rediger(minutes):
    return f"/rencontres/{minutes.reunion_id}/compte-rendu/rediger/"


def de_section(section):
    return f"/rencontres/{section.compte_rendu.reunion_id}/compte-rendu/sections/{section.pk}/"


def lire(client, adresse):
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_visitors_and_mere_accounts_read_structures_members_read_names(client, membre):
    minutes = minutes_publiees()
    adresse = minutes.get_absolute_url()
    for personne, voit in [(None, False), (UtilisateurFactory(), False), (membre, True)]:
        if personne:
            client.force_login(personne)
        texte = lire(client, adresse)
        assert ("Secr" in texte) is voit
        assert ("membres-0.txt" in texte) is voit
        assert "equipe-0.txt" not in texte
        assert "Structure present 0" in texte


def test_somebody_who_came_reads_names_too(client):
    etranger = UtilisateurFactory()
    minutes = minutes_publiees()
    ParticipationFactory(reunion=minutes.reunion, utilisateur=etranger)
    client.force_login(etranger)
    assert "Nom Secret0" in lire(client, minutes.get_absolute_url())


def test_older_versions_stay_and_the_last_is_shown(client):
    minutes = minutes_publiees()
    actes.rouvrir(minutes, par=None)
    adresse = minutes.get_absolute_url()
    assert "<strong>Bonsoir</strong>" in lire(client, adresse)  # while the new one is being written
    assert adresse in lire(client, minutes.reunion.get_absolute_url())
    section = minutes.sections.first()
    actes.enregistrer_section(section, par=None, titre="T", texte="Autre chose", version=2)
    actes.marquer_relu(minutes, par=None)
    actes.publier(minutes, par=None, numero=2, note="Une correction")
    assert "Autre chose" in lire(client, adresse)
    ancienne = lire(client, f"{adresse}?version=1")
    assert "<strong>Bonsoir</strong>" in ancienne
    assert "version ancienne" in ancienne
    for fausse in ["3", "0", "x", "-1", "9" * 30, "%00"]:
        assert client.get(f"{adresse}?version={fausse}").status_code in (400, 404)


def test_a_draft_is_for_staff(client, animateur):
    minutes = actes.rediger(reunion_tenue(), par=None)
    assert client.get(minutes.get_absolute_url()).status_code == 404
    client.force_login(animateur)
    assert "Aperçu du brouillon" in lire(client, minutes.get_absolute_url())
    assert client.get(f"/rencontres/{minutes.reunion_id}/compte-rendu.pdf").content.startswith(b"%PDF")


def test_approval_and_corrections_are_said_in_the_page(client):
    minutes = minutes_publiees()
    actes.approuver(minutes, par=None, a=reunion_tenue(jours=2), corrections="Une présence oubliée.")
    texte = lire(client, minutes.get_absolute_url())
    assert "Approuvé le" in texte
    assert "Une présence oubliée." in texte


def test_the_page_costs_as_many_queries_for_many_as_for_one(client, django_assert_max_num_queries):
    for combien in (1, 8):
        minutes = minutes_publiees(reunion=reunion_racontee(combien=combien))
        with django_assert_max_num_queries(8):
            lire(client, minutes.get_absolute_url())


def test_drafting_then_publishing_by_the_buttons(equipe):
    reunion = reunion_racontee()
    adresse = f"/rencontres/{reunion.pk}/compte-rendu/rediger/"
    assert "Rédiger le compte rendu" in lire(equipe, adresse)
    assert not CompteRendu.objects.exists()  # a GET changes nothing
    equipe.post(adresse, {"geste": "commencer"})
    for donnees in [{"geste": "relire"}, {"geste": "publier", "numero": "1"}, {"geste": "publier", "numero": "1"}]:
        assert equipe.post(adresse, donnees).status_code == 302
    minutes = CompteRendu.objects.get()
    assert (minutes.etat, minutes.versions.count()) == ("publie", 1)
    suite = reunion_tenue(jours=1)
    equipe.post(adresse, {"geste": "approuver", "a": suite.pk, "corrections": "Rien"})
    minutes.refresh_from_db()
    assert minutes.etat == "approuve"


def test_what_is_missing_is_said_before_publishing(equipe):
    texte = lire(equipe, rediger(actes.rediger(reunion_tenue(), par=None)))
    assert "pointez les présences" in texte
    assert "Aucune rencontre annoncée" in texte


@pytest.mark.parametrize("donnees", [{"geste": "approuver", "a": "999999"}, {"geste": "publier", "numero": "x"}])
def test_a_bad_form_comes_back_with_its_error(equipe, donnees):
    reponse = equipe.post(rediger(minutes_publiees()), donnees)
    assert reponse.status_code == 200
    assert "Rien n&#x27;a été enregistré" in reponse.content.decode() or "erreurs" in reponse.content.decode()


def test_autosave_answers_in_json_and_never_writes_over(equipe):
    section = actes.rediger(reunion_tenue(), par=None).sections.first()
    adresse = de_section(section)
    donnees = {"geste": "enregistrer", "titre": "Introduction", "texte": "Un", "version": 1}
    lu = equipe.post(adresse, donnees, **JSON).json()
    assert lu["version"] == 2
    assert "enregistré à" in lu["dit"]
    reponse = equipe.post(adresse, donnees | {"texte": "Deux"}, **JSON)
    assert reponse.status_code == 409
    assert {cle: reponse.json()[cle] for cle in ("texte", "version")} == {"texte": "Un", "version": 2}
    assert equipe.post(adresse, donnees | {"titre": ""}, **JSON).status_code == 422


def test_without_javascript_a_conflict_shows_both_texts(equipe):
    section = actes.rediger(reunion_tenue(), par=None).sections.first()
    donnees = {"geste": "enregistrer", "titre": "Introduction", "texte": "Le premier", "version": 1}
    assert equipe.post(de_section(section), donnees).status_code == 302
    reponse = equipe.post(de_section(section), donnees | {"texte": "Le second"})
    texte = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Le premier" in texte
    assert "Le second" in texte
    assert 'name="version" value="2"' in texte
    assert equipe.post(de_section(section), donnees | {"texte": "Les deux", "version": 2}).status_code == 302
    section.refresh_from_db()
    assert section.texte == "Les deux"


def test_words_for_a_section_that_is_gone_are_given_back(equipe):
    minutes = actes.rediger(reunion_tenue(), par=None)
    section = minutes.sections.first()
    adresse = de_section(section)
    equipe.post(adresse, {"geste": "retirer", "version": 1})
    donnees = {"geste": "enregistrer", "titre": "T", "texte": "Mes mots précieux", "version": 1}
    assert "Mes mots précieux" in equipe.post(adresse, donnees).content.decode()
    autre = minutes_publiees()
    adresse = de_section(autre.sections.first())
    assert "Mes mots précieux" in equipe.post(adresse, donnees).content.decode()


def test_a_section_of_another_meeting_is_not_reached(equipe):
    section = actes.rediger(reunion_tenue(), par=None).sections.first()
    adresse = f"/rencontres/{reunion_tenue().pk}/compte-rendu/sections/{section.pk}/"
    equipe.post(adresse, {"geste": "enregistrer", "titre": "T", "texte": "Ailleurs", "version": 1})
    section.refresh_from_db()
    assert section.texte == ""


def test_robots_find_published_minutes_of_public_meetings(client):
    minutes = minutes_publiees()
    minutes_publiees(reunion=reunion_tenue(audience="membres"))
    actes.rediger(reunion_tenue(), par=None)
    plan = client.get("/sitemap-comptes-rendus.xml").content.decode()
    assert plan.count("<loc>") == 1
    assert minutes.get_absolute_url() in plan
