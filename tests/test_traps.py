"""Each trap of tests/traps.py catches its mistake, and only that."""

import socket

import pytest
from django.conf import settings
from django.core.paginator import Paginator, UnorderedObjectListWarning
from django.db import transaction
from django.http import HttpResponse
from django.template import Context, Origin, Template
from django.urls import path
from django.utils import timezone

from annuaire.models import Rattachement, Structure
from tests.factories import StructureFactory
from tests.traps import check_forms


def _render(source, *, name=f"{settings.BASE_DIR}/templates/essai.html", **context):
    return Template(source, origin=Origin(name)).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        "{{ inconnue }}",
        "{{ connue.inconnue }}",
        "{{ inconnue|upper }}",
        "{% with a=inconnue %}{% endwith %}",
        "{% if connue %}{{ inconnue }}{% endif %}",
    ],
)
def test_unknown_variable_fails(source):
    with pytest.raises(AssertionError, match="unknown variable"):
        _render(source, connue="oui")


def test_optional_variable_and_foreign_template_are_silent():
    assert _render('{{ inconnue|default:"rien" }}{% if inconnue %}oui{% endif %}') == "rien"
    assert _render("[{{ inconnue }}]", name="/usr/lib/python3/site-packages/x/templates/x.html") == "[]"


def _page(html):
    response = HttpResponse(html)
    response.request = {"PATH_INFO": "/essai/"}
    return response


def test_post_form_without_token_fails():
    with pytest.raises(AssertionError, match="/essai/"):
        check_forms(_page('<form class="x" method="post"><input name="a"></form>'))
    check_forms(_page('<form method="get"><input name="a"></form>'))
    check_forms(_page('<form method="post"><input name="csrfmiddlewaretoken"></form>'))


urlpatterns = [path("sans-jeton/", lambda request: HttpResponse("<form method=post></form>"))]


@pytest.mark.urls(__name__)
def test_client_checks_its_pages(client):
    with pytest.raises(AssertionError, match="/sans-jeton/"):
        client.get("/sans-jeton/")


def test_unordered_pagination_fails(structure):
    with pytest.raises(UnorderedObjectListWarning):
        Paginator(Structure.objects.order_by(), 10).page(1)


@pytest.mark.django_db
def test_lock_on_a_join_names_its_table(membre):
    joined = Rattachement.objects.select_related("structure")
    with transaction.atomic():
        with pytest.raises(AssertionError, match="of="):
            list(joined.select_for_update())
        assert len(joined.select_for_update(of=("self",))) == 1


@pytest.mark.django_db
def test_naive_date_compared_fails(structure):
    naive = timezone.now().replace(tzinfo=None)
    for value in [naive, naive.date()]:
        with pytest.raises(RuntimeWarning, match="naive"):
            Structure.objects.filter(cree_le__gt=value).exists()


@pytest.mark.django_db
def test_update_fields_without_its_date_fails():
    structure = StructureFactory()
    with pytest.raises(AssertionError, match="modifie_le"):
        structure.save(update_fields=["nom"])
    structure.save(update_fields=["nom", "modifie_le"])


def test_network_is_closed():
    with pytest.raises(AssertionError), socket.socket() as attempt:
        attempt.connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError):
        socket.getaddrinfo("portail.example.org", 80)
