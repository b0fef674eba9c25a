"""Checking in: one tap, several staff at once, walk-ins, the sheet."""

import io
import uuid

import page
import pikepdf
import pytest
from django.urls import reverse

from pole_ess.socle import documents
from pole_ess.socle.documents import pdf
from reunions import feuille_de_presence
from reunions.actions import TransitionInterdite, presences
from reunions.models import Participation, Representation
from tests.factories import StructureFactory
from tests.factories.reunions import ParticipationFactory, ReunionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_whoever_saw_an_older_state_does_not_overwrite_a_newer_one():
    une = ParticipationFactory()
    presences.noter(une.reunion, pk=une.pk, presence="present", vue="inconnue")
    with pytest.raises(presences.DejaNotee, match="présent"):
        presences.noter(une.reunion, pk=une.pk, presence="absent", vue="inconnue")
    assert presences.noter(une.reunion, pk=une.pk, presence="present", vue="inconnue").presence == "present"
    presences.noter(une.reunion, pk=une.pk, presence="absent", vue="present")
    une.refresh_from_db()
    assert (une.presence, une.accueillie_le) == ("absent", None)


def test_a_person_of_another_meeting_is_not_there():
    with pytest.raises(Participation.DoesNotExist):
        presences.noter(ReunionFactory(), pk=ParticipationFactory().pk, presence="present", vue="inconnue")


def test_nobody_is_checked_in_to_a_cancelled_meeting():
    une = ParticipationFactory(reunion=ReunionFactory(etat="annulee"))
    with pytest.raises(TransitionInterdite):
        presences.noter(une.reunion, pk=une.pk, presence="present", vue="inconnue")


def test_a_walk_in_is_written_once_and_linked_to_a_known_structure():
    reunion, structure, cle = ReunionFactory(), StructureFactory(nom="Les Amis du Pré"), uuid.uuid4()
    for _ in range(2):
        venue = presences.accueillir(reunion, nom="Lou", structure="les amis du pre", cle=cle)
    assert list(venue.structures.all()) == [structure]
    assert (venue.presence, venue.origine, reunion.participations.count()) == ("present", "accueil", 1)
    autre = presences.accueillir(reunion, nom="Claude", structure="Inconnue au bataillon", cle=uuid.uuid4())
    assert autre.libelle == "Inconnue au bataillon"
    assert set(Participation.objects.presentes()) == {venue, autre}


def test_without_javascript_the_page_comes_back_to_the_line_and_says_the_conflict(equipe):
    une = ParticipationFactory(presence="present")
    url = reverse("reunions:presences", args=[une.reunion_id])
    envoi = {"pk": une.pk, "presence": "absent", "vue": "inconnue"}
    reponse = equipe.post(f"{url}?q=Invit", envoi, follow=True)
    assert reponse.redirect_chain == [(f"{url}?q=Invit#ligne-{une.pk}", 302)]
    assert "entre-temps" in reponse.content.decode()


def test_with_htmx_only_the_line_comes_back(equipe):
    une = ParticipationFactory(nom="Lou")
    url = reverse("reunions:presences", args=[une.reunion_id])
    envoi = {"pk": une.pk, "presence": "present", "vue": "inconnue"}
    page = equipe.post(url, envoi, headers={"HX-Request": "true"}).content.decode()
    assert page.count("<li") == 1
    assert 'name="vue" value="present"' in page
    page = equipe.post(url, {**envoi, "presence": "excuse"}, headers={"HX-Request": "true"}).content.decode()
    assert 'role="alert"' in page
    une.refresh_from_db()
    assert une.presence == "present"


@pytest.mark.parametrize("envoi", [{}, {"pk": "x"}, {"pk": "1", "presence": "dieu", "vue": "inconnue"}])
def test_a_damaged_tap_changes_nothing(equipe, envoi):
    une = ParticipationFactory()
    reponse = equipe.post(reverse("reunions:presences", args=[une.reunion_id]), envoi)
    assert reponse.status_code == 302
    une.refresh_from_db()
    assert une.presence == "inconnue"


@pytest.mark.parametrize("q", ["zoé", "ZOE dur", "amis", "pre zoe"])
def test_search_ignores_case_accents_and_order(equipe, q):
    reunion = ReunionFactory()
    zoe = ParticipationFactory(reunion=reunion, nom="Zoé Durand")
    Representation.objects.create(participation=zoe, structure=StructureFactory(nom="Les Amis du Pré"))
    ParticipationFactory(reunion=reunion, nom="Claude")
    page = equipe.get(reverse("reunions:presences", args=[reunion.pk]), {"q": q})
    assert list(page.context["lignes"]) == [zoe]


@pytest.mark.parametrize("nom", ["presences", "feuille", "feuille_pdf"])
def test_one_or_many_people_cost_the_same(equipe, django_assert_num_queries, nom):
    reunion = ReunionFactory()

    def remplir(nombre):
        for _ in range(nombre):
            Representation.objects.create(
                participation=ParticipationFactory(reunion=reunion), structure=StructureFactory()
            )

    url = reverse(f"reunions:{nom}", args=[reunion.pk])
    remplir(1)
    equipe.get(url)
    for _ in range(2):
        with django_assert_num_queries({"presences": 7, "feuille": 6, "feuille_pdf": 6}[nom]):
            assert equipe.get(url).status_code == 200
        remplir(5)


def test_the_sheet_has_a_column_to_sign_and_lines_for_walk_ins(equipe):
    une = ParticipationFactory(nom="Lou", fonction="maire")
    page = equipe.get(reverse("reunions:feuille", args=[une.reunion_id])).content.decode()
    assert '<th scope="col">Signature</th>' in page
    assert page.count('<tr class="libre">') == 12
    assert "maire" in page


# -- the sheet as a PDF


def conforme(octets) -> bool:
    return page.validate_pdf_bytes(octets, profile=page.ValidationProfile.PDF_UA_1).is_compliant


def noeuds(noeud, sorte):
    """The elements of the structure tree whose type is `sorte`."""
    enfants = noeud.get("/K", [])
    for enfant in enfants if isinstance(enfants, pikepdf.Array) else [enfants]:
        if isinstance(enfant, pikepdf.Dictionary) and "/S" in enfant:
            if str(enfant.S) == sorte:
                yield enfant
            yield from noeuds(enfant, sorte)


def remplir(reunion, nombre):
    for rang in range(nombre):
        ParticipationFactory(reunion=reunion, nom=f"Personne {rang}", fonction="bénévole", libelle="Une structure")


@pytest.mark.parametrize("nombre", [0, 1, 60])
def test_the_sheet_downloads_as_a_tagged_pdf_with_a_cell_to_sign_per_person(equipe, nombre):
    reunion = ReunionFactory(titre="Été & *réseau* #1")
    remplir(reunion, nombre)
    reponse = equipe.get(reverse("reunions:feuille_pdf", args=[reunion.pk]))
    assert reponse["Content-Disposition"] == 'attachment; filename="feuille-de-presence-ete-reseau-1.pdf"'
    assert "no-store" in reponse["Cache-Control"]
    assert conforme(reponse.content)
    with pikepdf.open(io.BytesIO(reponse.content)) as ouvert:
        assert str(ouvert.Root.Lang) == "fr-FR"
        with ouvert.open_metadata() as meta:
            assert meta["dc:title"] == "Feuille de présence : Été & *réseau* #1"
        (tableau,) = noeuds(ouvert.Root.StructTreeRoot, "/Table")
        assert [str(th.A[0].Scope) for th in noeuds(tableau, "/TH")] == ["/Column"] * 4
        assert len(list(noeuds(tableau, "/TR"))) == 1 + nombre + feuille_de_presence.LIGNES_LIBRES
        assert len(list(noeuds(tableau, "/TD"))) == 4 * (nombre + feuille_de_presence.LIGNES_LIBRES)
        larges = [page.mediabox[2] > page.mediabox[3] for page in ouvert.pages]
    assert set(larges) == {True}
    assert (len(larges) > 3) is (nombre == 60)


def test_each_page_of_the_sheet_begins_with_the_headers(equipe):
    """Repeated headers are painted as artifacts: the first page has those of its foot, the others four more."""
    reunion = ReunionFactory()
    remplir(reunion, 60)
    donnees = feuille_de_presence.donnees(reunion, reunion.participations.par_nom(), pole="Le pôle")
    with pikepdf.open(io.BytesIO(pdf("feuille_de_presence", donnees))) as ouvert:
        premiere, *suivantes = [_artefacts(page) for page in ouvert.pages]
    assert len(suivantes) > 3
    assert [nombre - premiere >= len(feuille_de_presence.ENTETES) for nombre in suivantes] == [True] * len(suivantes)


def _artefacts(page) -> int:
    """How many runs of this page's text are artifacts: its foot, and the headers that are painted again."""
    dedans, textes = [], 0
    for operandes, operateur in pikepdf.parse_content_stream(page):
        if str(operateur) in ("BMC", "BDC"):
            dedans.append(str(operandes[0]) == "/Artifact")
        elif str(operateur) == "EMC":
            dedans.pop()
        elif str(operateur) in ("Tj", "TJ") and any(dedans):
            textes += 1
    return textes


@pytest.mark.parametrize("texte", ['#panic("x")', "$x^2$ // @r <e>", "😀 中文 العربية", "W" * 160])
def test_what_is_typed_never_stops_the_sheet(texte):
    reunion = ReunionFactory(titre=texte, lieu=texte)
    ParticipationFactory(reunion=reunion, nom=texte[:120], fonction=texte, libelle=texte)
    dites = feuille_de_presence.donnees(reunion, reunion.participations.par_nom(), pole="Le pôle")
    assert conforme(documents.pdf("feuille_de_presence", dites))


def test_the_sheet_goes_round_the_room_without_addresses_nor_needs():
    une = ParticipationFactory(besoins="braille", message="Je suis malade", reponse="excuse", libelle="Le pôle")
    dites = feuille_de_presence.donnees(une.reunion, une.reunion.participations.par_nom(), pole="Le pôle")
    assert dites["lignes"] == [[une.nom, "Le pôle", "Excusé"]]
    assert not any(mot in str(dites) for mot in (une.courriel, "braille", "malade"))
