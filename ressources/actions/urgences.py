"""Urgent help: opening, widening, closing. The waves are in `urgences_vagues`, the answers in `urgences_reponses`.

    ouverte → pourvue | annulee | expiree      pourvue → ouverte (a helper withdraws)

Every act locks the urgency's row first, then its calls, and grows its version; mails are in the transaction.
"""

from django.db import transaction
from django.utils import timezone

from annuaire.models import Structure
from pole_ess.socle.courriel import deposer
from pole_ess.socle.file_attente import programmer
from pole_ess.socle.models import ReglagesPole
from ressources.actions import TransitionInterdite
from ressources.models import Appel, Urgence

TACHE = "ressources.avancer_urgence"
VAGUE_EQUIPE = 3
Etat = Urgence.Etat


class CleDejaUtilisee(TransitionInterdite):
    """The form's key has written another urgency."""


class TropDUrgences(TransitionInterdite):
    """The structure has opened too many in seven days."""


def verrouiller(urgence, *, sans_attendre=False) -> Urgence | None:
    """The fresh row, locked: first lock of every act. `sans_attendre`: None when another worker holds it."""
    lignes = Urgence.objects.select_for_update(of=("self",), skip_locked=sans_attendre)
    fraiche = lignes.select_related("structure", "commune", "categorie", "par").filter(pk=urgence).first()
    if fraiche is not None:
        fraiche.heure_connue = fraiche.prochaine_vague_le
    return fraiche


def enregistrer(fraiche, urgence=None) -> None:
    """Write a locked row after a change, queue its next wave if its hour moved; the caller's copy follows."""
    fraiche.version += 1
    fraiche.save()
    if fraiche.prochaine_vague_le not in (None, fraiche.heure_connue):
        programmer(TACHE, le=fraiche.prochaine_vague_le, urgence_id=fraiche.pk)
    if urgence is not None:
        for champ in ("confirmes", "etat", "autrement", "vague", "prochaine_vague_le", "version", "close_le"):
            setattr(urgence, champ, getattr(fraiche, champ))


def clore(fraiche, etat, *, autrement=False) -> None:
    """Write nothing: `enregistrer` follows."""
    fraiche.etat, fraiche.autrement = etat, autrement
    fraiche.close_le, fraiche.prochaine_vague_le = timezone.now(), None


@transaction.atomic
def ouvrir(*, structure, par, cle, **valeurs) -> Urgence:
    """A structure calls for help; the first wave leaves with the queue's next turn. The same `cle` twice writes once.

    Raises TransitionInterdite (the structure is not published), TropDUrgences, CleDejaUtilisee.
    """
    structure = Structure.objects.select_for_update(of=("self",), no_key=True).get(pk=structure.pk)
    if deja := Urgence.objects.filter(cle=cle).first():
        if (deja.structure_id, deja.par_id) != (structure.pk, par.pk):
            raise CleDejaUtilisee("Ce formulaire a déjà servi : relisez-le et envoyez-le de nouveau.")
        return deja
    if not structure.est_publiee:
        raise TransitionInterdite("Seule une structure publiée dans l'annuaire peut lancer un appel urgent.")
    maximum = ReglagesPole.actuels().urgences_par_semaine
    if structure.urgences.de_la_semaine().count() >= maximum:
        raise TropDUrgences(
            f"{structure.nom} a déjà lancé {maximum} appels urgents en sept jours : c'est le maximum, pour que les "
            "gens continuent à répondre. Publiez un besoin, ou appelez l'équipe du pôle."
        )
    maintenant = timezone.now()
    if valeurs["fin"] <= maintenant:
        raise TransitionInterdite("Cette heure est déjà passée.")
    urgence = Urgence(structure=structure, par=par, cle=cle, prochaine_vague_le=maintenant, **valeurs)
    urgence.save(force_insert=True)
    programmer(TACHE, urgence_id=urgence.pk)
    return urgence


@transaction.atomic
def elargir(urgence, *, vague) -> bool:
    """The next wave leaves now instead of at its hour; False when it left since the page showed `vague`."""
    fraiche = verrouiller(urgence.pk)
    if not fraiche.est_ouverte:
        raise TransitionInterdite(f"Cette urgence est {fraiche.get_etat_display()} : il n'y a plus personne à appeler.")
    if fraiche.vague != vague:
        return False
    if fraiche.vague >= VAGUE_EQUIPE:
        raise TransitionInterdite("Tout le monde est déjà prévenu, l'équipe du pôle aussi.")
    fraiche.prochaine_vague_le = timezone.now()
    enregistrer(fraiche, urgence)
    return True


@transaction.atomic
def annuler(urgence, *, motif="") -> None:
    """No need any more: those who were called are told once. Done twice, it is done once."""
    fraiche = verrouiller(urgence.pk)
    if fraiche.etat == Etat.ANNULEE:
        return
    if fraiche.etat not in (Etat.OUVERTE, Etat.POURVUE):
        raise TransitionInterdite(f"Cette urgence est {fraiche.get_etat_display()} : elle ne peut plus être annulée.")
    clore(fraiche, Etat.ANNULEE)
    prevenir(fraiche, "annulee", [Appel.Etat.ENVOYE, Appel.Etat.OUI, Appel.Etat.RESERVE], motif=motif)
    liberer(fraiche)
    enregistrer(fraiche, urgence)


@transaction.atomic
def pourvoir_autrement(urgence) -> None:
    """The structure found somebody by itself. Those confirmed still come; the others are told once."""
    fraiche = verrouiller(urgence.pk)
    if fraiche.etat == Etat.POURVUE:
        return
    if not fraiche.est_ouverte:
        raise TransitionInterdite(f"Cette urgence est {fraiche.get_etat_display()} : rien n'a changé.")
    clore(fraiche, Etat.POURVUE, autrement=True)
    prevenir(fraiche, "trouvee", [Appel.Etat.ENVOYE])
    liberer(fraiche)
    enregistrer(fraiche, urgence)


def prevenir(fraiche, evenement, etats, **contexte) -> None:
    """One short mail to each person called whose call is in `etats`; never twice for the same closing."""
    appels = fraiche.appels.filter(etat__in=etats, utilisateur__isnull=False).select_related("utilisateur")
    for appel in appels.order_by("pk"):
        deposer(
            "urgence_close",
            a=appel.utilisateur.email,
            utilisateur=appel.utilisateur,
            objet=appel,
            contexte={"urgence": fraiche, "appel": appel, "evenement": evenement, "motif": "", **contexte},
            cle_unicite=f"urgence-close-{appel.pk}-{appel.envois}-{evenement}",
        )


def liberer(fraiche) -> None:
    """Calls still open, or held back, come too late."""
    ouverts = [Appel.Etat.ENVOYE, Appel.Etat.PREVU]
    fraiche.appels.filter(etat__in=ouverts).update(etat=Appel.Etat.TROP_TARD, envoyer_le=None)
