"""`--survol`, for `make test-fast`: the whole seen in less than a minute, between two edits.

Every test that needs no database, and of each module one that does: the order is random, so another one each time.
"""

import pytest

__all__ = ["pytest_addoption", "pytest_collection_modifyitems"]


def pytest_addoption(parser):
    parser.addoption("--survol", action="store_true", help="all without a database, one by module with one")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if not config.getoption("--survol"):
        return
    gardes, laisses, vus = [], [], set()
    for item in items:
        base = _base(item)
        garde = base is None or (not base and item.path not in vus)
        if base is not None and garde:
            vus.add(item.path)
        (gardes if garde else laisses).append(item)
    items[:] = gardes
    config.hook.pytest_deselected(items=laisses)


def _base(item) -> bool | None:
    """None: no database; False: in a transaction undone at the end; True: emptying its tables, which is slow."""
    marque = item.get_closest_marker("django_db")
    if marque is None and not {"db", "transactional_db", "live_server"} & set(item.fixturenames):
        return None
    vide = bool(marque and marque.kwargs.get("transaction"))
    return vide or bool({"transactional_db", "live_server"} & set(item.fixturenames))
