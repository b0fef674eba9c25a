"""Mail coming in: who may call, what is kept, what is ignored, what is hidden."""

import base64

import pytest
from django.db import DatabaseError
from procrastinate.contrib.django.models import ProcrastinateJob

from pole_ess.socle import tasks
from pole_ess.socle.courriel import entrant as module
from pole_ess.socle.courriel.texte import depouiller, texte_de_html
from pole_ess.socle.models import CourrielEntrant
from pole_ess.socle.views import VUES
from tests.socle.prestataires import CLE_MAILGUN, SECRET, basic, mailgun, postmark


@pytest.fixture
def recus(settings, monkeypatch):
    """What the handler of « relais » was given."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": CLE_MAILGUN}
    settings.COURRIER_ENTRANT_DOMAINE = "courrier.example.org"
    liste = []
    monkeypatch.setattr(module, "_traitants", {})
    module.enregistrer("relais", lambda entrant, jeton: liste.append((jeton, entrant.texte)))
    return liste


def traiter_tout():
    return [tasks.traiter_entrant(pk) for pk in CourrielEntrant.objects.order_by("pk").values_list("pk", flat=True)]


@pytest.mark.parametrize("prestataire", [postmark, mailgun])
def test_reponse_arrive_a_l_echange_que_dit_son_adresse(db, client, recus, prestataire):
    texte = (
        "Bonjour, je viens mardi.\n\nb@example.org\n\n"
        "Le jeu. 30 janv. 2014 à 18:00, Pôle ESS <relais+abcdefgh12@courrier.example.org>\na écrit :\n> Bonjour\n> x"
    )
    assert prestataire(client, texte=texte).status_code == 200
    entrant = CourrielEntrant.objects.get()
    assert (entrant.etat, entrant.jeton, entrant.sujet) == ("recu", "relais+abcdefgh12", "Re : votre annonce")
    assert entrant.texte == "Bonjour, je viens mardi.\n\n[adresse retirée]"
    assert ProcrastinateJob.objects.get(task_name="courriel.traiter_entrant").args == {"entrant_id": entrant.pk}
    assert traiter_tout() == ["traite"]
    assert recus == [("abcdefgh12", entrant.texte)]


@pytest.mark.parametrize("prestataire", [postmark, mailgun])
def test_meme_appel_repete_ne_compte_qu_une_fois(db, client, recus, prestataire):
    assert [prestataire(client).status_code for _ in range(3)] == [200] * 3
    assert CourrielEntrant.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="courriel.traiter_entrant").count() == 1
    assert [traiter_tout(), traiter_tout()] == [["traite"], ["rien à faire"]]
    assert len(recus) == 1


def test_meme_message_a_deux_echanges_compte_pour_chacun(db, client, recus):
    postmark(client)
    postmark(client, a="relais+ijklmnop34@courrier.example.org")
    assert CourrielEntrant.objects.count() == 2


def test_expediteur_affiche_ne_compte_pas(db, client, recus):
    """Anyone may write anything in From, among others the token's address."""
    postmark(
        client,
        a="equipe@courrier.example.org",
        FromFull={"Email": "relais+abcdefgh12@courrier.example.org", "Name": ""},
        entetes=[("Reply-To", "relais+abcdefgh12@courrier.example.org")],
    )
    entrant = CourrielEntrant.objects.get()
    assert (entrant.etat, entrant.motif, entrant.jeton) == ("ignore", "adresse sans échange", "")


@pytest.mark.parametrize(
    ("secret_du_portail", "secret_recu"),
    [
        (SECRET, None),
        (SECRET, "portail:autre"),
        (SECRET, "portail"),
        (SECRET, ":"),
        (None, None),
        (None, SECRET),
        ("", ":"),
    ],
)
@pytest.mark.parametrize("sorte", ["entrant", "suivi"])
def test_sans_le_secret_rien_n_entre(db, client, recus, settings, secret_du_portail, secret_recu, sorte):
    settings.ANYMAIL = {"WEBHOOK_SECRET": secret_du_portail, "MAILGUN_WEBHOOK_SIGNING_KEY": CLE_MAILGUN}
    auth = basic(secret_recu) if secret_recu else {}
    for prestataire in ("postmark", "mailgun", "inconnu"):
        adresse = f"/courrier/{prestataire}/{sorte}/"
        assert client.post(adresse, "{}", content_type="application/json", **auth).status_code == 403
    assert CourrielEntrant.objects.count() == 0


def test_aucun_prestataire_n_entre_sans_secret(db, client):
    assert len(VUES) > 15
    assert {client.post(f"/courrier/{nom}/{sorte}/").status_code for nom, sorte in VUES} == {403}


def test_aucun_prestataire_ne_fait_tomber_le_portail(db, client, recus):
    """Whatever is posted: refused or not understood, never a 500."""
    for nom, sorte in VUES:
        for corps, sorte_de_corps in [("", "text/plain"), ("[", "application/json"), ("[1]", "application/json")]:
            reponse = client.post(f"/courrier/{nom}/{sorte}/", corps, content_type=sorte_de_corps, **basic())
            assert reponse.status_code in (200, 400, 403), (nom, sorte, corps)
    assert CourrielEntrant.objects.count() == 0


def test_signature_de_mailgun_exigee(db, client, recus, settings):
    assert mailgun(client, cle="autre").status_code == 403
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert mailgun(client).status_code == 403
    assert CourrielEntrant.objects.count() == 0


def test_prestataire_inconnu_methode_refusee(db, client, recus):
    assert client.post("/courrier/inconnu/entrant/", **basic()).status_code == 404
    assert client.get("/courrier/postmark/entrant/", **basic()).status_code == 405


@pytest.mark.parametrize(
    "entetes",
    [
        [("Auto-Submitted", "auto-replied")],
        [("Auto-Submitted", "auto-generated; type=x")],
        [("Precedence", "bulk")],
        [("precedence", "Auto_Reply")],
        [("X-Autoreply", "yes")],
        [("X-Autorespond", "Absent")],
        [("List-Id", "<liste.example.org>")],
        [("Message-ID", "<0123456789abcdef@testserver>")],
    ],
)
@pytest.mark.parametrize("prestataire", [postmark, mailgun])
def test_reponses_automatiques_ignorees(db, client, recus, prestataire, entetes):
    assert prestataire(client, entetes=entetes).status_code == 200
    entrant = CourrielEntrant.objects.get()
    assert (entrant.etat, entrant.motif, entrant.texte) == ("ignore", "réponse automatique", "")
    assert ProcrastinateJob.objects.count() == 0


def test_auto_submitted_no_est_ecrit_par_une_personne(db, client, recus):
    postmark(client, entetes=[("Auto-Submitted", "no")])
    assert CourrielEntrant.objects.get().etat == "recu"


@pytest.mark.parametrize("expediteur", ["<>", "", "<MAILER-DAEMON@b.example.org>"])
def test_sans_expediteur_d_enveloppe_c_est_un_avis(db, client, recus, expediteur):
    tete = [{"Name": "Return-Path", "Value": expediteur}, {"Name": "Message-ID", "Value": "<m1@b.example.org>"}]
    postmark(client, Headers=tete)
    assert CourrielEntrant.objects.get().motif == "réponse automatique"


def test_sans_expediteur_d_enveloppe_chez_mailgun(db, client, recus):
    mailgun(client, sender="")
    assert CourrielEntrant.objects.get().motif == "réponse automatique"


def test_indesirable_ignore(db, client, recus):
    postmark(client, entetes=[("X-Spam-Status", "Yes")])
    assert CourrielEntrant.objects.get().motif == "indésirable"


def test_sorte_inconnue_ignoree(db, client, recus):
    postmark(client, a="autre+abcdefgh12@courrier.example.org")
    assert CourrielEntrant.objects.get().motif == "sorte d'échange inconnue"


def test_echange_plafonne(db, client, recus):
    for numero in range(module.PLAFOND_PAR_FIL + 3):
        postmark(client, entetes=[], Headers=[{"Name": "Message-ID", "Value": f"<{numero}@b.example.org>"}])
    postmark(client, a="relais+ijklmnop34@courrier.example.org")  # another exchange goes on
    etats = list(CourrielEntrant.objects.order_by("pk").values_list("etat", "motif"))
    assert etats == [("recu", "")] * 20 + [("ignore", "trop de messages dans cet échange")] * 3 + [("recu", "")]


def test_message_lourd_de_pieces_jointes_passe(db, client, recus, settings):
    piece = {"Name": "photo.jpg", "ContentType": "image/jpeg", "Content": "QUFB" * 1_000_000}
    assert postmark(client, Attachments=[piece]).status_code == 200
    assert CourrielEntrant.objects.get().texte == "Merci !"
    settings.COURRIER_ENTRANT_MAX_OCTETS = 1000
    assert postmark(client, Attachments=[piece]).status_code == 413


def test_traitant_qui_tombe_laisse_le_message_a_reprendre(db, client, recus, monkeypatch):
    postmark(client)
    pannes = [DatabaseError("panne")]

    def fragile(entrant, jeton):
        CourrielEntrant.objects.create(identifiant="trace du traitant")
        if pannes:
            raise pannes.pop()

    monkeypatch.setattr(module, "_traitants", {"relais": fragile})
    entrant = CourrielEntrant.objects.get()
    with pytest.raises(DatabaseError):
        tasks.traiter_entrant(entrant.pk)
    entrant.refresh_from_db()
    assert (entrant.etat, CourrielEntrant.objects.count()) == ("recu", 1)
    assert tasks.traiter_entrant(entrant.pk) == "traite"
    assert CourrielEntrant.objects.count() == 2


def test_traitant_qui_ignore_ne_laisse_rien(db, client, recus, monkeypatch):
    postmark(client)

    def ferme(entrant, jeton):
        CourrielEntrant.objects.create(identifiant="trace du traitant")
        raise module.Ignorer("cet échange est clos")

    monkeypatch.setattr(module, "_traitants", {"relais": ferme})
    assert traiter_tout() == ["ignore"]
    assert list(CourrielEntrant.objects.values_list("motif", flat=True)) == ["cet échange est clos"]


def test_sorte_ne_s_enregistre_qu_une_fois(recus):
    with pytest.raises(ValueError, match="relais has a handler already"):
        module.enregistrer("relais", lambda entrant, jeton: None)


def test_adresse_de_reponse(settings):
    settings.COURRIER_ENTRANT_DOMAINE = "courrier.example.org"
    assert module.adresse_de_reponse("relais", "AbCdEfGh12") == "relais+abcdefgh12@courrier.example.org"
    for sorte, jeton in [("relais", "court"), ("relais", "a b c d e f"), ("r", "abcdefgh12"), ("relais", "a" * 60)]:
        with pytest.raises(ValueError, match="cannot be an address"):
            module.adresse_de_reponse(sorte, jeton)
    settings.COURRIER_ENTRANT_DOMAINE = ""
    assert module.adresse_de_reponse("relais", "abcdefgh12") == ""


def test_caracteres_que_la_base_refuse(db, client, recus):
    assert postmark(client, texte="a\x00b\x0bc", Subject="s\x00ujet").status_code == 200
    entrant = CourrielEntrant.objects.get()
    assert (entrant.texte, entrant.sujet) == ("abc", "sujet")


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Oui.", "Oui."),
        ("Oui.\r\n\r\n> Non\r\n>> x", "Oui."),
        ("> Vous venez ?\nOui, à 18 h.\n> Avec qui ?\nSeule.", "Oui, à 18 h.\nSeule."),
        ("Oui.\n\nLe lun. 3 févr. 2014, A <a@example.org> a écrit :\n\n> x", "Oui."),
        ("Oui.\n\nOn Mon, Feb 3, 2014 at 9:00 AM A <a@example.org> wrote:\n> x", "Oui."),
        ("Oui.\n\n-----Message d'origine-----\nDe : A <a@example.org>\nsecret", "Oui."),
        ("Oui.\n\nDe : A <a@example.org>\nEnvoyé : lundi 3 février 2014\nÀ : B\nObjet : x\n\nsecret", "Oui."),
        ("Oui.\n\nFrom: A <a@example.org>\nSent: Monday\nTo: B\n\nsecret", "Oui."),
        (
            "Le marché est ouvert, écrivez à A.B+c@exemple.example.org",
            "Le marché est ouvert, écrivez à [adresse retirée]",
        ),
        ("Voir mailto:a@example.org", "Voir [adresse retirée]"),
        ("De : la part de tous, merci\nÀ bientôt", "De : la part de tous, merci\nÀ bientôt"),
        ("Le prix :\n5 €", "Le prix :\n5 €"),
        ("", ""),
    ],
)
def test_depouiller(texte, attendu):
    assert depouiller(texte) == attendu


def test_depouiller_ne_s_emballe_pas():
    """Hostile input in bounded time."""
    for piege in ("Le " * 30_000, "Le\n" * 30_000, "De :\n" * 30_000, "a@" * 30_000, "a." * 40_000 + "@", ">" * 80_000):
        assert len(depouiller(piege)) <= 20_000


def test_texte_de_html():
    source = (
        "<html><head><title>t</title><style>p{}</style></head><body><p>Bonjour,<br>à <b>mardi</b> &amp; merci</p>"
        "<script>x</script><blockquote>cité <p>a@example.org</p></blockquote><div>Au revoir</div></body></html>"
    )
    assert depouiller(texte_de_html(source)) == "Bonjour,\nà mardi & merci\n\nAu revoir"


def test_message_html_seulement(db, client, recus):
    postmark(client, texte="", HtmlBody="<p>Bonjour</p><blockquote>cité</blockquote>")
    assert CourrielEntrant.objects.get().texte == "Bonjour"


REPONSE = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:u\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def avec_agenda(texte, sorte="text/calendar"):
    contenu = base64.b64encode(texte.encode()).decode()
    return {"Attachments": [{"Name": "reponse.ics", "Content": contenu, "ContentType": sorte}]}


@pytest.fixture
def agendas(recus, monkeypatch):
    """What the handler of « reunion », which reads answers to invitations, was given."""
    monkeypatch.setattr(module, "_agendas", set())
    lus = []
    module.enregistrer("reunion", lambda entrant, jeton: lus.append(entrant.calendrier), agenda=True)
    return lus


def test_reponse_d_agenda_meme_automatique(db, client, agendas):
    """Some agendas mark their answers as automatic; the row forgets the answer once it is handled."""
    entetes = [("Auto-Submitted", "auto-generated")]
    postmark(client, a="reunion+abcdefgh12@courrier.example.org", entetes=entetes, **avec_agenda(REPONSE))
    assert traiter_tout() == ["traite"]
    assert agendas == [REPONSE]
    assert CourrielEntrant.objects.get().calendrier == ""


@pytest.mark.parametrize(
    ("adresse", "piece"),
    [
        ("relais+abcdefgh12@courrier.example.org", REPONSE),  # that exchange reads no agenda
        ("reunion+abcdefgh12@courrier.example.org", REPONSE.replace("REPLY", "REQUEST")),
        ("reunion+abcdefgh12@courrier.example.org", REPONSE.replace("METHOD:REPLY\r\n", "")),
    ],
)
def test_message_automatique_sans_reponse_d_agenda(db, client, agendas, adresse, piece):
    postmark(client, a=adresse, entetes=[("Auto-Submitted", "auto-replied")], **avec_agenda(piece))
    entrant = CourrielEntrant.objects.get()
    assert (entrant.etat, entrant.motif, entrant.calendrier) == ("ignore", "réponse automatique", "")
    assert agendas == []
