"""What was decided: each act in each state, who is written to, reminders, projects, what opens the next agenda."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from annuaire import compte_attentes
from pole_ess.socle import attentes
from pole_ess.socle.models import Courriel
from reunions.actions import TransitionInterdite, ordre_du_jour, projets, rappels_suites
from reunions.actions import suites as actes
from reunions.models import Action, MembreProjet, Nouvelle, Projet
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.reunions import ActionFactory, ProjetFactory, ReunionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notifie_aussitot")]


def jours(n):
    return timezone.localdate() + timedelta(days=n)


def ecrits(gabarit) -> list[str]:
    return sorted(Courriel.objects.filter(gabarit=gabarit).values_list("destinataire", flat=True))


def avec_referent(**valeurs):
    """(structure, its référent)."""
    structure = StructureFactory(**valeurs)
    return structure, RattachementFactory(structure=structure, role="referent").utilisateur


# -- noting, changing


def test_an_action_is_noted_once_and_its_leader_told_once(animateur):
    pilote, referente = avec_referent()
    cle = uuid.uuid4()
    faites = [
        actes.creer(valeurs={"titre": "Faire la carte", "pilote": pilote}, par=animateur, cle=cle) for _ in range(2)
    ]
    assert (faites[0].pk == faites[1].pk, Action.objects.count()) == (True, 1)
    assert ecrits("action_confiee") == [referente.email]
    autre, autre_referente = avec_referent()
    for vers in (autre, pilote, autre):
        actes.modifier(faites[0], par=animateur, valeurs={"pilote": vers})
    assert ecrits("action_confiee") == sorted([referente.email, autre_referente.email])


def test_whoever_leads_by_herself_is_not_written_to():
    pilote, referente = avec_referent()
    actes.creer(valeurs={"titre": "Faire la carte", "pilote": pilote}, par=referente, cle=uuid.uuid4())
    assert ecrits("action_confiee") == []


def test_a_structure_that_comes_to_lead_is_no_longer_among_those_that_joined(animateur):
    action, structure = ActionFactory(), StructureFactory()
    actes.rejoindre(action, par=animateur, structure=structure)
    actes.modifier(action, par=animateur, valeurs={"pilote": structure})
    assert action.structures.count() == 0
    with pytest.raises(ValueError, match="not a field"):
        actes.modifier(action, par=animateur, valeurs={"etat": "faite"})


# -- state and news


@pytest.mark.parametrize("depuis", Action.Etat.values)
@pytest.mark.parametrize("vers", Action.Etat.values)
def test_every_change_of_state_dates_it_and_tells_it_once(referent, depuis, vers):
    action = ActionFactory(etat=depuis)
    cle = uuid.uuid4()
    faits = [actes.changer_etat(action, par=referent, etat=vers, texte="Voilà.", cle=cle) for _ in range(2)]
    action.refresh_from_db()
    assert faits == [depuis != vers, False]
    assert (action.etat, action.close_le is not None) == (vers, vers in ("faite", "abandonnee"))
    assert [n.texte for n in action.nouvelles.all()] == (
        [] if depuis == vers else [f"Action {action.get_etat_display()}. Voilà."]
    )


def test_a_retried_change_does_not_undo_what_came_after(referent):
    action, cle = ActionFactory(), uuid.uuid4()
    actes.changer_etat(action, par=referent, etat="faite", cle=cle)
    actes.changer_etat(action, par=referent, etat="en_cours", cle=uuid.uuid4())
    assert actes.changer_etat(action, par=referent, etat="faite", cle=cle) is False
    action.refresh_from_db()
    assert action.etat == "en_cours"


def test_giving_up_asks_why(referent):
    with pytest.raises(ValueError, match="renonce"):
        actes.changer_etat(ActionFactory(), par=referent, etat="abandonnee", texte="  ", cle=uuid.uuid4())


def test_news_reach_each_person_in_one_mail_but_who_wrote_them():
    pilote, referente = avec_referent()
    action = ActionFactory(pilote=pilote)
    membre, autre = avec_referent()
    deuxieme = StructureFactory()
    RattachementFactory(structure=deuxieme, utilisateur=autre, role="referent")
    for structure in (membre, deuxieme):
        actes.rejoindre(action, par=autre, structure=structure)
    cle = uuid.uuid4()
    assert [
        actes.ajouter_nouvelle(action, par=referente, texte="C'est lancé", cle=cle, structure=pilote) for _ in range(2)
    ] == [True, False]
    assert ecrits("suite_nouvelle") == [autre.email]
    assert "C'est lancé" in Courriel.objects.get(gabarit="suite_nouvelle").texte
    with pytest.raises(TransitionInterdite, match="déjà servi"):
        actes.ajouter_nouvelle(ActionFactory(), par=referente, texte="Autre", cle=cle)


# -- joining, leaving


def test_joining_tells_the_leader_once_even_after_leaving(membre, structure):
    pilote, referente = avec_referent()
    action = ActionFactory(pilote=pilote)
    assert [actes.rejoindre(action, par=membre, structure=structure) for _ in range(2)] == [True, False]
    assert [actes.quitter(action, par=membre, structure=structure) for _ in range(2)] == [True, False]
    assert actes.rejoindre(action, par=membre, structure=structure) is True
    assert ecrits("action_rejointe") == [referente.email]
    with pytest.raises(TransitionInterdite, match="pilote déjà"):
        actes.rejoindre(action, par=membre, structure=pilote)


@pytest.mark.parametrize("etat", Action.Etat.values)
def test_one_joins_an_open_action_and_leaves_any(membre, structure, etat, monkeypatch):
    action = ActionFactory(etat=etat)
    if etat in ("faite", "abandonnee"):
        with pytest.raises(TransitionInterdite, match="ne la rejoint plus"):
            actes.rejoindre(action, par=membre, structure=structure)
        action.engagements.create(structure=structure)
    else:
        actes.rejoindre(action, par=membre, structure=structure)
    assert actes.quitter(action, par=membre, structure=structure) is True
    monkeypatch.setattr(actes, "ENGAGEES_MAX", 0)
    with pytest.raises(TransitionInterdite):
        actes.rejoindre(ActionFactory(), par=membre, structure=structure)


# -- an action that lasts


def test_an_action_that_lasts_becomes_a_project_once(referent, structure):
    autre, autre_referente = avec_referent()
    action = ActionFactory(pilote=structure, titre="Prêter le matériel " + "a" * 160, details="Entre nous")
    action.engagements.create(structure=autre)
    cles = [uuid.uuid4(), uuid.uuid4()]
    nes = [projets.devenir_projet(action, par=referent, genre="commission", cle=cle) for cle in [cles[0], *cles]]
    assert len({projet.pk for projet in nes}) == 1
    projet = Projet.objects.get()
    assert (projet.genre, projet.pilote, len(projet.nom), projet.description) == (
        "commission",
        structure,
        140,
        "Entre nous",
    )
    assert set(projet.membres.all()) == {structure, autre}
    action.refresh_from_db()
    assert action.projet == projet
    assert ecrits("projet_ne") == [autre_referente.email]


def test_a_reserved_action_does_not_become_a_public_project(referent, structure):
    action = ActionFactory(pilote=structure, publique=False)
    with pytest.raises(TransitionInterdite, match="visible de tous"):
        projets.devenir_projet(action, par=referent, genre="projet", cle=uuid.uuid4())
    cle = uuid.uuid4()
    ProjetFactory(cle=cle)
    with pytest.raises(TransitionInterdite, match="déjà servi"):
        projets.devenir_projet(ActionFactory(), par=referent, genre="projet", cle=cle)


def test_a_project_is_opened_once_its_leader_takes_part_and_stays(animateur):
    pilote, referente = avec_referent()
    cle = uuid.uuid4()
    for _ in range(2):
        projet = projets.creer(valeurs={"nom": "Saison", "pilote": pilote}, par=animateur, cle=cle)
    assert (Projet.objects.count(), list(projet.membres.all())) == (1, [pilote])
    assert ecrits("projet_ne") == [referente.email]
    with pytest.raises(TransitionInterdite, match="pilote"):
        projets.quitter(projet, par=animateur, structure=pilote)
    autre = StructureFactory()
    projets.modifier(projet, par=animateur, valeurs={"pilote": autre, "nom": "Saison"})
    assert MembreProjet.objects.count() == 2
    with pytest.raises(ValueError, match="not a field"):
        projets.modifier(projet, par=animateur, valeurs={"etat": "termine"})


@pytest.mark.parametrize("etat", Projet.Etat.values)
def test_a_project_is_joined_until_it_is_over(membre, structure, etat):
    projet = ProjetFactory(etat=etat)
    if etat == "termine":
        with pytest.raises(TransitionInterdite, match="terminé"):
            projets.rejoindre(projet, par=membre, structure=structure)
        return
    assert [projets.rejoindre(projet, par=membre, structure=structure) for _ in range(2)] == [True, False]
    assert [projets.quitter(projet, par=membre, structure=structure) for _ in range(2)] == [True, False]


def test_the_state_of_a_project_is_told_once(animateur):
    pilote, referente = avec_referent()
    projet, cle = ProjetFactory(pilote=pilote, genre="commission"), uuid.uuid4()
    faits = [projets.changer_etat(projet, par=animateur, etat="en_pause", texte="Été.", cle=cle) for _ in range(2)]
    assert faits == [True, False]
    assert Nouvelle.objects.get().texte == "Commission : en pause. Été."
    assert ecrits("suite_nouvelle") == [referente.email]


# -- reminders


def vieillir(action):
    Action.objects.filter(pk=action.pk).update(cree_le=timezone.now() - timedelta(days=90))
    return action


@pytest.mark.parametrize(
    ("dans", "etat", "attendus"),
    [
        (8, "a_faire", 0),
        (7, "a_faire", 1),
        (0, "en_cours", 1),
        (-1, "en_cours", 1),
        (-60, "a_faire", 1),
        (-61, "a_faire", 0),
        (3, "faite", 0),
        (-3, "abandonnee", 0),
    ],
)
def test_who_leads_is_reminded_around_the_day(dans, etat, attendus):
    pilote, referente = avec_referent()
    vieillir(ActionFactory(pilote=pilote, echeance=jours(dans), etat=etat))
    assert [rappels_suites.rappeler() for _ in range(2)] == [attendus, 0]
    assert ecrits("action_rappel") == [referente.email] * attendus


def test_one_reminder_before_one_after_and_again_for_another_day():
    pilote, _ = avec_referent()
    action = vieillir(ActionFactory(pilote=pilote, echeance=jours(-1)))
    Action.objects.filter(pk=action.pk).update(rappelee_le=jours(-8))
    assert rappels_suites.rappeler() == 1
    assert "était prévue" in Courriel.objects.get().texte
    Action.objects.filter(pk=action.pk).update(echeance=jours(5), rappelee_le=jours(-3))
    assert [rappels_suites.rappeler() for _ in range(2)] == [1, 0]


def test_an_action_noted_a_few_days_before_its_day_is_not_reminded_before_it():
    pilote, _ = avec_referent()
    ActionFactory(pilote=pilote, echeance=jours(3))
    ActionFactory(echeance=jours(-3))  # nobody leads it
    assert rappels_suites.rappeler() == 0


# -- the next agenda, and what waits


def test_late_actions_follow_from_agenda_to_agenda_and_those_of_the_project_come_too(animateur):
    projet = ProjetFactory()
    premiere, deuxieme = ReunionFactory(etat="tenue"), ReunionFactory(etat="tenue")
    ancienne = ActionFactory(reunion=premiere, echeance=jours(-40))
    deuxieme.points.create(titre="Où en est-on", action=ancienne)
    du_projet = ActionFactory(projet=projet, echeance=jours(-2))
    ActionFactory(echeance=jours(-2))
    troisieme = ReunionFactory(precedente=deuxieme, projet=projet)
    assert list(ordre_du_jour.actions_a_reprendre(troisieme)) == [ancienne, du_projet]
    assert [ordre_du_jour.reprendre_actions(troisieme, par=animateur) for _ in range(2)] == [2, 0]
    assert list(ordre_du_jour.actions_a_reprendre(ReunionFactory())) == []


def test_late_actions_wait_for_the_referents_who_lead_and_for_the_staff(structure, referent, membre, animateur):
    une = ActionFactory(pilote=structure, echeance=jours(-2), titre="Faire la carte")
    ActionFactory(pilote=structure, echeance=jours(-2), etat="faite")
    ActionFactory(pilote=StructureFactory(), echeance=jours(-5))
    (attente,) = compte_attentes.toutes(referent)
    assert (attente.url, "Faire la carte" in attente.phrase) == (une.get_absolute_url(), True)
    assert compte_attentes.toutes(membre) == []
    ActionFactory(pilote=structure, echeance=jours(-3))
    (attente,) = compte_attentes.toutes(referent)
    assert attente.phrase.startswith("2 actions")
    ligne = next(a for a in attentes.toutes(animateur) if "retard" in a.titre and "Actions" in a.titre)
    assert (ligne.nombre, ligne.depuis) == (3, jours(-5))
