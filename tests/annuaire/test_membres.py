import re
import threading
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from annuaire.actions import rattachements
from annuaire.models import Rattachement, Signalement
from pole_ess.socle import liens
from pole_ess.socle.models import Courriel
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


def url(structure, nom="membres", *args):
    return reverse(f"annuaire:{nom}", args=[structure.slug, *args])


def lien(gabarit):
    texte = Courriel.objects.filter(gabarit=gabarit).latest("pk").texte
    return re.search(r"http://testserver(/annuaire/lien/\S+)", texte)[1]


def places(structure):
    return sorted(
        (r.utilisateur.email if r.utilisateur else r.courriel, r.role, r.etat) for r in structure.rattachements.all()
    )


# The list


@pytest.mark.parametrize(
    ("role", "voir", "inviter"),
    [
        ("visiteur", 302, 302),
        ("etranger", 403, 403),
        ("membre", 200, 403),
        ("referent", 200, 302),
        ("animateur", 200, 302),
        ("administrateur", 200, 302),
    ],
)
def test_qui_voit_qui_invite(client, request, structure, role, voir, inviter):
    personne = request.getfixturevalue(role)
    if personne:
        client.force_login(personne)
    avant = places(structure)
    assert client.get(url(structure)).status_code == voir
    envoi = client.post(url(structure), {"courriel": "dominique@example.org", "role": "membre"})
    assert envoi.status_code == inviter
    permis = role in ("referent", "animateur", "administrateur")
    ajout = [("dominique@example.org", "membre", "invite")] if permis else []
    assert places(structure) == sorted(avant + ajout)
    assert Courriel.objects.count() == len(ajout)


def test_un_membre_ne_voit_ni_adresses_ni_invitations(client, structure, membre, referent):
    rattachements.inviter(structure, courriel="dominique@example.org", role="membre", par=referent)
    client.force_login(membre)
    page = client.get(url(structure)).content.decode()
    assert referent.nom in page
    assert referent.email not in page
    assert "dominique@example.org" not in page


def test_liste_en_nombre_de_requetes_constant(client, structure, referent, nombre_de_requetes):
    client.force_login(referent)
    rattachements.inviter(structure, courriel="premiere@example.org", role="membre", par=referent)
    client.get(url(structure))
    une = nombre_de_requetes(lambda: client.get(url(structure)))
    for _ in range(5):
        RattachementFactory(structure=structure)
        rattachements.inviter(structure, courriel=UtilisateurFactory.build().email, role="membre", par=referent)
    assert nombre_de_requetes(lambda: client.get(url(structure))) == une


# Invitations


def test_inviter_accepter(client, structure, referent):
    client.force_login(referent)
    message = "Rejoins-nous <b>vite</b>"
    client.post(url(structure), {"courriel": "Dominique@example.org", "role": "referent", "message": message})
    page = lien("invitation")
    assert Courriel.objects.get().confidentiel is True
    client.logout()
    visite = client.get(page).content.decode()
    assert f"?next={quote(page)}" in visite
    assert "&lt;b&gt;" in visite
    assert client.post(page).status_code == 200
    dominique = UtilisateurFactory(email="dominique@example.org")
    client.force_login(dominique)
    assert client.get(page).status_code == 200
    assert Rattachement.objects.filter(utilisateur=dominique).count() == 0
    reponse = client.post(page)
    assert reponse.url == url(structure, "structure_modifier")
    place = Rattachement.objects.get(utilisateur=dominique)
    assert (place.etat, place.role, place.invite_par) == ("actif", "referent", referent)
    assert Rattachement.objects.filter(etat="invite").count() == 0
    for encore in (client.get(page), client.post(page)):
        assert encore.status_code == 410


def test_accepter_exige_l_adresse_invitee_confirmee(client, structure, referent):
    rattachements.inviter(structure, courriel="dominique@example.org", role="membre", par=referent)
    page = lien("invitation")
    autre = UtilisateurFactory()
    EmailAddress.objects.create(user=autre, email="dominique@example.org", verified=False)
    client.force_login(autre)
    reponse = client.post(page)
    assert reponse.status_code == 200
    assert "une autre adresse que celle de votre compte" in reponse.content.decode()
    assert "dominique@example.org" not in reponse.content.decode()
    assert not structure.rattachements.filter(utilisateur=autre).exists()
    EmailAddress.objects.filter(user=autre, email="dominique@example.org").update(verified=True)
    assert client.post(page).status_code == 302
    assert structure.rattachements.get(utilisateur=autre).etat == "actif"


def test_invitation_monte_un_membre_sans_jamais_baisser_un_referent(structure, referent):
    membre = RattachementFactory(structure=structure, role="membre").utilisateur
    rattachements.rattacher(structure, utilisateur=membre, role="referent", origine="equipe")
    rattachements.rattacher(structure, utilisateur=referent, role="membre", origine="equipe")
    assert {p[1] for p in places(structure)} == {"referent"}


def test_reinviter_ne_double_pas_et_deja_membre_se_dit(client, structure, referent, membre):
    client.force_login(referent)
    for role in ("membre", "referent"):
        client.post(url(structure), {"courriel": "dominique@example.org", "role": role})
    assert structure.rattachements.get(etat="invite").role == "referent"
    page = client.post(url(structure), {"courriel": membre.email.upper(), "role": "membre"}).content.decode()
    assert "déjà membre" in page
    assert structure.rattachements.filter(etat="invite").count() == 1


def test_renvoyer_trois_fois_puis_attendre_et_annuler(client, structure, referent):
    client.force_login(referent)
    invitation = rattachements.inviter(structure, courriel="dominique@example.org", role="membre", par=referent)
    page = lien("invitation")
    for _ in range(5):
        client.post(url(structure, "membre_modifier", invitation.pk), {"geste": "renvoyer"})
    assert Courriel.objects.filter(gabarit="invitation").count() == 4
    client.post(url(structure, "membre_modifier", invitation.pk), {"geste": "annuler"})
    assert not structure.rattachements.filter(etat="invite").exists()
    assert client.get(page).status_code == 410


def test_limite_d_invitations(client, structure, referent, monkeypatch):
    monkeypatch.setitem(__import__("annuaire.views.membres", fromlist=["x"]).INVITATIONS, "maximum", 1)
    client.force_login(referent)
    assert client.post(url(structure), {"courriel": "a@example.org", "role": "membre"}).status_code == 302
    reponse = client.post(url(structure), {"courriel": "b@example.org", "role": "membre"})
    assert reponse.status_code == 429
    assert "b@example.org" in reponse.content.decode()
    assert structure.rattachements.filter(etat="invite").count() == 1


# Roles and removal


@pytest.mark.parametrize(
    ("role", "attendu"), [("visiteur", 302), ("etranger", 403), ("membre", 403), ("referent", 302), ("animateur", 302)]
)
@pytest.mark.parametrize("geste", ["referent", "retirer"])
def test_qui_gere_les_membres(client, request, structure, role, attendu, geste):
    cible = RattachementFactory(structure=structure, role="membre")
    personne = request.getfixturevalue(role)
    if personne:
        client.force_login(personne)
    avant = places(structure)
    adresse = url(structure, "membre_modifier", cible.pk)
    client.get(adresse)
    assert places(structure) == avant
    assert client.post(adresse, {"geste": geste}).status_code == attendu
    permis = role in ("referent", "animateur")
    assert (places(structure) != avant) is permis
    attendus = ["role_change" if geste == "referent" else "membre_retire"] if permis else []
    assert list(Courriel.objects.values_list("gabarit", flat=True)) == attendus


@pytest.mark.parametrize("geste", ["", "voler", "renvoyer", "annuler"])
def test_geste_qui_ne_convient_pas_ne_change_rien(client, structure, referent, geste):
    cible = RattachementFactory(structure=structure, role="membre")
    client.force_login(referent)
    avant = places(structure)
    assert client.post(url(structure, "membre_modifier", cible.pk), {"geste": geste}).status_code in (200, 302)
    assert places(structure) == avant


def test_membre_d_une_autre_structure_404(client, structure, referent):
    ailleurs = RattachementFactory()
    client.force_login(referent)
    assert client.post(url(structure, "membre_modifier", ailleurs.pk), {"geste": "retirer"}).status_code == 404
    assert Rattachement.objects.filter(pk=ailleurs.pk).exists()


def test_demande_ni_accordee_ni_retiree_par_un_referent(client, structure, referent, animateur):
    demande = Rattachement.objects.create(
        structure=structure, utilisateur=UtilisateurFactory(), role="referent", etat="demande"
    )
    client.force_login(referent)
    assert client.post(url(structure, "membre_modifier", demande.pk), {"geste": "retirer"}).status_code == 403
    rattachements.refuser_demande(demande, par=animateur, motif="Nous n'avons pu joindre personne.")
    assert not Rattachement.objects.filter(pk=demande.pk).exists()
    assert "joindre personne" in Courriel.objects.get(gabarit="revendication_refusee").texte


# The last référent


def test_dernier_referent_ne_part_pas_en_silence(client, structure, referent, membre):
    client.force_login(referent)
    reponse = client.post(url(structure, "quitter"))
    assert "Il ne resterait aucun référent" in reponse.content.decode()
    assert (referent.email, "referent", "actif") in places(structure)
    assert client.post(url(structure, "quitter"), {"signaler": "1"}).status_code == 302
    assert places(structure) == [(membre.email, "membre", "actif")]
    assert Signalement.objects.get().structure == structure
    assert Courriel.objects.get(gabarit="sans_referent").destinataire == "equipe@pole.example.org"


@pytest.mark.parametrize("geste", ["membre", "retirer"])
def test_dernier_referent_ne_se_retire_ni_ne_se_baisse(client, structure, referent, animateur, geste):
    seul = structure.rattachements.get()
    for personne in (referent, animateur):
        client.force_login(personne)
        reponse = client.post(url(structure, "membre_modifier", seul.pk), {"geste": geste})
        assert "Il ne resterait aucun référent" in reponse.content.decode()
    assert places(structure) == [(referent.email, "referent", "actif")]
    client.post(url(structure, "membre_modifier", seul.pk), {"geste": geste, "signaler": "1"})
    assert not rattachements.referents(structure).exists()
    assert Signalement.objects.count() == 1


def test_un_compte_ferme_ne_compte_pas_comme_referent(structure, referent):
    RattachementFactory(structure=structure, role="referent", utilisateur__is_active=False)
    with pytest.raises(rattachements.DernierReferent):
        rattachements.quitter(structure, utilisateur=referent)


def test_quitter_avec_un_autre_referent(client, structure, referent, membre):
    autre = RattachementFactory(structure=structure, role="referent").utilisateur
    client.force_login(referent)
    client.get(url(structure, "quitter"))
    assert len(places(structure)) == 3
    client.post(url(structure, "quitter"))
    assert places(structure) == sorted([(autre.email, "referent", "actif"), (membre.email, "membre", "actif")])
    assert (Courriel.objects.count(), Signalement.objects.count()) == (0, 0)
    assert client.post(url(structure, "quitter")).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_deux_referents_partent_a_la_fois():
    structure = StructureFactory()
    deux = [RattachementFactory(structure=structure, role="referent").utilisateur for _ in range(2)]
    refus, erreurs, depart = [], [], threading.Barrier(2)

    def partir(utilisateur):
        try:
            depart.wait(10)
            rattachements.quitter(structure, utilisateur=utilisateur)
        except rattachements.DernierReferent:
            refus.append(utilisateur)
        except Exception as erreur:
            erreurs.append(erreur)
        finally:
            connection.close()

    fils = [threading.Thread(target=partir, args=[u]) for u in deux]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert erreurs == []
    assert len(refus) == 1
    assert [r.utilisateur for r in rattachements.referents(structure)] == refus


# Claiming


def test_revendiquer_par_l_adresse_de_la_structure(client, structure, referent):
    alix = UtilisateurFactory()
    client.force_login(alix)
    assert client.get(url(structure, "revendiquer")).status_code == 200
    reponse = client.post(url(structure, "revendiquer"), {"message": "trésorière"})
    assert structure.courriel not in reponse.content.decode()
    assert {(c.gabarit, c.destinataire) for c in Courriel.objects.all()} == {
        ("revendication_lien", structure.courriel),
        ("revendication_referents", referent.email),
    }
    page = lien("revendication_lien")
    assert client.get(page).status_code == 200
    assert structure.rattachements.get(utilisateur=alix).etat == "demande"
    reponse = client.post(page)
    assert reponse.url == url(structure, "structure_modifier")
    place = structure.rattachements.get(utilisateur=alix)
    assert (place.etat, place.role, place.origine) == ("actif", "referent", "revendication")
    assert Courriel.objects.filter(gabarit="rattachement_nouveau", destinataire=referent.email).count() == 1
    for encore in (client.get(page), client.post(page)):
        assert encore.status_code == 410


def test_meme_reponse_avec_ou_sans_adresse(client):
    pages = []
    for courriel in ("contact@structure.example.org", ""):
        structure = StructureFactory(nom="Pareille", courriel=courriel)
        client.force_login(UtilisateurFactory(nom="Alix"))
        page = client.post(url(structure, "revendiquer")).content.decode()
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(structure.slug, ""))
        assert structure.rattachements.get().etat == "demande"
    assert pages[0] == pages[1]
    assert set(Courriel.objects.values_list("gabarit", flat=True)) == {"revendication_lien", "revendication_equipe"}


def test_lien_de_revendication_d_un_autre_compte_ou_sans_compte(client, structure):
    demandeur = UtilisateurFactory()
    rattachements.revendiquer(structure, utilisateur=demandeur)
    page = lien("revendication_lien")
    assert f"?next={quote(page)}" in client.get(page).content.decode()
    autre = UtilisateurFactory()
    for personne in (None, autre):
        if personne:
            client.force_login(personne)
        assert client.post(page).status_code == 200
    assert places(structure) == [(demandeur.email, "referent", "demande")]
    client.force_login(demandeur)
    assert client.post(page).status_code == 302


def test_lien_de_revendication_mort_apres_refus_ou_archivage(client, structure, animateur):
    demandeur = UtilisateurFactory()
    client.force_login(demandeur)
    rattachements.revendiquer(structure, utilisateur=demandeur)
    page = lien("revendication_lien")
    rattachements.refuser_demande(structure.rattachements.get(), par=animateur)
    assert client.post(page).status_code == 404
    structure.etat = "archivee"
    structure.save()
    assert client.get(page).status_code == 410
    assert places(structure) == []


@pytest.mark.parametrize("etat", ["brouillon", "a_valider", "archivee"])
def test_revendiquer_seulement_ce_qui_est_publie(client, structure, etat):
    structure.etat = etat
    structure.save()
    client.force_login(UtilisateurFactory())
    assert client.get(url(structure, "revendiquer")).status_code == 404
    assert client.post(url(structure, "revendiquer")).status_code == 404
    assert Rattachement.objects.count() == 0


def test_revendiquer_limite_et_visiteur(client, structure):
    assert client.post(url(structure, "revendiquer")).status_code == 302
    client.force_login(UtilisateurFactory())
    statuts = [client.post(url(structure, "revendiquer")).status_code for _ in range(4)]
    assert statuts == [200, 200, 200, 429]
    assert structure.rattachements.count() == 1


@pytest.mark.parametrize("nom", ["invitation", "revendiquer_confirmer"])
@pytest.mark.parametrize("jeton", ["x", "eyJ", "a" * 3000, "é:ï:ö"])
def test_liens_casses(client, nom, jeton):
    page = reverse(f"annuaire:{nom}", args=[jeton])
    assert client.get(page).status_code == 404
    assert client.post(page).status_code == 404


def test_liens_expires(client, structure, monkeypatch):
    referent = RattachementFactory(structure=structure, role="referent").utilisateur
    rattachements.inviter(structure, courriel="dominique@example.org", role="membre", par=referent)
    rattachements.revendiquer(structure, utilisateur=UtilisateurFactory())
    monkeypatch.setattr(rattachements, "JOURS_INVITATION", -1)
    monkeypatch.setattr(rattachements, "JOURS_REVENDICATION", -1)
    for gabarit in ("invitation", "revendication_lien"):
        assert client.get(lien(gabarit)).status_code == 410


def test_purge_des_invitations_oubliees(structure, referent):
    rattachements.inviter(structure, courriel="dominique@example.org", role="membre", par=referent)
    assert rattachements.purger_invitations() == 0
    Rattachement.objects.filter(etat="invite").update(cree_le=timezone.now() - timezone.timedelta(days=31))
    assert rattachements.purger_invitations() == 1
    assert not Rattachement.history.filter(courriel="dominique@example.org").exists()


def test_jeton_d_un_usage_ne_sert_pas_a_un_autre(client, structure):
    jeton = liens.signer("invitation", {"r": 1, "s": structure.pk, "u": 1})
    assert client.get(reverse("annuaire:revendiquer_confirmer", args=[jeton])).status_code == 404


def test_demande_accordee_par_l_equipe(structure, animateur):
    alix = UtilisateurFactory()
    rattachements.revendiquer(structure, utilisateur=alix)
    rattachements.rattacher(structure, utilisateur=alix, role="referent", origine="revendication", par=animateur)
    assert places(structure) == [(alix.email, "referent", "actif")]
    assert Courriel.objects.get(gabarit="role_change").destinataire == alix.email
