"""Starting an issue: who gets which rendering, what is said once, what has died in the meantime."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.actions import TransitionInterdite, numeros, preparation
from newsletter.models import Bloc, DejaDit, Element, Envoi, Interets, Numero, Rendu
from newsletter.rendu import ADRESSE, JETON, neutraliser
from pole_ess.socle.models import Courriel
from tests.factories import ActiviteFactory, CommuneFactory
from tests.factories.newsletter import AbonneFactory, BreveFactory, EnvoiFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory
from tests.factories.reunions import EvenementFactory

pytestmark = pytest.mark.django_db


def ajouter(numero, genre, sorte, *objets):
    bloc, _ = Bloc.objects.get_or_create(numero=numero, genre=genre, defaults={"ordre": numero.blocs.count()})
    for objet in objets:
        Element.objects.create(numero=numero, bloc=bloc, ordre=bloc.elements.count(), sorte=sorte, **{sorte: objet})


@pytest.fixture
def nouvelles(db):
    """An issue of news only: nothing but the elements that the test adds."""
    return NumeroFactory(etat="programme")


def recoit(abonne) -> Rendu | None:
    return Envoi.objects.get(abonne=abonne).rendu


def test_one_rendering_per_distinct_selection(nouvelles):
    local = AnnonceFactory(nature="local", mode="location", prix=10, titre="Une salle")
    outil = AnnonceFactory(nature="materiel", titre="Une perceuse")
    ajouter(nouvelles, "offres", "annonce", local, outil)
    pour = Interets.objects.pour
    tout = AbonneFactory()
    deux = AbonneFactory(interets=pour(natures=["local", "materiel"]))  # other choices, same letter
    un, encore = AbonneFactory(interets=pour(natures=["local"])), AbonneFactory(interets=pour(natures=["local"]))
    rien = AbonneFactory(interets=pour(natures=["formation"]))
    assert preparation.lancer(nouvelles)
    nouvelles.refresh_from_db()
    assert (nouvelles.etat, nouvelles.rang, nouvelles.prevus) == ("en_cours", 1, 5)
    assert nouvelles.rendus.count() == 2
    assert recoit(tout) == recoit(deux) == nouvelles.rendus.get(complet=True)
    assert recoit(un) == recoit(encore) != recoit(tout)
    assert "Une salle" in recoit(un).texte
    assert "Une perceuse" not in recoit(un).html
    sans = Envoi.objects.get(abonne=rien)
    assert (sans.etat, sans.motif, sans.rendu) == ("saute", "sans_contenu", None)


def test_interests_by_activity_and_distance(nouvelles):
    ici, loin = CommuneFactory(latitude=46.1, longitude=3.4), CommuneFactory(latitude=47.5, longitude=3.4)
    theatre = ActiviteFactory(nom="Théâtre", parent=ActiviteFactory(nom="Culture"))
    pres = BreveFactory(structure__commune=ici, titre="Tout près")
    pres.structure.activites.add(theatre)
    ailleurs = BreveFactory(structure__commune=loin, titre="Très loin")
    ailleurs.structure.activites.add(ActiviteFactory())
    ajouter(nouvelles, "breves", "breve", pres, ailleurs)
    voisin = AbonneFactory(interets=Interets.objects.pour(commune=ici, rayon_km=20))
    amateur = AbonneFactory(interets=Interets.objects.pour(activites=[theatre.parent]))
    preparation.lancer(nouvelles)
    for abonne in (voisin, amateur):
        assert "Tout près" in recoit(abonne).texte
        assert "Très loin" not in recoit(abonne).texte


def test_what_has_expired_is_past_or_was_dropped_is_not_said(nouvelles):
    expiree = AnnonceFactory(expire_le=timezone.localdate() - timedelta(days=1))
    retiree = AnnonceFactory(etat="retiree")
    passe = EvenementFactory(debut=timezone.now() - timedelta(days=2), fin=timezone.now() - timedelta(days=1))
    cachee = BreveFactory(etat="retiree")
    reste, ecartee = AnnonceFactory(), AnnonceFactory()
    ajouter(nouvelles, "offres", "annonce", expiree, retiree, reste, ecartee)
    ajouter(nouvelles, "rencontres", "evenement", passe)
    ajouter(nouvelles, "breves", "breve", cachee)
    Element.objects.filter(annonce=ecartee).update(ecarte=True)
    abonne = AbonneFactory()
    preparation.lancer(nouvelles)
    assert re.findall(r"^\* (.+)$", recoit(abonne).texte, re.MULTILINE) == [reste.titre]
    assert [dit.objet for dit in DejaDit.objects.all()] == [reste]


def test_only_the_confirmed_and_once_a_month_for_who_asked_so(numero):
    attend, arrete = AbonneFactory(etat="en_attente"), AbonneFactory(etat="suspendu")
    servi, lasse = AbonneFactory(frequence="mensuelle"), AbonneFactory(frequence="mensuelle")
    ancien = NumeroFactory(etat="termine", rang=7)
    EnvoiFactory(numero=ancien, abonne=servi, etat="parti", parti_le=timezone.now() - timedelta(days=10))
    EnvoiFactory(numero=ancien, abonne=lasse, etat="parti", parti_le=timezone.now() - timedelta(days=30))
    preparation.lancer(numero)
    numero.refresh_from_db()
    assert numero.rang == 8
    assert dict(numero.envois.values_list("abonne", "motif")) == {servi.pk: "frequence", lasse.pk: ""}
    assert not {attend.pk, arrete.pk} & set(numero.envois.values_list("abonne", flat=True))


def test_once_a_month_counts_what_other_issues_are_about_to_send(numero):
    """Two issues close to each other: what waits in the first is a letter of this month already."""
    autre = NumeroFactory(etat="en_cours", rang=7, lance_le=timezone.now())
    annule = NumeroFactory(etat="annule", rang=6, lance_le=timezone.now())
    attendus = {}
    for etat, motif, valeurs in [
        ("pret", "frequence", {}),
        ("incertain", "frequence", {"decide_le": timezone.now()}),
        ("differe", "frequence", {"prochaine_le": timezone.now()}),
        ("rejete", "", {}),
    ]:
        abonne = AbonneFactory(frequence="mensuelle")
        EnvoiFactory(numero=autre, abonne=abonne, etat=etat, **valeurs)
        attendus[abonne.pk] = motif
    saute = AbonneFactory(frequence="mensuelle")
    EnvoiFactory(numero=annule, abonne=saute, etat="saute", motif="annule")
    chaque = AbonneFactory()
    EnvoiFactory(numero=autre, abonne=chaque, etat="pret")
    preparation.lancer(numero)
    assert dict(numero.envois.values_list("abonne", "motif")) == attendus | {saute.pk: "", chaque.pk: ""}


def test_what_another_issue_has_told_is_not_told_again(nouvelles):
    """Two sheets merged after both were chosen, for one: the ledger has the last word when the issue starts."""
    dite, neuve = AnnonceFactory(), AnnonceFactory()
    ajouter(nouvelles, "offres", "annonce", dite, neuve)
    DejaDit.objects.create(numero=NumeroFactory(etat="termine", rang=1), sorte="annonce", annonce=dite)
    abonne = AbonneFactory()
    preparation.lancer(nouvelles)
    assert re.findall(r"^\* (.+)$", recoit(abonne).texte, re.MULTILINE) == [neuve.titre]
    assert [dit.objet for dit in nouvelles.deja_dits.all()] == [neuve]


def test_renderings_hold_tokens_and_the_archive_holds_nobody(numero):
    preparation.lancer(numero)
    rendu = numero.rendus.get()
    for texte in (rendu.html, rendu.texte):
        assert JETON in texte
        assert ADRESSE in texte
        assert JETON not in neutraliser(texte)
        assert ADRESSE not in neutraliser(texte)
        assert "/lettre/1/" in texte
    assert 'lang="fr"' in rendu.html
    assert "<strong>toutes</strong>" in rendu.html


def test_starts_once_and_not_before_its_time(numero):
    Numero.objects.filter(pk=numero.pk).update(programme_le=timezone.now() + timedelta(hours=1))
    assert not preparation.lancer(numero)
    assert preparation.lancer_dus() == 0
    Numero.objects.filter(pk=numero.pk).update(programme_le=timezone.now())
    assert preparation.lancer_dus() == 1
    assert not preparation.lancer(numero)


def test_schedule_and_take_back(animateur):
    numero = NumeroFactory(sujet=" ")
    with pytest.raises(TransitionInterdite, match="sujet"):
        numeros.programmer(numero, par=animateur)
    numero = NumeroFactory()
    Bloc.objects.create(numero=numero, genre="texte", texte="Bonjour.")
    assert numeros.programmer(numero, par=animateur).etat == "programme"
    assert numeros.deprogrammer(numero).etat == "brouillon"
    assert not preparation.lancer(numero)
    with pytest.raises(TransitionInterdite):
        numeros.deprogrammer(numero)
    with pytest.raises(TransitionInterdite):
        numeros.programmer(NumeroFactory(etat="termine"), par=animateur)


def test_the_gate_looks_again_when_it_leaves(numero):
    """Scheduled when all was well, spoilt since: back to draft, nobody receives it, the staff is told why and where."""
    AbonneFactory()
    numero.blocs.update(texte="Tout est là : [cliquez ici](https://pole.example.org/)")
    assert not preparation.lancer(numero)
    numero.refresh_from_db()
    assert (numero.etat, numero.programme_le, numero.envois.count()) == ("brouillon", None, 0)
    assert preparation.lancer_dus() == 0
    courriel = Courriel.objects.get(gabarit="lettre_retenue")
    assert "« cliquez ici » ne dit pas où mène le lien" in courriel.texte
    assert f"/lettre/redaction/{numero.pk}/" in courriel.texte


@pytest.mark.parametrize("abonnes", [1, 30])
def test_preparing_costs_the_same_for_one_and_for_many(numero, nombre_de_requetes, abonnes):
    for _ in range(abonnes):
        AbonneFactory()
    assert nombre_de_requetes(lambda: preparation.lancer(numero)) == 25
