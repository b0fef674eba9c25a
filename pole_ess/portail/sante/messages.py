"""What leaves the portal: mails and the letter."""

from datetime import timedelta

from django.utils import timezone

from newsletter.actions.envois import CALE
from newsletter.models import Numero
from pole_ess.socle.models import Courriel

from .mots import accorder

EN_RETARD = timedelta(minutes=15)
RECENTS = timedelta(days=1)
DIFFERES_MAX = 3
"""One receiver that asks to come back later is daily life; three mails put off and none gone is the server's fault."""
REJETES_MAX = 10
LANCEMENT_MAX = timedelta(minutes=5)
"""`lettre.veiller` starts each minute what is due."""


def courriels():
    maintenant = timezone.now()
    vus = Courriel.objects.bilan(maintenant, en_retard=EN_RETARD, recents=RECENTS)
    dernier = f" Le dernier est parti le {_quand(vus['dernier'])}." if vus["dernier"] else " Aucun n'est encore parti."
    rien_depuis = vus["differes_depuis"] and (vus["dernier"] is None or vus["dernier"] < vus["differes_depuis"])
    if vus["differes"] >= DIFFERES_MAX and rien_depuis:
        return (
            "panne",
            f"Le serveur d'envoi ne répond pas, ou refuse tout : {accorder(vus['differes'], 'e-mail', 'e-mails')} "
            f"attendent un nouvel essai.{dernier}",
            vus["differes_depuis"],
            "Ouvrez l'un d'eux dans « E-mails » : l'erreur du serveur y est écrite. Chacun est essayé encore pendant "
            "un jour, puis vous décidez.",
        )
    if vus["retard"]:
        return (
            "panne",
            f"{accorder(vus['retard'], 'e-mail aurait', 'e-mails auraient')} déjà dû partir.{dernier}",
            vus["retard_depuis"],
            "Si les tâches de fond sont en panne, c'est la cause : ils partiront quand elles reprendront.",
        )
    if vus["rejetes"] >= REJETES_MAX or vus["incertains"]:
        return (
            "attention",
            f"Depuis hier, {accorder(vus['rejetes'], 'e-mail refusé', 'e-mails refusés')} ; "
            f"{accorder(vus['incertains'], 'incertain attend', 'incertains attendent')} votre décision.{dernier}",
            None,
            "Voyez-les dans « E-mails » : une adresse fausse se corrige sur la fiche ou le compte.",
        )
    return "bon", f"Aucun n'attend.{dernier}"


def lettre():
    maintenant = timezone.now()
    arretees = Numero.objects.a_l_arret(lance_avant=maintenant - LANCEMENT_MAX, progres_avant=maintenant - CALE)
    numero = arretees.first()
    if numero is None:
        return "bon", "Aucune lettre n'est en retard."
    if numero.etat == "programme":
        return (
            "panne",
            f"« {numero} » devait partir le {_quand(numero.programme_le)} et personne ne l'envoie.",
            numero.programme_le,
            "Regardez les tâches de fond. Dès qu'elles reprennent, elle part d'elle-même ; pour qu'elle ne parte pas, "
            "ouvrez-la et choisissez « Annuler ».",
        )
    cause = "le serveur d'envoi ne répond pas" if numero.panne else "personne ne l'envoie"
    return (
        "panne",
        f"L'envoi de « {numero} » n'avance plus : {cause}.",
        numero.panne_depuis or numero.progres_le,
        "Ouvrez-la dans « Préparer la lettre » : la page de l'envoi dit ce qui bloque. Personne ne l'aura deux fois.",
    )


def _quand(instant) -> str:
    return f"{timezone.localtime(instant):%d/%m/%Y à %H\u00a0h\u00a0%M}"
