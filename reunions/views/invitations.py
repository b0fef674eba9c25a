"""The staff's page of invitations: the list, who answered what, and the mails that leave from it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire import exports, recherche
from annuaire.models import Activite, Structure
from reunions import invitations_figures as figures
from reunions.actions import TransitionInterdite, invitations_liste, reponses
from reunions.actions import invitations as actions
from reunions.forms.invitations import ListeForm, ReponseNoteeForm
from reunions.models import Reunion
from reunions.permissions import animateurs_seulement

from ._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])
PAR_PAGE = 100
ACTES = {
    actions.INVITER: ("Envoyer les invitations", "Chaque personne reçoit l'invitation, avec son lien pour répondre "
                      "sans compte et l'entrée à ajouter à son agenda."),
    actions.RELANCER: ("Relancer les sans-réponse", "Seules les personnes invitées qui n'ont pas répondu sont "
                       "relancées : une fois par jour au plus, trois fois en tout."),
    actions.METTRE_A_JOUR: ("Envoyer la mise à jour", "Seules les personnes qui ont une version plus ancienne de la "
                            "rencontre la reçoivent : leur agenda se corrige tout seul."),
}  # fmt: skip


def _reunion(pk):
    return get_object_or_404(Reunion.objects.select_related("commune"), pk=pk)


def _etapes(reunion, *suite):
    return [*fil(reunion, prepare=True), *suite]


def _suite(reunion):
    return ("Invitations", reverse("reunions:invitations", args=[reunion.pk]))


@never_cache
@require_safe
@animateurs_seulement
def invitations(request, pk):
    reunion = _reunion(pk)
    filtre = figures.Filtre.lire(request.GET)
    page = Paginator(filtre.appliquer(reunion.participations.pour_listes().par_nom()), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    contexte = {
        "reunion": reunion,
        "filtre": filtre,
        "page": page,
        "comptes": figures.compter(reunion),
        "actes": [(acte, titre, actions.concernes(reunion, acte).count()) for acte, (titre, _) in ACTES.items()],
        "libres": reponses.places_libres(reunion),
        "etapes": _etapes(reunion),
    }
    return render(request, "reunions/invitations.html", contexte)


@never_cache
@methodes
@animateurs_seulement
def structures(request, pk):
    """The people of the structures of a search of the directory: activities, commune and radius, words.

    The search is in the address, for the POST too: what was counted is what is added.
    """
    reunion = _reunion(pk)
    trouvees = recherche.chercher(request.GET)
    choisies = Structure.objects.publiees().filter(pk__in=trouvees.queryset.values("pk"))
    if trouvees.abandon:
        choisies = choisies.none()
    refus = ""
    if request.method == "POST":
        try:
            bilan = invitations_liste.ajouter_structures(reunion, structures=choisies)
        except TransitionInterdite as impossible:
            refus = str(impossible)
        else:
            messages.success(request, figures.phrase_du_bilan(bilan))
            return redirect("reunions:invitations", reunion.pk)
    contexte = {
        "reunion": reunion,
        "refus": refus,
        "criteres": trouvees.criteres,
        "nombre": choisies.count(),
        "apercu": invitations_liste.apercu(reunion, choisies),
        "activites": Activite.objects.order_by("ordre", "nom", "pk"),
        "etapes": _etapes(reunion, _suite(reunion)),
    }
    return render(request, "reunions/invitations_structures.html", contexte)


@never_cache
@methodes
@animateurs_seulement
def liste(request, pk):
    """A pasted list, and what became of each line."""
    reunion = _reunion(pk)
    form, lignes = ListeForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        try:
            lignes = invitations_liste.ajouter_liste(reunion, texte=form.cleaned_data["texte"])
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
    contexte = {
        "reunion": reunion,
        "form": form,
        "lignes": lignes,
        "ajoutees": sum(ligne.cas == "ajoutee" for ligne in lignes or []),
        "maximum": invitations_liste.LIGNES_MAX,
        "etapes": _etapes(reunion, _suite(reunion)),
    }
    return render(request, "reunions/invitations_liste.html", contexte)


@methodes
@animateurs_seulement
def retirer(request, pk, participation):
    """Somebody put on the list by mistake, not written to yet. A GET leads to the list."""
    if request.method != "POST":
        return redirect("reunions:invitations", pk)
    invitee = get_object_or_404(_reunion(pk).participations, pk=participation)
    try:
        invitations_liste.retirer(invitee)
        messages.success(request, f"{invitee} n'est plus sur la liste.")
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
    return redirect("reunions:invitations", pk)


@never_cache
@methodes
@animateurs_seulement
def repondre_pour(request, pk, participation):
    """Note what somebody said by phone or face to face: the same rules as their own link, waiting list included."""
    reunion = _reunion(pk)
    invitee = get_object_or_404(reunion.participations.pour_listes(), pk=participation)
    form = ReponseNoteeForm(request.POST if request.method == "POST" else None, participation=invitee)
    if request.method == "POST" and form.is_valid():
        try:
            fait = reponses.repondre(invitee, par=request.user, **form.cleaned_data)
        except reponses.ReponseChangee as changee:
            invitee.refresh_from_db(fields=["reponse"])
            form.revoir(invitee.reponse)
            form.add_error(None, str(changee))
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            mots = f"{fait} : {fait.get_reponse_display()}, noté {fait.get_reponse_moyen_display()}."
            messages.success(request, mots[:1].upper() + mots[1:])
            return redirect(f"{reverse('reunions:invitations', args=[reunion.pk])}?{urlencode({'q': str(fait)})}")
    contexte = {
        "reunion": reunion,
        "p": invitee,
        "form": form,
        "libres": reponses.places_libres(reunion),
        "fermee": "" if reunion.est_ouverte else reponses.FERMEE,
        "etapes": _etapes(reunion, _suite(reunion)),
    }
    return render(request, "reunions/invitation_repondre.html", contexte)


@never_cache
@methodes
@animateurs_seulement
def acte(request, pk, acte):
    """GET says how many mails will leave, POST sends them."""
    if acte not in ACTES:
        raise Http404
    reunion = _reunion(pk)
    if request.method == "POST":
        try:
            nombre = actions.lancer(reunion, acte=acte)
        except TransitionInterdite as refus:
            messages.error(request, str(refus))
        else:
            mots = "message part" if nombre == 1 else "messages partent"
            messages.success(request, f"{nombre} {mots} dans les minutes qui viennent.")
        return redirect("reunions:invitations", reunion.pk)
    titre, explication = ACTES[acte]
    contexte = {
        "reunion": reunion,
        "titre": titre,
        "explication": explication,
        "concernes": actions.concernes(reunion, acte).par_nom()[:200],
        "nombre": actions.concernes(reunion, acte).count(),
        "etapes": _etapes(reunion, _suite(reunion)),
    }
    return render(request, "reunions/invitations_acte.html", contexte)


@require_safe
@animateurs_seulement
def en_csv(request, pk):
    """The list as a spreadsheet, formulas neutralised."""
    reunion = _reunion(pk)
    choisies = figures.Filtre.lire(request.GET).appliquer(reunion.participations.pour_listes().par_nom())
    morceaux = exports.lignes_csv(figures.COLONNES, figures.lignes(choisies)) if request.method == "GET" else ()
    reponse = StreamingHttpResponse(morceaux, content_type="text/csv; charset=utf-8")
    nom = slugify(reunion.titre)[:60] or "rencontre"
    reponse["Content-Disposition"] = f'attachment; filename="invitations-{nom}.csv"'
    reponse["Cache-Control"] = "private, no-store"
    reponse["X-Robots-Tag"] = "noindex"
    return reponse
