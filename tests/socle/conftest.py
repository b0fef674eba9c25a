"""A mail template of the tests' own, so that these tests do not hang on a slice's wording."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _gabarits(settings):
    templates = [
        {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], Path(__file__).parent / "gabarits"]}
    ]
    settings.TEMPLATES = templates
