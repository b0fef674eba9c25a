from django.http import Http404


def fraicheur(request, **kwargs):
    raise Http404


def au_nom_de(request, **kwargs):
    raise Http404


def confirmer(request, **kwargs):
    raise Http404
