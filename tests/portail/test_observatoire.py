"""The observatory's figures, worked out by hand on a small world; years, bases, what is not told."""

import contextlib
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from pole_ess.portail.observatoire import releve as releves
from pole_ess.portail.observatoire.chapitres import CHAPITRES, MESURES
from pole_ess.portail.observatoire.comptages.structures import Effectif
from pole_ess.portail.observatoire.mesures import echanges
from pole_ess.portail.observatoire.resume import reperes
from pole_ess.portail.tasks import relever_observatoire
from ressources.bilans import Base, Valeur
from ressources.bilans.mesures import HEURES
from tests.factories.bilans import CoefficientEstimeFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory
from tests.ressources.test_bilans import echange, pret

from .observatoire import PARIS, Monde, structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def monde(monkeypatch):
    return Monde(monkeypatch)


def lignes(cle, annee=2026) -> dict:
    """Row -> its figures, counted now."""
    cache.clear()
    return dict(mesure(cle, annee).tableau.lignes)


def mesure(cle, annee=2026):
    return MESURES[cle](releves.lire(annee))


# -- structures


def test_quoi(monde):
    assert lignes("activites") == {
        "Culture": (2,),
        "Culture : Cinéma": (2,),
        "Culture : Musique": (1,),
        "Sport": (2,),
    }
    dite = mesure("activites")
    assert dite.reponses == "3 structures sur 4 ont dit ce qu'elles font."
    assert dite.tableau.total is None  # « Amicale » would count twice
    assert [(g.etiquettes, g.series[0].valeurs) for g in dite.graphiques] == [(("Culture", "Sport"), (2, 2))]
    assert "au 25 novembre 2026" in dite.compte


def test_qui(monde):
    assert lignes("formes") == {"Association": (2,), "Coopérative": (1,), "Forme non dite": (1,)}
    assert mesure("formes").tableau.total == (4,)
    assert lignes("communes") == {
        "Cusset (03095)": (1, 0, 1, 5, 1),
        "Gannat (03118)": (1, None, 0, None, 0),
        "Vichy (03310)": (1, Decimal("2.50"), 1, 10, 1),
        "Commune inconnue": (1, 12, 1, None, 0),
    }
    assert mesure("communes").tableau.total == (4, Decimal("14.50"), 3, 15, 2)
    assert lignes("intercommunalites") == {
        "Intercommunalité de Vichy (2 communes connues du portail)": (2, Decimal("2.50"), 2, 15, 2),
        "Gannat": (1, None, 0, None, 0),
    }


def test_combien_et_emplois(monde):
    assert lignes("benevoles") == {
        "Ensemble des structures": (4, 15, 2, 40, 1),
        "Culture": (2, 15, 2, None, 0),
        "Sport": (2, 5, 1, 40, 1),
    }
    assert lignes("emplois-par-domaine") == {"Culture": (2, Decimal("2.50"), 2), "Sport": (2, 0, 1)}
    assert mesure("emplois-par-domaine").reponses == "3 structures sur 4 ont dit leurs emplois."
    assert lignes("emplois-par-forme") == {"Association": (2, Decimal("2.50"), 2), "Forme non dite": (1, 12, 1)}
    assert list(lignes("tailles").items()) == [
        ("Aucun emploi", (1,)),
        ("Moins de 1 ETP", (0,)),
        ("De 1 à moins de 3 ETP", (1,)),
        ("De 3 à moins de 10 ETP", (0,)),
        ("De 10 à moins de 50 ETP", (1,)),
        ("50 ETP et plus", (0,)),
        ("Non dit", (1,)),
    ]


def test_une_annee_passee_est_celle_de_l_histoire_des_fiches(monde):
    """As it was on 31 December: the archived sheet is there, the other has its former commune, activity and job."""
    assert lignes("formes", 2025) == {"Association": (1,), "Mutuelle": (1,)}
    assert lignes("activites", 2025) == {"Culture": (1,), "Culture : Musique": (1,)}
    assert lignes("communes", 2025) == {"Cusset (03095)": (1, 1, 1, None, 0), "Gannat (03118)": (1, None, 0, 3, 1)}
    assert "au 31 décembre 2025" in mesure("formes", 2025).compte
    assert lignes("structures-par-annee") == lignes("structures-par-annee", 2025) == {
        "2025": (2, 2, 1, 1, 3, 1),
        "2026, en cours": (3, 4, Decimal("14.50"), 3, 15, 2),
    }  # fmt: skip
    monde.partie.delete()
    assert lignes("formes", 2025) == {"Association": (1,), "Mutuelle": (1,)}  # a merge does not change the past


def test_le_dernier_soir_de_l_annee_est_celui_de_paris(monde, monkeypatch):
    """A sheet published at 00:30 on 1 January in Paris is of the new year, though it is still December in UTC."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 1, 1, 0, 30, tzinfo=PARIS))
    structure(forme_juridique="fondation")
    monde.au(2026, 11, 25)
    assert "Fondation" not in lignes("formes", 2025)
    assert lignes("structures-par-annee")["2025"][:2] == (2, 2)
    assert lignes("structures-par-annee")["2026, en cours"][:2] == (4, 5)


def test_avant_l_histoire_rien_n_est_invente(monde):
    AnnonceFactory(structure=monde.coop, publiee_le=datetime(2023, 5, 5, tzinfo=PARIS))
    assert releves.lire(None).commun.annees == (2026, 2025, 2023)  # nothing happened in 2024
    dite = mesure("formes", 2023)
    assert dite.tableau.lignes == ()
    assert dite.vide == (
        "Le portail ne sait pas ce qu'était l'annuaire fin 2023 : il en garde l'histoire depuis le 1er mars 2025."
    )
    assert lignes("structures-par-annee")["2023"] == (0, None, None, None, None, None)
    for faire in MESURES.values():
        assert faire(releves.lire(2023)).graphiques == () or faire(releves.lire(2023)).tableau.lignes


def test_les_effectifs_s_ajoutent_sans_inventer_de_zero():
    rien, deux = Effectif(structures=1), Effectif(structures=1, disent_etp=1, etp=Decimal(2))
    assert rien + deux == Effectif(structures=2, disent_etp=1, etp=Decimal(2))
    assert (rien + rien).etp is None


# -- exchanges


def test_offres_et_besoins(monde):
    AnnonceFactory(structure=monde.coop, publiee_le=datetime(2025, 12, 31, 23, 59, tzinfo=PARIS))
    AnnonceFactory(structure=monde.coop, etat="pourvue", publiee_le=datetime(2026, 1, 1, tzinfo=PARIS),
                   close_le=datetime(2026, 4, 4, tzinfo=PARIS))  # fmt: skip
    BesoinFactory(structure=monde.coop, nature="local", publiee_le=datetime(2026, 2, 2, tzinfo=PARIS))
    assert lignes("annonces", 2026)["Matériel"] == (1, 0, 1, 0, 1, 0)
    assert lignes("annonces", 2026)["Locaux"] == (0, 1, 0, 0, 0, 1)
    assert lignes("annonces", 2025)["Matériel"] == (1, 0, 0, 0)  # what is open today is not of 2025
    assert lignes("annonces", None)["Matériel"] == (2, 0, 1, 0, 1, 0)
    assert lignes("annonces-dans-le-temps", 2026)["avril 2026"] == (0, 0, 1, 0)
    assert len(lignes("annonces-dans-le-temps", 2026)) == 11  # December has not begun
    assert lignes("annonces-dans-le-temps", 2025)["décembre 2025"] == (1, 0, 0, 0)
    assert lignes("annonces-dans-le-temps", None) == {"2025": (1, 0, 0, 0), "2026": (1, 1, 1, 0)}
    assert mesure("annonces-dans-le-temps", None).tableau.total == (2, 1, 1, 0)


@pytest.fixture
def echanges_dits(monde):
    """2026: five hours said by both, two by one, five loans estimated. 2025: six said by one."""
    offre = AnnonceFactory(structure=monde.coop, mode="service_gratuit", nature="entraide")
    for _ in range(5):
        echange(offre, heures=Decimal(2), quand=datetime(2026, 3, 3, tzinfo=PARIS))
    for _ in range(2):
        echange(offre, deux=False, heures=Decimal(400), quand=datetime(2026, 3, 3, tzinfo=PARIS))
    for _ in range(6):
        echange(offre, deux=False, heures=Decimal(3), quand=datetime(2025, 5, 5, tzinfo=PARIS))
    CoefficientEstimeFactory(genre="euros_pret", valeur=Decimal("2.5"))
    for _ in range(5):
        pret(duree=2)
    return monde


TU = ("personne ne l'a dit", 0)


def test_chaque_base_a_sa_colonne_et_rien_ne_les_ajoute(echanges_dits):
    assert lignes("valeurs", 2026)["Heures données ou prêtées"] == (10, 5, "moins de 5 échanges", 2, *TU)
    assert lignes("valeurs", 2026)["Euros évités ou payés (€)"] == (*TU, *TU, 25, 5)
    assert lignes("valeurs", 2025)["Heures données ou prêtées"] == (*TU, 18, 6, *TU)
    for annee in (2026, 2025, None):
        assert mesure("valeurs", annee).tableau.total is None
    montres = {v for cle in MESURES for _, valeurs in mesure(cle, None).tableau.lignes for v in valeurs}
    assert not {10 + 800, 10 + 18, 10 + 25, 800 + 18} & montres  # two bases added; two years of two bases


def test_de_toutes_les_annees_ce_qui_est_cache_ne_se_retrouve_pas(echanges_dits):
    """2026 has two exchanges said by one: the whole is that of 2025, and not 818, from which 800 would be read."""
    assert lignes("valeurs", None)["Heures données ou prêtées"] == (10, 5, 18, 6, *TU)
    assert lignes("valeurs-par-annee", 2026) == {
        "2025 : heures données ou prêtées": ("personne ne l'a dit", 18, "personne ne l'a dit"),
        "2026 : heures données ou prêtées": (10, "moins de 5 échanges", "personne ne l'a dit"),
        "2026 : euros évités ou payés": ("personne ne l'a dit", "personne ne l'a dit", 25),
    }


def test_un_echange_compte_une_fois(echanges_dits):
    """Each is in two bilans, given and received: the observatory reads one side."""
    assert lignes("echanges", 2026)["Échanges déclarés"] == (5, 2)
    assert lignes("echanges", 2026)["Prêts et locations rendus"] == (5, 0)
    assert lignes("echanges", None)["Échanges déclarés"] == (5, 8)


def test_ajouter_deux_bases_est_une_erreur():
    with pytest.raises(ValueError, match="do not add up"):
        Valeur(HEURES, Base.DEUX, Decimal(1), 1) + Valeur(HEURES, Base.UN, Decimal(1), 1)
    with pytest.raises(TypeError):
        echanges._somme(None, HEURES)  # a basis must be named


# -- meetings and workshops


def test_rencontres(monde):
    monde.rencontre(3, personnes=4, structures=[monde.coop, monde.amicale], titre="Forum", genre="forum")
    monde.rencontre(5, personnes=2, structures=[monde.coop], titre="Visite", genre="visite")
    monde.rencontre(6, titre="Sans feuille")
    monde.rencontre(7, personnes=9, structures=[monde.cinema], audience="membres")
    monde.rencontre(2, annee=2025, personnes=5, structures=[monde.partie], titre="Avant")
    assert lignes("rencontres", 2026) == {
        "10 mars 2026 : Forum": (2, 4),
        "10 mai 2026 : Visite": (1, "moins de 3"),
        "10 juin 2026 : Sans feuille": (None, None),
    }
    assert mesure("rencontres").reponses == "Présences notées pour 2 rencontres sur 3."
    # The two people of the visit are in no total: 6 less 4 would tell them.
    assert lignes("rencontres", None) == {"2025": (1, 1, 5), "2026": (3, 2, 4)}
    assert lignes("genres-de-rencontres") == {"Réunion collective": (1,), "Visite de structure": (1,), "Forum": (1,)}


def test_axes(monde):
    ancien = monde.rencontre(2, annee=2025, titre="Premier")
    monde.atelier(ancien, **{"Mise en réseau": (2, 1), "Outils": (0, 1)})
    recent = monde.rencontre(3, titre="Second")
    monde.atelier(recent, **{"Mise en réseau": (1, 1), "Formation": (2, 4)})
    cache_ = monde.rencontre(4, audience="invites")
    monde.atelier(cache_, Secret=(9, 9))
    assert lignes("axes", 2026) == {
        "10 mars 2026, Formation": (2, 4, 6, Decimal("33.3"), 1, "long terme"),
        "10 mars 2026, Mise en réseau": (1, 1, 2, Decimal("50.0"), 2, "faible différence"),
    }
    assert list(lignes("axes", None))[-1] == "10 février 2025, Outils"
    assert lignes("axes-dans-le-temps") == {
        "Mise en réseau": (Decimal("75.0"), Decimal("25.0")),
        "Outils": (Decimal("25.0"), None),
        "Formation": (None, Decimal("75.0")),
    }


# -- the relevé


def test_un_pole_vide_a_des_mots_et_aucun_graphique():
    for annee in (None, releves.lire(None).commun.annees[0]):
        for chapitre in CHAPITRES.values():
            for faire in chapitre.mesures.values():
                trouvee = faire(releves.lire(annee))
                assert trouvee.vide.endswith("."), trouvee.cle
                assert trouvee.graphiques == (), trouvee.cle
        assert reperes(releves.lire(annee)) == []


def test_les_chiffres_de_la_nuit_sont_ceux_du_jour(monde):
    assert relever_observatoire(timestamp=0) == "2 années, 2 états de l'annuaire"
    monde.coop.etat = "archivee"
    monde.coop.save()
    assert mesure("formes").tableau.total == (4,)
    relever_observatoire(timestamp=1)
    assert mesure("formes").tableau.total == (3,)


def test_une_annee_dont_l_etat_n_est_plus_garde_est_comptee_de_nouveau(monde):
    le = releves.lire(2026).le
    cache.delete(releves._cle(f"structures:2025:{le.timestamp()}"))
    assert releves.lire(2025).structures.total.structures == 2


def _perdre(annee):
    with contextlib.suppress(LookupError):
        releves.lire(annee)


@pytest.mark.parametrize("annee", [0, 1, 2024, 2027, 99999])
def test_une_annee_sans_chiffres_est_dite(monde, annee, nombre_de_requetes):
    couts = []
    for _ in range(2):  # nothing kept, then figures kept: a wrong year must not have everything counted again
        with pytest.raises(LookupError):
            couts.append(nombre_de_requetes(lambda: _perdre(annee)))
            releves.lire(annee)
    assert couts[0] > 10 and couts[1] <= 2


def test_les_bornes_d_une_annee(monde):
    """Each of the eleven months of this year, whichever the first year is."""
    for mois in range(1, 12):
        AnnonceFactory.create_batch(mois, structure=monde.coop, publiee_le=datetime(2026, mois, 1, tzinfo=PARIS))
    AnnonceFactory(structure=monde.coop, publiee_le=datetime(2022, 7, 14, tzinfo=PARIS))
    assert [n for n, *_ in lignes("annonces-dans-le-temps").values()] == list(range(1, 12))
    assert lignes("annonces-dans-le-temps", 2022)["juillet 2022"] == (1, 0, 0, 0)
    assert lignes("annonces-dans-le-temps", None)["2026"] == (66, 0, 0, 0)
    assert releves.lire(2026).le - releves.lire(2022).le < timedelta(seconds=1)
