"""The life of a sending: pause, resume, cancel, decide about what is uncertain, send again to who failed, finish."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Min, Q
from django.utils import timezone

from newsletter.models import Envoi, Numero
from newsletter.releve import MOTIF_PERDU, OUBLIER, RELEVER
from pole_ess.socle.courriel import deposer
from pole_ess.socle.file_attente import programmer_une_fois
from pole_ess.socle.models import ReglagesPole

from . import TransitionInterdite, retours
from .preparation import TACHE_ENVOYER

Etat = Numero.Etat
SUITE = timedelta(seconds=2)
"""When the job that follows a slice may start, should the worker of the slice die at once."""
CALE = timedelta(minutes=10)
"""Without a message gone for so long, with some to send, the staff is told."""
PANNE_MIN, PANNE_MAX = timedelta(seconds=10), timedelta(minutes=5)

TRANSITIONS = {
    "suspendre": ({Etat.EN_COURS}, Etat.SUSPENDU),
    "reprendre": ({Etat.SUSPENDU}, Etat.EN_COURS),
    "annuler": ({Etat.PROGRAMME, Etat.EN_COURS, Etat.SUSPENDU}, Etat.ANNULE),
    "renvoyer_echecs": ({Etat.EN_COURS, Etat.SUSPENDU, Etat.TERMINE}, Etat.EN_COURS),
}
"""Act -> (states it starts from, state it leads to); those of the draft are in actions.numeros."""


def _verrouiller(numero: Numero, acte: str) -> Numero:
    frais = Numero.objects.select_for_update().get(pk=numero.pk)
    if frais.etat not in TRANSITIONS[acte][0]:
        raise TransitionInterdite(f"« {frais} » est {frais.get_etat_display()} : ce n'est pas possible.")
    return frais


@transaction.atomic
def suspendre(numero: Numero) -> Numero:
    """Nothing leaves any more, but for the message that each worker has in flight at this moment."""
    frais = _verrouiller(numero, "suspendre")
    frais.etat, frais.suspension = Etat.SUSPENDU, Numero.Suspension.EQUIPE
    frais.save(update_fields=["etat", "suspension", "modifie_le"])
    return frais


@transaction.atomic
def reprendre(numero: Numero) -> Numero:
    """It goes on from where it stopped."""
    return _remettre_en_route(_verrouiller(numero, "reprendre"))


def _remettre_en_route(frais: Numero) -> Numero:
    frais.etat, frais.suspension, frais.termine_le = Etat.EN_COURS, "", None
    frais.progres_le, frais.creneau_le, frais.panne, frais.panne_depuis = timezone.now(), None, "", None
    frais.save()
    programmer_suite(frais, dans=timedelta(0))
    return frais


@transaction.atomic
def annuler(numero: Numero) -> int:
    """For good: who has not been sent it will not be; how many."""
    frais = _verrouiller(numero, "annuler")
    frais.etat, frais.suspension, frais.annule_le = Etat.ANNULE, "", timezone.now()
    frais.save(update_fields=["etat", "suspension", "annule_le", "modifie_le"])
    return frais.envois.filter(etat__in=["pret", "differe"]).update(
        etat=Envoi.Etat.SAUTE, motif=Envoi.Motif.ANNULE, ouvrier=None, prochaine_le=None
    )


@transaction.atomic
def renvoyer(envoi: Envoi, *, par) -> bool:
    """Send an uncertain one again, on somebody's decision; False when it was decided already (double click).

    Raises TransitionInterdite when the issue was cancelled, or the reader has left.
    """
    frais = Envoi.objects.select_for_update(of=("self",)).select_related("numero", "abonne").get(pk=envoi.pk)
    if frais.etat != Envoi.Etat.INCERTAIN or frais.decide_le:
        return False
    _renvoi_possible(frais.numero)
    if frais.abonne is None or frais.abonne.etat != "confirme":
        raise TransitionInterdite("Cette personne n'est plus abonnée : la lettre ne lui sera pas renvoyée.")
    frais.etat, frais.erreur, frais.decide_le, frais.decide_par = Envoi.Etat.PRET, "", timezone.now(), par
    frais.save(update_fields=["etat", "erreur", "decide_le", "decide_par"])
    programmer_suite(frais.numero, dans=timedelta(0))
    return True


def _renvoi_possible(numero: Numero) -> None:
    if numero.etat not in TRANSITIONS["renvoyer_echecs"][0]:
        raise TransitionInterdite(f"« {numero} » est {numero.get_etat_display()} : rien ne peut plus partir.")


@transaction.atomic
def renvoyer_incertains(numero: Numero, *, par) -> int:
    """The same decision for all the uncertain ones whose reader is still there."""
    frais = Numero.objects.select_for_update().get(pk=numero.pk)
    _renvoi_possible(frais)
    incertains = frais.envois.a_decider().filter(abonne__etat="confirme").values("pk")
    nombre = Envoi.objects.filter(pk__in=incertains).update(
        etat=Envoi.Etat.PRET, erreur="", decide_le=timezone.now(), decide_par=par
    )
    programmer_suite(frais, dans=timedelta(0))
    return nombre


@transaction.atomic
def laisser(envoi: Envoi, *, par) -> bool:
    """An uncertain one stays as it is: perhaps received, never sent again. False when it was decided already."""
    laisse = Envoi.objects.filter(pk=envoi.pk, etat=Envoi.Etat.INCERTAIN, decide_le=None).update(
        decide_le=timezone.now(), decide_par=par
    )
    if laisse:
        terminer_si_solde(envoi.numero)
    return bool(laisse)


@transaction.atomic
def renvoyer_echecs(numero: Numero, *, par) -> int:
    """Send again to those, and only those, that the server refused and who are still subscribed; how many."""
    frais = _verrouiller(numero, "renvoyer_echecs")
    echoues = frais.envois.echoues().values("pk")
    nombre = Envoi.objects.filter(pk__in=echoues).update(
        etat=Envoi.Etat.PRET, erreur="", tentatives=0, parti_le=None, decide_le=timezone.now(), decide_par=par
    )
    if nombre and frais.etat != Etat.SUSPENDU:
        _remettre_en_route(frais)
    return nombre


# -- what the engine calls


def reste_a_envoyer(numero: Numero) -> bool:
    """Something is to be sent now and nobody holds it."""
    return numero.envois.dus(timezone.now()).filter(ouvrier=None).exists()


def programmer_suite(numero: Numero, *, dans: timedelta = SUITE) -> bool:
    """One job more for this issue, unless one waits: an idle worker joins in, and no issue is left alone."""
    return programmer_une_fois(TACHE_ENVOYER, cle=f"lettre-{numero.pk}", le=timezone.now() + dans, numero_id=numero.pk)


def conclure(numero: Numero) -> str:
    """After a slice: finished, or a job for the next attempt of what was put off; dead addresses are known by now."""
    if reste_a_envoyer(numero):
        return "à suivre"
    retours.noter_refus(numero)
    prochaine = numero.envois.filter(etat=Envoi.Etat.DIFFERE).aggregate(le=Min("prochaine_le"))["le"]
    if prochaine:
        programmer_une_fois(TACHE_ENVOYER, cle=f"lettre-{numero.pk}-differe", le=prochaine, numero_id=numero.pk)
        return "différés"
    return "terminé" if terminer_si_solde(numero) else "en attente de décisions"


@transaction.atomic
def terminer_si_solde(numero: Numero) -> bool:
    """en_cours → termine when every recipient is settled; the database checks the sum as well."""
    frais = Numero.objects.select_for_update().get(pk=numero.pk)
    if frais.etat != Etat.EN_COURS or frais.envois.non_regles().exists():
        return False
    frais.etat, frais.termine_le, frais.panne, frais.panne_depuis = Etat.TERMINE, timezone.now(), "", None
    frais.save(update_fields=["etat", "termine_le", "panne", "panne_depuis", "modifie_le"])
    return True


@transaction.atomic
def noter_panne(numero: Numero, raison: str) -> None:
    """The server cannot be reached: the issue waits, longer and longer, and nobody's attempt is counted."""
    maintenant = timezone.now()
    frais = Numero.objects.select_for_update().get(pk=numero.pk)
    frais.panne, frais.panne_depuis = raison[:300], frais.panne_depuis or maintenant
    frais.save(update_fields=["panne", "panne_depuis", "modifie_le"])
    attente = min(max((maintenant - frais.panne_depuis) / 2, PANNE_MIN), PANNE_MAX)
    programmer_une_fois(TACHE_ENVOYER, cle=f"lettre-{numero.pk}-panne", le=maintenant + attente, numero_id=numero.pk)


@transaction.atomic
def suspendre_pour_refus(numero: Numero) -> None:
    """The server refuses everything for good: stop before the whole list is burnt, and tell the staff."""
    frais = Numero.objects.select_for_update().get(pk=numero.pk)
    if frais.etat != Etat.EN_COURS:
        return
    frais.etat, frais.suspension = Etat.SUSPENDU, Numero.Suspension.REFUS
    frais.save(update_fields=["etat", "suspension", "modifie_le"])
    _prevenir(frais, "refus")


def relever_morts() -> int:
    """What dead workers held: uncertain or free again (newsletter.releve says why it is safe). How many uncertain."""
    with connection.cursor() as cursor:
        cursor.execute(RELEVER, {"motif": MOTIF_PERDU})
        return sum(etat == Envoi.Etat.INCERTAIN for _, etat in cursor.fetchall())


def oublier_sessions() -> int:
    """Each night: the keys of sessions that have ended, once nobody needs to know why."""
    relever_morts()
    with connection.cursor() as cursor:
        cursor.execute(OUBLIER)
        return cursor.rowcount


def veiller() -> list[str]:
    """Each minute: nothing is left alone, whatever was killed; and a sending that stalls says so to the staff."""
    relever_morts()
    faits = []
    for numero in Numero.objects.en_cours().order_by("pk"):
        if reste_a_envoyer(numero):
            programmer_suite(numero, dans=timedelta(0))
            faits.append(f"{numero.pk} : {'calé' if _prevenir_si_cale(numero) else 'à suivre'}")
        else:
            faits.append(f"{numero.pk} : {conclure(numero)}")
    return faits


@transaction.atomic
def _prevenir_si_cale(numero: Numero) -> bool:
    maintenant = timezone.now()
    cale = Numero.objects.filter(
        Q(alerte_le=None) | Q(alerte_le__lt=maintenant - timedelta(days=1)),
        pk=numero.pk,
        etat=Etat.EN_COURS,
        progres_le__lt=maintenant - CALE,
    ).update(alerte_le=maintenant)
    if cale:
        numero.refresh_from_db()
        _prevenir(numero, "cale")
    return bool(cale)


def _prevenir(numero: Numero, quoi: str) -> None:
    deposer(
        "lettre_equipe",
        a=ReglagesPole.actuels().courriel_equipe,
        objet=numero,
        contexte={"numero": numero, "quoi": quoi, "bilan": numero.envois.bilan()},
    )
