"""What the sheet's templates need: free text made safe, links that cannot lie, filters of the list."""

from urllib.parse import urlencode, urlsplit

from django import template
from django.template.defaultfilters import linebreaks_filter, urlize
from django.urls import reverse
from django.utils.safestring import mark_safe

register = template.Library()

RESEAUX = {
    "facebook.com": "Facebook",
    "instagram.com": "Instagram",
    "linkedin.com": "LinkedIn",
    "youtube.com": "YouTube",
    "helloasso.com": "HelloAsso",
    "x.com": "X",
    "twitter.com": "X",
    "tiktok.com": "TikTok",
    "bsky.app": "Bluesky",
    "vimeo.com": "Vimeo",
    "soundcloud.com": "SoundCloud",
}


@register.filter(is_safe=True)
def texte_libre(valeur: str) -> str:
    """Plain text as paragraphs; addresses become links that lend no credit and open no window (noopener)."""
    html = linebreaks_filter(urlize(valeur))
    return mark_safe(html.replace('rel="nofollow"', 'rel="nofollow noopener"'))  # noqa: S308 - escaped by urlize


@register.filter
def lien_web(valeur: str) -> str:
    """The address when it is http or https, else nothing: an import may have let « javascript: » through."""
    return valeur if valeur.lower().startswith(("https://", "http://")) else ""


@register.filter
def hote(valeur: str) -> str:
    """« www.example.org/accueil » for https://www.example.org/accueil/: what people read aloud."""
    try:
        morceaux = urlsplit(valeur)
    except ValueError:
        return valeur
    return f"{morceaux.netloc.removeprefix('www.')}{morceaux.path}".rstrip("/")


@register.filter
def reseau(valeur: str) -> str:
    """« Facebook » for an address there, else the host's name."""
    try:
        nom = (urlsplit(valeur).hostname or "").removeprefix("www.")
    except ValueError:
        return valeur
    return next((titre for domaine, titre in RESEAUX.items() if nom == domaine or nom.endswith(f".{domaine}")), nom)


@register.filter
def tel(valeur: str) -> str:
    """« tel:+33470000000 » for « 04 70 00 00 00 »."""
    chiffres = "".join(lettre for lettre in valeur if lettre.isdigit() or lettre == "+")
    if len(chiffres) == 10 and chiffres.startswith("0"):
        chiffres = f"+33{chiffres[1:]}"
    return f"tel:{chiffres}"


@register.simple_tag
def lien_liste(**filtres) -> str:
    """The directory filtered: {% lien_liste activite=activite.slug %}."""
    return f"{reverse('annuaire:structure_liste')}?{urlencode(filtres)}"


@register.simple_tag
def lien_carte(structure) -> str:
    """The directory with its map open on the structure's very point, given as the search form reads it."""
    return lien_liste(point=f"{structure.latitude!r},{structure.longitude!r}", carte=1)
