"""Announcements that wait for the hub's staff, for the admin's home: one query."""

from django.db.models import Count, Min, Q
from django.urls import reverse

from pole_ess.socle.attentes import Attente
from ressources.models import Annonce

GRAVES = ["deplacee", "trompeuse"]


def des_annonces(utilisateur) -> list[Attente]:
    """Those to validate and the reports have a person waiting: pressing. Edits to read again are in line already."""
    if not utilisateur.has_perm("ressources.change_annonce"):
        return []
    a_valider, a_relire = Q(etat="a_valider"), Q(etat="publiee", a_relire_depuis__isnull=False)
    signales = Q(signalements__etat="a_traiter")
    graves = signales & Q(signalements__genre__in=GRAVES)
    autres = signales & ~Q(signalements__genre__in=GRAVES)
    comptes = (
        Annonce.objects.order_by()
        .filter(a_valider | a_relire | signales)
        .aggregate(
            a_valider=Count("pk", filter=a_valider, distinct=True),
            depuis_a_valider=Min("soumise_le", filter=a_valider),
            a_relire=Count("pk", filter=a_relire, distinct=True),
            depuis_a_relire=Min("a_relire_depuis", filter=a_relire),
            graves=Count("signalements", filter=graves, distinct=True),
            depuis_graves=Min("signalements__cree_le", filter=graves),
            autres=Count("signalements", filter=autres, distinct=True),
            depuis_autres=Min("signalements__cree_le", filter=autres),
        )
    )
    annonces = reverse("admin:ressources_annonce_changelist")
    signalements = reverse("admin:ressources_signalementannonce_changelist") + "?etat__exact=a_traiter"
    lignes = [
        ("graves", "Annonces signalées comme trompeuses, déplacées ou illégales",
         f"{signalements}&genre__in={','.join(GRAVES)}", "À lire tout de suite : elles sont peut-être encore en ligne.",
         True),
        ("a_valider", "Annonces à valider", f"{annonces}?travail=a_valider",
         "Publier, demander une correction ou refuser.", True),
        ("autres", "Autres signalements d'annonces", f"{signalements}&genre__in=deja_pourvue,autre",
         "« Plus disponible » : le portail a demandé à la structure.", False),
        ("a_relire", "Annonces modifiées à relire", f"{annonces}?travail=a_relire", "Elles sont déjà en ligne.", False),
    ]  # fmt: skip
    return [
        Attente(titre, comptes[nom], url, comptes[f"depuis_{nom}"], aide, pressant=pressant)
        for nom, titre, url, aide, pressant in lignes
    ]
