from django.http import Http404


def proposer(request, **kwargs):
    raise Http404


def doublons_suggestions(request, **kwargs):
    raise Http404


def proposition_confirmer(request, **kwargs):
    raise Http404
