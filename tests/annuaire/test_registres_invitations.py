"""Invitations: never twice, followed, answered without an account; and objections, that erase at once."""

import io
import uuid
from datetime import timedelta

import page
import pikepdf
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from annuaire import oppositions
from annuaire.actions import TransitionInterdite, publication
from annuaire.actions import registres_invitations as invitations
from annuaire.models import EntreeRegistre, InvitationRegistre, LigneRegistre, Opposition, Structure
from annuaire.registres_lettres import lettre, lettres
from annuaire.tasks import suivre_registres
from pole_ess.socle import liens
from pole_ess.socle.models import Compteur, Courriel
from tests.annuaire.registres_aide import rna, territoire
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.registres import EntreeRegistreFactory, InvitationFactory

pytestmark = pytest.mark.django_db
ADRESSE = "bonjour@amis.example.org"


@pytest.fixture
def entree():
    vichy = CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"])
    return EntreeRegistreFactory(
        identifiant="W001000001", nom="LES AMIS DU PONT", objet="garder le pont", adresse="3 RUE DU PONT", commune=vichy
    )


@pytest.fixture
def invitation(entree, animateur):
    return invitations.inviter_par_courriel(entree, par=animateur, courriel=f" {ADRESSE.upper()} ", source="son site")


def vieillir(invitation, jours):
    InvitationRegistre.objects.filter(pk=invitation.pk).update(envoyee_le=timezone.now() - timedelta(days=jours))


def proposition(**faits):
    return {
        "nom": "Les amis du pont",
        "presentation": "Nous gardons le pont.",
        "courriel_proposition": "ami@example.org",
        "cle": str(uuid.uuid4()),
        **faits,
    }


def test_l_invitation_dit_d_ou_viennent_les_donnees_et_comment_ne_pas_figurer(invitation, entree):
    entree.refresh_from_db()
    assert (entree.etat, invitation.courriel, invitation.voie) == ("invitee", ADRESSE, "courriel")
    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.sujet) == (ADRESSE, "LES AMIS DU PONT : votre place dans l'annuaire")
    for mots in (
        "Répertoire national des associations",
        "votre adresse e-mail : son site",
        "cnil.fr",
        invitations.lien(invitation).rsplit("/", 3)[0],
        "/annuaire/lien/ne-pas-figurer/",
        "valable 180 jours",
    ):
        assert mots in courriel.texte


def test_une_entree_n_est_invitee_qu_une_fois(invitation, entree, animateur):
    for courriel in (ADRESSE, "autre@example.org"):
        with pytest.raises(TransitionInterdite):
            invitations.inviter_par_courriel(entree, par=animateur, courriel=courriel, source="x")
    assert invitations.preparer_lettres([entree.pk], par=animateur) == 0
    assert Courriel.objects.count() == InvitationRegistre.objects.count() == 1


def test_une_adresse_n_est_invitee_que_pour_une_entree(invitation, animateur):
    autre = EntreeRegistreFactory()
    with pytest.raises(TransitionInterdite, match="déjà reçu"):
        invitations.inviter_par_courriel(autre, par=animateur, courriel=ADRESSE, source="x")
    autre.refresh_from_db()
    assert (autre.etat, Courriel.objects.count()) == ("a_voir", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        InvitationFactory(courriel=ADRESSE.upper())


@pytest.mark.parametrize("etat", ["rapprochee", "ecartee"])
def test_on_n_invite_pas_qui_a_sa_place_ou_est_ecartee(entree, animateur, etat):
    EntreeRegistre.objects.update(etat=etat, motif="x")
    with pytest.raises(TransitionInterdite):
        invitations.inviter_par_courriel(entree, par=animateur, courriel=ADRESSE, source="x")


def test_on_n_ecrit_pas_a_qui_s_est_oppose_ni_a_une_structure_de_l_annuaire(entree, animateur):
    oppositions.enregistrer(courriel=ADRESSE)
    with pytest.raises(TransitionInterdite, match="ne plus être contactée"):
        invitations.inviter_par_courriel(entree, par=animateur, courriel=ADRESSE, source="x")
    StructureFactory(courriel="deja@example.org", nom="Déjà là")
    with pytest.raises(TransitionInterdite, match="Déjà là"):
        invitations.inviter_par_courriel(entree, par=animateur, courriel="Deja@example.org", source="x")
    assert (Courriel.objects.count(), InvitationRegistre.objects.count()) == (0, 0)


def test_un_seul_rappel_trois_semaines_apres(invitation, animateur):
    with pytest.raises(TransitionInterdite):
        invitations.rappeler(invitation, par=animateur)
    vieillir(invitation, 22)
    invitations.rappeler(invitation, par=animateur)
    assert Courriel.objects.filter(sujet__startswith="Rappel : ").count() == 1
    with pytest.raises(TransitionInterdite):
        invitations.rappeler(invitation, par=animateur)
    assert Courriel.objects.count() == 2


def test_la_page_montre_ce_que_dit_le_registre_et_mene_a_une_proposition_remplie(client, invitation, entree):
    page = client.get(invitations.lien(invitation)).content.decode()
    assert "LES AMIS DU PONT" in page
    assert "son site" in page
    form = client.get(reverse("annuaire:proposer"), {"invitation": invitations.jeton(invitation)}).context["form"]
    assert {c: form.initial[c] for c in ("nom", "adresse", "presentation", "rna")} == {
        "nom": "LES AMIS DU PONT", "adresse": "3 RUE DU PONT", "presentation": "garder le pont", "rna": "W001000001",
    }  # fmt: skip
    assert form.initial["commune"] == entree.commune


def test_proposer_est_suivi_et_ne_sert_qu_une_fois(client, invitation, entree, animateur):
    url = f"{reverse('annuaire:proposer')}?invitation={invitations.jeton(invitation)}"
    donnees = proposition(rna="W001000001", commune="Vichy")
    assert client.post(url, donnees).status_code == 302
    invitation.refresh_from_db()
    fiche = Structure.objects.get()
    assert (invitation.structure, invitation.proposee_le is None) == (fiche, False)
    assert client.post(url, donnees).status_code == 302  # the same form, retried
    assert Structure.objects.count() == 1
    encore = client.post(url, proposition(nom="Une tout autre chose"))
    assert (encore.status_code, Structure.objects.count()) == (410, 1)
    assert client.get(url).status_code == 410
    assert "a été proposée" in client.get(invitations.lien(invitation)).content.decode()
    Structure.objects.update(etat="a_valider")
    fiche.refresh_from_db()
    publication.publier(fiche, par=animateur)
    entree.refresh_from_db()
    assert (entree.etat, entree.structure) == ("rapprochee", fiche)


def test_une_proposition_fautive_garde_l_invitation(client, invitation):
    url = f"{reverse('annuaire:proposer')}?invitation={invitations.jeton(invitation)}"
    assert client.post(url, proposition(presentation="")).status_code == 200
    invitation.refresh_from_db()
    assert (invitation.proposee_le, Structure.objects.count()) == (None, 0)


def test_le_code_de_la_lettre_mene_a_la_meme_page(client, entree, animateur):
    invitations.preparer_lettres([entree.pk], par=animateur)
    invitation = InvitationRegistre.objects.get()
    url = reverse("annuaire:invitation_code")
    reponse = client.post(url, {"code": f" {invitation.code_lisible.lower()} "})
    assert (reponse.status_code, reponse.url) == (302, invitations.lien(invitation))
    for code in ("", "ABCD", "ABCDEFGH", "%00", "é" * 20):
        assert client.post(url, {"code": code}).status_code == 200, code


def test_les_essais_de_codes_sont_comptes(client):
    for _ in range(20):
        client.post(reverse("annuaire:invitation_code"), {"code": "ABCDEFGH"})
    assert client.post(reverse("annuaire:invitation_code"), {"code": "ABCDEFGH"}).status_code == 429
    assert Compteur.objects.filter(cle__startswith="invitation-code:").exists()


def test_un_lien_casse_vieilli_ou_d_un_autre_objet(client, invitation):
    lien = invitations.lien(invitation)
    assert client.get(lien[:-3] + "x/").status_code == 404
    autre = liens.signer("proposition", {"i": invitation.pk, "c": invitation.code})
    assert client.get(reverse("annuaire:enregistree", args=[autre])).status_code == 404
    vieillir(invitation, 181)
    page = client.get(lien)
    assert (page.status_code, page.context["ouverte"]) == (200, False)
    assert client.get(reverse("annuaire:proposer"), {"invitation": invitations.jeton(invitation)}).status_code == 410


def test_voir_n_efface_rien_et_confirmer_efface_tout(client, invitation, entree):
    ligne = LigneRegistre.objects.create(
        import_registre=entree.lignes.model.import_registre.field.related_model.objects.create(nom="x", source="rna"),
        numero=2, statut="creee", nom=entree.nom, entree=entree,
    )  # fmt: skip
    url = invitations.lien_opposition(invitation)
    for _ in range(2):
        assert client.get(url).status_code == 200
    entree.refresh_from_db()
    assert (entree.etat, Courriel.objects.count()) == ("invitee", 1)
    assert "C'est effacé" in client.post(url).content.decode()
    entree.refresh_from_db()
    assert (entree.etat, entree.nom, entree.identifiant, entree.commune) == ("opposee", "", "", None)
    assert (InvitationRegistre.objects.count(), Courriel.objects.count()) == (0, 0)
    ligne.refresh_from_db()
    assert ligne.nom == ""
    assert Opposition.objects.count() == 2
    with connection.cursor() as curseur:
        for table in ("entreeregistre", "invitationregistre", "ligneregistre", "opposition"):
            curseur.execute(f"SELECT count(*) FROM annuaire_{table} t WHERE t::text ~* 'amis|W001000001'")  # noqa: S608
            assert curseur.fetchone() == (0,), table
    assert client.post(url).status_code == 410
    assert client.get(url).status_code == 410


def test_apres_une_opposition_ni_import_ni_invitation(client, invitation, animateur):
    client.post(invitations.lien_opposition(invitation))
    territoire("03310")
    assert rna({}).opposees == 1
    assert EntreeRegistre.objects.exclude(etat="opposee").count() == 0
    with pytest.raises(TransitionInterdite):
        invitations.inviter_par_courriel(EntreeRegistreFactory(), par=animateur, courriel=ADRESSE, source="x")


def test_deux_fois_s_opposer_est_une_fois(entree):
    invitations.s_opposer(entree)
    invitations.s_opposer(entree)
    assert Opposition.objects.count() == 1


def test_les_adresses_sans_reponse_s_effacent(invitation):
    suivre_registres(0)
    invitation.refresh_from_db()
    assert invitation.courriel == ADRESSE
    vieillir(invitation, 181)
    suivre_registres(0)
    invitation.refresh_from_db()
    assert (invitation.courriel, invitation.source_courriel, Courriel.objects.count()) == ("", "son site", 0)


def test_la_lettre_porte_le_code_et_les_mentions(entree, animateur, tmp_path):
    autre = EntreeRegistreFactory(nom="عربي & <script>", objet="x" * 2000, adresse="", commune=entree.commune)
    assert invitations.preparer_lettres([entree.pk, autre.pk], par=animateur) == 2
    envoyees = list(InvitationRegistre.objects.select_related("entree__commune").order_by("pk"))
    octets = lettres(envoyees)
    assert page.validate_pdf_bytes(octets, profile=page.ValidationProfile.PDF_UA_1).is_compliant
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert len(pdf.pages) == 2
    invitation = next(i for i in envoyees if i.entree_id == entree.pk)
    faits = lettre(invitation)
    assert faits["destinataire"] == "LES AMIS DU PONT\n3 RUE DU PONT\n03200 Vichy"
    assert (faits["code"], faits["identifiant"]) == (invitation.code_lisible, "W001000001")
    assert faits["qr"].startswith("<svg")


def test_deux_invitations_au_meme_instant_n_en_font_qu_une(entree, animateur):
    """The second waits for the first one's lock, then sees the state: the same as one after the other."""
    invitations.preparer_lettres([entree.pk, entree.pk], par=animateur)
    with pytest.raises(IntegrityError), transaction.atomic():
        InvitationFactory(entree=entree)
