"""« Je peux », « je ne peux pas », « je ne peux plus »: what a person called answers, with or without an account.

    envoye → oui | non      pourvue: envoye | trop_tard → reserve      oui → desiste: the reserve is called again

The urgency's row is locked first: of two « je peux » at once, as many as there are places are confirmed. An answer
given twice is given once.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from pole_ess.socle import liens
from pole_ess.socle.courriel import deposer
from ressources.actions import TransitionInterdite
from ressources.models import Appel, Urgence

from .urgences import VAGUE_EQUIPE, clore, enregistrer, liberer, prevenir, verrouiller
from .urgences_courriels import au_demandeur
from .urgences_vagues import JOURS_LIEN, OBJECTIF, envoyer_ou_prevoir, fin_du_calme, lien, preferences_verrouillees

Etat = Appel.Etat
OUBLI = timedelta(days=90)
"""How long the names and phones that were exchanged are kept after the end."""


def lire_lien(jeton) -> Appel:
    """The call of a mailed link. Raises LienInvalide, Appel.DoesNotExist (erased, or its account is closed)."""
    charge = liens.lire(OBJECTIF, jeton, jours=JOURS_LIEN)
    appels = Appel.objects.select_related("urgence__structure", "urgence__commune", "utilisateur", "structure")
    return appels.get(pk=charge["a"], utilisateur__is_active=True)


def _verrouiller(appel) -> tuple[Urgence, Appel]:
    """(urgency, call), fresh and locked in this order."""
    urgence = verrouiller(appel.urgence_id)
    ligne = Appel.objects.select_for_update(of=("self",)).select_related("utilisateur", "structure").get(pk=appel.pk)
    ligne.urgence = urgence
    return urgence, ligne


def _noter(ligne, appel, etat) -> None:
    ligne.etat, ligne.reponse_le, ligne.envoyer_le = etat, timezone.now(), None
    ligne.save()
    for champ in ("etat", "reponse_le", "envoyer_le", "nom", "telephone", "message"):
        setattr(appel, champ, getattr(ligne, champ))
    appel.urgence = ligne.urgence


@transaction.atomic
def accepter(appel, *, nom, telephone, message="") -> Appel:
    """« Je peux »: confirmed while somebody is looked for, kept in reserve when all are found.

    Both sides get each other's contact; the last one confirmed closes the urgency, and the others called are told.
    Raises TransitionInterdite when it was cancelled, is past, or was met by other means.
    """
    urgence, ligne = _verrouiller(appel)
    if ligne.etat in (Etat.OUI, Etat.RESERVE):
        appel.etat, appel.urgence = ligne.etat, urgence
        return ligne
    if urgence.etat in (Urgence.Etat.ANNULEE, Urgence.Etat.EXPIREE) or urgence.est_passee:
        raise TransitionInterdite("Trop tard : cet appel est terminé. Merci d'avoir voulu aider.")
    if urgence.autrement:
        raise TransitionInterdite("La structure a trouvé quelqu'un par ailleurs. Merci d'avoir voulu aider.")
    ligne.nom, ligne.telephone, ligne.message = nom, telephone, message
    if not urgence.est_ouverte:
        _noter(ligne, appel, Etat.RESERVE)
        enregistrer(urgence)
        return ligne
    _noter(ligne, appel, Etat.OUI)
    urgence.confirmes += 1
    _mettre_en_contact(urgence, ligne)
    if urgence.confirmes == urgence.places:
        clore(urgence, Urgence.Etat.POURVUE)
        prevenir(urgence, "trouvee", [Etat.ENVOYE])
        liberer(urgence)
    enregistrer(urgence)
    return ligne


def _mettre_en_contact(urgence, ligne) -> None:
    deposer(
        "urgence_confirmee",
        a=ligne.utilisateur.email,
        utilisateur=ligne.utilisateur,
        objet=ligne,
        contexte={"urgence": urgence, "appel": ligne, "lien": lien(ligne)},
    )
    au_demandeur(urgence, "oui", appel=ligne)


@transaction.atomic
def decliner(appel) -> Appel:
    """« Je ne peux pas ». When nobody is left to answer, the next wave does not wait for its hour."""
    urgence, ligne = _verrouiller(appel)
    if ligne.etat == Etat.NON:
        return ligne
    if ligne.etat in (Etat.OUI, Etat.DESISTE):
        raise TransitionInterdite("Vous aviez dit oui : utilisez le bouton « Je ne peux plus ».")
    _noter(ligne, appel, Etat.NON)
    if urgence.est_ouverte and 0 < urgence.vague < VAGUE_EQUIPE and not _attendus(urgence):
        urgence.prochaine_vague_le = min(urgence.prochaine_vague_le, timezone.now())
    enregistrer(urgence)
    return ligne


def _attendus(urgence) -> bool:
    return urgence.appels.filter(etat=Etat.ENVOYE).exists()


@transaction.atomic
def se_desister(appel) -> Appel:
    """« Je ne peux plus »: who asks is told, the urgency opens again, the reserve first, then the waves."""
    urgence, ligne = _verrouiller(appel)
    if ligne.etat == Etat.DESISTE:
        return ligne
    if ligne.etat != Etat.OUI:
        raise TransitionInterdite("Vous n'étiez pas attendu : rien n'a changé.")
    _noter(ligne, appel, Etat.DESISTE)
    urgence.confirmes -= 1
    if urgence.etat in (Urgence.Etat.OUVERTE, Urgence.Etat.POURVUE):
        au_demandeur(urgence, "desiste", appel=ligne)
    if urgence.etat == Urgence.Etat.POURVUE and not urgence.autrement:
        _rouvrir(urgence)
    enregistrer(urgence)
    return ligne


def _rouvrir(urgence) -> None:
    """Past its end it is only over. The reserve has the time between two waves to answer, in the order they came."""
    if urgence.est_passee:
        clore(urgence, Urgence.Etat.EXPIREE)
        return
    maintenant = timezone.now()
    urgence.etat, urgence.close_le, urgence.vague = Urgence.Etat.OUVERTE, None, 0
    reserve = list(
        urgence.appels.filter(etat=Etat.RESERVE, utilisateur__is_active=True)
        .select_related("utilisateur", "structure")
        .order_by("reponse_le", "pk")
    )
    preferences = preferences_verrouillees([appel.utilisateur for appel in reserve])
    partis = 0
    for appel in reserve:
        appel.urgence = urgence
        le = fin_du_calme(preferences[appel.utilisateur_id], maintenant)
        partis += envoyer_ou_prevoir(appel, le, maintenant)
    urgence.prochaine_vague_le = maintenant + timedelta(minutes=urgence.delai) if partis else maintenant


def oublier() -> int:
    """Empty the names, phones and words that were exchanged for urgencies over for 90 days; how many urgencies."""
    avant = timezone.now() - OUBLI
    vieux = Appel.objects.filter(urgence__fin__lt=avant).exclude(nom="", telephone="", message="")
    vieux.update(nom="", telephone="", message="")
    vieilles = Urgence.objects.filter(fin__lt=avant).exclude(contact="", telephone="", lieu="")
    return vieilles.update(contact="", telephone="", lieu="")
