"""Error pages: what happened, what was kept, what to do."""

from django.shortcuts import render


def requete_invalide(request, exception=None):
    return render(request, "erreurs/400.html", status=400)


def interdit(request, exception=None):
    return render(request, "erreurs/403.html", status=403)


def introuvable(request, exception=None):
    return render(request, "erreurs/404.html", status=404)


def erreur_serveur(request):
    return render(request, "erreurs/500.html", status=500)


def csrf(request, reason=""):
    """An expired or missing form token: the page says how to get the typed text back."""
    return render(request, "erreurs/csrf.html", status=403)
