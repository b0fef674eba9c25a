"""Workshops, participants and notes in the admin: read; what staff take away shows on every screen at once."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reunions.actions import TransitionInterdite, postits
from reunions.models import Atelier, PostIt
from reunions.presentation_atelier import lien_direct
from tests.factories import UtilisateurFactory
from tests.factories.reunions import ActionFactory, AtelierFactory, AxeFactory, ParticipantFactory, PostItFactory

pytestmark = pytest.mark.django_db
MODELES = ["atelier", "participant", "postit"]


@pytest.fixture
def note():
    axe = AxeFactory(atelier=AtelierFactory(phase="regroupement"))
    return PostItFactory(
        axe=axe, participant=ParticipantFactory(atelier=axe.atelier, prenom="Camille"), texte="Une injure"
    )


def retirer(note):
    return reverse("admin:reunions_postit_retirer", args=[note.pk])


def objet(note, modele):
    return {"atelier": note.axe.atelier, "participant": note.participant, "postit": note}[modele]


# -- the acts


@pytest.mark.parametrize("phase", ["preparation", "ecriture", "regroupement", "restitution"])
def test_a_note_goes_whoever_wrote_it_and_its_author_has_the_place_back(note, phase):
    atelier = note.axe.atelier
    Atelier.objects.filter(pk=atelier.pk).update(phase=phase, quota_rose=1)
    action = ActionFactory(postit=note)
    papier = PostItFactory(axe=note.axe)
    assert (postits.moderer(note.pk), postits.moderer(papier.pk), postits.moderer(note.pk)) == (True, True, False)
    assert not PostIt.objects.exists()
    action.refresh_from_db()
    assert action.postit is None
    vue = Atelier.objects.get(pk=atelier.pk)
    assert vue.version == atelier.version + 2
    Atelier.objects.filter(pk=atelier.pk).update(phase="ecriture")
    postits.ecrire(note.participant, axe=note.axe, couleur="rose", texte="Mieux dit", cle=note.cle)


def test_a_closed_workshop_keeps_its_notes(note):
    Atelier.objects.filter(pk=note.axe.atelier_id).update(phase="clos", clos_le=note.cree_le)
    with pytest.raises(TransitionInterdite):
        postits.moderer(note.pk)
    assert PostIt.objects.filter(pk=note.pk).exists()


def test_a_first_name_is_forgotten_and_the_notes_stay(note):
    version = note.axe.atelier.version
    postits.oublier_prenom(note.participant)
    note.participant.refresh_from_db()
    assert (note.participant.prenom, PostIt.objects.count()) == ("", 1)
    assert Atelier.objects.get(pk=note.axe.atelier_id).version == version + 1


# -- the pages


def test_open_screens_draw_again_once_a_note_is_taken_away(client, animateur, note):
    ecran = lien_direct(note.axe.atelier, "participant")
    marque = client.get(ecran)["ETag"]
    assert client.get(ecran, headers={"If-None-Match": marque}).status_code == 304
    client.force_login(animateur)
    assert client.get(retirer(note)).status_code == 200
    assert PostIt.objects.filter(pk=note.pk).exists()
    reponse = client.post(retirer(note))
    assert reponse.url == f"{reverse('admin:reunions_postit_changelist')}?axe__atelier__id__exact={note.axe.atelier_id}"
    assert client.get(reponse.url).status_code == 200
    suite = client.get(ecran, headers={"If-None-Match": marque})
    assert (suite.status_code, "Une injure" in suite.content.decode()) == (200, False)
    trace = LogEntry.objects.get()
    assert (trace.user, trace.object_id) == (animateur, str(note.pk))
    assert client.post(retirer(note)).status_code == 404


def test_a_closed_workshop_s_note_has_no_act_and_its_page_says_why(client, animateur, note):
    change = reverse("admin:reunions_postit_change", args=[note.pk])
    client.force_login(animateur)
    assert retirer(note) in client.get(change).content.decode()
    Atelier.objects.filter(pk=note.axe.atelier_id).update(phase="clos", clos_le=note.cree_le)
    assert retirer(note) not in client.get(change).content.decode()
    page = client.post(retirer(note))
    assert (page.status_code, "a changé de phase" in page.content.decode()) == (200, True)
    assert PostIt.objects.filter(pk=note.pk).exists()


def test_the_first_name_goes_by_its_page_and_not_into_the_log(client, animateur, note):
    client.force_login(animateur)
    adresse = reverse("admin:reunions_participant_oublier", args=[note.participant_id])
    change = reverse("admin:reunions_participant_change", args=[note.participant_id])
    assert adresse in client.get(change).content.decode()
    assert client.get(adresse).status_code == 200
    assert client.post(adresse).url == change
    page = client.get(change).content.decode()
    assert ("Camille" in page, adresse in page) == (False, False)
    assert "Camille" not in LogEntry.objects.get().object_repr


def test_the_grouping_page_leads_to_it_for_whoever_may(client, animateur, note):
    page = reverse("reunions:atelier_regrouper", args=[note.axe.atelier.reunion_id, note.axe_id])
    client.force_login(animateur)
    assert retirer(note) in client.get(page).content.decode()
    client.force_login(UtilisateurFactory(is_staff=True))
    assert retirer(note) not in client.get(page).content.decode()


@pytest.mark.parametrize("modele", MODELES)
def test_pages_are_read_only(client, animateur, note, modele):
    client.force_login(animateur)
    pk = objet(note, modele).pk
    for suite, code in [
        ("", 200),
        ("?q=x'%25y&p=99999&o=1.-2", 200),
        ("?axe__atelier__id__exact=x&atelier__id__exact=x", 302),
        ("add/", 403),
        (f"{pk}/change/", 200),
        (f"{pk}/delete/", 403),
        ("x'/change/", 302),
        ("0/change/", 302),
    ]:
        assert client.get(f"/admin/reunions/{modele}/{suite}").status_code == code, suite
    avant = objet(note, modele).__class__.objects.values().get(pk=pk)
    assert client.post(f"/admin/reunions/{modele}/{pk}/change/", {"prenom": "x", "texte": "x"}).status_code == 403
    assert objet(note, modele).__class__.objects.values().get(pk=pk) == avant


@pytest.mark.parametrize("role", ["visiteur", "membre", "referent", "equipe sans groupe"])
def test_nobody_else_reads_nor_acts(client, request, note, role):
    if role == "equipe sans groupe":
        client.force_login(UtilisateurFactory(is_staff=True))
    elif role != "visiteur":
        client.force_login(request.getfixturevalue(role))
    oublier = reverse("admin:reunions_participant_oublier", args=[note.participant_id])
    pages = [f"/admin/reunions/{modele}/{objet(note, modele).pk}/change/" for modele in MODELES]
    for adresse in [retirer(note), oublier, *pages]:
        for reponse in (client.get(adresse), client.post(adresse)):
            assert reponse.status_code in (302, 403)
            assert b"injure" not in reponse.content
    note.participant.refresh_from_db()
    assert note.participant.prenom == "Camille"


@pytest.mark.parametrize("modele", MODELES)
def test_lists_ask_as_much_for_one_as_for_many(client, animateur, modele):
    client.force_login(animateur)

    def remplir(nombre):
        for _ in range(nombre):
            axe = AxeFactory(atelier=AtelierFactory())
            PostItFactory(axe=axe, participant=ParticipantFactory(atelier=axe.atelier))

    comptes = []
    for nombre in (1, 6):
        remplir(nombre)
        adresse = reverse(f"admin:reunions_{modele}_changelist")
        client.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]
