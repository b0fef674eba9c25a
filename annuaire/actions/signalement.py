"""What visitors report on a sheet, and what the hub's team makes of it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from annuaire.actions import TransitionInterdite
from annuaire.models import Signalement, Structure
from pole_ess.socle.courriel import deposer
from pole_ess.socle.limites import compter
from pole_ess.socle.models import Courriel, ReglagesPole

HEURE = 3600
JOUR = 24 * HEURE


def compter_envoi(structure, *, genre: str, reseau: str) -> None:
    """Count one report against the limits; raises LimiteDepassee. Outside the act's transaction.

    5 an hour and 20 a day for a network; 30 a day of one kind for a structure.
    """
    compter(f"signalement:reseau:{reseau}:heure", maximum=5, secondes=HEURE)
    compter(f"signalement:reseau:{reseau}:jour", maximum=20, secondes=JOUR)
    compter(f"signalement:{genre}:structure:{structure.pk}", maximum=30, secondes=JOUR)


def deja_recu(structure, *, genre: str, nom: str, courriel: str, texte: str) -> Signalement | None:
    """The same report, word for word, still waiting and less than a day old: a double submit."""
    return (
        structure.signalements.a_traiter()
        .filter(
            genre=genre,
            nom=nom,
            courriel=courriel,
            texte=texte,
            cree_le__gte=timezone.now() - timedelta(days=1),
        )
        .order_by("pk")
        .first()
    )


@transaction.atomic
def signaler(structure, *, genre: str, nom: str = "", courriel: str = "", texte: str = "") -> Signalement:
    """Record a report and mail it to the hub's team; the same one again, within a day, acts once.

    `genre` « retrait » is a person's request to be removed (RGPD art. 17): the answer is due within a month
    (art. 12.3). Staff do the removal with annuaire.actions.effacement, then `traiter` this.
    """
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    deja = deja_recu(structure, genre=genre, nom=nom, courriel=courriel, texte=texte)
    if deja is not None:
        return deja
    signalement = Signalement.objects.create(structure=structure, genre=genre, nom=nom, courriel=courriel, texte=texte)
    deposer(
        f"signalement_{genre}",
        a=ReglagesPole.actuels().courriel_equipe,
        contexte={"signalement": signalement, "structure": structure},
        objet=signalement,
        repondre_a=courriel,
    )
    return signalement


def traiter(signalement, *, par, reponse: str) -> Signalement:
    """The team has done what was asked; the author is told, when they left an address."""
    return _clore(signalement, etat=Signalement.Etat.TRAITE, par=par, reponse=reponse)


def rejeter(signalement, *, par, reponse: str) -> Signalement:
    """The team will not act, and `reponse` says why; the author is told, when they left an address."""
    if not reponse.strip():
        raise ValueError("a refusal says why")
    return _clore(signalement, etat=Signalement.Etat.REJETE, par=par, reponse=reponse)


@transaction.atomic
def _clore(signalement, *, etat, par, reponse: str) -> Signalement:
    """Raises TransitionInterdite when the report is already closed, by a colleague for instance."""
    signalement = Signalement.objects.select_for_update(of=("self",)).select_related("structure").get(pk=signalement.pk)
    if signalement.etat != Signalement.Etat.A_TRAITER:
        raise TransitionInterdite(f"Ce signalement est déjà clos ({signalement.get_etat_display()}).")
    signalement.etat = etat
    signalement.reponse = reponse.strip()
    signalement.traite_par = par
    signalement.traite_le = timezone.now()
    signalement.save(update_fields=["etat", "reponse", "traite_par", "traite_le"])
    if signalement.courriel:
        deposer(
            "signalement_reponse",
            a=signalement.courriel,
            contexte={"signalement": signalement, "structure": signalement.structure},
            objet=signalement,
            repondre_a=ReglagesPole.actuels().courriel_equipe,
        )
    return signalement


@transaction.atomic
def purger() -> int:
    """Delete reports closed for more than twelve months, and their mails; how many reports."""
    cles = [str(pk) for pk in Signalement.objects.perimes().values_list("pk", flat=True)]
    Courriel.objects.filter(objet_type=Signalement._meta.label_lower, objet_id__in=cles).delete()
    Signalement.objects.filter(pk__in=cles).delete()
    return len(cles)
