"""The pages that the browser tests open, on the demonstration's data: (role, URL)."""

from datetime import timedelta

from django.utils import timezone

from annuaire.actions.fraicheur import lien_fraicheur
from annuaire.demonstration.comptes import COMPTES
from annuaire.models import Structure, Utilisateur
from newsletter.models import Abonne, Breve, Numero
from ressources.actions import annonces_rappels
from ressources.models import Annonce, Calendrier, SignalementAnnonce
from tests.bases import RESERVE
from tests.e2e.pages_annonces import pages_des_annonces
from tests.e2e.pages_benevolat import pages_benevolat
from tests.e2e.pages_bilans import pages_bilans
from tests.e2e.pages_comptes_rendus import pages_des_comptes_rendus
from tests.e2e.pages_demandes import pages_demandes
from tests.e2e.pages_heures import pages_heures
from tests.e2e.pages_invitations import pages_des_invitations
from tests.e2e.pages_lettre import pages_de_la_lettre
from tests.e2e.pages_mises_en_commun import pages_mises_en_commun
from tests.e2e.pages_notifications import pages_notifications
from tests.e2e.pages_observatoire import pages_de_l_observatoire
from tests.e2e.pages_ouvertes import pages_ouvertes
from tests.e2e.pages_papier import pages_papier
from tests.e2e.pages_recherche import pages_de_la_recherche
from tests.e2e.pages_redaction import pages_de_la_redaction
from tests.e2e.pages_registres import pages_des_registres, pages_des_registres_de_l_equipe
from tests.e2e.pages_rencontres import pages_des_rencontres
from tests.e2e.pages_resultats import pages_des_resultats
from tests.e2e.pages_sante import pages_de_la_sante
from tests.e2e.pages_suites import pages_de_l_equipe as pages_des_rencontres_de_l_equipe
from tests.e2e.pages_suites import pages_des_suites
from tests.e2e.pages_urgences import pages_urgences

ROLES = ["citoyen", "membre", "referent", "animateur", "administrateur"]


class Demonstration:
    """The demonstration in place of the test database; `compte(role)` is the account that `make demo` prints."""

    def __init__(self):
        RESERVE.demonstration()
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
            ("membre", fiche + "quitter/"),
            ("referent", "/compte/"),
            *[("referent", fiche + fin) for fin in ["modifier/", "photos/", "contacts/", "membres/", "confirmer/"]],
            ("referent", "/compte/2fa/"),
            *pages_de_la_recherche(),
            *pages_des_annonces(self),
            *self._pages_de_la_vie(),
            *self._pages_des_calendriers(),
            *pages_des_resultats(),
            *pages_des_invitations(),
            *pages_des_rencontres(),
            *pages_des_comptes_rendus(),
            *pages_des_suites(),
            *pages_de_la_lettre(),
            *pages_de_la_redaction(),
            *pages_mises_en_commun(self),
            *pages_benevolat(self),
            *pages_urgences(self),
            *pages_heures(self),
            *pages_notifications(self),
            *pages_bilans(self),
            *pages_demandes(self),
            *pages_de_l_observatoire(),
            *pages_des_registres(),
            *pages_ouvertes(),
            *pages_papier(),
            *pages_de_la_sante(),
        ]

    def _pages_des_calendriers(self):
        """A resource booked by days, a pool, a room by the hour that the neighbour lends; the next month has most."""
        barnum, chaises, salle = (
            Calendrier.objects.get(annonce__source_cle=cle).annonce for cle in ("barnum", "chaises", "salle-moulin")
        )
        mois = f"{timezone.localdate() + timedelta(days=14):%Y-%m}"
        salle_ici, fermeture = f"/offres-et-besoins/{salle.pk}/calendrier/", salle.calendrier.fermetures.first().pk
        reservation = salle.calendrier.reservations.filter(etat="confirmee").first()
        return [
            *[("visiteur", f"/offres-et-besoins/{a.pk}/calendrier/?mois={mois}") for a in (barnum, chaises)],
            ("visiteur", f"/offres-et-besoins/{barnum.pk}/calendrier/?mois={mois}&vue=liste"),
            ("voisin", salle_ici),
            *[("voisin", salle_ici + fin) for fin in ("reglages/", "fermer/", f"fermetures/{fermeture}/")],
            ("voisin", f"/offres-et-besoins/planning/{salle.structure.slug}/?mois={mois}"),
            ("voisin", "/offres-et-besoins/reservations/"),
            ("voisin", reservation.get_absolute_url()),
        ]

    def _pages_de_la_vie(self):
        """Closing, prolonging, opening again, reporting; the mailed link with its two pages."""
        siennes = Annonce.objects.filter(structure=self.structure()).order_by("pk")
        en_ligne = siennes.ouvertes().exclude(mises_en_relation=None).first() or siennes.ouvertes().first()
        close = siennes.filter(etat__in=["pourvue", "retiree"]).first()
        lien = annonces_rappels.lien(en_ligne)
        ici = f"/offres-et-besoins/{en_ligne.pk}/"
        return [
            ("visiteur", ici + "signaler/"),
            ("visiteur", lien),
            ("visiteur", lien + "?reponse=pourvue"),
            *[("referent", ici + fin) for fin in ("pourvue/", "retirer/", "prolonger/")],
            *([("referent", f"/offres-et-besoins/{close.pk}/rouvrir/")] if close else []),
            ("referent", en_ligne.get_absolute_url()),
        ]

    def pages_de_l_equipe(self) -> list[tuple[str, str]]:
        """The lists and, of announcements, the pages of one and of its acts."""
        annonce = Annonce.objects.filter(etat="a_valider").order_by("pk").first()
        signalement = SignalementAnnonce.objects.order_by("pk").first()
        une = f"/admin/ressources/annonce/{annonce.pk}/"
        suspendu = Abonne.objects.filter(etat="suspendu").order_by("pk").first()
        breve = Breve.objects.filter(etat="a_valider").order_by("pk").first()
        numero = Numero.objects.filter(etat="termine").order_by("pk").first()
        urls = [
            *PAGES_DE_L_EQUIPE,
            *[une + fin for fin in ("change/", "acte/publier/", "acte/refuser/", "history/")],
            f"/admin/newsletter/abonne/{suspendu.pk}/change/",
            f"/admin/newsletter/breve/{breve.pk}/change/",
            *["/admin/newsletter/numero/", f"/admin/newsletter/numero/{numero.pk}/change/"],
            f"/admin/ressources/signalementannonce/{signalement.pk}/change/",
            f"/admin/ressources/reglagesstructure/structure/{annonce.structure_id}/accorder/",
            *pages_des_rencontres_de_l_equipe(),
            *pages_des_registres_de_l_equipe(),
        ]
        return [("animateur", url) for url in urls]


PAGES_DU_VISITEUR = [
    "/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/donnees-personnelles/registre/",
    "/accessibilite/",
    "/annuaire/",
    "/annuaire/?q=zzzzqqqq&commune=Vichy",
    "/annuaire/?commune=Vichy&km=20&tri=distance",
    "/offres-et-besoins/chiffres/",
    "/offres-et-besoins/chiffres/?nature=materiel&commune=nulle-part&periode=1999",
    "/annuaire/proposer/",
    "/annuaire/proposer/?envoyee=a_confirmer",
    "/compte/login/",
    "/compte/login/code/",
    "/compte/signup/",
    "/compte/password/reset/",
    "/rencontres/rejoindre/",
]
PAGES_DE_L_EQUIPE = [
    "/admin/reunions/reunion/",
    "/admin/reunions/evenement/",
    "/admin/",
    "/admin/annuaire/structure/",
    "/admin/annuaire/structure/add/",
    "/admin/annuaire/modification/",
    "/admin/annuaire/rattachement/add/",
    "/admin/annuaire/signalement/",
    "/admin/annuaire/importstructures/",
    "/admin/ressources/bilan/chiffres/",
    "/admin/ressources/bilan/structures/",
    "/admin/ressources/coefficientestime/",
    "/admin/ressources/coefficientestime/add/",
    "/admin/ressources/annonce/",
    "/admin/ressources/signalementannonce/",
    "/admin/ressources/motdevigilance/",
    "/admin/ressources/motdevigilance/add/",
    "/admin/ressources/reglagesstructure/",
    "/admin/ressources/reglagesstructure/add/",
    "/admin/ressources/categorie/",
    "/admin/ressources/calendrier/",
    "/admin/socle/courriel/",
    "/admin/socle/reglagespole/",
    "/admin/ressources/importannonces/",
    "/admin/ressources/importannonces/add/",
    "/admin/ressources/reservation/",
    "/admin/ressources/partdelot/",
    "/admin/ressources/miseencommun/",
    "/admin/ressources/tournee/",
    "/admin/ressources/miseenrelation/",
    "/admin/ressources/bilan/",
    "/admin/reunions/action/",
    "/admin/reunions/projet/",
    "/admin/reunions/nouvelle/",
    "/admin/reunions/atelier/",
    "/admin/reunions/participant/",
    "/admin/reunions/postit/",
    "/admin/newsletter/abonne/?etat__exact=suspendu",
    "/admin/newsletter/abonne/add/",
    "/admin/newsletter/breve/",
    "/admin/newsletter/desabonnement/",
    "/admin/newsletter/importabonnes/",
    "/admin/newsletter/importabonnes/add/",
    "/admin/newsletter/mentionconsentement/add/",
]
