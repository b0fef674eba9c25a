from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def accueil(request):
    return render(request, "portail/accueil.html")


@require_safe
def page(request, nom):
    """A legal page; `nom` comes from the URL table, never from the visitor."""
    return render(request, f"portail/{nom}.html")


@require_safe
def sante(request):
    """Liveness for a proxy: the process answers and its database too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
