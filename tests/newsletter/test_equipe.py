"""The staff's pages: the list of subscribers and its acts, lists with proof, export, the words accepted, reminders."""

import io
from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from annuaire import oppositions
from newsletter.actions import abonnements, rappels
from newsletter.models import Abonne, Desabonnement, Envoi, ImportAbonnes, Interets, MentionConsentement, Numero
from pole_ess.socle.models import Courriel
from tests.factories import RattachementFactory, UtilisateurFactory
from tests.factories.newsletter import AbonneFactory, BreveFactory, EnvoiFactory, MentionFactory, NumeroFactory
from tests.newsletter.garniture import garnir_lettre

pytestmark = pytest.mark.django_db
MODELES = [m for m in admin.site._registry if m._meta.app_label == "newsletter"]


def page(modele, quoi, *args):
    return reverse(f"admin:newsletter_{modele}_{quoi}", args=args)


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur)
    return client


@pytest.mark.parametrize("modele", MODELES, ids=lambda m: m._meta.model_name)
@pytest.mark.parametrize("role", ["animateur", "administrateur", "membre", None])
def test_pages_are_open_to_the_staff_only(client, request, structure, modele, role):
    garnir_lettre(structure)
    if role:
        client.force_login(request.getfixturevalue(role))
    nom, premier = modele._meta.model_name, modele._base_manager.first()
    urls = [page(nom, "changelist"), page(nom, "changelist") + "?q=x'%25y&p=99999&o=1.-2", page(nom, "add")]
    urls += [page(nom, "change", premier.pk), page(nom, "change", "0"), page(nom, "change", "x'")]
    for url in urls:
        reponse = client.get(url)
        if role in ("animateur", "administrateur"):
            assert reponse.status_code in (200, 302, 403, 404), url
        else:
            assert (reponse.status_code, reponse.url.split("?")[0]) == (302, reverse("admin:login")), url


def test_what_bounces_did_is_shown_and_reversed(equipe):
    abonne = AbonneFactory(courriel="lea@example.org")
    abonnements.noter_rebond(abonne, dur=True, detail="550 5.1.1 inconnu")
    liste = equipe.get(page("abonne", "changelist")).content.decode()
    assert "1 définitif" in liste
    assert "adresse qui n" in liste
    fiche = equipe.get(page("abonne", "change", abonne.pk)).content.decode()
    assert "550 5.1.1 inconnu" in fiche
    acte = page("abonne", "acte", abonne.pk, "reprendre")
    assert acte in fiche
    assert acte in liste
    assert equipe.get(acte).status_code == 200
    abonne.refresh_from_db()
    assert abonne.etat == "suspendu"
    equipe.post(acte)
    abonne.refresh_from_db()
    assert (abonne.etat, abonne.rebonds_durs, abonne.suspension) == ("confirme", 0, "")
    assert "rien n&#x27;a changé" in equipe.post(acte).content.decode()
    equipe.post(page("abonne", "acte", abonne.pk, "suspendre"), {"detail": "reçoit en double"})
    abonne.refresh_from_db()
    assert (abonne.suspension, abonne.suspension_detail) == ("equipe", "reçoit en double")
    equipe.post(page("abonne", "acte", abonne.pk, "desabonner"))
    assert (Abonne.objects.count(), Desabonnement.objects.get().voie) == (0, "equipe")
    assert equipe.get(page("abonne", "acte", abonne.pk, "reprendre")).status_code == 404


def test_somebody_asked_in_person(equipe):
    equipe.post(page("abonne", "add"), {"courriel": "lea@example.org"})
    assert (Abonne.objects.get().etat, Abonne.objects.get().formulaire) == ("en_attente", "equipe")
    assert Courriel.objects.get().gabarit == "lettre_confirmer"


def test_export_gives_the_proof_and_neutralises_formulas(equipe, nombre_de_requetes):
    interets = Interets.objects.pour(natures=["local", "benevolat"])
    abonne = AbonneFactory(courriel="=cmd@example.org", suspension_detail="", interets=interets)
    assert "bénévolat" in equipe.get(page("abonne", "change", abonne.pk)).content.decode()
    reponse = equipe.get(page("abonne", "exporter"))
    texte = b"".join(reponse.streaming_content).decode()
    assert "'=cmd@example.org" in texte
    assert "bénévolat, locaux" in texte
    assert "no-store" in reponse["Cache-Control"]
    assert len(texte.splitlines()) == 2

    def lire():
        b"".join(equipe.get(page("abonne", "exporter")).streaming_content)

    une = nombre_de_requetes(lire)
    AbonneFactory.create_batch(5)
    assert nombre_de_requetes(lire) == une


def test_list_has_the_same_number_of_queries_with_one_and_with_many(equipe, nombre_de_requetes):
    AbonneFactory()
    une = nombre_de_requetes(lambda: equipe.get(page("abonne", "changelist")))
    AbonneFactory.create_batch(5)
    AbonneFactory.create_batch(3, etat="suspendu")
    assert nombre_de_requetes(lambda: equipe.get(page("abonne", "changelist"))) == une


LISTE = "E-mail;Nom\nneuve@example.org;A\nla@example.org;B\npartie@example.org;C\nopposee@example.org;D\nfaux;E\n"


def deposer(equipe, contenu=LISTE, **autres):
    fichier = SimpleUploadedFile("liste.csv", contenu.encode())
    donnees = {"fichier": fichier, "preuve": "Feuille du forum", "consenti_le": timezone.localdate().isoformat()}
    return equipe.post(page("importabonnes", "add"), donnees | autres)


def test_list_with_its_proof_is_previewed_then_applied_once(equipe):
    AbonneFactory(courriel="la@example.org")
    abonnements.desabonner(AbonneFactory(courriel="partie@example.org"), voie="lien")
    oppositions.enregistrer(courriel="opposee@example.org")
    reponse = deposer(equipe)
    depot = ImportAbonnes.objects.get()
    assert reponse.url == page("importabonnes", "change", depot.pk)
    vue = equipe.get(reponse.url).content.decode()
    for attendu in ["abonner 1 personne", "désabonnée", "opposée", "Ce n&#x27;est pas une adresse", "Feuille du forum"]:
        assert attendu in vue
    assert "@example.org" not in vue
    assert Abonne.objects.count() == 1
    for _ in range(2):
        equipe.post(page("importabonnes", "appliquer", depot.pk))
    assert set(Abonne.objects.values_list("courriel", flat=True)) == {"la@example.org", "neuve@example.org"}
    assert Abonne.objects.get(courriel="neuve@example.org").import_abonnes == depot
    assert equipe.get(page("importabonnes", "appliquer", depot.pk)).status_code == 405
    rapport = b"".join(equipe.get(page("importabonnes", "rapport", depot.pk)).streaming_content).decode()
    assert len(rapport.splitlines()) == 6
    assert "@example.org" not in rapport
    seules = equipe.get(page("importabonnes", "change", depot.pk) + "?statut=rejetee").content.decode()
    assert seules.count("<tr>") == 2


@pytest.mark.parametrize(
    ("autres", "champ"),
    [
        ({"preuve": " "}, "preuve"),
        ({"consenti_le": "hier"}, "consenti_le"),
        ({"consenti_le": "2999-01-01"}, "consenti_le"),
        ({"consenti_le": "2001-01-01"}, "consenti_le"),
        ({"fichier": ""}, "fichier"),
        ({"fichier": SimpleUploadedFile("x.csv", b"nom;ville\nA;B\n")}, "fichier"),
        ({"fichier": SimpleUploadedFile("x.xlsx", b"PK\x03\x04 casse")}, "fichier"),
    ],
)
def test_list_that_cannot_be_read_or_proved(equipe, autres, champ):
    reponse = deposer(equipe, **autres)
    assert (reponse.status_code, ImportAbonnes.objects.count()) == (200, 0)
    assert reponse.context["form"].errors[champ]


def test_new_words_leave_the_accepted_ones(equipe):
    MentionFactory(version=1)
    AbonneFactory()
    equipe.post(page("mentionconsentement", "add"), {"texte": "D'autres mots."})
    assert MentionConsentement.courante().version == 2
    assert MentionConsentement.courante().texte == "D'autres mots."
    assert Abonne.objects.get().mention.version == 1
    equipe.post(page("mentionconsentement", "add"), {"texte": "D'autres mots."})
    assert MentionConsentement.objects.count() == 2


def test_home_says_what_waits(equipe, structure):
    BreveFactory(structure=structure, etat="a_valider")
    AbonneFactory(etat="suspendu", suspension="plainte")
    accueil = equipe.get(reverse("admin:index")).content.decode()
    assert "Brèves à valider" in accueil
    assert "Plaintes d&#x27;abonnés" in accueil
    assert "Lettres qui vous attendent" not in accueil


@pytest.mark.parametrize("etat", ["suspendu", "en_cours"])
def test_home_says_which_letters_wait_for_a_decision(equipe, etat):
    numero = NumeroFactory(etat=etat, rang=1)
    EnvoiFactory(numero=numero, abonne=AbonneFactory(), etat="incertain" if etat == "en_cours" else "pret")
    assert "Lettres qui vous attendent" in equipe.get(reverse("admin:index")).content.decode()
    Envoi.objects.update(etat="parti" if etat == "en_cours" else "pret", parti_le=timezone.now())
    Numero.objects.update(etat="en_cours", suspension="")
    assert "Lettres qui vous attendent" not in equipe.get(reverse("admin:index")).content.decode()


# -- « proposer une brève »


def rappels_partis():
    return set(Courriel.objects.filter(gabarit="lettre_proposer_breve").values_list("destinataire", flat=True))


def test_referents_are_told_once_for_each_letter(structure, referent, membre):
    dans = timezone.now() + timedelta(days=3)
    numero = NumeroFactory(etat="programme", programme_le=dans)
    assert rappels.rappeler_dus() == 1
    assert rappels_partis() == {referent.email}
    RattachementFactory(structure=structure, role="referent")
    assert rappels.rappeler_dus() == 0
    suivante = NumeroFactory(etat="programme", programme_le=dans)
    assert rappels.rappeler(suivante) == 2
    assert rappels.rappeler(numero) == 0


@pytest.mark.parametrize("jours", [0.5, 9])
def test_no_reminder_too_early_nor_too_late(referent, jours):
    NumeroFactory(etat="programme", programme_le=timezone.now() + timedelta(days=jours))
    assert rappels.rappeler_dus() == 0


def test_reminder_leaves_alone_who_has_just_written_and_who_objected(structure, referent):
    NumeroFactory(etat="termine", rang=1, prevus=0)
    Numero.objects.update(lance_le=timezone.now() - timedelta(days=30))
    autre = RattachementFactory(role="referent")
    opposee = RattachementFactory(role="referent", utilisateur=UtilisateurFactory(email="non@example.org"))
    oppositions.enregistrer(courriel=opposee.utilisateur.email)
    BreveFactory(structure=structure, etat="a_valider")
    rappels.rappeler(NumeroFactory())
    assert rappels_partis() == {autre.utilisateur.email}


def test_same_file_whatever_its_name(equipe):
    depot = io.BytesIO(b"courriel\nneuve@example.org\n")
    depot.name = "../../x.csv"
    deposer(equipe, fichier=depot)
    assert "/" not in ImportAbonnes.objects.get().nom
