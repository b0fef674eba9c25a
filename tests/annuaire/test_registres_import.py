"""Registers' files: what is read, what may never be stored, and that running twice, or two at once, changes nothing."""

import io
import tracemalloc
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from annuaire import oppositions
from annuaire.imports.erreurs import FichierIllisible
from annuaire.models import EntreeRegistre
from annuaire.registres.moteur import importer
from annuaire.registres.rapport import Statut
from tests.annuaire.registres_aide import (
    ANCIENNES,
    ASSOCIATION,
    COOPERATIVE,
    ETABLISSEMENTS,
    TABLEUR,
    UNITES,
    WALDEC,
    fichier,
    rna,
    sirene,
    territoire,
)
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _territoire(db):
    CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"])
    CommuneFactory(code="03095", nom="Cusset", codes_postaux=["03300"])
    CommuneFactory(code="63113", nom="Clermont-Ferrand", codes_postaux=["63000"])
    territoire("03310", "03095")


def tout(rapport):
    return [(ligne.numero, ligne.statut, ligne.raisons) for ligne in rapport.lignes]


def test_une_association_est_lue_sans_rien_d_une_personne():
    patrimoine = ActiviteFactory(slug="patrimoine-musees")
    rapport = rna({})
    assert rapport.phrase() == "1 lignes lues : 1 créées, 0 mises à jour, 0 inchangées, 0 rejetées"
    entree = EntreeRegistre.objects.get()
    assert (entree.registre, entree.identifiant, entree.rna, entree.nom) == (
        "rna", "W001000001", "W001000001", "LES AMIS DU PONT",
    )  # fmt: skip
    assert (entree.adresse, entree.code_postal, entree.commune_id) == ("3 RUE DU PONT", "03200", "03310")
    assert (str(entree.date_creation), entree.site) == ("2012-05-04", "https://amis-du-pont.example.org")
    assert (entree.activite, entree.etat, entree.structure) == (patrimoine, "a_voir", None)
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM annuaire_entreeregistre e WHERE e::text ILIKE '%nom de personne%'")
        assert curseur.fetchone() == (0,)


def test_hors_du_territoire_et_dissoutes_ne_sont_que_comptees():
    rapport = rna(
        {"id": "W001000002", "adrs_codeinsee": "63113", "adrs_codepostal": "63000", "adrs_libcommune": "CLERMONT"},
        {"id": "W001000003", "position": "D"},
        {"id": "W001000004", "date_disso": "2020-01-02"},
        {"id": "W001000005", "position": "S"},
    )
    assert EntreeRegistre.objects.count() == 0
    assert rapport.lignes == []
    assert rapport.avertissements() == [
        "Laissées de côté : 1 ligne hors du territoire ; 3 structures dissoutes ou fermées."
    ]


def test_une_association_dissoute_ferme_sa_ligne_et_rouvre_si_elle_revit():
    rna({})
    assert tout(rna({"date_disso": "2026-03-01", "position": "D"})) == [
        (2, Statut.MISE_A_JOUR, ["dissoute ou fermée le 1er mars 2026"])
    ]
    entree = EntreeRegistre.objects.get()
    assert (str(entree.fermee_le), entree.nom) == ("2026-03-01", "LES AMIS DU PONT")
    assert not EntreeRegistre.objects.non_listees().exists()
    assert tout(rna({})) == [(2, Statut.MISE_A_JOUR, ["de nouveau active"])]
    assert EntreeRegistre.objects.non_listees().count() == 1


@pytest.mark.parametrize("objet", ["001005", "040510", "23005", "014060"])
def test_ce_qui_dit_des_opinions_n_est_jamais_garde(objet):
    rapport = rna({"objet_social1": objet})
    assert EntreeRegistre.objects.count() == 0
    assert rapport.sorts["sensible"] == 1


def test_une_adresse_chez_quelqu_un_n_est_pas_gardee():
    rna({"adrs_numvoie": "", "adrs_typevoie": "", "adrs_libvoie": "CHEZ MME DURAND-EXEMPLE"})
    assert EntreeRegistre.objects.get().adresse == ""


def test_les_anciennes_sont_situees_par_leur_code_postal_et_leur_nom():
    lignes = [
        {"id": "031P0012345", "libcom": "Cusset", "adrs_codepostal": "03300", "adrs_codeinsee": "", "adr1": "MAIRIE"},
        {"id": "031P0012346", "libcom": "Cusset", "adrs_codepostal": "59000", "adrs_codeinsee": ""},
        {"id": "031P0012347", "libcom": "Inconnue", "adrs_codepostal": "03300", "adrs_codeinsee": ""},
    ]
    rapport = importer(fichier(*lignes, entetes=ANCIENNES), nom="x.csv", source="rna")
    entree = EntreeRegistre.objects.get()
    assert (entree.identifiant, entree.rna, entree.commune_id, entree.adresse) == ("031P0012345", "", "03095", "MAIRIE")
    assert rapport.sorts["hors_territoire"] == 1
    assert [(ligne.numero, ligne.statut) for ligne in rapport.lignes] == [(4, Statut.REJETEE), (2, Statut.CREEE)]


def test_sirene_ne_garde_ni_personne_ni_non_diffusible_ni_hors_ess():
    rapport = importer(
        sirene(
            {},
            {"siret": "00000002600013", "categorieJuridiqueUniteLegale": "1000", "nomUniteLegale": "PERSONNE"},
            {"siret": "00000003400017", "categorieJuridiqueUniteLegale": ""},
            {"siret": "00000004200010", "statutDiffusionUniteLegale": "P"},
            {"siret": "00000005900013", "statutDiffusionEtablissement": "N"},
            {
                "siret": "00000006700012",
                "categorieJuridiqueUniteLegale": "5499",
                "economieSocialeSolidaireUniteLegale": "",
            },
            {
                "siret": "00000007500011",
                "categorieJuridiqueUniteLegale": "9220",
                "economieSocialeSolidaireUniteLegale": "",
            },
            {"siret": "00000008300010", "etatAdministratifEtablissement": "F"},
            {"siret": "00000009100010", "codeCommuneEtablissement": "63113"},
        ),
        nom="sirene.csv",
        source="sirene",
    )
    assert sorted(EntreeRegistre.objects.values_list("siret", flat=True)) == ["00000001800010", "00000007500011"]
    assert {sort.value: combien for sort, combien in rapport.sorts.items()} == {
        "personne": 2, "non_diffusible": 2, "hors_ess": 1, "fermee": 1, "hors_territoire": 1,
    }  # fmt: skip
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM annuaire_entreeregistre e WHERE e::text ILIKE '%personne%'")
        assert curseur.fetchone() == (0,)


def test_les_deux_stocks_de_l_insee_sont_reunis_par_le_siren():
    etablissements = sirene(
        {},
        {"siret": "00000002600013", "siren": "000000026"},
        {"siret": "00000003400017", "siren": "000000034"},
        {"siret": "00000004200010", "siren": "000000042", "codeCommuneEtablissement": "63113"},
        entetes=ETABLISSEMENTS,
    )
    unites = sirene({}, {"siren": "000000026", "categorieJuridiqueUniteLegale": "1000"}, entetes=UNITES)
    rapport = importer(etablissements, nom="stock.csv", source="sirene", unites=unites)
    assert list(EntreeRegistre.objects.values_list("siret", "nom")) == [("00000001800010", "COOPERATIVE D'EXEMPLE")]
    assert tout(rapport) == [
        (4, Statut.REJETEE, ["son unité légale n'est pas dans l'autre fichier"]),
        (2, Statut.CREEE, []),
    ]


def test_sans_la_categorie_juridique_un_fichier_sirene_est_refuse():
    with pytest.raises(FichierIllisible, match=r"denominationUniteLegale.*donnez aussi les unités légales"):
        importer(sirene({}, entetes=ETABLISSEMENTS), nom="x.csv", source="sirene")
    assert EntreeRegistre.objects.count() == 0


def test_un_fichier_d_un_autre_registre_est_reconnu():
    with pytest.raises(FichierIllisible, match=r"autre registre : SIRENE"):
        importer(sirene({}), nom="x.csv", source="rna")
    with pytest.raises(FichierIllisible, match=r"autre registre : RNA"):
        importer(fichier({}), nom="x.csv", source="sirene")


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"", "vide"),
        (b"\r\n \r\n", "vide"),
        (b"PK\x03\x04xxxx", "archive"),
        (b"\xff\xfei\x00d\x00", "texte lisible"),
        (b"<!doctype html><p>Erreur", "page web"),
        (b"nom;sigle\nUn;U\n", "il manque « id »"),
    ],
)
def test_un_fichier_qui_n_est_pas_un_registre_est_refuse(octets, dit):
    with pytest.raises(FichierIllisible, match=dit):
        importer(io.BytesIO(octets), nom="x.csv", source="rna")


def test_sans_territoire_l_import_dit_quoi_regler():
    territoire()
    with pytest.raises(FichierIllisible, match="réglages du pôle"):
        rna({})


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
def test_les_accents_sont_lus_dans_les_trois_encodages(encodage):
    importer(fichier({"titre": "L'ÉTÉ À L'ŒUVRE"}, encodage=encodage), nom="x.csv", source="rna")
    assert EntreeRegistre.objects.get().nom == "L'ÉTÉ À L'ŒUVRE"


def test_une_ligne_en_latin_1_au_milieu_d_un_fichier_en_utf_8():
    latin = fichier({"id": "W001000002", "titre": "ÂGE"}, encodage="cp1252").getvalue().split(b"\r\n", 1)[1]
    importer(io.BytesIO(fichier({"titre": "ÉTÉ"}).getvalue() + latin), nom="x.csv", source="rna")
    assert sorted(EntreeRegistre.objects.values_list("nom", flat=True)) == ["ÂGE", "ÉTÉ"]


def test_une_ligne_coupee_ne_coute_qu_elle():
    entetes, bonne, _ = fichier({}).getvalue().decode().split("\r\n")
    coupee = "\n".join([entetes, '"W001000009";"0";"03310"', '"W001000009";"0";"63113"', bonne, ""])
    rapport = importer(io.BytesIO(coupee.encode()), nom="x.csv", source="rna")
    assert tout(rapport) == [
        (2, Statut.REJETEE, ["ligne coupée : 3 colonnes au lieu de 39"]),
        (4, Statut.CREEE, []),
    ]
    assert rapport.sorts["hors_territoire"] == 1  # the other cut line, which names another commune


def test_un_guillemet_jamais_referme_ne_perd_que_ce_qu_il_avale():
    entetes, bonne, _ = fichier({}).getvalue().decode().split("\r\n")
    lignes = [entetes, '"W001000009";"jamais referme', *(["x" * 1000] * 140), bonne.replace('"', ""), ""]
    rapport = importer(io.BytesIO("\n".join(lignes).encode()), nom="x.csv", source="rna")
    assert rapport.lignes[0].raisons == ["ligne illisible : un guillemet est resté ouvert"]
    assert EntreeRegistre.objects.get().nom == "LES AMIS DU PONT"


def test_une_cellule_en_formule_reste_un_texte():
    """It is neutralised where it leaves for a spreadsheet: annuaire.exports.lignes_csv."""
    rna({"titre": "=HYPERLINK(1)", "objet": "'=1+1"})
    assert EntreeRegistre.objects.values_list("nom", "objet").get() == ("=HYPERLINK(1)", "=1+1")


def test_deux_fois_ne_change_rien_et_garde_ce_que_l_equipe_a_decide():
    rna({})
    EntreeRegistre.objects.update(etat="ecartee", motif="Hors du champ")
    lignes = list(EntreeRegistre.objects.values())
    assert tout(rna({})) == [(2, Statut.INCHANGEE, [])]
    assert list(EntreeRegistre.objects.values()) == lignes
    assert tout(rna({"titre": "LES AMIS DES PONTS"})) == [(2, Statut.MISE_A_JOUR, [])]
    entree = EntreeRegistre.objects.get()
    assert (entree.nom, entree.etat, entree.motif) == ("LES AMIS DES PONTS", "ecartee", "Hors du champ")


def test_la_meme_association_deux_fois_dans_un_fichier():
    assert [ligne.statut for ligne in rna({}, {}).lignes] == [Statut.CREEE, Statut.INCHANGEE]
    assert EntreeRegistre.objects.count() == 1


def test_une_simulation_n_ecrit_rien_et_dit_la_meme_chose():
    StructureFactory(nom="Les amis du pont", rna="W001000001")
    simulation = rna({}, simulation=True)
    assert EntreeRegistre.objects.count() == 0
    assert (
        tout(simulation)
        == tout(rna({}))
        == [(2, Statut.CREEE, ["déjà dans l'annuaire : « Les amis du pont » (même numéro RNA)"])]
    )


def test_qui_s_est_oppose_ne_revient_par_aucun_registre():
    oppositions.enregistrer(identifiants=["rna:W001000001", "siren:000000018"])
    assert rna({}).opposees == 1
    rapport = importer(sirene({}, {"siret": "00000001800028"}), nom="x.csv", source="sirene")
    assert rapport.opposees == 2
    assert EntreeRegistre.objects.count() == 0
    assert rapport.avertissements() == ["Laissées de côté : 2 structures qui se sont opposées."]


class Robinet(io.RawIOBase):
    """A file of `combien` rows made as they are read; it seeks to its beginning only."""

    def __init__(self, combien):
        modele = fichier({"adrs_codeinsee": "63113", "objet": "x" * 400}).getvalue().split(b"\r\n")
        self.entetes, self.ligne = modele[0] + b"\n", modele[1] + b"\n"
        self.combien, self.rendues = combien, -1

    def readline(self, _taille=-1):
        self.rendues += 1
        return self.entetes if self.rendues == 0 else self.ligne if self.rendues <= self.combien else b""

    def seek(self, position, _depuis=0):
        assert position == 0
        self.rendues = -1
        return 0


@pytest.mark.lent
def test_la_memoire_ne_grandit_pas_avec_le_fichier():
    sommets = []
    for combien in (2_000, 2_000, 60_000):
        tracemalloc.start()
        rapport = importer(Robinet(combien), nom="x.csv", source="rna")
        sommets.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert rapport.sorts["hors_territoire"] == combien
    assert sommets[2] < sommets[1] + 256 * 1024, sommets


def test_la_commande_lit_une_archive_et_dit_ce_qu_elle_fait(tmp_path, capsys):
    archive = tmp_path / "rna.zip"
    with zipfile.ZipFile(archive, "w") as zip_:
        zip_.writestr("rna_dpt_03.csv", fichier({}).getvalue())
        zip_.writestr("rna_dpt_63.csv", fichier({"id": "W001000002"}).getvalue())
        zip_.writestr("LISEZMOI.txt", "rien")
    call_command("importer_registre", str(archive), registre="rna", simulation=True)
    assert EntreeRegistre.objects.count() == 0
    call_command("importer_registre", str(archive), registre="rna")
    assert EntreeRegistre.objects.count() == 2
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "rna_dpt_63.csv",
        "1 lignes lues : 1 créées, 0 mises à jour, 0 inchangées, 0 rejetées",
    ]
    with pytest.raises(CommandError, match="ne s'ouvre pas"):
        call_command("importer_registre", str(tmp_path / "absent.csv"), registre="rna")
    (tmp_path / "autre.csv").write_text("a;b\n1;2\n")
    with pytest.raises(CommandError, match="il manque"):
        call_command("importer_registre", str(tmp_path / "autre.csv"), registre="rna")


def test_les_tables_d_entetes_des_tests_sont_celles_des_registres():
    """What the tests write is what the headers' reader knows: a typo here would prove nothing."""
    assert set(ASSOCIATION) <= set(WALDEC)
    assert set(COOPERATIVE) <= set(TABLEUR)
