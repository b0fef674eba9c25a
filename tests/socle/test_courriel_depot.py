"""The outbox row and its job: both with the act, or neither."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from pole_ess.socle.courriel import courriels_de, deposer
from pole_ess.socle.models import Courriel


def travaux():
    return list(ProcrastinateJob.objects.filter(task_name="courriel.expedier").values_list("args", "status"))


def test_ligne_et_travail_ensemble(db):
    courriel = deposer("epreuve", a="a@example.org", contexte={"nom": "Les Amis"})
    assert courriel.etat == "pret"
    assert travaux() == [({"courriel_id": courriel.pk}, "todo")]


@pytest.mark.django_db(transaction=True)
def test_annulation_ne_laisse_ni_ligne_ni_travail():
    class Panne(Exception):
        pass

    with pytest.raises(Panne), transaction.atomic():
        deposer("epreuve", a="a@example.org", contexte={"nom": "Les Amis"})
        assert len(travaux()) == 1
        raise Panne
    assert Courriel.objects.count() == 0
    assert travaux() == []


@pytest.mark.django_db(transaction=True)
def test_rien_n_est_visible_avant_la_fin_de_l_acte():
    """The job must not be seen before the act is committed: it would find no row and be lost."""
    vus = []

    def regarder():
        vus.append((Courriel.objects.count(), len(travaux())))
        connection.close()

    def dans_un_fil():
        fil = threading.Thread(target=regarder)
        fil.start()
        fil.join()

    with transaction.atomic():
        deposer("epreuve", a="a@example.org", contexte={"nom": "Les Amis"})
        dans_un_fil()
    dans_un_fil()
    assert vus == [(0, 0), (1, 1)]


@pytest.mark.django_db(transaction=True)
def test_cle_unicite_tient_entre_fils_paralleles():
    barriere = threading.Barrier(8)
    resultats, pannes = [], []

    def un_essai():
        try:
            barriere.wait()
            resultats.append(deposer("epreuve", a="a@example.org", contexte={"nom": "x"}, cle_unicite="relance-1"))
        except Exception as erreur:
            pannes.append(erreur)
        finally:
            connection.close()

    fils = [threading.Thread(target=un_essai) for _ in range(8)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert pannes == []
    assert sorted(resultat is None for resultat in resultats) == [False] + [True] * 7
    assert Courriel.objects.count() == 1
    assert len(travaux()) == 1


def test_cle_deja_prise_laisse_l_acte_se_poursuivre(db):
    premier = deposer("epreuve", a="a@example.org", contexte={"nom": "x"}, cle_unicite="c")
    assert deposer("epreuve", a="b@example.org", contexte={"nom": "x"}, cle_unicite="c") is None
    assert list(Courriel.objects.values_list("pk", flat=True)) == [premier.pk]


def test_autre_contrainte_reste_une_erreur(db, monkeypatch):
    monkeypatch.setattr("pole_ess.socle.courriel.depot.nouveau_message_id", lambda: "<un@example.org>")
    deposer("epreuve", a="a@example.org", contexte={"nom": "x"})
    with pytest.raises(IntegrityError):
        deposer("epreuve", a="a@example.org", contexte={"nom": "x"}, cle_unicite="c")


@pytest.mark.parametrize(
    "adresse", ["", "pas une adresse", "a@b", "a" * 300 + "@example.org", "a@example.org\nBcc: b@example.org"]
)
def test_adresse_inutilisable_ne_fait_pas_echouer_l_acte(db, adresse):
    courriel = deposer("epreuve", a=adresse, contexte={"nom": "x"})
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.erreur) == (
        "rejete",
        "Cette adresse n'est pas une adresse électronique valable.",
    )
    assert travaux() == []


def test_travail_d_un_message_confidentiel_passe_devant(db):
    deposer("epreuve", a="a@example.org", contexte={"nom": "x"})
    deposer("epreuve", a="a@example.org", contexte={"nom": "x"}, confidentiel=True)
    assert list(ProcrastinateJob.objects.order_by("pk").values_list("priority", flat=True)) == [0, 10]


def test_courriels_de_un_objet(structure, etranger):
    sur = deposer("epreuve", a="a@example.org", contexte={"nom": "x"}, objet=structure)
    deposer("epreuve", a="a@example.org", contexte={"nom": "x"}, objet=etranger)
    deposer("epreuve", a="a@example.org", contexte={"nom": "x"})
    assert list(courriels_de(structure)) == [sur]
