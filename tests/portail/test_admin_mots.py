"""What the staff read in the admin: French words, in the order of the alphabet, no button that does nothing."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, help_text_for_field, label_for_field
from django.test import RequestFactory
from django.urls import reverse

from annuaire.models import Utilisateur
from annuaire.texte import plier
from tests.factories.reunions import EvenementFactory

ANGLAIS = re.compile(r"\b(the|of|when|whose|with|its|are|before|after)\b", re.IGNORECASE)
JUSTES = {
    "parti le",
    "vu le",
    "vue le",
    "clos le",
    "close le",
    "suspendu le",
    "dernier rebond le",
    "remise le",
    "rendue le",
    "relue le",
}
"""Names that Django makes from those of columns, right without an accent: « vue_le ». Not « cree_le »."""


def montres():
    """(class, model, field) of what the pages and the lists of the admin show."""
    request = RequestFactory().get("/admin/")
    request.user = Utilisateur(is_superuser=True, is_staff=True)
    for modele, classe in admin.site._registry.items():
        noms = [*flatten_fieldsets(classe.get_fieldsets(request, None)), *classe.list_display]
        yield from ((classe, modele, nom) for nom in dict.fromkeys(noms) if isinstance(nom, str))


def test_chaque_nom_et_chaque_aide_est_en_francais(db):
    fautes = []
    for classe, modele, nom in montres():
        try:
            mots = str(label_for_field(nom, modele, classe))
        except AttributeError:
            continue  # a field of the form only, that names itself
        aide = str(help_text_for_field(nom, modele))
        machinal = nom.endswith("_le") and mots == nom.replace("_", " ") and mots not in JUSTES
        if machinal or ANGLAIS.search(aide):
            fautes.append(f"{modele.__name__}.{nom}: {mots!r} {aide!r}")
    assert fautes == []


@pytest.mark.django_db
def test_les_modeles_dans_l_ordre_de_l_alphabet(client, animateur):
    client.force_login(animateur)
    for application in client.get(reverse("admin:index")).context["app_list"]:
        noms = [plier(modele["name"]) for modele in application["models"]]
        assert noms == sorted(noms)


@pytest.mark.django_db
def test_pas_de_bouton_pour_enregistrer_ce_qui_ne_s_ecrit_pas(client, animateur):
    client.force_login(animateur)
    page = client.get(reverse("admin:reunions_evenement_change", args=[EvenementFactory(etat="a_valider").pk]))
    assert 'name="_save"' not in page.content.decode()
    assert 'name="_continue"' not in page.content.decode()
    ailleurs = client.get(reverse("admin:annuaire_structure_add")).content.decode()
    assert 'name="_save"' in ailleurs
