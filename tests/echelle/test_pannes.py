"""Two web processes, two workers, a primary and a replica under load; a web process, a worker, the replica are killed.

No error beyond the requests that the dead process had in flight, nothing lost, nothing done twice.
"""

import email
import email.policy
import time
from collections import Counter

import pytest

from annuaire.demonstration.comptes import MOT_DE_PASSE
from bench.aiguille import Aiguille
from bench.visites import EQUIPE, MEMBRES, Charge
from pole_ess.embedded_db.replica import kill
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory

pytestmark = [pytest.mark.lent, pytest.mark.django_db]
DEBIT, SECONDES = 12, 24


@pytest.fixture
def portail(grappe):
    """Published structures that can be written to, announcements, and the demonstration's accounts."""
    with grappe.a_la_place_de_la_base():
        for rang in range(12):
            structure = StructureFactory(etat="publiee", nom=f"Structure du banc {rang}", courriel="banc@example.org")
            AnnonceFactory(structure=structure)
        for nom in MEMBRES + EQUIPE:
            personne = UtilisateurFactory(email=f"{nom}@demo.example.org", is_superuser=nom in EQUIPE)
            personne.is_staff = nom in EQUIPE
            personne.set_password(MOT_DE_PASSE)
            personne.save()
            personne.emailaddress_set.get_or_create(email=personne.email, verified=True, primary=True)
            RattachementFactory(structure=structure, utilisateur=personne)
    yield grappe
    for processus in grappe.processus:
        processus.tuer()
    grappe.replique.ensure_running()
    grappe.vider()


def lettres_parties(dossier) -> Counter:
    """Message-ID -> how many times it left."""
    lettres = (email.message_from_bytes(f.read_bytes(), policy=email.policy.default) for f in dossier.glob("*.eml"))
    return Counter(lettre["Message-ID"].strip() for lettre in lettres)


def test_one_of_each_killed_under_load(portail):
    webs = [portail.web(replique=True) for _ in range(2)]
    ouvriers = [portail.ouvrier() for _ in range(2)]
    portail.attendre(webs)
    charge = Charge(Aiguille([web.port for web in webs]), debit=DEBIT, secondes=SECONDES)
    morts = {}

    def tuer(nom, agir):
        def _tuer():
            agir()
            morts[nom] = time.monotonic()

        return _tuer

    def tuer_la_replique():
        lectures = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        morts["lectures"] = portail.demander(lectures, cluster=portail.replique)[0][0]
        kill(portail.replique)

    charge.mener(
        [
            (SECONDES * 0.25, tuer("web", webs[0].tuer)),
            (SECONDES * 0.45, tuer("ouvrier", ouvriers[0].tuer)),
            (SECONDES * 0.65, tuer("replique", tuer_la_replique)),
        ]
    )
    portail.attendre_la_file(60)

    assert [(r.chemin, r.code) for r in charge.mauvais()] == []
    assert [(r.chemin, r.erreur) for r in charge.autres_erreurs()] == []
    assert len(charge.resultats) > DEBIT * SECONDES
    assert morts["lectures"] > DEBIT * SECONDES * 0.2, "visitors did read the replica while it lived"
    for perdu in charge.en_vol():
        assert perdu.parti <= morts["web"], "only what the dead process was answering"
        assert str(webs[0].port) in perdu.erreur
    assert {web.processus.poll() for web in webs[1:]} == {None}

    abonnes = Counter(c for (c,) in portail.demander("SELECT courriel FROM newsletter_abonne"))
    messages = Counter(c for (c,) in portail.demander("SELECT courriel FROM annuaire_messagerelaye"))
    assert len(charge.acceptes["subscribe"]) > 1
    assert len(charge.acceptes["write"]) > 1
    assert {adresse: abonnes[adresse] for adresse in charge.acceptes["subscribe"]} == dict.fromkeys(
        charge.acceptes["subscribe"], 1
    )
    assert {adresse: messages[adresse] for adresse in charge.acceptes["write"]} == dict.fromkeys(
        charge.acceptes["write"], 1
    )
    assert set(abonnes.values()) | set(messages.values()) == {1}, "sent again after the kill, done once"

    parties = lettres_parties(portail.courrier)
    etats = dict(portail.demander("SELECT message_id, etat FROM socle_courriel"))
    assert set(parties.values()) == {1}, "no mail left twice"
    assert {m for m, etat in etats.items() if etat == "parti"} <= set(parties)
    restants = Counter(etat for etat in etats.values() if etat != "parti")
    assert restants in (Counter(), Counter(en_vol=1)), "at most what the dead worker held, that staff will decide on"
    destinataires = Counter(d for (d,) in portail.demander("SELECT destinataire FROM socle_courriel"))
    assert all(destinataires[adresse] == 1 for adresse in charge.acceptes["subscribe"])
