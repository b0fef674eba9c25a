"""« Appel à offres »: what several structures looked for in vain becomes a block of the next issue."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from newsletter.actions import TransitionInterdite, appels
from newsletter.forms.appel import AppelForm
from newsletter.views._redaction import redacteurs_seulement


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@redacteurs_seulement
def appel(request):
    """`?titre=`, `?nombre=`: what was looked for, by how many structures. GET shows the words, POST adds them."""
    initial = appels.mots(titre=request.GET.get("titre", ""), nombre=request.GET.get("nombre", ""))
    form = AppelForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            numero = appels.lancer(par=request.user, **form.cleaned_data)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"L'appel est dans « {numero} ». Relisez-le avant l'envoi.")
            return redirect("newsletter:rediger", numero.pk)
    return render(request, "newsletter/appel.html", {"form": form})
