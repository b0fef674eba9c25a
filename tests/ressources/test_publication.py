"""States of an announcement: each act from each state, who is told, what is dated, two people at once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import TransitionInterdite, publication
from ressources.models import Annonce, MotDeVigilance, ReglagesStructure
from tests.factories import RattachementFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory

pytestmark = pytest.mark.usefixtures("notifie_aussitot")
MOTIF = "Précisez les jours."
ACTES = {
    "soumettre": {},
    "publier": {},
    "demander_correction": {"motif": MOTIF},
    "refuser": {"motif": MOTIF},
    "remettre_en_validation": {"raison": MOTIF},
    "marquer_pourvue": {},
    "retirer": {},
    "rouvrir": {},
    "archiver": {},
}


def annonce_(etat, **valeurs):
    publiee_le = timezone.now() - timedelta(days=3) if etat in ("pourvue", "retiree") else None
    return AnnonceFactory(etat=etat, **({"publiee_le": publiee_le} if publiee_le else {}), **valeurs)


def confiance(structure):
    ReglagesStructure.objects.create(structure=structure, de_confiance=True, confiance_le=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("etat", Annonce.Etat.values)
@pytest.mark.parametrize("acte", ACTES)
def test_each_act_from_each_state(etat, acte):
    annonce, par = annonce_(etat), UtilisateurFactory()
    departs, arrivee = publication.TRANSITIONS[acte]
    if etat in departs:
        getattr(publication, acte)(annonce, par=par, **ACTES[acte])
        assert annonce.etat == Annonce.objects.get(pk=annonce.pk).etat == arrivee
        assert annonce.history.first().history_user == par
    else:
        with pytest.raises(TransitionInterdite, match="ce n'est pas possible"):
            getattr(publication, acte)(annonce, par=par, **ACTES[acte])
        assert Annonce.objects.get(pk=annonce.pk).etat == etat
        assert not Courriel.objects.exists()


@pytest.mark.django_db
def test_publishing_dates_it_and_tells_its_structure():
    referent = RattachementFactory(role="referent")
    annonce = annonce_("a_valider", structure=referent.structure)
    publication.publier(annonce, par=UtilisateurFactory(is_staff=True))
    assert annonce.expire_le == timezone.localdate() + timedelta(days=90)
    assert (annonce.publiee_le is not None, annonce.soumise_le) == (True, None)
    courriel = Courriel.objects.get()
    assert courriel.destinataire == referent.utilisateur.email
    assert annonce.get_absolute_url() in courriel.texte


@pytest.mark.django_db
def test_a_chosen_end_is_kept_within_a_year():
    jours = [(30, 30), (400, 365), (-1, 90)]
    for voulu, obtenu in jours:
        annonce = annonce_("a_valider", expire_le=timezone.localdate() + timedelta(days=voulu))
        publication.publier(annonce, par=None)
        assert annonce.expire_le == timezone.localdate() + timedelta(days=obtenu)


@pytest.mark.django_db
@pytest.mark.parametrize("acte", ["demander_correction", "refuser"])
def test_a_reason_is_required_and_mailed(acte):
    annonce = annonce_("a_valider")
    with pytest.raises(ValueError, match="raison"):
        getattr(publication, acte)(annonce, par=None, motif="  ")
    getattr(publication, acte)(annonce, par=None, motif=MOTIF)
    courriel = Courriel.objects.get()
    assert MOTIF in courriel.texte
    assert MOTIF in courriel.html
    assert courriel.destinataire == annonce.structure.courriel


@pytest.mark.django_db
def test_trusted_structure_and_staff_publish_at_once():
    annonce = annonce_("brouillon")
    confiance(annonce.structure)
    assert publication.soumettre(annonce, par=UtilisateurFactory()).etat == "publiee"
    assert not Courriel.objects.exists()
    assert publication.soumettre(annonce_("brouillon"), par=UtilisateurFactory(is_staff=True)).etat == "publiee"
    autre = annonce_("brouillon")
    assert publication.soumettre(autre, par=UtilisateurFactory()).etat == "a_valider"
    assert autre.soumise_le is not None
    assert Courriel.objects.filter(gabarit="annonce_equipe").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("titre", "trouve"),
    [
        ("Vente d'ALCOOLS au détail", True),
        ("Gâins   garantis !", True),
        ("Consultation d'alcoologie", False),
        ("Le regain garantit la récolte", False),
    ],
)
def test_words_of_vigilance_stop_even_a_trusted_structure(titre, trouve):
    for expression in ("alcool", "gain garanti"):
        MotDeVigilance.objects.create(expression=expression)
    annonce = annonce_("brouillon", titre=titre)
    confiance(annonce.structure)
    publication.soumettre(annonce, par=UtilisateurFactory())
    assert annonce.etat == ("a_valider" if trouve else "publiee")
    assert bool(Annonce.objects.get(pk=annonce.pk).vigilance) is trouve


@pytest.mark.django_db
def test_an_unfinished_one_is_explained():
    with pytest.raises(TransitionInterdite, match="titre"):
        publication.soumettre(annonce_("brouillon", titre=""), par=None)
    with pytest.raises(TransitionInterdite, match="prix"):
        publication.soumettre(annonce_("brouillon", mode="vente"), par=None)


@pytest.mark.django_db
def test_still_valid_prolongs_even_an_expired_one_and_never_shortens():
    annonce = AnnonceFactory(expire_le=timezone.localdate() - timedelta(days=5), rappels=2)
    publication.prolonger(annonce)
    assert (annonce.est_expiree, annonce.rappels) == (False, 0)
    loin = AnnonceFactory(expire_le=timezone.localdate() + timedelta(days=200))
    assert publication.prolonger(loin).expire_le == timezone.localdate() + timedelta(days=200)
    with pytest.raises(TransitionInterdite):
        publication.prolonger(annonce_("pourvue"))


@pytest.mark.django_db
def test_edit_of_a_published_one_is_read_again_unless_trusted():
    annonce = AnnonceFactory()
    publication.modifiee(annonce, par=UtilisateurFactory())
    assert annonce.a_relire_depuis is not None
    sure = AnnonceFactory()
    confiance(sure.structure)
    assert publication.modifiee(sure, par=UtilisateurFactory()).a_relire_depuis is None
    MotDeVigilance.objects.create(expression="voyance")
    Annonce.objects.filter(pk=sure.pk).update(description="Séance de voyance")
    assert publication.modifiee(sure, par=UtilisateurFactory()).etat == "a_valider"


@pytest.mark.django_db
def test_reopening_keeps_the_first_date():
    annonce = annonce_("pourvue", expire_le=timezone.localdate() - timedelta(days=1))
    publiee_le = annonce.publiee_le
    publication.rouvrir(annonce, par=None)
    assert (annonce.publiee_le, annonce.close_le) == (publiee_le, None)
    assert annonce.est_ouverte


@pytest.mark.django_db(transaction=True)
def test_two_staff_at_once_decide_once():
    annonce = annonce_("a_valider")
    depart, faits = Barrier(2), []

    def decider(acte):
        try:
            depart.wait(10)
            getattr(publication, acte)(Annonce.objects.get(pk=annonce.pk), par=None, **ACTES[acte])
            faits.append(acte)
        except TransitionInterdite:
            pass
        finally:
            connections.close_all()

    fils = [Thread(target=decider, args=[acte]) for acte in ("publier", "refuser")]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert len(faits) == 1
    assert Annonce.objects.get().etat == publication.TRANSITIONS[faits[0]][1]
    connection.close()
