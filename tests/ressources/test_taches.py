"""The worker knows the jobs of every module of ressources.tasks."""

import pkgutil
import subprocess
import sys

from procrastinate.contrib.django import app

from ressources import tasks


def test_every_module_of_jobs_is_imported():
    modules = {module.name for module in pkgutil.iter_modules(tasks.__path__)}
    assert modules == set(tasks.__all__)
    connus = {
        tache.func.__module__.rpartition(".")[2] for tache in app.tasks.values() if tache.name.startswith("ressources.")
    }
    assert connus == modules
    assert all(hasattr(tasks, module) for module in modules)


def test_every_module_is_imported_where_the_worker_starts():
    """In a fresh interpreter: another test may have imported what `tasks` forgot."""
    code = (
        "import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'pole_ess.settings.test'); django.setup();"
        "from procrastinate.contrib.django import app;"
        "print(sorted(n for n in app.tasks if n.startswith('ressources.')))"
    )
    lues = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    attendues = sorted(nom for nom in app.tasks if nom.startswith("ressources."))
    assert lues.stdout.strip() == str(attendues)
