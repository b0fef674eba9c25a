"""What an import does to the directory, line by line."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from annuaire import oppositions
from annuaire.models import Activite, AncienneCle, Commune, Competence, Contact, Label, Structure
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory

from .import_aide import csv_de, importer_texte, statuts, xlsx_de

SIRET = "73282932000074"


@pytest.fixture(autouse=True)
def lieux(db):
    CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"], latitude=46.1306, longitude=3.4274)
    CommuneFactory(code="03306", nom="Le Vernet", codes_postaux=["03200"], latitude=46.1073, longitude=3.4776)
    CommuneFactory(code="03254", nom="Saint-Pourçain-sur-Sioule", codes_postaux=["03500"])
    CommuneFactory(code="31583", nom="Le Vernet", codes_postaux=["31810"])
    CommuneFactory(code="03999", nom="Sans-Centre", codes_postaux=["03999"], latitude=None, longitude=None)


def une(**filtre):
    return Structure.objects.get(**filtre)


def test_une_ligne_complete():
    ActiviteFactory(nom="Théâtre, danse, cirque", slug="theatre")
    ActiviteFactory(nom="Musique", slug="musique")
    Label.objects.create(nom="ESUS", slug="esus")
    rapport = importer_texte(
        "Nom;Sigle;Forme juridique;Activités;Compétences;Labels;Présentation;Adresse;Code postal;Ville;Tél;"
        "Téléphone public;Source de l'accord;E-mail;Site web;Facebook;SIRET;RNA;Année de création;Salariés (ETP);"
        "Bénévoles;PMR\n"
        "La Scène d'exemple;LSE;association loi 1901;Théâtre, danse, cirque | musique;Son, Lumière;"
        '"esus (31/12/2027)";'
        "\"Un texte\nsur deux lignes\";3 rue de l'Exemple;3200;VICHY;470000000;oui;l'équipe, le 3 mars;"
        f"contact@scene.example.org;scene.example.org;facebook.com/scene;{SIRET};w033000001;2009-05-04;2,5;40;x\n"
    )
    assert rapport.phrase() == "1 créées, 0 mises à jour, 0 inchangées, 0 doublons possibles, 0 rejetées"
    s = une()
    assert (s.nom, s.sigle, s.forme_juridique, s.slug) == (
        "La Scène d'exemple",
        "LSE",
        "association",
        "la-scene-d-exemple",
    )
    assert [a.slug for a in s.activites.order_by("slug")] == ["musique", "theatre"]
    assert [c.nom for c in s.competences.all()] == ["Lumière", "Son"]
    assert [(str(d.label), str(d.expire_le)) for d in s.labels.all()] == [("ESUS", "2027-12-31")]
    assert (s.presentation, s.adresse, s.commune_id) == ("Un texte\nsur deux lignes", "3 rue de l'Exemple", "03310")
    assert (s.latitude, s.longitude, s.position_origine) == (46.1306, 3.4274, "commune")
    assert (s.telephone, s.telephone_public, s.public_source) == ("04 70 00 00 00", True, "l'équipe, le 3 mars")
    assert (s.courriel, s.courriel_public) == ("contact@scene.example.org", False)
    assert (s.site, s.reseaux) == ("https://scene.example.org", ["https://facebook.com/scene"])
    assert (s.siret, s.rna, s.annee_creation, str(s.salaries_etp), s.benevoles) == (
        SIRET,
        "W033000001",
        2009,
        "2.50",
        40,
    )
    assert (s.accessible_pmr, s.etat, s.source, s.source_cle) == (True, "publiee", "liste", SIRET)
    version = s.history.get()
    assert (version.history_type, version.history_change_reason, version.activites.count()) == (
        "+",
        "import : liste",
        2,
    )


def test_public_sans_source_reste_prive():
    rapport = importer_texte("nom;telephone;telephone public\nA exemple;04 70 00 00 00;oui\n")
    assert une().telephone_public is False
    assert "source de l'accord" in rapport.lignes[0].raisons[0]


def test_registre_rna():
    rapport = importer_texte(
        "id;siret;date_creat;titre;titre_court;objet;adrs_numvoie;adrs_typevoie;adrs_libvoie;adrs_codeinsee;"
        "adrs_codepostal;adrs_libcommune;adrg_declarant;siteweb;position;date_disso\n"
        "W033000001;;1998-02-01;AMICALE D'EXEMPLE;AE;le sport;12;RUE;DES EXEMPLES;03310;03200;VICHY;MME X;;A;"
        "0001-01-01\n"
        "W033000002;;1998-02-01;FINIE;;;;;;03310;03200;VICHY;;;D;2010-01-01\n"
    )
    assert statuts(rapport) == ["creee", "rejetee"]
    s = une()
    assert (s.nom, s.sigle, s.rna, s.source_cle) == ("AMICALE D'EXEMPLE", "AE", "W033000001", "W033000001")
    assert (s.adresse, s.commune_id, s.annee_creation) == ("12 RUE DES EXEMPLES", "03310", 1998)
    assert rapport.colonnes_personnelles == ["adrg_declarant"]
    assert "dissoute" in rapport.lignes[1].raisons[0]


def test_registre_sirene():
    rapport = importer_texte(
        "siren,siret,denominationUniteLegale,sigleUniteLegale,categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,"
        "numeroVoieEtablissement,typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,"
        "libelleCommuneEtablissement,codeCommuneEtablissement,etatAdministratifEtablissement\n"
        f"732829320,{SIRET},GROUPE D'EXEMPLE,[ND],9222,94.99Z,1,RUE,HAUTE,03200,VICHY,03310,A\n"
        "732829320,35600000009075,[ND],,9220,,,,,03200,VICHY,03310,A\n"
    )
    assert statuts(rapport) == ["creee", "rejetee"]
    s = une()
    assert (s.nom, s.sigle, s.forme_juridique, s.siret) == ("GROUPE D'EXEMPLE", "", "groupement_employeurs", SIRET)
    assert rapport.lignes[1].raisons == ["nom manquant"]


@pytest.mark.parametrize(
    ("colonnes", "valeur", "raison"),
    [
        ("siret", "73282932000075", "SIRET invalide"),
        ("siret", "7,32829E+13", "abîmé par le tableur"),
        ("rna", "W12", "RNA invalide"),
        ("telephone", "04 70", "téléphone invalide"),
        ("courriel", "pas une adresse", "e-mail invalide"),
        ("courriel", "a" * 250 + "@example.org", "e-mail invalide"),
        ("site", "javascript:alert(1)", "site invalide"),
        ("site", "http://" + "x" * 300 + ".example.org", "site invalide"),
        ("commune", "Nulle-Part", "commune inconnue : « Nulle-Part »"),
        ("commune", "Le Vernet", "plusieurs s'appellent"),
        ("code postal", "03200", "est celui de 2 communes (Le Vernet (03306), Vichy (03310))"),
        ("code postal", "99999", "aucun code postal"),
        ("code commune", "99999", "aucun code officiel"),
        ("presentation", "x" * 4001, "présentation trop long : 4001 caractères, 4000 au plus"),
        ("adresse", "x" * 201, "200 au plus"),
        ("annee de creation", "l'an mil", "année de création illisible"),
        ("benevoles", "-3", "bénévoles illisible"),
        ("benevoles", "99999999999", "bénévoles illisible"),
        ("salaries", "NaN", "ETP"),
        ("salaries", "1e30", "ETP"),
        ("rayon km", "40000", "rayon d'intervention"),
        ("latitude", "NaN", "latitude ou longitude"),
        ("latitude", "1e999", "latitude ou longitude"),
        ("reseaux", "ftp://x", "réseau social"),
    ],
)
def test_ligne_rejetee_avec_sa_raison(colonnes, valeur, raison):
    rapport = importer_texte(f"nom;{colonnes}\nBonne d'exemple;\nMauvaise;{valeur}\n")
    assert [(li.numero, li.statut) for li in rapport.lignes] == [(2, "creee"), (3, "rejetee")]
    assert any(raison in r for r in rapport.lignes[1].raisons), rapport.lignes[1].raisons
    assert Structure.objects.count() == 1


def test_nom_trop_long_et_nom_manquant():
    rapport = importer_texte(f"nom;sigle\n{'x' * 161};\n;ABC\n")
    assert [li.raisons for li in rapport.lignes] == [["nom trop long : 161 caractères, 160 au plus"], ["nom manquant"]]


@pytest.mark.parametrize(
    ("entetes", "cellules", "code"),
    [
        ("ville", "VICHY", "03310"),
        ("ville", "vichy (03200)", "03310"),
        ("ville", "St Pourcain s/ Sioule", "03254"),
        ("ville;cp", "Le Vernet;03200", "03306"),
        ("ville;cp", "VERNET;31810", "31583"),
        ("ville;cp", "Vichy CEDEX;03205", "03310"),
        ("cp", "03500", "03254"),
        ("cp", "3500", "03254"),
        ("insee", "3310", "03310"),
        ("insee;ville", "00000;Vichy", "03310"),
    ],
)
def test_commune_reconnue(entetes, cellules, code):
    importer_texte(f"nom;{entetes}\nA exemple;{cellules}\n")
    assert une().commune_id == code


def test_homonyme_du_territoire_prefere():
    from pole_ess.socle.models import ReglagesPole

    reglages = ReglagesPole.actuels()
    reglages.territoire = ["03306"]
    reglages.save()
    importer_texte("nom;ville\nA exemple;Le Vernet\n")
    assert une().commune_id == "03306"


def test_commune_sans_centre_donne_un_point_inconnu():
    importer_texte("nom;insee\nA exemple;03999\n")
    assert (une().latitude, une().position_origine) == (None, "")


def test_zero_zero_n_est_pas_un_lieu():
    rapport = importer_texte("nom;latitude;longitude\nA exemple;0;0\n")
    assert une().latitude is None
    assert rapport.lignes[0].raisons == ["point 0,0 ignoré"]


def test_activite_inconnue_dite_et_laissee():
    rapport = importer_texte("nom;activite;forme;label\nA exemple;Alchimie;Guilde;Rouge\n")
    assert statuts(rapport) == ["creee"]
    assert rapport.lignes[0].raisons == [
        "forme juridique inconnue, laissée vide : « Guilde »",
        "activité inconnue, laissée de côté : « Alchimie »",
        "label inconnu, laissé de côté : « Rouge »",
    ]
    assert Activite.objects.count() == 0


LISTE = "nom;commune;telephone;missions;competences\nUn exemple;Vichy;04 70 00 00 01;Aider;Son\nDeux exemple;Vichy;;;\n"


def test_deux_fois_ne_change_rien():
    importer_texte(LISTE)
    avant = list(Structure.objects.order_by("pk").values())
    rapport = importer_texte(LISTE)
    assert rapport.phrase() == "0 créées, 0 mises à jour, 2 inchangées, 0 doublons possibles, 0 rejetées"
    assert list(Structure.objects.order_by("pk").values()) == avant
    assert Structure.history.count() == 2
    assert Competence.objects.count() == 1


def test_mise_a_jour_champ_par_champ_sans_ecraser_ce_qu_une_personne_a_ecrit():
    importer_texte(LISTE)
    Structure.objects.filter(nom="Un exemple").update(telephone="04 70 00 00 99", champs_humains=["telephone"])
    rapport = importer_texte(LISTE.replace("Aider", "Aider mieux").replace("00 01", "00 02"))
    assert statuts(rapport) == ["mise_a_jour", "inchangee"]
    assert rapport.lignes[0].raisons == ["modifié par une personne, gardé : téléphone", "change : missions"]
    s = une(nom="Un exemple")
    assert (s.telephone, s.missions) == ("04 70 00 00 99", "Aider mieux")
    assert [v.history_type for v in s.history.all()] == ["~", "+"]
    assert s.history.first().competences.count() == 1


@pytest.mark.parametrize("champ", ["activites", "competences", "labels"])
def test_liste_ecrite_par_une_personne_gardee(champ):
    ActiviteFactory(nom="Musique", slug="musique")
    ActiviteFactory(nom="Danse", slug="danse")
    Label.objects.create(nom="ESUS", slug="esus")
    Label.objects.create(nom="SIAE", slug="siae")
    valeurs = {"activites": ("Musique", "Danse"), "competences": ("Son", "Image"), "labels": ("ESUS", "SIAE")}[champ]
    importer_texte(f"nom;{champ}\nA exemple;{valeurs[0]}\n")
    Structure.objects.update(champs_humains=[champ])
    rapport = importer_texte(f"nom;{champ}\nA exemple;{valeurs[1]}\n")
    assert statuts(rapport) == ["inchangee"]
    assert [str(x) for x in getattr(une(), champ).all()] == [valeurs[0]]
    Structure.objects.update(champs_humains=[])
    assert statuts(importer_texte(f"nom;{champ}\nA exemple;{valeurs[1]}\n")) == ["mise_a_jour"]


def test_cellule_vide_n_efface_rien():
    importer_texte(LISTE)
    assert statuts(importer_texte("nom;commune;telephone\nUn exemple;Vichy;\n")) == ["inchangee"]
    assert une(nom="Un exemple").telephone == "04 70 00 00 01"


def test_point_pose_a_la_main_garde():
    importer_texte("id;nom;commune\n1;A exemple;Vichy\n")
    Structure.objects.update(latitude=46.2, longitude=3.3, position_origine="main")
    importer_texte("id;nom;insee;latitude;longitude\n1;A exemple;03306;46.9;3.9\n")
    s = une()
    assert (s.latitude, s.longitude, s.position_origine, s.commune_id) == (46.2, 3.3, "main", "03306")


def test_le_point_suit_un_demenagement():
    importer_texte("id;nom;commune\n1;A exemple;Vichy\n")
    importer_texte("id;nom;insee\n1;A exemple;03306\n")
    assert (une().latitude, une().position_origine) == (46.1073, "commune")


@pytest.mark.parametrize("etat", ["archivee", "refusee"])
def test_fiche_archivee_ou_refusee_ne_revient_pas(etat):
    importer_texte("id;nom;missions\n1;A exemple;Avant\n")
    Structure.objects.update(etat=etat)
    rapport = importer_texte("id;nom;missions\n1;A exemple;Après\n")
    assert statuts(rapport) == ["inchangee"]
    assert "n'y touche pas" in rapport.lignes[0].raisons[0]
    assert (une().etat, une().missions) == (etat, "Avant")


@pytest.mark.parametrize("etat", ["archivee", "refusee"])
def test_fiche_retiree_ne_revient_pas_par_une_autre_source(etat):
    StructureFactory(
        nom="Les Amis de l'exemple", etat=etat, commune_id="03310", commune=Commune.objects.get(pk="03310")
    )
    rapport = importer_texte("nom;commune\nLes amis de l'exemple;Vichy\n", source="autre")
    assert statuts(rapport) == ["doublon"]
    assert Structure.objects.count() == 1


def test_fiche_supprimee_ne_revient_pas():
    importer_texte("id;nom\n1;A exemple\n")
    une().delete()
    rapport = importer_texte("id;nom\n1;A exemple\n")
    assert statuts(rapport) == ["rejetee"]
    assert Structure.objects.count() == 0


def test_doublon_possible_liste_puis_ajoute_quand_meme():
    deja = StructureFactory(nom="Braille et exemples", commune=Commune.objects.get(pk="03310"))
    texte = "nom;commune;ajouter quand même\nBraille & exemples;Vichy;\n"
    rapport = importer_texte(texte)
    assert statuts(rapport) == ["doublon"]
    assert rapport.lignes[0].structure == deja
    assert "ressemble à « Braille et exemples »" in rapport.lignes[0].raisons[0]
    assert Structure.objects.count() == 1
    rapport = importer_texte(texte.replace("Vichy;", "Vichy;deux antennes distinctes"))
    assert statuts(rapport) == ["creee"]
    assert une(source="liste").slug == "braille-exemples"
    assert rapport.lignes[0].raisons == ["ajoutée quand même : deux antennes distinctes"]


def test_meme_structure_deux_fois_dans_le_fichier():
    rapport = importer_texte(f"nom;siret\nA exemple;{SIRET}\nA exemple;{SIRET}\nAutre antenne;{SIRET}\n")
    assert statuts(rapport) == ["creee", "rejetee", "doublon"]
    assert "déjà à la ligne 2" in rapport.lignes[1].raisons[0]
    assert statuts(importer_texte(f"nom;siret\nA exemple;{SIRET}\nA exemple;{SIRET}\nAutre antenne;{SIRET}\n")) == [
        "inchangee",
        "rejetee",
        "doublon",
    ]


def test_meme_nom_meme_commune_sous_deux_cles():
    rapport = importer_texte("id;nom;commune\n1;A exemple;Vichy\n2;A EXEMPLE;Vichy\n")
    assert statuts(rapport) == ["creee", "doublon"]


def test_connue_par_son_nom_puis_par_son_siret():
    importer_texte("nom;commune\nA exemple;Vichy\n")
    rapport = importer_texte(f"nom;commune;siret\nA exemple;Vichy;{SIRET}\n")
    assert statuts(rapport) == ["mise_a_jour"]
    assert statuts(importer_texte(f"nom;siret\nA exemple renommée;{SIRET}\n")) == ["mise_a_jour"]
    assert une().nom == "A exemple renommée"


def test_contact_prive_cree_une_fois_et_jamais_remis():
    texte = "id;nom;contact;fonction;courriel du contact\n1;A exemple;Une Personne;présidente;p@example.org\n"
    importer_texte(texte)
    contact = Contact.objects.get()
    assert (contact.nom, contact.fonction, contact.courriel) == ("Une Personne", "présidente", "p@example.org")
    assert (contact.nom_public, contact.courriel_public) == (False, False)
    assert statuts(importer_texte(texte)) == ["inchangee"]
    contact.delete()
    rapport = importer_texte(texte)
    assert statuts(rapport) == ["inchangee"]
    assert rapport.lignes[0].raisons == ["contact retiré de la fiche : l'import ne le remet pas"]
    assert Contact.objects.count() == 0


def test_simulation_dit_la_meme_chose_et_n_ecrit_rien():
    texte = LISTE + ";;;;\nTrois exemple;Nulle-Part;;;\n"
    simulation = importer_texte(texte, simulation=True)
    assert (Structure.objects.count(), Competence.objects.count(), simulation.ecrit) == (0, 0, False)
    reel = importer_texte(texte)
    assert [(li.numero, li.statut, li.raisons) for li in simulation.lignes] == [
        (li.numero, li.statut, li.raisons) for li in reel.lignes
    ]
    assert Structure.objects.count() == 2


def test_tout_ou_rien():
    texte = LISTE + "Trois exemple;Nulle-Part;;;\n"
    rapport = importer_texte(texte, tout_ou_rien=True)
    assert rapport.phrase() == "0 créées, 0 mises à jour, 0 inchangées, 0 doublons possibles, 3 rejetées"
    assert "tout ou rien" in rapport.lignes[0].raisons[-1]
    assert (Structure.objects.count(), Competence.objects.count()) == (0, 0)
    assert importer_texte(LISTE, tout_ou_rien=True).comptes()["creee"] == 2


def test_a_valider():
    importer_texte("nom\nA exemple\n", publier=False)
    assert (une().etat, une().publiee_le) == ("a_valider", None)


def test_slugs_libres_pour_tous():
    StructureFactory(nom="Autre", slug="exemple")
    StructureFactory(nom="Autre encore", slug="exemple-2")
    importer_texte("id;nom;commune\n1;Exemple;Vichy\n2;Exemple;Sans-Centre\n3;Proposer;Vichy\n4;!!!;Vichy\n")
    assert list(Structure.objects.filter(source="liste").order_by("pk").values_list("slug", flat=True)) == [
        "exemple-3",
        "exemple-4",
        "proposer-2",
        "structure",
    ]


def test_html_et_sql_restent_du_texte():
    nom = "<script>alert(1)</script>'; DROP TABLE annuaire_structure; --"
    importer_texte(f'nom\n"{nom}"\n')
    assert une().nom == nom


def test_xlsx_par_la_commande(tmp_path, capsys):
    chemin = tmp_path / "Ma liste.xlsx"
    chemin.write_bytes(xlsx_de([["Nom", "CP", "SIRET"], ["A exemple", 3500, 73282932000074]]).getvalue())
    call_command("importer_structures", str(chemin))
    assert capsys.readouterr().out.splitlines()[-1] == (
        "1 créées, 0 mises à jour, 0 inchangées, 0 doublons possibles, 0 rejetées"
    )
    assert (une().source, une().commune_id, une().siret) == ("Ma liste", "03254", SIRET)


def test_commande_simulation_et_rejets_avec_numeros(tmp_path, capsys):
    chemin = tmp_path / "liste.csv"
    chemin.write_bytes(csv_de("nom;couleur;siret\nA exemple;bleu;12\n").getvalue())
    call_command("importer_structures", str(chemin), "--simulation")
    assert capsys.readouterr().out.splitlines() == [
        "Colonnes non reconnues, ignorées : couleur",
        "Simulation : rien n'a été écrit.",
        "ligne 2, rejetée : A exemple : SIRET invalide : « 12 »",
        "0 créées, 0 mises à jour, 0 inchangées, 0 doublons possibles, 1 rejetées",
    ]


@pytest.mark.parametrize(
    ("contenu", "message"), [(b"", "vide"), (b"couleur\nbleu\n", "Aucune colonne ne donne le nom")]
)
def test_commande_fichier_illisible(tmp_path, contenu, message):
    chemin = tmp_path / "liste.csv"
    chemin.write_bytes(contenu)
    with pytest.raises(CommandError, match=message):
        call_command("importer_structures", str(chemin))


def test_commande_fichier_absent():
    with pytest.raises(CommandError, match="ne s'ouvre pas"):
        call_command("importer_structures", "rien.csv")


def test_nombre_de_requetes_constant_pour_des_lignes_connues():
    entetes, lignes = "id;nom;commune;missions\n", [f"{n};Exemple numéro {n};Vichy;Aider\n" for n in range(40)]
    importer_texte(entetes + "".join(lignes), source="grande")
    assert Structure.objects.count() == 40
    comptes = []
    for combien in (2, 40):
        with CaptureQueriesContext(connection) as requetes:
            importer_texte(entetes + "".join(lignes[:combien]), source="grande")
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


@pytest.mark.parametrize(
    ("deja", "ligne"),
    [
        ({"nom": "Les Amis du lavoir", "commune": None}, "Amis du lavoir;Vichy;;"),
        ({"nom": "Les Amis du lavoir", "commune_id": "03310"}, "Amis du lavoirs;Vichy;;"),
        ({"nom": "Autre chose", "commune_id": "03306", "siret": SIRET}, f"Amis du lavoir;Vichy;{SIRET};"),
        ({"nom": "Autre chose", "commune_id": "03306", "courriel": "A@x.example.org"}, "Amis;Vichy;;a@X.example.org"),
        ({"nom": "Les Amis du lavoir", "commune_id": "03306"}, "Amis du lavoir;;;"),
        ({"nom": "Les Amis du lavoir", "commune_id": "03306"}, "Amis du lavoir;Vichy;;"),
    ],
)
def test_le_tri_rapide_ne_cache_aucun_doublon(deja, ligne, request):
    """What annuaire.doublons finds for the line is what the import lists, and a far homonym is none."""
    from annuaire.doublons import candidats

    if code := deja.pop("commune_id", None):
        deja["commune"] = Commune.objects.get(pk=code)
    StructureFactory(**deja)
    rapport = importer_texte(f"nom;commune;siret;courriel\n{ligne}\n")
    nom, commune, siret, courriel = ligne.split(";")
    trouves = candidats(nom=nom, commune="03310" if commune else None, siret=siret, courriel=courriel)
    attendu = "creee" if "deja5" in request.node.callspec.id else "doublon"
    assert ["doublon" if [d for d in trouves if d.structure.source == ""] else "creee"] == [attendu]
    assert statuts(rapport) == [attendu]


def test_le_point_suit_une_nouvelle_adresse_et_le_geocodeur_l_affine(settings):
    settings.GEOCODEUR_URL = "http://127.0.0.1:9/search"
    importer_texte("id;nom;commune;adresse\n1;A exemple;Vichy;1 rue Haute\n2;B exemple;Vichy;\n")
    assert ProcrastinateJob.objects.filter(task_name="annuaire.geocoder").count() == 1
    Structure.objects.filter(nom="A exemple").update(latitude=46.2, longitude=3.5, position_origine="adresse")
    assert statuts(importer_texte("id;nom;commune;adresse\n1;A exemple;Vichy;1 rue Haute\n")) == ["inchangee"]
    importer_texte("id;nom;commune;adresse\n1;A exemple;Vichy;9 rue Basse\n")
    assert (une(nom="A exemple").latitude, une(nom="A exemple").position_origine) == (46.1306, "commune")
    assert ProcrastinateJob.objects.filter(task_name="annuaire.geocoder").count() == 2


def test_une_personne_qui_s_est_opposee_ne_revient_pas():
    oppositions.enregistrer(courriel="p@example.org")
    texte = "id;nom;courriel;contact;courriel du contact\n1;A exemple;P@example.org;Une Personne;p@example.org\n"
    rapport = importer_texte(texte)
    assert rapport.lignes[0].raisons == [
        "adresse e-mail laissée de côté : la personne s'est opposée à y figurer",
        "contact laissé de côté : la personne s'est opposée à y figurer",
    ]
    assert (une().courriel, Contact.objects.count()) == ("", 0)


def test_un_nom_oppose_ne_revient_pas_dans_sa_structure():
    importer_texte("id;nom\n1;A exemple\n")
    oppositions.enregistrer(nom="Une Personne", structure=une(), courriel="autre@example.org")
    importer_texte("id;nom;contact\n1;A exemple;personne, UNE\n")
    assert Contact.objects.count() == 0


def test_cle_d_une_fiche_fusionnee_mene_a_celle_qui_reste():
    reste = StructureFactory(nom="Qui reste", source="autre")
    AncienneCle.objects.create(source="liste", cle="1", structure=reste)
    rapport = importer_texte("id;nom;missions\n1;Qui reste;Aider\n")
    assert (statuts(rapport), Structure.objects.count()) == (["mise_a_jour"], 1)
    reste.refresh_from_db()
    assert reste.missions == "Aider"
