"""A meeting: its states and who learns what, its steps, agenda, documents, pages."""

import io
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle.models import Courriel
from reunions import outils
from reunions.actions import TransitionInterdite, accueil, ordre_du_jour
from reunions.actions import reunions as actes
from reunions.models import Document, Reunion
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory
from tests.factories.reunions import (
    ActionFactory,
    AtelierFactory,
    EvenementFactory,
    ParticipationFactory,
    ReunionFactory,
)

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def url(nom, *arguments):
    return reverse(f"reunions:{nom}", args=arguments)


# -- acts


def test_a_change_of_date_place_or_title_makes_the_sequence_grow_once_announced(animateur):
    brouillon, annoncee = ReunionFactory(etat="brouillon"), ReunionFactory()
    assert actes.modifier(brouillon, par=animateur, valeurs={"titre": "Autre"}) is False
    assert actes.modifier(annoncee, par=animateur, valeurs={"objectif": "Décider"}) is False
    assert actes.modifier(annoncee, par=animateur, valeurs={"lieu": annoncee.lieu}) is False
    assert actes.modifier(annoncee, par=animateur, valeurs={"lieu": "Ailleurs"}) is True
    assert actes.modifier(annoncee, par=animateur, valeurs={"debut": annoncee.debut - timedelta(hours=1)}) is True
    assert list(Reunion.objects.order_by("pk").values_list("sequence", flat=True)) == [0, 2]


def test_announcing_needs_a_date_to_come_and_a_place(animateur):
    for valeurs, message in [
        ({"debut": None, "fin": None}, "sans date"),
        ({"debut": timezone.now() - timedelta(days=1), "fin": None}, "passée"),
        ({"lieu": ""}, "où venir"),
    ]:
        reunion = ReunionFactory(etat="brouillon", **valeurs)
        with pytest.raises(TransitionInterdite, match=message):
            actes.annoncer(reunion, par=animateur)
    bonne = ReunionFactory(etat="brouillon")
    actes.annoncer(bonne, par=animateur)
    actes.annoncer(bonne, par=animateur)
    bonne.refresh_from_db()
    assert (bonne.etat, bonne.annoncee_le is not None) == ("annoncee", True)


def test_an_announced_meeting_keeps_a_date_and_a_cancelled_one_is_not_changed(animateur):
    reunion = ReunionFactory()
    with pytest.raises(TransitionInterdite, match="garde une date"):
        actes.modifier(reunion, par=animateur, valeurs={"debut": None, "fin": None})
    with pytest.raises(ValueError, match="raison"):
        actes.annuler(reunion, par=animateur, motif=" ")
    actes.annuler(reunion, par=animateur, motif="La salle est prise.")
    assert Reunion.objects.get().sequence == 1
    with pytest.raises(TransitionInterdite, match="ne se modifie plus"):
        actes.modifier(reunion, par=animateur, valeurs={"titre": "Autre"})


def test_a_meeting_is_held_once_it_has_begun(animateur):
    reunion = ReunionFactory()
    assert "tenir" not in actes.actes_possibles(reunion)
    with pytest.raises(TransitionInterdite, match="pas encore commencé"):
        actes.tenir(reunion, par=animateur)
    commencee = ReunionFactory(debut=timezone.now() - timedelta(hours=1))
    assert "tenir" in actes.actes_possibles(commencee)
    actes.tenir(commencee, par=animateur)
    assert Reunion.objects.get(pk=commencee.pk).etat == "tenue"


def test_late_actions_of_the_previous_meeting_open_the_agenda_once(animateur):
    avant = ReunionFactory(etat="tenue")
    hier = timezone.localdate() - timedelta(days=1)
    tardive = ActionFactory(reunion=avant, echeance=hier, titre="Faire la carte")
    ActionFactory(reunion=avant, echeance=hier, etat="faite")
    ActionFactory(reunion=avant, echeance=hier + timedelta(days=30))
    ActionFactory(echeance=hier)
    reunion = ReunionFactory(precedente=avant)
    ordre_du_jour.ajouter_point(reunion, par=animateur, titre="Accueil", details="", duree_minutes=10)
    assert list(ordre_du_jour.actions_a_reprendre(reunion)) == [tardive]
    assert [ordre_du_jour.reprendre_actions(reunion, par=animateur) for _ in range(2)] == [1, 0]
    assert [point.titre for point in reunion.points.all()] == ["Où en est-on : Faire la carte", "Accueil"]


def test_points_move_up_and_down_and_a_retried_addition_adds_once(animateur):
    reunion = ReunionFactory()
    for titre in ["Un", "Deux", "Deux", "Trois"]:
        ordre_du_jour.ajouter_point(reunion, par=animateur, titre=titre, details="", duree_minutes=None)
    un, _deux, trois = reunion.points.all()
    ordre_du_jour.deplacer(trois, par=animateur, vers=-1)
    ordre_du_jour.deplacer(un, par=animateur, vers=-1)
    assert [point.titre for point in reunion.points.all()] == ["Un", "Trois", "Deux"]


def test_whoever_never_hosted_comes_first_then_the_longest_ago():
    jamais, ancienne, recente = (StructureFactory(nom=nom) for nom in ("C", "B", "A"))
    ReunionFactory(structure_hote=recente, etat="tenue", debut=timezone.now() - timedelta(days=10))
    ReunionFactory(structure_hote=ancienne, etat="tenue", debut=timezone.now() - timedelta(days=400))
    ReunionFactory(structure_hote=jamais, etat="annulee")
    ReunionFactory(structure_hote=jamais, etat="brouillon")
    StructureFactory(etat="a_valider")
    assert [(s.nom, s.fois) for s in accueil.structures_par_tour()] == [("C", 0), ("B", 1), ("A", 1)]


# -- pages


def essentiel(**autres):
    return {"genre": "visite", "titre": "Visite du fournil", "audience": "publique", "cle": str(uuid.uuid4()), **autres}


def test_three_steps_make_a_draft_and_a_retried_one_makes_it_once(client, animateur):
    client.force_login(animateur)
    donnees = essentiel()
    premiere = client.post(url("reunion_creer"), donnees)
    client.post(url("reunion_creer"), donnees)
    reunion = Reunion.objects.get()
    assert premiere["Location"] == f"{url('reunion_modifier', reunion.pk)}?etape=quand"
    CommuneFactory(nom="Vichy", code="03310")
    quand = {"jour": "12 mars 2099", "heure": "18 h", "heure_fin": "20 h 30", "lieu": "L'Atrium", "commune": "vichy"}
    suite = client.post(premiere["Location"], quand)
    assert suite["Location"].endswith("?etape=venir")
    fin = client.post(suite["Location"], {"acces": "Parking derrière"})
    assert fin["Location"] == url("preparer", reunion.pk)
    reunion.refresh_from_db()
    assert reunion.debut == datetime(2099, 3, 12, 18, tzinfo=PARIS)
    assert (reunion.fin - reunion.debut, reunion.commune_id) == (timedelta(hours=2, minutes=30), "03310")
    assert (reunion.titre, reunion.lieu, reunion.acces) == ("Visite du fournil", "L'Atrium", "Parking derrière")


@pytest.mark.parametrize(
    ("etape", "valeurs", "message"),
    [
        ("quoi", {"titre": ""}, "Donnez un titre"),
        ("quand", {"jour": "hier", "heure": "18 h"}, "pas comprise"),
        ("quand", {"jour": "12/03/2099", "heure": ""}, "heure du début"),
        ("quand", {"jour": "12/03/2099", "heure": "18 h", "heure_fin": "17 h"}, "avant le début"),
        ("quand", {"jour": "", "heure": ""}, "garde une date"),
        ("venir", {"structure_hote": "Nulle part"}, "Nous ne trouvons pas"),
        ("venir", {"jauge": "0"}, "Pas moins de 1"),
    ],
)
def test_steps_say_what_is_wrong_and_keep_the_rest(client, animateur, etape, valeurs, message):
    reunion = ReunionFactory(titre="Intacte")
    client.force_login(animateur)
    donnees = {"genre": "debat", "audience": "membres", "lieu": "Salle gardée", "acces": "Bus gardé", **valeurs}
    texte = client.post(f"{url('reunion_modifier', reunion.pk)}?etape={etape}", donnees).content.decode()
    assert message in texte
    assert {"quoi": "débat", "quand": "Salle gardée", "venir": "Bus gardé"}[etape].casefold() in texte.casefold()
    assert Reunion.objects.get().titre == "Intacte"


def test_names_of_facilitators_are_not_for_visitors(client, membre):
    reunion = ReunionFactory()
    reunion.animateurs.create(nom="Personne d'exemple")
    assert "Personne d&#x27;exemple" not in client.get(reunion.get_absolute_url()).content.decode()
    client.force_login(membre)
    assert "Personne d&#x27;exemple" in client.get(reunion.get_absolute_url()).content.decode()


def test_a_cancelled_meeting_says_why(client):
    reunion = ReunionFactory(etat="annulee", motif="La salle est prise.")
    texte = client.get(reunion.get_absolute_url()).content.decode()
    assert "annulée" in texte
    assert "La salle est prise." in texte
    assert "Ajouter à mon calendrier" not in texte


@pytest.mark.parametrize(("audience", "voit"), [("public", [1, 1, 1]), ("membres", [0, 1, 1]), ("equipe", [0, 0, 1])])
def test_documents_are_listed_and_served_to_their_audience(client, membre, animateur, audience, voit):
    document = Document.objects.create(
        reunion=ReunionFactory(),
        fichier=ContentFile(b"%PDF-1.7 %%EOF", name="x"),
        nom="notes.pdf",
        titre="Notes du jour",
        type_mime="application/pdf",
        taille=14,
        audience=audience,
    )
    vu = []
    for personne in [None, membre, animateur]:
        if personne:
            client.force_login(personne)
        liste = "Notes du jour" in client.get(document.reunion.get_absolute_url()).content.decode()
        reponse = client.get(url("document", document.reunion_id, document.pk))
        assert (reponse.status_code == 200) == liste
        vu.append(int(liste))
    assert vu == voit
    assert reponse["Content-Disposition"] == 'attachment; filename="notes.pdf"'
    assert (reponse["X-Content-Type-Options"], reponse.content) == ("nosniff", b"%PDF-1.7 %%EOF")


def test_a_document_s_type_is_read_in_its_content(client, animateur):
    reunion = ReunionFactory()
    client.force_login(animateur)
    faux = io.BytesIO(b"MZ\x90\x00 un programme")
    faux.name = "notes.pdf"
    texte = client.post(url("documents", reunion.pk), {"audience": "public", "fichier": faux}).content.decode()
    assert "pas un PDF" in texte
    vrai = io.BytesIO(b"%PDF-1.7\n%%EOF")
    vrai.name = "ordre\u202edu jour.exe"
    client.post(url("documents", reunion.pk), {"audience": "public", "fichier": vrai})
    assert [(d.nom, d.type_mime) for d in Document.objects.all()] == [("ordredu jour.pdf", "application/pdf")]


def test_one_meeting_for_a_calendar(client):
    reunion = ReunionFactory(
        titre="Réunion ; à Vichy, bien sûr", debut=datetime(2099, 7, 1, 18, tzinfo=PARIS), sequence=3, adresse="1 rue"
    )
    reponse = client.get(url("reunion_ics", reunion.pk))
    evenement = vobject.readOne(reponse.content.decode()).vevent
    assert evenement.summary.value == "Réunion ; à Vichy, bien sûr"
    assert (evenement.dtstart.value, evenement.sequence.value) == (reunion.debut, "3")
    assert evenement.uid.value.startswith(str(reunion.uid))
    assert client.get(url("reunion_ics", reunion.pk), headers={"If-None-Match": reponse["ETag"]}).status_code == 304


def test_hub_page_tells_the_state_of_each_tool(client, animateur):
    reunion = ReunionFactory()
    ParticipationFactory(reunion=reunion, invitee_le=timezone.now(), reponse="present")
    ParticipationFactory(reunion=reunion)
    AtelierFactory(reunion=reunion, axes=2)
    etats = {outil.nom: outil.etat for outil in outils.tous(reunion)}
    assert etats["Invitations et réponses"] == "1 invitation envoyée, 1 personne vient, 1 sans réponse"
    assert etats["Atelier de post-it"] == "écriture, 2 axes"
    assert etats["Compte rendu"] == "pas encore commencé"
    client.force_login(animateur)
    montres = client.get(url("preparer", reunion.pk)).context["outils"]
    assert all(outil.url for outil in montres)


def test_hub_page_warns_of_another_date_the_same_day_nearby(client, animateur):
    ici = CommuneFactory(code="03310")
    reunion = ReunionFactory(commune=ici)
    EvenementFactory(titre="Le grand bal", debut=reunion.debut, commune=ici)
    client.force_login(animateur)
    assert "Le grand bal" in client.get(url("preparer", reunion.pk)).content.decode()


def test_offering_to_host_writes_to_the_staff_once(client, membre, structure):
    client.force_login(membre)
    donnees = {"structure": structure.pk, "quand": "un jeudi", "message": "Salle de 40", "cle": str(uuid.uuid4())}
    client.post(url("accueillir"), donnees)
    client.post(url("accueillir"), donnees)
    courriel = Courriel.objects.get(gabarit="accueil_propose")
    assert structure.nom in courriel.sujet
    assert ("un jeudi" in courriel.texte, "Salle de 40" in courriel.texte) == (True, True)
    assert courriel.repondre_a == membre.email
    client.post(url("accueillir"), {**donnees, "structure": StructureFactory().pk, "cle": str(uuid.uuid4())})
    assert Courriel.objects.filter(gabarit="accueil_propose").count() == 1


@pytest.mark.parametrize("compte", [1, 4])
def test_queries_of_the_pages(client, animateur, django_assert_num_queries, compte):
    reunion = ReunionFactory(structure_hote=StructureFactory(), commune=CommuneFactory())
    for rang in range(compte):
        reunion.points.create(titre=f"Point {rang}", action=ActionFactory())
        reunion.animateurs.create(nom=f"Personne {rang}")
        ReunionFactory(structure_hote=StructureFactory())
        RattachementFactory()
        Document.objects.create(
            reunion=reunion, fichier="x", nom="n.pdf", type_mime="application/pdf", taille=1, audience="public"
        )
    with django_assert_num_queries(7):
        client.get(reunion.get_absolute_url())
    with django_assert_num_queries(6):
        client.get(url("reste_a_accueillir"))
    client.force_login(animateur)
    for nom, requetes in [("preparer", 16), ("ordre_du_jour", 5), ("animateurs", 5), ("documents", 5)]:
        with django_assert_num_queries(requetes):
            client.get(url(nom, reunion.pk))
