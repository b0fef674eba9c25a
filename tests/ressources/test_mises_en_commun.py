"""A need that others join: its life, who is told, and what the database refuses."""

import uuid
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from annuaire.actions.fusion import fusionner
from pole_ess.socle.models import Courriel
from ressources.actions import TransitionInterdite, cloture, mises_achat, mises_en_commun
from ressources.models import MiseEnCommun, PartEnCommun
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.mises_en_commun import MiseEnCommunFactory, PalierFactory, PartEnCommunFactory, PosteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notifie_aussitot")]


@pytest.fixture
def pilote():
    return RattachementFactory(role="referent").utilisateur


@pytest.fixture
def achat(pilote):
    return MiseEnCommunFactory(annonce__structure=pilote.rattachements.get().structure)


def membre(nom="Une autre"):
    return RattachementFactory(role="referent", structure__nom=nom).utilisateur


def rejoindre(mise, quantite, par=None, **reste):
    par = par or membre()
    structure = par.rattachements.get().structure
    valeurs = {"quantite": D(quantite), "cle": uuid.uuid4(), **reste}
    return mises_en_commun.rejoindre(mise, structure=structure, par=par, **valeurs)


def commander(mise, par=None, prix="8.50", frais="30", vue=None):
    mise.refresh_from_db()
    if vue is None:
        vue = mises_achat.apercu(mise, list(mise.parts.actives().pour_pages())).quantite
    return mises_achat.commander(mise, par=par, prix=D(prix), frais=D(frais), vue=vue)


def recus(gabarit=None):
    """[(address, template, subject)] in the order written."""
    lignes = Courriel.objects.order_by("pk").values_list("destinataire", "gabarit", "sujet")
    return [ligne for ligne in lignes if gabarit in (None, ligne[1])]


def verifier_les_sommes():
    """What the deferred trigger says at the commit, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


# -- joining


def test_joining_counts_and_tells_the_pilot_and_the_structure(achat, pilote):
    part = rejoindre(achat, 12, tolerance=D(3))
    assert (achat.total, achat.avancement, achat.manque) == (12, "ouverte", 28)
    assert [m[:2] for m in recus()] == [
        (pilote.email, "mise_pilote"),
        (part.par.email, "mise_structure"),
    ]
    verifier_les_sommes()


def test_same_form_twice_joins_once_and_does_not_come_back_after_leaving(achat):
    par, cle = membre(), uuid.uuid4()
    part = rejoindre(achat, 5, par, cle=cle)
    assert rejoindre(achat, 5, par, cle=cle) == part
    mises_en_commun.quitter(part, par=par)
    assert rejoindre(achat, 5, par, cle=cle).etat == "quittee"
    achat.refresh_from_db()
    assert (achat.total, PartEnCommun.objects.count()) == (0, 1)
    rejoindre(achat, 6, par)  # a new form: it is back
    assert achat.total == 6


def test_a_structure_takes_part_once(achat):
    par = membre()
    rejoindre(achat, 5, par)
    with pytest.raises(mises_en_commun.DejaDedans):
        rejoindre(achat, 5, par)
    autre = membre()
    cle = uuid.uuid4()
    rejoindre(achat, 1, autre, cle=cle)
    with pytest.raises(mises_en_commun.CleDejaUtilisee):
        rejoindre(MiseEnCommunFactory(), 1, autre, cle=cle)


def test_reaching_the_minimum_tells_the_pilot_once(achat, pilote):
    premiere = rejoindre(achat, 40)
    assert [m[2] for m in recus("mise_pilote")] == [f"C'est assez, 40 sur 40 sacs : {achat.annonce.titre}"]
    mises_en_commun.quitter(premiere, par=premiere.par)
    rejoindre(achat, 41)
    assert [m[2].split(",")[0] for m in recus("mise_pilote")] == [
        "C'est assez",
        f"{premiere.structure.nom} ne prend plus part : {achat.annonce.titre}",
        f"Une autre prend part : {achat.annonce.titre}",
    ]


@pytest.mark.parametrize(("quantite", "tolerance"), [("0", "0"), ("-1", "0"), ("1.5", "0"), ("1", "0.5"), ("1", "-1")])
def test_quantities_in_whole_steps_above_zero(achat, quantite, tolerance):
    with pytest.raises(TransitionInterdite):
        rejoindre(achat, quantite, tolerance=D(tolerance))
    assert not PartEnCommun.objects.exists()


def test_nobody_joins_changes_or_leaves_once_closed_ordered_or_off_line(achat):
    part = rejoindre(achat, 5)
    for valeurs in (
        {"cloture_le": timezone.localdate() - timedelta(days=1)},
        {"etat": "abandonnee", "motif": "Non", "close_le": timezone.now()},
    ):
        avant = {champ: getattr(achat, champ) for champ in valeurs}
        MiseEnCommun.objects.filter(pk=achat.pk).update(**valeurs)
        part.refresh_from_db()
        for essai in (
            lambda: rejoindre(achat, 1),
            lambda: mises_en_commun.changer(part, par=None, quantite=D(2)),
            lambda: mises_en_commun.quitter(part, par=None),
        ):
            with pytest.raises(TransitionInterdite):
                essai()
        MiseEnCommun.objects.filter(pk=achat.pk).update(**avant)
    achat.annonce.etat = "a_valider"
    achat.annonce.soumise_le = timezone.now()
    achat.annonce.save()
    with pytest.raises(TransitionInterdite, match="pas en ligne"):
        rejoindre(achat, 1)


def test_changing_counts_and_writes_no_mail(achat):
    part = rejoindre(achat, 5)
    avant = len(recus())
    mises_en_commun.changer(part, par=part.par, quantite=D(9), tolerance=D(1), note="Le mardi")
    achat.refresh_from_db()
    assert (achat.total, len(recus())) == (9, avant)
    mises_en_commun.changer(part, par=part.par, quantite=D(40))
    assert [m[2][:11] for m in recus()[avant:]] == ["C'est assez"]


# -- deciding


def test_a_missed_minimum_asks_the_pilot_once_a_date_and_decides_nothing(achat, pilote):
    rejoindre(achat, 12)
    hier = timezone.localdate() - timedelta(days=1)
    MiseEnCommun.objects.filter(pk=achat.pk).update(cloture_le=hier)
    Courriel.objects.all().delete()
    assert [mises_en_commun.demander_aux_pilotes() for _ in range(3)] == [1, 0, 0]
    assert [m[:2] for m in recus()] == [(pilote.email, "mise_pilote")]
    achat.refresh_from_db()
    assert (achat.etat, achat.avancement, achat.total) == ("ouverte", "a_decider", 12)
    mises_en_commun.prolonger(achat, par=pilote, cloture_le=timezone.localdate() + timedelta(days=9))
    assert (achat.avancement, achat.total) == ("prolongee", 12)
    MiseEnCommun.objects.filter(pk=achat.pk).update(cloture_le=hier)
    assert mises_en_commun.demander_aux_pilotes() == 0, "that very date was said"
    MiseEnCommun.objects.filter(pk=achat.pk).update(cloture_le=hier - timedelta(days=1))
    assert mises_en_commun.demander_aux_pilotes() == 1


def test_prolonging_keeps_quantities_tells_each_once_and_holds_the_announcement_open(achat, pilote):
    parts = [rejoindre(achat, n) for n in (3, 4)]
    Courriel.objects.all().delete()
    loin = timezone.localdate() + timedelta(days=200)
    for _ in range(2):
        mises_en_commun.prolonger(achat, par=pilote, cloture_le=loin)
    assert sorted(m[0] for m in recus()) == sorted(part.par.email for part in parts)
    achat.annonce.refresh_from_db()
    assert (achat.total, achat.prolongations, achat.annonce.expire_le) == (7, 1, loin)
    with pytest.raises(TransitionInterdite):
        mises_en_commun.prolonger(achat, par=pilote, cloture_le=loin - timedelta(days=1))


def test_lowering_the_minimum(achat, pilote):
    rejoindre(achat, 30)
    MiseEnCommun.objects.filter(pk=achat.pk).update(conditionnement=10)
    for faux in ("0", "41", "35", "12.5"):
        with pytest.raises(TransitionInterdite):
            mises_en_commun.baisser_minimum(achat, par=pilote, minimum=D(faux))
    mises_en_commun.baisser_minimum(achat, par=pilote, minimum=D(30))
    assert achat.avancement == "atteinte"


def test_abandoning_tells_each_once_with_the_reason_and_takes_the_announcement_off(achat, pilote):
    parts = [rejoindre(achat, n) for n in (3, 4)]
    quittee = rejoindre(achat, 5)
    mises_en_commun.quitter(quittee, par=quittee.par)
    Courriel.objects.all().delete()
    for _ in range(2):
        mises_en_commun.abandonner(achat, par=pilote, motif="Trop peu.")
    assert sorted(m[0] for m in recus()) == sorted(part.par.email for part in parts)
    achat.annonce.refresh_from_db()
    assert (achat.etat, achat.annonce.etat) == ("abandonnee", "retiree")
    with pytest.raises(ValueError, match="raison"):
        mises_en_commun.abandonner(achat, par=pilote, motif=" ")


@pytest.mark.parametrize("acte", ["retirer", "archiver"])
def test_an_announcement_that_leaves_the_portal_ends_what_was_joined(achat, pilote, acte):
    part = rejoindre(achat, 3)
    Courriel.objects.all().delete()
    cloture.fermer(achat.annonce, acte, par=pilote)
    achat.refresh_from_db()
    assert achat.etat == "abandonnee"
    assert [m[:2] for m in recus() if m[0] == part.par.email] == [(part.par.email, "mise_structure")]


def test_what_is_ordered_goes_on_when_the_announcement_leaves(achat, pilote):
    rejoindre(achat, 40)
    commander(achat, pilote)
    cloture.fermer(achat.annonce, "archiver", par=UtilisateurFactory(is_staff=True))
    achat.refresh_from_db()
    assert achat.etat == "commandee"


# -- ordering, receiving, settling


@pytest.fixture
def prete(achat):
    """Forty-one asked, by cases of ten, four cases only: no tolerance fills the fifth."""
    MiseEnCommun.objects.filter(pk=achat.pk).update(conditionnement=10)
    PalierFactory(mise=achat, a_partir_de=40, prix="8.20")
    for quantite in (20, 12, 9):
        rejoindre(achat, quantite)
    Courriel.objects.all().delete()
    achat.refresh_from_db()
    return achat


def test_ordering_freezes_whole_cases_and_tells_each_its_share(prete, pilote):
    for _ in range(2):
        commander(prete, pilote)
    assert (prete.etat, prete.quantite_commandee, prete.total) == ("commandee", 40, 41)
    assert list(prete.parts.order_by("pk").values_list("commande", flat=True)) == [19, 12, 9]
    assert [m[1] for m in recus()] == ["mise_structure"] * 3
    prete.annonce.refresh_from_db()
    assert prete.annonce.etat == "pourvue"
    with pytest.raises(TransitionInterdite):
        rejoindre(prete, 1)
    verifier_les_sommes()


def test_ordering_needs_the_minimum_and_what_the_pilot_saw(achat, pilote):
    rejoindre(achat, 39)
    with pytest.raises(TransitionInterdite, match="minimum"):
        commander(achat, pilote)
    rejoindre(achat, 3)
    with pytest.raises(mises_en_commun.TotalChange):
        commander(achat, pilote, vue=D(41))
    achat.refresh_from_db()
    assert achat.etat == "ouverte"


def test_receiving_shares_what_came_short_and_the_bill_to_the_cent(prete, pilote):
    commander(prete, pilote)
    Courriel.objects.all().delete()
    for _ in range(2):
        mises_achat.recevoir(prete, par=pilote, recue=D(37), prix=D("8.33"), frais=D("10"))
    parts = list(prete.parts.order_by("pk"))
    assert [part.recu for part in parts] == [18, 11, 8]
    assert sum(part.du for part in parts) == D("37") * D("8.33") + 10 == prete.facture
    assert [m[1] for m in recus()] == ["mise_structure"] * 3
    verifier_les_sommes()


def test_a_reception_is_corrected_until_somebody_has_paid(prete, pilote):
    commander(prete, pilote)
    mises_achat.recevoir(prete, par=pilote, recue=D(37), prix=D("8"), frais=D(0))
    mises_achat.recevoir(prete, par=pilote, recue=D(40), prix=D("8"), frais=D(0))
    assert [part.recu for part in prete.parts.order_by("pk")] == [19, 12, 9]
    mises_achat.noter_reglement(prete.parts.first(), par=pilote, regle=True)
    with pytest.raises(TransitionInterdite, match="déjà réglé"):
        mises_achat.recevoir(prete, par=pilote, recue=D(39), prix=D("8"), frais=D(0))


@pytest.mark.parametrize("recue", ["0", "41", "1.5"])
def test_what_arrives_is_some_and_at_most_what_was_ordered(prete, pilote, recue):
    commander(prete, pilote)
    with pytest.raises(TransitionInterdite):
        mises_achat.recevoir(prete, par=pilote, recue=D(recue), prix=D(8), frais=D(0))


def test_settling_waits_for_every_payment_and_the_pilot_s_own_is_one(achat, pilote):
    rejoindre(achat, 20, pilote)
    autre = rejoindre(achat, 20)
    commander(achat, pilote)
    mises_achat.recevoir(achat, par=pilote, recue=D(40), prix=D(8), frais=D(0))
    assert [bool(part.regle_le) for part in achat.parts.order_by("pk")] == [True, False]
    with pytest.raises(TransitionInterdite, match="Il reste un règlement"):
        mises_achat.solder(achat, par=pilote)
    autre.refresh_from_db()
    autre.mise = achat
    for _ in range(2):
        mises_achat.noter_reglement(autre, par=pilote, regle=True)
    for _ in range(2):
        mises_achat.solder(achat, par=pilote)
    assert achat.etat == "soldee"
    verifier_les_sommes()
    with pytest.raises(TransitionInterdite):
        mises_achat.noter_reglement(autre, par=pilote, regle=False)


# -- a shared post


def test_a_post_fills_up_is_said_once_and_concludes(pilote):
    poste = PosteFactory(annonce__structure=pilote.rattachements.get().structure)
    parts = [rejoindre(poste, heures) for heures in ("60.5", "91.17")]
    assert (poste.total, poste.avancement) == (D("151.67"), "atteinte")
    assert sum(m[2].startswith("C'est assez") for m in recus("mise_pilote")) == 1
    with pytest.raises(TransitionInterdite):
        commander(poste, pilote)
    Courriel.objects.all().delete()
    for _ in range(2):
        mises_en_commun.conclure(poste, par=pilote, motif="Le groupement recrute.")
    assert sorted(m[0] for m in recus()) == sorted(part.par.email for part in parts)
    poste.annonce.refresh_from_db()
    assert (poste.etat, poste.annonce.etat) == ("conclue", "pourvue")


# -- what the database refuses, whoever writes


def refuse(contrainte, ecrire):
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        ecrire()
        verifier_les_sommes()
    assert refus.value.__cause__.diag.constraint_name == contrainte


def test_the_total_follows_any_write_of_parts(achat):
    part = PartEnCommunFactory(mise=achat, quantite=5)
    PartEnCommunFactory(mise=achat, quantite=7)
    PartEnCommun.objects.filter(pk=part.pk).update(quantite=6)
    achat.refresh_from_db()
    assert achat.total == 13
    part.structure.delete()
    achat.refresh_from_db()
    assert achat.total == 7
    verifier_les_sommes()
    refuse("mise_total_juste", lambda: MiseEnCommun.objects.filter(pk=achat.pk).update(total=8))


def test_shares_that_do_not_add_up_are_refused(prete, pilote):
    commander(prete, pilote)
    premiere = prete.parts.order_by("pk").first()
    toutes = PartEnCommun.objects.filter(pk=premiere.pk)
    refuse("mise_commande_juste", lambda: toutes.update(commande=18))
    refuse("part_commune_au_plus_demandee", lambda: toutes.update(commande=21))
    mises_achat.recevoir(prete, par=pilote, recue=D(37), prix=D("8.33"), frais=D("10"))
    refuse("mise_reception_juste", lambda: toutes.update(recu=17))
    refuse("part_commune_au_plus_commandee", lambda: toutes.update(recu=20))
    refuse("mise_facture_juste", lambda: toutes.update(montant=premiere.quantite))
    refuse("mise_facture_juste", lambda: MiseEnCommun.objects.filter(pk=prete.pk).update(frais=11))
    refuse(
        "mise_soldee_payee",
        lambda: MiseEnCommun.objects.filter(pk=prete.pk).update(etat="soldee", close_le=timezone.now()),
    )
    refuse("part_commune_fixe", lambda: toutes.update(mise=MiseEnCommunFactory()))


@pytest.mark.parametrize(
    ("contrainte", "valeurs"),
    [
        ("mise_etat_du_genre", {"etat": "conclue", "close_le": timezone.now()}),
        ("mise_achat_date", {"cloture_le": None}),
        ("mise_minimum_au_pas", {"minimum": D("40.5")}),
        ("mise_colis_entiers", {"conditionnement": 7}),
        ("mise_commandee_chiffree", {"etat": "commandee"}),
        ("mise_abandon_explique", {"etat": "abandonnee", "close_le": timezone.now()}),
        ("mise_close_datee", {"etat": "abandonnee", "motif": "Non"}),
        ("mise_pas_connu", {"pas": D("0.25")}),
        ("mise_positive", {"frais": -1}),
    ],
    ids=lambda valeur: valeur if isinstance(valeur, str) else "valeurs",
)
def test_what_a_row_may_not_say(achat, contrainte, valeurs):
    refuse(contrainte, lambda: MiseEnCommun.objects.filter(pk=achat.pk).update(**valeurs))


def test_merging_two_structures_adds_their_parts_up(prete, pilote):
    commander(prete, pilote)
    mises_achat.recevoir(prete, par=pilote, recue=D(37), prix=D("8.33"), frais=D("10"))
    une, deux, _ = prete.parts.order_by("pk")
    fusionner(garder=une.structure, absorber=deux.structure, par=UtilisateurFactory(is_staff=True), choix={})
    verifier_les_sommes()
    une.refresh_from_db()
    deux.refresh_from_db()
    assert (une.quantite, une.commande, une.recu, deux.etat) == (32, 31, 29, "quittee")
    assert une.structure_id == deux.structure_id


def test_own_settings_change_until_ordered_and_the_unit_until_joined(achat, pilote):
    valeurs = {"minimum": D(20), "unite": "carton", "pas": D(1), "conditionnement": None, "frais": D(0)}
    valeurs["cloture_le"] = timezone.localdate() + timedelta(days=3)
    mises_en_commun.regler(achat, par=pilote, valeurs=valeurs, paliers=[(D(0), D(9)), (D(30), D(8))])
    assert (achat.minimum, achat.unite, achat.paliers.count()) == (20, "carton", 2)
    rejoindre(achat, 20)
    with pytest.raises(TransitionInterdite, match="unité"):
        mises_en_commun.regler(achat, par=pilote, valeurs={"unite": "sac"})
    commander(achat, pilote)
    with pytest.raises(TransitionInterdite):
        mises_en_commun.regler(achat, par=pilote, valeurs={"minimum": D(10)})


def test_opening_writes_the_need_its_part_and_its_tiers_once(pilote):
    structure, cle = pilote.rattachements.get().structure, uuid.uuid4()
    for _ in range(2):
        mise = mises_en_commun.ouvrir(
            genre="achat",
            structure=structure,
            par=pilote,
            cle=cle,
            texte={"titre": "Papier recyclé", "description": "A4", "commune": None},
            valeurs={
                "unite": "ramette",
                "minimum": D(100),
                "cloture_le": timezone.localdate() + timedelta(days=20),
                "origine": "/rencontres/",
            },
            paliers=[(D(0), D(5))],
            part=(D(10), D(2)),
        )
    annonce = mise.annonce
    assert (annonce.sens, annonce.nature, annonce.etat) == ("besoin", "achat_groupe", "a_valider")
    assert (MiseEnCommun.objects.count(), mise.total, mise.avancement) == (1, 10, "brouillon")
    assert StructureFactory._meta.model.objects.filter(parts_en_commun__mise=mise).get() == structure


def test_many_structures_are_told_by_a_job_that_doubles_nothing_when_it_starts_again(achat, pilote, monkeypatch):
    PartEnCommunFactory.create_batch(mises_en_commun.EN_DIRECT + 5, mise=achat, quantite=2)
    rejoindre(achat, 2, pilote)
    Courriel.objects.all().delete()
    commander(achat, pilote)
    assert not Courriel.objects.exists()
    (tache,) = ProcrastinateJob.objects.filter(task_name=mises_en_commun.TACHE)
    vrai, compte = mises_en_commun.a_la_structure, []

    def tue_au_dixieme(part, *args, **kwargs):
        compte.append(part)
        if len(compte) == 10:
            raise KeyboardInterrupt
        vrai(part, *args, **kwargs)

    monkeypatch.setattr(mises_en_commun, "a_la_structure", tue_au_dixieme)
    with pytest.raises(KeyboardInterrupt):
        mises_en_commun.dire(**tache.args)
    assert len(recus()) == 9
    monkeypatch.setattr(mises_en_commun, "a_la_structure", vrai)
    assert mises_en_commun.dire(**tache.args) == mises_en_commun.EN_DIRECT + 5
    autres = achat.parts.exclude(structure=achat.annonce.structure).values_list("structure__courriel", flat=True)
    assert sorted(m[0] for m in recus()) == sorted(autres)
