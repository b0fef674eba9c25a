"""What the hub's staff needs to act: by structure and commune, what stays unanswered, unmet or refused.

Each function gives a Tableau in a constant number of queries; `limite` None: every row, for the spreadsheet.
"""

from datetime import timedelta

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q
from django.utils import timezone

from pole_ess.socle.tableaux import Tableau
from ressources.models import Annonce, MiseEnRelation, Reservation
from ressources.natures import PROFILS

from .comptes import BESOIN, OFFRE, restreindre

LIMITE = 30
"""Rows of a table on the page; its file has them all."""


class Mediane(Aggregate):
    """The middle value of an ordered set."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def _duree(depuis: str, jusqu_a: str) -> ExpressionWrapper:
    return ExpressionWrapper(F(jusqu_a) - F(depuis), output_field=DurationField())


def _jours(duree: timedelta | None):
    """Days and tenths; None when nothing was measured."""
    return None if duree is None else round(duree / timedelta(days=1), 1)


def _note(limite, lignes) -> str:
    if limite and len(lignes) >= limite:
        return f"Les {limite} premières lignes. Le fichier les a toutes."
    return ""


def _nom_de_nature(nature: str, categorie: str | None) -> str:
    return f"{PROFILS[nature].pluriel} : {categorie}" if categorie else f"{PROFILS[nature].pluriel}, sans catégorie"


def par_structure(periode, *, nature="", commune=None, limite=LIMITE) -> Tableau:
    """Who published most, what was met, and the answers that wait."""
    debut, fin = periode.bornes
    toutes = restreindre(Annonce.objects.order_by(), nature=nature, commune=commune)
    parues = (
        toutes.parues(debut, fin)
        .values("structure", "structure__nom")
        .annotate(
            offres=Count("pk", filter=Q(sens=OFFRE)), besoins=Count("pk", filter=Q(sens=BESOIN)), total=Count("pk")
        )
        .order_by("-total", "structure__tri", "structure")
    )
    parues = list(parues[:limite] if limite else parues)
    siennes = {"structure__in": [ligne["structure"] for ligne in parues]} if limite else {}
    pourvues = _nombres(toutes.pourvues_entre(debut, fin).filter(**siennes), "structure")
    recues = _relations(periode, nature, commune)
    if limite:
        recues = recues.filter(annonceur__in=siennes["structure__in"])
    reponses = {
        pk: (total, muettes)
        for pk, total, muettes in recues.values_list("annonceur").annotate(
            total=Count("pk"), muettes=Count("pk", filter=Q(repondue_le=None))
        )
    }
    lignes = [
        (
            ligne["structure__nom"],
            (
                ligne["offres"],
                ligne["besoins"],
                pourvues.get(ligne["structure"], 0),
                *reponses.get(ligne["structure"], (0, 0)),
            ),
        )
        for ligne in parues
    ]
    return Tableau(
        "structures",
        "Structures qui ont publié",
        ("Structure", "Offres parues", "Besoins parus", "Pourvus", "Réponses reçues", "Restées sans réponse"),
        tuple(lignes),
        note=_note(limite, lignes),
    )


def par_commune(periode, *, nature="", commune=None, limite=LIMITE) -> Tableau:
    """Where it is offered and sought: the commune of the announcement."""
    debut, fin = periode.bornes
    toutes = restreindre(Annonce.objects.order_by(), nature=nature, commune=commune)
    parues = (
        toutes.parues(debut, fin)
        .values("commune", "commune__nom")
        .annotate(
            offres=Count("pk", filter=Q(sens=OFFRE)),
            besoins=Count("pk", filter=Q(sens=BESOIN)),
            structures=Count("structure", distinct=True),
            total=Count("pk"),
        )
        .order_by("-total", "commune__tri", "commune")
    )
    parues = list(parues[:limite] if limite else parues)
    ici = {"commune__in": [ligne["commune"] for ligne in parues if ligne["commune"]]} if limite else {}
    pourvues = _nombres(toutes.pourvues_entre(debut, fin).filter(**ici), "commune")
    lignes = [
        (
            f"{ligne['commune__nom']} ({ligne['commune']})" if ligne["commune"] else "Commune inconnue",
            (ligne["offres"], ligne["besoins"], pourvues.get(ligne["commune"], 0), ligne["structures"]),
        )
        for ligne in parues
    ]
    return Tableau(
        "communes",
        "Communes des annonces",
        ("Commune", "Offres parues", "Besoins parus", "Pourvus", "Structures"),
        tuple(lignes),
        note=_note(limite, lignes),
    )


def _nombres(annonces, champ: str) -> dict:
    return dict(annonces.values_list(champ).annotate(Count("pk")))


def _relations(periode, nature, commune):
    debut, fin = periode.bornes
    demande = {"annonce__nature": nature, "annonce__commune": commune}
    return MiseEnRelation.objects.order_by().filter(
        cree_le__gte=debut, cree_le__lt=fin, **{nom: valeur for nom, valeur in demande.items() if valeur}
    )


def reponses(periode, *, nature="", commune=None) -> Tableau:
    """Answers by nature of the announcement: how many wait, and the days before the first word."""
    comptes = (
        _relations(periode, nature, commune)
        .values("annonce__nature")
        .annotate(
            total=Count("pk"),
            muettes=Count("pk", filter=Q(repondue_le=None)),
            conclues=Count("pk", filter=Q(etat="conclue")),
            mediane=Mediane(_duree("cree_le", "repondue_le"), filter=Q(repondue_le__isnull=False)),
        )
    )
    par_nature = {ligne["annonce__nature"]: ligne for ligne in comptes}
    lignes = [
        (profil.pluriel, (c["total"], c["muettes"], _jours(c["mediane"]), c["conclues"]))
        for nat, profil in PROFILS.items()
        if (c := par_nature.get(nat))
    ]
    return Tableau(
        "reponses",
        "Réponses aux annonces",
        ("Quoi", "Reçues", "Restées sans réponse", "Délai médian (jours)", "Échange conclu"),
        tuple(lignes),
        note="Réponses envoyées pendant la période. « Restées sans réponse » : la structure qui a publié n'a rien dit "
        "à ce jour, que la conversation soit encore ouverte ou close par le temps.",
    )


def besoins_non_satisfaits(periode, *, nature="", commune=None, limite=LIMITE) -> Tableau:
    """Needs published in the period that ended without being met, by category; and what is offered there today."""
    debut, fin = periode.bornes
    aujourdhui = timezone.localdate()
    finis = Q(etat="publiee", expire_le__lt=aujourdhui) | Q(etat__in=["retiree", "archivee"])
    besoins = restreindre(Annonce.objects.order_by(), nature=nature, commune=commune).filter(finis, sens=BESOIN)
    non_pourvus = besoins.parues(debut, fin).exclude(pk__in=besoins.pourvues_entre(debut, timezone.now()).values("pk"))
    groupes = (
        non_pourvus.values("nature", "categorie", "categorie__nom")
        .annotate(structures=Count("structure", distinct=True), total=Count("pk"))
        .order_by("-structures", "-total", "nature", "categorie__nom", "categorie")
    )
    groupes = list(groupes[:limite] if limite else groupes)
    offres = {
        (nat, categorie): compte
        for nat, categorie, compte in restreindre(Annonce.objects.order_by().a_saisir(), nature=nature, commune=commune)
        .filter(sens=OFFRE)
        .values_list("nature", "categorie")
        .annotate(Count("pk"))
    }
    lignes = [
        (
            _nom_de_nature(g["nature"], g["categorie__nom"]),
            (g["total"], g["structures"], offres.get((g["nature"], g["categorie"]), 0)),
        )
        for g in groupes
    ]
    return Tableau(
        "besoins",
        "Besoins restés sans suite",
        ("Catégorie", "Besoins", "Structures", "Offres ouvertes aujourd'hui"),
        tuple(lignes),
        note=" ".join(
            filter(None, ["Besoins parus pendant la période, expirés ou retirés sans être pourvus.",
                          _note(limite, lignes)])
        ),
    )  # fmt: skip


def reservations(periode, *, nature="", commune=None, limite=LIMITE) -> Tableau:
    """Bookings asked in the period, by category of what is lent: refused, undecided, and the days to decide."""
    debut, fin = periode.bornes
    demande = {"calendrier__annonce__nature": nature, "calendrier__annonce__commune": commune}
    groupes = (
        Reservation.objects.order_by()
        .filter(cree_le__gte=debut, cree_le__lt=fin, **{nom: valeur for nom, valeur in demande.items() if valeur})
        .values("calendrier__annonce__nature", "calendrier__annonce__categorie", "calendrier__annonce__categorie__nom")
        .annotate(
            total=Count("pk"),
            refusees=Count("pk", filter=Q(etat="refusee")),
            annulees=Count("pk", filter=Q(etat__in=["annulee", "non_venue"])),
            muettes=Count("pk", filter=Q(etat="demandee")),
            structures=Count("structure", distinct=True, filter=Q(etat="refusee")),
            mediane=Mediane(_duree("cree_le", "decidee_le"), filter=Q(decidee_le__isnull=False)),
        )
        .order_by("-refusees", "-total", "calendrier__annonce__nature", "calendrier__annonce__categorie")
    )
    groupes = list(groupes[:limite] if limite else groupes)
    lignes = [
        (
            _nom_de_nature(g["calendrier__annonce__nature"], g["calendrier__annonce__categorie__nom"]),
            (g["total"], g["refusees"], g["structures"], g["annulees"], g["muettes"], _jours(g["mediane"])),
        )
        for g in groupes
    ]
    return Tableau(
        "reservations",
        "Réservations demandées",
        ("Catégorie", "Demandes", "Refusées", "Structures refusées", "Annulées", "Sans décision",
         "Délai médian (jours)"),
        tuple(lignes),
        note=" ".join(
            filter(None, ["« Annulées » compte aussi celles où personne n'est venu.", _note(limite, lignes)])
        ),
    )  # fmt: skip
