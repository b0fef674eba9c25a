"""What a reader and the team do of a letter, by roles and accessible names; mails are what an SMTP server was given."""

import email
import email.policy
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from playwright.sync_api import expect

from tests.e2e.gestes_preparation import bouton, champ, dit, lien
from tests.images import image

CADRE = "La lettre telle qu'elle s'affiche dans une messagerie"
UN_CLIC = {
    "application/x-www-form-urlencoded": b"List-Unsubscribe=One-Click",
    "multipart/form-data; boundary=b": (
        b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    ),
}
"""RFC 8058, 3.2: a mail program may post in either form."""
PATIENCE = 90
"""Seconds for a worker, started cold on a busy machine, to do what waits."""


@contextmanager
def agent_des_taches(port_smtp: int, portail: str):
    """The real worker, in a process of its own, on every queue, sending through this SMTP server."""
    racine = Path(settings.BASE_DIR)
    env = {"BASE": connection.settings_dict["NAME"], "PORT_SMTP": str(port_smtp), "PORTAIL": portail}
    processus = subprocess.Popen(
        [sys.executable, racine / "tests/newsletter/ouvrier.py"],
        cwd=racine,
        env={**os.environ, "PYTHONPATH": str(racine), "SONDAGE": "0.5", "FILES": "courriel,lettre,entretien", **env},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(processus.pid, signal.SIGKILL)
        processus.wait()


def courriel_recu(receveur, a: str, sujet: str):
    """The one message for this address whose subject has these words, read from its bytes as soon as it arrives."""
    fin = time.monotonic() + PATIENCE
    while not (trouves := [m for m in _recus(receveur, a) if sujet in m["Subject"]]):
        assert time.monotonic() < fin, f"nothing like « {sujet} » came for {a}"
        time.sleep(0.2)
    (seul,) = trouves
    return seul


def _recus(receveur, a: str) -> list:
    plis = [pli for pli in list(receveur.recus) if pli.rcpt_tos == [a]]
    return [email.message_from_bytes(pli.content, policy=email.policy.default) for pli in plis]


def html(recu) -> str:
    return recu.get_body(("html",)).get_content()


def texte(recu) -> str:
    return recu.get_body(("plain",)).get_content()


def ouvrir_le_courriel(page, corps: str) -> None:
    """As a mailbox shows it, on an address of the portal: Chromium lets no blank page load a picture from here.

    The icon, which a mail has not, keeps Chromium from asking for one.
    """
    corps = corps.replace("<head>", '<head><link rel="icon" href="data:,">', 1)
    page.route("**/courriel-ouvert/", lambda route: route.fulfill(body=corps, content_type="text/html; charset=utf-8"))
    page.goto("/courriel-ouvert/")


def suivre(page, recu, nom: str) -> str:
    """Read the message in a browser, and go where the link of this name leads; its address."""
    ouvrir_le_courriel(page, html(recu))
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    adresse = page.get_by_role("link", name=nom, exact=True).get_attribute("href")
    page.goto(adresse)
    return adresse


def demander_l_abonnement(page, adresse: str) -> None:
    page.goto("/lettre/")
    lien(page, "Recevoir la lettre").first.click()
    champ(page, "Votre adresse e-mail").fill(adresse)
    page.get_by_text("Choisir ce que je reçois").click()
    page.get_by_label("Locaux").check()
    page.get_by_label("J'accepte de recevoir la lettre").check()
    bouton(page, "S'abonner").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ouvrez votre messagerie")


def preparer(page) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="Préparer la lettre", exact=True).click()
    bouton(page, "Préparer la lettre").click()
    dit(page, "est remplie de ce qui est nouveau")


def bloc(page, nom: str):
    return page.get_by_role("article", name=re.compile(f"^{nom}"))


def titres(page, nom: str) -> list[str]:
    """Of the items that a block keeps, in their order."""
    return bloc(page, nom).get_by_role("link").all_inner_texts()


def ecrire_un_texte(page, titre: str, markdown: str) -> None:
    bouton(page, "Ajouter un texte").click()
    _enregistrer(page, "Texte libre", titre, markdown)


def _enregistrer(page, nom: str, titre: str, markdown: str) -> None:
    libre = bloc(page, nom)
    libre.get_by_role("textbox", name="Titre du bloc").fill(titre)
    libre.get_by_role("textbox", name="Texte").fill(markdown)
    libre.get_by_role("button", name="Enregistrer").click()
    dit(page, "Le bloc est enregistré")


def corriger_le_texte(page, titre: str, markdown: str) -> None:
    _enregistrer(page, titre, titre, markdown)


def joindre_une_image(page, titre: str, description: str) -> None:
    """Without its description it does not come in."""
    bloc(page, titre).get_by_role("link", name="Ajouter une image").click()
    fichier = {"name": "IMG_0042.png", "mimeType": "image/png", "buffer": image().read()}
    champ(page, "Image").set_input_files(fichier)
    bouton(page, "Ajouter l'image").click()
    expect(page.get_by_role("alert")).to_contain_text("Description de l'image")
    champ(page, "Image").set_input_files(fichier)
    champ(page, "Description de l'image").fill(description)
    bouton(page, "Ajouter l'image").click()
    dit(page, "L'image est ajoutée")


def decrire_l_image(page, titre: str, description: str) -> None:
    bloc(page, titre).get_by_role("link", name="1 image").click()
    page.get_by_role("textbox", name="Description").first.fill(description)
    bouton(page, "Enregistrer la description").click()
    dit(page, "La description est enregistrée")
    lien(page, "Revenir au texte").click()


def cadre(page):
    return page.get_by_title(CADRE)


def comptes(page) -> dict[str, int]:
    """The table of the sending: what each line says."""
    mots, nombres = page.get_by_role("term").all_inner_texts(), page.get_by_role("definition").all_inner_texts()
    return {mot: int(nombre) for mot, nombre in zip(mots, nombres, strict=True)}


def poster_en_un_clic(adresse: str, forme: str) -> tuple[int, str]:
    """As a mail program does: no cookie, no page read before. (status, page); a redirect is not followed."""
    lu = urlsplit(adresse)
    liaison = http.client.HTTPConnection(lu.netloc, timeout=30)
    try:
        liaison.request("POST", lu.path, UN_CLIC[forme], {"Content-Type": forme})
        reponse = liaison.getresponse()
        return reponse.status, reponse.read().decode()
    finally:
        liaison.close()
