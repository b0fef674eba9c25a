"""Subscribing (double opt-in), choosing, leaving; and what stops or resumes the mails to somebody.

Asking gives the same answer whatever the address is to us, and at most three mails a day and six a month to one
address: the form can neither flood somebody nor tell who subscribes.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from annuaire.oppositions import empreinte
from newsletter import liens
from newsletter.models import Abonne, Desabonnement, Interets, MentionConsentement
from newsletter.models.abonne import normaliser, nouveau_jeton
from pole_ess.socle.courriel import deposer
from pole_ess.socle.limites import LimiteDepassee, compter

HEURE, JOUR = 3600, 24 * 3600
JOURS_EN_ATTENTE = 30
ANNEES_SANS_SIGNE = 3
JOURS_POUR_REPONDRE = 30
REBONDS_MOUS_MAX = 5
Etat = Abonne.Etat


class AdresseNonVerifiee(ValueError):
    """The account has no verified address to send the letter to."""


@transaction.atomic
def demander(
    *, courriel: str, interets: dict, frequence: str = "chaque", formulaire: str = "site", cle: str = ""
) -> None:
    """Somebody typed this address in the form: a mail goes to it, to confirm, or to say that it is subscribed already.

    `interets`: arguments of Interets.objects.pour. Call `compter_demande` first, outside this transaction. Past the
    address's own limit nothing leaves, and nothing tells. `cle`: the form's; sent twice, one mail leaves.
    """
    courriel = normaliser(courriel)
    if cle and not _premiere_fois(cle):
        return
    if not _peut_ecrire(courriel):
        return
    abonne = Abonne.objects.select_for_update().filter(courriel=courriel).first()
    if abonne is not None and abonne.etat == Etat.CONFIRME:
        _ecrire_deja(abonne)
        return
    if abonne is None:
        abonne = Abonne(courriel=courriel)
    if abonne.etat == Etat.EN_ATTENTE:
        _consentir(abonne, interets=interets, frequence=frequence, formulaire=formulaire)
        abonne = _enregistrer(abonne)
    _ecrire_confirmer(abonne)


def compter_demande(reseau: str) -> None:
    """Count one demand of a network: 10 an hour, 30 a day. Outside the act's transaction. Raises LimiteDepassee."""
    compter(f"lettre:reseau:{reseau}:heure", maximum=10, secondes=HEURE)
    compter(f"lettre:reseau:{reseau}:jour", maximum=30, secondes=JOUR)


def _premiere_fois(cle: str) -> bool:
    """A form sent again (double click, lost answer) has nothing more to do."""
    try:
        compter(f"lettre:cle:{cle}", maximum=1, secondes=JOUR)
    except LimiteDepassee:
        return False
    return True


def _peut_ecrire(courriel: str) -> bool:
    """Three mails a day, six in thirty days, to one address, known by a keyed hash."""
    cle = salted_hmac("newsletter.demander", courriel).hexdigest()
    try:
        compter(f"lettre:adresse:{cle}", maximum=3, secondes=JOUR)
        compter(f"lettre:adresse:{cle}:mois", maximum=6, secondes=30 * JOUR)
    except LimiteDepassee:
        return False
    return True


def _consentir(abonne: Abonne, *, interets: dict, frequence: str, formulaire: str) -> None:
    mention = MentionConsentement.courante()
    mention, _ = MentionConsentement.objects.get_or_create(version=mention.version, defaults={"texte": mention.texte})
    abonne.interets = Interets.objects.pour(**interets)
    abonne.frequence, abonne.formulaire, abonne.mention = frequence, formulaire, mention
    abonne.consenti_le = abonne.dernier_signe_le = timezone.now()


@transaction.atomic
def nouvelle_mention(*, texte: str, par) -> MentionConsentement:
    """Other words for the next subscribers. The first time, those shown until now are written down before."""
    actuelle = MentionConsentement.courante()
    if actuelle.pk is None:
        actuelle, _ = MentionConsentement.objects.get_or_create(
            version=actuelle.version, defaults={"texte": actuelle.texte}
        )
    if actuelle.texte == texte:
        return actuelle
    return MentionConsentement.objects.create(version=actuelle.version + 1, texte=texte, par=par)


def _enregistrer(abonne: Abonne) -> Abonne:
    """Write the row; two forms sent at once for one address make one."""
    if abonne.pk:
        abonne.save()
        return abonne
    champs = {
        c.attname: getattr(abonne, c.attname) for c in Abonne._meta.concrete_fields if c.name not in ("id", "courriel")
    }
    return Abonne.objects.get_or_create(courriel=abonne.courriel, defaults=champs)[0]


def _ecrire_confirmer(abonne: Abonne) -> None:
    deposer(
        "lettre_confirmer",
        a=abonne.courriel,
        objet=abonne,
        confidentiel=True,
        contexte={
            "lien": liens.url("confirmer", liens.jeton_de_confirmation(abonne)),
            "jours": liens.JOURS_CONFIRMER,
        },
    )


def _ecrire_deja(abonne: Abonne) -> None:
    jeton = liens.jeton_d_abonne(abonne.pk, abonne.jeton)
    deposer(
        "lettre_deja",
        a=abonne.courriel,
        objet=abonne,
        confidentiel=True,
        contexte={"lien": liens.url("preferences", jeton)},
    )


@transaction.atomic
def confirmer(abonne: Abonne) -> Abonne:
    """The owner of the address said yes: they get the letter, were they suspended or had they left before.

    Twice is once. Any trace of an earlier unsubscription goes: the person came back by themselves.
    """
    fraiche = Abonne.objects.select_for_update().get(pk=abonne.pk)
    Desabonnement.objects.filter(empreinte=empreinte(courriel=fraiche.courriel)).delete()
    maintenant = timezone.now()
    fraiche.confirme_le = fraiche.confirme_le or maintenant
    fraiche.dernier_signe_le, fraiche.relance_le = maintenant, None
    _remettre(fraiche)
    return fraiche


def _remettre(abonne: Abonne) -> None:
    abonne.etat, abonne.suspension, abonne.suspension_detail, abonne.suspendu_le = Etat.CONFIRME, "", "", None
    abonne.rebonds_mous = abonne.rebonds_durs = 0
    abonne.save()


@transaction.atomic
def abonner_compte(utilisateur, *, interets: dict, frequence: str = "chaque") -> Abonne:
    """A member asks from their account: its address is verified, so there is nothing to confirm. Twice is once.

    Raises AdresseNonVerifiee.
    """
    if not EmailAddress.objects.filter(user=utilisateur, email__iexact=utilisateur.email, verified=True).exists():
        raise AdresseNonVerifiee("this account has no verified address")
    courriel = normaliser(utilisateur.email)
    abonne = Abonne.objects.select_for_update().filter(courriel=courriel).first() or Abonne(courriel=courriel)
    if abonne.pk is None or abonne.etat != Etat.CONFIRME:
        _consentir(abonne, interets=interets, frequence=frequence, formulaire="compte")
        abonne = _enregistrer(abonne)
    Abonne.objects.filter(utilisateur=utilisateur).exclude(pk=abonne.pk).update(utilisateur=None)
    Abonne.objects.filter(pk=abonne.pk).update(utilisateur=utilisateur)
    return confirmer(abonne)


@transaction.atomic
def regler(abonne: Abonne, *, interets: dict, frequence: str) -> Abonne:
    """The preference page: what they want to read, how often."""
    fraiche = Abonne.objects.select_for_update().get(pk=abonne.pk)
    fraiche.interets = Interets.objects.pour(**interets)
    fraiche.frequence = frequence
    fraiche.dernier_signe_le, fraiche.relance_le = timezone.now(), None
    fraiche.save(update_fields=["interets", "frequence", "dernier_signe_le", "relance_le"])
    return fraiche


def noter_signe(abonne: Abonne) -> None:
    """They acted from a letter: somebody reads it."""
    Abonne.objects.filter(pk=abonne.pk).update(dernier_signe_le=timezone.now(), relance_le=None)


@transaction.atomic
def desabonner(abonne: Abonne, *, voie: str, numero=None) -> Desabonnement | None:
    """They leave: the address is forgotten at once, its hash keeps imports out. None when they had left already.

    What is waiting for them in an issue being sent is skipped when its turn comes.
    """
    fraiche = Abonne.objects.select_for_update().filter(pk=abonne.pk).first()
    if fraiche is None:
        return None
    depart, _ = Desabonnement.objects.get_or_create(
        empreinte=empreinte(courriel=fraiche.courriel),
        defaults={
            "voie": voie,
            "numero": numero,
            "formulaire": fraiche.formulaire,
            "mention": fraiche.mention,
            "consenti_le": fraiche.consenti_le,
            "confirme_le": fraiche.confirme_le,
        },
    )
    fraiche.delete()
    return depart


@transaction.atomic
def suspendre(abonne: Abonne, *, raison: str, detail: str = "") -> bool:
    """Stop the mails to somebody (bounce, complaint, staff); False when they are not subscribed or stopped already."""
    return bool(
        Abonne.objects.filter(pk=abonne.pk, etat=Etat.CONFIRME).update(
            etat=Etat.SUSPENDU, suspension=raison, suspension_detail=detail[:300], suspendu_le=timezone.now()
        )
    )


@transaction.atomic
def reprendre(abonne: Abonne) -> bool:
    """The staff found that the reason is over; False when nothing was stopped. The counts of bounces start again."""
    fraiche = Abonne.objects.select_for_update().get(pk=abonne.pk)
    if fraiche.etat != Etat.SUSPENDU:
        return False
    _remettre(fraiche)
    return True


@transaction.atomic
def noter_rebond(abonne: Abonne, *, dur: bool, detail: str = "") -> None:
    """A message came back: mails stop at once for an address that does not exist, else at the fifth in a row."""
    fraiche = Abonne.objects.select_for_update().get(pk=abonne.pk)
    fraiche.dernier_rebond_le = timezone.now()
    if dur:
        fraiche.rebonds_durs += 1
    else:
        fraiche.rebonds_mous += 1
    fraiche.save(update_fields=["dernier_rebond_le", "rebonds_durs", "rebonds_mous"])
    if dur:
        suspendre(fraiche, raison=Abonne.Suspension.REBOND, detail=detail)
    elif fraiche.rebonds_mous >= REBONDS_MOUS_MAX:
        suspendre(fraiche, raison=Abonne.Suspension.REBONDS, detail=detail)


def purger() -> dict[str, int]:
    """Each night: demands never confirmed (30 days); who gave no sign for three years is asked, then forgotten.

    Who was suspended meanwhile cannot be asked (a dead address, a complaint): forgotten without.
    """
    maintenant = timezone.now()
    bilan = {"en_attente": Abonne.objects.perimes(maintenant - timedelta(days=JOURS_EN_ATTENTE)).delete()[0]}
    sans_reponse = Abonne.objects.sans_reponse(
        relance=maintenant - timedelta(days=JOURS_POUR_REPONDRE), signe=_trois_ans_avant(maintenant)
    )
    bilan["sans_signe"] = sum(
        desabonner(abonne, voie=Desabonnement.Voie.SILENCE) is not None for abonne in sans_reponse.order_by("pk")
    )
    bilan["relances"] = sum(_relancer(abonne) for abonne in _silencieux(maintenant))
    bilan["interets"] = Interets.objects.sans_personne().delete()[0]
    return bilan


def _silencieux(maintenant):
    return Abonne.objects.filter(
        etat=Etat.CONFIRME, relance_le=None, dernier_signe_le__lt=_trois_ans_avant(maintenant)
    ).order_by("pk")


def _trois_ans_avant(instant):
    return instant - timedelta(days=365 * ANNEES_SANS_SIGNE)


@transaction.atomic
def _relancer(abonne: Abonne) -> int:
    if not Abonne.objects.filter(pk=abonne.pk, relance_le=None).update(relance_le=timezone.now()):
        return 0
    deposer(
        "lettre_toujours",
        a=abonne.courriel,
        objet=abonne,
        confidentiel=True,
        contexte={
            "lien": liens.url("preferences", liens.jeton_d_abonne(abonne.pk, abonne.jeton)),
            "jours": JOURS_POUR_REPONDRE,
        },
    )
    return 1


def changer_de_jeton(abonne: Abonne) -> None:
    """Every personal link sent before stops working (a letter was forwarded, a mailbox was read by somebody else)."""
    Abonne.objects.filter(pk=abonne.pk).update(jeton=nouveau_jeton())
