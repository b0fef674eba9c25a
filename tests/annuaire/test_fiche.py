"""The sheet: what it shows, to whom, in which state, in how many queries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from annuaire import blocs
from annuaire.models import AncienneAdresse, Competence, Contact, Label, LabelStructure, Photo
from tests.factories import ActiviteFactory, CommuneFactory, RattachementFactory, StructureFactory

ROLES = ["visiteur", "etranger", "membre", "referent", "animateur", "administrateur"]
ETATS = ["brouillon", "a_valider", "a_corriger", "publiee", "refusee", "archivee"]
HOSTILE = "</script><script>alert(1)</script> ' OR 1=1 -- \"<b>&"


def connecte(client, utilisateur):
    if utilisateur is not None:
        client.force_login(utilisateur)
    return client


def page(client, structure):
    response = client.get(structure.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("etat", ETATS)
@pytest.mark.parametrize("url", ["structure_detail", "vcard"])
def test_fiche_selon_role_et_etat(client, request, structure, role, etat, url):
    connecte(client, request.getfixturevalue(role))
    structure.etat = etat
    structure.save()
    voit = (
        etat == "publiee"
        or role in ("animateur", "administrateur")
        or (role in ("membre", "referent") and etat != "archivee")
    )
    response = client.get(reverse(f"annuaire:{url}", args=[structure.slug]))
    assert response.status_code == (200 if voit else 404)


@pytest.mark.parametrize("url", ["structure_detail", "vcard", "carte_partage"])
def test_fiche_refuse_un_post(client, structure, url):
    assert client.post(reverse(f"annuaire:{url}", args=[structure.slug])).status_code == 405


def test_fiche_inconnue_est_introuvable(client, db):
    assert client.get("/annuaire/nulle-part/").status_code == 404


@pytest.mark.parametrize("etat", [e for e in ETATS if e != "publiee"])
def test_carte_de_partage_que_des_fiches_publiees(client, structure, animateur, etat):
    structure.etat = etat
    structure.save()
    client.force_login(animateur)
    assert client.get(reverse("annuaire:carte_partage", args=[structure.slug])).status_code == 404


@pytest.mark.parametrize("nom", ["Été", "Un nom " * 22, "M" * 160, "日本 <b>"])
def test_carte_de_partage_est_un_png_de_1200_sur_630(client, structure, nom):
    structure.nom = nom
    structure.save()
    structure.activites.add(*[ActiviteFactory(nom=f"Une activité longue numéro {n}") for n in range(6)])
    response = client.get(reverse("annuaire:carte_partage", args=[structure.slug]))
    assert response["Content-Type"] == "image/png"
    assert response.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert response.content[16:24] == (1200).to_bytes(4) + (630).to_bytes(4)


# --- coordinates -------------------------------------------------------------------------------------------


def _coordonnees(structure, public):
    structure.telephone, structure.telephone_public = "04 70 00 00 01", public
    structure.courriel, structure.courriel_public = "accueil@structure.example.org", public
    structure.save()


@pytest.mark.parametrize("role", ROLES)
def test_coordonnees_publiques_sont_des_liens_pour_tous(client, request, structure, role):
    _coordonnees(structure, public=True)
    html = page(connecte(client, request.getfixturevalue(role)), structure)
    assert 'href="tel:+33470000001"' in html
    assert 'href="mailto:accueil@structure.example.org"' in html
    assert "Réservé aux membres" not in html


@pytest.mark.parametrize("role", ROLES)
def test_coordonnees_non_publiques_pour_les_membres_seulement(client, request, structure, role):
    _coordonnees(structure, public=False)
    html = page(connecte(client, request.getfixturevalue(role)), structure)
    assert ("tel:+33470000001" in html) == (role != "visiteur")
    assert ("04 70 00 00 01" in html) == (role != "visiteur")
    assert ("accueil@structure.example.org" in html) == (role != "visiteur")
    assert ("Téléphone réservé aux membres" in html) == (role == "visiteur")
    assert ("Connectez-vous" in html) == (role == "visiteur")
    assert ("Réservé aux membres : ne le publiez pas." in html) == (role != "visiteur")


def test_le_formulaire_est_toujours_la(client, structure):
    assert reverse("annuaire:ecrire", args=[structure.slug]) in page(client, structure)


@pytest.mark.parametrize("role", ROLES)
def test_contacts_sans_accord_sont_caches(client, request, structure, role):
    Contact.objects.create(
        structure=structure, nom="Camille Inventée", telephone="04 70 00 00 02", courriel="camille@example.org"
    )
    html = page(connecte(client, request.getfixturevalue(role)), structure)
    dedans = role in ("membre", "referent", "animateur", "administrateur")
    for valeur in ["Camille Inventée", "04 70 00 00 02", "camille@example.org", "Privé : seuls les membres"]:
        assert (valeur in html) == dedans


@pytest.mark.parametrize("role", ROLES)
def test_contact_avec_accord_ne_montre_que_ce_qui_est_accorde(client, request, structure, role):
    Contact.objects.create(
        structure=structure,
        nom="Dominique Inventée",
        fonction="Accueil",
        nom_public=True,
        telephone="04 70 00 00 03",
        telephone_public=True,
        courriel="dominique@example.org",
        consentement_le="2026-03-01",
    )
    html = page(connecte(client, request.getfixturevalue(role)), structure)
    assert "Dominique Inventée" in html
    assert "tel:+33470000003" in html
    assert ("dominique@example.org" in html) == (role not in ("visiteur", "etranger"))


# --- what is shown ------------------------------------------------------------------------------------------


def test_fiche_complete_montre_tout(client, structure):
    structure.sigle = "SDE"
    structure.forme_juridique = "association"
    structure.presentation = "Un lieu.\n\nVoir https://lieu.example.org/page"
    structure.missions = "Prêter du matériel."
    structure.public_accueilli = "Tout le monde"
    structure.adresse = "1 rue inventée"
    structure.horaires = "Du lundi au jeudi, 9 h - 17 h"
    structure.rayon_intervention = 30
    structure.site = "https://www.structure.example.org/"
    structure.reseaux = ["https://www.facebook.com/exemple", "https://mastodon.example.org/@exemple"]
    structure.siret, structure.rna = "73282932000074", "W031000001"
    structure.annee_creation, structure.salaries_etp = 1998, "2.50"
    structure.benevoles, structure.adherents = 40, 1204
    structure.accessible_pmr = structure.accessible_braille = structure.accessible_lsf = True
    structure.est_demonstration = True
    structure.verifiee_le, structure.verifiee_par = timezone.localdate(), "equipe"
    structure.save()
    activite = ActiviteFactory(nom="Sport", slug="sport")
    structure.activites.add(activite)
    structure.competences.add(Competence.objects.create(nom="Comptabilité", slug="comptabilite"))
    html = page(client, structure)
    attendus = [
        "(SDE)",
        "Association",
        "Exemple de démonstration",
        "?activite=sport",
        "?competence=comptabilite",
        'rel="nofollow noopener"',
        "Prêter du matériel.",
        "Tout le monde",
        "1 rue inventée",
        "Du lundi au jeudi",
        "30 km",
        ">structure.example.org<",
        ">Facebook<",
        ">mastodon.example.org<",
        "732\xa0829\xa0320\xa000074",
        "W031000001",
        "1998",
        "<dd>2,5</dd>",
        "<dd>40</dd>",
        "<dd>1\xa0204</dd>",
        "Accessible en fauteuil (PMR)",
        "Documents en braille",
        "Accueil en langue des signes (LSF)",
        "par téléphone avec l&#x27;équipe",
        "Signaler une erreur",
        "Retirer mes données",
        "C'est votre structure ?",
    ]
    manquants = [texte for texte in attendus if texte not in html]
    assert manquants == []


def test_fiche_jamais_verifiee_le_dit(client, structure):
    assert "Fiche jamais vérifiée" in page(client, structure)


@pytest.mark.parametrize(("jours", "ancienne"), [(0, False), (365, False), (366, True)])
def test_verification_de_plus_d_un_an_le_dit(client, structure, jours, ancienne):
    structure.verifiee_le, structure.verifiee_par = timezone.localdate() - timedelta(days=jours), "reunion"
    structure.save()
    html = page(client, structure)
    assert "en réunion" in html
    assert ("il y a plus d'un an" in html) == ancienne


def test_labels_expires_ne_sont_pas_montres(client, structure):
    aujourdhui = timezone.localdate()
    for nom, fin in [
        ("ESUS", None),
        ("SIAE", aujourdhui),
        ("Vieux label", aujourdhui - timedelta(days=1)),
    ]:
        label = Label.objects.create(nom=nom, slug=nom.lower().replace(" ", "-"))
        LabelStructure.objects.create(structure=structure, label=label, expire_le=fin)
    html = page(client, structure)
    assert "ESUS" in html
    assert "SIAE" in html
    assert "Vieux label" not in html


@pytest.mark.parametrize("role", ROLES)
def test_liens_de_gestion_selon_le_role(client, request, structure, role):
    html = page(connecte(client, request.getfixturevalue(role)), structure)
    lien = {nom: reverse(f"annuaire:{nom}", args=[structure.slug]) for nom in ["structure_modifier", "membres"]}
    assert (lien["structure_modifier"] in html) == (role in ("referent", "animateur", "administrateur"))
    assert (lien["membres"] in html) == (role in ("membre", "referent", "animateur", "administrateur"))
    assert ("C'est votre structure ?" in html) == (role not in ("membre", "referent"))


@pytest.mark.parametrize("etat", ["brouillon", "a_valider", "a_corriger", "refusee"])
def test_bandeau_d_etat_et_motif(client, structure, referent, etat):
    structure.etat, structure.motif = etat, "Précisez <l'adresse>"
    structure.save()
    client.force_login(referent)
    html = page(client, structure)
    assert "le public ne la voit pas" in html
    assert "Précisez &lt;l&#x27;adresse&gt;" in html
    assert '<meta name="robots" content="noindex">' in html
    assert reverse("annuaire:ecrire", args=[structure.slug]) not in html
    assert (reverse("annuaire:structure_modifier", args=[structure.slug]) in html) == (etat != "refusee")


def test_texte_hostile_est_echappe_partout(client, structure):
    structure.nom = HOSTILE
    structure.sigle = "<i>x</i>"
    structure.presentation = structure.missions = HOSTILE
    structure.public_accueilli = structure.adresse = structure.horaires = HOSTILE
    structure.reseaux = ["javascript:alert(1)"]
    structure.site = "javascript:alert(2)"
    structure.save()
    structure.activites.add(ActiviteFactory(nom=HOSTILE))
    structure.competences.add(Competence.objects.create(nom=HOSTILE, slug="hostile"))
    Photo.objects.create(structure=structure, fichier="photos/x.webp", alternative=HOSTILE)
    Contact.objects.create(structure=structure, nom=HOSTILE, nom_public=True, consentement_le="2026-01-01")
    html = page(client, structure)
    assert "<script>alert" not in html
    assert "javascript:" not in html
    assert "<i>x</i>" not in html
    assert escape(HOSTILE) in html


# --- old addresses ------------------------------------------------------------------------------------------

SOUS_PAGES = [
    "structure_detail",
    "vcard",
    "carte_partage",
    "ecrire",
    "signaler",
    "retirer",
    "structure_modifier",
    "photos",
    "contacts",
    "confirmer",
    "membres",
    "quitter",
    "revendiquer",
]


@pytest.mark.parametrize("nom", SOUS_PAGES)
def test_ancienne_adresse_redirige_pour_toujours(client, structure, administrateur, nom):
    AncienneAdresse.objects.create(slug="ancien-nom", structure=structure)
    client.force_login(administrateur)
    response = client.get(reverse(f"annuaire:{nom}", args=["ancien-nom"]), {"a": "é"})
    assert response.status_code == 301
    assert response["Location"] == reverse(f"annuaire:{nom}", args=[structure.slug]) + "?a=%C3%A9"


@pytest.mark.parametrize("nom", ["photo_modifier", "contact_modifier", "membre_modifier"])
def test_ancienne_adresse_garde_les_autres_parties(client, structure, administrateur, nom):
    AncienneAdresse.objects.create(slug="ancien-nom", structure=structure)
    client.force_login(administrateur)
    response = client.get(reverse(f"annuaire:{nom}", args=["ancien-nom", 7]))
    assert response.status_code == 301
    assert response["Location"] == reverse(f"annuaire:{nom}", args=[structure.slug, 7])


@pytest.mark.parametrize("nom", ["ecrire", "signaler", "retirer"])
def test_ancienne_adresse_ne_redirige_pas_un_post(client, structure, nom):
    AncienneAdresse.objects.create(slug="ancien-nom", structure=structure)
    assert client.post(reverse(f"annuaire:{nom}", args=["ancien-nom"])).status_code == 404


def test_ancienne_adresse_d_une_fiche_cachee_reste_inconnue(client, structure, referent):
    AncienneAdresse.objects.create(slug="ancien-nom", structure=structure)
    structure.etat = "a_valider"
    structure.save()
    assert client.get("/annuaire/ancien-nom/").status_code == 404
    client.force_login(referent)
    assert client.get("/annuaire/ancien-nom/").status_code == 301


# --- blocks ---------------------------------------------------------------------------------------------------


@pytest.fixture
def bloc_essai():
    noms = ["essai", "muet", "premier"]
    gabarit = "annuaire/_fiche_etat.html"

    def contexte(structure, utilisateur):
        return {"lecture": {"peut_modifier": False}}

    blocs.enregistrer(blocs.Bloc("essai", "Ses annonces", gabarit, contexte, ordre=20))
    blocs.enregistrer(blocs.Bloc("muet", "Rien à dire", gabarit, lambda s, u: None, ordre=1))
    blocs.enregistrer(blocs.Bloc("premier", "Ses rencontres", gabarit, contexte, ordre=10))
    yield
    for nom in noms:
        blocs.retirer(nom)


def test_blocs_dans_l_ordre_sans_les_muets(client, structure, bloc_essai):
    html = page(client, structure)
    assert html.index("Ses rencontres") < html.index("Ses annonces")
    assert html.count("Fiche publiée : le public ne la voit pas") == 2
    assert "Rien à dire" not in html


def test_bloc_de_meme_nom_est_refuse(bloc_essai):
    autre = blocs.Bloc("essai", "Autre", "annuaire/_fiche_etat.html", lambda s, u: None)
    with pytest.raises(ValueError, match="essai"):
        blocs.enregistrer(autre)


def test_sans_bloc_enregistre_la_fiche_n_en_montre_aucun(client, structure):
    assert 'id="bloc-' not in page(client, structure)


# --- queries ---------------------------------------------------------------------------------------------------


def _enrichir(structure, combien):
    for n in range(combien):
        structure.activites.add(ActiviteFactory(parent=ActiviteFactory()))
        structure.competences.add(Competence.objects.create(nom=f"C{n}", slug=f"c{n}"))
        label = Label.objects.create(nom=f"L{n}", slug=f"l{n}")
        LabelStructure.objects.create(structure=structure, label=label)
        Photo.objects.create(structure=structure, fichier=f"photos/{n}.webp", alternative=f"Photo {n}")
        Contact.objects.create(structure=structure, nom=f"P{n}", nom_public=True, consentement_le="2026-01-01")
        RattachementFactory(structure=structure, role="referent")


@pytest.mark.parametrize("combien", [1, 5])
@pytest.mark.parametrize(
    ("url", "visiteur", "membre"), [("structure_detail", 14, 21), ("vcard", 7, 11), ("carte_partage", 3, 3)]
)
def test_nombre_de_requetes_constant(
    client, django_assert_num_queries, structure, referent, combien, url, visiteur, membre
):
    _enrichir(structure, combien)
    adresse = reverse(f"annuaire:{url}", args=[structure.slug])
    client.get(adresse)
    with django_assert_num_queries(visiteur):
        client.get(adresse)
    client.force_login(referent)
    with django_assert_num_queries(membre):
        client.get(adresse)


def test_situation_sans_commune(client, db):
    structure = StructureFactory(commune=None)
    assert "Autour de" not in page(client, structure)


def test_commune_mene_a_ses_alentours(client, db):
    structure = StructureFactory(commune=CommuneFactory(code="03310", nom="Vichy-Essai"))
    html = page(client, structure)
    assert "Autour de Vichy-Essai" in html
    assert "=03310" in html
