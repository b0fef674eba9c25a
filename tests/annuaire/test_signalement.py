"""« Signaler une erreur » and « Retirer mes données »: recorded once, mailed to the team, answered."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annuaire.actions import TransitionInterdite, signalement
from annuaire.models import Signalement
from annuaire.tasks import purger_demandes
from pole_ess.socle.limites import LimiteDepassee
from pole_ess.socle.models import Compteur, Courriel, ReglagesPole
from tests.factories import StructureFactory

ROLES = ["visiteur", "etranger", "membre", "referent", "animateur", "administrateur"]
PAGES = {"signaler": "erreur", "retirer": "retrait"}
HOSTILE = "</textarea><script>alert(1)</script> ' OR 1=1; DROP TABLE annuaire_structure; --"


def adresse(structure, page="signaler"):
    return reverse(f"annuaire:{page}", args=[structure.slug])


def saisie(**valeurs):
    return {
        "nom": "Claude Inventé",
        "courriel": "claude@example.org",
        "texte": "Le téléphone a changé.",
        "piege": "",
        **valeurs,
    }


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_chacun_peut_le_dire(client, request, structure, role, page):
    utilisateur = request.getfixturevalue(role)
    if utilisateur:
        client.force_login(utilisateur)
    response = client.get(adresse(structure, page))
    assert response.status_code == 200
    assert response.context["form"].initial.get("courriel") == (utilisateur.email if utilisateur else None)
    assert Signalement.objects.count() == 0
    assert client.post(adresse(structure, page), saisie()).status_code == 302
    recu = Signalement.objects.get()
    assert (recu.structure, recu.genre, recu.etat) == (structure, PAGES[page], "a_traiter")
    assert (recu.nom, recu.courriel, recu.texte) == (
        "Claude Inventé",
        "claude@example.org",
        "Le téléphone a changé.",
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("etat", ["brouillon", "a_valider", "a_corriger", "refusee", "archivee"])
@pytest.mark.parametrize("role", ROLES)
def test_rien_sur_une_fiche_cachee(client, request, structure, role, etat, page):
    utilisateur = request.getfixturevalue(role)
    if utilisateur:
        client.force_login(utilisateur)
    structure.etat = etat
    structure.save()
    assert client.get(adresse(structure, page)).status_code == 404
    assert client.post(adresse(structure, page), saisie()).status_code == 404
    assert Signalement.objects.count() == 0
    assert Courriel.objects.count() == 0


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("methode", ["put", "delete", "patch"])
def test_autres_methodes_refusees(client, structure, page, methode):
    assert getattr(client, methode)(adresse(structure, page)).status_code == 405


def test_erreur_previent_l_equipe_et_la_page_dit_la_suite(client, structure):
    response = client.post(adresse(structure), saisie())
    mail = Courriel.objects.get()
    assert mail.destinataire == ReglagesPole.actuels().courriel_equipe
    assert mail.repondre_a == "claude@example.org"
    assert mail.sujet == f"Erreur signalée sur la fiche : {structure.nom}"
    assert "Le téléphone a changé." in mail.texte
    html = client.get(response["Location"]).content.decode()
    assert "Merci, l'équipe est prévenue" in html
    assert "Elle vous dira par e-mail" in html


def test_erreur_sans_nom_ni_adresse(client, structure):
    response = client.post(adresse(structure), saisie(nom="", courriel=""))
    assert response.status_code == 302
    mail = Courriel.objects.get()
    assert mail.repondre_a == ""
    assert "Quelqu'un signale une erreur" in mail.texte
    assert "Elle vous dira par e-mail" not in client.get(response["Location"]).content.decode()


def test_retrait_dit_le_delai_d_un_mois(client, structure):
    assert "dans un mois au plus" in client.get(adresse(structure, "retirer")).content.decode()
    response = client.post(adresse(structure, "retirer"), saisie(texte=""))
    recu = Signalement.objects.get()
    Signalement.objects.filter(pk=recu.pk).update(
        cree_le=datetime(2026, 1, 31, 12, tzinfo=timezone.get_default_timezone())
    )
    html = client.get(response["Location"]).content.decode()
    assert "samedi 28 février 2026 au plus tard" in html
    assert "claude@example.org" in Courriel.objects.get().texte


@pytest.mark.parametrize(
    ("recu", "echeance"),
    [
        ("2026-01-31", "2026-02-28"),
        ("2028-01-30", "2028-02-29"),
        ("2026-12-15", "2027-01-15"),
        ("2026-03-01", "2026-04-01"),
    ],
)
def test_echeance_est_un_mois_plus_tard(recu, echeance):
    jour = datetime.fromisoformat(f"{recu}T12:00").replace(tzinfo=timezone.get_default_timezone())
    assert Signalement(cree_le=jour).echeance == date.fromisoformat(echeance)


# --- once ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_double_envoi_agit_une_fois(client, structure, page):
    for _ in range(2):
        response = client.post(adresse(structure, page), saisie())
        assert "recu=" in response["Location"]
        assert client.get(response["Location"]).context["recu"] == Signalement.objects.get()
    assert Courriel.objects.count() == 1
    assert Compteur.objects.get(cle__endswith=":heure").compte == 1


def test_le_meme_mot_apres_traitement_est_un_nouveau_signalement(client, structure, animateur):
    client.post(adresse(structure), saisie())
    signalement.traiter(Signalement.objects.get(), par=animateur, reponse="")
    client.post(adresse(structure), saisie())
    assert [s.etat for s in Signalement.objects.order_by("pk")] == ["traite", "a_traiter"]


@pytest.mark.django_db(transaction=True)
def test_deux_envois_en_meme_temps_n_ecrivent_qu_une_fois():
    structure, reponses = StructureFactory(), []

    def envoyer():
        try:
            reponses.append(Client().post(adresse(structure), saisie()).status_code)
        finally:
            connection.close()

    fils = [threading.Thread(target=envoyer) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert reponses == [302] * 4
    assert Signalement.objects.count() == 1
    assert Courriel.objects.count() == 1


@pytest.mark.parametrize("recu", ["", "x", "a:b:c", "é", "0" * 3000, "%00"])
@pytest.mark.parametrize("page", PAGES)
def test_accuse_ne_se_devine_pas(client, structure, page, recu):
    response = client.get(f"{adresse(structure, page)}?recu={recu}")
    assert response.status_code in (200, 400)
    html = response.content.decode()
    assert "est prévenue</h1>" not in html
    assert "est enregistrée</h1>" not in html


def test_accuse_d_une_page_ne_vaut_pas_pour_l_autre(client, structure):
    jeton = client.post(adresse(structure), saisie())["Location"].split("?")[1]
    assert "est enregistrée" not in client.get(f"{adresse(structure, 'retirer')}?{jeton}").content.decode()


# --- bad input -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "valeurs", "champ", "message"),
    [
        ("signaler", {"texte": ""}, "texte", "Dites ce qui est faux"),
        ("signaler", {"texte": "é" * 5000}, "texte", "Ce texte fait 5000 caractères : 2000 au plus"),
        ("signaler", {"texte": "a\x00b"}, "texte", "caractère invisible"),
        ("signaler", {"courriel": "claude"}, "courriel", "pas complète"),
        ("signaler", {"courriel": "a@example.org\r\nBcc: b@example.org"}, "courriel", "pas complète"),
        ("signaler", {"piege": "x"}, "piege", "arrêter les robots"),
        ("retirer", {"nom": ""}, "nom", "Donnez votre nom"),
        ("retirer", {"nom": "é" * 121}, "nom", "120 au plus"),
        ("retirer", {"nom": "a\x00b"}, "nom", "caractère invisible"),
        ("retirer", {"courriel": ""}, "courriel", "Donnez votre adresse e-mail"),
        ("retirer", {"texte": "é" * 5000}, "texte", "2000 au plus"),
        ("retirer", {"piege": "x"}, "piege", "arrêter les robots"),
    ],
)
def test_saisie_refusee_est_gardee(client, structure, page, valeurs, champ, message):
    tout = saisie(**valeurs)
    response = client.post(adresse(structure, page), tout)
    assert response.status_code == 200
    form = response.context["form"]
    assert list(form.errors) == [champ]
    html = response.content.decode().replace("&#x27;", "'")
    assert message in html
    assert "votre saisie est encore là" in html
    assert form["texte"].value() == tout["texte"]
    assert Signalement.objects.count() == 0
    assert Courriel.objects.count() == 0
    assert Compteur.objects.count() == 0


@pytest.mark.parametrize("page", PAGES)
def test_texte_hostile_est_echappe_et_garde(client, structure, page):
    response = client.post(adresse(structure, page), saisie(nom=HOSTILE[:100], texte=HOSTILE, courriel="x"))
    assert "<script>alert" not in response.content.decode()
    client.post(adresse(structure, page), saisie(nom=HOSTILE[:100], texte=HOSTILE))
    assert Signalement.objects.get().texte == HOSTILE
    assert "&lt;script&gt;alert" in Courriel.objects.get().html


@pytest.mark.parametrize("page", PAGES)
def test_nom_tient_sur_une_ligne(client, structure, page):
    client.post(adresse(structure, page), saisie(nom="Claude\r\nBcc: x@example.org"))
    assert Signalement.objects.get().nom == "Claude Bcc: x@example.org"
    assert "\n" not in Courriel.objects.get().sujet


# --- limits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_cinq_par_heure_et_par_reseau_puis_une_page_claire(client, structure, page):
    for n in range(5):
        assert client.post(adresse(structure, page), saisie(texte=f"n° {n}")).status_code == 302
    response = client.post(adresse(structure, page), saisie(texte="Mon sixième"))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    html = response.content.decode()
    assert "trop d'envois" in html
    assert "Mon sixième" in html
    assert ReglagesPole.actuels().courriel_equipe in html
    assert Signalement.objects.count() == 5


@pytest.mark.parametrize(("maximum", "memes_reseaux"), [(20, True), (30, False)])
def test_limites_du_jour(structure, maximum, memes_reseaux):
    envois = []
    for n in range(maximum + 1):
        Compteur.objects.filter(cle__endswith=":heure").delete()
        try:
            reseau = "192.0.2.1" if memes_reseaux else f"192.0.2.{n}"
            signalement.compter_envoi(structure, genre="erreur", reseau=reseau)
            envois.append(True)
        except LimiteDepassee:
            envois.append(False)
    assert envois == [True] * maximum + [False]


# --- the team answers ----------------------------------------------------------------------------------------


@pytest.fixture
def recu(structure):
    return signalement.signaler(structure, genre="retrait", nom="Claude", courriel="claude@example.org")


@pytest.mark.parametrize(
    ("acte", "etat", "attendu"),
    [
        ("traiter", "traite", "Vos données ont été retirées"),
        ("rejeter", "rejete", "n'y donne pas suite"),
    ],
)
def test_reponse_de_l_equipe_part_a_l_auteur(recu, animateur, acte, etat, attendu):
    clos = getattr(signalement, acte)(recu, par=animateur, reponse="Votre nom n'y était <pas>.")
    clos.refresh_from_db()
    assert (clos.etat, clos.traite_par, clos.reponse) == (etat, animateur, "Votre nom n'y était <pas>.")
    assert clos.traite_le is not None
    mail = Courriel.objects.get(destinataire="claude@example.org")
    assert mail.repondre_a == ReglagesPole.actuels().courriel_equipe
    assert attendu in mail.texte
    assert "Votre nom n'y était <pas>." in mail.texte
    assert ("CNIL" in mail.texte) == (acte == "rejeter")


def test_sans_adresse_personne_n_est_ecrit(structure, animateur):
    recu = signalement.signaler(structure, genre="erreur", texte="Faux")
    signalement.traiter(recu, par=animateur, reponse="Merci")
    assert [m.destinataire for m in Courriel.objects.all()] == [ReglagesPole.actuels().courriel_equipe]


@pytest.mark.parametrize("second", ["traiter", "rejeter"])
@pytest.mark.parametrize("premier", ["traiter", "rejeter"])
def test_on_ne_clot_qu_une_fois(recu, animateur, premier, second):
    getattr(signalement, premier)(recu, par=animateur, reponse="Fait")
    avant = Courriel.objects.count()
    with pytest.raises(TransitionInterdite):
        getattr(signalement, second)(recu, par=animateur, reponse="Encore")
    recu.refresh_from_db()
    assert recu.reponse == "Fait"
    assert Courriel.objects.count() == avant


def test_rejeter_dit_pourquoi(recu, animateur):
    with pytest.raises(ValueError, match="why"):
        signalement.rejeter(recu, par=animateur, reponse="  ")
    recu.refresh_from_db()
    assert recu.etat == "a_traiter"


def test_purge_douze_mois_apres_la_reponse(structure, animateur):
    vieux, recent, attend = (
        signalement.signaler(structure, genre="erreur", courriel="a@example.org", texte=texte)
        for texte in ["vieux", "récent", "attend"]
    )
    for recu, jours in [(vieux, 366), (recent, 364)]:
        signalement.traiter(recu, par=animateur, reponse="")
        Signalement.objects.filter(pk=recu.pk).update(traite_le=timezone.now() - timedelta(days=jours))
    Signalement.objects.filter(pk=attend.pk).update(cree_le=timezone.now() - timedelta(days=800))
    purger_demandes(timestamp=0)
    assert set(Signalement.objects.all()) == {recent, attend}
    assert set(Courriel.objects.values_list("objet_id", flat=True)) == {str(recent.pk), str(attend.pk)}
