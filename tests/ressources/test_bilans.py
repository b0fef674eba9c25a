"""The figures of a year, exact on a hand-made set of facts: sides, bases, days of Europe/Paris, no base added."""

import inspect
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from ressources.actions import bilan
from ressources.agenda import jours
from ressources.bilans import Base, BilanAnnuel, Sens, Valeur, bilans_de, bilans_de_tous, lire_annee
from ressources.bilans.annee import bilan_de
from ressources.bilans.coefficients import Coefficients
from ressources.bilans.faits import Manque
from ressources.bilans.mesures import ECHANGES, ETAPES, EUROS, HEURES, KILOS, PARTS, PRETS
from ressources.models import Annonce, Bilan, CoefficientEstime
from tests.factories import StructureFactory
from tests.factories.bilans import CoefficientEstimeFactory
from tests.factories.ressources import (
    AnnonceFactory,
    BesoinFactory,
    CalendrierFactory,
    CategorieFactory,
    EtapeFactory,
    LotFactory,
    MiseEnRelationFactory,
    PartDeLotFactory,
    ReservationFactory,
    TourneeFactory,
)

pytestmark = pytest.mark.django_db
PARIS, UTC = ZoneInfo("Europe/Paris"), ZoneInfo("UTC")


def le(*quand, fuseau=PARIS):
    return datetime(*quand, tzinfo=fuseau)


def echange(annonce, *, deux=True, quand=None, **chiffres):
    """A concluded conversation that its announcer, and the other side too, put figures on."""
    relation = MiseEnRelationFactory(annonce=annonce, etat="conclue")
    for structure in [relation.annonceur, relation.structure][: 2 if deux else 1]:
        dit = bilan.declarer(annonce=annonce, structure=structure, mise_en_relation=relation, par=None, **chiffres)
        Bilan.objects.filter(pk=dit.pk).update(declare_le=quand or le(2026, 3, 3))
    return relation


def pret(annonce=None, *, quand=None, quantite=1, duree=2, **reste):
    """A loan that came back."""
    calendrier = CalendrierFactory(annonce=annonce or AnnonceFactory(), genre="pool", capacite=100)
    rendue = quand or le(2026, 4, 10, 12)
    periode = jours(rendue.date() - timedelta(days=duree - 1), rendue.date())
    return ReservationFactory(
        calendrier=calendrier, periode=periode, etat="rendue", rendue_le=rendue, quantite=quantite, **reste
    )


def dits(structure, annee=2026):
    """(side, measure, basis) -> (total, exchanges)."""
    resume = bilan_de(structure, annee)
    return {
        (sens.value, mesure.cle, base.value): (valeur.total, valeur.echanges)
        for sens in Sens
        for mesure in resume.mesures(sens)
        for base in Base
        if (valeur := resume.valeur(mesure, base, sens)).total is not None
    }


# -- bases are never added


def test_deux_bases_ne_s_additionnent_pas():
    confirme, estime = Valeur(KILOS, Base.DEUX, Decimal(4), 1), Valeur(KILOS, Base.ESTIME, Decimal(7), 2)
    for autre in (estime, Valeur(KILOS, Base.UN, Decimal(1), 1), Valeur(HEURES, Base.DEUX, Decimal(1), 1)):
        with pytest.raises(ValueError, match="do not add up"):
            confirme + autre
    with pytest.raises(TypeError):
        sum([confirme, confirme])
    assert confirme + Valeur(KILOS, Base.DEUX, Decimal(2), 3) == Valeur(KILOS, Base.DEUX, Decimal(6), 4)
    assert confirme + Valeur(KILOS, Base.DEUX) == confirme
    assert (Valeur(KILOS, Base.UN) + Valeur(KILOS, Base.UN)).total is None


def test_on_ne_peut_demander_qu_une_base():
    parametres = inspect.signature(BilanAnnuel.valeur).parameters
    assert all(p.default is inspect.Parameter.empty for p in parametres.values())
    vide = BilanAnnuel(2026, [])
    assert vide.valeur(KILOS, Base.UN, Sens.DONNE) == Valeur(KILOS, Base.UN)
    for fausse in ("", None, (Base.DEUX, Base.UN), "toutes"):
        with pytest.raises(ValueError, match="is not a valid Base"):
            vide.valeur(KILOS, fausse, Sens.DONNE)


# -- what was declared


def test_donne_par_l_une_recu_par_l_autre():
    offre = AnnonceFactory()
    relation = echange(offre, heures=Decimal("3.5"), euros=Decimal(20))
    attendu = {("echanges", "deux"): (1, 1), ("heures", "deux"): (Decimal("3.5"), 1), ("euros", "deux"): (20, 1)}
    assert dits(offre.structure) == {("donne", *cle): valeur for cle, valeur in attendu.items()}
    assert dits(relation.structure) == {("recu", *cle): valeur for cle, valeur in attendu.items()}
    assert dits(StructureFactory()) == {}


def test_qui_cherche_recoit():
    besoin = BesoinFactory()
    relation = echange(besoin, deux=False, kilos=Decimal(12))
    assert dits(besoin.structure)["recu", "kilos", "un"] == (12, 1)
    assert dits(relation.structure)["donne", "kilos", "un"] == (12, 1)


def test_chaque_chiffre_a_sa_base_et_le_plus_petit_compte():
    offre = AnnonceFactory()
    relation = MiseEnRelationFactory(annonce=offre, etat="conclue")
    commun = {"annonce": offre, "mise_en_relation": relation, "par": None}
    bilan.declarer(structure=relation.annonceur, heures=Decimal(5), euros=Decimal(9), **commun)
    bilan.declarer(structure=relation.structure, heures=Decimal(4), **commun)
    Bilan.objects.update(declare_le=le(2026, 3, 3))
    echange(offre, deux=False, heures=Decimal(100))
    chiffres = dits(offre.structure)
    assert chiffres["donne", "heures", "deux"] == (4, 1)
    assert chiffres["donne", "heures", "un"] == (100, 1)
    assert chiffres["donne", "euros", "un"] == (9, 1)
    assert chiffres["donne", "echanges", "deux"] == chiffres["donne", "echanges", "un"] == (1, 1)


def test_avec_quelqu_un_hors_du_portail():
    offre = AnnonceFactory()
    for nom in ("La Roue", "Le Moulin"):
        bilan.declarer(annonce=offre, structure=offre.structure, par=None, avec_libre=nom, heures=Decimal(2))
    Bilan.objects.update(declare_le=le(2026, 3, 3))
    assert dits(offre.structure)["donne", "heures", "un"] == (4, 2)
    faits = bilan_de(offre.structure, 2026).faits
    assert {(f.avec, f.manque, f.echange) for f in faits} == {("La Roue", "", ""), ("Le Moulin", "", "")}


def test_deux_cotes_sans_conversation_se_retrouvent():
    offre, autre = AnnonceFactory(), StructureFactory()
    bilan.declarer(annonce=offre, structure=offre.structure, par=None, avec=autre, heures=Decimal(5))
    bilan.declarer(annonce=offre, structure=autre, par=None, avec=offre.structure, heures=Decimal(6))
    Bilan.objects.update(declare_le=le(2026, 3, 3))
    assert dits(offre.structure)["donne", "heures", "deux"] == dits(autre)["recu", "heures", "deux"] == (5, 1)


def test_qui_doit_encore_dire():
    offre = AnnonceFactory()
    relation = echange(offre, deux=False, heures=Decimal(1))
    (chez_l_annonceur,), (chez_l_autre,) = (bilan_de(s, 2026).faits for s in (relation.annonceur, relation.structure))
    assert (chez_l_annonceur.manque, chez_l_autre.manque) == (Manque.AUTRE, Manque.VOTRE)
    # Both spoke, and one left out a figure that the other gave.
    bilan.declarer(annonce=offre, structure=relation.structure, mise_en_relation=relation, par=None, kilos=Decimal(3))
    assert bilan_de(relation.structure, 2026).faits[0].manque == Manque.VOTRE
    assert bilan_de(relation.annonceur, 2026).faits[0].manque == Manque.VOTRE
    for structure in (relation.structure, relation.annonceur):
        bilan.declarer(
            annonce=offre, structure=structure, mise_en_relation=relation, par=None, kilos=Decimal(3), heures=Decimal(1)
        )
    assert bilan_de(relation.annonceur, 2026).faits[0].manque == Manque.AUCUN
    assert len(bilan_de(relation.annonceur, 2026).a_dire(Manque.AUCUN)) == 1


# -- loans, batches, tours


def test_prets_rendus_des_deux_cotes():
    reservation = pret(quantite=3)
    preteur = reservation.calendrier.annonce.structure
    ReservationFactory(calendrier=reservation.calendrier, exclusive=False, etat="confirmee")  # not back yet
    assert dits(preteur) == {("donne", "prets", "deux"): (1, 1)}
    assert dits(reservation.structure) == {("recu", "prets", "deux"): (1, 1)}
    (fait,) = bilan_de(preteur, 2026).faits
    assert fait.quoi == f"3 × {reservation.calendrier.annonce.titre}"
    assert (fait.manque, fait.avec) == (Manque.RIEN, reservation.structure.nom)


def test_un_pret_a_soi_meme_n_est_pas_un_echange():
    """After a merge, a structure may have borrowed from what is now itself."""
    reservation = pret()
    reservation.structure = reservation.calendrier.annonce.structure
    reservation.save()
    part = PartDeLotFactory(etat="remise", remise_le=le(2026, 5, 5))
    Annonce.objects.filter(pk=part.annonce_id).update(structure=part.structure)
    assert dits(reservation.structure) == dits(part.structure) == {}


def test_parts_de_lots_et_etapes_de_tournees():
    part = PartDeLotFactory(etat="remise", remise_le=le(2026, 5, 5))
    PartDeLotFactory(etat="attribuee", annonce=part.annonce)
    assert dits(part.annonce.structure) == {("donne", "parts", "deux"): (1, 1)}
    assert dits(part.structure) == {("recu", "parts", "deux"): (1, 1)}
    tournee = TourneeFactory(etat="confirmee", etapes_min=2, debut=date(2026, 2, 1), fin=date(2026, 2, 20))
    premiere = EtapeFactory(tournee=tournee, etat="retenue", jour=date(2026, 2, 3))
    assert dits(premiere.structure) == {}  # one stage of two
    EtapeFactory(tournee=tournee, etat="retenue", jour=date(2026, 2, 5))
    assert dits(premiere.structure) == {("recu", "etapes", "deux"): (1, 1)}
    assert dits(tournee.annonce.structure) == {("donne", "etapes", "deux"): (2, 2)}
    tournee.etat = "annulee"
    tournee.save()
    assert dits(premiere.structure) == {}


# -- days and years of Europe/Paris


def test_l_annee_est_celle_de_paris():
    offre = AnnonceFactory()
    for quand in (le(2025, 12, 31, 22, 59, fuseau=UTC), le(2025, 12, 31, 23, 0, fuseau=UTC)):
        echange(offre, quand=quand, heures=Decimal(1))
        pret(AnnonceFactory(structure=offre.structure), quand=quand)
    for annee in (2025, 2026):
        assert dits(offre.structure, annee)["donne", "heures", "deux"] == (1, 1)
    assert [len(bilans_de_tous(annee)) for annee in (2024, 2025, 2026, 2027)] == [0, 3, 3, 0]


def test_le_chiffre_reste_dans_l_annee_de_l_echange():
    """A loan back in December whose euros are said in January: both in the year of the loan."""
    reservation = pret(quand=le(2025, 12, 20))
    annonce = reservation.calendrier.annonce
    bilan.declarer(
        annonce=annonce, structure=annonce.structure, par=None, reservation=reservation, avec=reservation.structure,
        euros=Decimal(30),
    )  # fmt: skip
    Bilan.objects.update(declare_le=le(2026, 1, 5))
    assert dits(annonce.structure, 2025)["donne", "euros", "un"] == (30, 1)
    assert dits(annonce.structure, 2026) == {}
    part = PartDeLotFactory(etat="remise", remise_le=le(2025, 12, 28))
    bilan.declarer(
        annonce=part.annonce, structure=part.annonce.structure, par=None, avec=part.structure, kilos=Decimal(9)
    )
    assert dits(part.structure, 2025)["recu", "kilos", "un"] == (9, 1)


@pytest.mark.parametrize(
    ("annee", "lue"), [(2026, 2026), (2007, 2007), (2006, None), (2027, None), (0, None), (10**30, None), (-1, None)]
)
def test_les_annees_sont_bornees(annee, lue):
    assert lire_annee(annee, date(2026, 5, 5)) == lue


def test_l_annee_en_cours_se_compare_au_meme_jour():
    offre = AnnonceFactory()
    echange(offre, quand=le(2026, 2, 1), heures=Decimal(1))
    for mois, jour in ((2, 28), (3, 1)):
        echange(offre, quand=le(2027, mois, jour), heures=Decimal(10))
    echange(offre, quand=le(2028, 2, 29), heures=Decimal(100))
    cette, avant = bilans_de(offre.structure, 2028, date(2028, 2, 29))
    assert (cette.jusqu_au, avant.jusqu_au) == (date(2028, 2, 29), date(2027, 2, 28))
    assert cette.valeur(HEURES, Base.DEUX, Sens.DONNE).total == 100
    assert avant.valeur(HEURES, Base.DEUX, Sens.DONNE).total == 10
    finie, avant = bilans_de(offre.structure, 2027, date(2028, 2, 29))
    assert (finie.jusqu_au, avant.jusqu_au) == (None, None)
    assert finie.valeur(HEURES, Base.DEUX, Sens.DONNE).total == 20


# -- estimates


def test_estime_seulement_ce_que_personne_n_a_dit():
    CoefficientEstimeFactory(genre="euros_pret", valeur=Decimal("1.5"))
    reservation = pret(quantite=4, duree=3)
    annonce = reservation.calendrier.annonce
    for structure in (annonce.structure, reservation.structure):
        sens = "donne" if structure == annonce.structure else "recu"
        assert dits(structure)[sens, "euros", "estime"] == (Decimal("18.00"), 1)
    bilan.declarer(
        annonce=annonce, structure=reservation.structure, par=None, reservation=reservation, avec=annonce.structure,
        euros=Decimal(0),
    )  # fmt: skip
    chiffres = dits(annonce.structure)
    assert ("donne", "euros", "estime") not in chiffres
    assert chiffres["donne", "euros", "un"] == (0, 1)  # zero was said: it is a figure


def test_dit_dans_la_conversation_il_n_est_pas_estime():
    CoefficientEstimeFactory(genre="euros_pret", valeur=Decimal(1))
    reservation = pret()
    annonce = reservation.calendrier.annonce
    relation = MiseEnRelationFactory(annonce=annonce, structure=reservation.structure, etat="conclue")
    bilan.declarer(annonce=annonce, structure=annonce.structure, par=None, mise_en_relation=relation, euros=Decimal(5))
    assert ("donne", "euros", "estime") not in dits(annonce.structure)
    assert ("recu", "euros", "estime") not in dits(reservation.structure)
    autre = pret(quand=le(2026, 6, 1))
    assert ("recu", "euros", "estime") in dits(autre.structure)


@pytest.mark.parametrize("mode", ["location", "vente"])
def test_ce_qui_se_paie_n_est_pas_estime(mode):
    for genre in CoefficientEstime.Genre.values:
        CoefficientEstimeFactory(genre=genre)
    reservation = pret(AnnonceFactory(mode=mode, prix=Decimal(3), prix_unite="jour" if mode == "location" else "total"))
    echange(reservation.calendrier.annonce, euros=None)
    lot = LotFactory(mode="vente", prix=Decimal(1), prix_unite="piece")
    PartDeLotFactory(annonce=lot, etat="remise", remise_le=le(2026, 5, 5))
    for structure in (reservation.calendrier.annonce.structure, lot.structure):
        assert {base for _, _, base in dits(structure)} <= {"deux", "un"}


def test_kilos_d_un_objet_donne_et_d_une_part_de_lot():
    CoefficientEstimeFactory(valeur=Decimal("2.125"))
    CoefficientEstimeFactory(genre="euros_objet", valeur=Decimal(10))
    don = AnnonceFactory(mode="don")
    echange(don)
    assert dits(don.structure)["donne", "kilos", "estime"] == (Decimal("2.12"), 1)  # half to even, once
    assert dits(don.structure)["donne", "euros", "estime"] == (10, 1)
    lot = LotFactory(structure=don.structure)
    PartDeLotFactory(annonce=lot, quantite=5, etat="remise", remise_le=le(2026, 5, 5))
    assert dits(don.structure)["donne", "kilos", "estime"] == (Decimal("12.74"), 2)  # 2.12 + 10.62 (of 10.625)
    # Handed over with a weight: no longer estimated, and its euros still are.
    part = PartDeLotFactory(annonce=lot, quantite=5, etat="remise", remise_le=le(2026, 5, 6))
    bilan.declarer(annonce=lot, structure=lot.structure, par=None, avec=part.structure, kilos=Decimal(40))
    chiffres = dits(don.structure)
    assert chiffres["donne", "kilos", "estime"] == (Decimal("12.74"), 2)
    assert chiffres["donne", "kilos", "un"] == (40, 1)
    assert chiffres["donne", "euros", "estime"] == (Decimal(110), 3)
    assert next(f for f in bilan_de(part.structure, 2026).faits if f.echange == f"p{part.pk}").manque == Manque.AUCUN


@pytest.mark.parametrize(
    "annonce", [{"nature": "local", "mode": "pret"}, {"mode": "don", "quantite": 3}, {"nature": "entraide"}], ids=str
)
def test_pas_d_estimation_sans_nombre_d_objets(annonce):
    for genre in CoefficientEstime.Genre.values:
        CoefficientEstimeFactory(genre=genre)
    offre = AnnonceFactory(**{"mode": "service_gratuit", **annonce})
    echange(offre)
    assert set(dits(offre.structure)) == {("donne", "echanges", "deux")}


def test_le_coefficient_de_la_categorie_a_la_date_de_l_echange():
    chaises, tables = CategorieFactory(nom="Chaises"), CategorieFactory(nom="Tables")
    CoefficientEstimeFactory(valeur=Decimal(1))
    CoefficientEstimeFactory(valeur=Decimal(4), categorie=chaises, du=date(2026, 1, 1), au=date(2026, 6, 30))
    CoefficientEstimeFactory(valeur=Decimal(5), categorie=chaises, du=date(2026, 7, 1))
    coefficients = Coefficients(date(2026, 1, 1), date(2027, 1, 1))
    valeurs = {
        (categorie.nom, jour): coefficients.pour("kilos_objet", categorie.pk, jour).valeur
        for categorie in (chaises, tables)
        for jour in (date(2026, 6, 30), date(2026, 7, 1))
    }
    assert valeurs == {
        ("Chaises", date(2026, 6, 30)): 4, ("Chaises", date(2026, 7, 1)): 5,
        ("Tables", date(2026, 6, 30)): 1, ("Tables", date(2026, 7, 1)): 1,
    }  # fmt: skip
    assert coefficients.pour("kilos_objet", None, date(2026, 1, 1)).valeur == 1
    assert coefficients.pour("kilos_objet", None, date(2019, 12, 31)) is None
    assert coefficients.pour("euros_pret", chaises.pk, date(2026, 1, 1)) is None


def test_une_estimation_dit_son_coefficient():
    coefficient = CoefficientEstimeFactory(valeur=Decimal("4.5"), exemple=True)
    don = AnnonceFactory(mode="don")
    echange(don)
    resume = bilan_de(don.structure, 2026)
    (estime,) = [c for fait in resume.faits for c in fait.chiffres if c.base == Base.ESTIME]
    assert estime.coefficient == coefficient
    assert resume.coefficients() == [coefficient]
    assert (coefficient.en_clair, coefficient.dates_en_clair) == (
        "4,5\u00a0kg par objet", "depuis le 1er janvier 2020",
    )  # fmt: skip
    assert coefficient.source_en_clair.startswith("Valeur d'exemple, à remplacer. ")


# -- coefficients: what the database refuses


@pytest.mark.parametrize(
    ("premier", "second"),
    [
        ({}, {}),
        ({"au": date(2026, 6, 30)}, {"du": date(2026, 6, 30)}),
        ({"du": date(2026, 1, 1)}, {"du": date(2020, 1, 1)}),
        ({"du": date(2026, 1, 1)}, {"du": date(2020, 1, 1), "au": date(2026, 1, 1)}),
    ],
)
def test_un_seul_coefficient_par_jour(premier, second):
    for categorie in (None, CategorieFactory()):
        CoefficientEstimeFactory(categorie=categorie, **premier)
        with pytest.raises(IntegrityError, match="coefficient_un_seul_par_jour"), transaction.atomic():
            CoefficientEstimeFactory(categorie=categorie, **second)


def test_bout_a_bout_par_genre_et_par_categorie_c_est_permis():
    CoefficientEstimeFactory(au=date(2026, 6, 30))
    CoefficientEstimeFactory(du=date(2026, 7, 1))
    CoefficientEstimeFactory(genre="euros_objet")
    CoefficientEstimeFactory(categorie=CategorieFactory())
    assert CoefficientEstime.objects.count() == 4


@pytest.mark.parametrize(
    "faux",
    [
        {"valeur": Decimal(0)}, {"valeur": Decimal(-1)}, {"au": date(2019, 12, 31)}, {"source": ""},
        {"source_url": ""}, {"genre": "litres"},
    ],
    ids=str,
)  # fmt: skip
def test_ce_que_la_base_refuse(faux):
    with pytest.raises(IntegrityError), transaction.atomic():
        CoefficientEstimeFactory(**faux)


# -- all structures


def test_le_tableau_de_tous_dit_la_meme_chose_que_chacun():
    CoefficientEstimeFactory(genre="euros_pret")
    offre = AnnonceFactory(mode="pret")
    relations = [echange(offre, deux=bool(n), heures=Decimal(n)) for n in range(3)]
    reservation = pret(AnnonceFactory(structure=offre.structure))
    tous = bilans_de_tous(2026)
    structures = [offre.structure, reservation.structure, *[r.structure for r in relations]]
    assert set(tous) == {s.pk for s in structures}
    for structure in structures:
        seule = bilan_de(structure, 2026)
        for sens in Sens:
            for mesure in (ECHANGES, HEURES, EUROS, KILOS, PRETS, PARTS, ETAPES):
                for base in Base:
                    assert tous[structure.pk].valeur(mesure, base, sens) == seule.valeur(mesure, base, sens)


@pytest.mark.parametrize("nombre", [1, 6])
def test_un_nombre_constant_de_requetes(nombre, django_assert_num_queries):
    CoefficientEstimeFactory(genre="euros_pret", categorie=CategorieFactory())
    offre = AnnonceFactory()
    for _ in range(nombre):
        echange(offre, heures=Decimal(1))
        pret(AnnonceFactory(structure=offre.structure))
        PartDeLotFactory(etat="remise", remise_le=le(2026, 5, 5), annonce=LotFactory(structure=offre.structure))
    with django_assert_num_queries(11):
        bilans_de(offre.structure, 2026, date(2026, 12, 31))
    with django_assert_num_queries(11):
        bilans_de_tous(2026)
