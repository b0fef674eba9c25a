"""Answering an announcement, the list of conversations, one conversation and its acts."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite, cloture, relations
from ressources.actions.relations_courriels import autre_cote, structure_du_cote
from ressources.forms.bilan import FormulaireBilan
from ressources.forms.relation import (
    AccordForm,
    ConclusionForm,
    CoordonneesForm,
    FinForm,
    MessageForm,
    RefusForm,
    ReponseForm,
    SignalementForm,
)
from ressources.models import Annonce, MiseEnRelation
from ressources.panneaux.repondre import est_une_question
from ressources.permissions import est_de_la_maison, structures_pour_repondre
from ressources.querysets_relations import par_etat, pour_liste

methodes = require_http_methods(["GET", "HEAD", "POST"])
JOUR = 86400
PAR_PAGE = 25
FILTRES = {
    "": ("Toutes", MiseEnRelation.Etat.values),
    "en-cours": ("En cours", ["proposee", "vue", "interessee"]),
    "conclues": ("Conclues", ["conclue"]),
    "closes": ("Sans suite ou déclinées", ["declinee", "sans_suite"]),
}
FIL = [("Offres et besoins", "/offres-et-besoins/")]


@never_cache
@methodes
@login_required
def repondre(request, pk):
    """The same form as the announcement's panel, on a page of its own: errors, several structures, no structure."""
    annonces = Annonce.objects.visibles_par(request.user).select_related("structure", "commune", "calendrier")
    annonce = get_object_or_404(annonces, pk=pk)
    structures = structures_pour_repondre(request.user, annonce)
    maison = est_de_la_maison(request.user, annonce)
    if request.method == "POST" and not structures.exists():
        raise PermissionDenied
    envoi = request.POST if request.method == "POST" else None
    form = ReponseForm(envoi, structures=structures, origine=request.GET.get("origine", ""))
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"repondre:{request.user.pk}", maximum=30, secondes=JOUR)
            relation = relations.repondre(annonce, par=request.user, **form.valeurs())
        except LimiteDepassee as depassee:
            limite = depassee
        except relations.DejaRepondu as deja:
            messages.info(request, f"{deja} Écrivez-y votre message.")
            return redirect("ressources:conversation", deja.relation.pk)
        except TransitionInterdite as refus:
            if isinstance(refus, relations.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            messages.success(request, "C'est envoyé.")  # the conversation says to whom, and what comes next
            return redirect("ressources:conversation", relation.pk)
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "annonce": annonce,
        "form": form,
        "structures": structures,
        "maison": maison,
        "ferme": relations.contact_ferme(annonce),
        "question": est_une_question(annonce),
        "par_courriel": bool(settings.COURRIER_ENTRANT_DOMAINE),
        "etapes": [*FIL, (str(annonce), annonce.get_absolute_url())],
    }
    return rendre(request, "ressources/repondre.html", contexte, limite=limite)


@never_cache
@require_safe
@login_required
def conversations(request):
    """Those of my structures: who has to answer first."""
    miennes = MiseEnRelation.objects.de(request.user)
    choisi = request.GET.get("etat", "")
    choisi = choisi if choisi in FILTRES else ""
    comptes = par_etat(miennes)
    page = Paginator(range(sum(comptes.get(e, 0) for e in FILTRES[choisi][1])), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    choisies = pour_liste(miennes.filter(etat__in=FILTRES[choisi][1]), request.user)
    debut = page.start_index() - 1 if len(page) else 0
    contexte = {
        "relations": choisies[debut : debut + PAR_PAGE],
        "page": page,
        "choisi": choisi,
        "filtres": [(cle, nom, sum(comptes.get(e, 0) for e in etats)) for cle, (nom, etats) in FILTRES.items()],
        "etapes": FIL,
    }
    return render(request, "ressources/conversations.html", contexte)


def _conversation_ou_404(request, pk):
    """(conversation, side, sides): a person of both structures chooses by ?cote=."""
    siennes = MiseEnRelation.objects.de(request.user).select_related(
        "annonce__structure", "annonce__commune", "annonce__auteur", "annonceur", "structure", "par"
    )
    relation = get_object_or_404(siennes, pk=pk)
    cotes = relations.cotes_de(relation, request.user)
    voulu = request.GET.get("cote", "")
    return relation, voulu if voulu in cotes else cotes[0], cotes


def _adresse(relation, cote, cotes, acte=""):
    """Of the conversation or of an act, on the same side."""
    if acte:
        chemin = reverse("ressources:conversation_acte", args=[relation.pk, acte])
    else:
        chemin = reverse("ressources:conversation", args=[relation.pk])
    return f"{chemin}?cote={cote}" if len(cotes) > 1 else chemin


def _contexte(relation, cote, cotes):
    actes = relations.actes_possibles(relation, cote)
    sien = {"annonceur": relation.coordonnees_annonceur, "structure": relation.coordonnees_structure}
    return {
        "relation": relation,
        "annonce": relation.annonce,
        "cote": cote,
        "cotes": [(c, structure_du_cote(relation, c).nom, _adresse(relation, c, cotes)) for c in cotes],
        "la_mienne": structure_du_cote(relation, cote),
        "autre": structure_du_cote(relation, autre_cote(cote)),
        "actes": actes,
        "liens": {acte.replace("-", "_"): _adresse(relation, cote, cotes, acte) for acte in [*TRAITEMENTS, *BOUTONS]},
        "ici": _adresse(relation, cote, cotes),
        "par_courriel": bool(settings.COURRIER_ENTRANT_DOMAINE),
        "montrees": sien[cote],
        "autre_montre": sien[autre_cote(cote)],
        "etapes": [*FIL, ("Mes conversations", reverse("ressources:conversations"))],
    }


@never_cache
@methodes
@login_required
def conversation(request, pk):
    """The thread and the form to write; a GET changes nothing, « vue » is a POST of its own."""
    relation, cote, cotes = _conversation_ou_404(request, pk)
    form = MessageForm(request.POST if request.method == "POST" else None)
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"message:{request.user.pk}", maximum=100, secondes=JOUR)
            relations.ecrire(relation, par=request.user, cote=cote, **form.cleaned_data)
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            if isinstance(refus, relations.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
            relation.refresh_from_db(fields=["etat", "motif", "close_le"])
        else:
            messages.success(request, "Votre message est parti.")
            return redirect(_adresse(relation, cote, cotes))
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = _contexte(relation, cote, cotes) | {
        "form": form,
        "accord": AccordForm(auto_id="accord_%s"),
        "fil_messages": relation.messages.select_related("auteur").order_by("cree_le", "pk"),
        "bilans": relation.bilans.select_related("structure").order_by("pk"),
        "coordonnees": relations.coordonnees(relation, autre_cote(cote)),
    }
    return rendre(request, "ressources/conversation.html", contexte, limite=limite)


def _vue(request, relation, cote):
    relations.voir(relation, par=request.user)


def _accepter(request, relation, cote):
    form = AccordForm(request.POST)
    if not form.is_valid():
        raise TransitionInterdite("Ce formulaire était incomplet : recommencez.")
    relations.accepter(relation, par=request.user, cle=form.cleaned_data["cle"])
    messages.success(request, f"C'est dit : {relation.structure.nom} reçoit un e-mail. Convenez de la suite ici.")


def _coordonnees(request, relation, cote):
    form = CoordonneesForm(request.POST)
    oui = form.is_valid() and form.cleaned_data["oui"]
    relations.montrer_coordonnees(relation, par=request.user, cote=cote, oui=oui)
    messages.success(
        request,
        "Vous acceptez de montrer vos coordonnées : elles paraissent quand l'autre structure accepte aussi."
        if oui
        else "Vos coordonnées ne sont plus montrées.",
    )


def _decliner(form, relation, par, cote):
    relations.decliner(relation, par=par, motif=form.motif())
    return f"Votre réponse est envoyée à {relation.structure.nom}, avec la raison."


def _sans_suite(form, relation, par, cote):
    relations.sans_suite(relation, par=par, cote=cote, motif=form.motif())
    return "La conversation est close ; l'autre structure est prévenue."


def _conclure(form, relation, par, cote):
    pourvue = form.cleaned_data.get("pourvue", False)
    cloture.conclure(relation, par=par, cote=cote, pourvue=pourvue, **form.chiffres())
    return "C'est noté, merci. L'autre structure est invitée à dire ce que cela a valu pour elle."


def _bilan(form, relation, par, cote):
    relations.donner_bilan(relation, par=par, cote=cote, **form.chiffres())
    return "Votre bilan est enregistré, merci."


def _signaler(form, relation, par, cote):
    compter(f"signaler-conversation:{par.pk}", maximum=5, secondes=JOUR)
    relations.signaler(relation, par=par, cote=cote, **form.cleaned_data)
    return "L'équipe du pôle est prévenue et vous répondra par e-mail."


BOUTONS = {"vue": _vue, "accepter": _accepter, "coordonnees": _coordonnees}
"""Acts of one button: POST only."""
TRAITEMENTS = {
    "decliner": (RefusForm, _decliner, "Décliner poliment", "Envoyer ma réponse"),
    "sans_suite": (FinForm, _sans_suite, "Mettre fin à la conversation", "Mettre fin"),
    "conclure": (ConclusionForm, _conclure, "C'est fait : dire ce que l'échange a valu", "Enregistrer"),
    "bilan": (FormulaireBilan, _bilan, "Ce que l'échange a valu pour vous", "Enregistrer"),
    "signaler": (SignalementForm, _signaler, "Signaler cette conversation", "Prévenir l'équipe"),
}
"""Acts with a page of their own: form, act, title, button."""


@never_cache
@methodes
@login_required
def acte(request, pk, acte):
    """One act on a conversation; those of one button answer to POST only."""
    if acte not in BOUTONS and acte not in TRAITEMENTS:
        raise Http404
    relation, cote, cotes = _conversation_ou_404(request, pk)
    if acte in relations.ACTES and cote not in relations.ACTES[acte][1]:
        raise PermissionDenied
    if acte in BOUTONS:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            BOUTONS[acte](request, relation, cote)
        except TransitionInterdite as refus:
            messages.error(request, str(refus))
        if request.headers.get("HX-Request"):
            return HttpResponse("")
        return redirect(_adresse(relation, cote, cotes))
    return _acte_en_page(request, acte, relation, cote, cotes)


def _acte_en_page(request, acte, relation, cote, cotes):
    classe, agir, titre, bouton = TRAITEMENTS[acte]
    plus = {}
    if classe is ConclusionForm:
        plus["propose_pourvue"] = cote == "annonceur" and relation.annonce.etat == Annonce.Etat.PUBLIEE
    if acte == "bilan":
        mien = relation.bilans.filter(structure=structure_du_cote(relation, cote)).first()
        plus["initial"] = {nom: getattr(mien, nom) for nom in ("heures", "euros", "kilos")} if mien else {}
    form = classe(request.POST if request.method == "POST" else None, **plus)
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, agir(form, relation, request.user, cote))
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            return redirect(_adresse(relation, cote, cotes))
    contexte = _contexte(relation, cote, cotes) | {
        "form": form,
        "titre": titre,
        "bouton": bouton,
        "acte": acte,
        "possible": acte == "signaler" or acte in relations.actes_possibles(relation, cote),
    }
    return rendre(request, "ressources/conversation_acte.html", contexte, limite=limite)
