"""Traps that turn a mistake into a failure, for every test without being asked (imported by conftest.py)."""

import contextlib
import ipaddress
import re
import socket
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.signals import pre_save
from django.template import Node, engines
from django.template.base import FilterExpression
from django.test import Client
from django.test.utils import CaptureQueriesContext

__all__ = [
    "_forms_carry_their_token",
    "_locks_name_their_table",
    "_no_network",
    "_unknown_variables_fail",
    "_update_fields_keep_dates",
    "nombre_de_requetes",
]

OURS = ("pole_ess", "annuaire", "ressources", "newsletter", "reunions")


class UnknownVariable(str):
    """Django's `string_if_invalid`: raises when one of our own templates names a variable that nobody gave.

    Third-party templates (admin, allauth, crispy) stay silent, and so does `{{ x|default:"" }}`, which says
    that the variable is optional. Django asks for the truth of this string only when a variable is missing.
    """

    __slots__ = ()

    def __bool__(self):
        frame = sys._getframe(1)
        if frame.f_code is FilterExpression.resolve.__code__:
            expression = frame.f_locals["self"]
            has_default = any(function.__name__.startswith("default") for function, _ in expression.filters)
            template = _template_of(frame)
            if template and not has_default:
                raise AssertionError(f"{template}: unknown variable in {{{{ {expression.token} }}}}")
        return False


def _template_of(frame) -> str:
    """The path of our template that a frame renders, empty when it is somebody else's."""
    while frame:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            name = str(node.origin.name)
            return name if name.startswith(f"{settings.BASE_DIR}/") and "site-packages" not in name else ""
        frame = frame.f_back
    return ""


@pytest.fixture(autouse=True)
def _unknown_variables_fail(monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", UnknownVariable())


FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.IGNORECASE | re.DOTALL)


def check_forms(response) -> None:
    """Each form that posts to the portal carries the CSRF token."""
    if response.streaming or "text/html" not in response.headers.get("Content-Type", ""):
        return
    for attributes, inside in FORM.findall(response.content.decode(response.charset, "replace")):
        posts = re.search(r"\bmethod\s*=\s*[\"']?post", attributes, re.IGNORECASE)
        if posts and "csrfmiddlewaretoken" not in inside:
            raise AssertionError(f"{response.request['PATH_INFO']}: <form{attributes}> without a CSRF token")


@pytest.fixture(autouse=True)
def _forms_carry_their_token(monkeypatch):
    request = Client.request

    def checked(self, **parameters):
        response = request(self, **parameters)
        check_forms(response)
        return response

    monkeypatch.setattr(Client, "request", checked)


def check_lock(execute, sql, params, many, context):
    """A row lock on a join names its table, or it locks rows of the joined tables too (or fails on a null side)."""
    if isinstance(sql, str) and re.search(r" FOR (NO KEY )?UPDATE", sql) and " JOIN " in sql:
        assert re.search(r"UPDATE OF ", sql), f"select_for_update on a join without of=: {sql[:300]}"
    return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def _locks_name_their_table():
    with connection.execute_wrapper(check_lock):
        yield


def check_update_fields(sender, update_fields=None, **kwargs):
    """save(update_fields=…) that forgets an auto_now field leaves a false date behind."""
    if update_fields and sender.__module__.split(".")[0] in OURS:
        forgotten = {f.name for f in sender._meta.fields if getattr(f, "auto_now", False)} - set(update_fields)
        assert not forgotten, f"{sender.__name__}.save(update_fields=…) forgets {sorted(forgotten)}"


@pytest.fixture(autouse=True)
def _update_fields_keep_dates():
    pre_save.connect(check_update_fields)
    yield
    pre_save.disconnect(check_update_fields)


def _is_here(address) -> bool:
    if not isinstance(address, tuple):  # a Unix socket
        return True
    host = address[0]
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host in {"localhost", "", None}


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    """Nothing but the loopback can be reached; a test that needs a remote answer gives it itself."""
    patch = pytest.MonkeyPatch()
    getaddrinfo = socket.getaddrinfo

    def guarded(method):
        def connect(self, address):
            assert _is_here(address), f"A test tried to reach {address}"
            return method(self, address)

        return connect

    def resolve(host, *arguments, **options):
        name = host.decode() if isinstance(host, bytes) else host
        assert _is_here((name,)), f"A test tried to resolve {name}"
        return getaddrinfo(host, *arguments, **options)

    patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    patch.setattr(socket, "getaddrinfo", resolve)
    yield
    patch.undo()


@pytest.fixture
def nombre_de_requetes(db):
    """`nombre_de_requetes(lambda: client.get(url))`: how many queries it takes, for equality with 1 and with many."""

    def count(act) -> int:
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    return count
