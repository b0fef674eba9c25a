"""Urgent help under fire: two confirmations of one call, several workers at once; real threads and connections."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import urgences, urgences_reponses, urgences_vagues
from ressources.models import Appel, Urgence
from tests.factories.urgences import AppelFactory, BenevoleFactory, UrgenceFactory
from tests.ressources.test_lots_fils import ensemble

pytestmark = pytest.mark.django_db(transaction=True)


def lancee(places, appeles):
    urgence = UrgenceFactory(places=places, vague=1, prochaine_vague_le=timezone.now() + timedelta(minutes=20))
    return urgence, AppelFactory.create_batch(appeles, urgence=urgence)


def je_peux(appel):
    return lambda: urgences_reponses.accepter(Appel.objects.get(pk=appel.pk), nom="Lou", telephone="01 99 00 45 67")


def etats(urgence):
    comptes = {}
    for etat in urgence.appels.values_list("etat", flat=True):
        comptes[etat] = comptes.get(etat, 0) + 1
    return comptes


def destinataires(gabarit):
    return list(Courriel.objects.filter(gabarit=gabarit).values_list("destinataire", flat=True))


def chacun_une_fois(gabarit):
    """Nobody has two; how many."""
    adresses = destinataires(gabarit)
    assert len(adresses) == len(set(adresses))
    return len(adresses)


@pytest.mark.parametrize("places", [1, 3])
def test_thirty_say_yes_at_once_and_as_many_as_wanted_are_confirmed(places):
    urgence, appels = lancee(places, 40)
    assert ensemble([je_peux(appel) for appel in appels[:30]]) == []
    urgence.refresh_from_db()
    assert (urgence.etat, urgence.confirmes) == ("pourvue", places)
    assert etats(urgence) == {"oui": places, "reserve": 30 - places, "trop_tard": 10}
    assert chacun_une_fois("urgence_confirmee") == places
    confirmes = set(urgence.appels.filter(etat="oui").values_list("utilisateur__email", flat=True))
    prevenus = set(destinataires("urgence_close"))
    assert chacun_une_fois("urgence_close") == len(prevenus)
    assert not prevenus & confirmes
    sans_reponse = set(urgence.appels.filter(etat="trop_tard").values_list("utilisateur__email", flat=True))
    assert sans_reponse <= prevenus


def test_one_person_taps_ten_times():
    urgence, (appel, _) = lancee(2, 2)
    assert ensemble([je_peux(appel)] * 10) == []
    urgence.refresh_from_db()
    assert (urgence.etat, urgence.confirmes) == ("ouverte", 1)
    assert destinataires("urgence_confirmee") == [appel.utilisateur.email]


def test_yes_no_withdrawals_and_closings_at_once_keep_the_count():
    urgence, appels = lancee(3, 20)
    for appel in appels[:3]:
        je_peux(appel)()
    relue = lambda: Urgence.objects.get(pk=urgence.pk)  # noqa: E731
    actes = [je_peux(appel) for appel in appels[3:14]]
    actes += [lambda appel=appel: urgences_reponses.se_desister(Appel.objects.get(pk=appel.pk)) for appel in appels[:3]]
    actes += [lambda appel=appel: urgences_reponses.decliner(Appel.objects.get(pk=appel.pk)) for appel in appels[14:]]
    actes += [lambda: urgences_vagues.avancer(maintenant=timezone.now() + timedelta(minutes=30))] * 2
    erreurs = ensemble(actes)
    assert [erreur for _, erreur in erreurs] == []
    fraiche = relue()
    assert fraiche.confirmes == fraiche.appels.filter(etat="oui").count() <= 3
    assert (fraiche.etat == "pourvue") == (fraiche.confirmes == 3)
    urgences.annuler(fraiche)
    assert relue().etat == "annulee"


def test_workers_at_once_send_each_wave_once():
    BenevoleFactory.create_batch(6, par_semaine=20)
    toutes = [UrgenceFactory() for _ in range(8)]
    assert ensemble([urgences_vagues.avancer] * 6) == []
    assert set(Urgence.objects.values_list("vague", flat=True)) == {1}
    assert Appel.objects.count() == len(destinataires("urgence_appel")) == 6 * len(toutes)
    cles = list(Courriel.objects.filter(gabarit="urgence_appel").values_list("objet_id", flat=True))
    assert len(cles) == len(set(cles))


def test_workers_at_once_never_pass_a_persons_limit():
    """Eight urgencies of eight structures at the same moment, for people who want two calls a week."""
    benevoles = BenevoleFactory.create_batch(5, par_semaine=2)
    toutes = [UrgenceFactory() for _ in range(8)]
    actes = [lambda u=u: urgences_vagues.avancer_une(u.pk) for u in toutes]
    assert ensemble(actes) == []
    for benevole in benevoles:
        assert Appel.objects.filter(utilisateur=benevole.utilisateur).count() == 2


def test_one_form_sent_ten_times_opens_one(structure, referent):
    import uuid

    from tests.factories.urgences import demain

    cle = uuid.uuid4()
    valeurs = {
        "titre": "Un chauffeur", "nature": "competence", "debut": demain(), "fin": demain(10),
        "commune": structure.commune, "latitude": 46.1, "longitude": 3.4,
    }  # fmt: skip
    ouvrir = lambda cle: urgences.ouvrir(structure=structure, par=referent, cle=cle, **valeurs)  # noqa: E731
    assert ensemble([lambda: ouvrir(cle)] * 10) == []
    assert Urgence.objects.count() == 1
    erreurs = ensemble([lambda: ouvrir(uuid.uuid4())] * 10)
    assert {type(erreur) for _, erreur in erreurs} == {urgences.TropDUrgences}
    assert Urgence.objects.count() == 5
