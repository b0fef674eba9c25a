"""Subscribing, leaving, coming back, lists: who can be written to, and who cannot be brought back."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files import File
from django.utils import timezone

from annuaire import oppositions
from annuaire.imports.erreurs import FichierIllisible
from newsletter.actions import abonnements, imports
from newsletter.liens import CHEMINS, JOURS_CONFIRMER, LienInvalide, jeton_d_abonne, lire_abonne, lire_confirmation
from newsletter.models import Abonne, Desabonnement, ImportAbonnes, Interets, LigneImportAbonne, MentionConsentement
from pole_ess.socle.limites import LimiteDepassee
from pole_ess.socle.models import Courriel
from tests.factories import UtilisateurFactory
from tests.factories.newsletter import AbonneFactory, EnvoiFactory

pytestmark = pytest.mark.django_db
LEA = "lea@example.org"


def demander(courriel=LEA, **choix):
    abonnements.demander(courriel=courriel, interets=choix)


def lien_recu(courriel=LEA):
    corps = Courriel.objects.filter(destinataire=courriel).latest("pk").texte
    return re.search(r"/lettre/(\w+)/([\w:-]+)/", corps).groups()


def test_two_steps_and_the_proof_that_is_kept():
    demander(" Lea@Example.org ", natures=["local"])
    abonne = Abonne.objects.get()
    assert (abonne.courriel, abonne.etat, abonne.interets.natures) == (LEA, "en_attente", ["local"])
    assert (abonne.formulaire, abonne.mention.version, abonne.confirme_le) == ("site", 1, None)
    page, jeton = lien_recu()
    assert page == "confirmer"
    assert lire_confirmation(jeton) == abonne  # reading changes nothing
    assert Abonne.objects.get().etat == "en_attente"
    for _ in range(2):
        assert abonnements.confirmer(lire_confirmation(jeton)).etat == "confirme"
    abonne.refresh_from_db()
    assert abonne.confirme_le >= abonne.consenti_le
    with pytest.raises(LienInvalide):
        lire_abonne(jeton)  # a link has one purpose


def test_form_says_the_same_and_writes_one_mail_whoever_it_is():
    AbonneFactory(courriel="dedans@example.org")
    AbonneFactory(courriel="arrete@example.org", etat="suspendu")
    for courriel in ["dedans@example.org", "arrete@example.org", LEA]:
        assert demander(courriel) is None
        assert Courriel.objects.filter(destinataire=courriel, confidentiel=True).count() == 1
    assert lien_recu("dedans@example.org")[0] == "preferences"
    assert lien_recu("arrete@example.org")[0] == "confirmer"
    assert Abonne.objects.get(courriel="dedans@example.org").interets == Interets.objects.pour()


def test_somebody_elses_form_does_not_change_the_choices_of_a_subscriber():
    abonne = AbonneFactory(courriel=LEA)
    demander(natures=["local"])
    abonne.refresh_from_db()
    assert abonne.interets.natures == []


def test_form_cannot_flood_an_address():
    for _ in range(8):
        demander()
    assert Courriel.objects.filter(destinataire=LEA).count() == 3


def test_form_cannot_pester_an_address_day_after_day(monkeypatch):
    maintenant = 20_000 * 30 * 24 * 3600  # the first second of a window of thirty days
    for jour in range(29):
        monkeypatch.setattr("pole_ess.socle.limites.time.time", lambda jour=jour: maintenant + jour * 24 * 3600)
        demander()
    assert Courriel.objects.filter(destinataire=LEA).count() == 6


def test_form_is_limited_by_network():
    for _ in range(10):
        abonnements.compter_demande("192.0.2.1")
    with pytest.raises(LimiteDepassee):
        abonnements.compter_demande("192.0.2.1")
    abonnements.compter_demande("192.0.2.2")


def test_leaving_leaves_a_hash_and_the_proof_only():
    abonne = AbonneFactory(courriel=LEA, utilisateur=UtilisateurFactory())
    envoi = EnvoiFactory(abonne=abonne)
    depart = abonnements.desabonner(abonne, voie="un_clic", numero=envoi.numero)
    assert abonnements.desabonner(abonne, voie="un_clic") is None
    assert Abonne.objects.count() == 0
    assert depart.empreinte == oppositions.empreinte(courriel=LEA)
    assert (depart.voie, depart.numero, depart.mention, depart.consenti_le, depart.confirme_le) == (
        "un_clic",
        envoi.numero,
        abonne.mention,
        abonne.consenti_le,
        abonne.confirme_le,
    )
    envoi.refresh_from_db()
    assert envoi.abonne is None


def test_link_of_who_left_is_good_and_names_nobody():
    abonne = AbonneFactory()
    jeton = jeton_d_abonne(abonne.pk, abonne.jeton)
    abonnements.desabonner(abonne, voie="lien")
    assert lire_abonne(jeton) == (None, None)


def test_changed_key_stops_older_links():
    abonne = AbonneFactory()
    jeton = jeton_d_abonne(abonne.pk, abonne.jeton)
    abonnements.changer_de_jeton(abonne)
    assert lire_abonne(jeton) == (None, None)


def test_who_left_may_come_back_by_themselves():
    abonnements.desabonner(AbonneFactory(courriel=LEA), voie="lien")
    demander()
    assert Desabonnement.objects.count() == 1  # not before they confirm
    abonnements.confirmer(lire_confirmation(lien_recu()[1]))
    assert (Desabonnement.objects.count(), Abonne.objects.get().etat) == (0, "confirme")


def test_confirming_resumes_who_was_stopped():
    AbonneFactory(courriel=LEA, etat="suspendu", rebonds_mous=5)
    demander()
    abonne = abonnements.confirmer(lire_confirmation(lien_recu()[1]))
    assert (abonne.etat, abonne.suspension, abonne.rebonds_mous) == ("confirme", "", 0)


def test_member_subscribes_from_their_account_without_a_mail():
    utilisateur = UtilisateurFactory(email=LEA)
    for _ in range(2):
        abonne = abonnements.abonner_compte(utilisateur, interets={"natures": ["local"]})
    assert (abonne.courriel, abonne.etat, abonne.formulaire) == (LEA, "confirme", "compte")
    assert Abonne.objects.get().utilisateur == utilisateur
    assert not Courriel.objects.exists()
    with pytest.raises(ValueError, match="verified"):
        abonnements.abonner_compte(UtilisateurFactory(confirme=False), interets={})


def test_bounces_stop_the_mails_and_staff_resume_them():
    dur, mou = AbonneFactory(), AbonneFactory()
    abonnements.noter_rebond(dur, dur=True, detail="550 5.1.1")
    for _ in range(4):
        abonnements.noter_rebond(mou, dur=False)
    mou.refresh_from_db()
    assert mou.etat == "confirme"
    abonnements.noter_rebond(mou, dur=False)
    for abonne, raison in [(dur, "rebond"), (mou, "rebonds")]:
        abonne.refresh_from_db()
        assert (abonne.etat, abonne.suspension) == ("suspendu", raison)
        assert abonnements.reprendre(abonne)
        assert not abonnements.reprendre(abonne)
        abonne.refresh_from_db()
        assert (abonne.etat, abonne.rebonds_mous, abonne.rebonds_durs) == ("confirme", 0, 0)


def test_purge():
    maintenant = timezone.now()
    AbonneFactory(etat="en_attente", consenti_le=maintenant - timedelta(days=JOURS_CONFIRMER + 1))
    recente = AbonneFactory(etat="en_attente", consenti_le=maintenant)
    silencieux = AbonneFactory(dernier_signe_le=maintenant - timedelta(days=3 * 365 + 1))
    parti = AbonneFactory(relance_le=maintenant - timedelta(days=31))
    assert abonnements.purger() == {"en_attente": 1, "sans_signe": 1, "relances": 1, "interets": 0}
    assert set(Abonne.objects.all()) == {recente, silencieux}
    assert Desabonnement.objects.get().empreinte == oppositions.empreinte(courriel=parti.courriel)
    assert abonnements.purger()["relances"] == 0  # asked once
    abonnements.regler(silencieux, interets={}, frequence="mensuelle")
    silencieux.refresh_from_db()
    assert (silencieux.relance_le, silencieux.frequence) == (None, "mensuelle")


def test_who_cannot_be_asked_is_forgotten_after_three_years():
    """A dead address, a complaint: nothing is mailed, and the address does not stay for ever."""
    maintenant = timezone.now()
    morte = AbonneFactory(etat="suspendu", dernier_signe_le=maintenant - timedelta(days=3 * 365 + 1))
    AbonneFactory(etat="suspendu", dernier_signe_le=maintenant - timedelta(days=3 * 365 - 1))
    assert abonnements.purger()["sans_signe"] == 1
    assert not Abonne.objects.filter(pk=morte.pk).exists()
    assert Desabonnement.objects.get().voie == "silence"
    assert not Courriel.objects.exists()


def test_combinations_that_nobody_has_go():
    abonne = AbonneFactory(interets=Interets.objects.pour(natures=["local"]))
    abonnements.regler(abonne, interets={}, frequence="chaque")
    assert abonnements.purger()["interets"] == 1


# -- lists


def liste(*adresses):
    fichier = io.BytesIO("\n".join(["Nom;E-mail", *(f"X;{a}" for a in adresses)]).encode())
    fichier.name = "liste.csv"
    return fichier


def test_list_brings_nobody_back(animateur, django_capture_on_commit_callbacks):
    abonnements.desabonner(AbonneFactory(courriel="partie@example.org"), voie="lien")
    oppositions.enregistrer(courriel="opposee@example.org")
    AbonneFactory(courriel="dedans@example.org")
    AbonneFactory(courriel="arretee@example.org", etat="suspendu")
    AbonneFactory(courriel="attend@example.org", etat="en_attente")
    fichier = liste(
        "Partie@example.org", "opposee@example.org", "dedans@example.org", "arretee@example.org", "attend@example.org",
        "neuve@example.org", "NEUVE@example.org", "pas une adresse",
    )  # fmt: skip
    depot = imports.deposer(
        File(fichier, name="liste.csv"), par=animateur, preuve="Feuille du forum", consenti_le=timezone.localdate()
    )
    assert (depot.etat, Abonne.objects.filter(courriel="neuve@example.org").count()) == ("previsualise", 0)
    with django_capture_on_commit_callbacks(execute=True):
        assert imports.appliquer(depot)
    assert not imports.appliquer(depot)
    depot.refresh_from_db()
    assert [*depot.lignes.values_list("statut", flat=True)] == [
        "desabonnee", "opposee", "deja", "suspendue", "confirmee", "ajoutee", "rejetee", "rejetee",
    ]  # fmt: skip
    assert (depot.etat, depot.fichier.name, sum(depot.resume.values())) == ("applique", "", 8)
    etats = dict(Abonne.objects.values_list("courriel", "etat"))
    assert etats == {
        "dedans@example.org": "confirme",
        "arretee@example.org": "suspendu",
        "attend@example.org": "confirme",
        "neuve@example.org": "confirme",
    }
    neuve = Abonne.objects.get(courriel="neuve@example.org")
    assert (neuve.formulaire, neuve.import_abonnes, neuve.mention) == ("import", depot, None)
    ecrit = " ".join(map(str, LigneImportAbonne.objects.values_list("raison", flat=True)))
    assert "@" not in ecrit


def test_list_needs_a_column_of_addresses(animateur):
    fichier = io.BytesIO(b"Nom;Ville\nX;Vichy\n")
    fichier.name = "liste.csv"
    with pytest.raises(FichierIllisible, match="e-mail"):
        imports.deposer(fichier, par=animateur, preuve="x", consenti_le=timezone.localdate())
    assert not ImportAbonnes.objects.exists()


def test_wording_shown_is_the_last_one():
    demander()
    MentionConsentement.objects.create(version=2, texte="D'autres mots")
    demander("autre@example.org")
    assert Abonne.objects.get(courriel="autre@example.org").mention.version == 2


def test_paths_of_personal_pages_take_one_token():
    """That of an act takes the element too."""
    assert {nom for nom, chemin in CHEMINS.items() if chemin.count("{}") > 1} == {"geste"}
