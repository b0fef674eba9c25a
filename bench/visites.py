"""Mixed traffic on the demonstration: visitors, searches, map points, members, staff, and a few forms.

Open loop: request n leaves at n / rate seconds, whether the ones before have come back or not, and its time runs from
there; a portal that stalls cannot slow its own load down.
"""

import random
import re
import threading
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from annuaire.demonstration.comptes import MOT_DE_PASSE

from .aiguille import Aiguille, EnVol

PARTS = {"page": 42, "search": 16, "map": 10, "feed": 5, "member": 16, "staff": 7, "subscribe": 2, "write": 2}
"""Percent of each kind."""
MEMBRES = ["membre", "referent", "voisin", "citoyen"]
EQUIPE = ["animateur", "administrateur"]
MOTS = [
    "velo",
    "compagnonnage",
    "cuisine",
    "jardin",
    "atelyer",
    "emploi",
    "pret salle",
    "numerique",
    "recyclrie",
    "vichy",
]
CHAMP = re.compile(r'name="(csrfmiddlewaretoken|cle|version)"[^>]*value="([^"]*)"')
CHAMP_INVERSE = re.compile(r'value="([^"]*)"[^>]*name="(csrfmiddlewaretoken|cle|version)"')


@dataclass
class Navigateur:
    """Cookies, and the address that the proxy tells."""

    aiguille: Aiguille
    adresse: str
    temoins: dict = field(default_factory=dict)

    def lire(self, chemin):
        return self._demander("GET", chemin)

    def envoyer(self, chemin, donnees):
        return self._demander("POST", chemin, urlencode(donnees))

    def _demander(self, methode, chemin, corps=None):
        entetes = {"X-Forwarded-For": self.adresse, "Accept-Encoding": "identity"}
        if corps is not None:
            entetes["Content-Type"] = "application/x-www-form-urlencoded"
        if self.temoins:
            entetes["Cookie"] = "; ".join(f"{nom}={valeur}" for nom, valeur in self.temoins.items())
        reponse = self.aiguille.demander(methode, chemin, corps, entetes)
        for temoin in reponse.entetes.get_all("Set-Cookie") or []:
            nom, _, valeur = temoin.partition(";")[0].partition("=")
            self.temoins[nom] = valeur
        return reponse

    def connecter(self, qui: str) -> None:
        page = self.lire("/compte/login/")
        donnees = champs(page.texte) | {"login": f"{qui}@demo.example.org", "password": MOT_DE_PASSE}
        reponse = self.envoyer("/compte/login/", donnees)
        if reponse.code != 302:
            raise SystemExit(f"{qui} cannot log in: {reponse.code}")


def champs(page: str) -> dict[str, str]:
    trouves = dict(CHAMP.findall(page)) | {nom: valeur for valeur, nom in CHAMP_INVERSE.findall(page)}
    return {nom: unescape(valeur) for nom, valeur in trouves.items()}


class Plan:
    """The addresses to ask for, read from the portal's own pages."""

    def __init__(self, visiteur: Navigateur, equipe: Navigateur):
        self.fiches = _liens(visiteur, "/annuaire/", r"/annuaire/[a-z0-9-]+/")
        fermes = ("/annuaire/proposer/", "/annuaire/carte/", "/annuaire/communes/", "/annuaire/donnees-ouvertes/")
        self.fiches = [fiche for fiche in self.fiches if fiche not in fermes]
        annonces = _liens(visiteur, "/offres-et-besoins/", r"/offres-et-besoins/[0-9]+-[^/\"]+/")
        reunions = _liens(visiteur, "/rencontres/", r"/rencontres/(?:evenements/)?[0-9]+/")
        lettres = _liens(visiteur, "/lettre/", r"/lettre/[0-9]+/") + _liens(
            visiteur, "/lettre/breves/", r"/lettre/breves/[0-9]+/"
        )
        listes = ["/", "/annuaire/", "/offres-et-besoins/", "/rencontres/", "/lettre/", "/lettre/breves/"]
        listes += ["/rencontres/actions/", "/rencontres/mois/", "/offres-et-besoins/chiffres/", "/mentions-legales/"]
        self.pages = listes * 3 + self.fiches[:20] + annonces[:20] + reunions[:10] + lettres[:10]
        self.flux = ["/offres-et-besoins/flux.rss", "/lettre/flux/", "/rencontres/flux/", "/rencontres/agenda.ics"]
        self.membre = ["/compte/", "/offres-et-besoins/mes-annonces/", "/offres-et-besoins/messages/"]
        self.membre += ["/offres-et-besoins/reservations/", "/annuaire/", "/offres-et-besoins/", "/rencontres/"]
        self.equipe = ["/admin/", "/admin/annuaire/structure/", "/admin/ressources/annonce/", "/lettre/redaction/"]
        self.equipe += _liens(equipe, "/rencontres/", r"/rencontres/[0-9]+/preparer/")[:2]


def _liens(navigateur, page, motif) -> list[str]:
    return sorted(set(re.findall(f'href="({motif})"', navigateur.lire(page).texte)))


@dataclass
class Resultat:
    """What one request gave. `debut`, `fin`: seconds on the monotonic clock, `debut` being when it was due."""

    sorte: str
    chemin: str
    debut: float
    fin: float
    parti: float
    code: int | None
    erreur: str = ""

    @property
    def ms(self) -> float:
        return (self.fin - self.debut) * 1000


class Charge:
    """`secondes` of traffic at `debit` requests a second, by `clients` threads at most at once."""

    def __init__(self, aiguille: Aiguille, *, debit: float, secondes: float, clients: int = 24, graine: int = 2014):
        self.aiguille, self.debit, self.secondes, self.clients = aiguille, debit, secondes, clients
        self.course = uuid.uuid4().hex[:8]
        self.resultats: list[Resultat] = []
        self.acceptes = defaultdict(list)
        """Form -> addresses whose POST the portal accepted."""
        self._hasard = random.Random(graine)
        self._verrou = threading.Lock()
        self._suivant = 0
        self.visiteurs = [Navigateur(aiguille, f"10.20.{rang // 250}.{rang % 250 + 1}") for rang in range(60)]
        self.membres = self._connectes(MEMBRES)
        self.equipe = self._connectes(EQUIPE)
        self.plan = Plan(self.visiteurs[0], self.equipe[0])

    def _connectes(self, noms) -> list[Navigateur]:
        gens = [Navigateur(self.aiguille, f"10.30.0.{len(nom)}") for nom in noms]
        for navigateur, nom in zip(gens, noms, strict=True):
            navigateur.connecter(nom)
        return gens

    def mener(self, evenements=()) -> None:
        """Run it all; `evenements`: (second, function) called meanwhile, in order."""
        self.depart = time.monotonic() + 0.2
        fils = [threading.Thread(target=self._client, daemon=True) for _ in range(self.clients)]
        for fil in fils:
            fil.start()
        for seconde, agir in evenements:
            time.sleep(max(0.0, self.depart + seconde - time.monotonic()))
            agir()
        for fil in fils:
            fil.join(self.secondes + 120)

    def _client(self):
        while True:
            with self._verrou:
                numero, self._suivant = self._suivant, self._suivant + 1
                sorte = self._hasard.choices(list(PARTS), list(PARTS.values()))[0]
                tirage = self._hasard.random()
            debut = self.depart + numero / self.debit
            if debut > self.depart + self.secondes:
                return
            time.sleep(max(0.0, debut - time.monotonic()))
            getattr(self, f"_{sorte}")(debut, tirage, numero)

    # -- kinds of requests

    def _page(self, debut, tirage, numero):
        self._lire("page", self._visiteur(numero), _tirer(self.plan.pages, tirage), debut)

    def _search(self, debut, tirage, numero):
        liste = ("/annuaire/", "/offres-et-besoins/")[numero % 2]
        self._lire("search", self._visiteur(numero), f"{liste}?{urlencode({'q': _tirer(MOTS, tirage)})}", debut)

    def _map(self, debut, tirage, numero):
        mot = urlencode({"q": _tirer(MOTS, tirage)}) if numero % 2 else ""
        self._lire("map", self._visiteur(numero), f"/annuaire/carte/points.json?{mot}", debut)

    def _feed(self, debut, tirage, numero):
        self._lire("feed", self._visiteur(numero), _tirer(self.plan.flux, tirage), debut)

    def _member(self, debut, tirage, numero):
        self._lire("member", self.membres[numero % len(self.membres)], _tirer(self.plan.membre, tirage), debut)

    def _staff(self, debut, tirage, numero):
        self._lire("staff", self.equipe[numero % len(self.equipe)], _tirer(self.plan.equipe, tirage), debut)

    def _subscribe(self, debut, tirage, numero):
        adresse = f"charge-{self.course}-{numero}@example.org"
        self._formulaire("subscribe", "/lettre/abonnement/", debut, numero, adresse, frequence="chaque", accord="on")

    def _write(self, debut, tirage, numero):
        adresse = f"charge-{self.course}-{numero}@example.org"
        chemin = f"{_tirer(self.plan.fiches, tirage)}ecrire/"
        self._formulaire("write", chemin, debut, numero, adresse, nom="Une visiteuse", texte=f"Message {numero}")

    def _visiteur(self, numero) -> Navigateur:
        return self.visiteurs[numero % len(self.visiteurs)]

    def _formulaire(self, sorte, chemin, debut, numero, adresse, **donnees):
        """The form, then its POST; one that was in flight when its process died is sent again, as a person would."""
        navigateur = Navigateur(self.aiguille, f"10.{40 + numero // 60000}.{numero // 250 % 250}.{numero % 250 + 1}")
        page = self._lire(f"{sorte}, form", navigateur, chemin, debut)
        if page is None or page.code != 200:
            return
        envoi = champs(page.texte) | {"courriel": adresse} | donnees
        for _ in range(2):
            reponse = self._noter(sorte, chemin, time.monotonic(), lambda: navigateur.envoyer(chemin, envoi))
            if reponse is not None:
                break
        if reponse is not None and reponse.code == 302:
            with self._verrou:
                self.acceptes[sorte].append(adresse)
            self._lire(f"{sorte}, after", navigateur, reponse.entetes["Location"], time.monotonic())

    def _lire(self, sorte, navigateur, chemin, debut):
        return self._noter(sorte, chemin, debut, lambda: navigateur.lire(chemin))

    def _noter(self, sorte, chemin, debut, agir):
        parti, reponse, erreur = time.monotonic(), None, ""
        try:
            reponse = agir()
        except EnVol as vol:
            erreur = f"in flight: {vol}"
        except OSError as panne:
            erreur = f"{type(panne).__name__}: {panne}"
        code = reponse.code if reponse else None
        with self._verrou:
            self.resultats.append(Resultat(sorte, chemin, debut, time.monotonic(), parti, code, erreur))
        return reponse

    # -- what is to be said of it

    def durees(self, sorte=None) -> list[float]:
        return sorted(r.ms for r in self.resultats if r.code is not None and sorte in (None, r.sorte))

    def mauvais(self) -> list[Resultat]:
        """5xx, refusals, and codes that no request of this traffic should get."""
        return [r for r in self.resultats if not r.erreur and (r.code >= 500 or r.code in (403, 404, 405, 429))]

    def en_vol(self) -> list[Resultat]:
        return [r for r in self.resultats if r.erreur.startswith("in flight")]

    def autres_erreurs(self) -> list[Resultat]:
        return [r for r in self.resultats if r.erreur and not r.erreur.startswith("in flight")]


def _tirer(liste, tirage):
    return liste[int(tirage * len(liste))]


def centile(rangees: list[float], rang: int) -> float:
    return rangees[min(len(rangees) - 1, max(0, round(rang / 100 * len(rangees)) - 1))] if rangees else float("nan")
