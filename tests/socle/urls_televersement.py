"""A form with a text and a file, for test_televersement."""

from django import forms
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path


class DepotForm(forms.Form):
    titre = forms.CharField()
    photo = forms.FileField(required=False)
    autre = forms.FileField(required=False)


def deposer(request):
    if request.method == "GET":
        return HttpResponse(get_token(request))
    form = DepotForm(request.POST, request.FILES)
    form.is_valid()
    return JsonResponse(
        {
            "titre": form.cleaned_data["titre"],
            "fichiers": {nom: fichier.size for nom, fichier in request.FILES.items()},
            "trop_lourds": sorted(request.fichiers_trop_lourds),
        }
    )


urlpatterns = [path("deposer/", deposer)]
