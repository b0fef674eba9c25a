"""The pages of the accounts of hours: opening, noting, answering, the statement, what is not told."""

import io
import re
import uuid
from datetime import date, timedelta
from decimal import Decimal

import page
import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle import liens
from pole_ess.socle.models import Courriel
from ressources.forms.heures import ProposerForm
from ressources.models import CompteHeures, EcritureHeures, OperationHeures
from ressources.views import heures_operations
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.heures import (
    CompteHeuresFactory,
    ComptePersonneFactory,
    OperationHeuresFactory,
    verifier_le_grand_livre,
)
from tests.factories.ressources import AnnonceFactory, MiseEnRelationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mien(structure, referent, client):
    client.force_login(referent)
    return CompteHeuresFactory(structure=structure)


@pytest.fixture
def autre(etranger):
    return CompteHeuresFactory(structure=etranger.rattachements.get().structure)


def note(**valeurs):
    return {
        "sens": "aidant", "heures": "1 h 30", "jour": timezone.localdate().isoformat(),
        "objet": "Peindre la salle", "cle": str(uuid.uuid4()), **valeurs,
    }  # fmt: skip


def proposer(client, compte, **valeurs):
    return client.post(reverse("ressources:heures_proposer", args=[compte.pk]), note(**valeurs))


def texte(reponse):
    return reponse.content.decode().replace("\u00a0", " ")


def test_opening_gives_the_credit_once_and_closing_keeps_the_balance(client, structure, referent):
    client.force_login(referent)
    ouvrir = reverse("ressources:heures_ouvrir")
    assert "5 h au départ" in texte(client.get(ouvrir))
    client.post(ouvrir, {"pour": str(structure.pk)})
    compte = CompteHeures.objects.get(structure=structure)
    assert (compte.solde, compte.plancher) == (5, -10)
    client.post(reverse("ressources:heures_fermer", args=[compte.pk]))
    compte.refresh_from_db()
    assert not compte.est_ouvert
    assert "Fermé depuis" in texte(client.get(reverse("ressources:heures")))
    client.post(ouvrir, {"pour": str(structure.pk)})
    compte.refresh_from_db()
    assert (compte.est_ouvert, compte.solde) == (True, 5)
    assert OperationHeures.objects.count() == 1


def test_a_closed_structure_or_somebody_elses_is_not_opened(client, referent, autre):
    client.force_login(referent)
    reponse = client.post(reverse("ressources:heures_ouvrir"), {"pour": str(StructureFactory().pk)})
    assert "Choisissez dans la liste." in texte(reponse)
    assert CompteHeures.objects.count() == 1


def test_noting_then_confirming_by_the_mailed_link_moves_both_accounts(client, mien, autre, etranger):
    proposer(client, mien, structure=autre.pk)
    operation = OperationHeures.objects.get()
    assert (operation.aidant, operation.aide, operation.heures) == (mien, autre, Decimal("1.5"))
    courriel = Courriel.objects.get()
    assert courriel.destinataire == etranger.email
    assert "1 h 30" in courriel.sujet.replace("\u00a0", " ")
    lien = re.search(r"(/offres-et-besoins/heures/lien/\S+)", courriel.texte)[1]
    client.logout()
    assert "1 h 30 à confirmer" in texte(client.get(lien))
    assert EcritureHeures.objects.count() == 0
    assert "Merci" in texte(client.post(lien, {"geste": "confirmer"}))
    client.post(lien, {"geste": "confirmer"})
    operation.refresh_from_db()
    assert (operation.etat, operation.decide_par) == ("confirmee", etranger)
    mien.refresh_from_db()
    assert mien.solde == Decimal("1.5")
    assert EcritureHeures.objects.count() == 2
    assert "Il n'y a plus rien à répondre" in texte(client.get(lien))
    assert Courriel.objects.filter(sujet__contains="a confirmé").count() == 1
    verifier_le_grand_livre()


def test_same_form_twice_notes_once_and_another_with_its_key_is_refused(client, mien, autre):
    cle = str(uuid.uuid4())
    for _ in range(2):
        assert proposer(client, mien, structure=autre.pk, cle=cle).status_code == 302
    assert OperationHeures.objects.count() == 1
    assert Courriel.objects.count() == 1
    assert "déjà servi" in texte(proposer(client, mien, structure=autre.pk, cle=cle, heures="4"))


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"heures": "1 h 10"}, "par quarts d&#x27;heure"),
        ({"heures": "beaucoup"}, "pas comprise"),
        ({"heures": "0"}, "Entre 15 minutes et 100 heures"),
        ({"heures": "1e400"}, "pas comprise"),
        ({"jour": "2999-01-01"}, "entre 2000 et 2100"),
        ({"jour": (date.today() + timedelta(days=2)).isoformat()}, "ce jour est à venir"),
        ({"jour": "2001-01-01"}, "plus d&#x27;un an"),
        ({"objet": ""}, "de quoi il s&#x27;agissait"),
        ({"sens": ""}, "si vous avez aidé"),
        ({"structure": ""}, "Dites avec qui"),
        ({"courriel": "x@example.org"}, "pas les deux"),
    ],
)
def test_bad_input_is_said_and_kept(client, mien, autre, valeurs, phrase):
    reponse = proposer(client, mien, **{"structure": autre.pk, "objet": "Repas commun", **valeurs})
    assert phrase in texte(reponse)
    assert "objet" in valeurs or "Repas commun" in texte(reponse)
    assert OperationHeures.objects.count() == 0


@pytest.mark.parametrize(
    ("ecrit", "heures"), [("1 h 30", "1.5"), ("45 min", "0.75"), ("2,5", "2.5"), ("2 heures", "2"), ("1h", "1")]
)
def test_hours_as_people_write_them(client, mien, autre, ecrit, heures):
    proposer(client, mien, structure=autre.pk, heures=ecrit)
    assert OperationHeures.objects.get().heures == Decimal(heures)


def test_a_person_is_found_by_their_exact_address_only_if_they_agree(client, mien):
    personne = ComptePersonneFactory(
        utilisateur__email="lou@example.org", utilisateur__nom="Lou Exemple", trouvable=True
    )
    cache = ComptePersonneFactory(utilisateur__email="max@example.org")
    assert "Lou" not in texte(client.get(reverse("ressources:heures_proposer", args=[mien.pk])))
    refus = [
        texte(proposer(client, mien, courriel=a)) for a in ("max@example.org", "rien@example.org", "lou@example.or")
    ]
    assert all(ProposerForm.INTROUVABLE.split(" :")[0] in page for page in refus)
    assert OperationHeures.objects.count() == 0
    assert not cache.trouvable
    proposer(client, mien, courriel="LOU@example.org")
    operation = OperationHeures.objects.get()
    assert operation.aide == personne
    # Its name is told once they have confirmed, not to whoever knows an address.
    assert "Lou Exemple" not in texte(client.get(operation.get_absolute_url()))
    client.force_login(personne.utilisateur)
    client.post(operation.get_absolute_url(), {"geste": "confirmer"})
    client.force_login(mien.structure.rattachements.get(role="referent").utilisateur)
    assert "Lou Exemple" in texte(client.get(operation.get_absolute_url()))


def test_looking_for_people_is_limited(client, mien, monkeypatch):
    monkeypatch.setitem(heures_operations.RECHERCHES, "maximum", 1)
    assert proposer(client, mien, courriel="a@example.org").status_code == 200
    reponse = proposer(client, mien, courriel="b@example.org")
    assert reponse.status_code == 429
    assert "b@example.org" in texte(reponse)


def test_the_floor_is_said_with_figures_to_its_holder_alone(client, mien, autre, etranger):
    operation = OperationHeuresFactory(aidant=autre, aide=mien, heures=Decimal("11"))
    page_de = texte(client.post(operation.get_absolute_url(), {"geste": "confirmer"}))
    assert "ne peut pas descendre sous −10 h" in page_de
    inverse = OperationHeuresFactory(aidant=autre, aide=mien, heures=Decimal("11"), propose_par_cote="aide")
    client.force_login(etranger)
    page_de = texte(client.post(inverse.get_absolute_url(), {"geste": "confirmer"}))
    assert "au plus bas" in page_de
    assert "−10" not in page_de
    assert EcritureHeures.objects.count() == 0


def test_contesting_says_why_and_staff_see_it(client, mien, autre, animateur):
    operation = OperationHeuresFactory(aidant=autre, aide=mien)
    url = operation.get_absolute_url()
    assert "ce qui n&#x27;est pas juste" in texte(client.post(url, {"geste": "contester"}))
    client.post(url, {"geste": "contester", "motif": "Seulement une heure"})
    operation.refresh_from_db()
    assert (operation.etat, operation.motif) == ("contestee", "Seulement une heure")
    assert "Seulement une heure" in Courriel.objects.get().texte
    client.force_login(animateur)
    assert "Heures d'entraide contestées" in client.get(reverse("admin:index")).content.decode().replace("&#x27;", "'")
    annuler = reverse("admin:ressources_operationheures_annuler", args=[operation.pk])
    client.post(annuler, {"motif": "Vous avez trouvé un accord."})
    operation.refresh_from_db()
    assert operation.etat == "annulee"


def test_a_correction_is_the_operation_the_other_way_round(client, mien, autre, etranger):
    operation = OperationHeuresFactory(aidant=mien, aide=autre, heures=Decimal("3"), etat="confirmee")
    client.post(
        operation.get_absolute_url(), {"geste": "corriger", "objet": "Noté deux fois", "cle": str(uuid.uuid4())}
    )
    correction = OperationHeures.objects.get(genre="correction")
    assert (correction.aidant, correction.aide, correction.heures) == (autre, mien, 3)
    client.force_login(etranger)
    client.post(correction.get_absolute_url(), {"geste": "confirmer"})
    mien.refresh_from_db()
    assert mien.solde == 0
    totaux = EcritureHeures.objects.de_la_famille(mien).totaux()
    assert (totaux["donne"], totaux["recu"]) == (0, 0)
    verifier_le_grand_livre()


def test_closing_waits_for_what_is_open(client, mien):
    OperationHeuresFactory(aidant=mien)
    assert "attendent encore une réponse" in texte(client.post(reverse("ressources:heures_fermer", args=[mien.pk])))
    mien.refresh_from_db()
    assert mien.est_ouvert


def test_from_a_concluded_conversation_the_form_is_filled(client, mien, autre):
    relation = MiseEnRelationFactory(
        annonce=AnnonceFactory(structure=mien.structure, titre="Vingt chaises"),
        structure=autre.structure,
        etat="conclue",
    )
    page_de = texte(client.get(reverse("ressources:heures_noter", args=[relation.pk]), follow=True))
    assert 'value="Vingt chaises"' in page_de
    assert f'<option value="{autre.pk}" selected>' in page_de
    url = f"{reverse('ressources:heures_proposer', args=[mien.pk])}?conversation={relation.pk}"
    client.post(url, note(structure=autre.pk))
    assert OperationHeures.objects.get().mise_en_relation == relation


def test_a_link_sent_to_who_has_left_no_longer_acts(client, mien, autre, etranger):
    operation = OperationHeuresFactory(aidant=mien, aide=autre)
    jeton = liens.signer("heures", {"o": operation.pk, "c": "aide", "u": etranger.pk})
    etranger.rattachements.all().delete()
    url = reverse("ressources:heures_lien", args=[jeton])
    assert client.get(url).status_code == 410
    assert client.post(url, {"geste": "confirmer"}).status_code == 410
    assert EcritureHeures.objects.count() == 0


def test_two_sheets_with_accounts_merged_show_one_history(client, mien, autre, animateur, referent):
    from annuaire.actions.fusion import fusionner

    OperationHeuresFactory(aidant=mien, etat="confirmee", objet="Avant la fusion")
    OperationHeuresFactory(aide=autre, heures=Decimal("5"), etat="confirmee")
    attente = OperationHeuresFactory(aide=mien)
    entre = OperationHeuresFactory(aidant=mien, aide=autre)
    fusionner(autre.structure, mien.structure, par=animateur)
    autre.refresh_from_db()
    attente.refresh_from_db()
    entre.refresh_from_db()
    assert (autre.solde, attente.aide, entre.etat) == (-3, autre, "annulee")
    page_de = texte(client.get(autre.get_absolute_url()))
    assert "Avant la fusion" in page_de
    assert "Vous avez reçu 3 h de plus que donné." in page_de
    verifier_le_grand_livre()


@pytest.fixture
def annee(mien, autre):
    OperationHeuresFactory(aidant=mien, aide=autre, etat="confirmee", passee_le=date(2025, 12, 30))
    OperationHeuresFactory(aidant=mien, aide=autre, heures=Decimal("1.5"), etat="confirmee", passee_le=date(2026, 3, 1))
    OperationHeuresFactory(
        aidant=autre, aide=mien, heures=Decimal("4"), objet="=2+3", etat="confirmee", passee_le=date(2026, 5, 2)
    )
    return 2026


def test_statement_carries_over_and_adds_up(client, mien, autre, annee):
    reponse = client.get(reverse("ressources:heures_releve", args=[mien.pk, annee, "csv"]))
    lignes = b"".join(reponse.streaming_content).decode("utf-8-sig").splitlines()
    nom, jour = autre.structure.nom, f"{timezone.localdate():%d/%m/%Y}"
    assert lignes[1:] == [
        "01/01/2026;;Report;;;2,00",
        f"01/03/2026;{jour};Aide donnée à {nom};Monter le barnum;1,50;3,50",
        f"02/05/2026;{jour};Aide reçue de {nom};'=2+3;-4,00;-0,50",
    ]


def test_the_pdf_is_accessible(client, mien, annee):
    reponse = client.get(reverse("ressources:heures_releve", args=[mien.pk, annee, "pdf"]))
    bilan = page.validate_pdf_bytes(reponse.content, profile=page.ValidationProfile.PDF_UA_1)
    assert bilan.is_compliant, list(bilan.failures)
    with pikepdf.open(io.BytesIO(reponse.content)) as pdf:
        assert str(pdf.docinfo.Title) == f"Relevé d'heures 2026 : {mien.structure.nom}"
    vide = client.get(reverse("ressources:heures_releve", args=[mien.pk, 2020, "pdf"]))
    assert page.validate_pdf_bytes(vide.content, profile=page.ValidationProfile.PDF_UA_1).is_compliant


@pytest.mark.parametrize("requete", ["?annee=2026", "?annee=0", "?page=10e30", "?annee=2026&page=-1"])
def test_years_are_filters_and_bad_ones_are_none(client, mien, annee, requete):
    assert client.get(mien.get_absolute_url() + requete).status_code == 200


def test_only_who_holds_an_account_reads_it(client, mien, etranger, membre, animateur):
    for personne in (etranger, membre, animateur):
        client.force_login(personne)
        assert client.get(mien.get_absolute_url()).status_code == 404
        assert client.get(reverse("ressources:heures_releve", args=[mien.pk, 2026, "csv"])).status_code == 404


@pytest.mark.parametrize("nombre", [1, 20])
def test_pages_cost_the_same_whatever_is_in_them(client, mien, referent, django_assert_num_queries, nombre):
    for rang in range(nombre):
        cote = {"aidant": mien} if rang % 2 else {"aide": mien}
        OperationHeuresFactory(**cote, heures=Decimal("0.25"), etat="confirmee")
        OperationHeuresFactory(aidant=mien, aide=ComptePersonneFactory())
        OperationHeuresFactory(aide=mien, aidant=ComptePersonneFactory())
    accueil = reverse("ressources:heures")
    proposition = reverse("ressources:heures_proposer", args=[mien.pk])
    for url, requetes in ((accueil, 6), (mien.get_absolute_url(), 10), (proposition, 5)):
        client.get(url)
        with django_assert_num_queries(requetes):
            assert client.get(url).status_code == 200


def test_members_are_told_what_waits(client, mien):
    OperationHeuresFactory(aide=mien)
    assert "Des heures d&#x27;entraide attendent votre accord." in texte(client.get(reverse("mon_compte")))


def test_someone_else_may_not_be_found_by_my_hand(client, mien, etranger):
    sien = ComptePersonneFactory(utilisateur=etranger, trouvable=False)
    assert client.post(sien.get_absolute_url(), {"trouvable": "on"}).status_code == 404
    client.force_login(etranger)
    client.post(sien.get_absolute_url(), {"trouvable": "on"})
    sien.refresh_from_db()
    assert sien.trouvable


def test_a_member_of_two_structures_may_propose_and_confirm_between_them(client, mien, referent):
    autre = CompteHeuresFactory(structure=RattachementFactory(utilisateur=referent, role="referent").structure)
    proposer(client, mien, structure=autre.pk)
    operation = OperationHeures.objects.get()
    client.post(operation.get_absolute_url(), {"geste": "confirmer"})
    operation.refresh_from_db()
    assert operation.etat == "confirmee"
