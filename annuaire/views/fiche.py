from django.http import Http404


def structure_detail(request, **kwargs):
    raise Http404


def vcard(request, **kwargs):
    raise Http404


def ecrire(request, **kwargs):
    raise Http404


def signaler(request, **kwargs):
    raise Http404


def retirer(request, **kwargs):
    raise Http404
