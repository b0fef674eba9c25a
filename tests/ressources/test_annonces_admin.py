"""Moderating announcements in the admin: pages, by role; acts × states; reports; trust; words; the home."""

import uuid
from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Structure
from pole_ess.socle.models import Courriel
from ressources.actions import moderation, publication, signalements
from ressources.attentes_annonces import des_annonces
from ressources.models import (
    Annonce,
    Calendrier,
    Categorie,
    MotDeVigilance,
    ReglagesStructure,
    SignalementAnnonce,
)
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory, CategorieFactory, MiseEnRelationFactory
from tests.ressources.garniture import garnir
from tests.ressources.test_lots_fils import ensemble

pytestmark = pytest.mark.django_db
MODELES = [Annonce, Calendrier, Categorie, MotDeVigilance, ReglagesStructure, SignalementAnnonce]
ARRIVEES = {
    "publier": {"a_corriger": "publiee", "a_valider": "publiee", "archivee": "publiee"},
    "demander_correction": {"a_valider": "a_corriger"},
    "refuser": {"a_valider": "refusee", "a_corriger": "refusee"},
    "remettre_en_validation": {"publiee": "a_valider"},
    "retirer": {"a_valider": "retiree", "a_corriger": "retiree", "publiee": "retiree"},
    "rouvrir": {"pourvue": "publiee", "retiree": "publiee"},
    "archiver": dict.fromkeys(("publiee", "pourvue", "retiree", "refusee"), "archivee"),
}
MOTIF = "Il manque les jours."


def annonce_(etat, **valeurs):
    return AnnonceFactory(
        etat=etat, **({"publiee_le": timezone.now()} if etat in ("retiree", "pourvue") else {}), **valeurs
    )


def acte(annonce, nom):
    return reverse("admin:ressources_annonce_acte", args=[annonce.pk, nom])


def liste(modele="annonce", suite=""):
    return reverse(f"admin:ressources_{modele}_changelist") + suite


def page(objet):
    return reverse(f"admin:ressources_{objet._meta.model_name}_change", args=[objet.pk])


def signalement(annonce, **valeurs):
    valeurs = {"genre": "trompeuse", "texte": "Prix faux", "courriel": "claude@example.org"} | valeurs
    return SignalementAnnonce.objects.create(annonce=annonce, cle=uuid.uuid4(), **valeurs)


# --- every page, by every role -----------------------------------------------------------------------------------


def urls_de(modele):
    nom = f"admin:ressources_{modele._meta.model_name}"
    premier = modele._base_manager.order_by("pk").first()
    vues = ["change", "history"] if hasattr(modele, "history") else ["change"]
    versions = modele.history.filter(**{modele._meta.pk.name: premier.pk}) if hasattr(modele, "history") else []
    return [
        reverse(f"{nom}_changelist"),
        reverse(f"{nom}_changelist") + "?q=x'%25y&p=99999&o=1.-2&e=9",
        reverse(f"{nom}_add"),
        *[reverse(f"{nom}_{vue}", args=[premier.pk]) for vue in vues],
        *[reverse(f"{nom}_simple_history", args=[premier.pk, version.pk]) for version in versions[:1]],
        *[reverse(f"{nom}_change", args=[cle]) for cle in ("0", "x'")],
    ]


@pytest.mark.parametrize("modele", MODELES, ids=lambda modele: modele.__name__)
@pytest.mark.parametrize("role", ["animateur", "administrateur"])
def test_no_page_breaks(client, request, structure, role, modele):
    garnir(structure)
    client.force_login(request.getfixturevalue(role))
    codes = {}
    for url in urls_de(modele):
        reponse = client.get(url)
        codes[url] = reponse.status_code
        assert reponse.status_code in (200, 302, 403), url
        if reponse.status_code == 200:
            assert b"style=" not in reponse.content, url
            assert b"<script>" not in reponse.content, url
    assert list(codes.values()).count(200) >= 3, codes


@pytest.mark.parametrize("modele", MODELES, ids=lambda modele: modele.__name__)
@pytest.mark.parametrize("role", ["visiteur", "membre", "referent"])
def test_closed_to_who_is_not_of_the_staff(client, request, structure, role, modele):
    garnir(structure)
    if role != "visiteur":
        client.force_login(request.getfixturevalue(role))
    for url in urls_de(modele):
        reponse = client.get(url)
        assert (reponse.status_code, reponse.url.split("?")[0]) == (302, reverse("admin:login")), url


def test_staff_without_the_group_may_nothing(client):
    annonce, recu = annonce_("a_valider"), signalement(annonce_("publiee"))
    client.force_login(UtilisateurFactory(is_staff=True))
    confiance = reverse("admin:ressources_reglagesstructure_confiance", args=[annonce.structure_id, "accorder"])
    urls = [acte(annonce, "publier"), confiance]
    urls += [reverse(f"admin:ressources_signalementannonce_{a}", args=[recu.pk]) for a in ("traiter", "sans_suite")]
    for url in urls:
        assert client.post(url, {"motif": MOTIF, "reponse": MOTIF}).status_code == 403, url
    annonce.refresh_from_db()
    recu.refresh_from_db()
    assert (annonce.etat, recu.etat, ReglagesStructure.objects.count()) == ("a_valider", "a_traiter", 0)


@pytest.mark.parametrize("role", ["membre", "referent"])
def test_acts_are_for_the_staff(client, request, role):
    annonce = annonce_("a_valider")
    client.force_login(request.getfixturevalue(role))
    assert client.post(acte(annonce, "publier")).status_code == 302
    annonce.refresh_from_db()
    assert annonce.etat == "a_valider"


def test_secrets_are_never_shown(client, administrateur, structure):
    garnir(structure)
    client.force_login(administrateur)
    for objet in (ReglagesStructure.objects.get(), Calendrier.objects.first()):
        assert objet.jeton_agenda not in client.get(page(objet)).content.decode()


# --- acts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("etat", Annonce.Etat.values)
@pytest.mark.parametrize("role", ["animateur", "administrateur"])
def test_the_page_offers_the_acts_of_its_state(client, request, role, etat):
    annonce = annonce_(etat)
    client.force_login(request.getfixturevalue(role))
    html = client.get(page(annonce)).content.decode()
    attendus = {nom for nom, arrivees in ARRIVEES.items() if etat in arrivees}
    assert {nom for nom in [*ARRIVEES, "relire"] if acte(annonce, nom) in html} == attendus
    assert 'name="titre"' not in html


@pytest.mark.parametrize("etat", [etat for etat in Annonce.Etat.values if etat != "brouillon"])
@pytest.mark.parametrize("nom", ARRIVEES)
def test_acts_change_nothing_on_get_and_act_on_post(client, animateur, nom, etat):
    annonce = annonce_(etat)
    client.force_login(animateur)
    assert client.get(acte(annonce, nom)).status_code == 200
    assert Annonce.objects.get().etat == etat
    arrivee = ARRIVEES[nom].get(etat)
    reponse = client.post(acte(annonce, nom), {"motif": MOTIF})
    annonce.refresh_from_db()
    if arrivee is None:
        assert (reponse.status_code, annonce.etat) == (200, etat)
        assert "ce n&#x27;est pas possible" in reponse.content.decode()
        assert Courriel.objects.count() == 0
    else:
        assert (reponse.status_code, annonce.etat) == (302, arrivee)
        assert annonce.history.first().history_user == animateur
        assert client.get(reponse.url).status_code == 200


@pytest.mark.parametrize("nom", ["demander_correction", "refuser", "retirer", "remettre_en_validation", "archiver"])
def test_the_reason_is_mailed_to_its_structure(client, animateur, nom):
    etat = "a_valider" if nom in ("demander_correction", "refuser") else "publiee"
    referent = RattachementFactory(role="referent")
    annonce = annonce_(etat, structure=referent.structure)
    client.force_login(animateur)
    client.post(acte(annonce, nom), {"motif": MOTIF})
    courriel = Courriel.objects.get()
    assert courriel.destinataire == referent.utilisateur.email
    assert MOTIF in courriel.texte


@pytest.mark.parametrize("nom", ["demander_correction", "refuser", "remettre_en_validation"])
def test_without_a_reason_nothing_is_done(client, animateur, nom):
    etat = "publiee" if nom == "remettre_en_validation" else "a_valider"
    annonce = annonce_(etat)
    client.force_login(animateur)
    assert client.post(acte(annonce, nom), {"motif": "  "}).status_code == 200
    assert (Annonce.objects.get().etat, Courriel.objects.count()) == (etat, 0)


def test_an_unknown_act_is_not_found(client, animateur):
    client.force_login(animateur)
    assert client.post(acte(annonce_("publiee"), "effacer")).status_code == 404


def test_an_edit_is_marked_as_read(client, animateur):
    annonce = annonce_("publiee", a_relire_depuis=timezone.now())
    client.force_login(animateur)
    assert acte(annonce, "relire") in client.get(page(annonce)).content.decode()
    assert client.post(acte(annonce, "relire")).status_code == 302
    annonce.refresh_from_db()
    assert (annonce.a_relire_depuis, annonce.etat, Courriel.objects.count()) == (None, "publiee", 0)
    assert "déjà relue" in client.post(acte(annonce, "relire")).content.decode()


def test_whoever_waited_is_told_when_staff_take_it_off(client, animateur):
    relation = MiseEnRelationFactory()
    client.force_login(animateur)
    client.post(acte(relation.annonce, "retirer"), {"motif": MOTIF})
    relation.refresh_from_db()
    assert relation.etat == "declinee"
    assert MOTIF not in Courriel.objects.get(destinataire=relation.structure.courriel).texte


def test_many_published_or_read_at_once_the_others_are_left(client, animateur):
    attendent = [annonce_("a_valider") for _ in range(2)]
    refusee, modifiee = annonce_("refusee"), annonce_("publiee", a_relire_depuis=timezone.now())
    client.force_login(animateur)
    choisies = [annonce.pk for annonce in (*attendent, refusee, modifiee)]
    for action in ("publier_la_selection", "relire_la_selection"):
        reponse = client.post(liste(), {"action": action, "_selected_action": choisies}, follow=True)
        assert "Laissées comme elles étaient" in reponse.content.decode()
    assert sorted(Annonce.objects.values_list("etat", flat=True)) == ["publiee"] * 3 + ["refusee"]
    assert not Annonce.objects.a_relire().exists()


# --- the list ----------------------------------------------------------------------------------------------------


def titres(client, suite) -> set:
    return set(client.get(liste(suite=suite)).context["cl"].queryset.values_list("titre", flat=True))


def test_filters_are_the_questions_of_the_staff(client, animateur, structure):
    aujourdhui = timezone.localdate()
    moderation.faire_confiance(structure, par=animateur)
    annonce_("a_valider", titre="attend", vigilance=["alcool"])
    annonce_("publiee", titre="modifiée", a_relire_depuis=timezone.now(), structure=structure)
    signalement(annonce_("publiee", titre="signalée"))
    signalements.traiter(signalement(annonce_("publiee", titre="répondue")), par=animateur)
    annonce_("publiee", titre="bientôt", expire_le=aujourdhui + timedelta(days=14))
    annonce_("publiee", titre="expirée", expire_le=aujourdhui - timedelta(days=1))
    annonce_("a_corriger", titre="corrigée")
    client.force_login(animateur)
    for travail, attendues in {
        "a_valider": {"attend"},
        "vigilance": {"attend"},
        "a_relire": {"modifiée"},
        "signalees": {"signalée"},
        "expirent": {"bientôt"},
        "expirees": {"expirée"},
        "corrections": {"corrigée"},
    }.items():
        assert titres(client, f"?travail={travail}") == attendues, travail
    assert titres(client, "?confiance=oui") == {"modifiée"}
    assert "modifiée" not in titres(client, "?confiance=non")
    assert len(titres(client, "?travail=inconnu")) == 7
    for suite in ("?territoire=oui", "?territoire=non", "?sens__exact=besoin", "?nature__exact=local"):
        assert client.get(liste(suite=suite)).status_code == 200


def test_what_waits_longest_is_on_top(client, animateur):
    heures = timezone.now()
    annonce_("publiee", titre="rien")
    annonce_("a_valider", titre="hier", soumise_le=heures - timedelta(days=1))
    annonce_("publiee", titre="modifiée", a_relire_depuis=heures - timedelta(days=2))
    annonce_("a_valider", titre="vieille", soumise_le=heures - timedelta(days=9))
    client.force_login(animateur)
    reponse = client.get(liste())
    assert [annonce.titre for annonce in reponse.context["cl"].result_list] == ["vieille", "modifiée", "hier", "rien"]
    html = reponse.content.decode()
    assert "à valider, il y a 9 jours" in html
    assert f"au {timezone.localdate() + timedelta(days=90):%d/%m/%Y}" in html


def test_searched_by_words_and_structure_accents_or_not(client, animateur):
    annonce_("publiee", titre="Vidéoprojecteur", structure=StructureFactory(nom="Les Échelles"))
    annonce_("publiee", titre="Barnum")
    client.force_login(animateur)
    for mots in ("videoprojecteur", "ECHELLES", "vidéo échelles"):
        assert titres(client, f"?q={mots}") == {"Vidéoprojecteur"}, mots
    assert titres(client, "?q=barnum échelles") == set()


@pytest.mark.parametrize("nombre", [1, 8])
def test_lists_cost_the_same_whatever_their_length(client, animateur, nombre, django_assert_num_queries):
    for annonce in AnnonceFactory.create_batch(nombre, etat="a_valider"):
        signalement(annonce)
        moderation.faire_confiance(annonce.structure, par=animateur)
    client.force_login(animateur)
    for modele, requetes in [("annonce", 7), ("signalementannonce", 7), ("reglagesstructure", 7)]:
        client.get(liste(modele))
        with django_assert_num_queries(requetes):
            assert client.get(liste(modele, "?q=a")).status_code == 200


def test_staff_write_for_a_structure_on_the_portal(client, animateur):
    client.force_login(animateur)
    for url in (liste(), reverse("admin:index")):
        html = client.get(url).content.decode()
        assert "Écrire une annonce au nom d&#x27;une structure" in html or (
            "Écrire une annonce au nom d'une structure" in html
        )
        assert reverse("ressources:annonce_creer") in html
    assert client.get(reverse("admin:ressources_annonce_add")).status_code == 403
    assert client.get(reverse("ressources:annonce_creer")).status_code == 200


def test_its_page_shows_photos_reports_words_and_leads_to_the_portal(client, animateur, structure):
    garnir(structure)
    annonce = Annonce.objects.get(titre="Vidéoprojecteur")
    Annonce.objects.filter(pk=annonce.pk).update(vigilance=["alcool"])
    client.force_login(animateur)
    html = client.get(page(annonce)).content.decode()
    assert "L&#x27;appareil sur une table" in html
    assert page(annonce.signalements.get()) in html
    assert "Mots de vigilance" in html
    assert annonce.get_absolute_url() in html
    assert reverse("ressources:annonce_modifier", args=[annonce.pk]) in html
    historique = reverse("admin:ressources_annonce_history", args=[annonce.pk])
    assert historique in html
    assert client.get(historique).status_code == 200


# --- reports -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("nom", "etat"), [("traiter", "traite"), ("sans_suite", "rejete")])
def test_a_report_is_answered_by_mail(client, animateur, nom, etat):
    recu = signalement(annonce_("publiee"))
    url = reverse(f"admin:ressources_signalementannonce_{nom}", args=[recu.pk])
    client.force_login(animateur)
    html = client.get(page(recu)).content.decode()
    assert url in html
    assert page(recu.annonce) in html
    assert client.get(url).status_code == 200
    assert client.post(url, {"reponse": "Nous avons vérifié."}).url == liste(
        "signalementannonce", "?etat__exact=a_traiter"
    )
    recu.refresh_from_db()
    assert (recu.etat, recu.traite_par, recu.reponse) == (etat, animateur, "Nous avons vérifié.")
    courriel = Courriel.objects.get()
    assert courriel.destinataire == "claude@example.org"
    assert "Nous avons vérifié." in courriel.texte
    assert "déjà clos" in client.post(url, {"reponse": "Encore"}).content.decode()
    assert url not in client.get(page(recu)).content.decode()


def test_without_a_word_a_report_is_not_dismissed(client, animateur):
    recu = signalement(annonce_("publiee"))
    client.force_login(animateur)
    url = reverse("admin:ressources_signalementannonce_sans_suite", args=[recu.pk])
    assert client.post(url, {"reponse": " "}).status_code == 200
    recu.refresh_from_db()
    assert recu.etat == "a_traiter"


# --- trust and words ---------------------------------------------------------------------------------------------


def test_a_structure_is_trusted_then_not_and_told(client, animateur, structure, referent):
    client.force_login(animateur)
    accorder, retirer = (
        reverse("admin:ressources_reglagesstructure_confiance", args=[structure.pk, a]) for a in ("accorder", "retirer")
    )
    annonce = annonce_("publiee", structure=structure)
    assert accorder in client.get(page(annonce)).content.decode()
    assert client.get(accorder).status_code == 200
    assert client.post(accorder).status_code == 302
    reglages = ReglagesStructure.objects.get()
    assert (reglages.de_confiance, reglages.confiance_par) == (True, animateur)
    assert publication.soumettre(annonce_("brouillon", structure=structure), par=referent).etat == "publiee"
    assert "déjà une structure de confiance" in client.post(accorder).content.decode()
    assert retirer in client.get(page(annonce)).content.decode()
    assert retirer in client.get(page(reglages)).content.decode()
    assert client.post(retirer, {"motif": ""}).status_code == 200
    assert client.post(retirer, {"motif": "Deux annonces trompeuses."}).status_code == 302
    reglages.refresh_from_db()
    assert not reglages.de_confiance
    textes = list(Courriel.objects.order_by("pk").values_list("destinataire", "texte"))
    assert [destinataire for destinataire, _ in textes] == [referent.email] * 2
    assert "Deux annonces trompeuses." in textes[1][1]
    assert client.get(accorder.replace("accorder", "autre")).status_code == 403


def test_trusted_from_the_list_of_structures(client, animateur, structure):
    client.force_login(animateur)
    ajouter = reverse("admin:ressources_reglagesstructure_add")
    assert client.get(ajouter).status_code == 200
    assert client.post(ajouter, {"structure": structure.pk}).status_code == 302
    assert ReglagesStructure.objects.get().confiance_par == animateur
    assert client.post(ajouter, {"structure": structure.pk}).status_code == 200  # it is in the list already
    assert ReglagesStructure.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_staff_trust_a_structure_at_once():
    structure, par = StructureFactory(), UtilisateurFactory(is_staff=True)
    erreurs = ensemble([lambda: moderation.faire_confiance(Structure.objects.get(pk=structure.pk), par=par)] * 3)
    assert len(erreurs) == 2
    assert (ReglagesStructure.objects.count(), Courriel.objects.count()) == (1, 1)


def test_a_new_word_lists_what_holds_it_without_hiding_it(client, animateur):
    tenue = annonce_("publiee", titre="Séance de voyance")
    annonce_("publiee", titre="Séance de cinéma")
    annonce_("retiree", titre="Voyances")
    client.force_login(animateur)
    ajouter = reverse("admin:ressources_motdevigilance_add")
    reponse = client.post(ajouter, {"expression": "voyance", "raison": "Hors sujet"}, follow=True)
    assert "1 annonce en ligne contient ce mot" in reponse.content.decode()
    assert list(Annonce.objects.a_relire()) == [tenue]
    tenue.refresh_from_db()
    assert (tenue.etat, tenue.vigilance) == ("publiee", ["voyance"])
    assert moderation.reperer("voyance") == 0


def test_words_and_categories_are_the_staff_s(client, animateur):
    categorie, mot = CategorieFactory(), MotDeVigilance.objects.create(expression="alcool")
    client.force_login(animateur)
    donnees = {"nature": "materiel", "nom": "Chaises", "slug": "chaises", "synonymes": "siège, fauteuil", "ordre": 3}
    assert client.post(page(categorie), donnees).status_code == 302
    categorie.refresh_from_db()
    assert categorie.synonymes == "siège, fauteuil"
    supprimer = reverse("admin:ressources_motdevigilance_delete", args=[mot.pk])
    assert client.post(supprimer, {"post": "yes"}).status_code == 302
    assert not MotDeVigilance.objects.exists()


# --- the home ----------------------------------------------------------------------------------------------------


def test_what_waits_is_counted_since_when_in_one_query(animateur, referent, django_assert_num_queries):
    avant = timezone.now() - timedelta(days=4)
    annonce_("a_valider", soumise_le=avant)
    annonce_("a_valider")
    annonce_("publiee", a_relire_depuis=avant)
    for genre in ("deplacee", "trompeuse", "autre", "deja_pourvue"):
        signalement(Annonce.objects.get(a_relire_depuis=avant), genre=genre)
    animateur.has_perm("ressources.change_annonce")
    with django_assert_num_queries(1):
        lignes = des_annonces(animateur)
    assert [(ligne.nombre, ligne.pressant) for ligne in lignes] == [(2, True), (2, True), (2, False), (1, False)]
    assert [lignes[1].depuis, lignes[3].depuis] == [avant, avant]
    assert all(ligne.depuis for ligne in lignes)
    assert des_annonces(referent) == []


def test_the_home_leads_to_what_waits(client, animateur, ouvrier_vivant):
    annonce_("a_valider")
    for genre in ("deplacee", "autre"):
        signalement(annonce_("publiee", a_relire_depuis=timezone.now()), genre=genre)
    client.force_login(animateur)
    accueil = client.get(reverse("admin:index"))
    titres_montres = {ligne.titre for ligne in accueil.context["attentes"]}
    attendus = {ligne.titre: ligne for ligne in des_annonces(animateur)}
    assert titres_montres == set(attendus)
    for ligne in attendus.values():
        reponse = client.get(ligne.url)
        assert (reponse.status_code, reponse.context["cl"].result_count) == (200, ligne.nombre), ligne.titre


def test_every_model_of_moderation_is_registered():
    assert {modele for modele in MODELES if modele not in admin.site._registry} == set()
