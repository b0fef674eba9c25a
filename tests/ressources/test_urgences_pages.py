"""The pages of urgent help: opening, following, answering by the link, preferences, what staff see."""

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import urgences, urgences_reponses, urgences_vagues
from ressources.actions.urgences_vagues import lien
from ressources.attentes_membre import urgences as attente_du_membre
from ressources.attentes_urgences import des_urgences
from ressources.models import Appel, PreferenceUrgences, Urgence
from tests.factories import CommuneFactory, RattachementFactory
from tests.factories.ressources import CategorieFactory
from tests.factories.urgences import AppelFactory, BenevoleFactory, UrgenceFactory, demain

pytestmark = pytest.mark.django_db
LISTE = "/offres-et-besoins/urgences/"
NOUVELLE = f"{LISTE}nouvelle/"


def saisie(structure, **autres):
    return {
        "structure": structure.pk, "titre": "Remplacement en cuisine", "quoi": "competence", "savoir_faire": "cuisine",
        "jour": (timezone.localdate() + timedelta(days=1)).strftime("%d/%m/%Y"), "de": "8h", "a": "16 h 30",
        "commune": structure.commune.nom, "places": "2", "telephone": "0199001234", "delai": "30",
        "cle": str(uuid.uuid4()), **autres,
    }  # fmt: skip


def lancee(**reste):
    return UrgenceFactory(vague=1, prochaine_vague_le=timezone.now() + timedelta(minutes=20), **reste)


def texte(reponse) -> str:
    """What is read: tags out, no-break spaces as spaces."""
    lu = unescape(re.sub(r"<[^>]+>", " ", reponse.content.decode()))
    return " ".join(lu.split())


# -- opening


def test_opening_a_call(client, structure, referent):
    client.force_login(referent)
    cuisine = CategorieFactory(nature="competence", nom="Cuisine")
    reponse = client.post(NOUVELLE, saisie(structure, quoi=f"competence:{cuisine.pk}"))
    urgence = Urgence.objects.get()
    assert reponse.url == urgence.get_absolute_url()
    assert (urgence.debut, urgence.places, urgence.delai, urgence.categorie) == (demain(), 2, 30, cuisine)
    assert timezone.localtime(urgence.fin).strftime("%H:%M") == "16:30"
    assert (urgence.telephone, urgence.latitude) == ("01 99 00 12 34", structure.commune.latitude)
    assert "L'appel est lancé" in texte(client.get(reponse.url))


def test_an_end_before_the_beginning_is_the_next_morning(client, structure, referent):
    client.force_login(referent)
    client.post(NOUVELLE, saisie(structure, de="22 h", a="6 h"))
    urgence = Urgence.objects.get()
    debut, fin = timezone.localtime(urgence.debut), timezone.localtime(urgence.fin)
    assert (fin.date() - debut.date(), fin.hour) == (timedelta(days=1), 6)


@pytest.mark.parametrize(
    ("champ", "valeur", "dit"),
    [
        ("jour", "1/1/2020", "Ce moment est déjà passé."),
        ("jour", "hier", "Cette date n'est pas comprise"),
        ("jour", "31/12/2099", "publiez plutôt un besoin"),
        ("de", "25 h", "Cette heure n'est pas comprise"),
        ("a", "", "Donnez l'heure de la fin."),
        ("jour_fin", "1/1/2099", "Un appel urgent dure un mois au plus."),
        ("jour_fin", "1/1/2021", "La fin est avant le début."),
        ("places", "21", "Pas plus de 20."),
        ("telephone", "12", "Ce numéro de téléphone n'est pas complet"),
        ("quoi", "achat_groupe", "Choisissez dans la liste."),
        ("commune", "Nulle part", "Nous ne connaissons pas cette commune"),
        ("delai", "3", "Choisissez une durée de la liste."),
    ],
)
def test_bad_input_is_said_and_what_was_typed_stays(client, structure, referent, champ, valeur, dit):
    client.force_login(referent)
    reponse = client.post(NOUVELLE, saisie(structure, **{champ: valeur}))
    assert reponse.status_code == 200
    page = reponse.content.decode()
    assert dit.replace("'", "&#x27;") in page
    assert "Remplacement en cuisine" in page
    assert not Urgence.objects.exists()


def test_a_commune_without_a_place_is_refused(client, structure, referent):
    client.force_login(referent)
    CommuneFactory(nom="Sans lieu", latitude=None, longitude=None)
    assert "donnez-en une voisine" in client.post(NOUVELLE, saisie(structure, commune="Sans lieu")).content.decode()


def test_a_retried_form_opens_one_and_the_sixth_of_a_week_is_refused(client, structure, referent):
    client.force_login(referent)
    donnees = saisie(structure)
    assert client.post(NOUVELLE, donnees).url == client.post(NOUVELLE, donnees).url
    for _ in range(4):
        client.post(NOUVELLE, saisie(structure))
    page = client.post(NOUVELLE, saisie(structure)).content.decode()
    assert "5 appels urgents en sept jours" in page
    assert Urgence.objects.count() == 5


def test_a_structure_of_another_is_refused(client, structure, etranger):
    client.force_login(etranger)
    assert "Choisissez une de vos structures." in client.post(NOUVELLE, saisie(structure)).content.decode()


# -- following


def test_the_clock_says_what_happens_next(client, referent, structure):
    client.force_login(referent)
    urgence = lancee(structure=structure)
    heure = timezone.localtime(urgence.prochaine_vague_le)
    page = texte(client.get(urgence.get_absolute_url()))
    assert f"Prochaine vague à {heure.hour} h" in page
    for vague, quand, dit in [
        (0, timezone.now(), "Les messages partent dans un instant."),
        (1, timezone.now(), "La vague suivante part dans un instant."),
        (2, timezone.now() + timedelta(minutes=5), "l'équipe du pôle est prévenue."),
        (3, None, "cherche avec vous"),
    ]:
        Urgence.objects.filter(pk=urgence.pk).update(vague=vague, prochaine_vague_le=quand)
        assert dit.replace("'", "&#x27;") in client.get(urgence.get_absolute_url()).content.decode()


def test_an_open_page_asks_again_and_gets_nothing_when_nothing_moved(client, referent, structure):
    client.force_login(referent)
    urgence = lancee(structure=structure)
    page = client.get(urgence.get_absolute_url()).content.decode()
    adresse = re.search(r'hx-get="([^"]+)"', page[page.index("<main") :])[1]
    demande = {"headers": {"hx-request": "true"}}
    reponse = client.get(adresse, **demande)
    assert (reponse.status_code, reponse.content) == (204, b"")
    urgences_reponses.accepter(AppelFactory(urgence=urgence), nom="Lou Vial", telephone="01 99 00 45 67")
    fragment = client.get(adresse, **demande)
    assert fragment.status_code == 200
    assert "<html" not in fragment.content.decode()
    assert "C'est trouvé" in texte(fragment)
    assert "hx-get" not in fragment.content.decode()


def test_numbers_only_of_who_was_called_and_contacts_of_who_comes(client, structure, referent, membre):
    urgence = lancee(structure=structure, places=2)
    muet, non = AppelFactory.create_batch(2, urgence=urgence)
    urgences_reponses.decliner(non)
    vient = AppelFactory(urgence=urgence)
    urgences_reponses.accepter(vient, nom="Lou Vial", telephone="01 99 00 45 67", message="J'arrive")
    client.force_login(referent)
    page = client.get(urgence.get_absolute_url())
    lu = texte(page)
    assert "3 personnes appelées, 1 oui, 1 non, 1 sans réponse" in lu
    assert "01 99 00 45 67" in lu and vient.utilisateur.email in lu
    assert muet.utilisateur.email not in page.content.decode() and muet.utilisateur.nom not in page.content.decode()
    client.force_login(membre)
    vu_par_un_membre = client.get(urgence.get_absolute_url()).content.decode()
    assert "Lou Vial" in vu_par_un_membre
    assert "01 99 00 45 67" not in vu_par_un_membre
    assert "geste-annuler" not in vu_par_un_membre


def test_buttons_of_the_asker(client, structure, referent):
    client.force_login(referent)
    urgence = lancee(structure=structure)
    client.post(urgence.get_absolute_url(), {"geste": "elargir", "vague": "1"})
    urgences_vagues.avancer()
    urgence.refresh_from_db()
    assert urgence.vague == 3
    refus = client.post(urgence.get_absolute_url(), {"geste": "elargir", "vague": "3"}, follow=True)
    assert "Tout le monde est déjà prévenu" in refus.content.decode()
    client.post(urgence.get_absolute_url(), {"geste": "pourvue", "vague": "3"})
    urgence.refresh_from_db()
    assert (urgence.etat, urgence.autrement) == ("pourvue", True)
    client.post(urgence.get_absolute_url(), {"geste": "annuler", "motif": "Plus besoin"})
    urgence.refresh_from_db()
    assert urgence.etat == "annulee"


@pytest.mark.parametrize("nombre", [1, 12])
def test_a_page_costs_the_same_whatever_the_calls(client, structure, referent, django_assert_num_queries, nombre):
    client.force_login(referent)
    urgence = lancee(structure=structure, places=20)
    for _ in range(nombre):
        AppelFactory(urgence=urgence, etat="oui", nom="Lou")
        AppelFactory(urgence=urgence)
    client.get(urgence.get_absolute_url())
    with django_assert_num_queries(8):
        client.get(urgence.get_absolute_url())


@pytest.mark.parametrize("nombre", [1, 12])
def test_the_list_costs_the_same(client, structure, referent, django_assert_num_queries, nombre):
    client.force_login(referent)
    for _ in range(nombre):
        lancee(structure=structure)
        AppelFactory(utilisateur=referent)
    client.get(LISTE)
    with django_assert_num_queries(7):
        assert client.get(LISTE).status_code == 200


# -- answering by the link


def test_answering_from_the_mail_without_an_account(client):
    urgence, benevole = UrgenceFactory(), BenevoleFactory()
    urgences_vagues.avancer()
    mail = Courriel.objects.get(gabarit="urgence_appel")
    oui = re.search(r"(/offres-et-besoins/lien/urgence/\S+)\?reponse=oui", mail.texte)
    assert oui[0] in mail.html.replace("&amp;", "&")
    page = client.get(oui[0])
    assert "Je peux, c'est confirmé" in texte(page)
    assert "12 rue du Lavoir" not in page.content.decode() and "01 99 00 12 34" not in page.content.decode()
    vide = client.post(oui[1], {"geste": "oui", "nom": "Lou", "telephone": ""})
    assert "Donnez un téléphone" in vide.content.decode()
    suite = client.post(oui[1], {"geste": "oui", "nom": "Lou", "telephone": "0199004567"}, follow=True)
    assert "Merci, vous êtes attendu" in texte(suite)
    assert "12 rue du Lavoir" in texte(suite) and "01 99 00 12 34" in texte(suite)
    assert Appel.objects.get(urgence=urgence, utilisateur=benevole.utilisateur).telephone == "01 99 00 45 67"


def test_a_known_phone_makes_it_one_tap(client):
    appel = AppelFactory()
    BenevoleFactory(utilisateur=appel.utilisateur, telephone="01 99 00 77 88")
    page = client.get(f"{lien(appel)}?reponse=oui").content.decode()
    assert "01 99 00 77 88" not in page and "qui finit par 88" in page
    client.post(lien(appel), {"geste": "oui", "nom": appel.utilisateur.nom})
    appel.refresh_from_db()
    assert (appel.etat, appel.telephone) == ("oui", "01 99 00 77 88")


def test_second_yes_is_told_it_is_found_and_stays_in_reserve(client):
    urgence = lancee()
    premier, second = AppelFactory.create_batch(2, urgence=urgence)
    for appel in (premier, second):
        page = client.post(lien(appel), {"geste": "oui", "nom": "Lou", "telephone": "0199004567"}, follow=True)
    assert "Déjà pourvu" in texte(page) and "Vous êtes en réserve" in texte(page)
    page = client.post(lien(premier), {"geste": "desister"}, follow=True)
    assert "la structure est prévenue" in texte(page).lower()
    urgence.refresh_from_db()
    assert urgence.etat == "ouverte"


@pytest.mark.parametrize(
    ("fermer", "dit"),
    [
        (lambda u: urgences.annuler(u), "La structure n'en a plus besoin"),
        (lambda u: urgences.pourvoir_autrement(u), "La structure a trouvé quelqu'un par ailleurs"),
        (lambda u: urgences_vagues.avancer(maintenant=u.fin), "L'heure est passée"),
    ],
)
def test_too_late_is_said(client, fermer, dit):
    appel = AppelFactory()
    fermer(appel.urgence)
    page = texte(client.get(f"{lien(appel)}?reponse=oui"))
    assert dit in page
    apres = client.post(lien(appel), {"geste": "oui", "nom": "Lou", "telephone": "0199004567"}, follow=True)
    assert "Merci d'avoir voulu aider" in texte(apres)


def test_no_more_calls_by_the_link(client):
    appel = AppelFactory()
    assert "Ne plus être appelé" in client.get(f"{lien(appel)}?reponse=jamais").content.decode()
    assert not PreferenceUrgences.objects.exists()
    client.post(lien(appel), {"geste": "jamais"})
    assert PreferenceUrgences.objects.get(utilisateur=appel.utilisateur).accepte == "jamais"


def test_answers_are_limited(client):
    appel = AppelFactory()
    for _ in range(30):
        client.post(lien(appel), {"geste": "oui", "nom": "", "telephone": ""})
    assert client.post(lien(appel), {"geste": "non"}).status_code == 429


# -- preferences, what waits


def test_a_citizen_without_a_structure_accepts_calls(client, etranger):
    client.force_login(etranger)
    CommuneFactory(nom="Cusset")
    donnees = {
        "accepte": "oui", "savoir_faire": "cuisine", "commune": "Cusset", "rayon": "20", "calme_debut": "20 h 30",
        "calme_fin": "8h", "par_semaine": "2", "telephone": "0199004567",
    }  # fmt: skip
    adresse = reverse("ressources:urgences_preferences")
    assert client.post(adresse, donnees | {"commune": ""}).status_code == 200
    assert not PreferenceUrgences.objects.exists()
    assert client.post(adresse, donnees).status_code == 302
    p = PreferenceUrgences.objects.get()
    assert (p.accepte, p.commune.nom, p.rayon, p.par_semaine) == ("oui", "Cusset", 20, 2)
    assert f"{p.calme_debut:%H:%M} {p.calme_fin:%H:%M}" == "20:30 08:00"


def test_a_structure_chooses_whom_to_call(client, structure, referent):
    autre = RattachementFactory(structure=structure, role="referent").utilisateur
    membre = RattachementFactory(structure=structure).utilisateur
    client.force_login(referent)
    adresse = reverse("ressources:urgences_structure", args=[structure.pk])
    assert client.post(adresse, {"accepte": "on", "rayon": "25", "referents": [membre.pk]}).status_code == 200
    client.post(adresse, {"accepte": "on", "rayon": "25", "referents": [autre.pk]})
    assert list(structure.reglages_urgences.referents.all()) == [autre]


def test_what_waits_for_the_person_called_and_for_the_staff(animateur, referent):
    appel = AppelFactory(utilisateur=referent)
    (attente,) = attente_du_membre(referent)
    assert attente.phrase == f"« {appel.urgence.titre} » attend votre réponse."
    UrgenceFactory(vague=3)
    (ligne,) = des_urgences(animateur)
    assert (ligne.nombre, ligne.pressant) == (1, True)
    assert des_urgences(referent) == []


def test_staff_close_from_the_admin(client, animateur):
    client.force_login(animateur)
    urgence = UrgenceFactory(vague=3)
    appel = AppelFactory(urgence=urgence)
    adresse = reverse("admin:ressources_urgence_change", args=[urgence.pk])
    assert "Pourvue autrement" in client.get(adresse).content.decode()
    client.post(reverse("admin:ressources_urgence_acte", args=[urgence.pk, "pourvoir"]))
    urgence.refresh_from_db()
    assert urgence.etat == "pourvue"
    assert Courriel.objects.get(gabarit="urgence_close").destinataire == appel.utilisateur.email
    client.post(reverse("admin:ressources_urgence_acte", args=[urgence.pk, "annuler"]), {"motif": "Erreur"})
    urgence.refresh_from_db()
    assert urgence.etat == "annulee"


@pytest.mark.parametrize("gabarit", ["urgence_appel", "urgence_confirmee", "urgence_demandeur", "urgence_equipe"])
def test_mails_are_short_and_say_the_same_in_both_parts(gabarit):
    """Every word of the text part is in the HTML one, but addresses."""
    BenevoleFactory(accepte="oui")
    urgence = UrgenceFactory()
    urgences_vagues.avancer()
    urgences_reponses.accepter(Appel.objects.get(), nom="Lou", telephone="01 99 00 45 67", message="J'arrive")
    autre = UrgenceFactory(savoir_faire="plomberie", titre="Une fuite")
    urgences_vagues.avancer()
    assert autre.etat == "ouverte" and urgence.etat == "ouverte"
    mail = Courriel.objects.filter(gabarit=gabarit).first()
    corps = mail.texte.partition("\n-- \n")[0]
    assert len(corps.split()) < 120
    html = unescape(re.sub(r"<[^>]+>", " ", mail.html.partition("</head>")[2]))
    mots = set(re.findall(r"[\wÀ-ÿ]{4,}", re.sub(r"https?://\S+", "", corps)))
    manquants = {mot for mot in mots if mot not in html}
    assert manquants <= {"Chaque", "lien", "ouvre"}, manquants
