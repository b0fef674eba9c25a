"""The moderation home of the admin; the pages of its acts; the review of edits."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annuaire import paires
from annuaire.actions import edition, publication
from annuaire.models import Competence, Contact, Echange, Modification, NonDoublon, Signalement, Structure
from pole_ess.socle.models import Courriel
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory


def test_accueil_et_listes_ont_un_nombre_constant_de_requetes(client, animateur):
    client.force_login(animateur)
    urls = [
        reverse("admin:index"),
        *[reverse(f"admin:annuaire_structure_{page}") for page in ("changelist", "a_telephoner", "doublons")],
    ]
    comptes = []
    for nombre in (2, 8):
        StructureFactory.create_batch(nombre, etat="a_valider", nom="Ressourcerie du Val", telephone="04 70 00 00 01")
        StructureFactory.create_batch(nombre, courriel="", publiee_le="2020-01-01T00:00Z")
        paires.oublier()
        comptes.append([])
        for url in urls:
            client.get(url)
            paires.oublier()
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(url).status_code == 200
            comptes[-1].append(len(requetes))
    assert comptes[0] == comptes[1]


@pytest.mark.parametrize("acte", ["publier", "demander_correction", "refuser", "archiver", "resoumettre"])
def test_acte_ne_change_rien_au_get_et_agit_au_post(client, animateur, acte):
    etat = "a_corriger" if acte == "resoumettre" else "publiee" if acte == "archiver" else "a_valider"
    fiche = StructureFactory(etat=etat, courriel_proposition="auteur@example.org")
    url = reverse("admin:annuaire_structure_acte", args=[fiche.pk, acte])
    client.force_login(animateur)
    assert client.get(url).status_code == 200
    fiche.refresh_from_db()
    assert fiche.etat == etat
    reponse = client.post(url, {"motif": "Il manque la commune."})
    assert (reponse.status_code, reponse.url) == (302, reverse("admin:annuaire_structure_change", args=[fiche.pk]))
    fiche.refresh_from_db()
    assert fiche.etat == publication.TRANSITIONS[acte][1]
    if acte in ("demander_correction", "refuser"):
        assert "Il manque la commune." in Courriel.objects.get(destinataire="auteur@example.org").texte
    # Pressed twice: said, nothing more is done.
    nombre = Courriel.objects.count()
    encore = client.post(url, {"motif": "Il manque la commune."})
    assert encore.status_code == 200
    assert "n’est pas possible" in encore.content.decode() or "ce n&#x27;est pas possible" in encore.content.decode()
    assert Courriel.objects.count() == nombre


def test_acte_sans_raison_garde_la_page(client, animateur):
    fiche = StructureFactory(etat="a_valider")
    client.force_login(animateur)
    reponse = client.post(reverse("admin:annuaire_structure_acte", args=[fiche.pk, "refuser"]), {"motif": " "})
    assert reponse.status_code == 200
    assert "motif" in reponse.context["form"].errors
    fiche.refresh_from_db()
    assert fiche.etat == "a_valider"


def formulaire(client, url):
    """The admin's form as the browser would send it back, untouched."""
    adminform = client.get(url).context["adminform"]
    donnees = {}
    for champ in adminform.form:
        valeur = champ.value()
        if champ.name == "logo" or valeur is None or valeur is False:
            continue
        donnees[champ.html_name] = "on" if valeur is True else valeur
    return donnees


def vides(*prefixes):
    return {f"{p}-{cle}": 0 for p in prefixes for cle in ("TOTAL_FORMS", "INITIAL_FORMS")}


INLINES = vides("labels", "contacts", "photos")


def test_modification_par_l_equipe_protege_des_imports(client, animateur, structure):
    url = reverse("admin:annuaire_structure_change", args=[structure.pk])
    client.force_login(animateur)
    structure.competences.add(Competence.objects.create(nom="Soudure", slug="soudure"))
    donnees = {**formulaire(client, url), **INLINES, "horaires": "Le lundi", "site": "exemple.example.org"}
    assert donnees["competences"] == "Soudure"
    reponse = client.post(url, donnees)
    assert reponse.status_code == 302, reponse.context["errors"]
    structure.refresh_from_db()
    assert (structure.horaires, structure.site) == ("Le lundi", "https://exemple.example.org")
    assert structure.champs_humains == ["horaires", "site"]
    assert structure.modifications.count() == 0
    assert structure.history.first().history_user == animateur
    client.post(url, {**donnees, "competences": "Soudure, Accueil"})
    assert sorted(structure.competences.values_list("nom", flat=True)) == ["Accueil", "Soudure"]


def test_point_donne_a_la_main(client, animateur, structure):
    url = reverse("admin:annuaire_structure_change", args=[structure.pk])
    client.force_login(animateur)
    base = {**formulaire(client, url), **INLINES}
    for latitude, longitude, champ in [("46.1", "", "longitude"), ("0", "0", "latitude"), ("nan", "3", "latitude")]:
        reponse = client.post(url, {**base, "latitude": latitude, "longitude": longitude})
        assert champ in reponse.context["adminform"].form.errors
    assert client.post(url, {**base, "latitude": "46.1", "longitude": "3.4"}).status_code == 302
    structure.refresh_from_db()
    assert (structure.latitude, structure.longitude, structure.position_origine) == (46.1, 3.4, "main")


def test_coordonnee_publique_demande_sa_source(client, animateur, structure):
    url = reverse("admin:annuaire_structure_change", args=[structure.pk])
    client.force_login(animateur)
    donnees = {**formulaire(client, url), **INLINES, "courriel_public": "on"}
    assert "public_source" in client.post(url, donnees).context["adminform"].form.errors
    assert client.post(url, {**donnees, "public_source": "M. Exemple, au téléphone, 3 mars"}).status_code == 302
    structure.refresh_from_db()
    assert (structure.courriel_public, structure.public_source) == (True, "M. Exemple, au téléphone, 3 mars")


def test_au_nom_de_une_structure(client, animateur):
    client.force_login(animateur)
    url = reverse("admin:annuaire_structure_add")
    donnees = {"nom": "L'Atelier", "courriel": "bonjour@atelier.example.org", "telephone": "0470000001"}
    reponse = client.post(url, donnees)
    fiche = Structure.objects.get()
    suite = reverse("admin:annuaire_structure_au_nom_de", args=[fiche.pk])
    assert (reponse.status_code, reponse.url) == (302, suite)
    assert (fiche.etat, fiche.source, fiche.telephone) == ("publiee", "equipe", "04 70 00 00 01")
    assert Courriel.objects.count() == 0
    assert client.get(suite).status_code == 200
    assert Courriel.objects.count() == 0
    client.post(suite)
    assert Courriel.objects.get().destinataire == "bonjour@atelier.example.org"
    bordereau = client.get(reverse("admin:annuaire_structure_bordereau", args=[fiche.pk]))
    assert "L&#x27;Atelier" in bordereau.content.decode()


def test_doublon_a_la_saisie_demande_une_raison(client, animateur, structure):
    client.force_login(animateur)
    url = reverse("admin:annuaire_structure_add")
    donnees = {"nom": structure.nom, "commune": str(structure.commune)}
    reponse = client.post(url, donnees)
    assert structure.nom in reponse.context["adminform"].form.errors["malgre_ressemblance"][0]
    assert Structure.objects.count() == 1
    assert client.post(url, {**donnees, "malgre_ressemblance": "Autre antenne"}).status_code == 302
    assert "Autre antenne" in Echange.objects.get().note


def test_publication_en_nombre(client, animateur):
    fiches = [StructureFactory(etat=etat) for etat in ("a_valider", "a_valider", "refusee")]
    client.force_login(animateur)
    client.post(
        reverse("admin:annuaire_structure_changelist"),
        {"action": "publier_la_selection", "_selected_action": [fiche.pk for fiche in fiches]},
    )
    assert list(Structure.objects.order_by("pk").values_list("etat", flat=True)) == ["publiee", "publiee", "refusee"]


def modifier(structure, referent, **valeurs):
    edition.enregistrer(structure, par=referent, valeurs=valeurs)
    return Modification.objects.latest("pk")


def test_diff_marque_les_mots(client, animateur, structure, referent):
    structure.presentation = "Nous réparons des vélos <b>"
    structure.save()
    modification = modifier(structure, referent, presentation="Nous réparons des meubles <b>")
    client.force_login(animateur)
    page = client.get(reverse("admin:annuaire_modification_change", args=[modification.pk])).content.decode()
    assert "Nous réparons des <del>vélos</del> &lt;b&gt;" in page
    assert "Nous réparons des <ins>meubles</ins> &lt;b&gt;" in page
    modification.refresh_from_db()
    assert modification.etat == "a_relire"


def test_relire(client, animateur, structure, referent):
    modification = modifier(structure, referent, horaires="Le lundi")
    client.force_login(animateur)
    client.post(reverse("admin:annuaire_modification_relire", args=[modification.pk]))
    modification.refresh_from_db()
    assert (modification.etat, modification.relue_par) == ("relue", animateur)
    structure.refresh_from_db()
    assert structure.horaires == "Le lundi"


def test_annuler_remet_ce_que_personne_n_a_change_depuis(client, animateur, structure, referent):
    autre = CommuneFactory()
    avant = structure.commune
    modification = modifier(structure, referent, horaires="Le lundi", sigle="XX", commune=autre)
    modifier(structure, referent, sigle="YY")
    Courriel.objects.all().delete()
    client.force_login(animateur)
    url = reverse("admin:annuaire_modification_annuler", args=[modification.pk])
    assert client.post(url, {"motif": ""}).status_code == 200
    assert client.post(url, {"motif": "Horaires d'une autre structure."}).status_code == 302
    structure.refresh_from_db()
    assert (structure.horaires, structure.sigle, structure.commune) == ("", "YY", avant)
    modification.refresh_from_db()
    assert (modification.etat, modification.motif) == ("annulee", "Horaires d'une autre structure.")
    courriel = Courriel.objects.get()
    assert courriel.destinataire == referent.email
    assert "Horaires d'une autre structure." in courriel.texte
    assert client.post(url, {"motif": "Encore."}).status_code == 200
    assert Courriel.objects.count() == 1


def test_non_doublon_et_fusion_par_les_pages(client, animateur):
    commune = CommuneFactory(nom="Vichy")
    a, b, c = (StructureFactory(nom="Ressourcerie", commune=commune, courriel="") for _ in range(3))
    StructureFactory(nom="Mairie", commune=commune, courriel="")
    client.force_login(animateur)
    liste = reverse("admin:annuaire_structure_doublons")
    assert [(p.a, p.b) for p in client.get(liste).context["page"]] == [(a, b), (a, c), (b, c)]
    url = reverse("admin:annuaire_structure_non_doublon", args=[b.pk, a.pk])
    client.get(url)
    assert NonDoublon.objects.count() == 0
    client.post(url, {"motif": "Deux antennes"})
    client.post(url, {"motif": "Deux antennes"})
    assert NonDoublon.objects.values_list("structure_a", "structure_b", "motif", "decide_par").get() == (
        a.pk,
        b.pk,
        "Deux antennes",
        animateur.pk,
    )
    assert [(p.a, p.b) for p in client.get(liste).context["page"]] == [(a, c), (b, c)]
    url = reverse("admin:annuaire_structure_fusion", args=[a.pk, c.pk])
    page = client.get(url)
    assert (page.status_code, Structure.objects.count()) == (200, 4)
    choix = {champ.name: "garder" for champ in page.context["form"]}
    assert client.post(url, {**choix, "nom": "n'importe"}).status_code in (200, 302)
    client.post(url, choix)
    assert not Structure.objects.filter(pk=c.pk).exists()
    assert client.get(url).status_code == 404


def test_noter_un_echange_confirme_la_fiche(client, animateur, structure):
    client.force_login(animateur)
    url = reverse("admin:annuaire_structure_echange", args=[structure.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"moyen": "appel", "date": "2026-01-05"}).status_code == 200
    assert client.post(url, {"moyen": "appel", "date": "2999-01-05", "note": "x"}).status_code == 200
    assert Echange.objects.count() == 0
    client.post(url, {"moyen": "appel", "date": "2025-01-05", "interlocuteur": "la secrétaire", "confirme": "on"})
    structure.refresh_from_db()
    assert (str(structure.verifiee_le), structure.verifiee_par) == ("2025-01-05", "equipe")
    assert structure.verifiee_note == "appel du 05/01/2025, avec la secrétaire"
    assert Echange.objects.get().auteur == animateur


def test_liste_a_telephoner_en_csv_neutralise_les_formules(client, animateur):
    StructureFactory(nom="=HYPERLINK(1)", courriel="", telephone="04 70 00 00 01", publiee_le="2020-01-01T00:00Z")
    client.force_login(animateur)
    texte = client.get(reverse("admin:annuaire_structure_a_telephoner_csv")).content.decode("utf-8-sig")
    assert texte.splitlines()[1].split(";")[0] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("chaine", "attendues"),
    [
        ("", {"Jamais appelée", "À rappeler", "Rappelée plus tard"}),
        ("?commune=03310", {"À rappeler"}),
        ("?suivi=jamais", {"Jamais appelée"}),
        ("?suivi=rappel", {"À rappeler"}),
        ("?numero=oui&suivi=", {"À rappeler", "Rappelée plus tard"}),
        ("?numero=non", {"Jamais appelée"}),
        ("?commune=03310&suivi=jamais", set()),
        ("?commune=99999&suivi=hasard&p=x", {"Jamais appelée", "À rappeler", "Rappelée plus tard"}),
    ],
)
def test_liste_a_telephoner_se_filtre_a_l_ecran_et_en_fichier(client, animateur, chaine, attendues):
    commune = CommuneFactory(code="03310", nom="Vichy")
    aujourdhui = timezone.localdate()
    for nom, telephone, rappel in [
        ("Jamais appelée", "", None),
        ("À rappeler", "04 70 00 00 01", aujourdhui),
        ("Rappelée plus tard", "04 70 00 00 02", aujourdhui + timedelta(days=9)),
    ]:
        fiche = StructureFactory(
            nom=nom, telephone=telephone, courriel="", commune=commune if nom == "À rappeler" else None,
            publiee_le="2020-01-01T00:00Z",
        )  # fmt: skip
        if rappel:
            Echange.objects.create(structure=fiche, date=aujourdhui, prochaine_date=rappel, auteur=animateur)
    client.force_login(animateur)
    page = client.get(reverse("admin:annuaire_structure_a_telephoner") + chaine)
    assert {fiche.nom for fiche in page.context["page"]} == attendues
    fichier = client.get(reverse("admin:annuaire_structure_a_telephoner_csv") + chaine).content.decode("utf-8-sig")
    assert {ligne.split(";")[0] for ligne in fichier.splitlines()[1:]} == attendues
    if attendues and page.context["chaine"]:
        assert f'a-telephoner.csv?{page.context["chaine"].replace("&", "&amp;")}"' in page.content.decode()


def test_demande_de_rattachement(client, animateur, structure):
    client.force_login(animateur)
    accepte, refuse = (
        RattachementFactory(structure=structure, role="referent", etat="demande", actif_depuis=None) for _ in range(2)
    )
    client.post(reverse("admin:annuaire_rattachement_accepter", args=[accepte.pk]))
    accepte.refresh_from_db()
    assert accepte.etat == "actif"
    assert structure.nom in Courriel.objects.get(destinataire=accepte.utilisateur.email).sujet
    Courriel.objects.all().delete()
    client.post(reverse("admin:annuaire_rattachement_refuser", args=[refuse.pk]), {"motif": "Qui êtes-vous ?"})
    assert list(structure.rattachements.all()) == [accepte]
    courriel = Courriel.objects.get(destinataire=refuse.utilisateur.email)
    assert "Qui êtes-vous ?" in courriel.texte


@pytest.mark.parametrize(("page", "etat"), [("traiter", "traite"), ("sans_suite", "rejete")])
def test_signalement(client, animateur, structure, page, etat):
    signalement = Signalement.objects.create(
        structure=structure, genre="erreur", courriel="a@example.org", texte="Faux"
    )
    client.force_login(animateur)
    client.post(reverse(f"admin:annuaire_signalement_{page}", args=[signalement.pk]), {"reponse": "Merci, corrigé."})
    signalement.refresh_from_db()
    assert (signalement.etat, signalement.traite_par) == (etat, animateur)
    assert "Merci, corrigé." in Courriel.objects.get(destinataire="a@example.org").texte


def test_retrait_efface_la_personne_et_lui_repond(client, animateur, structure):
    Contact.objects.create(structure=structure, nom="Camille Exemple", courriel="camille@example.org")
    signalement = Signalement.objects.create(
        structure=structure, genre="retrait", nom="Camille Exemple", courriel="camille@example.org"
    )
    client.force_login(animateur)
    donnees = {"nom": "Camille Exemple", "courriel": "camille@example.org", "reponse": "C'est fait."}
    reponse = client.post(reverse("admin:annuaire_signalement_effacer", args=[signalement.pk]), donnees)
    assert reponse.status_code == 302
    assert Contact.objects.count() == 0
    assert Contact.history.filter(nom="Camille Exemple").count() == 0
    courriel = Courriel.objects.get(destinataire="camille@example.org")
    assert "C'est fait." in courriel.texte
    signalement.refresh_from_db()
    assert signalement.etat == "traite"
