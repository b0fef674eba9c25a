"""The life of a sheet: each act × each state, the mails, and who gets them."""

import threading

import pytest
from django.db import connection

from annuaire.actions import TransitionInterdite, publication
from annuaire.models import Structure
from pole_ess.socle.models import Courriel
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory

ARRIVEES = {
    "publier": {"brouillon": "publiee", "a_valider": "publiee", "archivee": "publiee"},
    "demander_correction": {"a_valider": "a_corriger"},
    "refuser": {"a_valider": "refusee", "a_corriger": "refusee"},
    "archiver": {"publiee": "archivee"},
    "resoumettre": {"brouillon": "a_valider", "a_corriger": "a_valider"},
}


def agir(acte, structure, par):
    motif = {"motif": "Il manque la commune."} if acte in ("demander_correction", "refuser") else {}
    return getattr(publication, acte)(structure, par=par, **motif)


@pytest.mark.parametrize("etat", Structure.Etat.values)
@pytest.mark.parametrize("acte", ARRIVEES)
def test_transitions(animateur, acte, etat):
    structure = StructureFactory(etat=etat, courriel_proposition="auteur@example.org")
    arrivee = ARRIVEES[acte].get(etat)
    if arrivee is None:
        with pytest.raises(TransitionInterdite):
            agir(acte, structure, animateur)
        structure.refresh_from_db()
        assert structure.etat == etat
        assert Courriel.objects.count() == 0
        assert structure.history.count() == 1
    else:
        assert agir(acte, structure, animateur).etat == arrivee
        structure.refresh_from_db()
        assert structure.etat == arrivee
        assert structure.history.first().history_user == animateur
    assert (acte in publication.actes_possibles(Structure(nom="x", etat=etat))) is (arrivee is not None)


@pytest.mark.parametrize("acte", ["demander_correction", "refuser"])
@pytest.mark.parametrize("motif", ["", "  \n"])
def test_motif_requis(animateur, acte, motif):
    structure = StructureFactory(etat="a_valider")
    with pytest.raises(ValueError, match="raison"):
        getattr(publication, acte)(structure, par=animateur, motif=motif)
    structure.refresh_from_db()
    assert structure.etat == "a_valider"


def test_publier_date_et_previent_auteur_et_referents(animateur):
    structure = StructureFactory(etat="a_valider", nom="L'Atelier <b>", courriel_proposition="Auteur@example.org")
    referent = RattachementFactory(structure=structure, role="referent").utilisateur
    RattachementFactory(structure=structure, role="membre")
    RattachementFactory(structure=structure, role="referent", etat="demande", actif_depuis=None)
    publication.publier(structure, par=animateur)
    structure.refresh_from_db()
    assert structure.publiee_le is not None
    courriels = {c.destinataire: c for c in Courriel.objects.all()}
    assert set(courriels) == {"auteur@example.org", referent.email}
    assert courriels[referent.email].utilisateur == referent
    assert courriels[referent.email].sujet == "Votre fiche « L'Atelier <b> » est publiée"
    assert f"/annuaire/{structure.slug}/modifier/" in courriels[referent.email].texte
    assert f"/annuaire/{structure.slug}/revendiquer/" in courriels["auteur@example.org"].texte
    assert (courriels[referent.email].objet_type, courriels[referent.email].objet_id) == (
        "annuaire.structure",
        str(structure.pk),
    )


def test_publier_sans_auteur_previent_la_structure(animateur):
    structure = StructureFactory(etat="a_valider", courriel="bonjour@structure.example.org")
    publication.publier(structure, par=animateur)
    assert Courriel.objects.get().destinataire == "bonjour@structure.example.org"


def test_publier_sa_propre_fiche_ne_s_ecrit_pas_a_soi_meme(animateur):
    structure = StructureFactory(etat="brouillon", courriel_proposition=animateur.email)
    publication.publier(structure, par=animateur)
    assert Courriel.objects.count() == 0


def test_republier_garde_la_premiere_date(animateur):
    structure = StructureFactory(etat="publiee")
    premiere = structure.publiee_le
    publication.archiver(structure, par=animateur, motif="N'existe plus.")
    publication.publier(structure, par=animateur)
    structure.refresh_from_db()
    assert (structure.etat, structure.publiee_le, structure.motif) == ("publiee", premiere, "")


def test_refus_porte_la_raison_et_n_ecrit_qu_a_l_auteur(animateur):
    structure = StructureFactory(etat="a_valider", courriel_proposition="auteur@example.org")
    publication.refuser(structure, par=animateur, motif=" Hors du territoire & déjà ailleurs. ")
    courriel = Courriel.objects.get()
    assert courriel.destinataire == "auteur@example.org"
    assert "Hors du territoire & déjà ailleurs." in courriel.texte
    structure.refresh_from_db()
    assert structure.motif == "Hors du territoire & déjà ailleurs."


def test_refus_d_un_import_n_ecrit_a_personne(animateur):
    publication.refuser(StructureFactory(etat="a_valider"), par=animateur, motif="Hors du territoire.")
    assert Courriel.objects.count() == 0


def test_archiver_par_un_lien_previent_les_referents(structure, referent):
    publication.archiver(structure, par=None, motif="La structure n'existe plus.")
    assert Courriel.objects.get().destinataire == referent.email
    assert structure.history.first().history_user is None


@pytest.mark.django_db(transaction=True)
def test_deux_animateurs_a_la_fois_un_seul_agit():
    structure = StructureFactory(etat="a_valider", courriel_proposition="auteur@example.org")
    equipe = [UtilisateurFactory(is_staff=True) for _ in range(2)]
    resultats, depart = [], threading.Barrier(2)

    def publier(animateur):
        try:
            depart.wait(5)
            publication.publier(Structure.objects.get(pk=structure.pk), par=animateur)
            resultats.append("publiée")
        except TransitionInterdite:
            resultats.append("trop tard")
        finally:
            connection.close()

    fils = [threading.Thread(target=publier, args=[animateur]) for animateur in equipe]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(20)
    assert sorted(resultats) == ["publiée", "trop tard"]
    assert Courriel.objects.count() == 1
