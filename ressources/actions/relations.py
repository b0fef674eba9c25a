"""Conversations between the structure that announces and one that answers.

    proposee → vue → interessee | declinee(motif) → conclue | sans_suite

The announcer decides; either side writes, and ends it. The announcer's first words open the discussion. Every act
locks the conversation's row, and writes its mails in the same transaction. Where the announcement is locked too,
it comes first.
"""

import uuid

from django.db import transaction
from django.utils import timezone

from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole
from ressources.models import Annonce, Message, MiseEnRelation
from ressources.relations_mots import ACCORD

from . import TransitionInterdite, bilan
from .relations_courriels import ANNONCEUR, STRUCTURE, autre_cote, prevenir, structure_du_cote

Etat = MiseEnRelation.Etat
OUVERTS = (Etat.PROPOSEE, Etat.VUE, Etat.INTERESSEE)
TEXTE_MAX = 4000
COORDONNEES = {ANNONCEUR: "coordonnees_annonceur", STRUCTURE: "coordonnees_structure"}

ACTES = {
    "vue": ({Etat.PROPOSEE}, (ANNONCEUR,)),
    "accepter": ({Etat.PROPOSEE, Etat.VUE}, (ANNONCEUR,)),
    "decliner": ({Etat.PROPOSEE, Etat.VUE}, (ANNONCEUR,)),
    "ecrire": (set(OUVERTS), (ANNONCEUR, STRUCTURE)),
    "coordonnees": (set(OUVERTS), (ANNONCEUR, STRUCTURE)),
    "conclure": ({Etat.INTERESSEE}, (ANNONCEUR, STRUCTURE)),
    "bilan": ({Etat.CONCLUE}, (ANNONCEUR, STRUCTURE)),
}
"""Act -> (states it starts from, sides that may). « sans_suite »: see `actes_possibles`."""


class DejaRepondu(TransitionInterdite):
    """The structure has a conversation about this announcement: `relation`."""

    def __init__(self, relation):
        self.relation = relation
        super().__init__(f"{relation.structure.nom} a déjà répondu à cette annonce : la conversation existe.")


class CleDejaUtilisee(TransitionInterdite):
    """The form's key has written something else."""

    def __init__(self):
        super().__init__("Ce formulaire a déjà servi : relisez-le et envoyez-le de nouveau.")


def cotes_de(relation, utilisateur) -> list:
    """The sides on which this person is an active member: none for a stranger, sometimes both."""
    liens = utilisateur.rattachements.filter(etat="actif", structure__in=[relation.annonceur_id, relation.structure_id])
    siennes = set(liens.exclude(structure__etat="archivee").values_list("structure_id", flat=True))
    deux = ((ANNONCEUR, relation.annonceur_id), (STRUCTURE, relation.structure_id))
    return [cote for cote, pk in deux if pk in siennes]


def actes_possibles(relation, cote) -> list[str]:
    """What this side may do in the conversation's state."""
    actes = [acte for acte, (etats, cotes) in ACTES.items() if relation.etat in etats and cote in cotes]
    if relation.anonymisee_le:
        actes = []
    if relation.etat == Etat.INTERESSEE or (cote == STRUCTURE and relation.etat in OUVERTS):
        actes.append("sans_suite")
    return actes


def _verrouiller(relation, acte, cote, *, annonce=False):
    """The fresh row, locked (its announcement first if asked), once sure that this side may do the act now."""
    if annonce:
        Annonce.objects.select_for_update(of=("self",)).get(pk=relation.annonce_id)
    fraiche = (
        MiseEnRelation.objects.select_for_update(of=("self",))
        .select_related("annonce__auteur", "annonceur", "structure", "par")
        .get(pk=relation.pk)
    )
    if acte not in actes_possibles(fraiche, cote):
        raise TransitionInterdite(f"Cette conversation est {fraiche.get_etat_display()} : ce n'est plus possible.")
    return fraiche


CHAMPS = [
    *["etat", "motif", "vue_le", "repondue_le", "close_le", "relances", "relancee_le"],
    *["coordonnees_annonceur", "coordonnees_structure"],
]


def _enregistrer(fraiche, relation):
    fraiche.save(update_fields=CHAMPS)
    for champ in CHAMPS:
        setattr(relation, champ, getattr(fraiche, champ))
    return relation


def _ouvrir_la_discussion(fraiche):
    maintenant = timezone.now()
    fraiche.etat = Etat.INTERESSEE
    fraiche.vue_le = fraiche.vue_le or maintenant
    fraiche.repondue_le = maintenant
    fraiche.relances, fraiche.relancee_le = 0, None


def _clore(fraiche, etat, motif=""):
    fraiche.etat, fraiche.motif, fraiche.close_le = etat, motif[:500], timezone.now()


def _message(fraiche, cote, texte, *, par, cle, voie=Message.Voie.SITE):
    if Message.objects.filter(cle=cle).exists():
        raise CleDejaUtilisee
    return Message.objects.create(
        mise_en_relation=fraiche, cote=cote, auteur=par, texte=texte[:TEXTE_MAX], cle=cle, voie=voie
    )


@transaction.atomic
def repondre(annonce, *, structure, par, texte, cle, origine="annonce") -> MiseEnRelation:
    """« Je suis intéressé »: a structure opens a conversation. The same `cle` twice writes once.

    Raises DejaRepondu, CleDejaUtilisee, TransitionInterdite (closed, expired, all taken, one's own).
    """
    fraiche = Annonce.objects.select_for_update(of=("self",)).select_related("structure", "auteur").get(pk=annonce.pk)
    deja = fraiche.mises_en_relation.filter(structure=structure).first()
    if deja is not None:
        if deja.cle == cle:
            return deja
        raise DejaRepondu(deja)
    if MiseEnRelation.objects.filter(cle=cle).exists():
        raise CleDejaUtilisee
    if structure.pk == fraiche.structure_id:
        raise TransitionInterdite("C'est l'annonce de votre structure : elle ne peut pas se répondre.")
    if raison := contact_ferme(fraiche):
        raise TransitionInterdite(raison)
    relation = MiseEnRelation.objects.create(
        annonce=fraiche, annonceur=fraiche.structure, structure=structure, par=par, cle=cle, origine=origine
    )
    _message(relation, STRUCTURE, texte, par=par, cle=cle)
    prevenir(relation, ANNONCEUR, "reponse", citation=texte)
    return relation


def contact_ferme(annonce) -> str:
    """Why nobody can answer this announcement any more, in French; empty when one can."""
    if annonce.est_expiree:
        return "Cette annonce a expiré : on ne peut plus y répondre. Votre texte n'est pas parti."
    if annonce.etat == Annonce.Etat.POURVUE:
        return "Cette annonce vient d'être pourvue : on ne peut plus y répondre. Votre texte n'est pas parti."
    if annonce.est_complete:
        return "Tout est attribué : on ne peut plus y répondre. Votre texte n'est pas parti."
    if annonce.etat != Annonce.Etat.PUBLIEE or not annonce.structure_publiee:
        return "Cette annonce n'est plus en ligne : on ne peut plus y répondre. Votre texte n'est pas parti."
    return ""


@transaction.atomic
def voir(relation, *, par=None):
    """The announcer has opened it; nothing to say when it was already seen.

    By a POST of its own (sent by htmx when the page opens, a button without JavaScript): a GET is also made by
    prefetching browsers and mail scanners, and « vue » is a promise to the one who waits. Any act says it too.
    """
    fraiche = MiseEnRelation.objects.select_for_update(of=("self",)).get(pk=relation.pk)
    if fraiche.etat == Etat.PROPOSEE:
        fraiche.etat, fraiche.vue_le = Etat.VUE, timezone.now()
    return _enregistrer(fraiche, relation)


@transaction.atomic
def ecrire(relation, *, par, texte, cle, cote=None, voie=Message.Voie.SITE) -> Message:
    """One message, mailed to the other side; the same `cle` twice writes once. The announcer's first opens it."""
    cote = cote or cotes_de(relation, par)[0]
    MiseEnRelation.objects.select_for_update(of=("self",)).get(pk=relation.pk)
    if deja := Message.objects.filter(cle=cle).first():
        if (deja.mise_en_relation_id, deja.cote) != (relation.pk, cote):
            raise CleDejaUtilisee
        return deja
    fraiche = _verrouiller(relation, "ecrire", cote)
    message = _message(fraiche, cote, texte, par=par, cle=cle, voie=voie)
    if cote == ANNONCEUR and fraiche.etat != Etat.INTERESSEE:
        _ouvrir_la_discussion(fraiche)
    _enregistrer(fraiche, relation)
    prevenir(fraiche, autre_cote(cote), "message", citation=message.texte)
    return message


@transaction.atomic
def accepter(relation, *, par, cle, texte=""):
    """The announcer is interested; with a word of theirs, or ours. A second click does nothing."""
    fraiche = MiseEnRelation.objects.select_for_update(of=("self",)).get(pk=relation.pk)
    if fraiche.etat == Etat.INTERESSEE:
        return _enregistrer(fraiche, relation)
    fraiche = _verrouiller(relation, "accepter", ANNONCEUR)
    message = _message(fraiche, ANNONCEUR, texte.strip() or ACCORD, par=par, cle=cle)
    _ouvrir_la_discussion(fraiche)
    _enregistrer(fraiche, relation)
    prevenir(fraiche, STRUCTURE, "accord", citation=message.texte)
    return relation


@transaction.atomic
def decliner(relation, *, par, motif):
    """The announcer says no, and why: the other side reads it. `motif` required."""
    if not (motif or "").strip():
        raise ValueError("a refusal says why")
    fraiche = _verrouiller(relation, "decliner", ANNONCEUR)
    fraiche.vue_le = fraiche.vue_le or timezone.now()
    fraiche.repondue_le = timezone.now()
    _clore(fraiche, Etat.DECLINEE, motif.strip())
    _enregistrer(fraiche, relation)
    prevenir(fraiche, STRUCTURE, "declinee", citation=fraiche.motif)
    return relation


@transaction.atomic
def conclure(relation, *, par, cote=None, heures=None, euros=None, kilos=None):
    """It took place: what it was worth for this side; the other one is asked for its own word.

    Closing the announcement with it: actions.cloture.conclure.
    """
    cote = cote or cotes_de(relation, par)[0]
    fraiche = _verrouiller(relation, "conclure", cote, annonce=True)
    _clore(fraiche, Etat.CONCLUE)
    _enregistrer(fraiche, relation)
    _bilan(fraiche, cote, par, heures, euros, kilos)
    prevenir(fraiche, autre_cote(cote), "conclue", citation=_en_chiffres(heures, euros, kilos))
    return relation


@transaction.atomic
def retenir(relation, *, par, heures=None, euros=None, kilos=None):
    """The announcer closes its announcement with this structure: concluded, even when nobody had answered it yet."""
    Annonce.objects.select_for_update(of=("self",)).get(pk=relation.annonce_id)
    fraiche = MiseEnRelation.objects.select_for_update(of=("self",)).get(pk=relation.pk)
    if fraiche.etat in (Etat.PROPOSEE, Etat.VUE):
        _ouvrir_la_discussion(fraiche)
        _enregistrer(fraiche, relation)
    return conclure(relation, par=par, cote=ANNONCEUR, heures=heures, euros=euros, kilos=kilos)


@transaction.atomic
def donner_bilan(relation, *, par, cote=None, heures=None, euros=None, kilos=None):
    """A side gives, or corrects, its own figures of what took place."""
    cote = cote or cotes_de(relation, par)[0]
    fraiche = _verrouiller(relation, "bilan", cote, annonce=True)
    return _bilan(fraiche, cote, par, heures, euros, kilos)


def _bilan(fraiche, cote, par, heures, euros, kilos):
    return bilan.declarer(
        annonce=fraiche.annonce,
        structure=structure_du_cote(fraiche, cote),
        avec=structure_du_cote(fraiche, autre_cote(cote)),
        mise_en_relation=fraiche,
        par=par,
        heures=heures,
        euros=euros,
        kilos=kilos,
    )


def _en_chiffres(heures, euros, kilos) -> str:
    valeurs = ((heures, "h"), (euros, "€"), (kilos, "kg"))
    return ", ".join(f"{v:.2f} {unite}".replace(".", ",").replace(",00", "") for v, unite in valeurs if v is not None)


def clore_les_autres(annonce, *, motif, discussions=False) -> int:
    """Once the announcement has closed: answers that nobody took up are declined, and told why. How many.

    With `discussions`, those under discussion end too, with the same word.
    """
    etats = OUVERTS if discussions else (Etat.PROPOSEE, Etat.VUE)
    nombre = 0
    for autre in annonce.mises_en_relation.filter(etat__in=etats).order_by("pk"):
        try:
            if autre.etat == Etat.INTERESSEE:
                sans_suite(autre, par=None, cote=ANNONCEUR, motif=motif)
            else:
                decliner(autre, par=None, motif=motif)
        except TransitionInterdite:  # they answered, or left, meanwhile
            continue
        nombre += 1
    return nombre


@transaction.atomic
def sans_suite(relation, *, par, cote=None, motif=""):
    """Either side ends it without anything having taken place; the other one is told."""
    cote = cote or cotes_de(relation, par)[0]
    fraiche = _verrouiller(relation, "sans_suite", cote)
    _clore(fraiche, Etat.SANS_SUITE, motif.strip())
    _enregistrer(fraiche, relation)
    prevenir(fraiche, autre_cote(cote), "sans_suite", citation=fraiche.motif)
    return relation


@transaction.atomic
def montrer_coordonnees(relation, *, par, cote, oui: bool):
    """This side agrees to show how to reach it, or takes that back. Shown when both agree."""
    fraiche = _verrouiller(relation, "coordonnees", cote)
    if getattr(fraiche, COORDONNEES[cote]) == oui:
        return _enregistrer(fraiche, relation)
    setattr(fraiche, COORDONNEES[cote], oui)
    nom = structure_du_cote(fraiche, cote).nom
    Message.objects.create(
        mise_en_relation=fraiche,
        cote=Message.Cote.PORTAIL,
        auteur=par if oui else None,
        texte=f"{nom} accepte de montrer ses coordonnées." if oui else f"{nom} ne montre plus ses coordonnées.",
        cle=uuid.uuid4(),
    )
    _enregistrer(fraiche, relation)
    if oui:
        deux = getattr(fraiche, COORDONNEES[autre_cote(cote)])
        prevenir(fraiche, autre_cote(cote), "coordonnees_deux" if deux else "coordonnees")
    return relation


def coordonnees(relation, cote) -> dict | None:
    """How to reach a side, once both agree: its phone and address, and the person who agreed. None before.

    The others of the structure did not agree themselves: neither their names nor addresses are given.
    """
    if not (relation.coordonnees_annonceur and relation.coordonnees_structure):
        return None
    structure = structure_du_cote(relation, cote)
    accord = (
        relation.messages.filter(
            cote=Message.Cote.PORTAIL, auteur__rattachements__structure=structure, auteur__is_active=True,
            auteur__rattachements__etat="actif",
        )
        .select_related("auteur")
        .order_by("cree_le", "pk")
        .last()
    )  # fmt: skip
    return {"structure": structure, "personne": accord.auteur if accord else None}


@transaction.atomic
def signaler(relation, *, par, cote, texte, joindre=False):
    """Tell the hub's team; what was said goes with it only when the person joins it. Staff read it no other way."""
    messages = list(relation.messages.order_by("cree_le", "pk")) if joindre else []
    deposer(
        "relation_signalee",
        a=ReglagesPole.actuels().courriel_equipe,
        objet=relation,
        repondre_a=par.email,
        contexte={
            "relation": relation,
            "par": par,
            "structure": structure_du_cote(relation, cote),
            "texte": texte,
            "messages_joints": messages,
        },
    )
