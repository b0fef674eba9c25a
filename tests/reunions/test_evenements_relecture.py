"""An event that its structure changes in line is read again by the staff, field by field; and what members are told."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annuaire import compte_attentes, confiance
from reunions import attentes_membre
from reunions.actions import TransitionInterdite
from reunions.actions import evenements as actes
from reunions.actions import evenements_relecture as relecture
from reunions.models import Evenement
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.reunions import EvenementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def evenement(structure):
    return EvenementFactory(
        structure=structure,
        titre="Bal",
        description="Un bal au pré",
        commune=CommuneFactory(nom="Cusset"),
        debut=datetime(2027, 6, 12, 18, tzinfo=UTC),
    )


def change(evenement, par, **valeurs):
    actes.modifier(evenement, par=par, valeurs=valeurs)
    evenement.refresh_from_db()
    return relecture.changements(evenement)


# -- the acts


def test_what_changed_since_it_was_read_is_kept_in_words(evenement, referent):
    assert change(evenement, referent, titre="Grand bal", commune=CommuneFactory(nom="Vichy"), accessible_pmr=True) == [
        ("Titre", "Bal", "Grand bal"),
        ("Commune", "Cusset (03200)", "Vichy (03200)"),
        ("Accessible en fauteuil (PMR)", "non", "oui"),
    ]
    depuis = evenement.a_relire_depuis
    suite = change(
        evenement, referent, titre="Très grand bal", genre="festival", debut=datetime(2027, 6, 12, 18, 30, tzinfo=UTC)
    )
    assert suite[:3] == [
        ("Genre", "autre", "festival, fête"),
        ("Titre", "Bal", "Très grand bal"),
        ("Début", "samedi 12 juin 2027 à 20\xa0h", "samedi 12 juin 2027 à 20\xa0h\xa030"),
    ]
    assert evenement.a_relire_depuis == depuis


def test_back_to_what_was_read_there_is_nothing_to_read(evenement, referent):
    change(evenement, referent, titre="Grand bal")
    assert change(evenement, referent, titre="Bal") == []
    assert evenement.a_relire_depuis is None


@pytest.mark.parametrize("etat", ["brouillon", "a_valider", "a_corriger"])
def test_before_it_shows_there_is_nothing_to_read_again(referent, structure, etat):
    assert change(EvenementFactory(structure=structure, etat=etat), referent, titre="Autre") == []


def test_staff_and_trusted_structures_are_not_read_again(evenement, animateur, referent, monkeypatch):
    assert change(evenement, animateur, titre="Corrigé par l'équipe") == []
    monkeypatch.setattr(confiance, "_FONCTIONS", [lambda structure: True])
    assert change(evenement, referent, titre="De confiance") == []


def test_read_once_and_not_what_came_after(evenement, referent):
    change(evenement, referent, titre="Grand bal")
    vue = relecture.version_de(evenement)
    change(evenement, referent, titre="Autre chose")
    with pytest.raises(TransitionInterdite, match="encore changé"):
        relecture.relire(evenement, vue=vue)
    relecture.relire(evenement, vue=relecture.version_de(evenement))
    evenement.refresh_from_db()
    assert (evenement.a_relire_depuis, evenement.avant, evenement.titre) == (None, {}, "Autre chose")
    with pytest.raises(TransitionInterdite, match="déjà relu"):
        relecture.relire(evenement)


@pytest.mark.parametrize(("acte", "reste"), [("annuler", True), ("archiver", False)])
def test_a_cancelled_one_is_still_to_read_one_out_of_the_agenda_is_not(evenement, referent, acte, reste):
    change(evenement, referent, titre="Grand bal")
    getattr(actes, acte)(evenement, par=referent, motif="Pluie")
    evenement.refresh_from_db()
    assert (evenement.a_relire_depuis is not None) is reste
    assert bool(evenement.avant) is reste


# -- the staff's pages


def test_the_admin_s_home_counts_them_and_the_list_shows_them_first(client, animateur, referent, evenement):
    EvenementFactory(titre="Rien à lire")
    change(evenement, referent, titre="Grand bal")
    client.force_login(animateur)
    lignes = [*client.get(reverse("admin:index")).context["attentes"]]
    ligne = next(ligne for ligne in lignes if ligne.titre == "Événements modifiés à relire")
    assert (ligne.nombre, ligne.depuis, ligne.pressant) == (1, evenement.a_relire_depuis, False)
    assert list(client.get(ligne.url).context["cl"].queryset) == [evenement]
    tous = client.get(reverse("admin:reunions_evenement_changelist"))
    assert next(iter(tous.context["cl"].result_list)) == evenement
    assert "à relire, aujourd&#x27;hui" in tous.content.decode()


def test_its_page_shows_the_change_and_the_act_marks_what_was_seen(client, animateur, referent, evenement):
    change(evenement, referent, description="Un bal sous le <chêne>")
    client.force_login(animateur)
    page = reverse("admin:reunions_evenement_change", args=[evenement.pk])
    texte = client.get(page).content.decode()
    assert "<del>au pré</del>" in texte
    assert "<ins>sous le &lt;chêne&gt;</ins>" in texte
    (adresse,) = [url for url, mot, _ in client.get(page).context["actes"] if mot == "C'est relu"]
    assert client.get(adresse).status_code == 200
    evenement.refresh_from_db()
    assert evenement.a_relire_depuis is not None
    change(evenement, referent, titre="Changé pendant la lecture")
    assert "encore changé" in client.post(adresse).content.decode()
    (adresse,) = [url for url, mot, _ in client.get(page).context["actes"] if mot == "C'est relu"]
    assert client.post(adresse).url == page
    evenement.refresh_from_db()
    assert evenement.a_relire_depuis is None
    assert "à relire" not in client.get(page).context["title"]
    assert "<ins>" not in client.get(page).content.decode()


@pytest.mark.parametrize("role", ["visiteur", "membre", "referent"])
def test_nobody_else_reads_or_marks(client, request, referent, evenement, role):
    change(evenement, referent, titre="Grand bal")
    if role != "visiteur":
        client.force_login(request.getfixturevalue(role))
    adresse = reverse("admin:reunions_evenement_acte", args=[evenement.pk, "relire"])
    for reponse in (client.get(adresse), client.post(adresse)):
        assert (reponse.status_code, reponse.url.split("?")[0]) == (302, reverse("admin:login"))
    evenement.refresh_from_db()
    assert evenement.a_relire_depuis is not None


def test_many_are_marked_at_once_and_the_others_left(client, animateur, referent, structure):
    lus = [EvenementFactory(structure=structure) for _ in range(3)]
    for un in lus[:2]:
        change(un, referent, titre="Autre")
    client.force_login(animateur)
    envoi = {"action": "relire_la_selection", "_selected_action": [un.pk for un in lus]}
    reponse = client.post(reverse("admin:reunions_evenement_changelist"), envoi, follow=True)
    assert "Relus : Autre, Autre." in reponse.content.decode()
    assert not Evenement.objects.filter(a_relire_depuis__isnull=False).exists()


def test_the_list_asks_as_much_for_one_as_for_many(client, animateur, referent, structure):
    client.force_login(animateur)
    adresse = reverse("admin:reunions_evenement_changelist")
    comptes = []
    for nombre in (1, 6):
        for _ in range(nombre):
            change(EvenementFactory(structure=structure), referent, titre="Autre")
            EvenementFactory(structure=StructureFactory(), etat="a_valider")
        client.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


# -- « Mon compte »


@pytest.mark.parametrize("nombre", [0, 1, 3])
def test_a_member_is_told_of_events_to_correct(client, referent, structure, django_assert_num_queries, nombre):
    for _ in range(nombre):
        dernier = EvenementFactory(structure=structure, titre="Bal", etat="a_corriger", motif="Le lieu ?")
    EvenementFactory(etat="a_corriger")
    EvenementFactory(structure=structure, etat="a_valider")
    with django_assert_num_queries(1):
        lignes = list(attentes_membre.evenements_a_corriger(referent))
    if nombre == 0:
        assert lignes == []
        return
    (ligne,) = lignes
    assert ligne.url == (dernier.get_absolute_url() if nombre == 1 else reverse("reunions:mes_evenements"))
    assert ("« Bal »" if nombre == 1 else "3 de vos événements") in ligne.phrase
    client.force_login(referent)
    assert ligne in compte_attentes.toutes(referent)
    assert ligne.url in client.get(reverse("mon_compte")).content.decode()
    if nombre == 1:
        assert "Le lieu ?" in client.get(ligne.url).content.decode()


def test_a_plain_member_is_not_asked_to_correct(membre, structure):
    EvenementFactory(structure=structure, etat="a_corriger")
    assert list(attentes_membre.evenements_a_corriger(membre)) == []
