"""The breadcrumb of the letter's pages."""

from django.urls import reverse


def fil(*suite) -> list[tuple[str, str]]:
    return [("Lettre", reverse("newsletter:archives")), *suite]
