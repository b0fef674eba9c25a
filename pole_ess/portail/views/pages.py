from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request, nom):
    """A legal page; `nom` comes from the URL table, never from the visitor."""
    return render(request, f"portail/{nom}.html")
