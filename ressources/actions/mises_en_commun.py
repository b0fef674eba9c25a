"""A need that others join: opening it, joining, changing, leaving, prolonging, lowering its minimum, abandoning.

    ouverte → commandee → recue → soldee      (actions.mises_achat)      ouverte → conclue      (a shared post)
    ouverte | commandee → abandonnee

Every act locks the announcement's row first, then the purchase's, then reads: nobody joins what has just been
ordered, and the order is of the parts that are there. The total is the database's. Mails are in the act's
transaction; an act done twice is done once. Nothing is decided by itself: a date that passes asks the pilot.
"""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from annuaire.actions import correspondants
from annuaire.models import Structure, Utilisateur
from pole_ess.socle.file_attente import programmer
from pole_ess.socle.templatetags.francais import chiffre
from ressources.actions import TransitionInterdite, annonces, publication, relations
from ressources.models import Annonce, MiseEnCommun, Palier, PartEnCommun
from ressources.natures import Nature

Etat = MiseEnCommun.Etat
Genre = MiseEnCommun.Genre
JOURS_MAX = publication.JOURS_MAX
TACHE = "ressources.dire_aux_structures"
EN_DIRECT = 20
"""Structures that are told within the act itself; more are told by a job."""
CHAMPS = [
    *["unite", "pas", "minimum", "conditionnement", "frais", "cloture_le", "competence", "rayon", "des_le", "origine"]
]
"""What opening and changing may set, besides `paliers`, (from quantity, unit price) pairs."""
NATURES = {Genre.ACHAT: (Nature.ACHAT_GROUPE, "vente"), Genre.POSTE: (Nature.COMPETENCE, "service_payant")}
"""Kind -> nature and exchange mode of the announcement that bears it."""


class DejaDedans(TransitionInterdite):
    """The structure takes part already: it changes its part."""


class CleDejaUtilisee(TransitionInterdite):
    """The form's key has written something else."""


class TotalChange(TransitionInterdite):
    """The total that the pilot saw is not the one of now."""


# -- locks and mails


def verrouiller(mise) -> MiseEnCommun:
    """The fresh row, locked after its announcement's: first lock of every act."""
    annonce = Annonce.objects.select_for_update(of=("self",)).select_related("structure").get(pk=mise.annonce_id)
    fraiche = MiseEnCommun.objects.select_for_update(of=("self",)).get(pk=mise.pk)
    fraiche.annonce = annonce
    return fraiche


def suivre(mise, fraiche) -> None:
    """The caller's object says what the act wrote."""
    for champ in fraiche._meta.concrete_fields:
        if champ.name != "annonce":
            setattr(mise, champ.attname, getattr(fraiche, champ.attname))
    if "annonce" in mise._state.fields_cache:
        mise.annonce.etat, mise.annonce.expire_le = fraiche.annonce.etat, fraiche.annonce.expire_le


def au_pilote(mise, evenement, *, sauf=None, **contexte):
    correspondants.ecrire(
        "mise_pilote",
        mise.annonce.structure,
        objet=mise,
        sauf=sauf,
        sorte="achats",
        page=reverse("ressources:mise_piloter", args=[mise.pk]),
        mise=mise,
        evenement=evenement,
        **contexte,
    )


def a_la_structure(part, evenement, *, sauf=None, **contexte):
    correspondants.ecrire(
        "mise_structure",
        part.structure,
        objet=part,
        aussi=part.par,
        sauf=sauf,
        sorte="achats" if evenement == "prolongee" else "",
        page=part.mise.get_absolute_url(),
        part=part,
        mise=part.mise,
        evenement=evenement,
        **contexte,
    )


def aux_structures(mise, parts, evenement, *, sauf=None) -> None:
    """One mail for each of `parts` but the pilot's own: whoever decides knows.

    Many are written by a job queued in this transaction: neither the page nor the purchase's row waits for them.
    """
    autres = [part for part in parts if part.structure_id != mise.annonce.structure_id]
    if len(autres) > EN_DIRECT:
        envoi = {"mise": mise.pk, "evenement": evenement, "sauf": sauf and sauf.pk, "cle": uuid.uuid4().hex}
        programmer(TACHE, **envoi, parts=[part.pk for part in autres])
        return
    for part in autres:
        part.mise = mise
        a_la_structure(part, evenement, sauf=sauf)


def dire(*, mise, evenement, sauf, cle, parts) -> int:
    """Write what the job TACHE was queued for; how many structures. Started again, nobody is told twice."""
    la_mise = MiseEnCommun.objects.pour_page().filter(pk=mise).first()
    if la_mise is None:
        return 0
    qui = Utilisateur.objects.filter(pk=sauf).first() if sauf else None
    visees = PartEnCommun.objects.filter(pk__in=parts, mise=la_mise).pour_pages()
    for part in visees:
        part.mise = la_mise
        with transaction.atomic():
            a_la_structure(part, evenement, sauf=qui, cle_unicite=f"mise-{cle}-{part.pk}")
    return len(visees)


def a_toutes(mise, evenement, *, sauf=None) -> None:
    parts = mise.parts.actives().select_related("structure", "par").order_by("cree_le", "pk")
    aux_structures(mise, parts, evenement, sauf=sauf)


def exiger(fraiche, *etats) -> None:
    if fraiche.etat not in etats:
        raise TransitionInterdite(f"« {fraiche.annonce} » est {fraiche.get_etat_display()} : ce n'est plus possible.")


def _motif(motif) -> str:
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("Une raison est demandée : elle est envoyée aux structures.")
    return motif


# -- opening


def peut_porter(annonce, genre) -> bool:
    """Whether this announcement can be joined as it is: a need of the right nature, still open or being written."""
    etats = ("brouillon", "publiee", "a_valider", "a_corriger")
    return not annonce.est_offre and annonce.nature == NATURES[genre][0] and annonce.etat in etats


@transaction.atomic
def ouvrir(*, genre, structure, par, cle, texte: dict, valeurs: dict, paliers=(), part=None, annonce=None):
    """Open a purchase or a post; once per `cle`. `texte`: fields of the announcement that bears it, sent at once.

    With `annonce`, a need of its own that is open, it joins that one instead. `part`: what the pilot's structure
    wants itself, (quantity, tolerance). The announcement shows, or waits for the staff, as any other.
    """
    if annonce is None:
        nature, mode = NATURES[genre]
        texte = {"sens": "besoin", "nature": nature, "mode": mode, **texte}
        annonce = annonces.creer(valeurs=texte, structure=structure, par=par, cle=cle)
    annonce = Annonce.objects.select_for_update(of=("self",)).select_related("structure").get(pk=annonce.pk)
    if deja := MiseEnCommun.objects.filter(annonce=annonce).first():
        return deja
    if not peut_porter(annonce, genre):
        raise TransitionInterdite("On se met ensemble autour d'un besoin de cette nature qui n'est pas clos.")
    mise = MiseEnCommun.objects.create(annonce=annonce, genre=genre, **_reglages(valeurs))
    _ecrire_paliers(mise, paliers)
    if part is not None:
        quantite, tolerance = part
        PartEnCommun.objects.create(
            mise=mise, structure=annonce.structure, par=par, quantite=quantite, tolerance=tolerance, cle=cle
        )
        mise.refresh_from_db(fields=["total"])
    mise.annonce = annonce
    _tenir_ouverte(annonce, mise.cloture_le, par)
    if annonce.etat == "brouillon":
        publication.soumettre(annonce, par=par)
    _si_atteinte(mise, sauf=par)
    return mise


def _reglages(valeurs) -> dict:
    inconnus = set(valeurs) - set(CHAMPS)
    if inconnus:
        raise ValueError(f"not settable: {sorted(inconnus)}")
    cloture = valeurs.get("cloture_le")
    if cloture is not None and not timezone.localdate() <= cloture <= timezone.localdate() + timedelta(days=JOURS_MAX):
        raise TransitionInterdite("La date de clôture est à venir, dans l'année.")
    return valeurs


def _ecrire_paliers(mise, paliers) -> None:
    mise.paliers.all().delete()
    Palier.objects.bulk_create(Palier(mise=mise, a_partir_de=seuil, prix=prix) for seuil, prix in sorted(paliers))


def _tenir_ouverte(annonce, cloture_le, par) -> None:
    """The announcement does not expire before the closing date; a year at most, as any."""
    if cloture_le is not None and annonce.expire_le is not None and annonce.expire_le < cloture_le:
        annonce.expire_le = min(cloture_le, timezone.localdate() + timedelta(days=JOURS_MAX))
        annonce._history_user = par
        annonce.save(update_fields=["expire_le", "modifie_le"])


def _si_atteinte(fraiche, *, sauf=None, **contexte) -> bool:
    """The first time that the total reaches the minimum, the pilot is told. Whether it was now."""
    if not fraiche.est_atteinte or fraiche.atteinte_dite_le is not None:
        return False
    fraiche.atteinte_dite_le = timezone.now()
    fraiche.save(update_fields=["atteinte_dite_le"])
    au_pilote(fraiche, "atteinte", sauf=sauf, **contexte)
    return True


@transaction.atomic
def regler(mise, *, par, valeurs: dict, paliers=()) -> MiseEnCommun:
    """The pilot changes the settings while nothing is ordered. With parts, the unit and the step stay."""
    fraiche = verrouiller(mise)
    exiger(fraiche, Etat.OUVERTE)
    valeurs = _reglages(valeurs)
    if fraiche.parts.actives().exists():
        fixes = {champ for champ in ("unite", "pas") if champ in valeurs and valeurs[champ] != getattr(fraiche, champ)}
        if fixes:
            raise TransitionInterdite("Des structures ont déjà donné leur quantité : l'unité ne change plus.")
    for champ, valeur in valeurs.items():
        setattr(fraiche, champ, valeur)
    fraiche.save(update_fields=list(valeurs))
    _ecrire_paliers(fraiche, paliers)
    _tenir_ouverte(fraiche.annonce, fraiche.cloture_le, par)
    _si_atteinte(fraiche, sauf=par)
    suivre(mise, fraiche)
    return mise


# -- taking part


def _exiger_ouverte(fraiche) -> None:
    exiger(fraiche, Etat.OUVERTE)
    if not fraiche.est_ouverte:
        raise TransitionInterdite(
            "La date de clôture est passée : la structure qui pilote décide de la suite."
            if fraiche.est_close
            else "L'annonce n'est pas en ligne : il n'est pas possible d'y prendre part pour le moment."
        )


def _verifier_quantites(fraiche, quantite, tolerance) -> None:
    if quantite <= 0 or tolerance < 0:
        raise TransitionInterdite("Donnez une quantité plus grande que zéro.")
    if quantite % fraiche.pas or tolerance % fraiche.pas:
        raise TransitionInterdite(f"Les quantités se comptent par {chiffre(fraiche.pas)}.")


@transaction.atomic
def rejoindre(mise, *, structure, par, quantite, tolerance=Decimal(0), note="", cle) -> PartEnCommun:
    """A structure takes part. The same `cle` twice writes once, even if it left meanwhile. Raises DejaDedans."""
    fraiche = verrouiller(mise)
    if deja := PartEnCommun.objects.filter(cle=cle).select_related("structure").first():
        if (deja.mise_id, deja.structure_id) != (fraiche.pk, structure.pk):
            raise CleDejaUtilisee("Ce formulaire a déjà servi : rouvrez la page et recommencez.")
        return deja
    _exiger_ouverte(fraiche)
    _verifier_quantites(fraiche, quantite, tolerance)
    if not Structure.objects.publiees().filter(pk=structure.pk).exists():
        raise TransitionInterdite("Seule une structure publiée dans l'annuaire peut prendre part.")
    if fraiche.parts.actives().filter(structure=structure).exists():
        raise DejaDedans(f"{structure.nom} prend déjà part : changez sa quantité.")
    part = PartEnCommun.objects.create(
        mise=fraiche, structure=structure, par=par, quantite=quantite, tolerance=tolerance, note=note, cle=cle
    )
    fraiche.refresh_from_db(fields=["total"])
    if not _si_atteinte(fraiche, sauf=par, part=part):
        au_pilote(fraiche, "rejointe", sauf=par, part=part)
    aux_structures(fraiche, [part], "rejointe")
    suivre(mise, fraiche)
    return part


def _part_ouverte(part):
    """(fresh purchase, fresh part), both locked, while parts may change."""
    fraiche = verrouiller(part.mise)
    _exiger_ouverte(fraiche)
    ligne = PartEnCommun.objects.select_for_update(of=("self",)).select_related("structure", "par").get(pk=part.pk)
    ligne.mise = fraiche
    return fraiche, ligne


@transaction.atomic
def changer(part, *, par, quantite, tolerance=Decimal(0), note="") -> PartEnCommun:
    """The structure wants more, or less. The pilot reads it on the page, without a mail."""
    fraiche, ligne = _part_ouverte(part)
    if ligne.etat != PartEnCommun.Etat.ACTIVE:
        raise TransitionInterdite("Cette part est quittée : rejoignez de nouveau.")
    _verifier_quantites(fraiche, quantite, tolerance)
    ligne.quantite, ligne.tolerance, ligne.note = quantite, tolerance, note
    ligne.save(update_fields=["quantite", "tolerance", "note", "modifie_le"])
    fraiche.refresh_from_db(fields=["total"])
    _si_atteinte(fraiche, sauf=par, part=ligne)
    suivre(part.mise, fraiche)
    return ligne


@transaction.atomic
def quitter(part, *, par) -> PartEnCommun:
    """The structure leaves before the closing; the pilot is told, and what is then missing."""
    fraiche, ligne = _part_ouverte(part)
    if ligne.etat == PartEnCommun.Etat.QUITTEE:
        return ligne
    ligne.etat = part.etat = PartEnCommun.Etat.QUITTEE
    ligne.save(update_fields=["etat", "modifie_le"])
    fraiche.refresh_from_db(fields=["total"])
    au_pilote(fraiche, "quittee", sauf=par, part=ligne)
    suivre(part.mise, fraiche)
    return ligne


# -- what the pilot decides


@transaction.atomic
def prolonger(mise, *, par, cloture_le) -> MiseEnCommun:
    """A later closing date; the quantities stay and each structure is told. The same date again does nothing."""
    fraiche = verrouiller(mise)
    exiger(fraiche, Etat.OUVERTE)
    if fraiche.cloture_le == cloture_le:
        suivre(mise, fraiche)
        return mise
    if fraiche.cloture_le is not None and cloture_le < fraiche.cloture_le:
        raise TransitionInterdite("Prolonger, c'est choisir une date plus lointaine.")
    _reglages({"cloture_le": cloture_le})
    fraiche.cloture_le = cloture_le
    fraiche.prolongations += 1
    fraiche.save(update_fields=["cloture_le", "prolongations"])
    _tenir_ouverte(fraiche.annonce, cloture_le, par)
    a_toutes(fraiche, "prolongee", sauf=par)
    suivre(mise, fraiche)
    return mise


@transaction.atomic
def baisser_minimum(mise, *, par, minimum) -> MiseEnCommun:
    """The supplier accepts less: whole cases still."""
    fraiche = verrouiller(mise)
    exiger(fraiche, Etat.OUVERTE)
    if minimum == fraiche.minimum:
        suivre(mise, fraiche)
        return mise
    if not 0 < minimum < fraiche.minimum:
        raise TransitionInterdite("Donnez un total plus petit que l'actuel, et plus grand que zéro.")
    if minimum % fraiche.pas or (fraiche.conditionnement and minimum % fraiche.conditionnement):
        raise TransitionInterdite("Le total se compte en colis entiers.")
    fraiche.minimum = minimum
    fraiche.save(update_fields=["minimum"])
    _si_atteinte(fraiche, sauf=par)
    suivre(mise, fraiche)
    return mise


@transaction.atomic
def abandonner(mise, *, par, motif) -> MiseEnCommun:
    """It will not happen: every structure is told why, and the announcement leaves the portal. `motif` required."""
    motif = _motif(motif)
    fraiche = verrouiller(mise)
    if fraiche.etat != Etat.ABANDONNEE:
        exiger(fraiche, Etat.OUVERTE, Etat.COMMANDEE)
        _abandonner(fraiche, motif=motif, sauf=par)
        if fraiche.annonce.etat in publication.TRANSITIONS["retirer"][0]:
            publication.retirer(fraiche.annonce, par=par, motif=motif)
            relations.clore_les_autres(fraiche.annonce, motif="Ce besoin ne tient plus : merci de votre proposition.")
    suivre(mise, fraiche)
    return mise


def _abandonner(fraiche, *, motif, sauf) -> None:
    fraiche.etat, fraiche.motif, fraiche.close_le = Etat.ABANDONNEE, motif[:500], timezone.now()
    fraiche.save(update_fields=["etat", "motif", "close_le"])
    a_toutes(fraiche, "abandonnee", sauf=sauf)


@transaction.atomic
def suivre_la_fermeture(annonce, *, par, motif) -> None:
    """The announcement has left the portal by another way: what was still open ends with it, and all are told.

    What is ordered goes on: it is promised.
    """
    mise = MiseEnCommun.objects.filter(annonce=annonce, etat=Etat.OUVERTE).first()
    if mise is not None:
        fraiche = verrouiller(mise)
        if fraiche.etat == Etat.OUVERTE:
            _abandonner(fraiche, motif=motif, sauf=par)


@transaction.atomic
def conclure(mise, *, par, motif="") -> MiseEnCommun:
    """A shared post found who carries it (an employers' group, one structure for all): everyone is told."""
    fraiche = verrouiller(mise)
    if fraiche.etat != Etat.CONCLUE:
        exiger(fraiche, Etat.OUVERTE)
        if fraiche.genre != Genre.POSTE:
            raise TransitionInterdite("Un achat se commande : il ne se conclut pas ainsi.")
        fraiche.etat, fraiche.motif, fraiche.close_le = Etat.CONCLUE, (motif or "").strip()[:500], timezone.now()
        fraiche.save(update_fields=["etat", "motif", "close_le"])
        a_toutes(fraiche, "conclue", sauf=par)
        pourvoir(fraiche, par=par)
    suivre(mise, fraiche)
    return mise


def pourvoir(fraiche, *, par) -> None:
    """The need is met: its announcement says so, and suppliers who wait for an answer get one."""
    if fraiche.annonce.etat == "publiee":
        publication.marquer_pourvue(fraiche.annonce, par=par)
        relations.clore_les_autres(fraiche.annonce, motif="L'annonce est pourvue : merci de votre proposition.")


# -- by themselves, the dates only ask


def demander_aux_pilotes() -> int:
    """Closing dates that are past: their pilots are asked what to do, once a date. How many."""
    nombre = 0
    for pk in list(MiseEnCommun.objects.a_dire_closes().order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            fraiche = verrouiller(MiseEnCommun.objects.get(pk=pk))
            if not MiseEnCommun.objects.a_dire_closes().filter(pk=pk).exists():
                continue  # decided, or said by another worker, meanwhile
            fraiche.cloture_dite_pour = fraiche.cloture_le
            fraiche.save(update_fields=["cloture_dite_pour"])
            au_pilote(fraiche, "close")
            nombre += 1
    return nombre
