"""The tools of one meeting, with the state of each: the staff's hub page."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse

from pole_ess.socle.templatetags.francais import nombre, pluriel
from reunions.models import Action, Atelier, CompteRendu, Enonce, Participation, TourDeTable


@dataclass(frozen=True)
class Outil:
    """`etat`: in words; `fait`: nothing more is expected of it."""

    nom: str
    url: str
    etat: str
    fait: bool = False


def _adresse(nom, *arguments) -> str:
    """Empty while the page does not exist."""
    try:
        return reverse(f"reunions:{nom}", args=arguments)
    except NoReverseMatch:
        return ""


def _compte(nombre_de, formes) -> str:
    return f"{nombre(nombre_de)} {pluriel(nombre_de, formes)}"


def de_la_reunion(reunion) -> list[Outil]:
    """Those that have a page."""
    return [outil for outil in tous(reunion) if outil.url]


def tous(reunion) -> list[Outil]:
    """In the order in which a meeting is run. Seven queries."""
    gens = Participation.objects.filter(reunion=reunion).aggregate(
        invitees=Count("pk", filter=Q(invitee_le__isnull=False)),
        toutes=Count("pk"),
        viennent=Count("pk", filter=Q(reponse="present")),
        attendues=Count("pk", filter=Q(reponse="attendue", presence="inconnue")),
        presentes=Count("pk", filter=Q(presence="present")),
    )
    return [
        _invitations(reunion, gens),
        _diagnostic(reunion),
        _presences(reunion, gens),
        _tour_de_table(reunion),
        _atelier(reunion),
        _compte_rendu(reunion),
        _actions(reunion),
    ]


def _invitations(reunion, gens) -> Outil:
    if not gens["toutes"]:
        etat = "personne n'est encore invité"
    else:
        envoyees = _compte(gens["invitees"], "invitation envoyée,invitations envoyées")
        viennent = _compte(gens["viennent"], "personne vient,personnes viennent")
        etat = f"{envoyees}, {viennent}, {gens['attendues']} sans réponse"
    return Outil("Invitations et réponses", _adresse("invitations", reunion.pk), etat, bool(gens["invitees"]))


def _diagnostic(reunion) -> Outil:
    enonces = Enonce.objects.filter(reunion=reunion).count()
    etat = _compte(enonces, "énoncé,énoncés") if enonces else "aucun énoncé"
    return Outil("Diagnostic à valider ensemble", _adresse("diagnostic", reunion.pk), etat, bool(enonces))


def _presences(reunion, gens) -> Outil:
    venues = gens["presentes"]
    etat = _compte(venues, "personne présente,personnes présentes") if venues else "personne n'est encore pointé"
    return Outil("Accueil et feuille de présence", _adresse("presences", reunion.pk), etat, bool(venues))


def _tour_de_table(reunion) -> Outil:
    tours = TourDeTable.objects.filter(reunion=reunion).count()
    etat = _compte(tours, "tour de parole,tours de parole") if tours else "pas encore dressé"
    return Outil("Tour de table", _adresse("tour_de_table", reunion.pk), etat, bool(tours))


def _atelier(reunion) -> Outil:
    atelier = Atelier.objects.filter(reunion=reunion).annotate(nb_axes=Count("axes")).first()
    if atelier is None:
        return Outil("Atelier de post-it", _adresse("atelier", reunion.pk), "pas encore préparé")
    etat = f"{atelier.get_phase_display()}, {_compte(atelier.nb_axes, 'axe,axes')}"
    return Outil("Atelier de post-it", _adresse("atelier", reunion.pk), etat, atelier.phase == Atelier.Phase.CLOS)


def _compte_rendu(reunion) -> Outil:
    minutes = CompteRendu.objects.filter(reunion=reunion).first()
    etat = minutes.get_etat_display() if minutes else "pas encore commencé"
    fini = minutes is not None and minutes.etat in ("publie", "approuve")
    return Outil("Compte rendu", _adresse("compte_rendu_rediger", reunion.pk), etat, fini)


def _actions(reunion) -> Outil:
    siennes = Action.objects.filter(reunion=reunion)
    comptes = siennes.aggregate(toutes=Count("pk"), ouvertes=Count("pk", filter=Q(etat__in=["a_faire", "en_cours"])))
    if not comptes["toutes"]:
        return Outil("Actions décidées", _adresse("actions"), "aucune pour le moment")
    etat = f"{_compte(comptes['toutes'], 'action décidée,actions décidées')}, {comptes['ouvertes']} à faire"
    liste = _adresse("actions")
    return Outil("Actions décidées", liste and f"{liste}?reunion={reunion.pk}", etat, not comptes["ouvertes"])
