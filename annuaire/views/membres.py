from django.http import Http404


def membres(request, **kwargs):
    raise Http404


def membre_modifier(request, **kwargs):
    raise Http404


def quitter(request, **kwargs):
    raise Http404


def revendiquer(request, **kwargs):
    raise Http404


def revendiquer_confirmer(request, **kwargs):
    raise Http404


def invitation(request, **kwargs):
    raise Http404
