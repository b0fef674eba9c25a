"""Many structures at once on one purchase: real threads, real connections; the sums are the database's."""

import uuid
from decimal import Decimal as D

import pytest
from django.db.models import Sum

from pole_ess.socle.models import Courriel
from ressources.actions import TransitionInterdite, mises_achat, mises_en_commun
from ressources.models import MiseEnCommun, PartEnCommun
from tests.factories import StructureFactory
from tests.factories.mises_en_commun import MiseEnCommunFactory
from tests.ressources.test_lots_fils import ensemble

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("notifie_aussitot")]


def rejoindre(mise, structure, quantite, **reste):
    return lambda: mises_en_commun.rejoindre(
        MiseEnCommun.objects.get(pk=mise.pk),
        structure=structure,
        par=None,
        quantite=D(quantite),
        **{"cle": uuid.uuid4(), **reste},
    )


def fraiche(part):
    return PartEnCommun.objects.select_related("mise").get(pk=part.pk)


def verifier(mise):
    mise.refresh_from_db()
    assert mise.total == (mise.parts.actives().aggregate(s=Sum("quantite"))["s"] or 0)


def test_forty_join_change_and_leave_at_once_and_the_pilot_is_told_once():
    mise = MiseEnCommunFactory(minimum=40, annonce__structure__courriel="pilote@example.org")
    structures = StructureFactory.create_batch(40)
    tenues = [rejoindre(mise, structure, 2)() for structure in structures[:10]]
    actes = [rejoindre(mise, structure, 3) for structure in structures[10:]]
    actes += [lambda p=p: mises_en_commun.quitter(fraiche(p), par=None) for p in tenues[:5]]
    actes += [lambda p=p: mises_en_commun.changer(fraiche(p), par=None, quantite=D(7)) for p in tenues[5:]]
    assert ensemble(actes) == []
    verifier(mise)
    assert mise.total == 30 * 3 + 5 * 7
    assert Courriel.objects.filter(gabarit="mise_pilote", sujet__startswith="C'est assez").count() == 1


def test_same_form_sent_ten_times_and_ten_forms_of_one_structure_make_one_part():
    mise, structure, cle = MiseEnCommunFactory(), StructureFactory(), uuid.uuid4()
    assert ensemble([rejoindre(mise, structure, 3, cle=cle)] * 10) == []
    autre = StructureFactory()
    erreurs = ensemble([rejoindre(mise, autre, 4) for _ in range(10)])
    assert [type(erreur) for _, erreur in erreurs] == [mises_en_commun.DejaDedans] * 9
    verifier(mise)
    assert mise.total == 7


def test_joining_leaving_and_ordering_at_once():
    """Whoever wins, the order is of the parts that are there: they add up, nobody is in a sum and not in the order."""
    mise = MiseEnCommunFactory(minimum=20, conditionnement=10)
    structures = StructureFactory.create_batch(24)
    tenues = [rejoindre(mise, structure, 4, tolerance=D(1))() for structure in structures[:12]]

    def commander():
        for _ in range(20):
            vue = MiseEnCommun.objects.pour_page().get(pk=mise.pk)
            quantite = mises_achat.apercu(vue, list(vue.parts.actives().pour_pages())).quantite
            try:
                return mises_achat.commander(vue, par=None, prix=D(8), frais=D("12.34"), vue=quantite)
            except mises_en_commun.TotalChange:
                continue
        raise AssertionError("never the total that was seen")

    actes = [rejoindre(mise, structure, 5) for structure in structures[12:]]
    actes += [lambda p=p: mises_en_commun.quitter(fraiche(p), par=None) for p in tenues[:4]]
    actes += [commander, commander]
    erreurs = ensemble(actes)
    assert {type(erreur) for _, erreur in erreurs} <= {TransitionInterdite}
    verifier(mise)
    sommes = mise.parts.actives().aggregate(c=Sum("commande"), t=Sum("tolerance"))
    assert (mise.etat, sommes["c"]) == ("commandee", mise.quantite_commandee)
    assert mise.quantite_commandee % 10 == 0
    assert not mise.parts.filter(etat="quittee", commande__isnull=False).exists()
    # Each that takes part is told of the order once, whatever the number of clicks.
    commandes = Courriel.objects.filter(gabarit="mise_structure", sujet__startswith="La commande")
    assert commandes.count() == len(set(commandes.values_list("objet_id", flat=True)))


def test_two_receptions_and_payments_at_once_keep_the_bill():
    mise = MiseEnCommunFactory(minimum=20)
    parts = [rejoindre(mise, structure, 3)() for structure in StructureFactory.create_batch(9)]
    mise.refresh_from_db()
    mises_achat.commander(mise, par=None, prix=D("3.33"), frais=D("9.99"), vue=D(27))

    def recevoir(recue):
        return lambda: mises_achat.recevoir(
            MiseEnCommun.objects.get(pk=mise.pk), par=None, recue=D(recue), prix=D("3.37"), frais=D("10.01")
        )

    def regler(part):
        return lambda: mises_achat.noter_reglement(fraiche(part), par=None, regle=True)

    erreurs = ensemble([recevoir(20), recevoir(25), *[regler(part) for part in parts]])
    assert {type(erreur) for _, erreur in erreurs} <= {TransitionInterdite}
    mise.refresh_from_db()
    parts = list(mise.parts.all())
    assert sum(part.recu for part in parts) == mise.quantite_recue
    assert sum(part.du for part in parts) == mise.facture


def test_closing_date_said_by_one_of_many_workers():
    mise = MiseEnCommunFactory(annonce__structure__courriel="pilote@example.org", cloture_le="2024-01-01")
    comptes = []
    assert ensemble([lambda: comptes.append(mises_en_commun.demander_aux_pilotes()) for _ in range(8)]) == []
    assert sum(comptes) == 1
    assert Courriel.objects.filter(gabarit="mise_pilote").count() == 1
    mise.refresh_from_db()
    assert mise.etat == "ouverte"


def test_abandoning_while_others_join_tells_each_that_was_in_once():
    mise = MiseEnCommunFactory()
    structures = [StructureFactory(courriel=f"s{rang}@example.org") for rang in range(12)]
    [rejoindre(mise, structure, 1)() for structure in structures[:6]]
    actes = [rejoindre(mise, structure, 1) for structure in structures[6:]]
    actes += [
        lambda: mises_en_commun.abandonner(MiseEnCommun.objects.get(pk=mise.pk), par=None, motif="Trop cher.")
    ] * 2
    erreurs = ensemble(actes)
    assert {type(erreur) for _, erreur in erreurs} <= {TransitionInterdite}
    dits = Courriel.objects.filter(gabarit="mise_structure", sujet__startswith="Abandonné")
    dites = sorted(int(cle) for cle in dits.values_list("objet_id", flat=True))
    assert dites == sorted(mise.parts.values_list("pk", flat=True))
