from django.http import Http404


def export(request, **kwargs):
    raise Http404


def donnees_ouvertes(request, **kwargs):
    raise Http404
