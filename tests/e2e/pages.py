"""The pages that the browser tests open, on the demonstration's data: (role, URL)."""

from django.core.management import call_command
from django.test import override_settings

from annuaire.actions.fraicheur import lien_fraicheur
from annuaire.demonstration.comptes import COMPTES
from annuaire.models import Structure, Utilisateur
from tests.e2e.pages_annonces import pages_des_annonces

ROLES = ["citoyen", "membre", "referent", "animateur", "administrateur"]


class Demonstration:
    """The demonstration loaded in the test database; `compte(role)` is the account that `make demo` prints."""

    def __init__(self):
        with override_settings(DEMO=True):  # it refuses to load elsewhere
            call_command("charger_demonstration", verbosity=0)
        self.adresses = {courriel.split("@")[0]: courriel for _, courriel, _ in COMPTES}

    def compte(self, role):
        return None if role == "visiteur" else Utilisateur.objects.get(email=self.adresses[role])

    def structure(self) -> Structure:
        """The structure of the demonstration's référent: its sheet has everything."""
        return self.compte("referent").rattachements.get(role="referent", etat="actif").structure

    def pages(self) -> list[tuple[str, str]]:
        structure = self.structure()
        fiche = structure.get_absolute_url()
        nue = Structure.objects.publiees().filter(est_demonstration=False).order_by("pk").first()
        return [
            *[("visiteur", url) for url in PAGES_DU_VISITEUR],
            *[("visiteur", fiche + fin) for fin in ["", "ecrire/", "signaler/", "retirer/"]],
            ("visiteur", nue.get_absolute_url()),
            ("visiteur", lien_fraicheur(structure)),
            ("visiteur", lien_fraicheur(structure) + "?corriger"),
            *[("citoyen", url) for url in ["/compte/", "/compte/profil/", "/compte/donnees/", "/compte/email/"]],
            ("citoyen", fiche + "revendiquer/"),
            ("membre", fiche),
            ("membre", fiche + "membres/"),
            ("membre", fiche + "quitter/"),
            ("referent", "/compte/"),
            *[("referent", fiche + fin) for fin in ["modifier/", "photos/", "contacts/", "membres/", "confirmer/"]],
            ("referent", "/compte/2fa/"),
            *pages_des_annonces(self),
        ]


PAGES_DU_VISITEUR = [
    "/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/accessibilite/",
    "/annuaire/",
    "/annuaire/?q=mediateque",
    "/annuaire/?q=zzzzqqqq&commune=Vichy",
    "/annuaire/?commune=Vichy&km=20&tri=distance",
    "/annuaire/donnees-ouvertes/",
    "/offres-et-besoins/chiffres/",
    "/offres-et-besoins/chiffres/?nature=materiel&commune=nulle-part&periode=1999",
    "/annuaire/proposer/",
    "/annuaire/proposer/?envoyee=a_confirmer",
    "/compte/login/",
    "/compte/login/code/",
    "/compte/signup/",
    "/compte/password/reset/",
]
PAGES_DE_L_EQUIPE = [
    "/admin/",
    "/admin/annuaire/structure/",
    "/admin/annuaire/structure/add/",
    "/admin/annuaire/modification/",
    "/admin/annuaire/signalement/",
    "/admin/annuaire/importstructures/",
    "/admin/ressources/bilan/chiffres/",
    "/admin/socle/courriel/",
    "/admin/socle/reglagespole/",
    "/admin/ressources/importannonces/",
    "/admin/ressources/importannonces/add/",
    "/admin/ressources/reservation/",
    "/admin/ressources/partdelot/",
    "/admin/ressources/tournee/",
    "/admin/ressources/miseenrelation/",
    "/admin/ressources/bilan/",
]
