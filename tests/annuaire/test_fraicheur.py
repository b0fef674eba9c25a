import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from annuaire.actions import fraicheur, proposition, publication
from annuaire.models import Modification, Signalement, Structure
from pole_ess.socle import liens
from pole_ess.socle.models import Courriel
from tests.factories import RattachementFactory, StructureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notifie_aussitot")]
LE = date(2026, 3, 26)


def publiee(*, verifiee_le=None, depuis=400, **champs):
    publication_le = timezone.make_aware(timezone.datetime(LE.year, LE.month, LE.day, 9)) - timedelta(days=depuis)
    return StructureFactory(verifiee_le=verifiee_le, publiee_le=publication_le, **champs)


def fiche(structure):
    return Structure.objects.values().get(pk=structure.pk)


@pytest.mark.parametrize(
    ("verifiee", "depuis", "due"),
    [
        (None, 364, False),
        (None, 366, True),
        (LE - timedelta(days=364), 900, False),
        (LE - timedelta(days=365), 900, True),
    ],
)
def test_a_confirmer_un_an_apres(verifiee, depuis, due):
    structure = publiee(verifiee_le=verifiee, depuis=depuis)
    assert list(Structure.objects.a_confirmer(LE)) == ([structure] if due else [])


@pytest.mark.parametrize("etat", ["brouillon", "a_valider", "a_corriger", "refusee", "archivee"])
def test_jamais_une_fiche_qui_n_est_pas_publiee(etat):
    publiee(etat=etat)
    assert fraicheur.relancer(le=LE) == 0


def test_relancer_une_fois_par_trois_mois():
    structure = publiee(courriel="Contact@structure.example.org")
    referent = RattachementFactory(structure=structure, role="referent").utilisateur
    RattachementFactory(structure=structure, role="membre")
    assert fraicheur.relancer(le=LE) == 1
    assert {(c.gabarit, c.destinataire, c.utilisateur) for c in Courriel.objects.all()} == {
        ("fraicheur", "contact@structure.example.org", None),
        ("fraicheur", referent.email, referent),
    }
    jours = [fraicheur.relancer(le=LE + timedelta(days=n)) for n in (0, 1, 89, 90, 91)]
    assert jours == [0, 0, 0, 1, 0]
    assert Courriel.objects.count() == 4


def test_a_telephoner():
    sans_adresse = publiee(courriel="")
    relancee = publiee(relancee_le=LE - timedelta(days=30))
    publiee(relancee_le=LE - timedelta(days=29))
    publiee(relancee_le=LE - timedelta(days=40), verifiee_le=LE - timedelta(days=35))
    avec_referent = publiee(courriel="")
    RattachementFactory(structure=avec_referent, role="referent")
    assert set(Structure.objects.a_telephoner(LE)) == {sans_adresse, relancee}
    assert set(Structure.objects.a_relancer(LE)) == {avec_referent}


def test_confirmer_ne_recule_jamais(structure):
    fraicheur.confirmer(structure, par_quoi="reunion", note="Réunion de mars", le=date(2026, 3, 1))
    fraicheur.confirmer(structure, par_quoi="lettre", le=date(2025, 1, 1))
    lue = Structure.objects.get()
    assert (lue.verifiee_le, lue.verifiee_par, lue.verifiee_note) == (date(2026, 3, 1), "reunion", "Réunion de mars")


@pytest.mark.parametrize(("role", "par_quoi"), [("referent", "referent"), ("animateur", "equipe")])
def test_bouton_confirmer(client, request, structure, role, par_quoi):
    client.force_login(request.getfixturevalue(role))
    url = reverse("annuaire:confirmer", args=[structure.slug])
    assert client.get(url).status_code == 200
    assert Structure.objects.get().verifiee_le is None
    assert client.post(url).url == structure.get_absolute_url()
    lue = Structure.objects.get()
    assert (lue.verifiee_le, lue.verifiee_par) == (timezone.localdate(), par_quoi)


# The page with three answers


@pytest.fixture(params=["fraicheur", "au_nom_de"])
def page(request, structure):
    if request.param == "fraicheur":
        return fraicheur.lien_fraicheur(structure)
    return proposition.lien_au_nom_de(structure)


def correction(client, page) -> dict:
    form = client.get(f"{page}?corriger=1").context["form"]
    donnees = {"reponse": "corriger"}
    for champ in form:
        valeur = champ.value()
        if isinstance(valeur, bool):
            donnees |= {champ.name: "on"} if valeur else {}
        elif valeur is not None:
            donnees[champ.name] = valeur
    return donnees


def test_voir_ne_change_rien(client, structure, page):
    avant = fiche(structure)
    visite = client.get(page)
    assert visite.status_code == 200
    assert client.get(f"{page}?corriger=1").status_code == 200
    assert client.head(page).status_code == 200
    assert client.post(page, {"reponse": "n'importe quoi"}).status_code == 200
    assert fiche(structure) == avant
    assert Signalement.objects.count() == 0


def test_exact(client, structure, page):
    assert client.post(page, {"reponse": "exact"}).status_code == 200
    lue = Structure.objects.get()
    assert (lue.verifiee_le, lue.verifiee_par) == (timezone.localdate(), "lettre")
    for encore in (client.get(page), client.post(page, {"reponse": "disparue"})):
        assert encore.status_code == 410
        assert "déjà enregistrée" in encore.content.decode()
    assert Signalement.objects.count() == 0


def test_n_existe_plus_signale_sans_archiver(client, structure, page):
    client.post(page, {"reponse": "disparue", "texte": "Dissoute\x00 en juin"})
    signalement = Signalement.objects.get()
    assert signalement.structure == structure
    assert "n'existe plus. Précision : Dissoute en juin" in signalement.texte
    assert Structure.objects.get().etat == "publiee"
    assert client.post(page, {"reponse": "disparue"}).status_code == 410
    assert Signalement.objects.count() == 1


def test_corriger_sans_compte(client, structure, page):
    donnees = correction(client, page)
    assert "siret" not in donnees
    reponse = client.post(page, donnees | {"telephone": "bidon", "presentation": "Saisie"})
    assert reponse.status_code == 200
    assert "Saisie" in reponse.content.decode()
    assert Modification.objects.count() == 0
    interdits = {"siret": "73282932000074", "latitude": "1", "longitude": "1", "etat": "archivee"}
    reponse = client.post(page, donnees | {"telephone": "0470000000", "presentation": "Saisie"} | interdits)
    assert reponse.status_code == 200
    lue = Structure.objects.get()
    assert (lue.telephone, lue.presentation, lue.siret, lue.etat) == ("04 70 00 00 00", "Saisie", "", "publiee")
    assert (lue.verifiee_le, lue.verifiee_par) == (timezone.localdate(), "lettre")
    modification = Modification.objects.get()
    assert (modification.auteur, modification.etat) == (None, "a_relire")
    assert modification.apres == {"presentation": "Saisie", "telephone": "04 70 00 00 00"}
    assert client.post(page, donnees | {"presentation": "Encore"}).status_code == 410
    assert Structure.objects.get().presentation == "Saisie"


def test_corriger_en_meme_temps_garde_le_lien(client, structure, page):
    donnees = correction(client, page)
    structure.presentation = "Autre"
    structure.save()
    reponse = client.post(page, donnees | {"presentation": "La mienne"})
    assert "Une autre personne a enregistré" in reponse.content.decode()
    donnees["version"] = reponse.context["form"]["version"].value()
    assert "Merci" in client.post(page, donnees | {"presentation": "La mienne"}).content.decode()
    assert Structure.objects.get().presentation == "La mienne"


@pytest.mark.parametrize("etat", ["brouillon", "a_valider", "refusee", "archivee"])
def test_lien_d_une_fiche_retiree(client, structure, page, etat):
    structure.etat = etat
    structure.save()
    avant = fiche(structure)
    for reponse in (client.get(page), client.post(page, {"reponse": "exact"})):
        assert reponse.status_code == 410
    assert fiche(structure) == avant


def test_liens_casses_expires_effaces(client, structure, page):
    autre = liens.signer("invitation", {"s": structure.pk})
    for casse in (
        page[:-6] + "/",
        reverse("annuaire:fraicheur", args=[autre]),
        reverse("annuaire:au_nom_de", args=["x"]),
    ):
        assert client.get(casse).status_code == 404
        assert client.post(casse, {"reponse": "exact"}).status_code == 404
    assert Structure.objects.get().verifiee_le is None
    structure.delete()
    assert client.get(page).status_code == 410


def test_lien_expire(client, structure, monkeypatch):
    page = fraicheur.lien_fraicheur(structure)
    monkeypatch.setattr(fraicheur, "JOURS_REPONSE", -1)
    reponse = client.post(page, {"reponse": "exact"})
    assert reponse.status_code == 410
    assert "délai de réponse est passé" in reponse.content.decode()
    assert Structure.objects.get().verifiee_le is None


def test_auteur_sans_compte_corrige_et_renvoie(client, structure, animateur):
    """A proposal sent back: the mailed link opens the form, and sending it resubmits."""
    Structure.objects.update(etat="a_valider", courriel_proposition="camille@example.org")
    structure.refresh_from_db()
    publication.demander_correction(structure, par=animateur, motif="Ajoutez une adresse.")
    message = Courriel.objects.get(gabarit="structure_a_corriger", destinataire="camille@example.org")
    page = re.search(r"http://testserver(/annuaire/lien/au-nom-de/\S+)", message.texte)[1]
    assert "Ajoutez une adresse." in client.get(page).content.decode()
    donnees = correction(client, page)
    reponse = client.post(page, donnees | {"adresse": "1 rue d'Exemple"})
    assert "repartie chez l'équipe" in reponse.content.decode().replace("&#x27;", "'")
    lue = Structure.objects.get()
    assert (lue.etat, lue.adresse, lue.verifiee_le) == ("a_valider", "1 rue d'Exemple", None)
    assert Modification.objects.count() == 0
    assert client.get(page).status_code == 410
