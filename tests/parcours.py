"""A crawl of the demonstration: links are followed as a reader would, a few of each sort."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import Resolver404, resolve

from pole_ess.socle.models import Compteur

ORIGINE = "http://testserver"
PAR_ROUTE = 3
"""Objects opened of one route and role."""
DEPART = ["/", "/compte/"]
POUR_LES_MACHINES = {"canonical", "alternate"}
"""Links that a browser does not fetch with the page."""
JAMAIS = re.compile(r"^/(compte/logout|admin/logout|admin/jsi18n)")


class _Liens(HTMLParser):
    def __init__(self):
        super().__init__()
        self.liens, self.fichiers = [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href"):
            self.liens.append(attrs["href"])
        if tag == "link" and attrs.get("rel") in POUR_LES_MACHINES:
            self.liens.append(attrs["href"])
        elif tag in ("img", "script", "link", "source", "iframe"):
            self.fichiers += [attrs[nom] for nom in ("src", "href") if attrs.get(nom)]


@dataclass
class Parcours:
    """What one role reached. `pages`: address -> HTML; `fautes`: sentences."""

    role: str
    client: Client
    pages: dict = field(default_factory=dict)
    fautes: list = field(default_factory=list)
    _vues: Counter = field(default_factory=Counter)
    _cles: set = field(default_factory=set)
    _faites: set = field(default_factory=set)
    _fichiers: set = field(default_factory=set)

    def suivre(self, depart=DEPART):
        file = deque((url, "the start") for url in depart)
        while file:
            url, source = file.popleft()
            if self._a_ouvrir(url):
                file.extend((suite, url) for suite in self.ouvrir(url, source))
        return self

    def _a_ouvrir(self, url) -> bool:
        """Up to PAR_ROUTE paths of a route; of one with a query, the first that has a key not seen on that route."""
        parties = urlsplit(url)
        if url in self._faites or JAMAIS.match(parties.path):
            return False
        try:
            route = resolve(parties.path).view_name
        except Resolver404:
            return True  # a link to nowhere: opening it says so
        cles = {(route, cle) for cle, _ in parse_qsl(parties.query, keep_blank_values=True)}
        if cles:
            nouvelles = cles - self._cles
            self._cles |= cles
            return bool(nouvelles)
        self._vues[route] += 1
        return self._vues[route] <= PAR_ROUTE

    def ouvrir(self, url, source) -> list[str]:
        """The links of this page."""
        self._faites.add(url)
        reponse = self.client.get(url)
        if reponse.status_code == 429:  # so many downloads a minute: counted anew, and asked once more
            Compteur.objects.all().delete()
            reponse = self.client.get(url)
        if reponse.status_code in (301, 302):
            suite = urlsplit(reponse["Location"])
            return [] if suite.netloc else [urldefrag(reponse["Location"]).url]
        if reponse.status_code != 200:
            self.fautes.append(f"{self.role}: {reponse.status_code} on {url}, linked from {source}")
            return []
        if not reponse["Content-Type"].startswith("text/html"):
            if reponse.streaming:
                for _ in reponse:
                    pass
            return []
        html = reponse.content.decode()
        self.pages[url] = html
        lecteur = _Liens()
        lecteur.feed(html)
        self._verifier_fichiers(lecteur.fichiers, url)
        ici = [urldefrag(urljoin(url, lien)).url.removeprefix(ORIGINE) for lien in lecteur.liens]
        return [lien for lien in ici if not urlsplit(lien).netloc and lien.startswith("/")]

    def _verifier_fichiers(self, adresses, url):
        for adresse in {urljoin(url, a) for a in adresses} - self._fichiers:
            self._fichiers.add(adresse)
            parties = urlsplit(adresse)
            if parties.scheme in ("data", "blob"):
                continue
            if parties.netloc:
                self.fautes.append(f"{url} takes {adresse} from another host")
            elif parties.path.startswith("/static/") and not finders.find(parties.path.removeprefix("/static/")):
                self.fautes.append(f"{url} takes {adresse}, which is not there")
            elif parties.path.startswith("/media/") and not default_storage.exists(
                parties.path.removeprefix("/media/")
            ):
                self.fautes.append(f"{url} shows {adresse}, which is not there")
