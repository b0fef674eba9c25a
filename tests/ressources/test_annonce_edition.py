"""Posting and changing announcements on the site: drafts, preview, sending, two people at once."""

import html
import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ressources.models import Annonce, MotDeVigilance, ReglagesStructure
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory, CategorieFactory
from tests.images import image

pytestmark = pytest.mark.django_db
PUBLIER = "/offres-et-besoins/publier/"
NOUVELLE = f"{PUBLIER}?sens=offre&nature=materiel"


def texte(reponse):
    return html.unescape(re.sub(r"[ \n]+", " ", reponse.content.decode()))


def saisie(**autre):
    return {
        "titre": "Vingt chaises",
        "description": "Pliantes, en bois.",
        "mode": "pret",
        "caution": "50",
        "quantite": "20",
        "expire_le": f"{timezone.localdate() + timedelta(days=60):%d/%m/%Y}",
        "cle": str(uuid.uuid4()),
        **autre,
    }


@pytest.fixture
def connecte(client, referent):
    client.force_login(referent)
    return client


def test_la_premiere_page_montre_les_huit_natures(connecte):
    page = texte(connecte.get(PUBLIER))
    assert page.count('class="dessin ') == 8
    assert 'href="?sens=offre&nature=materiel"' in page
    besoin = texte(connecte.get(f"{PUBLIER}?sens=besoin"))
    assert 'href="?sens=besoin&nature=local"' in besoin
    assert "Que cherchez-vous ?" in besoin


def test_sans_structure_on_sait_que_faire(client):
    client.force_login(UtilisateurFactory())
    assert "il faut être référent" in texte(client.get(PUBLIER))
    assert client.post(NOUVELLE, saisie()).status_code == 403


def test_continuer_montre_l_apercu_puis_publier_envoie(connecte, structure):
    reponse = connecte.post(NOUVELLE, saisie())
    annonce = Annonce.objects.get()
    assert reponse.url == reverse("ressources:annonce_apercu", args=[annonce.pk])
    assert (annonce.etat, annonce.caution, annonce.quantite, annonce.commune) == (
        "brouillon", 50, 20, structure.commune,
    )  # fmt: skip
    page = texte(connecte.get(reponse.url))
    assert "telle qu'elle paraîtra" in page
    assert "Publier l'annonce" in page
    assert "L'équipe du pôle la relira" in page
    envoi = connecte.post(reverse("ressources:annonce_soumettre", args=[annonce.pk]), follow=True)
    annonce.refresh_from_db()
    assert annonce.etat == "a_valider"
    assert "vous recevrez un e-mail" in texte(envoi)


def test_une_structure_de_confiance_publie_tout_de_suite(connecte, structure):
    ReglagesStructure.objects.create(structure=structure, de_confiance=True, confiance_le=timezone.now())
    connecte.post(NOUVELLE, saisie())
    annonce = Annonce.objects.get()
    assert "tout de suite" in texte(connecte.get(reverse("ressources:annonce_apercu", args=[annonce.pk])))
    page = texte(connecte.post(reverse("ressources:annonce_soumettre", args=[annonce.pk]), follow=True))
    annonce.refresh_from_db()
    assert annonce.etat == "publiee"
    assert annonce.expire_le == timezone.localdate() + timedelta(days=60)
    assert "Votre annonce est en ligne" in page


def test_un_mot_de_vigilance_la_fait_relire(connecte, structure):
    ReglagesStructure.objects.create(structure=structure, de_confiance=True, confiance_le=timezone.now())
    MotDeVigilance.objects.create(expression="Médicament")
    connecte.post(NOUVELLE, saisie(description="Et des MEDICAMENT, aussi."))
    annonce = Annonce.objects.get()
    connecte.post(reverse("ressources:annonce_soumettre", args=[annonce.pk]))
    annonce.refresh_from_db()
    assert (annonce.etat, annonce.vigilance) == ("a_valider", ["Médicament"])


def test_le_meme_formulaire_envoye_deux_fois_ne_fait_qu_une_annonce(connecte):
    envoi = saisie()
    assert connecte.post(NOUVELLE, envoi).url == connecte.post(NOUVELLE, envoi).url
    assert Annonce.objects.count() == 1
    assert Annonce.objects.get().history.count() == 1


def test_publier_deux_fois_n_envoie_qu_une_fois(connecte, structure):
    annonce = AnnonceFactory(structure=structure, etat="brouillon")
    annonce.expire_le = timezone.localdate() + timedelta(days=5)
    annonce.save()
    url = reverse("ressources:annonce_soumettre", args=[annonce.pk])
    assert connecte.post(url).status_code == 302
    soumise = Annonce.objects.get().soumise_le
    assert connecte.post(url).url == annonce.get_absolute_url()
    assert Annonce.objects.get().soumise_le == soumise


def test_une_erreur_garde_la_saisie_et_le_brouillon(connecte):
    reponse = connecte.post(NOUVELLE, saisie(mode="vente", prix="12 patates", caution=""))
    page = texte(reponse)
    annonce = Annonce.objects.get()
    assert (annonce.titre, annonce.mode, annonce.prix) == ("Vingt chaises", "vente", None)
    assert "12 patates" in page
    assert "Le brouillon est enregistré, mais pas encore complet" in page
    corrige = saisie(mode="vente", prix="12", caution="", cle=str(annonce.cle), version=version(page))
    assert connecte.post(NOUVELLE, corrige).status_code == 302
    assert Annonce.objects.get().prix == 12


def version(page):
    return re.search(r'name="version"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="version"', page)[1] or ""


def test_enregistrer_le_brouillon_accepte_le_vide(connecte):
    reponse = connecte.post(NOUVELLE, {"geste": "brouillon", "titre": "", "cle": str(uuid.uuid4())})
    annonce = Annonce.objects.get()
    assert reponse.url == reverse("ressources:annonce_modifier", args=[annonce.pk])
    assert str(annonce) == "Annonce sans titre"
    apercu = texte(connecte.get(reverse("ressources:annonce_apercu", args=[annonce.pk])))
    assert "Il manque encore" in apercu
    assert "Publier l'annonce" not in apercu
    connecte.post(reverse("ressources:annonce_soumettre", args=[annonce.pk]))
    annonce.refresh_from_db()
    assert annonce.etat == "brouillon"


def test_une_periode_de_plus_ou_de_moins_sans_script(connecte):
    envoi = saisie(geste="periode", periode_debut_0="2090-05-12", periode_fin_0="")
    page = texte(connecte.post(NOUVELLE, envoi))
    assert "periode_debut_1" in page
    assert 'value="2090-05-12"' in page
    assert "Erreur" not in page
    assert Annonce.objects.get().periodes.count() == 1
    moins = envoi | {"geste": "retirer_0", "periode_debut_1": "2090-06-01", "version": version(page)}
    page = texte(connecte.post(NOUVELLE, moins))
    assert "periode_debut_0" not in page
    assert [str(p.debut) for p in Annonce.objects.get().periodes.all()] == ["2090-06-01"]


def test_la_photo_du_formulaire_est_gardee_meme_si_le_reste_est_faux(connecte):
    connecte.post(NOUVELLE, saisie(titre="", photo=image(), photo_alternative="Vingt chaises empilées"))
    photo = Annonce.objects.get().photos.get()
    assert photo.alternative == "Vingt chaises empilées"
    assert photo.fichier.name.endswith(".webp")


def test_une_photo_trop_lourde_est_refusee_et_le_reste_garde(connecte, settings):
    settings.FICHIER_MAX_OCTETS = 2000
    lourde = SimpleUploadedFile("grande.jpg", b"0" * 5000, content_type="image/jpeg")
    page = texte(connecte.post(NOUVELLE, saisie(photo=lourde, photo_alternative="Chaises")))
    assert "Ce fichier est trop lourd" in page
    annonce = Annonce.objects.get()
    assert annonce.titre == "Vingt chaises"
    assert annonce.photos.count() == 0


def test_repondre_a_un_besoin_reprend_son_genre(connecte):
    categorie = CategorieFactory(nature="local")
    besoin = BesoinFactory(nature="local", titre="Un local le mardi", mode="pret", categorie=categorie)
    page = texte(connecte.get(f"{PUBLIER}?besoin={besoin.pk}"))
    assert "Vous répondez au besoin" in page
    assert "Surface (m²)" in page
    assert f'<option value="{categorie.pk}" selected>' in page


def test_l_adresse_donne_les_premiers_mots_dans_des_bornes_sans_rien_ecrire(connecte):
    """What a workshop's note gives: kept from the choice of a kind to the form, cut, on one line."""
    mots = {"titre": "Un barnum\n& des tables" + " très" * 40, "description": "Pour <b>tous</b>\n" + "z" * 5000}
    choix = texte(connecte.get(PUBLIER, {"sens": "besoin", **mots}))
    assert "nature=materiel&titre=Un+barnum+%26+des+tables+" in choix
    page = connecte.get(PUBLIER, {"sens": "besoin", "nature": "materiel", **mots})
    form = page.context["form"]
    assert form["titre"].value().startswith("Un barnum & des tables très")
    assert (len(form["titre"].value()) <= 120, len(form["description"].value())) == (True, 4000)
    assert b"<b>tous" not in page.content
    assert Annonce.objects.count() == 0


@pytest.mark.parametrize("etat", ["brouillon", "a_valider"])
def test_deux_referents_ne_s_ecrasent_pas(client, structure, referent, etat):
    annonce = AnnonceFactory(structure=structure, etat=etat, titre="Vingt chaises")
    url = reverse("ressources:annonce_modifier", args=[annonce.pk])
    client.force_login(referent)
    page = texte(client.get(url))
    lue = version(page)
    assert lue
    client.force_login(RattachementFactory(structure=structure, role="referent").utilisateur)
    client.post(url, saisie(titre="Dix chaises", version=lue, geste="brouillon"))
    client.force_login(referent)
    conflit = client.post(url, saisie(titre="Trente chaises", version=lue, geste="brouillon"))
    page = texte(conflit)
    assert "Une autre personne a enregistré cette annonce" in page
    assert "Dix chaises" in page
    assert 'value="Trente chaises"' in page
    assert Annonce.objects.get().titre == "Dix chaises"
    client.post(url, saisie(titre="Trente chaises", version=version(page), geste="brouillon"))
    assert Annonce.objects.get().titre == "Trente chaises"


def test_modifier_une_annonce_en_ligne_la_fait_relire(connecte, structure):
    annonce = AnnonceFactory(structure=structure)
    page = texte(connecte.post(reverse("ressources:annonce_modifier", args=[annonce.pk]), saisie(), follow=True))
    annonce.refresh_from_db()
    assert (annonce.etat, annonce.titre) == ("publiee", "Vingt chaises")
    assert annonce.a_relire_depuis is not None
    assert "se voient dès maintenant. L'équipe du pôle les relira." in page


def test_une_annonce_en_ligne_ne_devient_pas_incomplete(connecte, structure):
    annonce = AnnonceFactory(structure=structure)
    reponse = connecte.post(reverse("ressources:annonce_modifier", args=[annonce.pk]), saisie(titre=""))
    assert reponse.status_code == 200
    assert "Un point à corriger" in texte(reponse)
    assert Annonce.objects.get().titre == annonce.titre


def test_corriger_puis_renvoyer(connecte, structure):
    annonce = AnnonceFactory(structure=structure, etat="a_corriger", motif="Dites l'état.")
    url = reverse("ressources:annonce_modifier", args=[annonce.pk])
    assert "Dites l'état." in texte(connecte.get(url))
    connecte.post(url, saisie(geste="renvoyer"))
    annonce.refresh_from_db()
    assert (annonce.etat, annonce.motif) == ("a_valider", "")


def test_l_equipe_publie_au_nom_d_une_structure(client, animateur, structure):
    client.force_login(animateur)
    page = texte(client.get(f"{NOUVELLE}&structure={structure.pk}"))
    assert f'value="{structure.nom} ({structure.commune.nom})"' in page
    client.post(NOUVELLE, saisie(structure=structure.nom))
    annonce = Annonce.objects.get()
    client.post(reverse("ressources:annonce_soumettre", args=[annonce.pk]))
    annonce.refresh_from_db()
    assert (annonce.etat, annonce.structure, annonce.auteur) == ("publiee", structure, animateur)
    proposees = client.get(reverse("ressources:structures_suggestions"), {"structure": structure.nom[:9]})
    assert structure.nom in texte(proposees)


def test_une_structure_d_autrui_est_refusee(connecte):
    autre = StructureFactory()
    connecte.post(NOUVELLE, saisie(structure=str(autre.pk)))
    assert not Annonce.objects.filter(structure=autre).exists()


def test_supprimer_un_brouillon_et_lui_seul(connecte, structure):
    for etat, reste in [("brouillon", False), ("publiee", True)]:
        annonce = AnnonceFactory(structure=structure, etat=etat)
        connecte.post(reverse("ressources:annonce_modifier", args=[annonce.pk]), {"geste": "supprimer"})
        assert Annonce.objects.filter(pk=annonce.pk).exists() == reste


def test_dupliquer_deux_fois_le_meme_bouton_ne_fait_qu_une_copie(connecte, structure):
    annonce = AnnonceFactory(structure=structure)
    url, cle = reverse("ressources:annonce_dupliquer", args=[annonce.pk]), str(uuid.uuid4())
    assert connecte.post(url, {"cle": cle}).url == connecte.post(url, {"cle": cle}).url
    assert Annonce.objects.count() == 2


# The draft that saves itself


def sauver(client, cle, **donnees):
    url = reverse("ressources:brouillon", args=[cle])
    return client.post(f"{url}?sens=offre&nature=materiel", {"cle": str(cle), **donnees})


def test_le_brouillon_s_enregistre_pendant_la_saisie(connecte, structure):
    cle = uuid.uuid4()
    assert sauver(connecte, cle).json() == {"message": ""}
    assert Annonce.objects.count() == 0, "nothing typed, nothing made"
    lu = sauver(connecte, cle, titre="Vingt", mode="vente", prix="1 2x").json()
    assert re.fullmatch(r"Brouillon enregistré à \d{1,2} h \d\d, sauf : prix \(€\)", lu["message"])
    assert lu["ignores"] == ["prix"]
    lu = sauver(connecte, cle, titre="Vingt chaises", mode="vente", prix="12,5", version=lu["version"]).json()
    assert lu["ignores"] == []
    annonce = Annonce.objects.get()
    assert (annonce.titre, annonce.prix, annonce.structure) == ("Vingt chaises", 12.5, structure)
    envoi = connecte.post(NOUVELLE, saisie(cle=str(cle), version=lu["version"]))
    assert envoi.url == reverse("ressources:annonce_apercu", args=[annonce.pk])
    assert Annonce.objects.count() == 1


def test_une_session_terminee_ne_perd_rien(client):
    reponse = sauver(client, uuid.uuid4(), titre="Vingt chaises")
    assert reponse.status_code == 403
    assert reponse.json()["connexion"] is True
    assert "votre saisie reste dans ce navigateur" in reponse.json()["message"]


def test_le_brouillon_de_deux_personnes_ne_s_ecrase_pas(connecte, structure):
    cle = uuid.uuid4()
    ancienne = sauver(connecte, cle, titre="Vingt").json()["version"]
    sauver(connecte, cle, titre="Trente", version=ancienne)
    reponse = sauver(connecte, cle, titre="Dix", version=ancienne)
    assert reponse.status_code == 409
    assert Annonce.objects.get().titre == "Trente"


def test_trop_de_sauvegardes_sont_refusees(connecte, monkeypatch):
    monkeypatch.setattr("ressources.views.brouillon.SAUVEGARDES", {"maximum": 2, "secondes": 3600})
    cle = uuid.uuid4()
    codes = [sauver(connecte, cle, titre=f"Titre {n}").status_code for n in range(3)]
    assert codes == [200, 200, 429]
    assert Annonce.objects.get().titre == "Titre 1"


# Lists


def test_mes_annonces_disent_ce_qu_elles_attendent(connecte, structure):
    demain = timezone.localdate() + timedelta(days=1)
    hier = timezone.localdate() - timedelta(days=1)
    for etat in ["brouillon", "a_valider", "a_corriger", "publiee", "pourvue", "archivee"]:
        AnnonceFactory(
            structure=structure, etat=etat, titre=f"Annonce {etat}", motif="Dites l'état." * (etat[0] == "a")
        )
    AnnonceFactory(structure=structure, titre="Annonce expirée", expire_le=hier)
    AnnonceFactory(structure=structure, titre="Annonce bientôt", expire_le=demain)
    AnnonceFactory(titre="Celle d'une autre structure")
    page = texte(connecte.get("/offres-et-besoins/mes-annonces/"))
    titres = re.findall(r'id="groupe-(\w+)"', page)
    assert titres == ["a_corriger", "brouillon", "expiree", "bientot", "a_valider", "publiee", "close"]
    assert "Encore 1 jour," in page
    assert "Encore 90 jours," in page
    assert "Annonce archivee" not in page
    assert "Celle d'une autre structure" not in page


def test_un_membre_les_voit_sans_pouvoir_agir(client, membre, structure):
    AnnonceFactory(structure=structure, titre="Vingt chaises")
    client.force_login(membre)
    page = texte(client.get("/offres-et-besoins/mes-annonces/"))
    assert "Vingt chaises" in page
    assert "Dupliquer" not in page


def test_mes_annonces_en_requetes_constantes(connecte, structure, nombre_de_requetes):
    AnnonceFactory(structure=structure)
    une = nombre_de_requetes(lambda: connecte.get("/offres-et-besoins/mes-annonces/"))
    for etat in ["brouillon", "a_valider", "a_corriger", "publiee", "publiee", "pourvue", "retiree"]:
        AnnonceFactory(structure=structure, etat=etat)
    assert nombre_de_requetes(lambda: connecte.get("/offres-et-besoins/mes-annonces/")) == une


def test_les_gestes_du_panneau_sont_ceux_des_referents(client, structure, referent, membre, animateur):
    annonce = AnnonceFactory(structure=structure)
    for qui, voit in [(None, False), (membre, False), (referent, True), (animateur, True)]:
        client.logout() if qui is None else client.force_login(qui)
        assert ('id="titre-gestion"' in texte(client.get(annonce.get_absolute_url()))) == voit
