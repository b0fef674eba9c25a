from django.http import Http404


def structure_liste(request, **kwargs):
    raise Http404


def carte_points(request, **kwargs):
    raise Http404


def communes_suggestions(request, **kwargs):
    raise Http404
