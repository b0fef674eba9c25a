"""The workshop's acts: phases, joining, notes, paper, grouping; each done twice is done once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from reunions import quasi_doublons
from reunions.actions import TransitionInterdite, atelier, postits, regroupement
from reunions.models import Atelier, Categorie, Participant, PostIt, QuasiDoublonRefuse
from tests.factories import StructureFactory
from tests.factories.reunions import (
    ActionFactory,
    AtelierFactory,
    AxeFactory,
    CategorieAxeFactory,
    ParticipantFactory,
    PostItFactory,
    ReunionFactory,
)

pytestmark = pytest.mark.django_db


def version(un_atelier) -> int:
    return Atelier.objects.values_list("version", flat=True).get(pk=un_atelier.pk)


def en_phase(un_atelier, phase, *, fin=None):
    Atelier.objects.filter(pk=un_atelier.pk).update(
        phase=phase, fin_ecriture=fin, clos_le=timezone.now() if phase == "clos" else None
    )


def note(participant, axe, texte="Une lettre", couleur="rose", cle=None):
    return postits.ecrire(participant, axe=axe, couleur=couleur, texte=texte, cle=cle or uuid.uuid4())


@pytest.fixture
def un_atelier():
    return AtelierFactory(axes=2)


@pytest.fixture
def axe(un_atelier):
    return un_atelier.axes.first()


@pytest.fixture
def participant(un_atelier):
    return ParticipantFactory(atelier=un_atelier, structure=StructureFactory(etat="publiee"))


# -- phases


def test_a_workshop_is_made_once_with_the_six_axes_of_2014():
    reunion = ReunionFactory()
    fait = atelier.creer(reunion, axes=atelier.AXES_2014)
    assert atelier.creer(reunion, axes=[("Autre", "")]) == fait
    assert [axe.nom for axe in fait.axes.all()] == [nom for nom, _ in atelier.AXES_2014]
    assert (fait.phase, fait.quota_rose, fait.quota_jaune, fait.seuil) == ("preparation", 3, 3, 60)


@pytest.mark.parametrize("depuis", atelier.ORDRE)
@pytest.mark.parametrize("vers", atelier.ORDRE)
def test_phases_move_by_one_forward_and_back(un_atelier, depuis, vers):
    en_phase(un_atelier, depuis)
    avant = version(un_atelier)
    permis = abs(atelier.ORDRE.index(depuis) - atelier.ORDRE.index(vers)) <= 1
    if permis:
        assert atelier.changer_phase(un_atelier, vers=vers, depuis=depuis).phase == vers
        assert version(un_atelier) == avant + (depuis != vers)
    else:
        with pytest.raises(TransitionInterdite):
            atelier.changer_phase(un_atelier, vers=vers, depuis=depuis)
        assert version(un_atelier) == avant
    un_atelier.refresh_from_db()
    assert un_atelier.phase == (vers if permis else depuis)
    assert (un_atelier.clos_le is not None) == (un_atelier.phase == "clos")


def test_a_second_click_does_not_skip_a_phase(un_atelier):
    for _ in range(2):
        atelier.changer_phase(un_atelier, vers="regroupement", depuis="ecriture")
    un_atelier.refresh_from_db()
    assert un_atelier.phase == "regroupement"
    with pytest.raises(TransitionInterdite, match="déjà passé en regroupement"):
        atelier.changer_phase(un_atelier, vers="preparation", depuis="ecriture")


def test_writing_needs_an_axis_and_a_quota():
    vide = AtelierFactory(phase="preparation")
    with pytest.raises(TransitionInterdite, match="axes"):
        atelier.changer_phase(vide, vers="ecriture", depuis="preparation")
    AxeFactory(atelier=vide)
    Atelier.objects.filter(pk=vide.pk).update(quota_rose=0, quota_jaune=0)
    with pytest.raises(TransitionInterdite, match="post-it par personne"):
        atelier.changer_phase(vide, vers="ecriture", depuis="preparation")


def test_the_writing_time_is_announced_and_extended_once(un_atelier):
    en_phase(un_atelier, "preparation")
    ouvert = atelier.changer_phase(un_atelier, vers="ecriture", depuis="preparation", minutes=10)
    assert timedelta(minutes=9) < ouvert.fin_ecriture - timezone.now() <= timedelta(minutes=10)
    for _ in range(2):
        apres = atelier.prolonger(ouvert, minutes=5, fin_vue=ouvert.fin_ecriture)
    assert apres.fin_ecriture == ouvert.fin_ecriture + timedelta(minutes=5)
    passee = timezone.now() - timedelta(minutes=30)
    en_phase(un_atelier, "ecriture", fin=passee)
    assert atelier.prolonger(ouvert, minutes=5, fin_vue=passee).fin_ecriture > timezone.now() + timedelta(minutes=4)
    en_phase(un_atelier, "regroupement")
    with pytest.raises(TransitionInterdite):
        atelier.prolonger(ouvert, minutes=5, fin_vue=None)


def test_settings_keep_the_axes_that_hold_notes(un_atelier, axe):
    autre = un_atelier.axes.last()
    PostItFactory(axe=axe)
    with pytest.raises(TransitionInterdite, match="porte des post-it"):
        atelier.regler(un_atelier, valeurs={}, axes={axe.pk: ("", "")})
    atelier.regler(
        un_atelier, valeurs={"seuil": 70}, axes={axe.pk: ("Renommé", "d"), autre.pk: ("", "")}, nouveaux=[("Neuf", "")]
    )
    assert [a.nom for a in un_atelier.axes.all()] == ["Renommé", "Neuf"]
    un_atelier.refresh_from_db()
    assert un_atelier.seuil == 70
    en_phase(un_atelier, "clos")
    with pytest.raises(TransitionInterdite):
        atelier.regler(un_atelier, valeurs={"seuil": 80}, axes={})


# -- joining


@pytest.mark.parametrize("phase", ["preparation", "ecriture", "regroupement", "restitution"])
def test_one_joins_an_open_workshop_once(un_atelier, phase):
    en_phase(un_atelier, phase)
    avant, cle = version(un_atelier), uuid.uuid4()
    premier = atelier.rejoindre(code=un_atelier.code, cle=cle, prenom="Lou")
    assert atelier.rejoindre(code=un_atelier.code, cle=cle, prenom="Lou") == premier
    assert (un_atelier.participants.count(), version(un_atelier)) == (1, avant + 1)


def test_a_closed_workshop_is_not_told_from_an_unknown_code(un_atelier):
    en_phase(un_atelier, "clos")
    refus = []
    for code in [un_atelier.code, "AAAAAA"]:
        with pytest.raises(atelier.CodeInconnu) as erreur:
            atelier.rejoindre(code=code, cle=uuid.uuid4())
        refus.append(str(erreur.value))
    assert refus[0] == refus[1]
    assert not Participant.objects.exists()


def test_a_key_that_joined_elsewhere_joins_nothing_here(un_atelier):
    autre = ParticipantFactory()
    with pytest.raises(atelier.CleDejaUtilisee):
        atelier.rejoindre(code=un_atelier.code, cle=autre.cle)


def test_a_workshop_does_not_swell_without_end(un_atelier, monkeypatch):
    monkeypatch.setattr(atelier, "PARTICIPANTS_MAX", 1)
    atelier.rejoindre(code=un_atelier.code, cle=uuid.uuid4())
    with pytest.raises(TransitionInterdite, match="a déjà 1"):
        atelier.rejoindre(code=un_atelier.code, cle=uuid.uuid4())


# -- notes


def test_a_note_is_written_once_and_is_its_structure_s(participant, axe, un_atelier):
    avant, cle = version(un_atelier), uuid.uuid4()
    premier = note(participant, axe, cle=cle)
    assert note(participant, axe, "autre texte", cle=cle) == premier
    assert (PostIt.objects.count(), premier.structure, version(un_atelier)) == (1, participant.structure, avant + 1)
    with pytest.raises(atelier.CleDejaUtilisee):
        note(ParticipantFactory(atelier=un_atelier), axe, cle=cle)


def test_the_quota_is_said_in_french_per_colour(participant, axe):
    for _ in range(3):
        note(participant, axe)
    with pytest.raises(postits.QuotaAtteint, match=r"Vos 3 post-it roses \(court terme\)"):
        note(participant, axe)
    jaune = note(participant, axe, couleur="jaune")
    with pytest.raises(postits.QuotaAtteint):
        postits.modifier(participant, postit=jaune, axe=axe, couleur="rose", texte="x")
    assert PostIt.objects.get(pk=jaune.pk).couleur == "jaune"


def test_one_s_note_changes_and_goes_and_another_s_does_not(participant, axe, un_atelier):
    sienne, autre_axe = note(participant, axe), un_atelier.axes.last()
    PostIt.objects.filter(pk=sienne.pk).update(categorie=CategorieAxeFactory(axe=axe))
    postits.modifier(participant, postit=sienne, axe=autre_axe, couleur="jaune", texte="Un juriste")
    sienne.refresh_from_db()
    assert (sienne.axe, sienne.couleur, sienne.texte, sienne.categorie) == (autre_axe, "jaune", "Un juriste", None)
    etranger = ParticipantFactory(atelier=un_atelier)
    with pytest.raises(PostIt.DoesNotExist):
        postits.modifier(etranger, postit=sienne, axe=axe, couleur="rose", texte="volé")
    assert not postits.retirer(etranger, postit_id=sienne.pk)
    assert postits.retirer(participant, postit_id=sienne.pk)
    assert not postits.retirer(participant, postit_id=sienne.pk)


def test_a_note_that_arrives_just_after_the_end_counts_and_later_does_not(participant, axe, un_atelier):
    sienne = note(participant, axe)
    atelier.changer_phase(un_atelier, vers="regroupement", depuis="ecriture")
    note(participant, axe, "tapée pendant le changement")
    en_phase(un_atelier, "regroupement", fin=timezone.now() - atelier.GRACE - timedelta(seconds=1))
    avant = version(un_atelier)
    for acte in [
        lambda: note(participant, axe, "trop tard"),
        lambda: postits.modifier(participant, postit=sienne, axe=axe, couleur="rose", texte="trop tard"),
        lambda: postits.retirer(participant, postit_id=sienne.pk),
    ]:
        with pytest.raises(postits.TropTard, match="pas perdu"):
            acte()
    assert (PostIt.objects.count(), version(un_atelier)) == (2, avant)


@pytest.mark.parametrize("phase", ["preparation", "restitution", "clos"])
def test_nothing_is_written_in_the_other_phases(participant, axe, un_atelier, phase):
    en_phase(un_atelier, phase, fin=timezone.now())
    with pytest.raises(postits.TropTard):
        note(participant, axe)
    assert not PostIt.objects.exists()


def test_going_back_from_the_results_does_not_open_the_writing_again(participant, axe, un_atelier):
    en_phase(un_atelier, "restitution", fin=timezone.now() - timedelta(hours=1))
    atelier.changer_phase(un_atelier, vers="regroupement", depuis="restitution")
    with pytest.raises(postits.TropTard):
        note(participant, axe)


# -- paper


def test_paper_notes_of_nobody_have_no_quota_and_are_typed_once(un_atelier, axe):
    cle = uuid.uuid4()
    lignes = [(axe, "rose", f"Idée {n}") for n in range(5)]
    for _ in range(2):
        assert len(postits.saisir_papier(un_atelier, lignes=lignes, cle=cle)) == 5
    assert set(PostIt.objects.values_list("origine", "participant", "structure")) == {("papier", None, None)}
    assert PostIt.objects.count() == 5


def test_paper_notes_of_somebody_have_the_same_quota_all_or_none(un_atelier, axe, participant):
    note(participant, axe)
    with pytest.raises(postits.QuotaAtteint, match=r"a déjà 1 post-it roses .* 1 de trop"):
        postits.saisir_papier(un_atelier, lignes=[(axe, "rose", "x")] * 3, cle=uuid.uuid4(), participant=participant)
    assert PostIt.objects.count() == 1
    faites = postits.saisir_papier(
        un_atelier, lignes=[(axe, "rose", "a"), (axe, "jaune", "b")], cle=uuid.uuid4(), participant=participant
    )
    assert {(n.origine, n.structure) for n in faites} == {("papier", participant.structure)}
    neuf = postits.saisir_papier(un_atelier, lignes=[(axe, "rose", "c")], cle=uuid.uuid4(), prenom="Noa")[0]
    assert (neuf.participant.prenom, neuf.participant.papier) == ("Noa", True)


@pytest.mark.parametrize("phase", ["preparation", "clos"])
def test_no_paper_before_nor_after(un_atelier, axe, phase):
    en_phase(un_atelier, phase)
    with pytest.raises(TransitionInterdite):
        postits.saisir_papier(un_atelier, lignes=[(axe, "rose", "x")], cle=uuid.uuid4())
    assert not PostIt.objects.exists()


# -- grouping


def test_grouping_is_a_label_that_loses_no_note(un_atelier, axe):
    notes = [PostItFactory(axe=axe) for _ in range(4)]
    ids = [n.pk for n in notes]
    assert regroupement.categoriser(axe, postits=ids[:2], nouvelle="Lettre") == 2
    assert regroupement.categoriser(axe, postits=ids[2:3], nouvelle="lettre") == 1
    lettre = axe.categories.get()
    regroupement.categoriser(axe, postits=ids[3:], nouvelle="Visites")
    visites = axe.categories.get(nom="Visites")
    action = ActionFactory(categorie=visites)
    assert regroupement.fusionner(visites, dans=lettre) == 1
    action.refresh_from_db()
    assert (action.categorie, lettre.postits.count(), axe.categories.get()) == (lettre, 4, lettre)
    regroupement.categoriser(axe, postits=ids[:1], categorie=None)
    assert lettre.postits.count() == 3
    regroupement.supprimer_categorie(lettre)
    assert (axe.postits.count(), Categorie.objects.count()) == (4, 0)


def test_notes_move_to_another_axis_and_never_to_another_workshop(un_atelier, axe, participant):
    autre = un_atelier.axes.last()
    ids = [note(participant, axe).pk for _ in range(3)]
    regroupement.categoriser(axe, postits=ids, nouvelle="Lettre")
    assert regroupement.deplacer(axe, postits=ids, vers=autre) == 3
    assert set(PostIt.objects.values_list("axe", "categorie")) == {(autre.pk, None)}
    with pytest.raises(TransitionInterdite):
        regroupement.deplacer(autre, postits=ids, vers=AxeFactory())
    assert regroupement.categoriser(axe, postits=ids, nouvelle="Lettre") == 0  # not of this axis any more


def test_two_categories_never_bear_one_name(axe):
    une, autre = CategorieAxeFactory(axe=axe, nom="Lettre"), CategorieAxeFactory(axe=axe, nom="Visites")
    with pytest.raises(TransitionInterdite, match="fusionnez"):
        regroupement.renommer(autre, nom="LETTRE")
    assert regroupement.renommer(une, nom="La lettre").nom == "La lettre"
    with pytest.raises(TransitionInterdite):
        regroupement.fusionner(une, dans=CategorieAxeFactory())


def test_near_duplicates_are_suggested_by_letters_and_by_stems(axe, nombre_de_requetes):
    lettre = PostItFactory(axe=axe, texte="Une lettre d'information entre nous")
    faute = PostItFactory(axe=axe, texte="une letre d'information entre nous")
    visiter = PostItFactory(axe=axe, texte="Visiter les structures", couleur="jaune")
    visites = PostItFactory(axe=axe, texte="des visites de structure")
    PostItFactory(axe=axe, texte="Un juriste partagé")
    PostItFactory(texte="Une lettre d'information entre nous")  # another axis
    paires = {(s.a.pk, s.b.pk) for s in quasi_doublons.suggestions(axe)}
    assert paires == {(lettre.pk, faute.pk), (visiter.pk, visites.pk)}
    regroupement.separer(axe, a=visites.pk, b=visiter.pk)
    regroupement.separer(axe, a=visites.pk, b=visiter.pk)
    assert QuasiDoublonRefuse.objects.count() == 1
    categorie = regroupement.grouper(axe, a=lettre.pk, b=faute.pk)
    assert (categorie.nom, categorie.postits.count()) == (lettre.texte, 2)
    assert quasi_doublons.suggestions(axe) == []
    assert nombre_de_requetes(lambda: quasi_doublons.suggestions(axe)) == 2


def test_accepting_a_suggestion_keeps_the_category_that_exists(axe):
    une, autre = PostItFactory(axe=axe), PostItFactory(axe=axe, categorie=CategorieAxeFactory(axe=axe))
    assert regroupement.grouper(axe, a=une.pk, b=autre.pk) == autre.categorie
    autre.delete()
    with pytest.raises(TransitionInterdite):
        regroupement.grouper(axe, a=une.pk, b=une.pk + 1)


@pytest.mark.parametrize("phase", ["preparation", "clos"])
def test_a_closed_workshop_is_read_only(un_atelier, axe, phase):
    une, categorie = PostItFactory(axe=axe), CategorieAxeFactory(axe=axe)
    en_phase(un_atelier, phase)
    for acte in [
        lambda: regroupement.categoriser(axe, postits=[une.pk], categorie=categorie),
        lambda: regroupement.deplacer(axe, postits=[une.pk], vers=un_atelier.axes.last()),
        lambda: regroupement.renommer(categorie, nom="Autre"),
        lambda: regroupement.supprimer_categorie(categorie),
    ]:
        with pytest.raises(TransitionInterdite):
            acte()
    une.refresh_from_db()
    assert (une.axe, une.categorie, Categorie.objects.get().nom) == (axe, None, categorie.nom)
