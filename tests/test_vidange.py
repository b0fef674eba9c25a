"""What tests/vidange.py leaves is what Django's flush leaves."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import TransactionTestCase

from pole_ess.socle.models import Courriel
from tests.annuaire.test_fusion import garnir
from tests.factories import StructureFactory
from tests.monde import HORS_COMPARAISON, empreinte_de_la_base
from tests.vidange import vider_la_file

pytestmark = pytest.mark.django_db(transaction=True)


def vider():
    TransactionTestCase._fixture_teardown(TransactionTestCase("__init__"))
    vider_la_file()


def comme_neuve():
    vider()
    with connection.cursor() as cursor:
        tables = set(connection.introspection.django_table_names()) & set(connection.introspection.table_names(cursor))
    return empreinte_de_la_base(tables - HORS_COMPARAISON)


def test_every_row_goes():
    avant = comme_neuve()
    garnir(StructureFactory())
    Courriel.objects.create(destinataire="a@example.org", sujet="A", message_id="<1@x>")
    assert len([table for table, empreinte in empreinte_de_la_base(avant).items() if empreinte != avant[table]]) > 40
    vider()
    assert empreinte_de_la_base(avant) == avant


def test_what_migrations_write_is_written_again():
    comme_neuve()
    droits = set(Group.objects.get(name="Animateurs").permissions.values_list("codename", flat=True))
    Group.objects.get(name="Animateurs").permissions.clear()
    Group.objects.create(name="De passage")
    vider()
    assert set(Group.objects.get().permissions.values_list("codename", flat=True)) == droits
