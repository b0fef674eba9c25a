from django.http import Http404


def structure_modifier(request, **kwargs):
    raise Http404


def photos(request, **kwargs):
    raise Http404


def photo_modifier(request, **kwargs):
    raise Http404


def contacts(request, **kwargs):
    raise Http404


def contact_modifier(request, **kwargs):
    raise Http404
