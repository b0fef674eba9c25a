"""The fixed, seeded searches of offers and needs, of each kind."""

from datetime import timedelta
from random import Random
from urllib.parse import urlencode

from django.utils import timezone

from annuaire.models import Commune
from annuaire.recherche import texte
from ressources.models import Annonce, Categorie
from ressources.natures import PROFILS
from ressources.recherche.resultat import ANNONCES

PAR_GENRE = 100
GRAINE = 49
LISTE = "/offres-et-besoins/"
LARGES = ["chaises", "salle", "bénévoles", "association", "week-end", "vélos", "comptabilité", "jeunes", "atelier"]


def toutes() -> dict[str, list[str]]:
    """Kind -> 100 URLs."""
    genres = {
        "annonces : mots": _selective,
        "annonces : faute": _faute,
        "annonces : facettes": _facettes,
        "annonces : dates": _dates,
    }
    communes = list(Commune.objects.order_by("code").values_list("code", flat=True))
    categories = list(Categorie.objects.order_by("pk").values_list("nature", "slug"))
    urls = {}
    for genre, fabrique in genres.items():
        hasard = Random(GRAINE)
        urls[genre] = [f"{LISTE}?{urlencode(fabrique(hasard, communes, categories))}" for _ in range(PAR_GENRE)]
    hasard = Random(GRAINE)
    urls["annonces : chiffres"] = [f"{LISTE}chiffres/?{urlencode(_chiffres(hasard))}" for _ in range(PAR_GENRE)]
    return urls


def _selective(hasard: Random, _communes, _categories) -> list:
    """A proper name of an announcement, or its whole title: always found."""
    dernier = Annonce.objects.order_by("-pk").values_list("pk", flat=True)[0]
    while True:
        annonce = Annonce.objects.a_saisir().filter(pk=hasard.randint(1, dernier)).only("titre").first()
        if annonce is None:
            continue
        propres = [mot for mot in annonce.titre.split()[1:] if mot[0].isupper()]
        if propres:
            return [("q", hasard.choice([propres[-1], annonce.titre]))]


def _faute(hasard: Random, _communes, _categories) -> list:
    """A word of an announcement with one letter lost, doubled, changed or swapped, that no announcement holds."""
    dernier = Annonce.objects.order_by("-pk").values_list("pk", flat=True)[0]
    while True:
        annonce = Annonce.objects.a_saisir().filter(pk=hasard.randint(1, dernier)).only("titre").first()
        mots = [mot for mot in annonce.titre.split() if mot.isalpha() and len(mot) > 5] if annonce else []
        if not mots:
            continue
        mot = hasard.choice(mots)
        rang = hasard.randrange(1, len(mot) - 2)
        faute = hasard.choice(
            [
                mot[:rang] + mot[rang + 1 :],
                mot[:rang] + mot[rang] + mot[rang:],
                mot[:rang] + hasard.choice("aeioulnrst") + mot[rang + 1 :],
                mot[:rang] + mot[rang + 1] + mot[rang] + mot[rang + 2 :],
            ]
        )
        if texte.comprendre(faute, ANNONCES).mode != texte.EXACT:
            return [("q", faute)]


def _facettes(hasard: Random, _communes, categories) -> list:
    """All that is open, ticked boxes, prices and broad words: the widest sets there are."""
    choix = []
    if hasard.random() < 0.6:
        nature = hasard.choice(list(PROFILS))
        choix.append(("nature", nature.value))
        siennes = [slug for autre, slug in categories if autre == nature]
        if siennes and hasard.random() < 0.5:
            choix.append(("categorie", hasard.choice(siennes)))
        if hasard.random() < 0.4:
            choix.append(("mode", hasard.choice(PROFILS[nature].modes)))
    if hasard.random() < 0.5:
        choix.append(("sens", hasard.choice(["offre", "besoin"])))
    if hasard.random() < 0.3:
        choix.append(hasard.choice([("gratuit", "1"), ("prix_max", "50"), ("urgent", "1")]))
    if hasard.random() < 0.3:
        choix.append(("q", hasard.choice(LARGES)))
    if hasard.random() < 0.2:
        choix.append(("tri", "expire"))
    return choix


def _chiffres(hasard: Random) -> list:
    """The public figures: the twelve months or a year, sometimes of one nature."""
    choix = [("periode", hasard.choice(["12-mois", str(timezone.localdate().year)]))]
    if hasard.random() < 0.5:
        choix.append(("nature", hasard.choice(list(PROFILS)).value))
    return choix


def _dates(hasard: Random, communes, _categories) -> list:
    """Around a commune, the populous ones more often, free between two dates; sometimes of one nature."""
    rang = int(len(communes) * hasard.random() ** 2)
    du = timezone.localdate() + timedelta(days=hasard.randrange(1, 90))
    au = du + timedelta(days=hasard.choice([0, 1, 2, 6, 30]))
    choix = [("commune", communes[rang]), ("km", hasard.choice([5, 10, 20, 50, 100])), ("du", du), ("au", au)]
    if hasard.random() < 0.4:
        choix.append(("nature", hasard.choice(["materiel", "local", "artiste"])))
    if hasard.random() < 0.2:
        choix.append(("q", hasard.choice(LARGES)))
    return choix
