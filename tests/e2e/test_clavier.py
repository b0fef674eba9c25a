"""Search, open, propose: with the keyboard alone, by what a screen reader says of each control."""

import pytest

from annuaire.models import Structure
from pole_ess.socle.models import Courriel
from tests.e2e.pages import Demonstration

pytestmark = pytest.mark.django_db(transaction=True)


def aller_a(page, nom: str, *, maximum: int = 80) -> None:
    """Press Tab until the focused control's name starts with `nom`; it must be visibly focused."""
    for _ in range(maximum):
        page.keyboard.press("Tab")
        if _nom_du_focus(page).startswith(nom):
            contour = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert contour != "none", f"« {nom} » has no visible focus"
            return
    raise AssertionError(f"« {nom} » is not reached by Tab")


def _nom_du_focus(page) -> str:
    return page.evaluate(
        """() => { const e = document.activeElement; if (!e) return "";
        const l = e.labels && e.labels.length ? e.labels[0].innerText : "";
        return (e.getAttribute("aria-label") || l || e.innerText || "").trim(); }"""
    )


def test_chercher_ouvrir_proposer_au_clavier(ouvrir):
    demonstration = Demonstration()
    structure = demonstration.structure()
    page = ouvrir()
    page.goto("/")
    page.keyboard.press("Tab")
    assert "Aller au contenu" in _nom_du_focus(page)
    page.keyboard.press("Enter")
    aller_a(page, "Nom, activité")
    page.keyboard.type(structure.nom)
    page.keyboard.press("Enter")
    page.wait_for_url("**/annuaire/?*")
    aller_a(page, structure.nom)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{structure.get_absolute_url()}")
    assert page.get_by_role("heading", level=1).inner_text().startswith(structure.nom.split(" (")[0])

    page.goto("/")
    aller_a(page, "Proposer une structure")
    page.keyboard.press("Enter")
    page.wait_for_url("**/annuaire/proposer/")
    aller_a(page, "Nom de la structure")
    page.keyboard.type("La Ruche du clavier")
    aller_a(page, "Ce qu'elle fait")
    page.keyboard.type("Des ateliers pour apprendre sans souris.")
    aller_a(page, "Votre adresse e-mail")
    page.keyboard.type("clavier@example.org")
    aller_a(page, "Envoyer la proposition")
    page.keyboard.press("Enter")
    page.wait_for_url("**envoyee=a_confirmer")
    assert Structure.objects.get(nom="La Ruche du clavier").etat == "brouillon"
    courriel = Courriel.objects.get(destinataire="clavier@example.org")
    lien = next(mot for mot in courriel.texte.split() if "/proposer/confirmer/" in mot)

    page.goto(lien)
    aller_a(page, "Confirmer")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert Structure.objects.get(nom="La Ruche du clavier").etat == "a_valider"


def test_chercher_sans_javascript(ouvrir):
    demonstration = Demonstration()
    structure = demonstration.structure()
    page = ouvrir(javascript=False)
    page.goto("/annuaire/")
    page.get_by_label("Nom, activité").fill(structure.nom)
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("link", name=structure.nom, exact=True).click()
    assert page.url.endswith(structure.get_absolute_url())


def test_une_faute_ne_perd_rien_et_mene_au_champ(ouvrir):
    Demonstration()
    page = ouvrir()
    page.goto("/annuaire/proposer/")
    page.get_by_label("Nom de la structure").fill("La Ruche du clavier")
    page.evaluate("document.querySelectorAll('form').forEach(f => f.noValidate = true)")
    page.get_by_role("button", name="Envoyer la proposition").click()
    page.wait_for_load_state()
    assert page.get_by_label("Nom de la structure").input_value() == "La Ruche du clavier"
    page.locator(".erreurs a, .message.erreurs a").first.click()
    assert page.evaluate("document.activeElement.name") in ("presentation", "courriel_proposition")
