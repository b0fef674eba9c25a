"""« Pas pour nous », and the digest of new matches for référents."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Utilisateur
from annuaire.notifications import en_pause, pied
from annuaire.querysets import structures_de
from pole_ess.socle import liens
from pole_ess.socle.courriel import deposer
from ressources.models import Annonce, PreferenceRapprochements, Rapprochement
from ressources.rapprochement import chercher_tous

LIGNES_MAX = 10
ANNONCES_MAX = 60
"""Of one person: those published last."""
JOURS_LIEN = 400
OBJECTIF = "rapprochements"
DELAIS = {"quotidienne": timedelta(hours=20), "hebdomadaire": timedelta(days=6, hours=20)}
"""A little less than a day and a week: the job never runs at the very second."""


def _paire(annonce, autre) -> dict:
    """The fields of the Rapprochement of an announcement with another one, or with a structure."""
    if not isinstance(autre, Annonce):
        return {"besoin": annonce, "structure": autre}
    return {"besoin": autre, "offre": annonce} if annonce.est_offre else {"besoin": annonce, "offre": autre}


def _colonne(annonce, quoi) -> str:
    return {
        ("ecarte", True): "ecarte_par_offre_le",
        ("ecarte", False): "ecarte_par_besoin_le",
        ("annonce", True): "annonce_a_l_offre_le",
        ("annonce", False): "annonce_au_besoin_le",
    }[quoi, annonce.est_offre]


@transaction.atomic
def ecarter(annonce, *, autre) -> None:
    """« Pas pour nous », said by the side of `annonce`: neither side sees this match any more. Twice is once."""
    ligne, _ = Rapprochement.objects.get_or_create(**_paire(annonce, autre))
    colonne = _colonne(annonce, "ecarte")
    Rapprochement.objects.filter(pk=ligne.pk, **{f"{colonne}__isnull": True}).update(**{colonne: timezone.now()})


@transaction.atomic
def remettre(annonce, *, autre) -> None:
    """Undo: only what the side of `annonce` put aside."""
    Rapprochement.objects.filter(**_paire(annonce, autre)).update(**{_colonne(annonce, "ecarte"): None})


def ecartes(annonce) -> list[Annonce]:
    """What the side of `annonce` put aside, to be brought back: announcements or structures, the last one first."""
    cote = "rapprochements_de_l_offre" if annonce.est_offre else "rapprochements_du_besoin"
    colonne = _colonne(annonce, "ecarte")
    lignes = (
        getattr(annonce, cote)
        .filter(**{f"{colonne}__isnull": False})
        .select_related("besoin__structure", "offre__structure", "structure")
        .order_by(f"-{colonne}", "-pk")[:20]
    )
    return [ligne.besoin if annonce.est_offre else ligne.offre or ligne.structure for ligne in lignes]


def annonces_suivies(utilisateur, *, referent=False):
    """Open announcements of this person's structures, the last ones first."""
    return (
        Annonce.objects.ouvertes()
        .filter(structure__in=structures_de(utilisateur, referent=referent))
        .select_related("structure", "commune", "categorie")
        .order_by("-publiee_le", "-pk")[:ANNONCES_MAX]
    )


def deja_dits(annonces) -> dict:
    """(announcement, key of the other) -> when it was told to this side; one query."""
    siennes = {a.pk: a for a in annonces}
    dits = {}
    for ligne in Rapprochement.objects.filter(Q(besoin__in=siennes) | Q(offre__in=siennes)):
        if ligne.besoin_id in siennes:
            autre = f"a{ligne.offre_id}" if ligne.offre_id else f"s{ligne.structure_id}"
            dits[ligne.besoin_id, autre] = ligne.annonce_au_besoin_le
        if ligne.offre_id in siennes:
            dits[ligne.offre_id, f"a{ligne.besoin_id}"] = ligne.annonce_a_l_offre_le
    return dits


def signer(utilisateur, **charge) -> str:
    """The path of a page that asks before it acts."""
    return reverse("ressources:rapprochements_lien", args=[liens.signer(OBJECTIF, {"u": utilisateur.pk, **charge})])


@transaction.atomic
def choisir_frequence(utilisateur, *, frequence) -> None:
    PreferenceRapprochements.objects.update_or_create(utilisateur=utilisateur, defaults={"frequence": frequence})


def envoyer(*, maintenant=None) -> int:
    """Write to every référent who is due and has something new; how many. Each in its own transaction."""
    maintenant = maintenant or timezone.now()
    cles = (
        Utilisateur.objects.filter(
            is_active=True, rattachements__etat="actif", rattachements__role="referent",
            rattachements__structure__annonces__in=Annonce.objects.ouvertes(),
        )
        .exclude(preference_rapprochements__frequence=PreferenceRapprochements.Frequence.JAMAIS)
        .exclude(pk__in=en_pause())
        .order_by("pk").values_list("pk", flat=True).distinct()
    )  # fmt: skip
    return sum(_envoyer_a(cle, maintenant) for cle in list(cles))


@transaction.atomic
def _envoyer_a(cle, maintenant) -> bool:
    """The mail, what it tells and its date are written together: a kill loses all of it or nothing."""
    PreferenceRapprochements.objects.bulk_create([PreferenceRapprochements(utilisateur_id=cle)], ignore_conflicts=True)
    preference = (
        PreferenceRapprochements.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("utilisateur")
        .filter(utilisateur=cle)
        .first()
    )
    if preference is None or not _attendue(preference, maintenant):
        return False
    utilisateur = preference.utilisateur
    groupes = _nouveaux(utilisateur, preference.derniere_le)
    if not groupes:
        return False
    _noter_dits(groupes, maintenant)
    for annonce, accords in groupes:
        for accord in accords:
            accord.lien_ecarter = signer(utilisateur, g="ecarter", a=annonce.pk, x=accord.cle)
    preference.derniere_le = maintenant
    preference.save(update_fields=["derniere_le"])
    bas = pied(utilisateur, "rapprochements")
    deposer(
        "rapprochements",
        a=utilisateur.email,
        utilisateur=utilisateur,
        contexte={
            "groupes": groupes,
            "nombre": sum(len(accords) for _, accords in groupes),
            "frequence": preference.frequence,
            "lien_arreter": signer(utilisateur, g="arreter"),
            **bas["contexte"],
        },
        desabonnement=bas["desabonnement"],
        cle_unicite=f"rapprochements-{utilisateur.pk}-{maintenant:%Y%m%d%H%M%S}",
    )
    return True


def _attendue(preference, maintenant) -> bool:
    delai = DELAIS.get(preference.frequence)
    return delai is not None and (preference.derniere_le is None or preference.derniere_le + delai <= maintenant)


def _nouveaux(utilisateur, depuis) -> list:
    """(announcement, matches) not told to this person yet, the best LIGNES_MAX of all.

    What another référent of the structure was told after this person's last mail is still new here.
    """
    annonces = list(annonces_suivies(utilisateur, referent=True))
    dits, trouves = deja_dits(annonces), chercher_tous(annonces)
    nouveaux = []
    for annonce in annonces:
        for accord in trouves[annonce.pk]:
            dit_le = dits.get((annonce.pk, accord.cle))
            if dit_le is None or depuis is None or dit_le > depuis:
                nouveaux.append((annonce, accord))
    nouveaux.sort(key=lambda paire: (-paire[1].score, paire[0].pk))
    gardes = nouveaux[:LIGNES_MAX]
    groupes = [(annonce, [accord for celle, accord in gardes if celle == annonce]) for annonce in annonces]
    return [(annonce, accords) for annonce, accords in groupes if accords]


def _noter_dits(groupes, maintenant) -> None:
    """Written and locked in one order whichever side is told: two workers wait for each other, never in a ring."""
    paires = [
        (annonce, _paire(annonce, accord.annonce or accord.structure))
        for annonce, accords in groupes
        for accord in accords
    ]
    lignes = [Rapprochement(**paire) for _, paire in paires]
    lignes.sort(key=lambda r: (r.besoin_id, r.offre_id or 0, r.structure_id or 0))
    Rapprochement.objects.bulk_create(lignes, ignore_conflicts=True)
    siennes = Q()
    for _, paire in paires:
        siennes |= Q(**paire)
    cles = {_cle_de(r): r.pk for r in Rapprochement.objects.select_for_update().filter(siennes).order_by("pk")}
    for colonne in ("annonce_au_besoin_le", "annonce_a_l_offre_le"):
        dites = [cles[_cle_de(Rapprochement(**paire))] for a, paire in paires if _colonne(a, "annonce") == colonne]
        Rapprochement.objects.filter(pk__in=dites, **{f"{colonne}__isnull": True}).update(**{colonne: maintenant})


def _cle_de(ligne) -> tuple:
    return ligne.besoin_id, ligne.offre_id, ligne.structure_id
