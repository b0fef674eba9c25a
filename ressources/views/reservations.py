from django.http import Http404


def reservation(request, pk):
    raise Http404
