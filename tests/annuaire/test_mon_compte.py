"""« Mon compte » as visitor, citizen, member, référent, animateur: what is mine, my data, leaving."""

import json
import re

import pytest
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.urls import reverse
from django.utils import timezone

from annuaire.donnees_personnelles import exporter, structures_sans_autre_referent
from annuaire.models import (
    Contact,
    Echange,
    MessageRelaye,
    Modification,
    Rattachement,
    Signalement,
    Utilisateur,
)
from pole_ess.socle.models import Courriel
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory

PAGES = ["mon_compte", "compte_profil", "compte_donnees", "compte_supprimer", "compte_notifications"]


@pytest.fixture
def citoyen(db):
    """An account without any structure."""
    return UtilisateurFactory(email="camille@example.org", nom="Camille Exemple")


@pytest.mark.parametrize("nom", PAGES)
@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.django_db
def test_visiteur_est_mene_a_la_connexion(client, nom, methode):
    UtilisateurFactory()
    reponse = getattr(client, methode)(reverse(nom))
    assert (reponse.status_code, reponse.url) == (302, f"/compte/login/?next={reverse(nom)}")
    assert Utilisateur.objects.count() == 1


@pytest.mark.parametrize("nom", PAGES)
@pytest.mark.parametrize("role", ["etranger", "membre", "referent", "animateur", "administrateur", "citoyen"])
def test_chaque_role_voit_ses_pages(client, request, nom, role):
    client.force_login(request.getfixturevalue(role))
    reponse = client.get(reverse(nom))
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert page.count("<h1>") == 1
    assert "no-store" in reponse["Cache-Control"]
    assert not re.search(r"\sstyle=|<script(?![^>]*\ssrc=)", page)


@pytest.mark.parametrize("nom", ["mon_compte", "compte_donnees"])
def test_pages_de_lecture_refusent_le_post(client, citoyen, nom):
    client.force_login(citoyen)
    assert client.post(reverse(nom)).status_code == 405


def test_citoyen_sans_structure_est_bienvenu(client, citoyen):
    client.force_login(citoyen)
    page = client.get(reverse("mon_compte")).content.decode()
    assert "aucune structure, et c'est très bien ainsi" in page
    for adresse in (reverse("annuaire:structure_liste"), reverse("annuaire:proposer"), reverse("mfa_index")):
        assert f'href="{adresse}"' in page
    assert f'action="{reverse("account_logout")}"' in page


def test_referent_voit_ses_structures_et_ce_qui_attend(client, referent, structure):
    demandeur = UtilisateurFactory(nom="Sacha Demande")
    RattachementFactory(structure=structure, utilisateur=demandeur, etat="demande", actif_depuis=None)
    client.force_login(referent)
    page = client.get(reverse("mon_compte")).content.decode()
    assert "Sacha Demande" in page
    assert f'href="{reverse("annuaire:membres", args=[structure.slug])}"' in page
    assert f'href="{reverse("annuaire:structure_modifier", args=[structure.slug])}"' in page


def test_membre_ne_modifie_pas_ni_ne_voit_les_demandes(client, membre, structure):
    RattachementFactory(
        structure=structure, utilisateur=UtilisateurFactory(nom="Sacha Demande"), etat="demande", actif_depuis=None
    )
    client.force_login(membre)
    page = client.get(reverse("mon_compte")).content.decode()
    assert structure.nom.replace("'", "&#x27;") in page
    assert "Sacha Demande" not in page
    assert reverse("annuaire:structure_modifier", args=[structure.slug]) not in page


def test_invitation_par_adresse_et_demande_envoyee_sont_annoncees(client, citoyen):
    Rattachement.objects.create(
        structure=StructureFactory(nom="Maison Ouverte"), courriel="CAMILLE@example.org", etat="invite"
    )
    RattachementFactory(
        structure=StructureFactory(nom="Jardin Clos"), utilisateur=citoyen, etat="demande", actif_depuis=None
    )
    Rattachement.objects.create(
        structure=StructureFactory(nom="Pas Pour Moi"), courriel="autre@example.org", etat="invite"
    )
    client.force_login(citoyen)
    page = client.get(reverse("mon_compte")).content.decode()
    assert "Maison Ouverte" in page
    assert "Jardin Clos" in page
    assert "Pas Pour Moi" not in page


def test_structure_a_corriger_dit_pourquoi(client, referent, structure):
    structure.etat, structure.motif = "a_corriger", "Ajoutez une adresse."
    structure.save()
    client.force_login(referent)
    assert "Ajoutez une adresse." in client.get(reverse("mon_compte")).content.decode()


def test_structure_archivee_n_est_plus_la(client, referent, structure):
    structure.etat = "archivee"
    structure.save()
    client.force_login(referent)
    assert structure.nom.replace("'", "&#x27;") not in client.get(reverse("mon_compte")).content.decode()


@pytest.mark.parametrize("nombre", [1, 12])
def test_mon_compte_en_nombre_de_requetes_constant(client, citoyen, nombre, django_assert_num_queries):
    for _ in range(nombre):
        structure = StructureFactory()
        RattachementFactory(utilisateur=citoyen, structure=structure, role="referent")
        RattachementFactory(structure=structure, etat="demande", actif_depuis=None)
        Rattachement.objects.create(structure=StructureFactory(), courriel=citoyen.email, etat="invite")
    client.force_login(citoyen)
    client.get(reverse("mon_compte"))
    with django_assert_num_queries(20):  # fourteen of them for what waits: ressources.attentes_membre, then meetings
        client.get(reverse("mon_compte"))


def test_profil_change_le_nom(client, citoyen):
    client.force_login(citoyen)
    reponse = client.post(reverse("compte_profil"), {"nom": "  Camille   Nouvelle "})
    assert (reponse.status_code, reponse.url) == (302, "/compte/")
    citoyen.refresh_from_db()
    assert citoyen.nom == "Camille Nouvelle"


@pytest.mark.parametrize("nom", ["x" * 121, "a\x00b"])
def test_profil_refuse_et_garde(client, citoyen, nom):
    client.force_login(citoyen)
    reponse = client.post(reverse("compte_profil"), {"nom": nom})
    assert reponse.status_code == 200
    assert 'href="#id_nom"' in reponse.content.decode()
    citoyen.refresh_from_db()
    assert citoyen.nom == "Camille Exemple"


def test_profil_ignore_les_autres_champs(client, citoyen):
    client.force_login(citoyen)
    client.post(reverse("compte_profil"), {"nom": "C", "is_staff": "on", "email": "pirate@example.org"})
    citoyen.refresh_from_db()
    assert (citoyen.is_staff, citoyen.email) == (False, "camille@example.org")


def _tout_sur(utilisateur, structure):
    Contact.objects.create(structure=structure, nom="Camille Exemple", courriel="Camille@example.org")
    Echange.objects.create(structure=structure, date="2026-01-02", auteur=utilisateur, note="Note de l'échange")
    Modification.objects.create(structure=structure, auteur=utilisateur, apres={"presentation": "b"})
    MessageRelaye.objects.create(
        structure=structure, nom="C", courriel=utilisateur.email, texte="Mon message",
        cle="6f1e9b6e-0a6c-4b6a-9a3c-0d7cf5b1a111",
    )  # fmt: skip
    Signalement.objects.create(structure=structure, genre="erreur", courriel=utilisateur.email, texte="Mon signalement")
    Courriel.objects.create(destinataire=utilisateur.email, sujet="Bienvenue", texte="Bonjour", message_id="<1@x>")
    Courriel.objects.create(
        destinataire=utilisateur.email, sujet="Code", texte="SECRET-42", message_id="<2@x>", confidentiel=True
    )
    Courriel.objects.create(destinataire="autre@example.org", sujet="Pour un autre", message_id="<3@x>")
    RattachementFactory(utilisateur=utilisateur, structure=structure, role="referent")


def test_donnees_emportees_en_json_sans_secret(client, citoyen, structure):
    citoyen.set_password("un-bon-mot-de-passe-2014")
    citoyen.save()
    _tout_sur(citoyen, structure)
    client.force_login(citoyen)
    reponse = client.get(reverse("compte_donnees"), {"format": "json"})
    assert reponse["Content-Type"] == "application/json"
    assert reponse["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    brut = reponse.content.decode()
    donnees = json.loads(brut)
    for texte in ("Note de l'échange", "Mon message", "Mon signalement", "Bienvenue", structure.nom, "référent"):
        assert texte in brut
    for secret in ("SECRET-42", "Pour un autre", citoyen.password):
        assert secret not in brut
    assert donnees["Compte"][0]["Adresse e-mail"] == "camille@example.org"
    assert donnees["Contact de structures"][0]["Nom"] == "Camille Exemple"
    assert "Mon message" in client.get(reverse("compte_donnees")).content.decode()


def test_donnees_d_un_autre_ne_sortent_pas(client, citoyen, etranger, structure):
    _tout_sur(citoyen, structure)
    assert "camille" not in json.dumps(exporter(etranger)).lower()


def test_export_connait_chaque_lien_vers_un_compte():
    """A new foreign key to the account: add it to the export, or to this list with its reason."""
    exportes = {
        "annuaire.Rattachement.utilisateur",
        "annuaire.PreferenceNotification.utilisateur",
        "annuaire.PauseNotifications.utilisateur",
        "annuaire.Resume.utilisateur",
        "annuaire.Avis.utilisateur",
        "annuaire.Rattachement.invite_par",
        "annuaire.Echange.auteur",
        "annuaire.Modification.auteur",
        "annuaire.Modification.relue_par",
        "annuaire.Signalement.traite_par",
        "annuaire.NonDoublon.decide_par",
        "annuaire.ImportStructures.depose_par",
        "account.EmailAddress.user",
        "mfa.Authenticator.user",
        "admin.LogEntry.user",
        "socle.Courriel.utilisateur",
        "socle.Courriel.decide_par",
        "ressources.Annonce.auteur",
        "ressources.MiseEnRelation.par",
        "ressources.Message.auteur",
        "ressources.Bilan.declare_par",
        "ressources.Alerte.utilisateur",
        "ressources.PreferenceRapprochements.utilisateur",
        "ressources.Reservation.par",
        "ressources.PartDeLot.par",
        "ressources.PartEnCommun.par",
        "ressources.Etape.par",
        "ressources.Fermeture.par",
        "ressources.SignalementAnnonce.auteur",
        "ressources.SignalementAnnonce.traite_par",
        "ressources.ReglagesStructure.confiance_par",
        "ressources.ImportAnnonces.depose_par",
        "ressources.HistoricalAnnonce.history_user",
        "reunions.Reunion.auteur",
        "reunions.Participation.utilisateur",
        "reunions.Participation.reponse_notee_par",
        "reunions.Participant.utilisateur",
        "reunions.CompteRendu.relu_par",
        "reunions.SectionCompteRendu.modifie_par",
        "reunions.VersionCompteRendu.par",
        "reunions.ActionStructure.par",
        "reunions.MembreProjet.par",
        "reunions.Nouvelle.par",
        "reunions.Evenement.auteur",
        "reunions.Sondage.auteur",
        "ressources.InscriptionBenevole.utilisateur",
        "ressources.InscriptionBenevole.notee_par",
        "ressources.ProfilBenevole.utilisateur",
        "ressources.PriseDeContact.utilisateur",
        "ressources.MessageBenevole.auteur",
        "ressources.DemandeSansReponse.rangee_par",
        "ressources.CompteHeures.utilisateur",
        "ressources.OperationHeures.propose_par",
        "ressources.OperationHeures.decide_par",
        "ressources.Urgence.par",
        "ressources.Appel.utilisateur",
        "ressources.PreferenceUrgences.utilisateur",
        "ressources.ReglagesUrgences_referents.utilisateur",
        "newsletter.Abonne.utilisateur",
        "newsletter.SansRappel.utilisateur",
        "newsletter.Breve.auteur",
        "newsletter.ImportAbonnes.depose_par",
        "newsletter.MentionConsentement.par",
        "newsletter.Numero.auteur",
        "newsletter.Numero.lance_par",
        "newsletter.Envoi.decide_par",
        "annuaire.EntreeRegistre.decidee_par",
        "annuaire.InvitationRegistre.envoyee_par",
        "annuaire.ImportRegistre.depose_par",
        "annuaire.HistoricalStructure.history_user",
        "annuaire.HistoricalContact.history_user",
        "annuaire.HistoricalRattachement.history_user",
    }
    sans_interet = {
        "annuaire.HistoricalRattachement.utilisateur",  # past versions of what is exported
        "annuaire.HistoricalRattachement.invite_par",
        "ressources.HistoricalAnnonce.auteur",
        "annuaire.Utilisateur_groups.utilisateur",  # the groups' names are in « Compte »
        "annuaire.Utilisateur_user_permissions.utilisateur",
    }
    liens = {
        f"{modele._meta.app_label}.{modele.__name__}.{champ.name}"
        for modele in apps.get_models(include_auto_created=True)
        for champ in modele._meta.concrete_fields
        if champ.is_relation and champ.related_model is Utilisateur
    }
    assert liens == exportes | sans_interet


def test_supprimer_dit_les_consequences_et_ne_change_rien(client, referent, structure):
    client.force_login(referent)
    page = client.get(reverse("compte_supprimer")).content.decode()
    assert "immédiat et définitif" in page
    assert "Vous êtes le seul référent" in page
    assert reverse("annuaire:membres", args=[structure.slug]) in page
    assert Utilisateur.objects.filter(pk=referent.pk).exists()


def test_structures_sans_autre_referent(referent, structure):
    assert list(structures_sans_autre_referent(referent)) == [structure]
    RattachementFactory(structure=structure, role="referent", etat="demande", actif_depuis=None)
    assert list(structures_sans_autre_referent(referent)) == [structure]
    RattachementFactory(structure=structure, role="referent")
    assert list(structures_sans_autre_referent(referent)) == []


def test_supprimer_redemande_le_mot_de_passe_puis_efface(client, citoyen):
    citoyen.set_password("un-bon-mot-de-passe-2014")
    citoyen.save()
    client.force_login(citoyen)
    reponse = client.post(reverse("compte_supprimer"), {"adresse": "camille@example.org"})
    assert reponse.url == f"{reverse('account_reauthenticate')}?next=%2Fcompte%2Fsupprimer%2F"
    assert Utilisateur.objects.count() == 1
    refus = client.post(reponse.url, {"password": "faux", "next": "/compte/supprimer/"})
    assert (refus.status_code, Utilisateur.objects.count()) == (200, 1)
    reponse = client.post(reponse.url, {"password": "un-bon-mot-de-passe-2014", "next": "/compte/supprimer/"})
    assert (reponse.status_code, reponse.url) == (302, "/")
    assert Utilisateur.objects.count() == 0
    assert SESSION_KEY not in client.session
    assert "sont effacés" in client.get(reverse("mentions_legales")).content.decode()


def test_supprimer_sans_mot_de_passe_demande_l_adresse(client, citoyen):
    citoyen.set_unusable_password()
    citoyen.save()
    client.force_login(citoyen)
    for adresse in ("", "autre@example.org"):
        reponse = client.post(reverse("compte_supprimer"), {"adresse": adresse})
        assert reponse.status_code == 200
        assert 'href="#id_adresse"' in reponse.content.decode()
    assert Utilisateur.objects.count() == 1
    reponse = client.post(reverse("compte_supprimer"), {"adresse": "Camille@Example.org"})
    assert (reponse.status_code, Utilisateur.objects.count()) == (302, 0)


def test_dernier_administrateur_garde_son_compte(client, administrateur):
    administrateur.set_unusable_password()
    administrateur.save()
    client.force_login(administrateur)
    reponse = client.post(reverse("compte_supprimer"), {"adresse": administrateur.email})
    assert "dernier administrateur" in reponse.content.decode()
    assert Utilisateur.objects.count() == 1


def test_export_dates_lisibles(citoyen):
    citoyen.last_login = timezone.now()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d\+0[12]:00", exporter(citoyen)["Compte"][0]["Dernière connexion"])
