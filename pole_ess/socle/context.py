"""What every template may use."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from .models import ReglagesPole


def pole(request):
    """`pole`: the hub's settings; `demo`: whether this is the demonstration; `portail_url`: absolute root."""
    return {
        "pole": SimpleLazyObject(ReglagesPole.actuels),
        "demo": settings.DEMO,
        "portail_url": settings.PORTAIL_URL,
    }
