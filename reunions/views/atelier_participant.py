"""Joining a workshop and writing one's notes, without an account nor JavaScript."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, adresse_reseau, compter, verifier
from reunions.actions import TransitionInterdite, postits
from reunions.actions import atelier as actes
from reunions.forms.atelier import GesteForm, PostItForm, RejoindreForm, nom_complet, structures_proposees
from reunions.models import Couleur, Participant
from reunions.presentation_atelier import lien_direct, lien_participant
from reunions.views._acces import participant_du_lien
from reunions.views._fil import fil
from reunions.views.atelier_direct import contexte_direct

methodes = require_http_methods(["GET", "HEAD", "POST"])
CODES_FAUX = {"maximum": 60, "secondes": 600}
"""Wrong codes of one network: a whole room may share one address, and mistype."""
ENTREES = {"maximum": 400, "secondes": 600}


@never_cache
@methodes
def rejoindre(request, code=""):
    """The code, a first name or nothing, a structure or none. A GET never says whether a code exists."""
    form = RejoindreForm(request.POST if request.method == "POST" else None, initial={"code": code[:20]})
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(lien_participant(_entrer(request, form.cleaned_data)))
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            form.renouveler_cle()
            form.add_error("code" if isinstance(refus, actes.CodeInconnu) else None, str(refus))
    elif "cle" in form.errors:
        form.renouveler_cle()
    return rendre(request, "reunions/rejoindre.html", {"form": form, "etapes": fil()}, limite=limite)


def _entrer(request, donnees) -> Participant:
    """Wrong codes count, right ones do not; past the limit even a right one is refused, or it could be guessed."""
    reseau = adresse_reseau(request)
    verifier(f"atelier-code:{reseau}", **CODES_FAUX)
    compter(f"atelier-entree:{reseau}", **ENTREES)
    utilisateur = request.user if request.user.is_authenticated else None
    try:
        return actes.rejoindre(**donnees, utilisateur=utilisateur)
    except actes.CodeInconnu:
        compter(f"atelier-code:{reseau}", **CODES_FAUX)
        raise


@require_safe
def structures(request):
    """Options of the datalist of the structure: published names, which anyone may read."""
    noms = [nom_complet(structure) for structure in structures_proposees(request.GET.get("structure", ""))]
    reponse = render(request, "reunions/_structures_options.html", {"noms": noms})
    patch_cache_control(reponse, public=True, max_age=60)
    return reponse


@never_cache
@methodes
def ecrire(request, jeton):
    """One's own notes: write, change, withdraw while writing lasts; then the boards of all."""
    try:
        participant = participant_du_lien(jeton)
    except liens.LienInvalide as erreur:
        return lien_casse(request, expire=isinstance(erreur, liens.LienExpire))
    if request.method == "POST":
        return _agir(request, participant, jeton)
    return _page(request, participant, jeton)


def lien_casse(request, *, expire):
    contexte = {"expire": expire, "etapes": fil()}
    return render(request, "reunions/atelier_lien.html", contexte, status=410 if expire else 404)


def _agir(request, participant, jeton):
    geste = GesteForm(request.POST)
    if not geste.is_valid():
        return _page(request, participant, jeton, refus="Ce bouton n'a pas été compris : recommencez.")
    voulu, numero = geste.cleaned_data["geste"], geste.cleaned_data["postit"]
    try:
        if voulu == "retirer":
            postits.retirer(participant, postit_id=numero)
            messages.success(request, "Ce post-it est retiré.")
            return _retour(jeton)
        return _ecrire_ou_modifier(request, participant, jeton, numero if voulu == "modifier" else None)
    except TransitionInterdite as refus:
        return _page(request, participant, jeton, refus=str(refus))


def _ecrire_ou_modifier(request, participant, jeton, numero):
    postit = participant.postits.filter(pk=numero).first() if numero else None
    if numero and postit is None:
        return _page(request, participant, jeton, refus="Ce post-it n'est plus là : il a été retiré.")
    couleur = None if postit else _couleur(GesteForm(request.POST))
    form = PostItForm(request.POST, axes=participant.atelier.axes.all(), postit=postit, couleur=couleur)
    if form.is_valid():
        try:
            messages.success(request, _enregistrer(participant, postit, dict(form.cleaned_data)))
            return _retour(jeton)
        except TransitionInterdite as refus:
            if isinstance(refus, actes.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
    elif "cle" in form.errors:
        form.renouveler_cle()
    return _page(request, participant, jeton, envoye=form)


def _couleur(form) -> str:
    brute = form.data.get("couleur")
    return brute if brute in Couleur.values else Couleur.ROSE.value


def _enregistrer(participant, postit, donnees) -> str:
    """Write or change; what to say of it."""
    if postit:
        donnees.pop("cle")
        postits.modifier(participant, postit=postit, **donnees)
        return "Votre post-it est changé."
    postits.ecrire(participant, **donnees)
    if participant.atelier.phase != actes.Phase.ECRITURE:
        return "Votre post-it est arrivé juste après la fin de l'écriture : il est compté."
    return "Votre post-it est collé. Vous pouvez le changer ou le retirer tant que l'écriture dure."


def _retour(jeton):
    return redirect("reunions:atelier_ecrire", jeton)


def _page(request, participant, jeton, *, envoye=None, refus=""):
    """`envoye`: the form that was sent and came back; it keeps its place, and what was typed, whatever the phase.
    `?changer=`: the note whose form is open.
    """
    atelier = participant.atelier
    direct = contexte_direct(atelier, "participant")
    axes = [tableau.axe for tableau in direct["tableaux"]]
    siens = list(participant.postits.select_related("axe"))
    ecrit = actes.accepte_les_notes(atelier)
    choisi = request.GET.get("changer", "")
    changements = []
    for note in siens:
        form = envoye if envoye and envoye.postit == note else None
        if form is None and ecrit and str(note.pk) == choisi:
            form = PostItForm(axes=axes, postit=note)
        changements.append((note, form))
    contexte = {
        **direct,
        "participant": participant,
        "reunion": atelier.reunion,
        "jeton": jeton,
        "diagnostic": atelier.reunion.enonces.exists(),
        "saisies": _saisies(atelier, axes, siens, envoye, ecrit),
        "notes": changements,
        "ecrit": ecrit,
        "envoye": envoye,
        "refus": refus,
        "adresse": lien_direct(atelier, "participant"),
        "etapes": fil(),
    }
    return render(request, "reunions/atelier_ecrire.html", contexte)


def _saisies(atelier, axes, siens, envoye, ecrit) -> list[dict]:
    """A form per colour that has notes left; the one that came back is there in any case."""
    saisies = []
    for couleur, consigne in [("jaune", atelier.consigne_jaune), ("rose", atelier.consigne_rose)]:
        reste = atelier.quota(couleur) - sum(note.couleur == couleur for note in siens)
        revenu = envoye and not envoye.postit and envoye.data.get("couleur", "rose") == couleur
        if not atelier.quota(couleur) or not (ecrit or revenu):
            continue
        form = None
        if revenu:
            form = envoye
            form.fields["texte"].help_text = consigne
        elif reste > 0:
            form = PostItForm(axes=axes, couleur=couleur, consigne=consigne)
        saisies.append({"couleur": Couleur(couleur), "reste": reste, "quota": atelier.quota(couleur), "form": form})
    return saisies
