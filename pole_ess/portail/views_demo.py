from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def courrier(request):
    return render(request, "demo/courrier.html")


@require_safe
def message(request, nom):
    return render(request, "demo/message.html")
