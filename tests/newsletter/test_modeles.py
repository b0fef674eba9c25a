"""What the database itself refuses of the letter."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from newsletter.models import Abonne, Bloc, Desabonnement, Element, Envoi, Interets, MentionConsentement, Numero
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory
from tests.factories.newsletter import (
    AbonneFactory,
    BreveFactory,
    EnvoiFactory,
    MentionFactory,
    NumeroFactory,
    RenduFactory,
)
from tests.factories.ressources import AnnonceFactory
from tests.newsletter.garniture import garnir_lettre, modeles_vides

pytestmark = pytest.mark.django_db
MAINTENANT = timezone.now()


def refuse(contrainte: str, faire, *args, **kwargs):
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        faire(*args, **kwargs)
        connection.check_constraints()


def test_every_model_has_a_row_in_the_tests_that_erase_merge_and_restore():
    garnir_lettre(StructureFactory())
    assert modeles_vides() == set()


# -- subscribers


@pytest.mark.parametrize(
    ("contrainte", "valeurs"),
    [
        ("abonne_courriel_minuscules", {"courriel": "Lea@example.org"}),
        ("abonne_courriel_donne", {"courriel": ""}),
        ("abonne_etat_connu", {"etat": "ailleurs"}),
        ("abonne_confirmation_datee", {"confirme_le": None}),
        ("abonne_confirmation_datee", {"etat": "en_attente", "confirme_le": MAINTENANT}),
        ("abonne_suspension_dite", {"etat": "suspendu", "suspension": ""}),
        ("abonne_suspension_dite", {"suspension": "rebond"}),
        ("abonne_preuve_du_consentement", {"mention": None}),
        ("abonne_preuve_du_consentement", {"formulaire": "import"}),
    ],
)
def test_subscriber_refused(contrainte, valeurs):
    refuse(contrainte, AbonneFactory, **valeurs)


def test_one_subscription_per_address():
    AbonneFactory(courriel="lea@example.org")
    refuse("courriel", AbonneFactory, courriel="lea@example.org")


@pytest.mark.parametrize("empreinte", ["lea@example.org", "A" * 64, "a" * 63])
def test_who_left_is_a_hash_and_nothing_else(empreinte):
    refuse("desabonnement_empreinte", Desabonnement.objects.create, empreinte=empreinte, voie="lien")


def test_accepted_wording_no_longer_changes():
    mention = MentionFactory()
    MentionConsentement.objects.filter(pk=mention.pk).update(texte="Autre chose")
    AbonneFactory(mention=mention)
    refuse("mention_figee", MentionConsentement.objects.filter(pk=mention.pk).update, texte="Encore autre chose")
    refuse("mention_figee", MentionConsentement.objects.filter(pk=mention.pk).update, version=7)


def test_wording_accepted_by_who_left_no_longer_changes():
    mention = MentionFactory()
    Desabonnement.objects.create(empreinte="a" * 64, voie="lien", mention=mention)
    refuse("mention_figee", MentionConsentement.objects.filter(pk=mention.pk).update, texte="Autre chose")


def test_same_choices_share_one_row():
    commune, activites = CommuneFactory(), [ActiviteFactory(), ActiviteFactory()]
    un = Interets.objects.pour(natures=["local", "materiel"], activites=activites, commune=commune, rayon_km=20)
    autre = Interets.objects.pour(
        natures=["materiel", "local", "local"], activites=activites[::-1], commune=commune.pk, rayon_km=20
    )
    assert un == autre
    assert set(un.activites.all()) == set(activites)
    assert Interets.objects.pour(commune=commune) == Interets.objects.pour(rayon_km=5) == Interets.objects.pour()


def test_radius_needs_a_commune():
    refuse("interets_commune_et_rayon", Interets.objects.create, cle="x", rayon_km=3)
    refuse("interets_commune_et_rayon", Interets.objects.create, cle="z", commune=CommuneFactory())
    refuse("interets_natures_connues", Interets.objects.create, cle="y", natures=["chose"])


# -- issues


@pytest.mark.parametrize(
    ("contrainte", "valeurs"),
    [
        ("numero_etat_connu", {"etat": "parti"}),
        ("numero_sujet_donne", {"etat": "programme", "sujet": ""}),
        ("numero_programme_date", {"etat": "programme", "programme_le": None}),
        ("numero_lance_complet", {"etat": "en_cours", "rang": None}),
        ("numero_lance_complet", {"etat": "en_cours", "prevus": None}),
        ("numero_rang_a_l_envoi", {"rang": 3}),
        ("numero_suspension_dite", {"etat": "suspendu", "suspension": ""}),
        ("numero_suspension_dite", {"suspension": "equipe"}),
        ("numero_termine_date", {"etat": "termine", "termine_le": None}),
        ("numero_termine_date", {"termine_le": MAINTENANT}),
        ("numero_annule_date", {"etat": "annule", "annule_le": None}),
        ("numero_debit_positif", {"debit": 0}),
    ],
)
def test_issue_refused(contrainte, valeurs):
    refuse(contrainte, NumeroFactory, **valeurs)


def test_two_blocks_never_share_a_place_but_may_swap():
    numero = NumeroFactory()
    un = Bloc.objects.create(numero=numero, genre="texte", ordre=0)
    deux = Bloc.objects.create(numero=numero, genre="texte", ordre=1)
    refuse("bloc_ordre_unique", Bloc.objects.filter(pk=deux.pk).update, ordre=0)
    with transaction.atomic():
        Bloc.objects.filter(pk=un.pk).update(ordre=1)
        Bloc.objects.filter(pk=deux.pk).update(ordre=0)
        connection.check_constraints()


def test_one_block_per_kind_of_news():
    numero = NumeroFactory()
    Bloc.objects.create(numero=numero, genre="offres", ordre=0)
    refuse("bloc_un_par_genre", Bloc.objects.create, numero=numero, genre="offres", ordre=1)


def test_element_points_to_one_object_the_one_it_names():
    numero = NumeroFactory()
    bloc = Bloc.objects.create(numero=numero, genre="offres", ordre=0)
    commun = {"numero": numero, "bloc": bloc}
    refuse("element_un_objet", Element.objects.create, sorte="annonce", **commun)
    refuse("element_un_objet", Element.objects.create, sorte="annonce", structure=StructureFactory(), **commun)
    annonce = AnnonceFactory()
    refuse("element_un_objet", Element.objects.create, sorte="annonce", annonce=annonce, breve=BreveFactory(), **commun)
    Element.objects.create(sorte="annonce", annonce=annonce, **commun)
    refuse("element_annonce_une_fois", Element.objects.create, sorte="annonce", annonce=annonce, ordre=1, **commun)


@pytest.mark.parametrize(
    ("contrainte", "valeurs"),
    [
        ("breve_titre", {"titre": ""}),
        ("breve_600_caracteres", {"texte": "é" * 601}),
        ("breve_publiee_datee", {"publiee_le": None}),
        ("breve_soumise_datee", {"etat": "a_valider", "soumise_le": None}),
        ("breve_close_datee", {"etat": "retiree", "close_le": None}),
        ("breve_photo_decrite", {"photo": "breves/x.jpg", "vignette": "breves/y.jpg"}),
        ("breve_etat_connu", {"etat": "perdue"}),
    ],
)
def test_news_refused(contrainte, valeurs):
    refuse(contrainte, BreveFactory, **valeurs)


# -- the ledger


@pytest.mark.parametrize(
    ("contrainte", "valeurs"),
    [
        ("envoi_etat_connu", {"etat": "vu"}),
        ("envoi_saute_dit", {"etat": "saute"}),
        ("envoi_saute_dit", {"motif": "annule"}),
        ("envoi_rendu_donne", {"rendu": None}),
        ("envoi_en_vol_tenu", {"etat": "en_vol", "en_vol_depuis": MAINTENANT}),
        ("envoi_en_vol_tenu", {"etat": "parti", "parti_le": MAINTENANT, "ouvrier": 3}),
        ("envoi_prise_datee", {"ouvrier": 5}),
        ("envoi_parti_date", {"etat": "parti"}),
        ("envoi_differe_date", {"etat": "differe"}),
        ("envoi_differe_date", {"prochaine_le": MAINTENANT}),
    ],
)
def test_recipient_refused(contrainte, valeurs):
    refuse(contrainte, EnvoiFactory, **valeurs)


def test_one_row_per_issue_and_subscriber():
    envoi = EnvoiFactory()
    refuse("envoi_un_par_abonne", EnvoiFactory, numero=envoi.numero, abonne=envoi.abonne, rendu=envoi.rendu)


def test_row_outlives_its_subscriber():
    envoi = EnvoiFactory()
    envoi.abonne.delete()
    assert Envoi.objects.get(pk=envoi.pk).abonne is None


ETATS = {
    "pret": {},
    "en_vol": {"ouvrier": 5, "pris_le": MAINTENANT, "en_vol_depuis": MAINTENANT},
    "parti": {"parti_le": MAINTENANT},
    "incertain": {},
    "differe": {"prochaine_le": MAINTENANT},
    "rejete": {},
    "plainte": {"parti_le": MAINTENANT},
    "saute": {"motif": "annule"},
}
VIDE = {"ouvrier": None, "en_vol_depuis": None, "prochaine_le": None, "motif": ""}
INTERDITS = {
    ("parti", "pret"), ("parti", "en_vol"), ("parti", "incertain"), ("parti", "differe"), ("parti", "saute"),
    ("plainte", "pret"), ("plainte", "en_vol"), ("plainte", "incertain"), ("plainte", "differe"), ("plainte", "saute"),
    ("incertain", "pret"), ("incertain", "en_vol"), ("incertain", "differe"), ("incertain", "saute"),
    ("rejete", "en_vol"), ("rejete", "parti"), ("rejete", "incertain"), ("rejete", "differe"), ("rejete", "saute"),
    ("differe", "en_vol"), ("saute", "en_vol"),
    ("pret", "parti"), ("differe", "parti"), ("saute", "parti"), ("plainte", "parti"),
    ("en_vol", "en_vol"),
}  # fmt: skip


@pytest.mark.parametrize("depart", ETATS)
@pytest.mark.parametrize("arrivee", ETATS)
def test_each_move_of_a_recipient(depart, arrivee):
    envoi = EnvoiFactory(etat=depart, **ETATS[depart])
    bouger = Envoi.objects.filter(pk=envoi.pk).update
    if (depart, arrivee) in INTERDITS:
        refuse("envoi_jamais_deux_fois", bouger, etat=arrivee, **(VIDE | ETATS[arrivee]))
    else:
        assert bouger(etat=arrivee, **(VIDE | ETATS[arrivee])) == 1


def test_uncertain_leaves_again_on_a_decision_only():
    envoi = EnvoiFactory(etat="incertain")
    assert Envoi.objects.filter(pk=envoi.pk).update(etat="pret", decide_le=MAINTENANT) == 1


@pytest.mark.parametrize("etat", ["pret", "en_vol", "differe", "incertain"])
def test_issue_is_not_finished_while_a_recipient_waits(etat):
    numero = NumeroFactory(etat="en_cours", prevus=1)
    envoi = EnvoiFactory(numero=numero, etat=etat, **ETATS[etat])
    finir = Numero.objects.filter(pk=numero.pk).update
    refuse("numero_solde", finir, etat="termine", termine_le=MAINTENANT)
    if etat == "incertain":
        Envoi.objects.filter(pk=envoi.pk).update(decide_le=MAINTENANT)
        assert finir(etat="termine", termine_le=MAINTENANT) == 1


def test_issue_is_not_finished_when_a_recipient_is_missing():
    numero = NumeroFactory(etat="en_cours", prevus=2)
    EnvoiFactory(numero=numero, etat="parti", parti_le=MAINTENANT)
    refuse("numero_solde", Numero.objects.filter(pk=numero.pk).update, etat="termine", termine_le=MAINTENANT)
    EnvoiFactory(numero=numero, etat="saute", motif="desabonne", rendu=None)
    assert Numero.objects.filter(pk=numero.pk).update(etat="termine", termine_le=MAINTENANT) == 1


def test_one_whole_rendering_per_issue():
    rendu = RenduFactory(complet=True)
    refuse("rendu_complet_unique", RenduFactory, numero=rendu.numero, complet=True)
    refuse("rendu_une_fois", RenduFactory, numero=rendu.numero, cle=rendu.cle)


def test_unconfirmed_are_found_after_thirty_days():
    vieux = AbonneFactory(etat="en_attente")
    AbonneFactory(etat="en_attente", consenti_le=MAINTENANT)
    AbonneFactory()
    assert list(Abonne.objects.perimes(MAINTENANT - timedelta(days=30))) == [vieux]


def test_state_machine_of_the_docstring_names_every_state():
    for modele in (Abonne, Numero, Envoi):
        assert set(modele.Etat.values) <= set(re.findall(r"\w+", modele.__doc__))
