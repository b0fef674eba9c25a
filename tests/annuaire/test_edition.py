import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from annuaire.actions import edition, publication
from annuaire.models import Competence, Contact, Modification, Photo, Rattachement, Structure
from tests.factories import ActiviteFactory, CommuneFactory, RattachementFactory, StructureFactory
from tests.images import image

pytestmark = pytest.mark.django_db


def url(structure, nom="structure_modifier", *args):
    return reverse(f"annuaire:{nom}", args=[structure.slug, *args])


def saisie_de(page) -> dict:
    """What a browser would send back from the edit form, untouched."""
    form = page.context["form"]
    donnees = {}
    for champ in form:
        valeur = champ.value()
        if champ.name in ("logo", "retirer_logo"):
            continue
        if isinstance(valeur, bool):
            donnees |= {champ.name: "on"} if valeur else {}
        elif valeur is not None:
            donnees[champ.name] = valeur
    return donnees


@pytest.fixture
def connecte(client, referent):
    client.force_login(referent)
    return client


# Who may


@pytest.mark.parametrize("nom", ["structure_modifier", "photos", "contacts", "confirmer"])
@pytest.mark.parametrize(
    ("role", "etat", "attendu"),
    [
        ("visiteur", "publiee", "connexion"),
        ("visiteur", "brouillon", "connexion"),
        ("etranger", "publiee", 403),
        ("etranger", "a_valider", 404),
        ("membre", "publiee", 403),
        ("membre", "a_corriger", 403),
        ("referent", "publiee", 200),
        ("referent", "brouillon", 200),
        ("referent", "a_valider", 200),
        ("referent", "a_corriger", 200),
        ("referent", "refusee", 403),
        ("referent", "archivee", 404),
        ("animateur", "archivee", 200),
        ("animateur", "a_valider", 200),
        ("administrateur", "publiee", 200),
    ],
)
def test_qui_peut_modifier(client, request, structure, nom, role, etat, attendu):
    personne = request.getfixturevalue(role)
    structure.etat = etat
    structure.save()
    if personne:
        client.force_login(personne)
    avant = Structure.objects.values().get(pk=structure.pk)
    reponse = client.get(url(structure, nom))
    if attendu == "connexion":
        assert reponse.status_code == 302
        assert reponse.url.startswith("/compte/login/?next=")
    else:
        assert reponse.status_code == attendu
    if attendu != 200:
        envoi = client.post(url(structure, nom), {"nom": "Volée", "alternative": "x"})
        assert envoi.status_code == (302 if attendu == "connexion" else attendu)
    assert Structure.objects.values().get(pk=structure.pk) == avant
    assert (Photo.objects.count(), Contact.objects.count(), Modification.objects.count()) == (0, 0, 0)


def test_inconnue_404(connecte):
    assert connecte.get(reverse("annuaire:structure_modifier", args=["nulle-part"])).status_code == 404


# The full form


def test_modifier_tous_les_champs(connecte, structure):
    commune = CommuneFactory(code="03310", nom="Vichy")
    mere = ActiviteFactory()
    fille = ActiviteFactory(parent=mere)
    Competence.objects.create(nom="Comptabilité", slug="comptabilite")
    donnees = saisie_de(connecte.get(url(structure))) | {
        "nom": "Nouveau nom",
        "sigle": "NN",
        "forme_juridique": "association",
        "activites": [mere.pk, fille.pk],
        "competences": " comptabilité,  Soudure , soudure,",
        "commune": "vichy",
        "adresse": "1 rue d'Exemple",
        "telephone": "+33 4 70 00 00 00",
        "telephone_public": "on",
        "site": "nn.example.org",
        "reseaux": "social.example.org/nn\r\n\r\nhttps://autre.example.org",
        "siret": "732 829 320 00074",
        "rna": "w 032 000001",
        "salaries_etp": "2,5",
        "benevoles": "1 200",
        "annee_creation": "1998",
        "accessible_pmr": "on",
    }
    reponse = connecte.post(url(structure), donnees)
    assert (reponse.status_code, reponse.url) == (302, structure.get_absolute_url())
    lue = Structure.objects.get()
    assert (lue.nom, lue.sigle, lue.forme_juridique) == ("Nouveau nom", "NN", "association")
    assert lue.slug == structure.slug
    assert list(lue.activites.order_by("pk")) == [mere, fille]
    assert sorted(c.nom for c in lue.competences.all()) == ["Comptabilité", "Soudure"]
    assert (lue.telephone, lue.telephone_public) == ("04 70 00 00 00", True)
    assert lue.reseaux == ["https://social.example.org/nn", "https://autre.example.org"]
    assert (lue.siret, lue.rna, lue.site) == ("73282932000074", "W032000001", "https://nn.example.org")
    assert (lue.salaries_etp, lue.benevoles, lue.annee_creation) == (Decimal("2.50"), 1200, 1998)
    assert (lue.commune, lue.position_origine, lue.latitude) == (commune, "commune", commune.latitude)
    assert {"nom", "siret", "activites", "competences"} - {"activites", "competences"} <= set(lue.champs_humains)
    assert "horaires" not in lue.champs_humains
    page = connecte.get(url(lue)).content.decode()
    assert 'value="2,5"' in page


def test_modification_listee_pour_relecture(connecte, structure, referent):
    activite = ActiviteFactory(nom="Culture")
    donnees = saisie_de(connecte.get(url(structure)))
    connecte.post(
        url(structure), donnees | {"presentation": "Après", "activites": [activite.pk], "salaries_etp": "2,5"}
    )
    modification = Modification.objects.get()
    assert (modification.auteur, modification.etat) == (referent, "a_relire")
    assert modification.avant == {"presentation": "", "activites": [], "salaries_etp": None}
    assert modification.apres == {"presentation": "Après", "activites": ["Culture"], "salaries_etp": "2.5"}
    assert edition.lisible("salaries_etp", "2.5") == "2,5"
    assert edition.lisible("commune", structure.commune_id) == str(structure.commune)
    assert edition.lisible("forme_juridique", "cooperative") == "Coopérative"


@pytest.mark.parametrize(("role", "etat", "relectures"), [("referent", "a_valider", 0), ("animateur", "publiee", 0)])
def test_pas_de_relecture_avant_publication_ni_pour_l_equipe(client, request, structure, role, etat, relectures):
    client.force_login(request.getfixturevalue(role))
    structure.etat = etat
    structure.save()
    donnees = saisie_de(client.get(url(structure)))
    assert client.post(url(structure), donnees | {"sigle": "XX"}).status_code == 302
    structure.refresh_from_db()
    assert structure.sigle == "XX"
    assert Modification.objects.count() == relectures


def test_envoyer_sans_rien_changer_n_ecrit_rien(connecte, structure):
    structure.salaries_etp, structure.reseaux = Decimal("2.50"), ["https://a.example.org"]
    structure.latitude, structure.longitude, structure.position_origine = 46.123456789, 3.4, "adresse"
    structure.presentation = "Une ligne\nune autre"
    structure.save()
    donnees = saisie_de(connecte.get(url(structure)))
    assert connecte.post(url(structure), donnees).status_code == 302
    apres = Structure.objects.get()
    assert apres.modifie_le == structure.modifie_le
    assert (apres.champs_humains, apres.latitude) == ([], 46.123456789)
    assert Modification.objects.count() == 0


@pytest.mark.parametrize(
    ("champ", "valeur", "message"),
    [
        ("nom", " ", "obligatoire"),
        ("salaries_etp", "deux", "nombre"),
        ("salaries_etp", "NaN", "nombre"),
        ("salaries_etp", "1e999", "chiffre"),
        ("benevoles", "9" * 5000, "nombre"),
        ("annee_creation", "12", "1600"),
        ("latitude", "91", "90"),
        ("latitude", "inf", "nombre"),
        ("latitude", "", "Donnez la latitude et la longitude"),
        ("courriel", "", "coordonnée à rendre publique"),
        ("reseaux", "pas une adresse", "adresse web"),
        ("activites", "999999", "choix"),
        ("forme_juridique", "inventee", "choix"),
        ("competences", "x" * 81, "80 caractères"),
    ],
)
def test_erreur_garde_la_saisie(connecte, structure, champ, valeur, message):
    structure.latitude, structure.longitude, structure.position_origine = 46.1, 3.4, "commune"
    structure.courriel_public = True
    structure.save()
    donnees = saisie_de(connecte.get(url(structure))) | {"missions": "Ma saisie", champ: valeur}
    reponse = connecte.post(url(structure), donnees)
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert message in page
    assert "Ma saisie" in page
    assert Structure.objects.get().missions == ""


def test_html_et_sql_restent_du_texte(connecte, structure):
    piege = "<script>alert(1)</script>'; DROP TABLE annuaire_structure; --"
    donnees = saisie_de(connecte.get(url(structure)))
    connecte.post(url(structure), donnees | {"presentation": piege, "competences": piege.replace(",", "")})
    assert Structure.objects.get().presentation == piege
    page = connecte.get(url(structure)).content.decode()
    assert "<script>alert" not in page


# The pin


def test_epingle_a_la_main_puis_remise(connecte, structure):
    donnees = saisie_de(connecte.get(url(structure)))
    connecte.post(url(structure), donnees | {"latitude": "46,2", "longitude": "3,5"})
    structure.refresh_from_db()
    assert (structure.latitude, structure.longitude, structure.position_origine) == (46.2, 3.5, "main")
    autre = CommuneFactory(code="03095", nom="Cusset", latitude=46.13, longitude=3.45)
    donnees = saisie_de(connecte.get(url(structure)))
    connecte.post(url(structure), donnees | {"commune": "Cusset", "adresse": "2 rue d'Exemple"})
    structure.refresh_from_db()
    assert (structure.commune, structure.latitude, structure.position_origine) == (autre, 46.2, "main")
    donnees = saisie_de(connecte.get(url(structure)))
    connecte.post(url(structure), donnees | {"replacer": "on"})
    structure.refresh_from_db()
    assert (structure.latitude, structure.longitude, structure.position_origine) == (46.13, 3.45, "commune")


def test_point_en_mer_refuse(connecte, structure):
    donnees = saisie_de(connecte.get(url(structure)))
    assert "en mer" in connecte.post(url(structure), donnees | {"latitude": "0", "longitude": "0"}).content.decode()


# Two people at once


def test_memes_champs_montre_les_deux_versions(connecte, structure, referent):
    donnees = saisie_de(connecte.get(url(structure)))
    collegue = RattachementFactory(structure=structure, role="referent").utilisateur
    edition.enregistrer(structure, par=collegue, valeurs={"presentation": "La sienne", "sigle": "SIEN"})
    reponse = connecte.post(url(structure), donnees | {"presentation": "La mienne", "missions": "À moi"})
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Une autre personne a enregistré cette fiche" in page
    assert "La sienne" in page
    assert "La mienne" in page
    lue = Structure.objects.get()
    assert (lue.presentation, lue.missions) == ("La sienne", "")
    donnees = saisie_de(reponse)
    assert (donnees["presentation"], donnees["sigle"], donnees["missions"]) == ("La mienne", "SIEN", "À moi")
    assert connecte.post(url(structure), donnees).status_code == 302
    lue = Structure.objects.get()
    assert (lue.presentation, lue.sigle, lue.missions) == ("La mienne", "SIEN", "À moi")


def test_champs_differents_se_rejoignent(connecte, structure):
    activite = ActiviteFactory()
    donnees = saisie_de(connecte.get(url(structure)))
    edition.enregistrer(structure, par=None, valeurs={"sigle": "SIEN"}, activites=[activite])
    assert connecte.post(url(structure), donnees | {"missions": "À moi"}).status_code == 302
    lue = Structure.objects.get()
    assert (lue.sigle, lue.missions, list(lue.activites.all())) == ("SIEN", "À moi", [activite])


@pytest.mark.parametrize("version", ["", "n'importe quoi", "2001-01-01T00:00:00+00:00", "0001-01-01"])
def test_version_fausse_ne_casse_rien(connecte, structure, version):
    donnees = saisie_de(connecte.get(url(structure)))
    reponse = connecte.post(url(structure), donnees | {"version": version, "missions": "À moi"})
    assert reponse.status_code in (200, 302)
    assert "À moi" in (reponse.content.decode() or Structure.objects.get().missions)


# Sent back for correction


def test_a_corriger_renvoyee_a_l_equipe(client, structure, referent, animateur):
    structure.etat = "a_valider"
    structure.save()
    publication.demander_correction(structure, par=animateur, motif="Ajoutez une adresse.")
    client.force_login(referent)
    page = client.get(url(structure))
    assert "Ajoutez une adresse." in page.content.decode()
    client.post(url(structure), saisie_de(page) | {"adresse": "1 rue d'Exemple"})
    assert Structure.objects.get().etat == "a_corriger"
    client.post(url(structure), saisie_de(client.get(url(structure))) | {"renvoyer": "1"})
    lue = Structure.objects.get()
    assert (lue.etat, lue.adresse) == ("a_valider", "1 rue d'Exemple")


# Files


def bombe():
    """A PNG that says it is 50,000 x 50,000."""
    tampon = io.BytesIO()
    Image.new("1", (1, 1)).save(tampon, "PNG")
    octets = bytearray(tampon.getvalue())
    octets[16:24] = (50_000).to_bytes(4, "big") * 2
    import zlib

    octets[29:33] = zlib.crc32(bytes(octets[12:29])).to_bytes(4, "big")
    return SimpleUploadedFile("bombe.png", bytes(octets), content_type="image/png")


MAUVAIS = {
    "svg": lambda: SimpleUploadedFile("logo.svg", b"<svg onload='alert(1)'/>", content_type="image/svg+xml"),
    "texte": lambda: SimpleUploadedFile("photo.jpg", b"bonjour", content_type="image/jpeg"),
    "bombe": bombe,
    "tronquee": lambda: SimpleUploadedFile("p.png", image(taille=(400, 400)).read()[:200], content_type="image/png"),
    "lourde": lambda: SimpleUploadedFile("p.png", image().read() + bytes(11 * 1024 * 1024)),
    "enorme": lambda: SimpleUploadedFile("p.png", image().read() + bytes(50 * 1024 * 1024)),
    "vide": lambda: SimpleUploadedFile("p.png", b""),
}


@pytest.mark.parametrize("genre", MAUVAIS)
def test_mauvais_logo_garde_le_reste(connecte, structure, genre):
    donnees = saisie_de(connecte.get(url(structure)))
    reponse = connecte.post(url(structure), donnees | {"missions": "Ma saisie", "logo": MAUVAIS[genre]()})
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Ma saisie" in page
    assert re.search(r'id="id_logo_error"', page)
    assert Structure.objects.get().logo.name == ""


@pytest.mark.parametrize("genre", MAUVAIS)
def test_mauvaise_photo_garde_la_description(connecte, structure, genre):
    reponse = connecte.post(url(structure, "photos"), {"alternative": "Devant", "fichier": MAUVAIS[genre]()})
    assert reponse.status_code == 200
    assert 'value="Devant"' in reponse.content.decode()
    assert Photo.objects.count() == 0


def test_logo_mis_puis_retire(connecte, structure):
    donnees = saisie_de(connecte.get(url(structure)))
    connecte.post(url(structure), donnees | {"logo": image()})
    nom = Structure.objects.get().logo.name
    assert re.fullmatch(r"logos/[0-9a-f]{32}\.webp", nom)
    donnees = saisie_de(connecte.get(url(structure)))
    connecte.post(url(structure), donnees | {"retirer_logo": "on"})
    assert Structure.objects.get().logo.name == ""
    assert [m.apres for m in Modification.objects.order_by("pk")] == [{"logo": nom}, {"logo": ""}]


# Photos


def test_photos_ajouter_ordonner_decrire_supprimer(connecte, structure):
    for alternative in ("un", "deux", "trois"):
        connecte.post(url(structure, "photos"), {"alternative": alternative, "fichier": image("a.jpg", forme="JPEG")})
    un, deux, trois = structure.photos.all()
    connecte.post(url(structure, "photo_modifier", trois.pk), {"geste": "monter"})
    connecte.post(url(structure, "photo_modifier", un.pk), {"geste": "monter"})
    assert [photo.alternative for photo in structure.photos.all()] == ["un", "trois", "deux"]
    connecte.post(url(structure, "photo_modifier", un.pk), {"geste": "descendre"})
    assert [photo.alternative for photo in structure.photos.all()] == ["trois", "un", "deux"]
    connecte.post(url(structure, "photo_modifier", deux.pk), {"alternative": "Deux personnes"})
    assert connecte.get(url(structure, "photo_modifier", un.pk)).status_code == 200
    assert structure.photos.count() == 3
    connecte.post(url(structure, "photo_modifier", un.pk), {"geste": "supprimer"})
    assert [photo.alternative for photo in structure.photos.all()] == ["trois", "Deux personnes"]
    assert Modification.objects.latest("pk").apres == {"photos": ["trois", "Deux personnes"]}


def test_photo_sans_description_refusee(connecte, structure):
    assert connecte.post(url(structure, "photos"), {"fichier": image()}).status_code == 200
    assert Photo.objects.count() == 0


def test_photo_et_contact_d_une_autre_structure_404(connecte, structure):
    autre = StructureFactory()
    photo = Photo.objects.create(structure=autre, fichier="photos/x.webp", alternative="x")
    contact = Contact.objects.create(structure=autre, nom="Alix Exemple")
    assert connecte.post(url(structure, "photo_modifier", photo.pk), {"geste": "supprimer"}).status_code == 404
    assert connecte.post(url(structure, "contact_modifier", contact.pk), {"geste": "supprimer"}).status_code == 404
    assert (Photo.objects.count(), Contact.objects.count()) == (1, 1)


# Contacts


def test_contact_prive_par_defaut(connecte, structure):
    connecte.post(url(structure, "contacts"), {"nom": "Alix Exemple", "telephone": "0470000000"})
    contact = Contact.objects.get()
    assert (contact.nom_public, contact.telephone_public, contact.telephone) == (False, False, "04 70 00 00 00")
    assert Modification.objects.get().apres == {"contacts": "un contact ajouté"}


@pytest.mark.parametrize(
    ("donnees", "champ"),
    [
        ({"nom_public": "on"}, "consentement_le"),
        ({"nom_public": "on", "consentement_le": "26/03/2014"}, "consentement_source"),
        ({"telephone_public": "on", "telephone": "0470000000"}, "nom_public"),
        ({"nom_public": "on", "courriel_public": "on"}, "courriel"),
        ({"nom_public": "on", "consentement_le": "31/02/2014", "consentement_source": "x"}, "consentement_le"),
        ({"nom_public": "on", "consentement_le": "01/01/2999", "consentement_source": "x"}, "consentement_le"),
    ],
)
def test_contact_public_demande_l_accord_date(connecte, structure, donnees, champ):
    reponse = connecte.post(url(structure, "contacts"), {"nom": "Alix Exemple"} | donnees)
    assert reponse.status_code == 200
    assert champ in reponse.context["form"].errors
    assert Contact.objects.count() == 0


def test_contact_modifie_puis_supprime(connecte, structure):
    accord = {"nom_public": "on", "consentement_le": "26/03/2014", "consentement_source": "de vive voix"}
    connecte.post(url(structure, "contacts"), {"nom": "Alix Exemple", "fonction": "trésorière"} | accord)
    contact = Contact.objects.get()
    assert contact.consentement_le == date(2014, 3, 26)
    page = connecte.get(url(structure, "contact_modifier", contact.pk)).content.decode()
    assert 'value="26/03/2014"' in page
    connecte.post(url(structure, "contact_modifier", contact.pk), {"nom": "Alix Exemple", "fonction": "présidente"})
    contact.refresh_from_db()
    assert (contact.fonction, contact.nom_public) == ("présidente", False)
    connecte.post(url(structure, "contact_modifier", contact.pk), {"geste": "supprimer"})
    assert Contact.objects.count() == 0


def test_enregistrer_refuse_un_champ_interdit(structure):
    with pytest.raises(ValueError, match="not editable"):
        edition.enregistrer(structure, par=None, valeurs={"etat": "publiee"})
    assert Rattachement.objects.count() == 0


@pytest.mark.django_db
def test_photo_disparue_entre_temps_ne_fait_rien(structure, referent):
    """Two people at once: one deletes the photo that the other describes or moves."""
    photo = structure.photos.create(fichier="photos/a.webp", alternative="La salle")
    structure.photos.filter(pk=photo.pk).delete()
    edition.decrire_photo(photo, par=referent, alternative="Le bar")
    edition.deplacer_photo(photo, par=referent, vers=1)
    assert structure.photos.count() == 0
    assert structure.modifications.count() == 0
