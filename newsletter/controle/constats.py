"""Every finding about an issue, with the place of the page where it is mended."""

import re
from dataclasses import dataclass

from django.core.files.storage import default_storage

from newsletter import composition, liens, rendu
from newsletter.models import Abonne, Bloc, Numero
from newsletter.models.element import SORTES

from . import page as pages
from . import visites

OCTETS_MAX = 100_000
"""Gmail cuts a longer message, and with it the link that unsubscribes."""
CONTRASTE_MIN = 7
"""WCAG 2.2, 1.4.6 (AAA), as everywhere in the portal."""
VAGUES = {
    *("ici", "cliquez ici", "cliquer ici", "clic ici", "cliquez", "là", "lien", "ce lien", "le lien", "suite", "site"),
    *(
        "lire la suite",
        "la suite",
        "en savoir plus",
        "plus d'infos",
        "plus d'informations",
        "plus",
        "voir",
        "voir plus",
    ),
    *("par ici", "cette page", "sur ce lien", "lire", "lire plus", "détails", "infos", "télécharger", "page", "web"),
}
"""WCAG 2.4.4: words that say nothing of where a link leads, read alone in a list of links."""
NOM_DE_FICHIER = re.compile(
    r"^(?:(?:img|dsc|dscn|image|photo|pxl|capture)[\s_-]*\d.*|.*\.(?:jpe?g|png|webp|gif))$", re.I
)


@dataclass(frozen=True)
class Constat:
    """`bloquant`: the letter does not leave so. `ancre`: where to mend it, an id of the page where it is written."""

    bloquant: bool
    texte: str
    ancre: str = "entete"


def verifier(numero: Numero) -> list[Constat]:
    """What keeps it from leaving first, then what to look at. Empty: all is well."""
    parties = composition.lire(numero)
    dits = [partie for partie in parties if partie.cartes or partie.bloc.genre == Bloc.Genre.TEXTE]
    composee = rendu.rendre(numero, dits, rang=1)
    lue = pages.lire(composee.html)
    constats = [
        *_entete(numero, parties),
        *_blocs(parties),
        *_perimes(numero, parties),
        *_html(lue, composee.html),
        *_texte(lue, composee.texte),
        *_destinataires(),
    ]
    return sorted(constats, key=lambda constat: not constat.bloquant)


def bloquants(numero: Numero) -> list[Constat]:
    return [constat for constat in verifier(numero) if constat.bloquant]


def _entete(numero, parties):
    if not numero.sujet.strip():
        yield Constat(True, "La lettre n'a pas de sujet.")
    if not numero.preheader.strip():
        yield Constat(False, "L'aperçu est vide : la messagerie montrera les premiers mots de la lettre.")
    pleins = [partie for partie in parties if partie.cartes or partie.bloc.texte.strip() or partie.images]
    if not pleins:
        yield Constat(True, "La lettre est vide : préparez-la, ou écrivez un texte.", "blocs")


def _blocs(parties):
    for partie in parties:
        ancre = f"bloc-{partie.bloc.pk}"
        if partie.bloc.genre == Bloc.Genre.TEXTE and not (partie.bloc.texte.strip() or partie.images):
            yield Constat(True, f"Le texte « {partie.bloc} » est vide : écrivez-le ou retirez-le.", ancre)
        for image in partie.images:
            if not image.alternative.strip() or NOM_DE_FICHIER.match(image.alternative.strip()):
                yield Constat(True, f"Une image de « {partie.bloc} » n'est pas décrite.", ancre)
        if partie.bloc.texte:
            yield from _liens(partie.bloc, ancre)


def _liens(bloc, ancre):
    """Links that the staff wrote; those of the items are the portal's own."""
    for adresse, mots in pages.lire(f"<body>{rendu.html_du_texte(bloc.texte)}</body>").liens:
        nu = mots.lower().strip(" .!:…>→»«")
        if not nu:
            yield Constat(True, f"Un lien de « {bloc} » n'a pas de mots : {adresse}", ancre)
        elif nu in VAGUES:
            yield Constat(True, f"« {mots} » ne dit pas où mène le lien : écrivez ce qu'on y trouve.", ancre)
        elif nu.startswith(("http://", "https://", "www.")):
            yield Constat(False, f"Un lien montre son adresse ({mots[:60]}) : des mots se liraient mieux.", ancre)
        yield from _mort(adresse, mots, ancre)


def _mort(adresse, mots, ancre):
    if not adresse:
        yield Constat(True, f"Le lien « {mots} » n'a pas d'adresse.", ancre)
        return
    medias, chemin = visites.racine_des_medias(), visites.interne(adresse)
    if adresse.startswith(medias):
        code = 200 if default_storage.exists(adresse.removeprefix(medias).partition("?")[0]) else 404
    elif chemin:
        code = visites.statut(chemin)
    else:
        if not adresse.startswith(("http://", "https://", "mailto:")):
            yield Constat(True, f"L'adresse du lien « {mots} » n'est pas entière : {adresse}", ancre)
        return
    if code in (301, 302):
        yield Constat(False, f"Le lien « {mots} » mène ailleurs pour un visiteur : page déplacée, ou réservée.", ancre)
    elif code >= 400:
        yield Constat(True, f"Le lien « {mots} » ne s'ouvre pas pour un visiteur : {adresse}", ancre)


def _perimes(numero, parties):
    gardes = {carte.element for partie in parties for carte in partie.cartes}
    for element in numero.elements.filter(ecarte=False).exclude(pk__in=gardes).select_related(*SORTES):
        texte = f"« {element} » a expiré, est passé, n'est plus public ou a déjà été dit : la lettre ne le dira pas."
        yield Constat(False, texte, f"bloc-{element.bloc_id}")


def _html(lue, html):
    if not lue.langue:
        yield Constat(True, "La langue de la lettre n'est pas dite.")
    if any(alternative is None for alternative in lue.images):
        yield Constat(True, "Une image n'a pas de texte alternatif.", "blocs")
    precedent = 0
    for niveau, titre in lue.titres:
        if niveau > precedent + 1:
            yield Constat(True, f"Le titre « {titre} » saute un niveau.", "blocs")
        precedent = niveau
    pales = sorted({mots for mots, ratio in lue.mots if ratio < CONTRASTE_MIN})
    if pales:
        yield Constat(True, f"Contraste trop faible : « {pales[0][:80]} ».", "blocs")
    poids = len(html.replace(rendu.JETON, liens.jeton_d_abonne(2**40, "x" * 24, 2**40)).encode())
    if poids > OCTETS_MAX:
        trop = f"La lettre pèse {poids // 1000} Ko, et Gmail coupe après {OCTETS_MAX // 1000} : écartez des éléments."
        yield Constat(True, trop, "blocs")


def _texte(lue, texte):
    """The plain part says the same: every title of the HTML, and every place that its links lead to."""
    ecrit = pages.mots(texte)
    for _, titre in lue.titres:
        if titre not in ecrit:
            yield Constat(True, f"La version en texte n'a pas le titre « {titre} ».", "blocs")
    for adresse, mots in lue.liens:
        if adresse.startswith(("http", "mailto:")) and adresse.removeprefix("mailto:") not in ecrit:
            yield Constat(True, f"La version en texte n'a pas le lien « {mots} ».", "blocs")


def _destinataires():
    if not Abonne.objects.confirmes().exists():
        yield Constat(False, "Personne n'est encore abonné : la lettre n'ira qu'à l'archive publique.", "envoi")
