"""An urgent call answered from a phone, without an account; who asks sees it on the open page."""

import re

import pytest

from pole_ess.socle.models import Courriel
from ressources.actions import urgences_vagues
from ressources.models import Urgence
from tests.factories import RattachementFactory
from tests.factories.urgences import BenevoleFactory

pytestmark = pytest.mark.django_db(transaction=True)
TELEPHONE = (360, 740)


def test_an_urgent_call_answered_from_a_phone_without_an_account(ouvrir):
    lien = RattachementFactory(role="referent", structure__nom="La Cantine du pont")
    commune = lien.structure.commune
    benevole = BenevoleFactory(commune=commune)
    autre = BenevoleFactory(commune=commune)

    demande = ouvrir(lien.utilisateur)
    demande.goto("/offres-et-besoins/urgences/")
    demande.get_by_role("link", name="Lancer un appel urgent").click()
    demande.get_by_label("De quoi avez-vous besoin ?").fill("Remplacement en cuisine")
    demande.get_by_label("C'est plutôt").select_option("competence")
    demande.get_by_label("Savoir-faire cherché").fill("cuisine")
    demande.get_by_label("Quel jour").fill(_demain())
    demande.get_by_label("De", exact=True).fill("8 h")
    demande.get_by_label("À", exact=True).fill("16 h")
    demande.get_by_label("Commune", exact=True).fill(commune.nom)
    demande.get_by_label("Votre téléphone").fill("01 99 00 12 34")
    demande.get_by_role("button", name="Lancer l'appel").click()
    demande.get_by_text("Les messages partent dans un instant.").wait_for()
    urgence = Urgence.objects.get()
    urgences_vagues.avancer_une(urgence.pk)  # what the worker does within seconds
    demande.get_by_text("2 personnes appelées").wait_for()

    mail = Courriel.objects.get(gabarit="urgence_appel", destinataire=benevole.utilisateur.email)
    adresse = re.search(r"(/offres-et-besoins/lien/\S+\?reponse=oui)", mail.texte)[1]
    mobile = ouvrir(taille=TELEPHONE)
    mobile.goto(adresse)
    assert mobile.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    mobile.get_by_label("Votre téléphone").fill("06 39 98 45 67")
    mobile.get_by_role("button", name="Je peux, c'est confirmé").click()
    mobile.get_by_role("heading", name="Merci, vous êtes attendu").wait_for()
    assert mobile.get_by_text("01 99 00 12 34").is_visible()

    demande.get_by_text("C'est trouvé : 1 personne vient.").wait_for()
    assert demande.get_by_text("06 39 98 45 67").is_visible()
    urgence.refresh_from_db()
    assert (urgence.etat, urgence.confirmes) == ("pourvue", 1)
    assert Courriel.objects.get(gabarit="urgence_close").destinataire == autre.utilisateur.email

    tard = ouvrir(taille=TELEPHONE, javascript=False)
    mail = Courriel.objects.get(gabarit="urgence_appel", destinataire=autre.utilisateur.email)
    tard.goto(re.search(r"(/offres-et-besoins/lien/\S+\?reponse=oui)", mail.texte)[1])
    assert tard.get_by_role("heading", name="C'est trouvé, merci").is_visible()


def _demain() -> str:
    from tests.factories.urgences import demain

    return f"{demain():%Y-%m-%d}"
