"""Which registered structures are listed already: certain by numbers, proposed by names, decided by staff."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from annuaire.actions import TransitionInterdite, fusion, publication, registres
from annuaire.models import EntreeDistincte, EntreeRegistre
from annuaire.registres.rapprochement import rapprocher
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.registres import EntreeRegistreFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def vichy():
    return CommuneFactory(code="03310", nom="Vichy")


@pytest.mark.parametrize(
    ("de_l_entree", "de_la_fiche"),
    [
        ({"rna": "W001000001"}, {"rna": "W001000001"}),
        ({"siret": "00000001800010"}, {"siret": "00000001800010"}),
        ({"siret": "00000001800010"}, {"siret": "00000001800028"}),
    ],
)
def test_le_meme_numero_est_rapproche_tout_seul(vichy, de_l_entree, de_la_fiche):
    entree = EntreeRegistreFactory(commune=vichy, **{"rna": "", **de_l_entree})
    fiche = StructureFactory(nom="Un tout autre nom", commune=vichy, **de_la_fiche)
    assert rapprocher() == (1, 0)
    entree.refresh_from_db()
    assert (entree.etat, entree.structure) == ("rapprochee", fiche)
    assert rapprocher() == (0, 0)


def test_le_meme_siren_ailleurs_est_seulement_propose(vichy):
    entree = EntreeRegistreFactory(commune=vichy, rna="", siret="00000001800010")
    fiche = StructureFactory(nom="Un tout autre nom", siret="00000001800028", commune__code="03095")
    assert rapprocher() == (0, 1)
    entree.refresh_from_db()
    assert (entree.etat, entree.proposee, entree.ressemblance) == ("a_voir", fiche, "même SIREN, autre commune")


def test_un_nom_meme_egal_n_est_que_propose(vichy):
    entree = EntreeRegistreFactory(nom="ASSOCIATION LES AMIS DU PONT DE VICHY", commune=vichy)
    fiche = StructureFactory(nom="Les amis du pont", commune=vichy)
    StructureFactory(nom="Les amis du pont", commune__code="03095")
    assert rapprocher() == (0, 1)
    entree.refresh_from_db()
    assert (entree.proposee, entree.ressemblance) == (fiche, "même nom, même commune")


def test_deux_numeros_rna_differents_ne_sont_jamais_proposes(vichy):
    EntreeRegistreFactory(nom="LES AMIS DU PONT", commune=vichy, rna="W001000001")
    StructureFactory(nom="Les amis du pont", commune=vichy, rna="W001000002")
    assert rapprocher() == (0, 0)


@pytest.mark.parametrize(("etat", "trouvees"), [("brouillon", 0), ("archivee", 1), ("refusee", 1), ("a_valider", 1)])
def test_une_fiche_connue_meme_refusee_compte_un_brouillon_non(vichy, etat, trouvees):
    EntreeRegistreFactory(commune=vichy, rna="W001000001")
    StructureFactory(rna="W001000001", etat=etat)
    assert rapprocher()[0] == trouvees


def test_un_exemple_ne_se_rapproche_pas_d_une_vraie_structure(vichy):
    entree = EntreeRegistreFactory(commune=vichy, rna="W001000001", nom="LES AMIS DU PONT")
    exemple = StructureFactory(rna="W001000001", nom="Les amis du pont", commune=vichy, est_demonstration=True)
    assert rapprocher() == (0, 0)
    with pytest.raises(TransitionInterdite):
        registres.rapprocher(entree, structure=exemple, par=None)


def test_publier_une_fiche_la_rapproche_aussitot(vichy, animateur):
    entree = EntreeRegistreFactory(commune=vichy, rna="W001000001", etat="invitee")
    fiche = StructureFactory(rna="W001000001", etat="brouillon")
    rapprocher()
    entree.refresh_from_db()
    assert entree.etat == "invitee"
    publication.publier(fiche, par=animateur)
    entree.refresh_from_db()
    assert (entree.etat, entree.structure) == ("rapprochee", fiche)


def test_dire_que_c_est_une_autre_ne_la_propose_plus(vichy, animateur):
    entree = EntreeRegistreFactory(nom="LES AMIS DU PONT", commune=vichy)
    fiche = StructureFactory(nom="Les amis du pont", commune=vichy)
    rapprocher()
    entree.refresh_from_db()
    registres.distinguer(entree, par=animateur)
    assert rapprocher() == (0, 0)
    entree.refresh_from_db()
    assert (entree.proposee, entree.etat, entree.decidee_par) == (None, "a_voir", animateur)
    assert EntreeDistincte.objects.get().structure == fiche
    with pytest.raises(TransitionInterdite):
        registres.distinguer(entree, par=animateur)


def test_rapprocher_puis_revoir_ne_recommence_pas(vichy, animateur):
    entree = EntreeRegistreFactory(commune=vichy, rna="W001000001")
    fiche = StructureFactory(rna="W001000001", commune=vichy)
    registres.rapprocher(entree, structure=fiche, par=animateur)
    entree = registres.revoir(EntreeRegistre.objects.get(), par=animateur)
    assert (entree.etat, entree.structure) == ("a_voir", None)
    assert rapprocher() == (0, 0)


def test_ecarter_demande_une_raison_et_se_defait(animateur):
    entree = EntreeRegistreFactory()
    with pytest.raises(ValueError, match="pourquoi"):
        registres.ecarter(entree, par=animateur, motif=" ")
    registres.ecarter(entree, par=animateur, motif="N'est plus active")
    entree.refresh_from_db()
    assert (entree.etat, entree.motif) == ("ecartee", "N'est plus active")
    with pytest.raises(TransitionInterdite):
        registres.ecarter(entree, par=animateur, motif="Encore")
    assert registres.revoir(entree, par=animateur).etat == "a_voir"


def test_ecarter_plusieurs_laisse_celles_qui_ont_leur_place(animateur):
    choisies = [EntreeRegistreFactory(), EntreeRegistreFactory(etat="rapprochee"), EntreeRegistreFactory()]
    assert registres.ecarter_plusieurs([e.pk for e in choisies], par=animateur, motif="Hors du champ") == 2
    assert EntreeRegistre.objects.filter(etat="ecartee", motif="Hors du champ").count() == 2


@pytest.mark.parametrize(
    "faits",
    [
        {"etat": "ecartee"},
        {"etat": "inconnu"},
        {"etat": "opposee"},
        {"identifiant": ""},
        {"identifiant": "w-1"},
        {"nom": ""},
        {"registre": "sirene"},
    ],
)
def test_la_base_refuse_ce_qui_n_a_pas_de_sens(faits):
    entree = EntreeRegistreFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        EntreeRegistre.objects.filter(pk=entree.pk).update(**faits)


def test_la_base_refuse_une_fiche_a_qui_n_est_pas_rapprochee(structure):
    entree = EntreeRegistreFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        EntreeRegistre.objects.filter(pk=entree.pk).update(structure=structure)


def test_supprimer_la_fiche_laisse_la_ligne(structure):
    entree = EntreeRegistreFactory(etat="rapprochee", structure=structure)
    structure.delete()
    entree.refresh_from_db()
    assert (entree.etat, entree.structure) == ("rapprochee", None)


def test_fusionner_deux_fiches_emmene_ce_qui_leur_est_rapproche(animateur):
    garder, absorber = StructureFactory(), StructureFactory()
    for fiche in (garder, absorber):
        EntreeRegistreFactory(etat="rapprochee", structure=fiche)
        EntreeRegistreFactory(proposee=fiche, ressemblance="nom proche, même commune")
    commune_aux_deux = EntreeRegistreFactory()
    for fiche in (garder, absorber):
        EntreeDistincte.objects.create(entree=commune_aux_deux, structure=fiche)
    fusion.fusionner(garder, absorber, par=animateur)
    assert garder.entrees_de_registre.count() == garder.entrees_ressemblantes.count() == 2
    assert EntreeDistincte.objects.filter(structure=garder).count() == 1


def test_rapprocher_tout_reste_en_quelques_requetes(vichy):
    comptes = []
    for combien in (1, 12):
        for rang in range(combien):
            nom = f"{chr(65 + rang) * 9} DU PONT {combien}"
            EntreeRegistreFactory(nom=nom, commune=vichy)
            StructureFactory(nom=nom, commune=vichy)
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            rapprocher()
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]
