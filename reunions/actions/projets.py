"""A collective project or a commission: its members, its state, its news. Every act locks the project's row."""

from django.db import IntegrityError, transaction

from reunions.models import MembreProjet, Nouvelle, Projet

from . import TransitionInterdite
from .suites import DEJA_SERVI, annoncer, ecrire_a, ecrire_champs, noter, structures_de, verrouiller

CHAMPS_MODIFIABLES = {"genre", "nom", "description", "pilote"}
MEMBRES_MAX = 300


def inscrire(projet, structures, *, par) -> None:
    """These structures take part in it; those that did already stay."""
    lignes = [MembreProjet(projet=projet, structure=structure, par=par) for structure in structures]
    MembreProjet.objects.bulk_create(lignes, ignore_conflicts=True)


@transaction.atomic
def creer(*, valeurs: dict, par, cle) -> Projet:
    """Once per `cle`: asked again, the same project comes back. Who leads takes part, and learns it."""
    if deja := Projet.objects.filter(cle=cle).first():
        return deja
    try:
        with transaction.atomic():
            projet = Projet.objects.create(cle=cle, **valeurs)
    except IntegrityError:  # the same form, sent twice at once
        return Projet.objects.get(cle=cle)
    if projet.pilote is not None:
        inscrire(projet, [projet.pilote], par=par)
        ecrire_a([projet.pilote], "projet_ne", objet=projet, sauf=par, action=None)
    return projet


@transaction.atomic
def modifier(projet, *, par, valeurs: dict) -> Projet:
    """Write `valeurs` (of CHAMPS_MODIFIABLES); who leads takes part."""
    frais, changes = ecrire_champs(projet, valeurs, CHAMPS_MODIFIABLES)
    if "pilote" in changes and frais.pilote is not None:
        inscrire(frais, [frais.pilote], par=par)
    return projet


@transaction.atomic
def changer_etat(projet, *, par, etat, texte="", cle, structure=None) -> bool:
    """Open, paused, over, with a word of news that says it. False when it was already done."""
    frais = verrouiller(projet)
    if frais.etat == etat or Nouvelle.objects.filter(cle=cle, projet=frais).exists():
        projet.etat = frais.etat
        return False
    frais.etat = projet.etat = etat
    frais.save(update_fields=["etat", "modifie_le"])
    mots = f"{frais.get_genre_display().capitalize()} : {frais.get_etat_display()}."
    nouvelle = noter(frais, par=par, texte=f"{mots} {(texte or '').strip()}".strip(), cle=cle, structure=structure)
    annoncer(frais, nouvelle, par=par)
    return True


@transaction.atomic
def rejoindre(projet, *, par, structure) -> bool:
    """A structure takes part; who leads learns it once. False when it did already."""
    frais = verrouiller(projet)
    if frais.etat == Projet.Etat.TERMINE:
        raise TransitionInterdite(f"« {frais} » est terminé : on ne le rejoint plus.")
    if frais.adhesions.count() >= MEMBRES_MAX:
        raise TransitionInterdite(f"{MEMBRES_MAX} structures y participent déjà : écrivez à celle qui pilote.")
    _, nouveau = MembreProjet.objects.get_or_create(projet=frais, structure=structure, defaults={"par": par})
    if nouveau and frais.pilote is not None and frais.pilote_id != structure.pk:
        unique = f"projet-rejoint-{frais.pk}-{structure.pk}"
        ecrire_a([frais.pilote], "action_rejointe", objet=frais, sauf=par, unique=unique, structure=structure)
    return nouveau


@transaction.atomic
def quitter(projet, *, par, structure) -> bool:
    """A structure leaves; False when it did not take part. Who leads stays."""
    frais = verrouiller(projet)
    if frais.pilote_id == structure.pk:
        raise TransitionInterdite(f"{structure.nom} pilote : l'équipe du pôle peut confier le pilotage à une autre.")
    combien, _ = MembreProjet.objects.filter(projet=frais, structure=structure).delete()
    return bool(combien)


@transaction.atomic
def devenir_projet(action, *, par, genre, cle) -> Projet:
    """An action that lasts: a project with who leads and who joined, and the action in it. Again, the same project."""
    fraiche = verrouiller(action)
    if fraiche.projet_id is not None:
        return Projet.objects.get(pk=fraiche.projet_id)
    if not fraiche.publique:
        raise TransitionInterdite("Un projet se montre à tous : rendez d'abord l'action visible de tous.")
    if Projet.objects.filter(cle=cle).exists():
        raise TransitionInterdite(DEJA_SERVI)
    nom = fraiche.titre if len(fraiche.titre) <= 140 else f"{fraiche.titre[:139]}…"
    projet = Projet.objects.create(genre=genre, nom=nom, description=fraiche.details, pilote=fraiche.pilote, cle=cle)
    structures = structures_de(fraiche)
    inscrire(projet, structures, par=par)
    fraiche.projet = action.projet = projet
    fraiche.save(update_fields=["projet", "modifie_le"])
    ecrire_a(structures, "projet_ne", objet=projet, sauf=par, action=fraiche)
    return projet
