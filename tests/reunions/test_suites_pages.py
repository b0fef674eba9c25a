"""The pages of actions and projects: what each sees, the filters, the file, what a note becomes."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reunions.models import Action, ActionStructure, Nouvelle, Projet
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.reunions import (
    ActionFactory,
    AtelierFactory,
    AxeFactory,
    CategorieAxeFactory,
    PostItFactory,
    ProjetFactory,
    ReunionFactory,
)

pytestmark = pytest.mark.django_db


def url(nom, *arguments):
    return reverse(f"reunions:{nom}", args=arguments)


def titres(reponse) -> list[str]:
    return [action.titre for action in reponse.context["page"].object_list]


def hier():
    return timezone.localdate() - timedelta(days=1)


# -- the list


def test_what_presses_comes_first_and_filters_have_addresses(client, structure):
    reunion, projet = ReunionFactory(etat="tenue"), ProjetFactory()
    ActionFactory(titre="Faite", etat="faite", reunion=reunion)
    ActionFactory(titre="Sans date", projet=projet)
    ActionFactory(titre="Demain", echeance=hier() + timedelta(days=2), pilote=structure)
    tardive = ActionFactory(titre="Tardive", echeance=hier(), etat="en_cours")
    ActionStructure.objects.create(action=tardive, structure=structure)
    liste = url("actions")
    assert titres(client.get(liste)) == ["Tardive", "Demain", "Sans date", "Faite"]
    for requete, attendus in [
        ("retard=1", ["Tardive"]),
        ("etat=ouvertes", ["Tardive", "Demain", "Sans date"]),
        ("etat=faite", ["Faite"]),
        (f"structure={structure.pk}", ["Tardive", "Demain"]),
        (f"reunion={reunion.pk}", ["Faite"]),
        (f"projet={projet.pk}&etat=a_faire", ["Sans date"]),
        ("etat=rien&structure=abc&page=99", ["Tardive", "Demain", "Sans date", "Faite"]),
        ("structure=999999", []),
    ]:
        assert titres(client.get(f"{liste}?{requete}")) == attendus, requete
    page = client.get(f"{liste}?retard=1&structure={structure.pk}")
    assert [mot for mot, _ in page.context["actifs"]] == ["En retard", structure.nom]
    assert 'aria-live="polite">1 action' in page.content.decode()


def test_htmx_gets_the_results_and_the_count_alone(client):
    ActionFactory(titre="Faire la carte")
    texte = client.get(url("actions"), headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in texte, "Faire la carte" in texte, 'hx-swap-oob="innerHTML:#compte"' in texte) == (
        False,
        True,
        True,
    )


def test_reserved_actions_and_reserved_meetings_do_not_show(client, membre, structure, etranger):
    ActionFactory(titre="Entre nous", publique=False, pilote=structure)
    secrete = ReunionFactory(titre="Comité fermé", audience="invites")
    ActionFactory(titre="Ouverte", reunion=secrete)
    for personne, attendus in [(None, ["Ouverte"]), (etranger, ["Ouverte"]), (membre, ["Entre nous", "Ouverte"])]:
        if personne:
            client.force_login(personne)
        page = client.get(url("actions"))
        assert sorted(titres(page)) == attendus
        assert "Comité fermé" not in page.content.decode()
        assert titres(client.get(f"{url('actions')}?reunion={secrete.pk}")) == []
        detail = client.get(url("action_detail", Action.objects.get(titre="Ouverte").pk)).content.decode()
        assert "Comité fermé" not in detail


def test_the_spreadsheet_is_that_of_the_filters_and_neutralises_formulas(client, animateur):
    ActionFactory(titre="=HYPERLINK(1)", echeance=hier(), pilote=StructureFactory(nom="+Piège"), publique=False)
    ActionFactory(titre="Faite", etat="faite")
    client.force_login(animateur)
    texte = b"".join(client.get(f"{url('actions_csv')}?retard=1").streaming_content).decode("utf-8-sig")
    entetes, ligne = csv.reader(io.StringIO(texte), delimiter=";")
    valeurs = dict(zip(entetes, ligne, strict=True))
    assert (valeurs["Action"], valeurs["Structure qui pilote"]) == ("'=HYPERLINK(1)", "'+Piège")
    assert (valeurs["En retard"], valeurs["Visible de tous"]) == ("oui", "non")


# -- noting


def formulaire(**autres):
    return {"titre": "Faire la carte", "publique": "on", "cle": str(uuid.uuid4()), **autres}


def test_a_note_and_a_category_become_actions_with_where_they_come_from(client, animateur):
    axe = AxeFactory(atelier=AtelierFactory(phase="restitution"))
    categorie = CategorieAxeFactory(axe=axe, nom="Prêt de matériel")
    note = PostItFactory(axe=axe, categorie=categorie, texte="Un barnum pour tous")
    client.force_login(animateur)
    adresse = f"{url('action_creer')}?postit={note.pk}"
    page = client.get(adresse)
    assert page.context["form"]["titre"].value() == "Un barnum pour tous"
    donnees = formulaire(titre="Un barnum pour tous", reunion=axe.atelier.reunion_id)
    for _ in range(2):
        client.post(adresse, donnees)
    action = Action.objects.get()
    assert (action.postit, action.categorie, action.reunion) == (note, categorie, axe.atelier.reunion)
    assert client.get(f"{url('action_creer')}?categorie={categorie.pk}").context["form"]["titre"].value() == (
        "Prêt de matériel"
    )
    client.logout()
    assert "Un barnum pour tous" in client.get(action.get_absolute_url()).content.decode()


def test_where_it_was_born_is_told_once_the_notes_are_given_back(client):
    axe = AxeFactory(atelier=AtelierFactory(phase="regroupement"))
    action = ActionFactory(categorie=CategorieAxeFactory(axe=axe, nom="Secret"), postit=PostItFactory(axe=axe))
    assert "Secret" not in client.get(action.get_absolute_url()).content.decode()


@pytest.mark.parametrize("cle", ["postit", "categorie", "reunion", "projet"])
@pytest.mark.parametrize("valeur", ["", "0", "abc", "9" * 40, "-1"])
def test_an_address_that_names_nothing_gives_an_empty_form(client, animateur, cle, valeur):
    client.force_login(animateur)
    assert client.get(f"{url('action_creer')}?{cle}={valeur}").context["source"] == {}


@pytest.mark.parametrize(
    ("champ", "valeur", "message"),
    [
        ("titre", "", "ce qui est à faire"),
        ("pilote", "Nulle part", "Nous ne trouvons pas"),
        ("echeance", "demain", "pas comprise"),
        ("reunion", "99999", "Choisissez dans la liste"),
        ("cle", "abc", "abîmé"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_kept(client, animateur, champ, valeur, message):
    client.force_login(animateur)
    reponse = client.post(url("action_creer"), formulaire(details="Gardé", **{champ: valeur}))
    texte = reponse.content.decode()
    assert (message in texte, "Gardé" in texte, Action.objects.count()) == (True, True, 0)


def test_a_referent_notes_an_action_of_their_project_led_by_one_of_its_members(client, referent, structure):
    projet, autre = ProjetFactory(), StructureFactory(nom="Une structure étrangère")
    client.force_login(referent)
    adresse = f"{url('action_creer')}?projet={projet.pk}"
    assert client.get(adresse).status_code == 403
    projet.adhesions.create(structure=structure)
    assert "participe déjà" in client.post(adresse, formulaire(pilote=autre.nom)).content.decode()
    client.post(adresse, formulaire(pilote=structure.nom))
    assert (Action.objects.get().projet, Action.objects.get().pilote) == (projet, structure)
    assert client.get(url("action_creer")).status_code == 403


# -- the page of one


def test_a_visitor_sees_who_and_how_to_join_a_referent_tells_news_and_closes(client, referent, structure):
    action = ActionFactory(pilote=structure, echeance=hier())
    texte = client.get(action.get_absolute_url()).content.decode()
    assert ("Connectez-vous" in texte, "En retard" in texte, "Publier cette nouvelle" in texte) == (True, True, False)
    client.force_login(referent)
    fait = client.post(url("action_acte", action.pk, "nouvelle"), {"texte": "Lancé", "cle": str(uuid.uuid4())})
    assert fait["Location"] == action.get_absolute_url()
    assert Nouvelle.objects.get().structure == structure
    sans = client.post(url("action_acte", action.pk, "etat"), {"etat": "abandonnee", "cle": str(uuid.uuid4())})
    assert "Dites pourquoi" in sans.content.decode()
    client.post(url("action_acte", action.pk, "etat"), {"etat": "faite", "cle": str(uuid.uuid4())})
    assert Action.objects.get().etat == "faite"
    vide = client.post(url("action_acte", action.pk, "nouvelle"), {"texte": "", "cle": str(uuid.uuid4())})
    assert "Écrivez quelques mots" in vide.content.decode()


def test_one_click_makes_the_project_and_leads_to_its_page(client, referent, structure):
    action = ActionFactory(pilote=structure)
    client.force_login(referent)
    assert "En faire un projet" in client.get(action.get_absolute_url()).content.decode()
    fait = client.post(url("action_acte", action.pk, "projet"), {"genre": "projet", "cle": str(uuid.uuid4())})
    assert fait["Location"] == Projet.objects.get().get_absolute_url()
    assert "En faire un projet" not in client.get(action.get_absolute_url()).content.decode()


def test_a_member_joins_in_the_name_of_their_own_structures_alone(client, membre, structure):
    action, autre = ActionFactory(), StructureFactory()
    client.force_login(membre)
    client.post(url("action_acte", action.pk, "rejoindre"), {"structure": autre.pk})
    assert action.structures.count() == 0
    client.post(url("action_acte", action.pk, "rejoindre"), {"structure": structure.pk})
    assert action.structures.get() == structure
    assert client.post(url("action_acte", action.pk, "inconnu")).status_code == 404
    assert client.get(url("action_acte", action.pk, "quitter"))["Location"] == action.get_absolute_url()


def test_the_team_prepares_the_meeting_of_a_project(client, animateur):
    projet = ProjetFactory(nom="Saison partagée")
    a_venir = ReunionFactory(projet=projet, titre="Caler les dates")
    ReunionFactory(projet=projet, titre="Brouillon caché", etat="brouillon")
    texte = client.get(projet.get_absolute_url()).content.decode()
    assert (a_venir.titre in texte, "Brouillon caché" in texte) == (True, False)
    client.force_login(animateur)
    lien = f"{url('reunion_creer')}?projet={projet.pk}"
    assert lien in client.get(projet.get_absolute_url()).content.decode()
    assert client.get(lien).context["form"]["projet"].value() == projet.pk


# -- from the results, and elsewhere


def test_results_offer_the_team_to_go_on_from_a_note(client, animateur):
    axe = AxeFactory(atelier=AtelierFactory(phase="restitution"))
    note = PostItFactory(axe=axe, texte="Prêter un barnum & des tables", categorie=CategorieAxeFactory(axe=axe))
    pages = [url("atelier_resultats", axe.atelier.reunion_id)]
    assert "En faire un besoin" not in client.get(pages[0]).content.decode()
    client.force_login(animateur)
    for page in [*pages, url("atelier_regrouper", axe.atelier.reunion_id, axe.pk)]:
        texte = client.get(page).content.decode()
        assert f"{url('action_creer')}?postit={note.pk}" in texte
        assert "sens=besoin&amp;titre=Pr%C3%AAter%20un%20barnum%20%26%20des%20tables&amp;description=" in texte


def test_a_structure_s_sheet_shows_what_it_does_with_others(client, structure):
    action = ActionFactory(titre="Faire la carte", pilote=structure)
    ActionFactory(titre="Entre nous", pilote=structure, publique=False)
    ActionFactory(titre="Terminée", pilote=structure, etat="faite")
    ProjetFactory(nom="Saison partagée").adhesions.create(structure=structure)
    texte = client.get(structure.get_absolute_url()).content.decode()
    assert [mot in texte for mot in (action.titre, "Saison partagée", "Entre nous", "Terminée")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("compte", [1, 5])
def test_queries_of_the_pages(client, structure, referent, django_assert_num_queries, compte):
    projet = ProjetFactory(pilote=structure)
    reunion = ReunionFactory(etat="tenue", projet=projet)
    for _ in range(compte):
        action = ActionFactory(pilote=structure, projet=projet, reunion=reunion, echeance=hier())
        for _ in range(compte):
            ActionStructure.objects.create(action=action, structure=StructureFactory())
            projet.adhesions.create(structure=StructureFactory())
            Nouvelle.objects.create(action=action, texte="Lancé", structure=structure, cle=uuid.uuid4())
            Nouvelle.objects.create(projet=projet, texte="Lancé", structure=structure, cle=uuid.uuid4())
        RattachementFactory(utilisateur=referent, role="membre")
    for nom, arguments, visiteur, siennes in [
        ("actions", [], 8, 10),
        ("action_detail", [action.pk], 5, 10),
        ("projets", [], 2, 4),
        ("projet_detail", [projet.pk], 9, 14),
    ]:
        client.logout()
        with django_assert_num_queries(visiteur):
            client.get(url(nom, *arguments))
        client.force_login(referent)
        with django_assert_num_queries(siennes):
            client.get(url(nom, *arguments))
