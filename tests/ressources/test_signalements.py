"""Reports of announcements: recorded once, who is told, what three known structures can do and one troll cannot."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle.models import Compteur, Courriel, ReglagesPole
from ressources.actions import TransitionInterdite, cloture, publication, signalements
from ressources.models import Annonce, SignalementAnnonce
from ressources.tasks.annonces import archiver_annonces
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory
from tests.ressources.test_lots_fils import ensemble

pytestmark = pytest.mark.django_db
ROLES = ["visiteur", "etranger", "membre", "referent", "animateur", "administrateur"]


@pytest.fixture
def annonce(structure):
    return AnnonceFactory(structure=structure, titre="Barnum")


def adresse(annonce):
    return reverse("ressources:signaler", args=[annonce.pk])


def saisie(**valeurs):
    return {"genre": "trompeuse", "texte": "Le prix est faux.", "cle": str(uuid.uuid4()), "piege": "", **valeurs}


def dire(annonce, auteur=None, genre="deplacee", **valeurs):
    return signalements.signaler(
        annonce, genre=genre, texte="C'est illégal.", auteur=auteur, cle=uuid.uuid4(), **valeurs
    )


def connu(structure=None, **valeurs):
    """A person whom a published structure has as a member."""
    structure = structure or StructureFactory()
    return RattachementFactory(structure=structure, **valeurs).utilisateur


# --- the page ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_anybody_may_say_it(client, request, annonce, role):
    utilisateur = request.getfixturevalue(role)
    if utilisateur:
        client.force_login(utilisateur)
    page = client.get(adresse(annonce))
    assert ("courriel" in page.context["form"].fields) is (utilisateur is None)
    reponse = client.post(adresse(annonce), saisie(courriel="claude@example.org"))
    assert reponse.status_code == 302
    recu = SignalementAnnonce.objects.get()
    attendue = "" if utilisateur else "claude@example.org"
    assert (recu.annonce, recu.genre, recu.auteur, recu.courriel) == (annonce, "trompeuse", utilisateur, attendue)
    html = client.get(reponse["Location"]).content.decode()
    assert "Merci de votre signalement" in html
    assert "Un e-mail vous dira" in html


def test_the_announcement_s_page_leads_to_it(client, annonce):
    assert adresse(annonce) in client.get(annonce.get_absolute_url()).content.decode()


def test_the_team_is_told_at_once_and_may_answer(client, annonce):
    client.post(adresse(annonce), saisie(courriel="claude@example.org", genre="deplacee"))
    courriel = Courriel.objects.get()
    assert courriel.destinataire == ReglagesPole.actuels().courriel_equipe
    assert courriel.repondre_a == "claude@example.org"
    assert courriel.sujet == "Annonce déplacée ou illégale ? Barnum"
    assert "Le prix est faux." in courriel.texte
    assert reverse("admin:ressources_annonce_change", args=[annonce.pk]) in courriel.texte
    assert "n'est plus en ligne" not in courriel.texte
    annonce.refresh_from_db()
    assert annonce.etat == "publiee"


@pytest.mark.parametrize("genre", ["trompeuse", "deplacee", "autre"])
def test_what_is_wrong_must_be_said_but_that_it_is_gone(client, annonce, genre):
    page = client.post(adresse(annonce), saisie(genre=genre, texte=" "))
    assert list(page.context["form"].errors) == ["texte"]
    assert client.post(adresse(annonce), saisie(genre="deja_pourvue", texte="")).status_code == 302


@pytest.mark.parametrize(
    ("valeurs", "champ"),
    [
        ({"genre": ""}, "genre"),
        ({"genre": "inconnu"}, "genre"),
        ({"courriel": "pas une adresse"}, "courriel"),
        ({"texte": "x" * 2001}, "texte"),
        ({"cle": "abc"}, "cle"),
        ({"piege": "robot"}, "piege"),
    ],
)
def test_bad_input_is_kept_and_explained(client, annonce, valeurs, champ):
    page = client.post(adresse(annonce), saisie(**valeurs))
    assert (page.status_code, list(page.context["form"].errors)) == (200, [champ])
    assert SignalementAnnonce.objects.count() == 0
    if champ != "texte":
        assert "Le prix est faux." in page.content.decode()


def test_a_retried_form_writes_once_and_another_s_key_is_said(client, annonce):
    donnees = saisie()
    for _ in range(2):
        assert client.post(adresse(annonce), donnees).status_code == 302
    assert (SignalementAnnonce.objects.count(), Courriel.objects.count()) == (1, 1)
    assert Compteur.objects.get(cle__endswith=":heure").compte == 1
    page = client.post(adresse(AnnonceFactory()), donnees)
    assert "Ce formulaire a déjà servi" in page.content.decode()
    assert donnees["cle"] not in page.content.decode()
    assert SignalementAnnonce.objects.count() == 1


def test_too_many_of_a_network_then_of_an_account_then_of_an_address(client, annonce):
    for rang in range(6):
        page = client.post(adresse(annonce), saisie(texte=f"Faux {rang}"))
    assert (page.status_code, SignalementAnnonce.objects.count()) == (429, 5)
    assert "Faux 5" in page.content.decode()
    cache.clear()
    Compteur.objects.all().delete()
    membre = UtilisateurFactory()
    client.force_login(membre)
    codes = [client.post(adresse(annonce), saisie(), REMOTE_ADDR=f"192.0.2.{rang}").status_code for rang in range(11)]
    assert codes == [302] * 10 + [429]
    client.logout()
    Compteur.objects.all().delete()
    codes = [
        client.post(adresse(annonce), saisie(courriel="Claude@example.org"), REMOTE_ADDR=f"192.0.2.{rang}").status_code
        for rang in range(11)
    ]
    assert codes == [302] * 10 + [429]
    assert not Compteur.objects.filter(cle__icontains="claude").exists()


def test_thanks_are_said_even_when_that_very_report_hid_it(client, annonce):
    for _ in range(2):
        dire(annonce, connu())
    client.force_login(connu())
    reponse = client.post(adresse(annonce), saisie())
    annonce.refresh_from_db()
    assert annonce.etat == "a_valider"
    assert "Merci de votre signalement" in client.get(reponse["Location"]).content.decode()
    client.logout()
    assert client.get(adresse(annonce)).status_code == 404
    assert client.get(adresse(annonce) + "?recu=abc").status_code == 404


# --- back to moderation ------------------------------------------------------------------------------------------


def etat(annonce) -> str:
    return Annonce.objects.values_list("etat", flat=True).get(pk=annonce.pk)


def test_three_people_of_three_structures_send_it_back_to_the_staff(annonce):
    for rang, genre in enumerate(["deplacee", "trompeuse", "deplacee"]):
        assert (etat(annonce), signalements.voix(annonce)) == ("publiee", rang)
        dire(annonce, connu(), genre=genre)
    assert etat(annonce) == "a_valider"
    a_la_structure = Courriel.objects.get(gabarit="annonce_en_validation")
    assert a_la_structure.destinataire == annonce.structure.courriel
    assert "Plusieurs structures l'ont signalée" in a_la_structure.texte
    a_l_equipe = Courriel.objects.filter(gabarit="signalement_annonce").order_by("pk").last()
    assert "n'est plus en ligne" in a_l_equipe.texte
    assert annonce.history.first().history_change_reason == signalements.RAISON[:100]


def test_one_troll_hides_nothing(annonce):
    """As many reports, addresses, accounts or colleagues as they like."""
    for rang in range(6):
        dire(annonce, courriel=f"faux{rang}@example.org")
        dire(annonce, UtilisateurFactory())  # accounts that no structure knows
    troll = connu()
    for _ in range(4):
        dire(annonce, troll)
    for _ in range(3):
        RattachementFactory(utilisateur=troll)  # several structures: still one person
    siennes = troll.rattachements.first().structure
    for _ in range(3):
        dire(annonce, connu(siennes))  # several people of one structure: still one
    assert etat(annonce) == "publiee"


@pytest.mark.parametrize("valeurs", [{"etat": "demande", "actif_depuis": None}, {"structure__etat": "a_valider"}])
def test_who_only_asked_to_belong_or_is_of_no_published_structure_does_not_count(annonce, valeurs):
    for _ in range(4):
        dire(annonce, RattachementFactory(**valeurs).utilisateur)
    assert etat(annonce) == "publiee"


def test_its_own_people_do_not_count(annonce):
    for _ in range(3):
        dire(annonce, connu(annonce.structure))
    assert etat(annonce) == "publiee"


@pytest.mark.parametrize("genre", ["deja_pourvue", "autre"])
def test_lesser_reasons_never_hide_it(annonce, genre):
    for _ in range(4):
        dire(annonce, connu(), genre=genre)
    assert etat(annonce) == "publiee"


def test_once_the_team_has_read_it_old_reports_do_not_count(annonce, animateur):
    for _ in range(3):
        dire(annonce, connu())
    publication.publier(annonce, par=animateur)
    dire(annonce, connu())
    assert (etat(annonce), signalements.voix(annonce)) == ("publiee", 1)
    for _ in range(2):
        dire(annonce, connu())
    assert etat(annonce) == "a_valider"


def test_answered_reports_do_not_count(annonce, animateur):
    for _ in range(2):
        signalements.rejeter(dire(annonce, connu()), par=animateur, reponse="Tout est en règle.")
    for _ in range(2):
        dire(annonce, connu())
    assert etat(annonce) == "publiee"


@pytest.mark.django_db(transaction=True)
def test_reports_at_the_same_moment_hide_it_once():
    annonce = AnnonceFactory()
    personnes = [connu() for _ in range(6)]
    erreurs = ensemble([lambda p=p: dire(Annonce.objects.get(pk=annonce.pk), p) for p in personnes])
    assert (erreurs, etat(annonce), SignalementAnnonce.objects.count()) == ([], "a_valider", 6)
    assert Courriel.objects.filter(gabarit="annonce_en_validation").count() == 1
    assert Courriel.objects.filter(gabarit="signalement_annonce").count() == 6


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_five_times_at_once_writes_once():
    annonce, cle = AnnonceFactory(), uuid.uuid4()
    acte = lambda: signalements.signaler(annonce, genre="autre", texte="?", cle=cle)  # noqa: E731
    assert ensemble([acte] * 5) == []
    assert (SignalementAnnonce.objects.count(), Courriel.objects.count()) == (1, 1)


# --- « no longer available » is asked to its structure -----------------------------------------------------------


def test_its_structure_is_asked_once_a_week_and_does_not_learn_who_said_so(annonce):
    for _ in range(3):
        dire(annonce, genre="deja_pourvue", courriel="claude@example.org")
    courriel = Courriel.objects.get()
    assert courriel.destinataire == annonce.structure.courriel
    assert "n'est plus disponible" in courriel.texte
    assert "/lien/annonce/" in courriel.texte
    assert "claude" not in courriel.texte + courriel.html


@pytest.mark.parametrize(
    ("reponse", "etat_attendu", "mots"),
    [
        ("prolonger", "rejete", "toujours valable"),
        ("pourvoir", "traite", "a fermé son annonce"),
        ("retirer", "traite", "a fermé son annonce"),
    ],
)
def test_its_answer_closes_those_reports_and_tells_their_authors(annonce, reponse, etat_attendu, mots):
    partie = dire(annonce, genre="deja_pourvue", courriel="claude@example.org")
    grave = dire(annonce)
    if reponse == "prolonger":
        cloture.confirmer_valable(annonce)
    elif reponse == "pourvoir":
        cloture.pourvoir(annonce, par=None)
    else:
        cloture.fermer(annonce, "retirer", par=None)
    partie.refresh_from_db()
    grave.refresh_from_db()
    assert (partie.etat, grave.etat) == (etat_attendu, "a_traiter")
    assert mots in Courriel.objects.get(destinataire="claude@example.org").texte


# --- answering ---------------------------------------------------------------------------------------------------


def test_the_answer_is_mailed_to_whoever_left_an_address(annonce, animateur):
    membre = connu()
    signalements.traiter(dire(annonce, membre), par=animateur, reponse="Merci, c'est corrigé.")
    signalements.rejeter(dire(annonce, courriel="claude@example.org"), par=animateur, reponse="Tout est en règle.")
    signalements.traiter(dire(annonce), par=animateur)
    reponses = Courriel.objects.filter(gabarit="signalement_annonce_reponse").order_by("pk")
    assert [c.destinataire for c in reponses] == [membre.email, "claude@example.org"]
    assert "Merci, c'est corrigé." in reponses[0].texte
    assert "sans suite" in reponses[1].texte


def test_closed_once(annonce, animateur):
    signalement = dire(annonce)
    with pytest.raises(ValueError, match="pourquoi"):
        signalements.rejeter(signalement, par=animateur, reponse="  ")
    signalements.traiter(signalement, par=animateur)
    for acte in (signalements.traiter, signalements.rejeter):
        with pytest.raises(TransitionInterdite):
            acte(signalement, par=animateur, reponse="x")


def test_forgotten_a_year_after_its_answer(annonce, animateur):
    vieux, recent, ouvert = dire(annonce), dire(annonce), dire(annonce)
    for signalement in (vieux, recent):
        signalements.traiter(signalement, par=animateur)
    SignalementAnnonce.objects.filter(pk=vieux.pk).update(traite_le=timezone.now() - timedelta(days=366))
    archiver_annonces(timestamp=0)
    assert set(SignalementAnnonce.objects.all()) == {recent, ouvert}
    assert not Courriel.objects.filter(objet_type="ressources.signalementannonce", objet_id=str(vieux.pk)).exists()
