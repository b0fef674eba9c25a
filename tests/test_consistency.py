"""What the whole tree promises: words, sizes, imports, templates, paths, migrations, locks."""

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import django
import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from tests.bases import RESERVE, supprimer
from tests.traps import OURS

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
PYTHON_LINES = 500
TEMPLATE_LINES = 120
PARTIAL_LINES = 60


@cache
def tracked(suffix: str = "") -> tuple[Path, ...]:
    """The files that git holds or would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return tuple(ROOT / name for name in listed if name and name.endswith(suffix) and (ROOT / name).is_file())


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def relative(paths) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in paths)


def our_models():
    return [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in OURS and not model.__name__.startswith("Historical")
    ]


# -- words


def glossary() -> list[tuple[str, str]]:
    """(noun, model) of each row of the glossary's tables; the model is empty for a notion without one."""
    rows = []
    for line in (ROOT / "docs" / "glossary.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and cells[0] != "Noun" and not set(cells[0]) <= set("-: "):
            rows.append((cells[0], cells[2].strip("`")))
    return rows


def test_glossary_lists_each_notion_once():
    nouns = [noun.lower() for noun, _ in glossary()]
    assert sorted(nouns) == sorted(set(nouns))


def test_glossary_knows_each_model_once():
    listed = sorted(model for _, model in glossary() if model)
    assert listed == sorted(f"{model._meta.app_label}.{model.__name__}" for model in our_models())


# -- sizes


def test_python_files_stay_small():
    big = [path for path in tracked(".py") if "/migrations/" not in str(path) and lines(path) >= PYTHON_LINES]
    assert relative(big) == []


def test_templates_stay_small():
    big = [
        path
        for path in tracked(".html")
        if TEMPLATES in path.parents and lines(path) > (PARTIAL_LINES if path.name.startswith("_") else TEMPLATE_LINES)
    ]
    assert relative(big) == []


# -- imports


def test_imports_go_one_way():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# -- templates


def _overrides_a_package(name: str) -> bool:
    """Whether an installed package has a template of this name, which ours replaces."""
    for config in apps.get_app_configs():
        if config.name.split(".")[0] not in OURS and (Path(config.path) / "templates" / name).is_file():
            return True
    return (Path(django.__file__).parent / "forms" / "templates" / name).is_file()


def test_every_template_is_used():
    sources = {path: path.read_text() for path in tracked() if path.suffix in {".py", ".html", ".txt", ".mjml", ".typ"}}
    everything = "\n".join(text for path, text in sources.items() if path.suffix != ".txt" or TEMPLATES in path.parents)
    composed = tuple(re.findall(r"f[\"'](?:[a-z0-9_]+/)*([a-z0-9]+_)\{", everything))  # f"signalement_{genre}"
    unused = []
    for path in tracked():
        if TEMPLATES not in path.parents or _overrides_a_package(str(path.relative_to(TEMPLATES))):
            continue
        name = str(path.relative_to(TEMPLATES))
        stem = re.sub(r"(\.sujet\.txt|\.txt|\.mjml|\.html|\.xml|\.json|\.typ)$", "", path.name)
        if stem.startswith(composed):
            continue
        if name not in everything and not re.search(rf"[\"'/]{re.escape(stem)}[\"'.]", everything):
            unused.append(path)
    assert relative(unused) == []


def test_every_template_compiles():
    for path in tracked():
        if TEMPLATES in path.parents:
            try:
                get_template(str(path.relative_to(TEMPLATES)))
            except TemplateDoesNotExist as error:  # what it extends or includes
                raise AssertionError(f"{path.relative_to(ROOT)}: {error}") from error


TEMPLATE_TAGS = re.compile(r"{%\s*comment.*?endcomment\s*%}|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
INLINE = {
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]+\s(on[a-z]+|hx-on[\w:-]*)\s*=", re.IGNORECASE),
    "script without a source": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/(ld\+)?json)[^>]*>", re.IGNORECASE
    ),
    "javascript: link": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
}


def test_templates_need_no_exception_from_the_content_policy():
    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in tracked(".html")
        if TEMPLATES in path.parents
        for what, pattern in INLINE.items()
        if pattern.search(TEMPLATE_TAGS.sub("", path.read_text()))
    ]
    assert found == []


def test_no_page_hides_its_origin_from_ourselves():
    """Under « no-referrer » browsers post « Origin: null », which the CSRF check refuses: no form would work."""
    found = [path for path in tracked(".html") if TEMPLATES in path.parents and "no-referrer" in path.read_text()]
    assert relative(found) == []


# -- places

# Written in two parts, so that this file does not hold what it forbids.
FORBIDDEN = ["../" + "shared", "/" + "work/", "/" + "root/", "pypi" + ".org", "pythonhosted" + ".org"]


def test_no_file_names_a_machine_or_a_registry():
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "ignore")
        found += [f"{path.relative_to(ROOT)}: {word}" for word in FORBIDDEN if word in text]
    assert found == []


def test_links_between_documents_lead_somewhere():
    broken = []
    for path in tracked(".md"):
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text()):
            if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []


# -- locks


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_hashed_and_name_no_place(name):
    text = (ROOT / name).read_text()
    pins = re.split(r"\n(?=[a-zA-Z0-9])", text.strip())
    assert len(pins) > 20
    assert [pin.split("\n")[0] for pin in pins if "--hash=sha256:" not in pin and not pin.startswith("#")] == []
    assert "://" not in text


# -- migrations


UNDO = """
import sys, django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
MigrationExecutor(connection).migrate([(label, None) for label in sys.argv[1:]])
"""
REDO = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("migrate", check_unapplied=True, verbosity=0)
"""


@pytest.mark.lent
def test_migrations_go_back_and_forth(django_db_setup, django_db_blocker):
    """Every migration of ours, done in a clone of the migrated database, is undone, leaves no table, is done again."""
    name = f"aller_retour_{os.getpid()}"
    with django_db_blocker.unblock():
        server = connection.get_connection_params()
        RESERVE.cloner_le_gabarit(name)
    where = {"host": server.get("host", ""), "port": server.get("port", "5432")}
    who = {"user": server.get("user", ""), "password": server.get("password", "")}
    credentials = who["user"] + (f":{who['password']}" if who["password"] else "")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "pole_ess.settings.dev",
        "DATABASE_URL": f"postgres://{credentials}@/{name}?{urlencode(where)}",
    }

    def run(program, *arguments):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program, *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=900,  # a bound against a hang, not a measure
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    facts = {key: value for key, value in {**where, **who}.items() if value}
    try:
        labels = [config.label for config in apps.get_app_configs() if config.name.split(".")[0] in OURS]
        with_files = [
            label
            for label in labels
            for folder in [ROOT / label / "migrations", ROOT / "pole_ess" / label / "migrations"]
            if list(folder.glob("0*.py"))
        ]
        assert {"annuaire", "socle"} <= set(with_files)
        ours = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ %s", [f"^({'|'.join(with_files)})_"]
        with psycopg.connect(**facts, dbname=name) as before:
            assert len(before.execute(*ours).fetchall()) > 100
        run(UNDO, *with_files)
        with psycopg.connect(**facts, dbname=name) as emptied:
            assert emptied.execute(*ours).fetchall() == []
        run(REDO)
    finally:
        with django_db_blocker.unblock():
            supprimer(name)
