"""Artists' tours: opening, wishing, planning, retaining, and who is told."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import TransitionInterdite, tournees
from ressources.models import Annonce, Etape, Periode, Tournee
from ressources.tasks.tournees import terminer_tournees
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.ressources import (
    AnnonceFactory,
    ArtisteFactory,
    BesoinFactory,
    CategorieFactory,
    EtapeFactory,
    TourneeFactory,
)

pytestmark = pytest.mark.django_db


def jour(rang):
    return timezone.localdate() + timedelta(days=7 + rang)


def structure_a(km_a_l_est, **valeurs):
    """So many kilometres east of the artist (46.13, 3.42)."""
    return StructureFactory(latitude=46.13, longitude=3.42 + km_a_l_est / 77.07, position_origine="adresse", **valeurs)


def membre_de(structure):
    return RattachementFactory(structure=structure, role="referent").utilisateur


@pytest.fixture
def tournee():
    """From jour(0) to jour(9), two stages at least, 30 km."""
    return TourneeFactory()


def souhaiter(tournee, *rangs, structure=None, message=""):
    structure = structure or StructureFactory()
    par = membre_de(structure)
    return tournees.souhaiter(
        tournee, structure=structure, par=par, jours=[jour(rang) for rang in rangs], message=message
    )


def mails():
    return list(Courriel.objects.order_by("pk").values_list("destinataire", "sujet"))


def valeurs(**autres):
    defaut = {"nom": "Hiver", "debut": jour(0), "fin": jour(5), "rayon": 30, "etapes_min": 2, "precisions": ""}
    return {**defaut, **autres}


# -- opening


def test_opening_once_per_form():
    annonce, cle = ArtisteFactory(), uuid.uuid4()
    tournee = tournees.ouvrir(annonce, par=None, valeurs=valeurs(), cle=cle)
    assert (tournee.etat, tournee.debut, tournee.rayon) == ("ouverte", jour(0), 30)
    assert tournees.ouvrir(annonce, par=None, valeurs=valeurs(), cle=cle) == tournee
    assert Tournee.objects.count() == 1
    with pytest.raises(tournees.CleDejaUtilisee):
        tournees.ouvrir(ArtisteFactory(), par=None, valeurs=valeurs(), cle=cle)


@pytest.mark.parametrize(
    ("autres", "message"),
    [
        ({"debut": jour(-8)}, "déjà passé"),
        ({"fin": jour(-1)}, "finit après"),
        ({"fin": jour(92)}, "trois mois au plus"),
        ({"fin": jour(0)}, "1 de vos jours sont libres"),
    ],
)
def test_opening_asks_for_sensible_days(autres, message):
    with pytest.raises(TransitionInterdite, match=message):
        tournees.ouvrir(ArtisteFactory(), par=None, valeurs=valeurs(**autres), cle=uuid.uuid4())
    assert Tournee.objects.count() == 0


@pytest.mark.parametrize(
    "annonce",
    [
        lambda: AnnonceFactory(),
        lambda: ArtisteFactory(sens="besoin"),
        lambda: ArtisteFactory(etat="brouillon"),
        lambda: ArtisteFactory(expire_le=timezone.localdate() - timedelta(days=1)),
    ],
    ids=["equipment", "need", "draft", "expired"],
)
def test_only_a_published_artist_goes_on_tour(annonce):
    with pytest.raises(TransitionInterdite):
        tournees.ouvrir(annonce(), par=None, valeurs=valeurs(), cle=uuid.uuid4())


def test_open_days_are_the_free_ones_not_past_and_not_retained(tournee):
    Periode.objects.create(annonce=tournee.annonce, debut=jour(2), fin=jour(4))
    Periode.objects.create(annonce=tournee.annonce, debut=jour(8), fin=jour(30))
    EtapeFactory(tournee=tournee, etat="retenue", jour=jour(3))
    assert tournees.jours_ouverts(tournee) == [jour(2), jour(4), jour(8), jour(9)]
    tournee.debut = timezone.localdate() - timedelta(days=3)
    assert min(tournees.jours_ouverts(TourneeFactory(debut=tournee.debut))) == timezone.localdate()


def test_tour_needs_as_many_free_days_as_stages():
    annonce = ArtisteFactory()
    Periode.objects.create(annonce=annonce, debut=jour(5), fin=jour(9))
    with pytest.raises(TransitionInterdite, match="1 de vos jours"):
        tournees.ouvrir(annonce, par=None, valeurs=valeurs(), cle=uuid.uuid4())
    assert tournees.ouvrir(annonce, par=None, valeurs=valeurs(fin=jour(6)), cle=uuid.uuid4())


# -- wishing


def test_wishing_tells_both_sides(tournee):
    artiste = membre_de(tournee.annonce.structure)
    etape = souhaiter(tournee, 1, 3, message="Salle des fêtes, 80 places")
    assert (etape.etat, [j.jour for j in etape.jours.all()]) == ("souhaitee", [jour(1), jour(3)])
    assert mails() == [
        (artiste.email, f"{etape.structure.nom} souhaite votre venue : {tournee.nom}"),
        (etape.par.email, f"Votre souhait est noté : {tournee.nom}"),
    ]
    assert "80 places" in Courriel.objects.order_by("pk").first().texte


def test_wishing_again_replaces_and_the_same_says_nothing(tournee):
    structure = StructureFactory()
    premiere = souhaiter(tournee, 1, 3, structure=structure)
    Courriel.objects.all().delete()
    assert souhaiter(tournee, 3, 1, structure=structure) == premiere
    assert mails() == []
    souhaiter(tournee, 5, structure=structure)
    assert [j.jour for j in premiere.jours.all()] == [jour(5)]
    assert [sujet for _, sujet in mails()] == [f"{structure.nom} a changé ses jours : {tournee.nom}"]


@pytest.mark.parametrize("rangs", [[], [10], [1, 10], [-1]])
def test_only_open_days_can_be_wished(tournee, rangs):
    with pytest.raises(TransitionInterdite, match="au moins un jour"):
        souhaiter(tournee, *rangs)
    assert Etape.objects.count() == 0


def test_artist_does_not_wish_its_own_tour(tournee):
    with pytest.raises(TransitionInterdite, match="votre propre tournée"):
        souhaiter(tournee, 1, structure=tournee.annonce.structure)


@pytest.mark.parametrize("etat", ["terminee", "annulee"])
def test_nobody_wishes_a_closed_tour(etat):
    with pytest.raises(TransitionInterdite):
        souhaiter(TourneeFactory(etat=etat), 1)


def test_nobody_wishes_the_tour_of_a_withdrawn_artist(tournee):
    Annonce.objects.filter(pk=tournee.annonce_id).update(etat="retiree", close_le=timezone.now())
    with pytest.raises(TransitionInterdite, match="plus en ligne"):
        souhaiter(tournee, 1)


@pytest.mark.parametrize("etat", ["declinee", "annulee"])
def test_one_may_wish_again_after_a_no(tournee, etat):
    etape = EtapeFactory(tournee=tournee, etat=etat, motif="Non")
    souhaiter(tournee, 4, structure=etape.structure)
    etape.refresh_from_db()
    assert (etape.etat, etape.motif) == ("souhaitee", "")


def test_giving_up_a_retained_stage_says_what_is_missing(tournee):
    artiste = membre_de(tournee.annonce.structure)
    etape = EtapeFactory(tournee=tournee, etat="retenue", jour=jour(1))
    tournees.retirer_souhait(etape, par=None)
    assert (etape.etat, etape.jour) == ("annulee", None)
    texte = Courriel.objects.get(destinataire=artiste.email).texte
    assert "était retenue" in texte
    assert "Il manque maintenant 2 étapes" in texte


# -- the plan


def test_plan_reads_the_wishes(tournee):
    a = EtapeFactory(tournee=tournee, structure=structure_a(0), jours=[jour(1)])
    b = EtapeFactory(tournee=tournee, structure=structure_a(20), jours=[jour(1), jour(2)])
    EtapeFactory(tournee=tournee, structure=structure_a(90), jours=[jour(3)])
    EtapeFactory(tournee=tournee, structure=structure_a(5), etat="declinee", jours=[jour(4)])
    plan = tournees.proposer_plan(tournee)
    assert [(etape, le) for etape, le, _ in plan.etapes] == [(a, jour(1)), (b, jour(2))]
    assert plan.km == pytest.approx(20, abs=0.1)
    assert (plan.suffit, plan.manque, plan.exact) == (True, 0, True)


def test_plan_says_what_is_missing_and_keeps_the_retained(tournee):
    tournee.etapes_min = 4
    retenue = EtapeFactory(tournee=tournee, structure=structure_a(0), etat="retenue", jour=jour(1))
    EtapeFactory(tournee=tournee, structure=structure_a(10), jours=[jour(1), jour(2)])
    plan = tournees.proposer_plan(tournee)
    assert [le for _, le, _ in plan.etapes] == [jour(1), jour(2)]
    assert plan.etapes[0][0] == retenue
    assert plan.manque == 2
    assert [le for _, le in plan.nouvelles] == [jour(2)]


def test_retained_stage_of_an_unknown_place_counts_though_the_plan_cannot_show_it(tournee):
    nulle_part = StructureFactory(commune__latitude=None, commune__longitude=None)
    EtapeFactory(tournee=tournee, structure=nulle_part, etat="retenue", jour=jour(1))
    EtapeFactory(tournee=tournee, structure=structure_a(0), jours=[jour(1), jour(2)])
    plan = tournees.proposer_plan(tournee)
    assert ([le for _, le, _ in plan.etapes], plan.manque) == ([jour(2)], 0)


def test_day_no_longer_free_leaves_the_plan(tournee):
    EtapeFactory(tournee=tournee, jours=[jour(1)])
    Periode.objects.create(annonce=tournee.annonce, debut=jour(5), fin=jour(9))
    assert tournees.proposer_plan(tournee).etapes == []


# -- deciding


def test_retaining_enough_confirms_and_tells_all(tournee):
    tournee.etapes_min = 3
    tournee.save()
    a, b, c = souhaiter(tournee, 1), souhaiter(tournee, 2), souhaiter(tournee, 3)
    Courriel.objects.all().delete()
    tournees.retenir(tournee, par=None, choix={a.pk: jour(1), b.pk: jour(2)})
    assert tournee.etat == "ouverte"
    assert "sous réserve : il manque encore 1 étape" in Courriel.objects.get(destinataire=a.par.email).texte
    Courriel.objects.all().delete()
    tournees.retenir(tournee, par=None, choix={c.pk: jour(3)})
    tournee.refresh_from_db()
    assert tournee.etat == "confirmee"
    assert sorted(mails()) == sorted(
        [
            (a.par.email, f"La tournée est confirmée : {tournee.nom}"),
            (b.par.email, f"La tournée est confirmée : {tournee.nom}"),
            (c.par.email, f"Votre étape est retenue, le {_en_clair(jour(3))} : {tournee.nom}"),
        ]
    )
    Courriel.objects.all().delete()
    tournees.retenir(tournee, par=None, choix={c.pk: jour(3)})
    assert mails() == []


def _en_clair(le):
    from pole_ess.socle.templatetags.francais import jour as en_clair

    return en_clair(le)


def test_retaining_refuses_what_no_longer_holds_and_writes_nothing(tournee):
    a, b = souhaiter(tournee, 1, 2), souhaiter(tournee, 1, 2)
    Courriel.objects.all().delete()
    for choix, message in [
        ({a.pk: jour(1), b.pk: jour(1)}, "déjà pris"),
        ({a.pk: jour(1), b.pk: jour(3)}, "ne convient plus"),
        ({a.pk: jour(1), 10**6: jour(2)}, "vient d'être retiré"),
    ]:
        with pytest.raises(TransitionInterdite, match=message):
            tournees.retenir(tournee, par=None, choix=choix)
    assert set(Etape.objects.values_list("etat", flat=True)) == {"souhaitee"}
    assert mails() == []
    tournees.retenir(tournee, par=None, choix={a.pk: jour(1)})
    with pytest.raises(TransitionInterdite, match="pour un autre jour"):
        tournees.retenir(tournee, par=None, choix={a.pk: jour(2)})


def test_declining_needs_a_reason_and_mails_it(tournee):
    etape = souhaiter(tournee, 1)
    with pytest.raises(ValueError, match="raison"):
        tournees.decliner(etape, par=None, motif="")
    Courriel.objects.all().delete()
    tournees.decliner(etape, par=None, motif="Trop loin de la route")
    assert "Trop loin de la route" in Courriel.objects.get(destinataire=etape.par.email).texte
    tournees.decliner(etape, par=None, motif="Encore")
    assert len(mails()) == 1


def test_cancelling_tells_every_live_stage(tournee):
    a, b = souhaiter(tournee, 1), souhaiter(tournee, 2)
    tournees.retenir(tournee, par=None, choix={a.pk: jour(1)})
    parti = EtapeFactory(tournee=tournee, etat="annulee", jours=[])
    Courriel.objects.all().delete()
    tournees.annuler(tournee, par=None, motif="Camion en panne")
    assert {adresse for adresse, _ in mails()} == {a.par.email, b.par.email}
    assert "n'aura pas lieu" in Courriel.objects.get(destinataire=a.par.email).texte
    assert set(tournee.etapes.exclude(pk=parti.pk).values_list("etat", "motif")) == {("annulee", "Camion en panne")}
    tournees.annuler(tournee, par=None, motif="Encore")
    assert len(mails()) == 2


ACTES = {
    "retirer": (lambda etape: tournees.retirer_souhait(etape, par=None), "annulee"),
    "decliner": (lambda etape: tournees.decliner(etape, par=None, motif="Non"), "declinee"),
}


@pytest.mark.parametrize("etat", Etape.Etat.values)
@pytest.mark.parametrize("acte", ACTES)
def test_each_act_on_a_stage_from_each_state(tournee, acte, etat):
    etape = EtapeFactory(tournee=tournee, etat=etat, jour=jour(1) if etat == "retenue" else None)
    faire, arrivee = ACTES[acte]
    if etat in ("souhaitee", "retenue"):
        faire(etape)
        assert Etape.objects.get().etat == arrivee
        assert len(mails()) == 1
    elif etat == arrivee:
        faire(etape)
        assert mails() == []
    else:
        with pytest.raises(TransitionInterdite):
            faire(etape)
        assert Etape.objects.get().etat == etat


def test_past_tours_are_over_the_next_day():
    hier = timezone.localdate() - timedelta(days=1)
    passee = TourneeFactory(debut=hier - timedelta(days=3), fin=hier, etat="confirmee")
    en_cours = TourneeFactory(debut=hier, fin=timezone.localdate())
    annulee = TourneeFactory(debut=hier - timedelta(days=3), fin=hier, etat="annulee")
    terminer_tournees(0)
    etats = dict(Tournee.objects.values_list("pk", "etat"))
    assert etats == {passee.pk: "terminee", en_cours.pk: "ouverte", annulee.pk: "annulee"}


def test_database_retains_one_stage_a_day(tournee):
    EtapeFactory(tournee=tournee, etat="retenue", jour=jour(1))
    with pytest.raises(IntegrityError, match="etape_une_par_jour"), transaction.atomic():
        EtapeFactory(tournee=tournee, etat="retenue", jour=jour(1))


@pytest.mark.django_db(transaction=True)
def test_two_referents_who_retain_at_once_keep_one_stage_a_day():
    tournee = TourneeFactory()
    etapes = [EtapeFactory(tournee=tournee, jours=[jour(1), jour(2)]) for _ in range(8)]
    depart, refus = threading.Barrier(8), []

    def retenir(etape):
        try:
            depart.wait(30)
            tournees.retenir(Tournee.objects.get(pk=tournee.pk), par=None, choix={etape.pk: jour(1)})
        except Exception as erreur:
            refus.append(erreur)
        finally:
            connection.close()

    fils = [threading.Thread(target=retenir, args=(etape,)) for etape in etapes]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    assert [type(erreur) for erreur in refus] == [TransitionInterdite] * 7
    assert Etape.objects.filter(etat="retenue").count() == 1


# -- needs near the tour


def test_needs_near_the_artist_or_a_stage_of_the_same_discipline():
    cirque, musique = (CategorieFactory(nature="artiste", nom=nom) for nom in ("Cirque", "Musique"))

    def besoin(km, **autres):
        return BesoinFactory(
            nature="artiste", mode="service_payant", structure=structure_a(km), **{"categorie": cirque, **autres}
        )

    artiste = ArtisteFactory(structure=structure_a(0), categorie=cirque)
    loin, pres, sans = besoin(80), besoin(10), besoin(20, categorie=None)
    besoin(5, categorie=musique)
    besoin(5, etat="brouillon")
    besoin(5, expire_le=timezone.localdate() - timedelta(days=1))
    AnnonceFactory(sens="besoin", structure=structure_a(1))
    for une in [loin, pres, sans]:
        assert une.latitude is not None
    assert list(tournees.besoins_proches(artiste, km=30)) == [pres, sans]
    assert list(tournees.besoins_proches(artiste, km=30, points=[(46.13, 3.42 + 75 / 77.07)])) == [pres, sans, loin]
