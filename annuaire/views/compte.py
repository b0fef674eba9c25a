from django.http import Http404


def mon_compte(request, **kwargs):
    raise Http404


def profil(request, **kwargs):
    raise Http404


def donnees(request, **kwargs):
    raise Http404


def supprimer(request, **kwargs):
    raise Http404
