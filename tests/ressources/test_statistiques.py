"""Exact figures on a hand-made set of facts: months of Europe/Paris, what counts and what does not."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from ressources.actions import bilan, publication
from ressources.models import Bilan, Tournee
from ressources.statistiques import annees, choisir, compter, compter_echanges
from ressources.statistiques.comptes import premiere_parution
from ressources.statistiques.echanges import DEUX, UN, Valeur
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.ressources import (
    AnnonceFactory,
    BesoinFactory,
    EtapeFactory,
    LotFactory,
    MiseEnRelationFactory,
    PartDeLotFactory,
    ReservationFactory,
    TourneeFactory,
)

pytestmark = pytest.mark.django_db
PARIS, UTC = ZoneInfo("Europe/Paris"), ZoneInfo("UTC")
AN = choisir("2026", date(2027, 5, 12))


def le(*quand, fuseau=PARIS):
    return datetime(*quand, tzinfo=fuseau)


@pytest.fixture
def au_moment(monkeypatch):
    """`au_moment(2026, 4, 30, 23)`: it is now 11 pm in Paris on that day."""

    def regler(*quand):
        monkeypatch.setattr(timezone, "now", lambda: le(*quand))

    return regler


def rangs(compteur, **ou):
    """Months (1 is January) -> how many."""
    return {m + 1: n for (m, s, nat), n in sorted(compteur.items()) if n and (s, nat) == (ou["sens"], ou["nature"])}


# -- months


def test_la_periode_d_une_annee():
    assert (AN.debut, AN.fin, AN.mois[0], AN.mois[-1], len(AN.mois)) == (
        date(2026, 1, 1), date(2027, 1, 1), date(2026, 1, 1), date(2026, 12, 1), 12,
    )  # fmt: skip
    assert AN.en_clair == "de janvier 2026 à décembre 2026"
    # Half-open, and at midnight in Paris: an hour before midnight UTC in winter, two in summer.
    assert AN.bornes[0] == le(2025, 12, 31, 23, fuseau=UTC)
    assert AN.seuils[6] == le(2026, 6, 30, 22, fuseau=UTC)


def test_l_annee_en_cours_s_arrete_au_mois_en_cours():
    cette_annee = choisir("2027", date(2027, 2, 28))
    assert cette_annee.mois == [date(2027, 1, 1), date(2027, 2, 1)]
    assert choisir("2027", date(2027, 1, 31)).en_clair == "en janvier 2027"


@pytest.mark.parametrize(
    "cle", ["", "12-mois", "2028", "1999", "20266", "-2026", "٢٠٢٦", "2026\x00", "9" * 5000, "NaN"]
)
def test_ce_qui_n_est_pas_une_annee_vaut_douze_mois(cle):
    periode = choisir(cle, date(2027, 5, 12))
    assert (periode.debut, periode.fin, periode.cle) == (date(2026, 6, 1), date(2027, 6, 1), "12-mois")


def test_douze_mois_en_decembre():
    periode = choisir("", date(2026, 12, 31))
    assert (periode.debut, periode.fin) == (date(2026, 1, 1), date(2027, 1, 1))
    assert choisir("", date(2026, 9, 1)).en_clair == "d'octobre 2025 à septembre 2026"


def test_les_annees_a_choisir_sont_bornees():
    assert annees(date(2025, 3, 1), date(2027, 1, 1)) == [2027, 2026, 2025]
    assert annees(None, date(2027, 1, 1)) == [2027]
    assert annees(date(2030, 3, 1), date(2027, 1, 1)) == [2027]
    assert len(annees(date(1990, 1, 1), date(2027, 1, 1))) == 20


def test_la_premiere_parution_est_un_jour_de_paris():
    assert premiere_parution() is None
    AnnonceFactory(publiee_le=le(2025, 12, 31, 23, 30, fuseau=UTC))
    assert premiere_parution() == date(2026, 1, 1)


# -- announcements


def test_une_annonce_parait_le_mois_de_paris():
    # 31 January at 23:30 UTC is February in Paris; 28 March at 23:30 UTC is still March (winter time ends on the 29th).
    AnnonceFactory(publiee_le=le(2026, 1, 31, 23, 30, fuseau=UTC))
    AnnonceFactory(publiee_le=le(2026, 1, 31, 22, 59, fuseau=UTC))
    # In summer the month begins at 22:00 UTC.
    AnnonceFactory(publiee_le=le(2026, 6, 30, 22, 0, fuseau=UTC))
    AnnonceFactory(publiee_le=le(2026, 6, 30, 21, 59, 59, 999999, fuseau=UTC))
    # October has the longest month: its last hour is in winter time.
    AnnonceFactory(publiee_le=le(2026, 10, 31, 22, 59, fuseau=UTC))
    AnnonceFactory(publiee_le=le(2026, 10, 31, 23, 0, fuseau=UTC))
    # Outside of the year by one hour.
    AnnonceFactory(publiee_le=le(2025, 12, 31, 22, 59, fuseau=UTC))
    AnnonceFactory(publiee_le=le(2026, 12, 31, 23, 0, fuseau=UTC))
    assert rangs(compter(AN).parues, sens="offre", nature="materiel") == {1: 1, 2: 1, 6: 1, 7: 1, 10: 1, 11: 1}


def test_ce_qui_est_paru():
    mars = le(2026, 3, 10)
    for etat in ("publiee", "pourvue", "retiree", "archivee", "a_valider"):
        BesoinFactory(etat=etat, publiee_le=mars, nature="local", mode="pret")
    BesoinFactory(etat="refusee", publiee_le=mars, nature="local", mode="pret")  # taken back by staff
    for etat in ("brouillon", "a_valider", "refusee"):
        BesoinFactory(etat=etat, nature="local", mode="pret")  # never shown
    assert compter(AN).parues == {(2, "besoin", "local"): 5}


def test_pourvue_le_mois_ou_elle_l_est(referent, au_moment):
    annonce = AnnonceFactory(publiee_le=le(2026, 1, 5))
    au_moment(2026, 4, 30, 23, 59)
    publication.marquer_pourvue(annonce, par=referent)
    retiree = AnnonceFactory(publiee_le=le(2026, 1, 6))
    publication.retirer(retiree, par=referent)
    comptes = compter(AN)
    assert comptes.pourvues == {(3, "offre", "materiel"): 1}
    assert comptes.parues == {(0, "offre", "materiel"): 2}
    assert comptes.somme("pourvues", sens="besoin") == 0


def test_archivee_plus_tard_elle_reste_pourvue(referent, au_moment):
    pourvue, retiree, rouverte, jamais = (AnnonceFactory(publiee_le=le(2026, 1, 5)) for _ in range(4))
    au_moment(2026, 4, 1)
    publication.marquer_pourvue(pourvue, par=referent)
    publication.retirer(retiree, par=referent)
    publication.marquer_pourvue(rouverte, par=referent)
    au_moment(2026, 5, 1)
    publication.rouvrir(rouverte, par=referent)
    au_moment(2026, 6, 1)
    publication.retirer(rouverte, par=referent)
    au_moment(2026, 9, 1)
    for annonce in (pourvue, retiree, rouverte, jamais):
        publication.archiver(annonce)
    assert compter(AN).pourvues == {(3, "offre", "materiel"): 1}


def test_rouverte_elle_n_est_plus_pourvue(referent):
    annonce = AnnonceFactory()
    publication.marquer_pourvue(annonce, par=referent)
    periode = choisir("", timezone.localdate())
    assert compter(periode).somme("pourvues") == 1
    publication.rouvrir(annonce, par=referent)
    comptes = compter(periode)
    assert (comptes.somme("pourvues"), comptes.somme("parues"), comptes.ouvertes_de()) == (0, 1, 1)


def test_ouvertes_aujourd_hui_quelle_que_soit_la_periode():
    AnnonceFactory(publiee_le=le(2020, 1, 1))
    BesoinFactory(nature="local", mode="pret")
    AnnonceFactory(expire_le=date(2026, 1, 1), publiee_le=le(2025, 12, 1))
    AnnonceFactory(structure__etat="archivee")
    LotFactory(quantite=5, quantite_prise=5)
    comptes = compter(AN)
    assert comptes.ouvertes == {("offre", "materiel"): 1, ("besoin", "local"): 1}
    assert (comptes.ouvertes_de(sens="offre"), comptes.ouvertes_de(nature="local")) == (1, 1)


def test_par_nature_et_par_commune():
    vichy = CommuneFactory(code="03310", nom="Vichy")
    for nature, commune in (("materiel", vichy), ("local", vichy), ("local", CommuneFactory())):
        AnnonceFactory(nature=nature, commune=commune, publiee_le=le(2026, 2, 2), structure=StructureFactory())
    assert compter(AN, nature="local").somme("parues") == 2
    assert compter(AN, commune=vichy).somme("parues") == 2
    assert compter(AN, nature="local", commune=vichy).parues == {(1, "offre", "local"): 1}


# -- what exchanges were worth


def dire(annonce, structure, jour, *, avec=None, **chiffres):
    ligne = bilan.declarer(annonce=annonce, structure=structure, par=None, avec=avec, **chiffres)
    Bilan.objects.filter(pk=ligne.pk).update(declare_le=jour)
    return ligne


@pytest.fixture
def echanges(db):
    """Four exchanges of 2026: two sides that differ; one side; by a booking; with somebody outside. One of 2025."""
    relation = MiseEnRelationFactory(etat="conclue")
    annonce = relation.annonce
    commun = {"mise_en_relation": relation}
    dire(annonce, relation.annonceur, le(2026, 2, 1), heures=Decimal(3), euros=Decimal(100), kilos=Decimal(8), **commun)
    dire(annonce, relation.structure, le(2026, 3, 1), heures=Decimal("4.5"), kilos=Decimal(8), **commun)
    seul = AnnonceFactory()
    dire(seul, seul.structure, le(2026, 4, 1), avec=StructureFactory(), heures=Decimal(2), kilos=Decimal(0))
    reservation = ReservationFactory(etat="rendue", rendue_le=le(2026, 5, 1))
    local = reservation.calendrier.annonce
    local.nature = "local"
    local.save()
    dire(local, local.structure, le(2026, 5, 1), reservation=reservation, euros=Decimal("40.50"))
    dire(seul, seul.structure, le(2026, 12, 31, 23, 59), avec_libre="La Roue", heures=Decimal(1))
    ancien = MiseEnRelationFactory(etat="conclue")
    for structure in (ancien.annonceur, ancien.structure):
        dire(ancien.annonce, structure, le(2025, 12, 31, 23, 59), mise_en_relation=ancien, heures=Decimal(50))
    return annonce


def test_deux_bases_jamais_ajoutees(echanges):
    comptes = compter_echanges(AN)
    assert (comptes.nombre(DEUX), comptes.nombre(UN)) == (1, 3)
    assert comptes.valeur(DEUX, "heures") == Valeur(1, Decimal(3))  # the smaller of 3 and 4.5
    assert comptes.valeur(UN, "heures") == Valeur(2, Decimal(3))
    assert comptes.valeur(DEUX, "euros") == Valeur(0, None)
    assert comptes.valeur(UN, "euros") == Valeur(2, Decimal("140.50"))  # the other side gave no euros
    assert comptes.valeur(DEUX, "kilos") == Valeur(1, Decimal(8))
    assert comptes.valeur(UN, "kilos") == Valeur(1, Decimal(0))
    assert comptes.valeur(UN, "euros", "local") == Valeur(1, Decimal("40.50"))
    assert comptes.nombre(UN, "materiel") == 2
    assert not hasattr(comptes, "total")


def test_un_echange_est_du_jour_de_sa_premiere_declaration(echanges):
    relation = echanges.mises_en_relation.get()
    Bilan.objects.filter(mise_en_relation=relation, structure=relation.annonceur).update(declare_le=le(2025, 6, 1))
    assert compter_echanges(AN).nombre(DEUX) == 0
    assert compter_echanges(choisir("2025", date(2027, 5, 12))).nombre(DEUX) == 2


def test_les_deux_cotes_se_retrouvent_sans_conversation():
    """Declared by each about the same announcement, before or without a conversation."""
    annonce, autre = AnnonceFactory(), StructureFactory()
    Bilan.objects.create(annonce=annonce, structure=annonce.structure, avec=autre, heures=5)
    Bilan.objects.create(annonce=annonce, structure=autre, avec=annonce.structure, heures=4)
    Bilan.objects.create(annonce=annonce, structure=annonce.structure, avec=StructureFactory(), heures=7)
    comptes = compter_echanges(choisir("", timezone.localdate()))
    assert comptes.valeur(DEUX, "heures") == Valeur(1, Decimal(4))
    assert comptes.valeur(UN, "heures") == Valeur(1, Decimal(7))


def test_un_echange_sans_chiffre_compte_comme_echange():
    annonce = AnnonceFactory()
    bilan.declarer(annonce=annonce, structure=annonce.structure, par=None, avec_libre="La Roue")
    comptes = compter_echanges(choisir("", timezone.localdate()))
    assert (comptes.nombre(UN), comptes.valeur(UN, "heures")) == (1, Valeur(0, None))


def test_prets_parts_et_tournees():
    for etat, jour, quantite in [("rendue", le(2026, 6, 30, 23, 59), 3), ("rendue", le(2026, 1, 1), 1),
                                 ("rendue", le(2025, 12, 31, 23, 59), 9), ("remise", None, 9)]:  # fmt: skip
        ReservationFactory(
            etat=etat, rendue_le=jour, quantite=quantite, calendrier__genre="pool", calendrier__capacite=10
        )
    PartDeLotFactory(etat="remise", remise_le=le(2026, 12, 31, 23, 59), quantite=4)
    PartDeLotFactory(etat="remise", remise_le=le(2027, 1, 1), quantite=5)
    PartDeLotFactory(etat="attribuee", quantite=6)
    comptes = compter_echanges(AN)
    assert (comptes.prets, comptes.objets_rendus, comptes.parts, comptes.objets_donnes) == (2, 4, 1, 4)
    assert compter_echanges(AN, nature="local").prets == 0


def tournee(etat, jours, *, minimum=2):
    objet = TourneeFactory(debut=date(2026, 3, 1), fin=date(2026, 3, 20), etapes_min=minimum, cle=uuid.uuid4())
    for jour in jours:
        EtapeFactory(tournee=objet, etat="retenue", jour=jour, jours=[])
    Tournee.objects.filter(pk=objet.pk).update(etat=etat)
    return objet


def test_les_etapes_tenues(au_moment):
    au_moment(2026, 3, 12, 10)
    tournee("confirmee", [date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 13)])  # two to come
    tournee("terminee", [date(2026, 3, 2)])  # never confirmed: one stage of two
    tournee("annulee", [date(2026, 3, 2), date(2026, 3, 3)])
    tournee("terminee", [date(2025, 12, 31), date(2026, 1, 1)])
    comptes = compter_echanges(choisir("2026", date(2026, 3, 12)))
    assert (comptes.tournees, comptes.etapes) == (2, 3)


def test_en_sept_requetes(echanges, django_assert_num_queries):
    with django_assert_num_queries(7):
        compter(AN)
        compter_echanges(AN)
