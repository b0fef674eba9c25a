"""The pages of the workshop: what each one shows, keeps and refuses; what a poll costs."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle import liens
from reunions.models import Atelier, Participant, PostIt
from reunions.presentation_atelier import lien_direct, lien_participant
from reunions.views import atelier_direct, atelier_participant
from tests.factories import StructureFactory
from tests.factories.reunions import (
    AtelierFactory,
    CategorieAxeFactory,
    ParticipantFactory,
    PostItFactory,
    ReunionFactory,
)

pytestmark = pytest.mark.django_db
REJOINDRE = "/rencontres/rejoindre/"


@pytest.fixture
def un_atelier():
    return AtelierFactory(axes=2)


@pytest.fixture
def axe(un_atelier):
    return un_atelier.axes.first()


@pytest.fixture
def participant(un_atelier):
    return ParticipantFactory(atelier=un_atelier)


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur)
    return client


def en_phase(un_atelier, phase, **reste):
    reste |= {"clos_le": timezone.now()} if phase == "clos" else {}
    Atelier.objects.filter(pk=un_atelier.pk).update(phase=phase, **reste)


def entrer(client, code, **reste):
    return client.post(REJOINDRE, {"code": code, "cle": str(uuid.uuid4()), **reste})


def coller(client, personne, axe, texte="Une lettre", couleur="rose", **reste):
    donnees = {"geste": "ecrire", "axe": axe.pk, "couleur": couleur, "texte": texte, "cle": str(uuid.uuid4()), **reste}
    return client.post(lien_participant(personne), donnees)


# -- joining


@pytest.mark.parametrize("ecrit", ["{0}", "{0} {1}", "{0}-{1}"])
def test_the_code_is_read_as_people_type_it(client, un_atelier, ecrit):
    code = un_atelier.code.lower()
    code = ecrit.format(code, "") if ecrit == "{0}" else ecrit.format(code[:3], code[3:])
    reponse = entrer(client, code)
    assert reponse.status_code == 302
    assert "sans prénom" in client.get(reponse.url).content.decode()


def test_the_short_address_fills_the_code_and_tells_nothing(client, un_atelier):
    for code in [un_atelier.code, "AAAAAA"]:
        reponse = client.get(f"/atelier/{code}/")
        assert f'value="{code}"' in reponse.content.decode()
        assert len(reponse.content) == len(client.get("/atelier/BBBBBB/").content)


def test_wrong_codes_are_limited_by_network_and_right_ones_too_then(client, un_atelier, monkeypatch):
    monkeypatch.setitem(atelier_participant.CODES_FAUX, "maximum", 3)
    for _ in range(3):
        assert "Aucun atelier ouvert" in entrer(client, "AAAAAA").content.decode()
    reponse = entrer(client, un_atelier.code)
    assert (reponse.status_code, Participant.objects.count()) == (429, 0)
    assert un_atelier.code in reponse.content.decode()  # what was typed is kept
    ailleurs = Client(REMOTE_ADDR="192.0.2.7")
    assert entrer(ailleurs, un_atelier.code).status_code == 302


def test_right_codes_are_not_counted_as_wrong(client, un_atelier, monkeypatch):
    monkeypatch.setitem(atelier_participant.CODES_FAUX, "maximum", 1)
    assert {entrer(client, un_atelier.code).status_code for _ in range(5)} == {302}


def test_a_structure_by_a_part_of_its_name_without_javascript(client, un_atelier):
    cafe = StructureFactory(etat="publiee", nom="Café du pont")
    autre = StructureFactory(etat="publiee", nom="Les amis du pont")
    StructureFactory(etat="brouillon", nom="Pont secret")
    assert entrer(client, un_atelier.code, structure="amis").status_code == 302
    assert Participant.objects.get().structure == autre
    reponse = entrer(client, un_atelier.code, structure="pont")
    texte = reponse.content.decode()
    assert "Plusieurs structures" in texte
    assert "Café du pont" in texte
    assert "secret" not in texte
    assert entrer(client, un_atelier.code, structure="pont", choix=str(cafe.pk)).status_code == 302
    assert Participant.objects.last().structure == cafe
    assert entrer(client, un_atelier.code, structure="pont", choix="aucune").status_code == 302
    assert Participant.objects.last().structure is None
    assert "Nous ne trouvons pas" in entrer(client, un_atelier.code, structure="zzz").content.decode()


def test_suggestions_are_published_names(client):
    StructureFactory(etat="publiee", nom="Café du pont", commune=None)
    StructureFactory(etat="brouillon", nom="Pont secret")
    assert client.get(f"{REJOINDRE}structures/?structure=pont").content.decode().count("<option") == 1


# -- writing


def test_the_link_opens_one_s_notes_on_any_device_and_nobody_else_s(un_atelier, axe, participant):
    PostItFactory(axe=axe, participant=participant, texte="La mienne")
    PostItFactory(axe=axe, participant=ParticipantFactory(atelier=un_atelier), texte="Celle d'une autre")
    texte = Client().get(lien_participant(participant)).content.decode()
    assert "La mienne" in texte
    assert "Celle d&#x27;une autre" not in texte
    assert un_atelier.consigne_rose in texte.replace("&#x27;", "'")
    en_phase(un_atelier, "regroupement")
    assert "Celle d&#x27;une autre" in Client().get(lien_participant(participant)).content.decode()


def test_another_s_note_is_neither_changed_nor_withdrawn(client, un_atelier, axe, participant):
    autre = PostItFactory(axe=axe, participant=ParticipantFactory(atelier=un_atelier), texte="La sienne")
    for geste in ["modifier", "retirer"]:
        coller(client, participant, axe, texte="volée", geste=geste, postit=autre.pk)
    autre.refresh_from_db()
    assert (autre.texte, PostIt.objects.count()) == ("La sienne", 1)


def test_a_note_of_another_workshop_s_axis_is_refused(client, participant):
    reponse = coller(client, participant, AtelierFactory(axes=1).axes.get())
    assert "Choisissez un axe de la liste" in reponse.content.decode()
    assert not PostIt.objects.exists()


def test_a_retried_form_writes_once(client, axe, participant):
    cle = str(uuid.uuid4())
    assert {coller(client, participant, axe, cle=cle).status_code for _ in range(2)} == {302}
    assert PostIt.objects.count() == 1


def test_the_fourth_note_comes_back_with_its_text(client, axe, participant):
    for _ in range(3):
        coller(client, participant, axe)
    reponse = coller(client, participant, axe, texte="La quatrième")
    texte = reponse.content.decode()
    assert "Vos 3 post-it roses" in texte
    assert "La quatrième" in texte
    assert PostIt.objects.count() == 3


def test_a_note_that_arrives_too_late_is_kept_on_the_page(client, un_atelier, axe, participant):
    en_phase(un_atelier, "regroupement", fin_ecriture=timezone.now() - timedelta(seconds=30))
    reponse = coller(client, participant, axe, texte="Juste après")
    assert "juste après la fin" in client.get(reponse.url).content.decode()
    en_phase(un_atelier, "regroupement", fin_ecriture=timezone.now() - timedelta(minutes=3))
    texte = coller(client, participant, axe, texte="Trop tard, mais gardé").content.decode()
    assert "Trop tard, mais gardé</textarea>" in texte
    assert "pas perdu" in texte
    assert PostIt.objects.count() == 1


def test_one_changes_and_withdraws_one_s_note(client, un_atelier, axe, participant):
    note = PostItFactory(axe=axe, participant=participant)
    coller(
        client, participant, un_atelier.axes.last(), texte="Changée", couleur="jaune", geste="modifier", postit=note.pk
    )
    note.refresh_from_db()
    assert (note.texte, note.couleur, note.axe) == ("Changée", "jaune", un_atelier.axes.last())
    reponse = coller(client, participant, axe, texte="", geste="modifier", postit=note.pk)
    assert "Écrivez une idée" in reponse.content.decode()
    for _ in range(2):
        assert coller(client, participant, axe, geste="retirer", postit=note.pk).status_code == 302
    assert not PostIt.objects.exists()


def test_a_broken_link_and_an_old_one(client, participant):
    assert client.get(lien_participant(participant)[:-3] + "/").status_code == 404
    autre = liens.signer("invitation", {"p": participant.pk})
    assert client.get(reverse("reunions:atelier_ecrire", args=[autre])).status_code == 404
    lien = lien_participant(participant)
    participant.delete()
    assert client.get(lien).status_code == 410


# -- live


def test_an_unchanged_screen_costs_one_read_and_no_session(un_atelier, axe, animateur, monkeypatch):
    monkeypatch.setattr(atelier_direct, "FRAIS", 10**9)  # whatever the time that the test takes
    client = Client()
    client.force_login(animateur)
    for ecran in ["participant", "console", "projecteur"]:
        url = lien_direct(un_atelier, ecran)
        premiere = client.get(url)
        with CaptureQueriesContext(connection) as requetes:
            reponse = client.get(url, headers={"if-none-match": premiere["ETag"]})
        assert (reponse.status_code, reponse.content, len(requetes)) == (304, b"", 1)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(url).status_code == 200  # the same version, drawn already
        assert len(requetes) == 1


def test_every_act_changes_the_mark_of_the_screens(client, un_atelier, axe, participant):
    url, marques = lien_direct(un_atelier, "projecteur"), []
    for acte in [
        lambda: None,
        lambda: entrer(client, un_atelier.code),
        lambda: coller(client, participant, axe),
        lambda: coller(client, participant, axe, geste="retirer", postit=PostIt.objects.get().pk),
    ]:
        acte()
        marques.append(client.get(url)["ETag"])
    assert len(set(marques)) == 4


@pytest.mark.parametrize(
    ("phase", "projetes", "vus"),
    [
        ("preparation", True, set()),
        ("ecriture", False, set()),
        ("ecriture", True, {"projecteur"}),
        ("regroupement", False, {"projecteur", "participant"}),
        ("restitution", False, {"projecteur", "participant"}),
        ("clos", False, {"projecteur", "participant"}),
    ],
)
def test_texts_show_only_where_the_phase_opens_them(client, un_atelier, axe, phase, projetes, vus):
    PostItFactory(axe=axe, texte="Le texte d'un post-it")
    en_phase(un_atelier, phase, textes_projetes=projetes, version=Atelier.objects.get(pk=un_atelier.pk).version + 1)
    un_atelier.refresh_from_db()
    montres = {
        ecran
        for ecran in ("participant", "console", "projecteur")
        if b"Le texte d" in client.get(lien_direct(un_atelier, ecran)).content
    }
    assert montres == vus


def test_the_projector_of_one_axis_shows_it_alone(equipe, un_atelier, axe):
    PostItFactory(axe=axe, texte="Sur cet axe")
    PostItFactory(axe=un_atelier.axes.last(), texte="Sur l'autre")
    en_phase(un_atelier, "restitution")
    texte = equipe.get(reverse("reunions:projecteur", args=[un_atelier.reunion_id]), {"axe": axe.pk}).content.decode()
    assert "Sur cet axe" in texte
    assert "Sur l&#x27;autre" not in texte
    assert equipe.get(reverse("reunions:projecteur", args=[un_atelier.reunion_id]), {"axe": "x"}).status_code == 200


# -- the team


def test_the_team_makes_a_workshop_runs_it_and_closes_it(equipe):
    reunion = ReunionFactory()
    console = reverse("reunions:atelier", args=[reunion.pk])
    reglages = equipe.get(console).url
    depart = equipe.get(reglages).context["form"].initial
    equipe.post(reglages, {**depart, "textes_projetes": ""})
    fait = Atelier.objects.get(reunion=reunion)
    assert (fait.axes.count(), fait.phase) == (6, "preparation")
    equipe.post(console, {"depuis": "preparation", "vers": "ecriture", "minutes": "10"})
    fait.refresh_from_db()
    assert (fait.phase, fait.fin_ecriture is not None) == ("ecriture", True)
    vue = equipe.get(console).context["fin_vue"]
    for _ in range(2):
        equipe.post(console, {"minutes": "5", "fin_vue": vue})
    apres = Atelier.objects.get(pk=fait.pk)
    assert apres.fin_ecriture == fait.fin_ecriture + timedelta(minutes=5)
    for depuis, vers in [("ecriture", "regroupement"), ("regroupement", "restitution"), ("restitution", "clos")]:
        assert equipe.post(console, {"depuis": depuis, "vers": vers}).status_code == 302
    assert Atelier.objects.get(pk=fait.pk).est_clos
    assert "Rouvrir la restitution" in equipe.get(console).content.decode()


def test_what_the_console_refuses_is_said(equipe, un_atelier):
    console = reverse("reunions:atelier", args=[un_atelier.reunion_id])
    for donnees, mots in [
        ({"depuis": "ecriture", "vers": "clos"}, "On passe d&#x27;une phase à la suivante"),
        ({"depuis": "x", "vers": "y"}, "pas été compris"),
        ({"depuis": "regroupement", "vers": "restitution"}, "déjà passé en écriture"),
        ({"minutes": ""}, "Dites de combien de minutes"),
        ({"minutes": "9999"}, "240"),
    ]:
        assert mots in equipe.post(console, donnees).content.decode()
    assert Atelier.objects.get(pk=un_atelier.pk).phase == "ecriture"


def test_settings_come_back_with_what_was_typed(equipe, un_atelier, axe):
    url = reverse("reunions:atelier_reglages", args=[un_atelier.reunion_id])
    depart = equipe.get(url).context["form"].initial
    memes = {f"axe_{a.pk}": a.nom for a in un_atelier.axes.all()}
    reponse = equipe.post(url, {**depart, **memes, "nouveaux": f"{axe.nom.upper()} : encore"})
    assert "Deux axes ont le même nom" in reponse.content.decode()
    PostItFactory(axe=axe)
    reponse = equipe.post(url, {**depart, **memes, f"axe_{axe.pk}": "", "nouveaux": "Un de plus"})
    assert "porte des post-it" in reponse.content.decode()
    assert un_atelier.axes.count() == 2
    equipe.post(url, {**depart, **memes, "nouveaux": "Un de plus : sa description", "seuil": "65"})
    assert list(un_atelier.axes.values_list("nom", "description"))[-1] == ("Un de plus", "sa description")


LIGNES = """
{numero} ; rose ; Une lettre ; avec un point-virgule
{nom};long terme;"Un juriste; partagé"
jaune ; Sur l'axe choisi
Sans rien dire
"""


def test_paper_is_pasted_as_lines_or_csv(equipe, un_atelier, axe):
    autre = un_atelier.axes.last()
    url = reverse("reunions:atelier_papier", args=[un_atelier.reunion_id])
    lignes = LIGNES.format(numero=2, nom=axe.nom) + f"{axe.nom}\tROSE\tD'un tableur\n"
    donnees = {"pour": "personne", "axe": autre.pk, "couleur": "rose", "lignes": lignes, "cle": str(uuid.uuid4())}
    for _ in range(2):
        assert equipe.post(url, donnees).status_code == 302
    assert list(PostIt.objects.order_by("pk").values_list("axe", "couleur", "texte")) == [
        (autre.pk, "rose", "Une lettre ; avec un point-virgule"),
        (axe.pk, "jaune", "Un juriste; partagé"),
        (autre.pk, "jaune", "Sur l'axe choisi"),
        (autre.pk, "rose", "Sans rien dire"),
        (axe.pk, "rose", "D'un tableur"),
    ]


def test_a_bad_paper_line_stops_all_and_is_named(equipe, un_atelier, axe, participant):
    url = reverse("reunions:atelier_papier", args=[un_atelier.reunion_id])
    donnees = {"pour": "personne", "lignes": f"1;rose;ok\ninconnu;rose;x\nsans axe\n1;rose;{'a' * 281}"}
    texte = equipe.post(url, donnees | {"cle": str(uuid.uuid4())}).content.decode()
    for mots in ["Ligne 2", "n&#x27;est pas un axe", "Ligne 3", "Ligne 4", "sans axe"]:
        assert mots in texte
    donnees = {"pour": "participant", "participant": participant.pk, "lignes": "1;rose;x\n" * 4}
    assert "1 de trop" in equipe.post(url, donnees | {"cle": str(uuid.uuid4())}).content.decode()
    for pour, mots in [("participant", "de qui sont ces post-it"), ("nouveau", "Donnez un prénom")]:
        donnees = {"pour": pour, "lignes": "1;rose;x", "cle": str(uuid.uuid4())}
        assert mots in equipe.post(url, donnees).content.decode()
    assert not PostIt.objects.exists()


def test_grouping_by_ticks_menus_and_suggestions(equipe, un_atelier, axe):
    notes = [PostItFactory(axe=axe, texte=texte) for texte in ["Une lettre commune", "une lettre commune !", "Autre"]]
    url = reverse("reunions:atelier_regrouper", args=[un_atelier.reunion_id, axe.pk])
    a, b, c = (note.pk for note in notes)
    assert "Peut-être la même idée" in equipe.get(url).content.decode()
    equipe.post(url, {"geste": "grouper", "a": a, "b": b})
    lettre = axe.categories.get()
    assert lettre.postits.count() == 2
    equipe.post(url, {"geste": "ranger", "postits": [c], "vers": "nouvelle", "nouvelle": "Divers"})
    divers = axe.categories.get(nom="Divers")
    equipe.post(url, {"geste": "fusionner", "categorie": divers.pk, "dans": lettre.pk})
    assert (lettre.postits.count(), axe.categories.count()) == (3, 1)
    equipe.post(url, {"geste": "renommer", "categorie": lettre.pk, "nom": "La lettre"})
    autre = un_atelier.axes.last()
    equipe.post(url, {"geste": "ranger", "postits": [a], "vers": f"axe-{autre.pk}"})
    equipe.post(url, {"geste": "ranger", "postits": [b], "vers": "aucune"})
    equipe.post(url, {"geste": "supprimer", "categorie": lettre.pk})
    assert list(PostIt.objects.order_by("pk").values_list("axe", "categorie")) == [
        (autre.pk, None),
        (axe.pk, None),
        (axe.pk, None),
    ]
    for donnees, mots in [
        ({"geste": "ranger", "vers": "aucune"}, "Cochez au moins un post-it"),
        ({"geste": "ranger", "postits": [b], "vers": "nouvelle"}, "Donnez un nom"),
        ({"geste": "ranger", "postits": [a], "vers": "aucune"}, "n&#x27;est plus sur cet axe"),
        ({"geste": "renommer", "categorie": lettre.pk, "nom": "x"}, "n&#x27;existe plus"),
        ({"geste": "grouper", "a": "x", "b": b}, "pas été compris"),
    ]:
        assert mots in equipe.post(url, donnees).content.decode()


@pytest.mark.parametrize("nombre", [1, 12])
@pytest.mark.parametrize(
    ("page", "requetes"),
    [("atelier", 9), ("atelier_papier", 7), ("projecteur", 9), ("atelier_regrouper", 13), ("atelier_ecrire", 8)],
)
def test_pages_take_as_many_queries_for_one_note_as_for_many(
    client, animateur, nombre_de_requetes, page, nombre, requetes
):
    un_atelier = AtelierFactory(axes=2, phase="regroupement", quota_rose=20)
    axe = un_atelier.axes.first()
    personne = ParticipantFactory(atelier=un_atelier, structure=StructureFactory(etat="publiee"))
    for _ in range(nombre):
        categorie = CategorieAxeFactory(axe=axe)
        PostItFactory(axe=axe, categorie=categorie, participant=personne, structure=personne.structure)
        ParticipantFactory(atelier=un_atelier, structure=StructureFactory(etat="publiee"))
    if page == "atelier_ecrire":
        url = lien_participant(personne)
    else:
        client.force_login(animateur)
        suite = [axe.pk] if page == "atelier_regrouper" else []
        url = reverse(f"reunions:{page}", args=[un_atelier.reunion_id, *suite])
    client.get(url)
    assert nombre_de_requetes(lambda: client.get(url)) == requetes


@pytest.mark.parametrize("nombre", [1, 6])
def test_the_writing_page_never_asks_more_with_more_notes(client, un_atelier, participant, nombre, nombre_de_requetes):
    for rang in range(nombre):
        PostItFactory(axe=un_atelier.axes.all()[rang % 2], participant=participant, couleur=["rose", "jaune"][rang % 2])
    url = lien_participant(participant)
    client.get(url)
    assert nombre_de_requetes(lambda: client.get(url)) == 6
