"""Short news: written by référents, moderated as announcements are, read on the site, on the sheet, in the feed."""

import re
import uuid

import pytest
from django.urls import reverse

from newsletter.actions import TransitionInterdite, breves
from newsletter.composition import publics
from newsletter.models import Breve
from pole_ess.socle.models import Courriel
from ressources.actions import moderation
from ressources.models import MotDeVigilance
from tests.factories import RattachementFactory
from tests.factories.newsletter import BreveFactory
from tests.images import image

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notifie_aussitot")]
PROPOSER = "/lettre/breves/proposer/"


@pytest.fixture
def au_clavier(client, referent):
    client.force_login(referent)
    return client


def saisie(structure, **autres):
    return {
        "structure": structure.pk,
        "titre": "Nous déménageons",
        "texte": "Dès lundi, rue du Pont.",
        "geste": "envoyer",
        "cle": str(uuid.uuid4()),
        **autres,
    }


def test_from_the_form_to_the_sheet(au_clavier, structure, referent, animateur, client):
    reponse = au_clavier.post(PROPOSER, saisie(structure), follow=True)
    assert "L'équipe du pôle la relit" in reponse.content.decode().replace("&#x27;", "'")
    breve = Breve.objects.get()
    assert (breve.etat, breve.structure, breve.auteur) == ("a_valider", structure, referent)
    assert Courriel.objects.get().gabarit == "breve_equipe"
    assert breve not in publics()["breve"]
    client.logout()
    assert client.get(breve.get_absolute_url()).status_code == 404

    client.force_login(animateur)
    client.post(reverse("admin:newsletter_breve_acte", args=[breve.pk, "publier"]))
    client.logout()
    assert breve in publics()["breve"]
    for url in ["/lettre/breves/", "/lettre/breves/flux/", breve.get_absolute_url(), structure.get_absolute_url()]:
        assert "Nous déménageons" in client.get(url).content.decode(), url
    assert Courriel.objects.filter(gabarit="breve_decision", utilisateur=referent).exists()


def test_trusted_structure_shows_at_once_but_for_a_word_of_vigilance(au_clavier, structure, animateur):
    moderation.faire_confiance(structure, par=animateur)
    MotDeVigilance.objects.create(expression="gain garanti")
    au_clavier.post(PROPOSER, saisie(structure))
    assert Breve.objects.get().etat == "publiee"
    au_clavier.post(PROPOSER, saisie(structure, titre="Gains garantis pour tous"))
    louche = Breve.objects.get(etat="a_valider")
    assert louche.vigilance == ["gain garanti"]
    propre = Breve.objects.get(etat="publiee")
    au_clavier.post(
        reverse("newsletter:breve_modifier", args=[propre.pk]), {"titre": "Un gain garanti", "texte": "Oui."}
    )
    propre.refresh_from_db()
    assert (propre.etat, propre.vigilance) == ("a_valider", ["gain garanti"])


def test_edit_of_a_published_one_is_listed_to_be_read_again(au_clavier, structure, animateur):
    breve = BreveFactory(structure=structure)
    url = reverse("newsletter:breve_modifier", args=[breve.pk])
    au_clavier.post(url, {"titre": breve.titre, "texte": breve.texte, "geste": "enregistrer"})
    breve.refresh_from_db()
    assert breve.a_relire_depuis is None  # nothing changed
    au_clavier.post(url, {"titre": "Autre titre", "texte": breve.texte, "geste": "enregistrer"})
    breve.refresh_from_db()
    assert (breve.etat, breve.titre) == ("publiee", "Autre titre")
    assert breve.a_relire_depuis
    breves.relire(breve, par=animateur)
    with pytest.raises(TransitionInterdite):
        breves.relire(breve, par=animateur)


def test_600_characters_counted_as_people_type_them(au_clavier, structure):
    juste = ("é" * 299 + "\r\n") * 2
    assert au_clavier.post(PROPOSER, saisie(structure, texte=juste)).status_code == 302
    assert len(Breve.objects.get().texte) == 599  # the last line break is not kept
    trop = au_clavier.post(PROPOSER, saisie(structure, texte="a" * 601))
    page = trop.content.decode()
    assert (trop.status_code, Breve.objects.count()) == (200, 1)
    assert "601 caractères sur 600" in page
    assert "a" * 601 in page


def test_preview_writes_nothing_and_counts_without_javascript(au_clavier, structure):
    page = au_clavier.post(PROPOSER, saisie(structure, geste="apercu")).content.decode()
    assert "Le texte fait 23 caractères sur 600" in page
    assert not Breve.objects.exists()


def test_photo_needs_its_description_and_is_cleaned(au_clavier, structure):
    sans = au_clavier.post(PROPOSER, saisie(structure, photo=image()))
    assert "Décrivez la photo" in sans.content.decode()
    au_clavier.post(PROPOSER, saisie(structure, photo=image(), alternative="La nouvelle salle"))
    breve = Breve.objects.get()
    assert breve.photo.name.endswith(".webp")
    assert breve.vignette.name.startswith("breves/")
    page = au_clavier.get(breve.get_absolute_url()).content.decode()
    assert 'alt="La nouvelle salle"' in page
    url = reverse("newsletter:breve_modifier", args=[breve.pk])
    vide = au_clavier.post(url, {"titre": "T", "texte": "t", "alternative": ""})
    assert vide.status_code == 200  # a photo stays described
    au_clavier.post(url, {"titre": "T", "texte": "t", "retirer_photo": "on"})
    breve.refresh_from_db()
    assert (breve.photo.name, breve.alternative) == ("", "")


@pytest.mark.parametrize("faux", [b"<svg/>", b"GIF89a", b""])
def test_file_that_is_no_photo(au_clavier, structure, faux):
    from django.core.files.uploadedfile import SimpleUploadedFile

    fichier = SimpleUploadedFile("x.jpg", faux, content_type="image/jpeg")
    reponse = au_clavier.post(PROPOSER, saisie(structure, photo=fichier, alternative="x"))
    assert (reponse.status_code, Breve.objects.count()) == (200, 0)
    assert reponse.context["form"].errors["photo"]


def test_same_form_twice_writes_once_and_a_stolen_key_writes_nothing(au_clavier, structure, client, etranger):
    donnees = saisie(structure)
    for _ in range(2):
        assert au_clavier.post(PROPOSER, donnees).status_code == 302
    assert Breve.objects.count() == 1
    client.force_login(etranger)
    leur = etranger.rattachements.get().structure
    reponse = client.post(PROPOSER, donnees | {"structure": leur.pk})
    assert "déjà servi" in reponse.content.decode()
    assert Breve.objects.count() == 1


def test_nobody_writes_for_somebody_elses_structure(client, etranger, structure, membre):
    for personne in (etranger, membre):
        client.force_login(personne)
        assert client.post(PROPOSER, saisie(structure)).status_code == 200
    assert not Breve.objects.exists()


@pytest.mark.parametrize(
    ("acte", "depart", "arrivee"),
    [
        ("publier", "a_valider", "publiee"),
        ("publier", "retiree", "publiee"),
        ("demander_correction", "a_valider", "a_corriger"),
        ("refuser", "a_valider", "refusee"),
        ("remettre_en_validation", "publiee", "a_valider"),
        ("retirer", "publiee", "retiree"),
        ("archiver", "retiree", "archivee"),
    ],
)
def test_acts_of_the_staff(client, animateur, structure, referent, acte, depart, arrivee):
    breve = BreveFactory(structure=structure, etat=depart, auteur=referent)
    client.force_login(animateur)
    url = reverse("admin:newsletter_breve_acte", args=[breve.pk, acte])
    assert client.get(url).status_code == 200
    breve.refresh_from_db()
    assert breve.etat == depart
    assert client.post(url, {"motif": "Dites où c'est."}).status_code == 302
    breve.refresh_from_db()
    assert breve.etat == arrivee
    courriels = Courriel.objects.filter(utilisateur=referent)
    if acte == "archiver":
        assert not courriels.exists()
    else:
        assert ("Dites où c'est." in courriels.get().texte) == (acte != "publier")
    reponse = client.post(url, {"motif": "Encore"})
    assert reponse.status_code == 200  # it is no longer possible, and the page says so


@pytest.mark.parametrize("acte", ["demander_correction", "refuser", "remettre_en_validation"])
def test_reason_is_required(animateur, structure, acte):
    breve = BreveFactory(structure=structure, etat="publiee" if acte == "remettre_en_validation" else "a_valider")
    with pytest.raises(ValueError, match="raison"):
        getattr(breves, acte)(breve, par=animateur, motif="  ")


def test_sheet_offers_to_write_to_its_referents_only(client, structure, referent, etranger):
    def page(personne):
        client.force_login(personne)
        return client.get(structure.get_absolute_url()).content.decode()

    assert "Ses brèves" in page(referent)
    assert "Ses brèves" not in page(etranger)


def test_same_number_of_queries_with_one_and_with_many(client, structure, referent, nombre_de_requetes):
    BreveFactory(structure=structure)
    liste, flux = "/lettre/breves/", "/lettre/breves/flux/"
    assert nombre_de_requetes(lambda: client.get(liste)) == 3
    une = nombre_de_requetes(lambda: client.get(flux))
    client.force_login(referent)
    miennes = nombre_de_requetes(lambda: client.get("/lettre/breves/miennes/"))
    for _ in range(4):
        BreveFactory(structure=structure)
        BreveFactory(structure=RattachementFactory(utilisateur=referent, role="referent").structure)
    assert nombre_de_requetes(lambda: client.get("/lettre/breves/miennes/")) == miennes
    client.logout()
    assert nombre_de_requetes(lambda: client.get(liste)) == 3
    assert nombre_de_requetes(lambda: client.get(flux)) == une


def test_page_of_the_form_says_how_long_the_text_is(au_clavier):
    page = au_clavier.get(PROPOSER).content.decode()
    assert re.search(r'maxlength="600"', page)
    assert "0 caractère sur 600" in page
