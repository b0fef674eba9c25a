"""Matches on the site and by mail: the panel, « pas pour nous » and its undo, the page, the digest."""

import re
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Competence
from pole_ess.socle.models import Courriel
from ressources.actions import rapprochements as actions
from ressources.models import MiseEnRelation, PreferenceRapprochements, Rapprochement
from ressources.rapprochement import chercher
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("ressources:rapprochements")
ECARTER = reverse("ressources:rapprochement_ecarter")


@pytest.fixture
def offre(structure):
    return AnnonceFactory(structure=structure, titre="Vidéoprojecteur")


@pytest.fixture
def besoin(etranger):
    """Of the stranger's structure."""
    return BesoinFactory(structure=etranger.rattachements.get().structure, titre="Cherche un vidéoprojecteur")


@pytest.fixture(autouse=True)
def _vocabulaire(db):
    """Read once per process: not counted in anybody's queries."""
    chercher(AnnonceFactory(titre="Trampoline"))


def texte(reponse):
    return reponse.content.decode()


def envoyer(client, annonce, autre, geste="ecarter", retour="annonce"):
    donnees = {"annonce": annonce.pk, "autre": f"a{autre.pk}", "geste": geste, "retour": retour}
    return client.post(ECARTER, donnees)


# --- the panel ---------------------------------------------------------------------------------------------------


def test_chacun_voit_les_rapprochements_et_leurs_raisons(client, offre, besoin):
    page = texte(client.get(besoin.get_absolute_url()))
    assert "Ce qui pourrait convenir" in page and offre.titre in page and "en commun : vidéoprojecteur" in page
    assert "Pas pour nous" not in page  # a visitor decides nothing
    assert "Qui en cherche" in texte(client.get(offre.get_absolute_url()))


def test_le_referent_demande_propose_et_ecarte(client, offre, besoin, referent, etranger):
    client.force_login(etranger)
    page = texte(client.get(besoin.get_absolute_url()))
    assert "Demander" in page and "Pas pour nous" in page and "origine=rapprochement" in page
    client.force_login(referent)
    page = texte(client.get(offre.get_absolute_url()))
    assert "Proposer<" in page and "Pas pour nous" in page
    # On somebody else's announcement, the match is shown and nothing can be decided.
    assert "Pas pour nous" not in texte(client.get(besoin.get_absolute_url()))


def test_la_reponse_dit_qu_elle_vient_d_un_rapprochement(client, offre, besoin, etranger):
    client.force_login(etranger)
    lien = re.search(r'href="([^"]*origine=rapprochement)"', texte(client.get(besoin.get_absolute_url())))[1]
    page = texte(client.get(lien))
    cle = re.search(r'name="cle" value="([^"]+)"', page)[1]
    assert 'name="origine" value="rapprochement"' in page
    envoi = {"structure": besoin.structure_id, "texte": "Bonjour", "cle": cle, "origine": "rapprochement"}
    client.post(lien, envoi)
    assert MiseEnRelation.objects.get().origine == "rapprochement"


def test_une_origine_inventee_vaut_l_annonce(client, offre, besoin, etranger):
    client.force_login(etranger)
    envoi = {"structure": besoin.structure_id, "texte": "Bonjour", "cle": str(uuid.uuid4()), "origine": "<x>" * 99}
    client.post(reverse("ressources:repondre", args=[offre.pk]), envoi)
    assert MiseEnRelation.objects.get().origine == "annonce"


def test_rien_ne_va_se_dit_au_seul_referent(client, offre, referent):
    assert "Qui en cherche" not in texte(client.get(offre.get_absolute_url()))
    client.force_login(referent)
    assert "Personne ne cherche cela" in texte(client.get(offre.get_absolute_url()))


@pytest.mark.parametrize("valeurs", [{"etat": "pourvue"}, {"expire_le": timezone.localdate() - timedelta(days=1)}])
def test_une_annonce_close_ne_cherche_plus(client, offre, besoin, valeurs):
    type(besoin).objects.filter(pk=besoin.pk).update(
        **valeurs, close_le=timezone.now() if "etat" in valeurs else None
    )  # fmt: skip
    assert "Ce qui pourrait convenir" not in texte(client.get(besoin.get_absolute_url()))


def test_une_structure_qui_sait_faire_est_proposee(client, etranger):
    besoin = BesoinFactory(nature="competence", mode="service_gratuit", titre="Comptabilité",
                           structure=etranger.rattachements.get().structure)  # fmt: skip
    sachant = StructureFactory(nom="Les bons comptes")
    sachant.competences.add(Competence.objects.create(nom="Comptabilité", slug="comptabilite"))
    client.force_login(etranger)
    page = texte(client.get(besoin.get_absolute_url()))
    assert "Les bons comptes" in page and "compétence indiquée sur sa fiche : comptabilité" in page
    client.post(ECARTER, {"annonce": besoin.pk, "autre": f"s{sachant.pk}", "geste": "ecarter"})
    assert chercher(besoin) == []


# --- « pas pour nous » -------------------------------------------------------------------------------------------


def test_ecarter_puis_annuler(client, offre, besoin, etranger):
    client.force_login(etranger)
    reponse = envoyer(client, besoin, offre)
    assert reponse.url == f"{besoin.get_absolute_url()}#rapprochements"
    envoyer(client, besoin, offre)  # twice is once
    ligne = Rapprochement.objects.get()
    assert ligne.ecarte_par_besoin_le and not ligne.ecarte_par_offre_le
    assert chercher(besoin) == [] and chercher(offre) == []
    page = texte(client.get(besoin.get_absolute_url()))
    assert "Écartés (1)" in page and "Annuler" in page
    envoyer(client, besoin, offre, "remettre")
    assert [accord.annonce for accord in chercher(besoin)] == [offre]


def test_un_cote_n_annule_pas_ce_que_l_autre_a_ecarte(client, offre, besoin, referent, etranger):
    client.force_login(etranger)
    envoyer(client, besoin, offre)
    client.force_login(referent)
    assert "Écartés" not in texte(client.get(offre.get_absolute_url()))
    envoyer(client, offre, besoin, "remettre")
    assert chercher(offre) == []


def test_seuls_les_referents_de_l_annonce_ecartent(client, offre, besoin, referent, membre):
    for personne, attendu in [(None, 302), (membre, 403)]:
        client.logout()
        if personne:
            client.force_login(personne)
        assert envoyer(client, offre, besoin).status_code == attendu
    client.force_login(referent)
    assert envoyer(client, besoin, offre).status_code == 403  # the need is not theirs
    assert not Rapprochement.objects.exists()


@pytest.mark.parametrize("envoi", [
    {}, {"autre": "x1"}, {"autre": "a0"}, {"autre": "a999999999"}, {"autre": "s1"}, {"autre": "a" + "9" * 30},
    {"annonce": "-1"}, {"annonce": "9" * 40}, {"geste": "supprimer"}, {"retour": "//ailleurs.example.org"},
])  # fmt: skip
def test_un_envoi_faux_n_ecrit_rien(client, offre, besoin, referent, envoi):
    client.force_login(referent)
    donnees = {"annonce": offre.pk, "autre": f"a{besoin.pk}", "geste": "ecarter"} | envoi if envoi else {}
    assert client.post(ECARTER, donnees).status_code == 404
    assert not Rapprochement.objects.exists()


def test_on_n_ecarte_ni_une_annonce_du_meme_sens_ni_une_cachee(client, offre, referent):
    client.force_login(referent)
    for autre in [AnnonceFactory(), BesoinFactory(etat="brouillon"), BesoinFactory(structure=offre.structure)]:
        assert envoyer(client, offre, autre).status_code == 404


# --- the page ----------------------------------------------------------------------------------------------------


def test_la_page_groupe_les_miens_et_marque_les_nouveaux(client, offre, besoin, referent):
    client.force_login(referent)
    page = texte(client.get(PAGE))
    assert offre.titre in page and besoin.titre in page and "nouveau" in page
    envoyer(client, offre, besoin, retour="page")
    assert besoin.titre not in re.sub(r"(?s)class=\"message.*?</div>", "", texte(client.get(PAGE))).partition("<h1")[2]


def test_la_page_en_autant_de_requetes(client, structure, referent, django_assert_num_queries):
    client.force_login(referent)
    client.get(PAGE)
    for combien in (1, 5):
        for rang in range(combien):
            AnnonceFactory(structure=structure, titre=f"Vidéoprojecteur {rang}")
            BesoinFactory(titre=f"Cherche vidéoprojecteur {rang}")
        with django_assert_num_queries(13):
            assert "Vidéoprojecteur" in texte(client.get(PAGE))


# --- the digest --------------------------------------------------------------------------------------------------


def dans(**duree):
    return timezone.now() + timedelta(**duree)


def courriels():
    return list(Courriel.objects.filter(gabarit="rapprochements").order_by("pk"))


def test_le_digest_dit_le_nouveau_une_fois(offre, besoin, referent, etranger):
    assert actions.envoyer() == 2  # each side its own
    (a, b) = courriels()
    assert {a.destinataire, b.destinataire} == {referent.email, etranger.email}
    pour = {c.destinataire: c for c in (a, b)}
    corps = pour[etranger.email].texte
    assert "Vidéoprojecteur" in corps and "en commun : vidéoprojecteur" in corps and "Pas pour nous : http" in corps
    ligne = Rapprochement.objects.get()
    assert ligne.annonce_au_besoin_le and ligne.annonce_a_l_offre_le
    assert actions.envoyer() == 0
    assert actions.envoyer(maintenant=dans(days=8)) == 0  # a week later, nothing new: no mail
    BesoinFactory(titre="Cherche vidéoprojecteur")
    assert actions.envoyer(maintenant=dans(days=3)) == 0  # not before the week is over
    assert actions.envoyer(maintenant=dans(days=8)) == 1
    assert courriels()[-1].destinataire == referent.email
    assert besoin.titre not in courriels()[-1].texte


def test_rien_a_dire_n_ecrit_pas(offre, referent):
    assert actions.envoyer() == 0 and not courriels()


@pytest.mark.parametrize(("frequence", "heures", "envois"), [("quotidienne", 24, 1), ("hebdomadaire", 24, 0),
                                                             ("hebdomadaire", 168, 1), ("jamais", 500, 0)])  # fmt: skip
def test_la_frequence(offre, referent, frequence, heures, envois):
    actions.choisir_frequence(referent, frequence=frequence)
    PreferenceRapprochements.objects.update(derniere_le=timezone.now())
    BesoinFactory(titre="Cherche vidéoprojecteur", structure=StructureFactory())
    assert actions.envoyer(maintenant=dans(hours=heures)) == envois


def test_chaque_referent_d_une_structure_le_recoit(offre, besoin, structure, referent):
    actions.choisir_frequence(referent, frequence="quotidienne")
    autre = RattachementFactory(structure=structure, role="referent").utilisateur
    PreferenceRapprochements.objects.create(utilisateur=autre, derniere_le=dans(days=-3))
    actions.envoyer()
    assert [c.destinataire for c in courriels() if c.destinataire == autre.email] == []
    actions.envoyer(maintenant=dans(days=5))  # told to the first one since: still new to the second
    assert [c.destinataire for c in courriels()].count(autre.email) == 1
    assert [c.destinataire for c in courriels()].count(referent.email) == 1


def test_ni_un_simple_membre_ni_un_compte_ferme(offre, besoin, membre, referent):
    referent.is_active = False
    referent.save()
    actions.envoyer()
    assert {c.destinataire for c in courriels()}.isdisjoint({membre.email, referent.email})


def test_dix_lignes_au_plus_et_le_reste_la_fois_suivante(offre, referent):
    for rang in range(4):
        AnnonceFactory(structure=offre.structure, titre=f"Vidéoprojecteur {rang}")
    for rang in range(3):
        BesoinFactory(titre=f"Vidéoprojecteur demandé {rang}")
    actions.envoyer()
    (premier,) = courriels()
    assert premier.texte.count("Pourquoi :") == actions.LIGNES_MAX
    actions.envoyer(maintenant=dans(days=8))
    assert courriels()[-1].texte.count("Pourquoi :") == 5
    assert actions.envoyer(maintenant=dans(days=16)) == 0


def test_une_panne_au_milieu_ne_perd_ni_ne_double_rien(offre, besoin, referent, monkeypatch):
    def tomber(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as m:
        m.setattr(actions, "deposer", tomber)
        with pytest.raises(SystemExit):
            actions.envoyer()
    assert not courriels() and not Rapprochement.objects.exists()
    assert actions.envoyer() == 2


@pytest.mark.django_db(transaction=True)
def test_deux_ouvriers_n_envoient_qu_une_fois():
    """Four workers at once, both sides of the same matches, several référents: a mail each, no deadlock."""
    chercheurs, offreurs = StructureFactory(), StructureFactory()
    for structure in (chercheurs, chercheurs, offreurs, offreurs):
        RattachementFactory(structure=structure, role="referent")
    for rang in range(3):
        AnnonceFactory(structure=offreurs, titre=f"Vidéoprojecteur {rang}")
        BesoinFactory(structure=chercheurs, titre=f"Cherche vidéoprojecteur {rang}")
    depart, faits, maintenant = threading.Barrier(4), [], timezone.now()

    def ouvrier(rang):
        try:
            depart.wait(timeout=30)
            faits.append(actions.envoyer(maintenant=maintenant + timedelta(seconds=rang)))
        finally:
            connection.close()

    fils = [threading.Thread(target=ouvrier, args=[rang]) for rang in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=60)
    assert len(faits) == 4, "a worker failed"
    recus = [c.destinataire for c in courriels()]
    assert sum(faits) == len(recus) == len(set(recus)) == 4
    assert Rapprochement.objects.count() == 9


# --- signed links ------------------------------------------------------------------------------------------------


def liens_du_courriel(mot):
    (courriel, *_) = [c for c in courriels() if mot in c.texte]
    return re.search(rf"{mot} : https?://[^/]+(/\S+)", courriel.texte)[1]


def test_le_lien_pas_pour_nous_demande_puis_agit(client, offre, besoin):
    actions.envoyer()
    url = liens_du_courriel("Pas pour nous")
    assert "Pas pour nous ?" in texte(client.get(url))
    assert len(chercher(besoin)) == 1  # a mail scanner opened it: nothing happened
    assert "C&#x27;est noté" in texte(client.post(url)) or "C'est noté" in texte(client.post(url))
    assert chercher(besoin) == []
    assert client.post(url).status_code == 200  # twice is once


def test_le_lien_d_arret(client, offre, besoin, referent, etranger):
    actions.envoyer()
    url = liens_du_courriel("Ne plus le recevoir")
    client.get(url)
    assert not PreferenceRapprochements.objects.filter(frequence="jamais").exists()
    client.post(url)
    assert PreferenceRapprochements.objects.filter(frequence="jamais").count() == 1


def test_un_lien_casse_ou_d_un_ancien_referent(client, offre, besoin, referent):
    url = actions.signer(referent, g="ecarter", a=offre.pk, x=f"a{besoin.pk}")
    assert client.get(url[:-4] + "abc/").status_code == 404
    referent.rattachements.update(role="membre")
    assert client.post(url).status_code == 410
    assert not Rapprochement.objects.exists()
