"""The staff's ledger: who may see what, « Renvoyer », « Laisser »."""

import threading
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from pole_ess.socle.courriel import deposer
from pole_ess.socle.courriel.suites import SuiteImpossible, laisser, renvoyer
from pole_ess.socle.models import Courriel, CourrielEntrant, ReglagesPole
from tests.factories import UtilisateurFactory

LISTE = "admin:socle_courriel_changelist"
DROITS = ["view_courriel", "change_courriel", "view_courrielentrant", "view_reglagespole"]


@pytest.fixture
def equipe(client, animateur):
    """The client of an animateur, with the rights of the group on mails."""
    groupe = Group.objects.get(name="Animateurs")
    groupe.permissions.add(*Permission.objects.filter(content_type__app_label="socle", codename__in=DROITS))
    client.force_login(animateur)
    return client


@pytest.fixture
def incertain(courriel, structure):
    Courriel.objects.filter(pk=courriel.pk).update(
        etat="incertain", tentatives=1, objet_type="annuaire.structure", objet_id=str(structure.pk)
    )
    courriel.refresh_from_db()
    return courriel


def photo():
    """Everything that could have changed."""
    return list(Courriel.objects.order_by("pk").values()), ProcrastinateJob.objects.count()


def pages_d_un(courriel):
    return [
        reverse("admin:socle_courriel_change", args=[courriel.pk]),
        reverse("admin:socle_courriel_html", args=[courriel.pk]),
        reverse("admin:socle_courriel_renvoyer", args=[courriel.pk]),
        reverse("admin:socle_courriel_laisser", args=[courriel.pk]),
    ]


@pytest.mark.parametrize("qui", ["visiteur", "etranger", "membre", "referent"])
@pytest.mark.parametrize("methode", ["get", "post"])
def test_registre_ferme_hors_de_l_equipe(request, client, incertain, qui, methode):
    personne = request.getfixturevalue(qui)
    if personne:
        client.force_login(personne)
    avant = photo()
    for adresse in [reverse(LISTE), *pages_d_un(incertain)]:
        reponse = getattr(client, methode)(adresse)
        assert reponse.status_code == 302
        assert reponse["Location"].startswith(reverse("admin:login"))
    assert photo() == avant


def test_registre_ferme_a_qui_n_a_pas_le_droit(client, incertain):
    """Staff without the group's rights."""
    client.force_login(UtilisateurFactory(is_staff=True))
    avant = photo()
    assert [client.get(adresse).status_code for adresse in [reverse(LISTE), *pages_d_un(incertain)]] == [403] * 5
    assert [client.post(adresse).status_code for adresse in pages_d_un(incertain)[2:]] == [403] * 2
    assert photo() == avant


def test_lire_ne_donne_pas_le_droit_de_renvoyer(client, incertain):
    lecteur = UtilisateurFactory(is_staff=True)
    lecteur.user_permissions.add(Permission.objects.get(codename="view_courriel"))
    client.force_login(lecteur)
    fiche = client.get(pages_d_un(incertain)[0])
    assert fiche.status_code == 200
    assert "Renvoyer</a>" not in fiche.content.decode()
    avant = photo()
    assert client.post(pages_d_un(incertain)[2]).status_code == 403
    choix = {"action": "renvoyer_choisis", "_selected_action": [incertain.pk], "confirme": "oui"}
    client.post(reverse(LISTE), choix)
    assert photo() == avant


@pytest.mark.parametrize("qui", ["animateur", "administrateur"])
def test_personne_ne_modifie_ni_n_efface_le_registre(request, client, equipe, incertain, qui):
    client.force_login(request.getfixturevalue(qui))
    avant = photo()
    refus = [
        client.post(pages_d_un(incertain)[0], {"sujet": "autre"}),
        client.get(reverse("admin:socle_courriel_add")),
        client.post(reverse("admin:socle_courriel_delete", args=[incertain.pk]), {"post": "yes"}),
    ]
    assert [reponse.status_code for reponse in refus] == [403] * 3
    assert photo() == avant


def test_fiche_dit_a_qui_quoi_quand_et_pourquoi(equipe, incertain, structure):
    Courriel.objects.filter(pk=incertain.pk).update(erreur="Réponse du serveur : 550 non")
    page = equipe.get(pages_d_un(incertain)[0]).content.decode()
    for attendu in ["a@example.org", "Des nouvelles de « Les Amis »", "incertain", "Réponse du serveur : 550 non"]:
        assert attendu in page
    assert f"structure n° {structure.pk}" in page
    assert "La fiche de Les Amis est en ligne" in page
    assert "Renvoyer</a>" in page
    assert "Laisser tel quel</a>" in page


def test_cadre_de_la_mise_en_page(equipe, incertain):
    page = equipe.get(pages_d_un(incertain)[0])
    cadres = []
    lecteur = HTMLParser()
    lecteur.handle_starttag = lambda balise, attributs: balise == "iframe" and cadres.append(dict(attributs))
    lecteur.feed(page.content.decode())
    (cadre,) = cadres
    assert (cadre["src"], cadre["sandbox"]) == (
        pages_d_un(incertain)[1],
        "allow-popups allow-popups-to-escape-sandbox",
    )
    html = equipe.get(cadre["src"])
    assert html.content.decode() == incertain.html
    assert html["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in html["Content-Security-Policy"]
    assert "script-src" not in html["Content-Security-Policy"]
    assert "unsafe-inline" not in page["Content-Security-Policy"]


@pytest.mark.parametrize("qui", ["animateur", "administrateur"])
def test_message_confidentiel_n_est_jamais_montre(request, client, equipe, qui):
    courriel = deposer("epreuve", a="a@example.org", contexte={"nom": "CODE-1234"}, confidentiel=True)
    Courriel.objects.filter(pk=courriel.pk).update(sujet="Votre code")
    client.force_login(request.getfixturevalue(qui))
    assert "CODE-1234" in courriel.html
    page = client.get(pages_d_un(courriel)[0])
    assert page.status_code == 200
    assert "CODE-1234" not in page.content.decode()
    assert "<iframe" not in page.content.decode()
    assert client.get(pages_d_un(courriel)[1]).status_code == 403
    assert "CODE-1234" not in client.get(reverse(LISTE), {"q": "code"}).content.decode()


def test_renvoyer_demande_puis_fait_une_copie(equipe, incertain, animateur):
    adresse = pages_d_un(incertain)[2]
    avant = photo()
    assert "peut donc arriver en double" in equipe.get(adresse).content.decode()
    assert photo() == avant  # a GET changes nothing
    equipe.post(adresse)
    copie = Courriel.objects.get(renvoi_de=incertain)
    incertain.refresh_from_db()
    assert (copie.etat, copie.destinataire, copie.texte, copie.html, copie.objet_id) == (
        "pret",
        incertain.destinataire,
        incertain.texte,
        incertain.html,
        incertain.objet_id,
    )
    assert copie.message_id != incertain.message_id
    assert (incertain.etat, incertain.decide_par) == ("incertain", animateur)
    assert ProcrastinateJob.objects.filter(args={"courriel_id": copie.pk}, status="todo").count() == 1


def test_renvoi_demande_deux_fois_fait_une_seule_copie(equipe, incertain):
    reponses = [equipe.post(pages_d_un(incertain)[2]) for _ in range(3)]
    assert Courriel.objects.filter(renvoi_de=incertain).count() == 1
    assert ProcrastinateJob.objects.count() == 2
    assert len({reponse["Location"] for reponse in reponses}) == 1


@pytest.mark.django_db(transaction=True)
def test_renvoi_demande_en_meme_temps_fait_une_seule_copie(incertain, animateur):
    barriere = threading.Barrier(6)
    copies, pannes = [], []

    def un_essai():
        try:
            barriere.wait()
            copies.append(renvoyer(incertain, par=animateur).pk)
        except Exception as erreur:
            pannes.append(erreur)
        finally:
            connection.close()

    fils = [threading.Thread(target=un_essai) for _ in range(6)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert (pannes, len(copies), len(set(copies))) == ([], 6, 1)
    assert ProcrastinateJob.objects.count() == 2


@pytest.mark.parametrize(
    ("etat", "champs", "permis"),
    [
        ("parti", {"parti_le": "2026-01-01T00:00Z"}, True),
        ("rejete", {}, True),
        ("incertain", {}, True),
        ("pret", {}, False),
        ("differe", {}, False),
        ("en_vol", {"en_vol_depuis": "2026-01-01T00:00Z"}, False),
        ("rejete", {"confidentiel": True}, False),
        ("rejete", {"texte": "", "html": ""}, False),
    ],
)
def test_ce_qui_peut_etre_renvoye(equipe, courriel, etat, champs, permis):
    Courriel.objects.filter(pk=courriel.pk).update(etat=etat, **champs)
    avant = photo()
    equipe.post(pages_d_un(courriel)[2])
    assert Courriel.objects.filter(renvoi_de=courriel).exists() is permis
    if not permis:
        assert photo() == avant


def test_laisser_sort_le_message_de_ce_qui_attend(equipe, incertain, animateur):
    assert list(Courriel.objects.a_decider()) == [incertain]
    avant = photo()
    equipe.get(pages_d_un(incertain)[3])
    assert photo() == avant
    equipe.post(pages_d_un(incertain)[3])
    incertain.refresh_from_db()
    assert (incertain.etat, incertain.decide_par) == ("incertain", animateur)
    assert list(Courriel.objects.a_decider()) == []
    decide_le = incertain.decide_le
    equipe.post(pages_d_un(incertain)[3])
    incertain.refresh_from_db()
    assert incertain.decide_le == decide_le


def test_laisser_ne_vaut_que_pour_un_incertain(courriel, animateur):
    with pytest.raises(SuiteImpossible):
        laisser(courriel, par=animateur)


def test_copie_peut_etre_renvoyee_a_son_tour(incertain, animateur):
    copie = renvoyer(incertain, par=animateur)
    Courriel.objects.filter(pk=copie.pk).update(etat="rejete")
    deuxieme = renvoyer(copie, par=animateur)
    assert (deuxieme.renvoi_de, renvoyer(copie, par=animateur)) == (copie, deuxieme)


def test_renvoi_de_plusieurs_apres_confirmation(equipe, incertain):
    rejete = deposer("epreuve", a="b@example.org", contexte={"nom": "x"})
    pret = deposer("epreuve", a="c@example.org", contexte={"nom": "x"})
    Courriel.objects.filter(pk=rejete.pk).update(etat="rejete")
    choix = {"action": "renvoyer_choisis", "_selected_action": [incertain.pk, rejete.pk, pret.pk]}
    avant = photo()
    page = equipe.post(reverse(LISTE), choix)
    assert (page.status_code, photo() == avant) == (200, True)
    assert "Il partira sans vous" in page.content.decode() or "il partira sans vous" in page.content.decode()
    for _ in range(2):
        equipe.post(reverse(LISTE), {**choix, "confirme": "oui"})
    renvois = Courriel.objects.filter(renvoi_de__isnull=False)
    assert sorted(renvois.values_list("renvoi_de", flat=True)) == [incertain.pk, rejete.pk]


@pytest.mark.parametrize(
    "parametres",
    [{}, {"q": "a@example"}, {"decision": "attend"}, {"decision": "prise"}, {"etat__exact": "pret"}, {"p": "9" * 30}],
)
def test_liste_filtres_et_recherche(equipe, incertain, parametres):
    reponse = equipe.get(reverse(LISTE), parametres, follow=True)
    assert reponse.status_code == 200


def test_liste_a_un_nombre_constant_de_requetes(equipe, incertain, structure, django_assert_num_queries):
    equipe.get(reverse(LISTE))
    with django_assert_num_queries(10):
        equipe.get(reverse(LISTE))
    for numero in range(20):
        deposer("epreuve", a=f"a{numero}@example.org", contexte={"nom": "x"}, objet=structure)
    with django_assert_num_queries(10):
        equipe.get(reverse(LISTE))


def test_entrants_se_lisent_seulement(equipe, db):
    recu = CourrielEntrant.objects.create(identifiant="1", sujet="Re : bonjour", texte="Merci")
    adresse = reverse("admin:socle_courrielentrant_change", args=[recu.pk])
    assert "Merci" in equipe.get(adresse).content.decode()
    assert equipe.post(adresse, {"texte": "x"}).status_code == 403


def test_reglages_du_pole_lus_par_l_equipe_changes_par_l_administrateur(equipe, client, administrateur):
    liste = reverse("admin:socle_reglagespole_changelist")
    fiche = reverse("admin:socle_reglagespole_change", args=[1])
    assert equipe.get(liste)["Location"] == fiche
    assert equipe.get(fiche).status_code == 200
    champs = {
        f.name: getattr(ReglagesPole.actuels(), f.name)
        for f in ReglagesPole._meta.fields
        if f.name not in ("id", "logo")
    }
    champs |= {"nom": "Pôle d'ailleurs", "territoire": "03310,03095"}
    assert equipe.post(fiche, champs).status_code == 403
    client.force_login(administrateur)
    assert client.post(fiche, champs).status_code == 302
    assert (ReglagesPole.actuels().nom, ReglagesPole.actuels().territoire) == ("Pôle d'ailleurs", ["03310", "03095"])
    assert client.get(reverse("admin:socle_reglagespole_add")).status_code == 403
