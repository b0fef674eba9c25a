"""Axe on the mails themselves, as a mailbox shows them: the letter, its essai, one of each family of the others.

A preview's frame runs no script, axe's included: here the HTML is the page. Mailboxes have landmarks of their own:
axe's best practices about those of a page are left out, WCAG's rules and the enhanced contrast are not.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from annuaire.models import Utilisateur
from newsletter import composition, rendu
from newsletter.actions import apercus, redaction
from newsletter.actions.abonnements import demander
from newsletter.models import Element
from pole_ess.socle.courriel.composition import composer
from pole_ess.socle.models import Courriel
from ressources.actions import alertes, annonces_rappels, relations, reservations
from tests.e2e.gestes_lettre import ouvrir_le_courriel
from tests.e2e.test_axe import LARGEURS, OPTIONS, fautes_de
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.newsletter import BreveFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory
from tests.factories.reunions import ReunionFactory
from tests.images import image
