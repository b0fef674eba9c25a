"""Statements: pasted, ordered, presented, recognised once by each participant."""

import re

import pytest
from django.urls import reverse

from pole_ess.socle import liens
from reunions.actions import TransitionInterdite, diagnostic
from reunions.models import Enonce, Participant, Reconnaissance
from tests.factories.reunions import AtelierFactory, ParticipantFactory, ReunionFactory

pytestmark = pytest.mark.django_db


def textes(reunion, theme="environnement"):
    return list(reunion.enonces.filter(theme=theme).order_by("ordre", "pk").values_list("texte", flat=True))


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur)
    return client


@pytest.fixture
def reunion():
    reunion = ReunionFactory()
    diagnostic.ajouter(reunion, theme="environnement", textes=["Un", "Deux", "Trois"])
    return reunion


def test_a_pasted_list_loses_its_bullets_and_repeats_and_a_retry_adds_nothing(equipe):
    reunion = ReunionFactory()
    adresse = reverse("reunions:diagnostic", args=[reunion.pk])
    colle = "  - Manque de bénévoles\r\n• Trop de papiers\r\n\r\n3) MANQUE DE BÉNÉVOLES\r\n2014, une année dure"
    for _ in range(2):
        equipe.post(adresse, {"geste": "ajouter", "theme": "environnement", "textes": colle})
    assert textes(reunion) == ["Manque de bénévoles", "Trop de papiers", "2014, une année dure"]


def test_a_bad_list_comes_back_with_what_was_typed(equipe):
    reunion = ReunionFactory()
    adresse = reverse("reunions:diagnostic", args=[reunion.pk])
    page = equipe.post(adresse, {"geste": "ajouter", "theme": "autre", "textes": "y" * 301}).content.decode()
    assert "300 au plus par ligne" in page
    assert "y" * 301 in page
    page = equipe.post(adresse, {"geste": "ajouter", "theme": "autre", "textes": " - \n"}).content.decode()
    assert "Écrivez au moins un énoncé." in page
    assert not reunion.enonces.exists()


def test_statements_have_a_maximum(reunion):
    with pytest.raises(TransitionInterdite, match="200"):
        diagnostic.ajouter(reunion, theme="autre", textes=[f"Constat {n}" for n in range(198)])
    assert reunion.enonces.count() == 3


def test_moving_by_buttons_and_a_retry_moves_nothing(equipe, reunion):
    adresse = reverse("reunions:diagnostic", args=[reunion.pk])
    trois = reunion.enonces.get(texte="Trois")
    for _ in range(2):
        equipe.post(adresse, {"geste": "monter", "ligne": trois.pk, "rang": 2})
    assert textes(reunion) == ["Un", "Trois", "Deux"]
    equipe.post(adresse, {"geste": "descendre", "ligne": trois.pk, "rang": 1})
    assert textes(reunion) == ["Un", "Deux", "Trois"]
    page = equipe.post(adresse, {"geste": "monter", "ligne": trois.pk}, follow=True)
    assert "La liste a changé entre-temps" in page.content.decode()
    equipe.post(adresse, {"geste": "retirer", "ligne": trois.pk})
    assert textes(reunion) == ["Un", "Deux"]


def test_one_statement_at_a_time_then_the_next(equipe, reunion):
    premier, deuxieme = reunion.enonces.order_by("ordre")[:2]
    adresse = reverse("reunions:enonce", args=[reunion.pk, premier.pk])
    valeurs = {
        "texte": "Un", "theme": "environnement", "issue": "nuance", "mains_levees": "1 2", "remarques": "En ville",
        "suite": "suivant",
    }  # fmt: skip
    reponse = equipe.post(adresse, valeurs)
    assert reponse.url == reverse("reunions:enonce", args=[reunion.pk, deuxieme.pk])
    premier.refresh_from_db()
    assert (premier.issue, premier.mains_levees, premier.remarques) == ("nuance", 12, "En ville")
    page = equipe.post(adresse, {**valeurs, "mains_levees": "-1", "remarques": "Autre chose"}).content.decode()
    assert "Autre chose" in page
    premier.refresh_from_db()
    assert premier.mains_levees == 12


def test_a_participant_recognises_once_takes_back_and_changes_the_remark(reunion):
    enonce = reunion.enonces.first()
    participant = ParticipantFactory(atelier=AtelierFactory(reunion=reunion))
    for remarque in ("", "Surtout l'hiver", ""):
        diagnostic.reconnaitre(enonce, participant=participant, remarque=remarque)
    assert Reconnaissance.objects.get().remarque == "Surtout l'hiver"
    diagnostic.ne_plus_reconnaitre(enonce, participant=participant)
    assert not Reconnaissance.objects.exists()


def test_nobody_speaks_of_another_meeting_nor_after_the_end(reunion):
    enonce = reunion.enonces.first()
    with pytest.raises(TransitionInterdite, match="autre rencontre"):
        diagnostic.reconnaitre(enonce, participant=ParticipantFactory())
    fini = ParticipantFactory(atelier=AtelierFactory(reunion=reunion, phase="clos"))
    with pytest.raises(TransitionInterdite, match="clos"):
        diagnostic.reconnaitre(enonce, participant=fini)


def page_de(participant):
    return reverse("reunions:diagnostic_participer", args=[liens.signer("atelier.participant", {"p": participant.pk})])


def test_the_participant_s_page_works_by_buttons_alone(client, reunion):
    participant = ParticipantFactory(atelier=AtelierFactory(reunion=reunion))
    adresse, enonce = page_de(participant), reunion.enonces.first()
    assert client.get(adresse).content.decode().count("Nous nous y reconnaissons<") == 3
    reponse = client.post(adresse, {"geste": "reconnaitre", "enonce": enonce.pk})
    assert reponse.url.endswith(f"#enonce-{enonce.pk}")
    page = client.get(adresse).content.decode()
    assert "Vous vous y reconnaissez" in page
    ailleurs = Enonce.objects.create(reunion=ReunionFactory(), texte="Ailleurs")
    client.post(adresse, {"geste": "reconnaitre", "enonce": ailleurs.pk})
    assert Reconnaissance.objects.get().enonce == enonce
    trop = client.post(adresse, {"geste": "reconnaitre", "enonce": enonce.pk, "remarque": "z" * 301})
    assert "300" in trop.content.decode()


def test_a_link_that_is_cut_or_whose_participant_is_gone(client):
    participant = ParticipantFactory()
    adresse = page_de(participant)
    assert client.get(adresse[:-5] + "/").status_code == 404
    Participant.objects.all().delete()
    assert client.get(adresse).status_code == 410


@pytest.mark.parametrize("taille", [1, 12])
def test_lists_take_as_many_queries_whatever_their_length(taille, equipe, client, django_assert_num_queries):
    reunion = ReunionFactory()
    diagnostic.ajouter(reunion, theme="difficulte", textes=[f"Constat {n}" for n in range(taille)])
    atelier = AtelierFactory(reunion=reunion)
    for _ in range(taille):
        for enonce in reunion.enonces.all():
            Reconnaissance.objects.create(enonce=enonce, participant=ParticipantFactory(atelier=atelier))
    adresse = reverse("reunions:diagnostic", args=[reunion.pk])
    equipe.get(adresse)
    with django_assert_num_queries(5):
        page = equipe.get(adresse).content.decode()
    assert f"{taille} s'y reconna" in page or f"{taille} s&#x27;y reconna" in page
    premier = reverse("reunions:enonce", args=[reunion.pk, reunion.enonces.first().pk])
    with django_assert_num_queries(7):
        equipe.get(premier)
    client.logout()
    celle_du_participant = page_de(Participant.objects.first())
    with django_assert_num_queries(4):
        client.get(celle_du_participant)


def test_the_participant_s_notes_lead_to_the_diagnostic_when_there_is_one(client, reunion):
    for celle_ci, dit in [(reunion, True), (ReunionFactory(), False)]:
        participant = ParticipantFactory(atelier=AtelierFactory(reunion=celle_ci))
        jeton = liens.signer("atelier.participant", {"p": participant.pk})
        page = client.get(reverse("reunions:atelier_ecrire", args=[jeton])).content.decode()
        # A token carries the second it was signed at: what it says is compared, not its text.
        menes = re.findall(r"/rencontres/participer/([^/\"]+)/diagnostic/", page)
        dits = [liens.lire("atelier.participant", trouve, jours=1) for trouve in menes]
        assert dits == ([{"p": participant.pk}] if dit else [])
