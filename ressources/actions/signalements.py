"""What people report about announcements, what happens at once, and what the hub's team makes of it.

- Misleading, out of place, another reason: the team is mailed at once.
- « N'est plus disponible »: its structure is asked, and its answer closes the report.
- VOIX serious reports hide the announcement until the team has read it again. Only members of published structures
  count, one voice a person and one a structure, and never the announcement's own: anybody can be heard, but hiding
  takes three people whom the hub or their structures know. Reports older than the team's last reading do not count.
"""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from annuaire.models import Rattachement
from pole_ess.socle.courriel import deposer
from pole_ess.socle.limites import compter
from pole_ess.socle.models import Courriel, ReglagesPole
from ressources.models import Annonce, SignalementAnnonce

from . import TransitionInterdite, annonces_rappels, publication

Genre, Etat = SignalementAnnonce.Genre, SignalementAnnonce.Etat
GRAVES = (Genre.TROMPEUSE, Genre.DEPLACEE)
VOIX = 3
HEURE, JOUR = 3600, 86400
CONSERVATION = timedelta(days=365)
RAISON = "Plusieurs structures l'ont signalée : l'équipe du pôle la relit avant de la remettre en ligne."
TOUJOURS = "La structure confirme que son annonce est toujours valable."
PARTIE = "La structure a fermé son annonce : merci de l'avoir signalé."


class CleDejaUtilisee(TransitionInterdite):
    """The form's key has written another report."""


def compter_envoi(annonce, *, reseau: str, utilisateur=None, courriel: str = "") -> None:
    """Count one report against the limits; raises LimiteDepassee. Outside the act's transaction.

    5 an hour and 20 a day for a network, 10 a day for an account or an address, 30 a day for an announcement.
    """
    compter(f"signalement-annonce:reseau:{reseau}:heure", maximum=5, secondes=HEURE)
    compter(f"signalement-annonce:reseau:{reseau}:jour", maximum=20, secondes=JOUR)
    if utilisateur is not None:
        compter(f"signalement-annonce:compte:{utilisateur.pk}", maximum=10, secondes=JOUR)
    if courriel:
        adresse = hashlib.sha256(courriel.lower().encode()).hexdigest()[:32]
        compter(f"signalement-annonce:adresse:{adresse}", maximum=10, secondes=JOUR)
    compter(f"signalement-annonce:annonce:{annonce.pk}", maximum=30, secondes=JOUR)


def deja_recu(annonce, cle) -> SignalementAnnonce | None:
    """The report that a form of this key has made. Raises CleDejaUtilisee when it was about another announcement."""
    deja = SignalementAnnonce.objects.filter(cle=cle).first()
    if deja is not None and deja.annonce_id != annonce.pk:
        raise CleDejaUtilisee("Ce formulaire a déjà servi : relisez-le et envoyez-le de nouveau.")
    return deja


@transaction.atomic
def signaler(annonce, *, genre, texte="", courriel="", auteur=None, cle) -> SignalementAnnonce:
    """Record a report; the same `cle` twice writes once. See this module for what it sets off."""
    fraiche = Annonce.objects.select_for_update(of=("self",)).select_related("structure", "auteur").get(pk=annonce.pk)
    if deja := deja_recu(fraiche, cle):
        return deja
    signalement = SignalementAnnonce.objects.create(
        annonce=fraiche, genre=genre, texte=texte, courriel="" if auteur else courriel, auteur=auteur, cle=cle
    )
    if genre == Genre.DEJA_POURVUE:
        _demander_a_la_structure(fraiche)
        return signalement
    cachee = genre in GRAVES and fraiche.etat == Annonce.Etat.PUBLIEE and voix(fraiche) >= VOIX
    if cachee:
        publication.remettre_en_validation(fraiche, raison=RAISON)
        annonce.etat = fraiche.etat
    deposer(
        "signalement_annonce",
        a=ReglagesPole.actuels().courriel_equipe,
        objet=signalement,
        repondre_a=adresse_de(signalement),
        contexte={"signalement": signalement, "annonce": fraiche, "cachee": cachee},
    )
    return signalement


def _demander_a_la_structure(annonce) -> None:
    """« Is it still there? », once a week at most whatever is reported."""
    if annonce.etat == Annonce.Etat.PUBLIEE:
        semaine = timezone.localdate().isocalendar()
        annonces_rappels.demander(annonce, "signalee", unique=f"signalee-{semaine.year}-{semaine.week}")


def voix(annonce) -> int:
    """Serious reports since the team last had it to read, one a person and one a structure."""
    graves = annonce.signalements.filter(etat=Etat.A_TRAITER, genre__in=GRAVES, auteur__is_active=True)
    lue = annonce.history.filter(etat=Annonce.Etat.A_VALIDER).order_by("history_date").last()
    if lue is not None:
        graves = graves.filter(cree_le__gt=lue.history_date)
    liens = Rattachement.objects.filter(
        utilisateur__in=graves.values("auteur"), etat="actif", structure__etat="publiee"
    ).exclude(structure=annonce.structure_id)
    structures_de = {}
    for personne, structure in liens.order_by("pk").values_list("utilisateur", "structure"):
        structures_de.setdefault(personne, []).append(structure)
    return _paires(structures_de)


def _paires(structures_de: dict) -> int:
    """The most people who can each speak for a structure of their own (maximum matching, augmenting paths)."""
    porte_parole = {}

    def placer(personne, vues) -> bool:
        for structure in structures_de[personne]:
            if structure in vues:
                continue
            vues.add(structure)
            if structure not in porte_parole or placer(porte_parole[structure], vues):
                porte_parole[structure] = personne
                return True
        return False

    return sum(placer(personne, set()) for personne in structures_de)


def adresse_de(signalement) -> str:
    """Where to answer its author, empty when they left no address."""
    return signalement.auteur.email if signalement.auteur else signalement.courriel


def traiter(signalement, *, par, reponse: str = "") -> SignalementAnnonce:
    """The team has done what was needed; the author is told, when there is an address."""
    return _clore(signalement, etat=Etat.TRAITE, par=par, reponse=reponse)


def rejeter(signalement, *, par, reponse: str) -> SignalementAnnonce:
    """The team will not act, and `reponse` says why."""
    if not (reponse or "").strip():
        raise ValueError("Dites pourquoi : la raison est envoyée à la personne.")
    return _clore(signalement, etat=Etat.REJETE, par=par, reponse=reponse)


@transaction.atomic
def _clore(signalement, *, etat, par, reponse) -> SignalementAnnonce:
    """Raises TransitionInterdite when it is closed already, by a colleague for instance."""
    fraiche = (
        SignalementAnnonce.objects.select_for_update(of=("self",))
        .select_related("annonce", "auteur")
        .get(pk=signalement.pk)
    )
    if fraiche.etat != Etat.A_TRAITER:
        raise TransitionInterdite(f"Ce signalement est déjà clos ({fraiche.get_etat_display()}).")
    fraiche.etat, fraiche.reponse = etat, reponse.strip()
    fraiche.traite_par, fraiche.traite_le = par, timezone.now()
    fraiche.save(update_fields=["etat", "reponse", "traite_par", "traite_le"])
    if adresse := adresse_de(fraiche):
        deposer(
            "signalement_annonce_reponse",
            a=adresse,
            utilisateur=fraiche.auteur,
            objet=fraiche,
            repondre_a=ReglagesPole.actuels().courriel_equipe,
            contexte={"signalement": fraiche, "annonce": fraiche.annonce},
        )
    return fraiche


def repondre_sur_la_disponibilite(annonce, *, disponible: bool) -> int:
    """The structure has answered: reports that it was gone are closed, without the team. How many."""
    recus = annonce.signalements.filter(etat=Etat.A_TRAITER, genre=Genre.DEJA_POURVUE).order_by("pk")
    nombre = 0
    for signalement in recus:
        try:
            if disponible:
                rejeter(signalement, par=None, reponse=TOUJOURS)
            else:
                traiter(signalement, par=None, reponse=PARTIE)
        except TransitionInterdite:  # the team has just answered
            continue
        nombre += 1
    return nombre


@transaction.atomic
def purger() -> int:
    """Delete reports closed for more than twelve months, and their mails; how many reports."""
    perimes = SignalementAnnonce.objects.exclude(etat=Etat.A_TRAITER).filter(
        traite_le__lt=timezone.now() - CONSERVATION
    )
    cles = [str(pk) for pk in perimes.values_list("pk", flat=True)]
    Courriel.objects.filter(objet_type=SignalementAnnonce._meta.label_lower, objet_id__in=cles).delete()
    SignalementAnnonce.objects.filter(pk__in=cles).delete()
    return len(cles)
