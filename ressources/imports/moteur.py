"""Importing announcements: read, decide line by line, then write.

Rules: running twice changes nothing; a field that a human edited (Annonce.champs_humains) is never overwritten, an
empty cell erases nothing; a closed, refused or deleted announcement does not come back; one that the structure
already has under the same title is listed as a possible duplicate unless the line says why to add it.
"""

from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from annuaire.imports.colonnes import reconnaitre
from annuaire.imports.erreurs import FichierIllisible
from annuaire.imports.lecture import lire
from annuaire.imports.rapport import Rapport, Statut
from annuaire.imports.textes import cle_texte
from ressources import vigilance
from ressources.coherence import accorder
from ressources.models import Annonce, Periode, Reservation
from ressources.modes import PAYANTS

from .colonnes import ALIAS, CONNUES, PERSONNELLES
from .valeurs import LigneLue, Referentiel, deja_la

VERROU = 715_002_015
"""Advisory lock: one import of announcements at a time."""
VALIDITE = 90
"""Days that an announcement lives when its line gives no end."""
DU_MODE = ("prix", "prix_unite", "prix_sur_demande", "caution", "contrepartie", "partage")
"""Fields that mean something, or not, by the exchange mode."""
INTOUCHABLES = {"refusee", "retiree", "pourvue", "archivee"}


@dataclass
class LigneRapport:
    """One line: its number in the file, what became of it, and why."""

    numero: int
    nom: str
    statut: str
    raisons: list[str] = field(default_factory=list)
    annonce: Annonce | None = None


@dataclass
class Decision:
    """A line, what is said of it, and the field values to write."""

    lue: LigneLue
    rapport: LigneRapport
    annonce: Annonce | None = None
    champs: dict = field(default_factory=dict)


@transaction.atomic
def importer(
    fichier, *, nom: str, source: str, simulation=False, tout_ou_rien=False, publier=True, structure=None, par=None
) -> Rapport:
    """Import the open binary `fichier` named `nom` under the key space `source`; see the module for the rules.

    `structure` answers for the lines that name none. `simulation` writes nothing and gives the same report. With
    `tout_ou_rien`, one rejected line and nothing is written. New announcements are published at once, or wait for
    staff when `publier` is False. Raises FichierIllisible when the file cannot be read as a list.
    """
    tableau = lire(fichier, nom, quoi="une annonce")
    colonnes = reconnaitre(tableau.entetes, alias=ALIAS, personnelles=PERSONNELLES, connues=CONNUES)
    if "titre" not in colonnes:
        lus = ", ".join(f"« {entete[:30]} »" for entete in tableau.entetes[:12] if entete)
        raise FichierIllisible(
            f"Aucune colonne ne dit de quoi il s'agit (« désignation » ou « titre »). En-têtes lus : {lus or 'aucun'}."
        )
    if not simulation:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])
    referentiel = Referentiel(structure=structure)
    lues = [referentiel.lire(numero, cellules, colonnes) for numero, cellules in tableau.lignes]
    decisions = _decider(lues, source, verrou=not simulation)
    rapport = Rapport(
        lignes=[d.rapport for d in decisions],
        colonnes_ignorees=colonnes.ignorees,
        colonnes_personnelles=colonnes.personnelles,
    )
    if tout_ou_rien and rapport.comptes()["rejetee"]:
        rapport.retenu = True
        for ligne in rapport.lignes:
            if ligne.statut in (Statut.CREEE, Statut.MISE_A_JOUR):
                ligne.statut = Statut.REJETEE
                ligne.raisons.append("ligne correcte, retenue parce qu'une autre est rejetée (tout ou rien)")
    elif not simulation:
        for decision in decisions:
            _ecrire(decision, source=source, publier=publier, par=par)
        rapport.ecrit = True
    return rapport


def _decider(lues, source, *, verrou) -> list[Decision]:
    cles = {lue.cle for lue in lues if lue.cle}
    siennes = Annonce.objects.filter(source=source, source_cle__in=cles).select_related("categorie").order_by("pk")
    if verrou:  # nobody edits one between what is decided of it and what is written
        siennes = siennes.select_for_update(of=("self",))
    connues = {a.source_cle: a for a in siennes}
    supprimees = set(
        Annonce.history.filter(history_type="-", source=source, source_cle__in=cles).values_list(
            "source_cle", flat=True
        )
    )
    vivantes = deja_la({lue.structure.pk for lue in lues if lue.structure})
    vues, decisions = {}, []
    for lue in lues:
        rapport = LigneRapport(lue.numero, lue.nom, Statut.REJETEE, [*lue.erreurs, *lue.remarques])
        decision = Decision(lue, rapport)
        decisions.append(decision)
        if lue.erreurs:
            continue
        if premiere := vues.get(lue.cle):
            rapport.statut = Statut.DOUBLON
            rapport.raisons.append(f"déjà à la ligne {premiere} du fichier")
            continue
        vues[lue.cle] = lue.numero
        if annonce := connues.get(lue.cle):
            _connue(decision, annonce)
        elif lue.cle in supprimees:
            rapport.raisons.append("annonce supprimée par l'équipe : l'import ne la recrée pas")
        else:
            _nouvelle(decision, vivantes)
    return decisions


def _nouvelle(decision, vivantes) -> None:
    lue, rapport = decision.lue, decision.rapport
    cle = (lue.structure.pk, lue.valeurs["sens"], cle_texte(lue.valeurs["titre"]))
    if lue.quand_meme:
        rapport.raisons.append(f"ajoutée quand même : {lue.quand_meme}")
    elif existante := vivantes.get(cle):
        rapport.statut, rapport.annonce = Statut.DOUBLON, existante
        rapport.raisons.append(f"{lue.structure.nom} a déjà une annonce de ce titre")
        return
    rapport.statut = Statut.CREEE
    decision.champs = dict(lue.valeurs)


def _connue(decision, annonce) -> None:
    lue, rapport = decision.lue, decision.rapport
    decision.annonce = rapport.annonce = annonce
    rapport.statut = Statut.INCHANGEE
    if annonce.etat in INTOUCHABLES:
        rapport.raisons.append(f"annonce {annonce.get_etat_display()} : l'import n'y touche pas")
        return
    humains, gardes = set(annonce.champs_humains), []
    for champ, valeur in lue.valeurs.items():
        if champ in ("sens", "nature") or champ in lue.supposes:
            continue  # the first never change; the others are our guess, and an empty cell erases nothing
        if champ == "categorie" and valeur.nature != annonce.nature:
            continue
        if valeur in ("", None) and champ not in ("prix",):
            continue
        if champ == "expire_le" and annonce.expire_le and valeur <= annonce.expire_le:
            continue  # prolonged since: a list does not shorten what its structure renewed
        if getattr(annonce, champ) == valeur:
            continue
        if champ.removesuffix("_id") in humains:
            gardes.append(_libelle(champ))
        else:
            decision.champs[champ] = valeur
    if annonce.est_lot and decision.champs.get("quantite", annonce.quantite) < annonce.quantite_prise:
        decision.champs.pop("quantite")
        rapport.raisons.append("quantité gardée : des parts de ce lot sont déjà attribuées")
    _accorder(decision, annonce)
    if gardes:
        rapport.raisons.append(f"modifié par une personne, gardé : {', '.join(sorted(gardes))}")
    if decision.champs:
        rapport.statut = Statut.MISE_A_JOUR
        rapport.raisons.append(f"change : {', '.join(sorted(_libelle(champ) for champ in decision.champs))}")


def _accorder(decision, annonce) -> None:
    """What the mode decides goes or comes with it: no price on a gift, whatever was kept because a person wrote it."""
    champs = decision.champs
    if not champs:
        return
    if "mode" in champs and _engagee(annonce):
        champs.pop("mode")
        decision.rapport.raisons.append("mode d'échange gardé : des parts ou des réservations en dépendent")
    essai = copy(annonce)
    for champ, valeur in champs.items():
        setattr(essai, champ, valeur)
    accorder(essai)
    if essai.est_offre and essai.mode in PAYANTS and essai.prix is None:
        essai.prix_sur_demande = True
    decision.champs = {
        champ: getattr(essai, champ)
        for champ in dict.fromkeys([*champs, *DU_MODE])
        if getattr(essai, champ) != getattr(annonce, champ)
    }


def _engagee(annonce) -> bool:
    """Parts of it are given, or bookings of it are confirmed."""
    return bool(annonce.quantite_prise) or Reservation.objects.bloquantes().filter(calendrier__annonce=annonce).exists()


def _libelle(champ) -> str:
    return str(Annonce._meta.get_field(champ).verbose_name)


def _ecrire(decision, *, source, publier, par) -> None:
    lue = decision.lue
    if decision.rapport.statut == Statut.MISE_A_JOUR:
        annonce = Annonce.objects.select_for_update(of=("self",)).get(pk=decision.annonce.pk)
        for champ, valeur in decision.champs.items():
            setattr(annonce, champ, valeur)
        annonce._history_user, annonce._change_reason = par, f"import « {source} »"[:100]
        annonce.save(update_fields=[*decision.champs, "modifie_le"])
    elif decision.rapport.statut == Statut.CREEE:
        maintenant = timezone.now()
        champs = {"expire_le": timezone.localdate() + timedelta(days=VALIDITE), **decision.champs}
        annonce = Annonce(structure=lue.structure, auteur=par, source=source, source_cle=lue.cle, **champs)
        annonce.vigilance = vigilance.trouver(annonce)
        if publier and not annonce.vigilance:
            annonce.etat, annonce.publiee_le = Annonce.Etat.PUBLIEE, maintenant
        else:
            annonce.etat, annonce.soumise_le = Annonce.Etat.A_VALIDER, maintenant
        annonce._history_user, annonce._change_reason = par, f"import « {source} »"[:100]
        annonce.save()
        if lue.periode:
            Periode.objects.create(annonce=annonce, debut=lue.periode[0], fin=lue.periode[1])
        decision.rapport.annonce = annonce
