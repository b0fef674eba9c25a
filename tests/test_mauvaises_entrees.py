"""Hostile input on every URL of the roles table: never a 500, never a script, nothing written.

Each request runs in a savepoint that is undone. As in tests/test_roles.py, PostgreSQL's own counters say which
tables were written: none by a GET, by a hostile POST none that an honest one would not write.
"""

import re
import sys
import zlib
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from tests import monde as m
from tests.table_des_roles import CONNEXION, TABLE

pytestmark = [pytest.mark.lent, pytest.mark.django_db]

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
VALEURS = {
    "nul": "%00",
    "géant": "1" + "0" * 30,
    "négatif": "-1",
    "NaN": "NaN",
    "inf": "inf,-inf",
    "1e400": "1e400,1e400",
    "1e-400": "1e-400,5e-324",
    "substitut": "%ED%A0%80",
    "octets": "%FF%FE",
    "long": "a%20" * 1250,
    "chiffres": "9" * 5000,
    "sql": quote("' OR 1=1 --"),
    "script": quote(SCRIPT),
    "rtl": quote("\u202egnp.exe\u200b\u2028"),
    "crochets": quote("http://[::1"),
    "expression": quote("((((a+)+)+\\"),
}
"""As written in a URL: bytes that are no text too."""
CLES = [
    # Names to try on every page at once. What a page reads besides is found by listening to it (see `Ecoute`): a new
    # key needs a line here only where it is read when another one is there.
    "q",
    "du",
    "au",
    "cote",
    "autour",
    "commune",
    "km",
    "page",
    "tri",
    "activite",
    "competence",
    "forme",
    "label",
    "ville",
    "zoom",
    "bbox",
    "point",
    "sans_point",
    "carte",
    "nom",
    "siret",
    "rna",
    "envoye",
    "envoyee",
    "recu",
    "reponse",
    "corriger",
    "next",
    "format",
    "epci",
    "statut",
    "p",
    "e",
    "depuis",
    "nature",
    "sens",
    "mode",
    "categorie",
    "gratuit",
    "prix_max",
    "du",
    "au",
    "structure",
    "urgent",
    "toutes",
    "vue",
    "periode",
    "type",
    "mois",
    "passees",
    "etape",
    "hote",
    "rencontre",
    "jour",
    "jour_fin",
    "sauf",
    "version",
    "apercu",
    "etat",
    "retard",
    "miennes",
    "reunion",
    "projet",
    "postit",
    "titre",
    "description",
    "axe",
    "changer",
    "comme",
    "geste",
    "debit",
    "pk",
    "annee",
    "conversation",
    "nombre",
    "moment",
    "voir",
    "dans",
    "invitation",
    "code",
    "par_page",
    "avec_structures",
    "quoi",
    "hauteur",
]
SAISIES = {
    "nul": "a\x00b",
    "géant": "1" + "0" * 30,
    "minuscule": "1e-400",
    "zéro": "0e999999",
    "date": "9999-12-31T23:59:59-23:59",
    "long": "\U00020000\U0002a6d6" * 2500,
    "script": SCRIPT,
    "rtl": "\u202e\u200b\u2028\uffff",
    "en-tête": "a\r\nBcc: x@example.org",
    "chiffres arabes": "\u0661" * 14,
}
ECRIT_AUSSI = {
    # What an honest request with every field filled writes, beyond the one of the roles table.
    "annuaire:proposer": {"annuaire_rattachement", "annuaire_historicalrattachement"},
    "annuaire:structure_modifier[publiee]": {
        *["annuaire_competence", "annuaire_structure_competences", "annuaire_historicalstructure_competences"],
    },
    "ressources:conversation_acte[conclure interessee]": {
        *["ressources_annonce", "ressources_historicalannonce", "ressources_motannonce"],
    },
}
SUIVENT = {"portail_entreerecherche", "portail_motportail"}
"""Written by triggers when the words of a row change, which an honest request may leave as they are."""
SANS_JETON_DE_FORMULAIRE = ("socle:", "newsletter:desabonner", "compte_notifications_arret")
"""Posted to by programs: a mail provider with its secret, a mail reader with its signed link (RFC 8058)."""
EN_FRANCAIS = (400, 403, 404, 410, 413, 429)
PLUSIEURS_ACTES = {"annuaire:export", "donnees_fichier", "reunions:compte_rendu_rediger"}
"""URLs that read another form in each row."""


def attaquees(table) -> list:
    """The plain row of each URL; one row by act (first word of its state) where there is no plain one.

    Of the rows of an act, one that writes for somebody: a refusal reads nothing of what was sent.
    """
    simples = [ligne for ligne in table if ligne.etat in ("", "publiee")]
    ont_une_simple = {ligne.nom for ligne in simples} - PLUSIEURS_ACTES
    par_acte = {}
    for ligne in table:
        if ligne not in simples and ligne.nom not in ont_une_simple:
            acte = ligne.nom, ligne.etat.split()[0]
            ecrit = any(attendu.ecrit for attendu in ligne.post)
            if acte not in par_acte or (ecrit and not any(attendu.ecrit for attendu in par_acte[acte].post)):
                par_acte[acte] = ligne
    return [*simples, *par_acte.values()]


PUBLIEES = attaquees(TABLE)


class _Scripts(HTMLParser):
    """The script elements without src nor a data type, and the elements that carry an inline handler."""

    def __init__(self):
        super().__init__()
        self.trouves = []

    def handle_starttag(self, tag, attrs):
        attributs = dict(attrs)
        if tag == "script" and "src" not in attributs and attributs.get("type") not in ("application/ld+json",):
            self.trouves.append(self.get_starttag_text())
        self.trouves += [self.get_starttag_text() for nom in attributs if nom.startswith("on")]
        adresse = (attributs.get("href") or attributs.get("src") or "").strip().lower()
        if adresse.startswith(("javascript:", "data:text", "vbscript:")):
            self.trouves.append(self.get_starttag_text())


def corps(reponse) -> str:
    octets = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    return octets.decode("utf-8", "replace")


def verifier(quoi, reponse) -> None:
    en_panne = quoi.startswith("/sante/pret/") and reponse.status_code == 503  # no worker in the tests: it says so
    assert reponse.status_code < 500 or en_panne, f"{quoi}: {reponse.status_code}"
    if "html" not in reponse.headers.get("Content-Type", ""):
        return
    texte = corps(reponse)
    assert "<script>alert(1)" not in texte, quoi
    if "alert(1)" in texte:
        lecteur = _Scripts()
        lecteur.feed(texte)
        assert [trouve for trouve in lecteur.trouves if "alert(1)" in trouve] == [], quoi
    if reponse.status_code in EN_FRANCAIS and texte:
        assert '<html lang="fr"' in texte, f"{quoi}: the {reponse.status_code} page is not ours"
        assert re.search(r"<h1[^>]*>[^<]*\w", texte), f"{quoi}: the {reponse.status_code} page says nothing"


REMPLISSAGE = MultiValueDict.__module__


class Ecoute:
    """While it is open, the keys that anything reads in a query string or a form's data, in `lues`."""

    LECTURES = ["__getitem__", "__contains__", "get", "getlist", "pop"]

    def __init__(self):
        self.lues = {}  # ordered

    def __enter__(self):
        self._rustine = pytest.MonkeyPatch()
        for nom in self.LECTURES:
            self._rustine.setattr(QueryDict, nom, self._ecoutee(getattr(QueryDict, nom)))
        return self

    def __exit__(self, *exception):
        self._rustine.undo()

    def _ecoutee(self, methode):
        def lire(donnees, cle, *arguments, **options):
            # Filling a QueryDict asks whether it has the key already: nobody reads then.
            remplit = methode.__name__ == "__contains__" and sys._getframe(1).f_globals["__name__"] == REMPLISSAGE
            if not remplit:
                self.lues.setdefault(cle)
            return methode(donnees, cle, *arguments, **options)

        return lire


def essayer(client, methode, *arguments, **options):
    """(answer, tables written), undone."""
    point = transaction.savepoint()
    avant = m.ecritures()
    reponse = getattr(client, methode)(*arguments, **options)
    if reponse.streaming:
        reponse.content_lu = corps(reponse)
        reponse.streaming_content = [reponse.content_lu.encode()]
    tables = set() if reponse.status_code >= 500 else m.ecrites(avant)
    transaction.savepoint_rollback(point)
    return reponse, tables


def requetes(cles) -> list[tuple[str, str]]:
    """(what it is, query string) with all the keys at once."""
    noms = [valeur[:200] for valeur in VALEURS.values() if valeur not in ("%00", "%ED%A0%80")]
    return [
        *((sorte, "&".join(f"{cle}={valeur}" for cle in cles)) for sorte, valeur in VALEURS.items()),
        ("répétées", "&".join(f"{cle}=a&{cle}=b" for cle in cles)),
        ("tableaux", "&".join(f"{cle}[]=1&{cle}[0]=2&{cle}[a][b]=3" for cle in cles)),
        ("noms", "&".join(f"{nom}=1" for nom in noms)),
        ("cassée", "&&==&%&%zz&=%C3"),
    ]


RANGS = len(requetes([]))


def seule(cle) -> tuple[str, str]:
    """(what it is, query string) with one key, and one of the values in turn."""
    rang = CLES.index(cle) if cle in CLES else zlib.crc32(cle.encode())
    sorte, valeur = list(VALEURS.items())[rang % len(VALEURS)]
    return f"{cle} {sorte}", f"{quote(cle)}={valeur}"


def lisibles(lues) -> list[str]:
    """Of the keys read, those that a page names: not what a request sent itself ("cassée", "tableaux")."""
    return [cle for cle in lues if re.fullmatch(r"[A-Za-z_][\w.:-]*", cle)]


@pytest.mark.parametrize("ligne", PUBLIEES, ids=str)
def test_requetes_hostiles(ligne, monde, client_de):
    """The keys that the page reads, all at once, then each alone; what it reads then is tried too.

    In detail as the first person to whom the page opens; as the others some values only.
    """
    url = reverse(ligne.nom, kwargs=ligne.arguments(monde))
    roles = ["visiteur", "referent", "animateur"]
    ouverts = [role for role in roles if ligne.get[m.ROLES.index(role)].code == 200]
    en_detail = next(iter(ouverts), "visiteur")
    essayees = set()
    for role in [en_detail, *(role for role in roles if role != en_detail)]:
        client = client_de(role, raise_request_exception=False)

        def ouvrir(sorte, requete, client=client, role=role):
            reponse, tables = essayer(client, "get", url, query_params=None, QUERY_STRING=requete)
            verifier(f"{url} {sorte} as {role}", reponse)
            assert tables == set(), f"{url} {sorte} as {role}: a GET wrote to {tables}"

        with Ecoute() as ecoute:
            ouvrir("nue", ligne.requete.lstrip("?"))
            ouvrir("pleine", "&".join(f"{cle}=1" for cle in CLES))
            for rang in range(RANGS) if role == en_detail else range(1, RANGS, 4):
                if rang < len(VALEURS) and not lisibles(ecoute.lues):
                    continue  # nobody would read it
                envoyees = None
                while envoyees != (lues := lisibles(ecoute.lues)):  # again with what a value made it read
                    envoyees = lues
                    ouvrir(*requetes(envoyees)[rang])
            while restent := [cle for cle in lisibles(ecoute.lues) if cle not in essayees]:
                for cle in restent:
                    ouvrir(*seule(cle))
                essayees.update(restent)


CHAMPS = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')


def champs_de(reponse) -> list[str]:
    noms = dict.fromkeys(CHAMPS.findall(corps(reponse))) if "html" in reponse.headers.get("Content-Type", "") else {}
    return [nom for nom in noms if nom != "csrfmiddlewaretoken"]


AVEC_FORMULAIRE = [ligne for ligne in PUBLIEES if not all(attendu.code == 405 for attendu in ligne.post)]


@pytest.mark.parametrize("ligne", AVEC_FORMULAIRE, ids=str)
def test_saisies_hostiles(ligne, monde, client_de):
    """Each value in all the fields, then in one, as the first person who may act; as the others some values only."""
    url = reverse(ligne.nom, kwargs=ligne.arguments(monde)) + ligne.requete
    fait = dict(zip(m.ROLES, ligne.post, strict=True))
    roles = ["referent", "visiteur", "animateur"]
    en_detail = next((role for role in roles if fait[role].code < 400 and fait[role].vers != CONNEXION), "referent")
    for role in roles:
        client = client_de(role, raise_request_exception=False)
        honnete = ligne.donnees(monde, role)
        _, permises = essayer(client, "post", url, dict(honnete))
        permises = permises | SUIVENT | ECRIT_AUSSI.get(str(ligne), set()) if fait[role].ecrit else set()
        champs = champs_de(client.get(url)) or list(honnete)
        for rang, (sorte, valeur) in enumerate(SAISIES.items()):
            if role != en_detail and rang % 4 != 1:
                continue
            leurs = champs[rang :: len(SAISIES)] if role == en_detail else []
            essais = [(champ, {**ligne.donnees(monde, role), champ: valeur}) for champ in leurs]
            for champ, donnees in [*essais, ("tous", dict.fromkeys(champs, valeur))]:
                reponse, tables = essayer(client, "post", url, donnees)
                verifier(f"POST {url} {champ}={sorte} as {role}", reponse)
                assert tables <= permises, f"POST {url} {champ}={sorte} as {role}: wrote to {tables - permises}"


PARTIE = b'--B\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
CORPS = [
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"x"),
    ("multipart/form-data; boundary=" + "a" * 300, b"x"),
    ("multipart/form-data; boundary=B", b"--B\r\nContent-Disposition: form-data"),
    ("multipart/form-data; boundary=B", PARTIE % (b"nom\x00", b"a") + b"--B--\r\n"),
    ("multipart/form-data; boundary=B", PARTIE % (b'fichier"; filename="../../a\x00.png', b"a") + b"--B--\r\n"),
    ("application/json", b'{"nom": '),
    ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("", b"nom=a"),
    ("application/x-www-form-urlencoded", b"nom=%ED%A0%80&presentation=\xff\xfe&texte=%00&geste=%ff"),
    *[
        (f"{sorte}; charset={charset}", contenu)
        for sorte, contenu in [
            ("multipart/form-data; boundary=B", PARTIE % (b"nom", b"\\ud800 +2AA-") + b"--B--\r\n"),
            ("application/x-www-form-urlencoded", b"nom=%41"),
            ("text/plain", b"x"),
        ]
        for charset in ["hex", "zlib", "unicode_escape", "utf-7", "idna", "utf-16", "inconnu"]
    ],
]


@pytest.mark.parametrize("ligne", AVEC_FORMULAIRE, ids=str)
def test_corps_illisibles(ligne, monde, client_de):
    """Bodies that no browser sends; then an honest one without its CSRF token, which changes nothing.

    They are read before any view, mostly: each URL has a third of them, and the next one another third.
    """
    url = reverse(ligne.nom, kwargs=ligne.arguments(monde))
    rang = AVEC_FORMULAIRE.index(ligne)
    for decalage, role in enumerate(["visiteur", "referent"]):
        client = client_de(role, raise_request_exception=False)
        _, permises = essayer(client, "post", url, dict(ligne.donnees(monde, role)))
        for sorte, contenu in CORPS[(rang + decalage) % 3 :: 3]:
            reponse, tables = essayer(client, "generic", "POST", url, contenu, content_type=sorte)
            verifier(f"{url} {sorte} {contenu[:20]} as {role}", reponse)
            assert tables <= permises, f"{url} {sorte}: wrote to {tables - permises}"
        if ligne.nom.startswith(SANS_JETON_DE_FORMULAIRE):
            continue
        strict = client_de(role, raise_request_exception=False, enforce_csrf_checks=True)
        reponse, tables = essayer(strict, "post", url, dict(ligne.donnees(monde, role)))
        assert (reponse.status_code, tables) == (403, set()), url
        verifier(f"{url} without its CSRF token", reponse)


def test_aucune_url_n_echappe_aux_attaques():
    """URLs whose rows all name a state or an act were attacked by nobody."""
    assert {ligne.nom for ligne in TABLE} == {ligne.nom for ligne in PUBLIEES}
    recoivent = {ligne.nom for ligne in TABLE if any(attendu.code != 405 for attendu in ligne.post)}
    assert recoivent == {ligne.nom for ligne in AVEC_FORMULAIRE}
