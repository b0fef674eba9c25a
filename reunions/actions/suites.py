"""What was decided, and what becomes of it: who leads, who joins, its state, its news.

    a_faire ⇄ en_cours → faite | abandonnee → a_faire | en_cours (opened again)

Every act locks the action's row, and its mails are in its transaction.
"""

import hashlib

from django.db import IntegrityError, transaction
from django.utils import timezone

from annuaire.actions.correspondants import adresses
from annuaire.models import Structure
from annuaire.notifications import notifier
from reunions.models import Action, ActionStructure, Nouvelle

from . import TransitionInterdite

Etat = Action.Etat
FERMES = (Etat.FAITE, Etat.ABANDONNEE)
CHAMPS_MODIFIABLES = {"titre", "details", "pilote", "echeance", "publique", "reunion", "projet"}
ENGAGEES_MAX = 300
SORTES = {
    "action_rappel": "relances", "action_rejointe": "suites", "projet_ne": "suites", "suite_nouvelle": "suites",
}  # fmt: skip
"""Mail -> the kind under which its reader may group it or refuse it. « Confiée » always leaves: it is a task."""
DEJA_SERVI = "Ce formulaire a déjà servi : rechargez la page et recommencez."


def verrouiller(suite):
    """The fresh row of an action or a project, locked."""
    lignes = type(suite).objects.select_for_update(of=("self",)).select_related("pilote")
    return lignes.get(pk=suite.pk)


def ecrire_champs(suite, valeurs: dict, permis: set) -> tuple:
    """(locked row, names of what changed): write `valeurs` on it and on the caller's. ValueError outside `permis`."""
    inconnus = set(valeurs) - permis
    if inconnus:
        raise ValueError(f"not a field that one may change: {sorted(inconnus)}")
    fraiche = verrouiller(suite)
    changes = {champ for champ, valeur in valeurs.items() if getattr(fraiche, champ) != valeur}
    for champ in changes:
        setattr(fraiche, champ, valeurs[champ])
        setattr(suite, champ, valeurs[champ])
    if changes:
        fraiche.save(update_fields=[*changes, "modifie_le"])
    return fraiche, changes


def structures_de(suite) -> list[Structure]:
    """Who leads first, then who joined an action or takes part in a project."""
    autres = suite.structures if isinstance(suite, Action) else suite.membres
    pilote = [suite.pilote] if suite.pilote else []
    return [*pilote, *autres.exclude(pk=suite.pilote_id or 0).order_by("tri", "pk")]


def ecrire_a(structures, gabarit, *, objet, sauf=None, unique="", **contexte) -> int:
    """To each address once, however many of these structures it speaks for; with `unique`, never twice. How many."""
    trouvees = {}
    for structure in structures:
        for adresse, utilisateur in adresses(structure, sauf=sauf).items():
            trouvees.setdefault(adresse, utilisateur)
    for adresse, utilisateur in trouvees.items():
        empreinte = hashlib.sha256(adresse.encode()).hexdigest()[:32]
        notifier(
            SORTES.get(gabarit),
            gabarit,
            page=objet.get_absolute_url(),
            a=adresse,
            utilisateur=utilisateur,
            objet=objet,
            contexte={"objet": objet, **contexte},
            cle_unicite=f"{unique}-{empreinte}" if unique else None,
        )
    return len(trouvees)


def _confier(action, *, par) -> None:
    """The structure that now leads learns it, once."""
    if action.pilote is not None:
        unique = f"action-confiee-{action.pk}-{action.pilote_id}"
        ecrire_a([action.pilote], "action_confiee", objet=action, sauf=par, unique=unique)


@transaction.atomic
def creer(*, valeurs: dict, par, cle) -> Action:
    """`valeurs`: CHAMPS_MODIFIABLES, categorie, postit. Once per `cle`: asked again, the same action comes back."""
    if deja := Action.objects.filter(cle=cle).first():
        return deja
    try:
        with transaction.atomic():
            action = Action.objects.create(cle=cle, **valeurs)
    except IntegrityError:  # the same form, sent twice at once
        return Action.objects.get(cle=cle)
    _confier(action, par=par)
    return action


@transaction.atomic
def modifier(action, *, par, valeurs: dict) -> Action:
    """Write `valeurs` (of CHAMPS_MODIFIABLES); another structure that leads is told."""
    fraiche, changes = ecrire_champs(action, valeurs, CHAMPS_MODIFIABLES)
    if "pilote" in changes:
        ActionStructure.objects.filter(action=fraiche, structure=fraiche.pilote_id or 0).delete()
        _confier(fraiche, par=par)
    return action


def noter(suite, *, par, texte, cle, structure=None) -> Nouvelle | None:
    """A piece of news on a locked row; None when this form has already written it."""
    de = {"action": suite} if isinstance(suite, Action) else {"projet": suite}
    if Nouvelle.objects.filter(cle=cle, **de).exists():
        return None
    if Nouvelle.objects.filter(cle=cle).exists():
        raise TransitionInterdite(DEJA_SERVI)
    return Nouvelle.objects.create(texte=texte, par=par, structure=structure, cle=cle, **de)


def annoncer(suite, nouvelle, *, par) -> None:
    """The structures concerned read it, in one mail each, but who wrote it."""
    est_action = isinstance(suite, Action)
    ecrire_a(structures_de(suite), "suite_nouvelle", objet=suite, sauf=par, nouvelle=nouvelle, est_action=est_action)


@transaction.atomic
def changer_etat(action, *, par, etat, texte="", cle, structure=None) -> bool:
    """Another state, and a word of news that says it. False when it was already done. Giving up asks for a word."""
    texte = (texte or "").strip()
    fraiche = verrouiller(action)
    if fraiche.etat == etat or Nouvelle.objects.filter(cle=cle, action=fraiche).exists():
        action.etat = fraiche.etat
        return False
    if etat == Etat.ABANDONNEE and not texte:
        raise ValueError("Dites pourquoi on y renonce : les structures engagées le liront.")
    fraiche.etat = etat
    fraiche.close_le = timezone.now() if etat in FERMES else None
    fraiche.save(update_fields=["etat", "close_le", "modifie_le"])
    mots = f"Action {fraiche.get_etat_display()}."
    nouvelle = noter(fraiche, par=par, texte=f"{mots} {texte}".strip(), cle=cle, structure=structure)
    annoncer(fraiche, nouvelle, par=par)
    action.etat, action.close_le = fraiche.etat, fraiche.close_le
    return True


@transaction.atomic
def ajouter_nouvelle(suite, *, par, texte, cle, structure=None) -> bool:
    """What is new on an action or a project. False when this form has already written it."""
    fraiche = verrouiller(suite)
    nouvelle = noter(fraiche, par=par, texte=texte, cle=cle, structure=structure)
    if nouvelle is not None:
        annoncer(fraiche, nouvelle, par=par)
    return nouvelle is not None


@transaction.atomic
def rejoindre(action, *, par, structure) -> bool:
    """A structure joins; who leads learns it once, even if it leaves and comes back. False when it had joined."""
    fraiche = verrouiller(action)
    if not fraiche.est_ouverte:
        raise TransitionInterdite(f"Cette action est {fraiche.get_etat_display()} : on ne la rejoint plus.")
    if fraiche.pilote_id == structure.pk:
        raise TransitionInterdite(f"{structure.nom} pilote déjà cette action.")
    if fraiche.engagements.count() >= ENGAGEES_MAX:
        raise TransitionInterdite(f"{ENGAGEES_MAX} structures y sont déjà engagées : écrivez à celle qui pilote.")
    _, nouveau = ActionStructure.objects.get_or_create(action=fraiche, structure=structure, defaults={"par": par})
    if nouveau and fraiche.pilote is not None:
        unique = f"action-rejointe-{fraiche.pk}-{structure.pk}"
        ecrire_a([fraiche.pilote], "action_rejointe", objet=fraiche, sauf=par, unique=unique, structure=structure)
    return nouveau


@transaction.atomic
def quitter(action, *, par, structure) -> bool:
    """A structure leaves; False when it was not in."""
    fraiche = verrouiller(action)
    combien, _ = ActionStructure.objects.filter(action=fraiche, structure=structure).delete()
    return bool(combien)
