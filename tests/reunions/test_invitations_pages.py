"""The pages: links that only show on a GET, registrations, the staff's list and its file."""

import csv
import io
import uuid

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Activite
from pole_ess.socle import liens
from pole_ess.socle.models import Courriel
from reunions.actions import invitations, reponses
from reunions.forms.reponse import ecrire_besoins, lire_besoins
from reunions.models import Participation, Representation
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory
from tests.factories.reunions import ParticipationFactory, ReunionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def voisine(client, etranger):
    client.force_login(etranger, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_link_shows_on_get_and_answers_on_post(client):
    une, commune = ParticipationFactory(), CommuneFactory(nom="Cusset")
    lien = invitations.lien(une)
    for _ in range(2):
        assert client.get(lien).status_code == 200
    une.refresh_from_db()
    assert (une.reponse, une.repondue_le) == ("attendue", None)
    envoi = {
        "reponse": "present", "besoins": ["braille", "lsf"], "besoins_autre": "une place au calme",
        "covoiturage": "propose", "covoiturage_places": "3", "covoiturage_depuis": "cusset", "message": "À bientôt",
    }  # fmt: skip
    assert client.post(lien, envoi).status_code == 302
    une.refresh_from_db()
    assert une.besoins == "documents en braille ; interprète en langue des signes (LSF) ; une place au calme"
    assert (une.covoiturage, une.covoiturage_places, une.covoiturage_depuis) == ("propose", 3, commune)
    page = client.get(lien)
    assert page.context["form"].initial["besoins"] == ["braille", "lsf"]
    assert "vous venez" in page.content.decode()
    client.post(lien, {"reponse": "represente", "represente_par": "Lou"})
    une.refresh_from_db()
    assert (une.reponse, une.represente_par, une.covoiturage) == ("represente", "Lou", "")


@pytest.mark.parametrize(
    ("envoi", "champ"),
    [
        ({}, "reponse"),
        ({"reponse": "attente"}, "reponse"),
        ({"reponse": "present", "covoiturage": "propose"}, "covoiturage_places"),
        ({"reponse": "present", "covoiturage": "cherche", "covoiturage_places": "1"}, "covoiturage_depuis"),
        ({"reponse": "present", "covoiturage": "cherche", "covoiturage_places": "0"}, "covoiturage_places"),
        ({"reponse": "present", "covoiturage": "cherche", "covoiturage_places": "99"}, "covoiturage_places"),
        ({"reponse": "present", "covoiturage_depuis": "Nulle-Part-sur-Rien"}, "covoiturage_depuis"),
        ({"reponse": "present", "besoins": ["dieu"]}, "besoins"),
        ({"reponse": "present", "besoins_autre": "x" * 301}, "besoins_autre"),
        ({"reponse": "present", "message": "x" * 1001}, "message"),
    ],
)
def test_bad_answers_keep_what_was_typed(client, envoi, champ):
    une = ParticipationFactory()
    reponse = client.post(invitations.lien(une), {"represente_par": "gardé", **envoi})
    assert reponse.status_code == 200
    assert champ in reponse.context["form"].errors
    assert "gardé" in reponse.content.decode()
    une.refresh_from_db()
    assert une.reponse == "attendue"


def test_links_of_another_purpose_or_too_old_do_nothing(client, monkeypatch):
    une = ParticipationFactory()
    autre = liens.signer("proposition", {"p": une.pk})
    assert client.post(reverse("reunions:repondre_lien", args=[autre]), {"reponse": "present"}).status_code == 404
    lien = invitations.lien(une)
    assert client.post(lien[:-3] + "x/", {"reponse": "present"}).status_code == 404
    monkeypatch.setattr(signing.time, "time", lambda: timezone.now().timestamp() + 86400 * 401)
    assert client.post(lien, {"reponse": "present"}).status_code == 410
    une.refresh_from_db()
    assert une.reponse == "attendue"


def test_the_link_of_an_invitation_does_not_open_a_registration(client):
    charge = {"r": ReunionFactory().pk, "n": "Lou", "c": "lou@example.org", "l": ""}
    for jeton in (liens.signer(invitations.INVITATION + "x", {"p": 1}), liens.signer("inscription", charge)):
        assert client.get(reverse("reunions:repondre_lien", args=[jeton])).status_code == 404
    jeton = liens.signer(reponses.INSCRIPTION, charge)
    assert client.get(reverse("reunions:covoiturage_lien", args=[jeton])).status_code == 404


def test_a_visitor_registers_by_a_mailed_link(client):
    reunion = ReunionFactory()
    url = reverse("reunions:inscription", args=[reunion.pk])
    envoi = {"nom": "Lou Martin", "courriel": "lou@example.org", "libelle": "Les Amis", "cle": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(url, envoi).url == f"{url}?envoyee=1"
    (courriel,) = Courriel.objects.all()
    lien = courriel.texte.split("http://")[1].split("\n")[0].split("/", 1)[1]
    client.get(f"/{lien}")
    assert reunion.participations.count() == 0
    suite = client.post(f"/{lien}", follow=True)
    assert suite.status_code == 200
    une = reunion.participations.get()
    assert (une.nom, une.reponse, une.origine) == ("Lou Martin", "present", "inscription")
    client.post(f"/{lien}")
    assert reunion.participations.count() == 1


def test_the_page_says_the_same_of_a_known_and_of_an_unknown_address(client):
    reunion = ReunionFactory()
    ParticipationFactory(reunion=reunion, courriel="connue@example.org")
    url = reverse("reunions:inscription", args=[reunion.pk])
    pages = set()
    for courriel in ("connue@example.org", "inconnue@example.org"):
        reponse = client.post(url, {"nom": "Lou", "courriel": courriel, "cle": str(uuid.uuid4())})
        pages.add((reponse.status_code, reponse.url))
    assert len(pages) == 1
    assert set(Courriel.objects.values_list("gabarit", flat=True)) == {"reunion_confirmer"}


def test_too_many_registrations_are_stopped(client):
    url = reverse("reunions:inscription", args=[ReunionFactory().pk])
    envoi = {"nom": "Lou", "courriel": "lou@example.org"}
    codes = [client.post(url, {**envoi, "cle": str(uuid.uuid4())}).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]
    assert Courriel.objects.count() == 5


def test_a_member_answers_in_the_name_of_their_structures_only(voisine, etranger):
    reunion = ReunionFactory()
    sienne, autre = etranger.rattachements.get().structure, StructureFactory()
    url = reverse("reunions:inscription", args=[reunion.pk])
    reponse = voisine.post(url, {"reponse": "present", "structures": [autre.pk]})
    assert "structures" in reponse.context["form"].errors
    assert voisine.post(url, {"reponse": "present", "structures": [sienne.pk]}).status_code == 302
    une = reunion.participations.get()
    assert (une.utilisateur, list(une.structures.all())) == (etranger, [sienne])


# -- staff


def lignes_du_csv(reponse):
    texte = b"".join(reponse.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(texte), delimiter=";"))


def test_the_file_runs_no_formula_and_follows_the_filters(equipe):
    reunion = ReunionFactory()
    ParticipationFactory(reunion=reunion, nom="=1+1", reponse="present", besoins="documents en braille")
    ParticipationFactory(reunion=reunion, nom="Lou", message="@SUM(A1)")
    url = reverse("reunions:invitations_csv", args=[reunion.pk])
    toutes = lignes_du_csv(equipe.get(url))
    assert {ligne["Nom"] for ligne in toutes} == {"'=1+1", "Lou"}
    assert {ligne["Mot pour l'équipe"] for ligne in toutes} == {"", "'@SUM(A1)"}
    (choisie,) = lignes_du_csv(equipe.get(url, {"besoins": "1"}))
    assert (choisie["Réponse"], choisie["Besoins d'accessibilité"]) == ("vient", "documents en braille")


@pytest.mark.parametrize("nom", ["invitations", "invitations_csv"])
def test_one_or_many_people_cost_the_same(equipe, django_assert_num_queries, nom):
    reunion = ReunionFactory(jauge=50)

    def remplir(nombre):
        for _ in range(nombre):
            une = ParticipationFactory(
                reunion=reunion, reponse="present", covoiturage="cherche", covoiturage_places=1,
                covoiturage_depuis=CommuneFactory(),
            )  # fmt: skip
            Representation.objects.create(participation=une, structure=StructureFactory())

    def lire():
        reponse = equipe.get(url)
        return b"".join(reponse.streaming_content) if reponse.streaming else reponse.content

    url = reverse(f"reunions:{nom}", args=[reunion.pk])
    remplir(1)
    lire()
    for _ in range(2):
        with django_assert_num_queries({"invitations": 12, "invitations_csv": 5}[nom]):
            lire()
        remplir(5)


def test_structures_of_an_activity_around_a_commune(equipe):
    reunion, commune = ReunionFactory(), CommuneFactory(nom="Cusset")
    activite = Activite.objects.create(nom="Jardinage", slug="jardinage")
    choisie = RattachementFactory(role="referent", structure__commune=commune)
    choisie.structure.activites.add(activite)
    RattachementFactory(role="referent")
    url = reverse("reunions:invitations_structures", args=[reunion.pk])
    page = equipe.get(url, {"activite": "jardinage"})
    assert (page.context["nombre"], page.context["apercu"].nouvelles) == (1, 1)
    assert 'action="?activite=jardinage"' in page.content.decode()
    assert equipe.post(f"{url}?activite=jardinage").status_code == 302
    assert reunion.participations.get().utilisateur == choisie.utilisateur
    assert equipe.get(url, {"activite": "inconnue"}).context["nombre"] == 0


def test_the_preview_says_how_many_mails_will_leave(equipe):
    reunion = ReunionFactory()
    ParticipationFactory.create_batch(2, reunion=reunion)
    url = reverse("reunions:invitations_acte", args=[reunion.pk, "inviter"])
    assert "2 messages partiront" in equipe.get(url).content.decode()
    assert equipe.get(url.replace("inviter", "exploser")).status_code == 404
    assert Courriel.objects.count() == 0
    assert equipe.post(url, follow=True).content.decode().count("2 messages partent") == 1


def test_needs_are_read_back_as_they_were_written():
    assert lire_besoins(ecrire_besoins(["pmr", "braille"], "une boucle magnétique")) == (
        ["braille", "pmr"],
        "une boucle magnétique",
    )
    assert lire_besoins("") == ([], "")
    assert lire_besoins("Boucle") == ([], "Boucle")
    assert Participation._meta.get_field("besoins").max_length >= len(
        ecrire_besoins(["braille", "lsf", "pmr"], "x" * 300)
    )


# -- noted for somebody


def noter(participation):
    return reverse("reunions:invitation_repondre", args=[participation.reunion_id, participation.pk])


def test_staff_note_an_answer_and_the_list_says_who_and_how(equipe, animateur):
    une = ParticipationFactory(nom="Lou Martin")
    page = equipe.get(noter(une))
    assert page.context["form"]["moyen"].value() == "telephone"
    une.refresh_from_db()
    assert une.reponse == "attendue"
    envoi = {"reponse": "represente", "represente_par": "Zoé", "moyen": "telephone", "vue": "attendue"}
    page = equipe.post(noter(une), envoi, follow=True)
    texte = " ".join(page.content.decode().split())
    assert "Lou Martin : se fait représenter, noté par téléphone." in texte
    assert f"Notée par téléphone par {animateur}" in texte
    assert noter(une) in texte
    fichier = equipe.get(reverse("reunions:invitations_csv", args=[une.reunion_id])).getvalue().decode("utf-8-sig")
    assert f"par téléphone, {animateur}" in fichier


def test_what_an_agenda_said_is_on_the_list(equipe):
    une = ParticipationFactory(peut_etre_le=timezone.now())
    ParticipationFactory(reunion=une.reunion, delegation="<b>zoe@example.org</b>")
    texte = equipe.get(reverse("reunions:invitations", args=[une.reunion_id])).content.decode()
    assert '<span class="badge-mot">Peut-être</span>' in texte
    assert "invitation confiée à &lt;b&gt;zoe@example.org" in texte
    assert "Sans réponse, dont « peut-être »</dt><dd>1</dd>" in texte


def test_a_full_meeting_is_said_and_the_answer_waits(equipe):
    une = ParticipationFactory(reunion=ReunionFactory(jauge=1), nom="Lou")
    reponses.repondre(ParticipationFactory(reunion=une.reunion), reponse="present")
    assert "Toutes les places sont prises" in equipe.get(noter(une)).content.decode()
    page = equipe.post(noter(une), {"reponse": "present", "moyen": "telephone", "vue": "attendue"}, follow=True)
    assert "Lou : en liste d&#x27;attente" in page.content.decode()


def test_an_answer_given_meanwhile_is_told_and_the_next_press_corrects_it(equipe):
    une = ParticipationFactory()
    envoi = {"reponse": "present", "moyen": "telephone", "vue": "attendue"}
    reponses.repondre(une, reponse="excuse")
    page = equipe.post(noter(une), envoi)
    assert "a répondu entre-temps" in page.content.decode()
    une.refresh_from_db()
    assert une.reponse == "excuse"
    assert equipe.post(noter(une), envoi | {"vue": page.context["form"]["vue"].value()}).status_code == 302
    une.refresh_from_db()
    assert une.reponse == "present"


@pytest.mark.parametrize(
    ("envoi", "champ"),
    [
        ({}, "reponse"),
        ({"reponse": "attente"}, "reponse"),
        ({"reponse": "excuse", "moyen": "pigeon"}, "moyen"),
        ({"reponse": "excuse", "moyen": ""}, "moyen"),
        ({"reponse": "excuse", "moyen": "telephone", "vue": "x"}, "vue"),
        (
            {"reponse": "represente", "moyen": "telephone", "vue": "attendue", "represente_par": "x" * 161},
            "represente_par",
        ),
    ],
)
def test_a_bad_note_changes_nothing(equipe, envoi, champ):
    une = ParticipationFactory()
    page = equipe.post(noter(une), envoi)
    assert (page.status_code, champ in page.context["form"].errors) == (200, True)
    une.refresh_from_db()
    assert (une.reponse, une.reponse_moyen) == ("attendue", "")


def test_a_person_of_another_meeting_is_not_found(equipe):
    une = ParticipationFactory()
    assert equipe.get(reverse("reunions:invitation_repondre", args=[ReunionFactory().pk, une.pk])).status_code == 404
