"""Axe on the mails themselves, as a mailbox shows them: the letter, its essai, one of each family of the others.

A preview's frame runs no script, axe's included: here the mail is the page. It has no landmarks, which are those of
the mailbox around it: axe's best practices about them are left out; WCAG's rules and the enhanced contrast are not.
"""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from annuaire.actions import relais
from annuaire.notifications import reglages, resumes
from newsletter import composition, rendu
from newsletter.actions import abonnements, apercus, breves, redaction
from newsletter.models import Element
from pole_ess.socle.courriel.composition import composer
from pole_ess.socle.models import Courriel
from ressources.actions import alertes, annonces_rappels, reservations
from reunions.actions import invitations
from tests.e2e.gestes_lettre import ouvrir_le_courriel
from tests.e2e.test_axe import OPTIONS, fautes_partout
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.newsletter import BreveFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory, CalendrierFactory
from tests.factories.reunions import ParticipationFactory, ReunionFactory
from tests.images import image

pytestmark = pytest.mark.django_db(transaction=True)
DU_COURRIEL = {
    **OPTIONS,
    "runOnly": {"type": "tag", "values": [tag for tag in OPTIONS["runOnly"]["values"] if tag != "best-practice"]},
}
TEXTE = """## Le forum

Venez **nombreux** au [forum des associations](https://exemple.example.org/forum). À *samedi* !

- un stand
- deux tables

> Une belle journée.
"""
FAMILLES = {
    *("lettre_confirmer", "lettre_essai", "compte_code_connexion", "annonce_rappel", "resume", "alertes", "relais"),
    *("reservation_demandee", "breve_equipe", "reunion_invitation"),
}


def la_lettre() -> tuple[object, str]:
    """Every kind of block, the team's words with their shapes, a picture, a word under an item; and its HTML."""
    structure = StructureFactory(nom="La Lanterne")
    BesoinFactory(titre="Vingt chaises", structure=structure), AnnonceFactory(titre="Une perceuse", structure=structure)
    ReunionFactory(audience="publique", titre="La plénière"), BreveFactory(structure=structure)
    numero = NumeroFactory(sujet="Chaises et plénière")
    redaction.remplir(numero)
    Element.objects.filter(numero=numero).update(mot="C'est pour samedi.")
    bloc = redaction.ajouter_texte(numero, titre="Édito", texte=TEXTE)
    bloc.images.create(fichier=image(taille=(600, 200)), alternative="La salle", largeur=600, hauteur=200)
    composee = rendu.rendre(numero, composition.lire(numero), rang=4)
    return numero, rendu.neutraliser(composee.html)


def les_autres(numero) -> dict[str, str]:
    """Template -> HTML: made by the acts that send them.

    Of two référents who are reminded of one announcement, one wants it at once, the other in the grouped mail.
    """
    referent = RattachementFactory(role="referent").utilisateur
    structure = referent.rattachements.get().structure
    reglages.choisir(RattachementFactory(role="referent", structure=structure).utilisateur, {"relances": "immediat"})
    debut = timezone.now() + timedelta(days=7)
    annonce = AnnonceFactory(
        structure=structure, publiee_le=debut - timedelta(days=30), expire_le=debut.date() + timedelta(days=7)
    )
    demandeur = RattachementFactory(role="referent")
    abonnements.demander(courriel="lea@example.org", interets={})
    apercus.essayer(numero, a="equipe@example.org", par=referent, cle=uuid.uuid4())
    annonces_rappels.rappeler()
    alertes.creer(utilisateur=referent, criteres="", nom="Tout", frequence="quotidienne")
    AnnonceFactory()
    alertes.envoyer()
    relais.relayer(annonce.structure, nom="Léa", courriel="lea@example.org", texte="Bonjour.\nMerci.", cle=uuid.uuid4())
    reservations.demander(
        CalendrierFactory(annonce=annonce), structure=demandeur.structure, par=demandeur.utilisateur,
        debut=debut, fin=debut + timedelta(days=2), message="Pour la fête.", cle=uuid.uuid4(),
    )  # fmt: skip
    breves.soumettre(BreveFactory(etat="brouillon"), par=referent)
    participation = ParticipationFactory(reunion__objectif="Se connaître.")
    participation.reunion.points.create(titre="Tour de table", ordre=0)
    invitations.envoyer(participation, invitations.INVITER)
    resumes.envoyer(maintenant=lundi_matin())
    code = {"compte_code_connexion": composer("compte_code_connexion", {"code": "K7M2XP"}).html}
    return code | dict(Courriel.objects.values_list("gabarit", "html"))


def lundi_matin():
    """The next one, when the grouped mails of every rhythm leave."""
    ici = timezone.localtime().replace(hour=7)
    return ici + timedelta(days=7 - ici.weekday())


def test_axe_sur_les_courriels(ouvrir):
    page = ouvrir()
    numero, lettre = la_lettre()
    autres = les_autres(numero)
    assert set(autres) >= FAMILLES
    fautes = []
    for gabarit, html in {"lettre_numero": lettre, **autres}.items():
        ouvrir_le_courriel(page, html)
        assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)"), gabarit
        fautes += fautes_partout(page, gabarit, options=DU_COURRIEL)
    assert not fautes, "\n".join(fautes)
