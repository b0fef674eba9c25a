"""The minutes as people read them: a page and files, names for those who may see them."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pole_ess.socle.documents import reponse_fichier
from pole_ess.socle.models import ReglagesPole
from reunions.compte_rendu import mentions as paroles
from reunions.compte_rendu import pour, rassembler
from reunions.compte_rendu.chiffres import dessin, relire
from reunions.compte_rendu.donnees import donnees
from reunions.compte_rendu.fichiers import FORMATS, FORMATS_AGENDA, OutilAbsent
from reunions.compte_rendu.fichiers import fichier as faire
from reunions.compte_rendu.fichiers import ordre_du_jour as faire_l_ordre_du_jour
from reunions.compte_rendu.markdown import html
from reunions.models import CompteRendu, Reunion
from reunions.permissions import est_animateur, voit_les_noms
from reunions.views._acces import reunion_visible
from reunions.views._fil import fil

NUMERO_MAX = 9
"""Digits."""


class Lecture:
    """What one person reads of one meeting's minutes: a published version, or the draft for staff."""

    def __init__(self, request, pk):
        self.reunion = reunion_visible(request, pk, Reunion.objects.select_related("commune"))
        minutes = CompteRendu.objects.filter(reunion=self.reunion).select_related("approuve_a").first()
        self.minutes = minutes
        self.versions = list(minutes.versions.defer("instantane")) if minutes else []
        self.version = self._choisir(request)
        self.noms = voit_les_noms(request.user, self.reunion)
        instantane = self.version.instantane if self.version else rassembler(self.reunion)
        self.vue = pour(instantane, noms=self.noms)
        self.pole = ReglagesPole.actuels().nom
        self.mentions = paroles.de_la_version(self.version, minutes) if self.version else [paroles.BROUILLON]
        self.pied = f"Compte rendu, version {self.version.numero}" if self.version else "Compte rendu, brouillon"

    def _choisir(self, request):
        """`?version=`: one that was published; `?apercu`, for staff: what would be published now."""
        anime = est_animateur(request.user)
        if anime and self.minutes and (not self.versions or "apercu" in request.GET):
            return None
        demande = request.GET.get("version", "")
        if not self.versions or (demande and not _est_numero(demande)):
            raise Http404
        numero = int(demande) if demande else self.versions[0].numero
        return get_object_or_404(self.minutes.versions, numero=numero)

    @property
    def est_derniere(self) -> bool:
        return self.version is not None and self.version.numero == self.versions[0].numero

    @property
    def suffixe(self) -> str:
        """What the addresses of its files end with."""
        if self.version is None:
            return "?apercu=1"
        return "" if self.est_derniere else f"?version={self.version.numero}"


def _est_numero(texte) -> bool:
    return texte.isascii() and texte.isdigit() and len(texte) <= NUMERO_MAX


@never_cache
@require_safe
def page(request, pk):
    """`?version=n` for an older one; 404 before the first."""
    lu = Lecture(request, pk)
    resultats = lu.vue["resultats"]
    contexte = {
        "lu": lu,
        "reunion": lu.reunion,
        "minutes": lu.minutes,
        "vue": lu.vue,
        "dits": donnees(lu.vue, mentions=lu.mentions, pole=lu.pole, pied=lu.pied),
        "sections": [{"titre": s["titre"], "html": html(s["texte"])} for s in lu.vue["sections"]],
        "resultats": relire(resultats) if resultats else None,
        "dessin": dessin(resultats) if resultats else None,
        "formats": [(nom, f.nom) for nom, f in FORMATS.items() if f.est_installe()],
        "anime": est_animateur(request.user),
        "etapes": fil(lu.reunion),
    }
    return render(request, "reunions/compte_rendu.html", contexte)


@never_cache
@require_safe
def fichier(request, pk, format):
    """`format`: of FORMATS; a page that says what to install when its tool is not there."""
    if format not in FORMATS:
        raise Http404
    lu = Lecture(request, pk)
    try:
        octets = faire(format, lu.vue, mentions=lu.mentions, pole=lu.pole, pied=lu.pied)
    except OutilAbsent as absent:
        return _manquant(request, lu.reunion, absent)
    quoi = "synthese" if format == "synthese.pdf" else "compte-rendu"
    return _envoyer(octets, FORMATS[format], f"{quoi}-{lu.vue['jour']}-{lu.vue['titre']}")


@never_cache
@require_safe
def ordre_du_jour(request, pk, format):
    """The agenda of a meeting in braille, from the day it is announced."""
    if format not in FORMATS_AGENDA:
        raise Http404
    reunion = reunion_visible(request, pk, Reunion.objects.select_related("commune", "projet"))
    try:
        octets = faire_l_ordre_du_jour(format, pour(rassembler(reunion), noms=False))
    except OutilAbsent as absent:
        return _manquant(request, reunion, absent)
    return _envoyer(octets, FORMATS_AGENDA[format], f"ordre-du-jour-{reunion.titre}")


def _envoyer(octets, choisi, nom):
    return reponse_fichier(octets, nom, extension=choisi.extension, type_mime=choisi.type_mime)


def _manquant(request, reunion, absent):
    contexte = {"reunion": reunion, "explication": str(absent), "etapes": fil(reunion)}
    return render(request, "reunions/compte_rendu_manquant.html", contexte, status=404)
