"""Urgent help: who is called in which wave, quiet hours, limits, answers, reserve, closing."""

import uuid
from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import TransitionInterdite, urgences, urgences_reponses, urgences_vagues
from ressources.models import Appel, PreferenceUrgences, Urgence
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory
from tests.factories.urgences import AppelFactory, BenevoleFactory, ReglagesUrgencesFactory, UrgenceFactory, demain

pytestmark = pytest.mark.django_db


def avancer(urgence, minutes=0):
    urgences_vagues.avancer(maintenant=timezone.now() + timedelta(minutes=minutes))
    urgence.refresh_from_db()
    return urgence


def mails(gabarit, **filtres):
    return list(
        Courriel.objects.filter(gabarit=gabarit, **filtres).order_by("pk").values_list("destinataire", flat=True)
    )


def appeles(urgence, **filtres):
    return set(urgence.appels.filter(**filtres).values_list("utilisateur", flat=True))


def repondre(appel, **reste):
    donnees = {"nom": "Lou", "telephone": "01 99 00 45 67", **reste}
    return urgences_reponses.accepter(Appel.objects.get(pk=appel.pk), **donnees)


def loin(degres):
    """A commune `degres` of latitude to the north of the others: 111 km each."""
    return CommuneFactory(latitude=46.13 + degres)


# -- waves


def test_first_wave_calls_those_near_who_can():
    urgence = UrgenceFactory()
    cuisine, couture = BenevoleFactory(), BenevoleFactory(savoir_faire="couture")
    eloignee = BenevoleFactory(commune=loin(0.3), rayon=60)
    avancer(urgence)
    assert (urgence.vague, urgence.etat) == (1, "ouverte")
    assert appeles(urgence) == {cuisine.utilisateur_id}
    assert mails("urgence_appel") == [cuisine.utilisateur.email]
    assert not Appel.objects.filter(utilisateur__in=[couture.utilisateur, eloignee.utilisateur]).exists()
    attente = (urgence.prochaine_vague_le - timezone.now()).total_seconds() / 60
    assert attente == pytest.approx(urgence.delai, abs=1)


def test_second_wave_is_wider_and_third_is_the_staff():
    urgence = UrgenceFactory()
    pres, plus_loin = BenevoleFactory(), BenevoleFactory(commune=loin(0.3), rayon=60)
    trop_loin = BenevoleFactory(commune=loin(0.3), rayon=10)
    for minutes, vague in [(0, 1), (5, 1), (21, 2), (42, 3), (90, 3)]:
        assert avancer(urgence, minutes).vague == vague
    assert appeles(urgence, vague=1) == {pres.utilisateur_id}
    assert appeles(urgence, vague=2) == {plus_loin.utilisateur_id}
    assert trop_loin.utilisateur_id not in appeles(urgence)
    assert mails("urgence_equipe") == ["equipe@pole.example.org"]
    assert mails("urgence_demandeur") == [urgence.par.email]
    assert len(mails("urgence_appel")) == 2
    assert urgence.prochaine_vague_le is None


def test_a_wave_that_reaches_nobody_does_not_wait():
    urgence = avancer(UrgenceFactory())
    assert (urgence.vague, urgence.appels.count()) == (3, 0)
    assert len(mails("urgence_equipe")) == 1


def test_structures_are_called_by_their_offers_skills_and_activities():
    urgence = UrgenceFactory()
    offre = ReglagesUrgencesFactory()
    AnnonceFactory(structure=offre.structure, nature="competence", mode="service_gratuit", titre="Cuisine collective")
    fiche = ReglagesUrgencesFactory()
    fiche.structure.missions = "Nous faisons la cuisine pour tous."
    fiche.structure.save()
    rien = ReglagesUrgencesFactory()
    refuse, brouillon = ReglagesUrgencesFactory(accepte=False), ReglagesUrgencesFactory(structure__etat="brouillon")
    for reglages in (refuse, brouillon):
        AnnonceFactory(structure=reglages.structure, nature="competence", mode="service_gratuit", titre="Cuisine")
    avancer(urgence)
    assert set(urgence.appels.values_list("structure", flat=True)) == {offre.structure_id, fiche.structure_id}
    raisons = dict(urgence.appels.values_list("structure", "raisons"))
    assert raisons[offre.structure_id] == "propose déjà : Cuisine collective ; sur place"
    assert "missions" in raisons[fiche.structure_id]
    assert not rien.structure.appels_urgents.exists()


def test_chosen_referents_are_called_and_two_at_most_otherwise():
    urgence = UrgenceFactory(nature="entraide", savoir_faire="", titre="Porter des tables")
    tous, choisi = ReglagesUrgencesFactory(), ReglagesUrgencesFactory()
    for reglages in (tous, choisi):
        RattachementFactory.create_batch(3, structure=reglages.structure, role="referent")
    RattachementFactory(structure=choisi.structure, role="membre")
    elu = choisi.structure.rattachements.filter(role="referent").last().utilisateur
    choisi.referents.add(elu)
    avancer(urgence)
    assert appeles(urgence, structure=choisi.structure) == {elu.pk}
    assert urgence.appels.filter(structure=tous.structure).count() == 2


def test_nobody_of_the_asking_structure_nor_who_refuses_is_called():
    urgence = UrgenceFactory()
    BenevoleFactory(utilisateur=urgence.par)
    BenevoleFactory(utilisateur=RattachementFactory(structure=urgence.structure).utilisateur)
    refuse = ReglagesUrgencesFactory(structure__missions="Cuisine")
    referent = refuse.structure.rattachements.get().utilisateur
    PreferenceUrgences.objects.create(utilisateur=referent, accepte="jamais")
    BenevoleFactory(utilisateur__is_active=False)
    assert avancer(urgence).appels.count() == 0


def test_who_is_both_volunteer_and_referent_is_called_once():
    urgence, benevole = UrgenceFactory(), BenevoleFactory()
    ReglagesUrgencesFactory(structure__missions="Cuisine", referent=benevole.utilisateur)
    avancer(urgence)
    assert mails("urgence_appel") == [benevole.utilisateur.email]


def test_a_batch_is_limited():
    urgence = UrgenceFactory()
    BenevoleFactory.create_batch(14)
    avancer(urgence)
    assert urgence.appels.count() == 10
    avancer(urgence, 21)
    assert urgence.appels.count() == 14


# -- quiet hours and limits


def a(heures, jour=0):
    """An instant of today (or `jour` days later), Europe/Paris."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=jour), time(heures)))


@pytest.mark.parametrize(
    ("debut", "fin", "heure", "attendu"),
    [
        (21, 7, 22, a(7, 1)),
        (21, 7, 3, a(7)),
        (21, 7, 12, a(12)),
        (21, 7, 7, a(7)),
        (12, 14, 13, a(14)),
        (12, 14, 14, a(14)),
        (0, 0, 3, a(3)),
    ],
)
def test_end_of_quiet_hours(debut, fin, heure, attendu):
    preference = PreferenceUrgences(calme_debut=time(debut), calme_fin=time(fin))
    assert urgences_vagues.fin_du_calme(preference, a(heure)) == attendu


def calme_maintenant():
    """Quiet hours that hold this moment and end in two hours."""
    ici = timezone.localtime()
    return {"calme_debut": (ici - timedelta(hours=1)).time(), "calme_fin": (ici + timedelta(hours=2)).time()}


def test_a_call_in_quiet_hours_leaves_at_their_end():
    urgence = UrgenceFactory()
    dort, veille = BenevoleFactory(**calme_maintenant()), BenevoleFactory()
    avancer(urgence)
    assert mails("urgence_appel") == [veille.utilisateur.email]
    prevu = urgence.appels.get(utilisateur=dort.utilisateur)
    assert (prevu.etat, prevu.envois) == ("prevu", 0)
    avancer(urgence, 60)
    assert dort.utilisateur.email not in mails("urgence_appel")
    avancer(urgence, 121)
    assert mails("urgence_appel").count(dort.utilisateur.email) == 1
    prevu.refresh_from_db()
    assert (prevu.etat, prevu.envois) == ("envoye", 1)


def test_a_call_that_would_leave_too_late_is_not_kept():
    maintenant = timezone.now()
    urgence = UrgenceFactory(debut=maintenant + timedelta(minutes=10), fin=maintenant + timedelta(hours=2))
    BenevoleFactory(**calme_maintenant())
    assert avancer(urgence).appels.count() == 0


def test_a_call_held_back_never_leaves_once_it_is_found():
    urgence = UrgenceFactory()
    dort, veille = BenevoleFactory(**calme_maintenant()), BenevoleFactory()
    avancer(urgence)
    repondre(urgence.appels.get(utilisateur=veille.utilisateur))
    avancer(urgence, 200)
    assert urgence.appels.get(utilisateur=dort.utilisateur).etat == "trop_tard"
    assert dort.utilisateur.email not in mails("urgence_appel") + mails("urgence_close")


def test_no_more_calls_a_week_than_the_person_wants():
    benevole = BenevoleFactory(par_semaine=2)
    ancien = AppelFactory(utilisateur=benevole.utilisateur, etat="trop_tard", urgence__etat="annulee")
    Appel.objects.filter(pk=ancien.pk).update(envoye_le=timezone.now() - timedelta(days=8))
    for attendus in (1, 2, 2):
        avancer(UrgenceFactory())
        assert mails("urgence_appel").count(benevole.utilisateur.email) == attendus


def test_a_structure_opens_five_a_week(structure, referent):
    valeurs = {
        "titre": "Un chauffeur", "nature": "competence", "debut": demain(), "fin": demain(10),
        "commune": structure.commune, "latitude": 46.1, "longitude": 3.4,
    }  # fmt: skip
    ouvertes = [urgences.ouvrir(structure=structure, par=referent, cle=uuid.uuid4(), **valeurs) for _ in range(5)]
    with pytest.raises(urgences.TropDUrgences):
        urgences.ouvrir(structure=structure, par=referent, cle=uuid.uuid4(), **valeurs)
    assert urgences.ouvrir(structure=structure, par=referent, cle=ouvertes[0].cle, **valeurs) == ouvertes[0]
    Urgence.objects.filter(pk=ouvertes[0].pk).update(cree_le=timezone.now() - timedelta(days=8))
    urgences.ouvrir(structure=structure, par=referent, cle=uuid.uuid4(), **valeurs)
    autre = RattachementFactory(structure=structure, role="referent").utilisateur
    with pytest.raises(urgences.CleDejaUtilisee):
        urgences.ouvrir(structure=structure, par=autre, cle=ouvertes[0].cle, **valeurs)
    with pytest.raises(TransitionInterdite):
        urgences.ouvrir(structure=StructureFactory(etat="a_valider"), par=referent, cle=uuid.uuid4(), **valeurs)


# -- answers


def lancee(places=1, appeles=3, **reste):
    """An urgency whose first wave has left to `appeles` people."""
    urgence = UrgenceFactory(places=places, vague=1, prochaine_vague_le=timezone.now() + timedelta(minutes=20), **reste)
    appels = AppelFactory.create_batch(appeles, urgence=urgence)
    for appel in appels:  # no quiet hours, whatever the hour of the test
        BenevoleFactory(utilisateur=appel.utilisateur, accepte="structure")
    return urgence, appels


def test_first_yes_closes_gives_contacts_and_tells_the_others_once():
    urgence, (premier, deuxieme, troisieme) = lancee()
    urgences_reponses.decliner(troisieme)
    repondre(premier)
    urgence.refresh_from_db()
    assert (urgence.etat, urgence.confirmes, urgence.prochaine_vague_le) == ("pourvue", 1, None)
    assert mails("urgence_confirmee") == [premier.utilisateur.email]
    assert mails("urgence_demandeur") == [urgence.par.email]
    assert mails("urgence_close") == [deuxieme.utilisateur.email]
    au_demandeur = Courriel.objects.get(gabarit="urgence_demandeur").texte
    assert "01 99 00 45 67" in au_demandeur and premier.utilisateur.email in au_demandeur
    au_benevole = Courriel.objects.get(gabarit="urgence_confirmee").texte
    assert "12 rue du Lavoir" in au_benevole and "01 99 00 12 34" in au_benevole
    repondre(premier)
    assert Courriel.objects.filter(gabarit__startswith="urgence_").count() == 3


def test_as_many_are_confirmed_as_are_wanted():
    urgence, appels = lancee(places=2, appeles=4)
    assert [repondre(appel).etat for appel in appels] == ["oui", "oui", "reserve", "reserve"]
    urgence.refresh_from_db()
    assert (urgence.etat, urgence.confirmes) == ("pourvue", 2)


def test_the_reserve_is_called_first_when_a_helper_withdraws():
    urgence, (premier, deuxieme, troisieme) = lancee()
    repondre(premier)
    assert repondre(deuxieme).etat == "reserve"
    urgences_reponses.se_desister(Appel.objects.get(pk=premier.pk))
    urgence.refresh_from_db()
    assert (urgence.etat, urgence.confirmes, urgence.vague) == ("ouverte", 0, 0)
    assert urgence.prochaine_vague_le > timezone.now()
    assert mails("urgence_appel") == [deuxieme.utilisateur.email]
    assert "ne peut plus" in Courriel.objects.get(gabarit="urgence_appel").texte
    assert len(mails("urgence_demandeur")) == 2
    PreferenceUrgences.objects.filter(utilisateur=troisieme.utilisateur).update(accepte="oui")
    avancer(urgence, 21)
    assert mails("urgence_appel") == [deuxieme.utilisateur.email, troisieme.utilisateur.email]
    assert premier.utilisateur_id not in appeles(urgence, etat="envoye")
    assert repondre(deuxieme).etat == "oui"
    urgence.refresh_from_db()
    assert urgence.etat == "pourvue"
    assert mails("urgence_close").count(troisieme.utilisateur.email) == 2


def test_without_reserve_the_waves_begin_again_at_once():
    urgence, (premier, _, _) = lancee()
    repondre(premier)
    urgences_reponses.se_desister(Appel.objects.get(pk=premier.pk))
    urgence.refresh_from_db()
    assert urgence.prochaine_vague_le <= timezone.now()
    with pytest.raises(TransitionInterdite):
        urgences_reponses.se_desister(AppelFactory(urgence=urgence))


def test_when_all_said_no_the_next_wave_leaves_now():
    urgence, appels = lancee(appeles=2)
    urgences_reponses.decliner(appels[0])
    urgence.refresh_from_db()
    assert urgence.prochaine_vague_le > timezone.now()
    urgences_reponses.decliner(appels[1])
    urgence.refresh_from_db()
    assert urgence.prochaine_vague_le <= timezone.now()


def test_who_said_no_may_change_their_mind():
    _urgence, (premier, *_) = lancee()
    urgences_reponses.decliner(premier)
    assert repondre(premier).etat == "oui"
    with pytest.raises(TransitionInterdite):
        urgences_reponses.decliner(Appel.objects.get(pk=premier.pk))


# -- closing


def test_cancelled_tells_all_who_were_called_once():
    urgence, appels = lancee(places=2)
    repondre(appels[0])
    for _ in range(2):
        urgences.annuler(Urgence.objects.get(pk=urgence.pk), motif="Le chef est revenu.")
    assert sorted(mails("urgence_close")) == sorted(appel.utilisateur.email for appel in appels)
    assert "Le chef est revenu." in Courriel.objects.filter(gabarit="urgence_close").first().texte
    with pytest.raises(TransitionInterdite):
        repondre(appels[1])


def test_met_by_other_means_stops_the_calls():
    urgence, appels = lancee()
    urgences.pourvoir_autrement(urgence)
    assert (urgence.etat, urgence.autrement, urgence.confirmes) == ("pourvue", True, 0)
    assert len(mails("urgence_close")) == 3
    with pytest.raises(TransitionInterdite):
        repondre(appels[0])


def test_past_it_expires_and_the_asker_is_told():
    urgence, appels = lancee()
    urgences_vagues.avancer(maintenant=urgence.fin)
    urgence.refresh_from_db()
    assert urgence.etat == "expiree"
    assert set(urgence.appels.values_list("etat", flat=True)) == {"trop_tard"}
    assert (mails("urgence_close"), mails("urgence_demandeur")) == ([], [urgence.par.email])
    with pytest.raises(TransitionInterdite):
        repondre(appels[0])


def test_widening_twice_from_one_page_widens_once():
    urgence, _ = lancee()
    assert urgences.elargir(urgence, vague=1)
    avancer(urgence)
    passee = urgence.vague
    assert not urgences.elargir(urgence, vague=1)
    assert avancer(urgence).vague == passee


def test_exchanged_phones_are_forgotten_after_ninety_days():
    urgence, (premier, *_) = lancee()
    repondre(premier)
    assert urgences_reponses.oublier() == 0
    Urgence.objects.filter(pk=urgence.pk).update(
        debut=timezone.now() - timedelta(days=92), fin=timezone.now() - timedelta(days=91)
    )
    assert urgences_reponses.oublier() == 1
    premier.refresh_from_db()
    urgence.refresh_from_db()
    assert (premier.nom, premier.telephone, urgence.telephone, urgence.lieu) == ("", "", "", "")


# -- what the database refuses by itself


def refuse(nom, acte):
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        acte()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert refus.value.__cause__.diag.constraint_name == nom


def test_the_database_refuses_what_goes_round_the_acts():
    urgence, (premier, *_) = lancee()
    lignes, ses_appels = Urgence.objects.filter(pk=urgence.pk), Appel.objects.filter(pk=premier.pk)
    maintenant = timezone.now()
    refuse("urgence_compte_juste", lambda: ses_appels.update(etat="oui", reponse_le=maintenant))
    refuse("urgence_compte_juste", lambda: Urgence.objects.filter(pk=UrgenceFactory(places=2).pk).update(confirmes=1))
    refuse("urgence_pas_plus_que_cherche", lambda: lignes.update(
        confirmes=2, etat="annulee", close_le=maintenant, prochaine_vague_le=None
    ))  # fmt: skip
    refuse("urgence_ouverte_continue", lambda: lignes.update(confirmes=1))
    refuse("urgence_ouverte_continue", lambda: lignes.update(prochaine_vague_le=None))
    refuse("urgence_close_s_arrete", lambda: lignes.update(etat="annulee"))
    refuse("urgence_pourvue_au_complet", lambda: lignes.update(
        etat="pourvue", close_le=maintenant, prochaine_vague_le=None
    ))  # fmt: skip
    refuse("appel_reponse_datee", lambda: ses_appels.update(etat="non"))
    refuse("appel_prevu_date", lambda: ses_appels.update(etat="prevu"))
    refuse("appel_une_fois", lambda: AppelFactory(urgence=urgence, utilisateur=premier.utilisateur))
    refuse("appel_ne_change_pas_d_urgence", lambda: ses_appels.update(urgence=UrgenceFactory()))
    refuse("urgences_benevole_situe", lambda: BenevoleFactory(commune=None))
    urgences.annuler(urgence)
    refuse("appel_oui_a_temps", lambda: ses_appels.update(etat="oui", reponse_le=maintenant))


def test_a_wave_costs_the_same_for_one_and_for_many(django_assert_num_queries):
    def une_vague(nombre):
        urgence = UrgenceFactory()
        for rang in range(nombre):
            BenevoleFactory(utilisateur=UtilisateurFactory())
            reglages = ReglagesUrgencesFactory(structure__missions="Cuisine")
            AnnonceFactory(structure=reglages.structure, nature="competence", titre=f"Cuisine {rang}")
        return urgence

    from ressources.rapprochement import urgences as candidats

    candidats.chercher(une_vague(1), km=15, seuil=0)
    for urgence in (une_vague(1), une_vague(6)):
        with django_assert_num_queries(15):
            candidats.chercher(urgence, km=15, seuil=0)
