"""The pages of offers and needs that the browser tests open, on the demonstration's data: (role, URL)."""

from django.urls import reverse

from pole_ess.socle import liens
from ressources.actions.relations_courriels import REPONSE, SUITES, lien
from ressources.models import Alerte, Annonce, MiseEnRelation, PartDeLot, Reservation, Tournee

BASE = "/offres-et-besoins/"


def pages_des_annonces(demonstration) -> list[tuple[str, str]]:
    referent = demonstration.compte("referent")
    sienne = demonstration.structure()
    brouillon = sienne.annonces.get(etat="brouillon").pk
    lot = sienne.annonces.get(partage="choisi")
    pretee = sienne.annonces.get(etat="publiee", partage="")
    artiste = Annonce.objects.get(tournees__isnull=False)
    autre = Annonce.objects.publiees().filter(calendrier__pas="heure").first()
    besoin = Annonce.objects.ouvertes().filter(sens="besoin", nature="materiel").order_by("pk").first()
    recues = MiseEnRelation.objects.filter(annonceur=sienne)
    premiere = recues.filter(etat="proposee").first()
    demandee = Reservation.objects.de(referent).get(etat="demandee").pk
    remise = Reservation.objects.de(referent).get(etat="remise").pk
    part = PartDeLot.objects.filter(annonce=lot, etat="demandee").first().pk
    alerte = Alerte.objects.filter(utilisateur=referent).first()
    donnee = photo_de(pretee)
    arret = reverse("ressources:alerte_arreter", args=[liens.signer("alerte", {"a": alerte.pk})])
    en_discussion = MiseEnRelation.objects.filter(etat="interessee").first()
    return [
        *[("visiteur", BASE + fin) for fin in LISTES],
        *[("visiteur", url) for url in detail_de_chaque_nature()],
        ("visiteur", f"{BASE}tournees/"),
        ("visiteur", Tournee.objects.get(annonce=artiste).get_absolute_url()),
        ("visiteur", lien(REPONSE, premiere, "annonceur")),
        ("visiteur", lien(SUITES, en_discussion, "structure")),
        ("visiteur", arret),
        ("citoyen", f"{BASE}publier/"),
        ("citoyen", f"{BASE}{pretee.pk}/repondre/"),
        ("citoyen", f"{BASE}messages/"),
        *[("referent", BASE + fin) for fin in PAGES_DU_REFERENT],
        ("referent", lot.get_absolute_url()),
        *[("referent", f"{BASE}{brouillon}/{fin}/") for fin in ["modifier", "apercu"]],
        *[("referent", f"{BASE}{pretee.pk}/{fin}/") for fin in ["modifier", "photos", "fichiers"]],
        ("referent", f"{BASE}{pretee.pk}/photos/{donnee}/"),
        ("referent", f"{BASE}{besoin.pk}/repondre/"),
        ("referent", f"{BASE}{autre.pk}/reserver/"),
        ("referent", f"{BASE}messages/{premiere.pk}/"),
        ("referent", f"{BASE}messages/{premiere.pk}/decliner/"),
        *[("referent", f"{BASE}reservations/{pk}/") for pk in [demandee, remise]],
        ("referent", f"{BASE}{lot.pk}/lot/"),
        ("referent", f"{BASE}{lot.pk}/parts/{part}/"),
        ("referent", f"{BASE}alertes/{alerte.pk}/"),
        ("animateur", f"{BASE}publier/?sens=offre&nature=local"),
        ("animateur", f"{BASE}{artiste.pk}/tournees/nouvelle/"),
    ]


LISTES = [
    "",
    "?q=video&nature=materiel&sens=offre&autour=Vichy&km=20",
    "?vue=liste&tri=expire&prix_max=60",
    "?q=zzzzqqqq",
]
PAGES_DU_REFERENT = [
    "",
    "mes-annonces/",
    "publier/",
    "publier/?sens=offre&nature=materiel",
    "publier/?sens=besoin&nature=artiste",
    "messages/",
    "rapprochements/",
    "alertes/",
]


def detail_de_chaque_nature() -> list[str]:
    """One open announcement of each nature, offers and needs by turns."""
    ouvertes = Annonce.objects.ouvertes().order_by("nature", "-pk").distinct("nature")
    return [annonce.get_absolute_url() for annonce in ouvertes]


def photo_de(annonce) -> int:
    return annonce.photos.first().pk
