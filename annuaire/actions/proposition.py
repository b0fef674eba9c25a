"""A structure enters the directory: proposed by anybody, or written by the hub's staff in its name.

Whoever proposes and says « je fais partie de cette structure » becomes its référent: at once with a confirmed
account (they may then correct their own proposal before it is published), else by an invitation that leaves
when the hub's staff publish it (rattachements.a_la_publication).
"""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from annuaire.actions import edition, position, rattachements
from annuaire.models import Echange, Rattachement, Structure
from pole_ess.socle import liens
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole

JOURS_CONFIRMER = 7
JOURS_AU_NOM_DE = 60
JOURS_BROUILLON = 30
"""A proposal whose address was never confirmed is erased after this."""
Etat = Structure.Etat


class PropositionTraitee(Exception):
    """The proposal was confirmed already, or staff dealt with it."""


def compte_confirme(utilisateur) -> bool:
    """A logged-in account whose address allauth has verified: no confirmation mail is needed."""
    return utilisateur.is_authenticated and EmailAddress.objects.filter(user=utilisateur, verified=True).exists()


def deja_proposee(cle) -> Structure | None:
    """The structure that this very form has already created (double submit, retried request)."""
    return Structure.objects.filter(source="proposition", source_cle=str(cle)).first()


def proposer(
    *, valeurs: dict, cle, courriel="", utilisateur=None, activite=None, fait_partie=False, ressemblances=(), motif=""
) -> Structure:
    """Create the proposal of the form `cle` once, and mail what comes next.

    `valeurs`: model fields. `courriel`: the proposer's address, to be confirmed by a link of 7 days unless
    `utilisateur` has a confirmed account. `ressemblances`: the candidates that the proposer saw and set aside,
    written in the contact log for staff, with `motif` when staff add anyway.
    """
    confirme = utilisateur is not None and compte_confirme(utilisateur)
    adresse = utilisateur.email if confirme else courriel
    existante = deja_proposee(cle)
    if existante:
        return existante
    try:
        with transaction.atomic():
            structure = _creer(
                valeurs,
                source="proposition",
                source_cle=str(cle),
                courriel_proposition=adresse.lower(),
                etat=Etat.A_VALIDER if confirme else Etat.BROUILLON,
                activites=[activite] if activite else [],
                accord="Accord donné en proposant la fiche",
            )
            _noter_ressemblances(structure, ressemblances, motif, utilisateur if confirme else None)
            if fait_partie:
                _promettre(structure, utilisateur if confirme else None, adresse)
            if confirme:
                _prevenir_equipe(structure)
            else:
                _demander_confirmation(structure, adresse)
    except IntegrityError:
        structure = deja_proposee(cle)  # the same form sent twice at once
        if structure is None:
            raise
    return structure


def _creer(valeurs, *, activites, accord, **champs) -> Structure:
    if valeurs.get("telephone_public") or valeurs.get("courriel_public"):
        champs["public_source"] = f"{accord}, le {timezone.localdate():%d/%m/%Y}"
    structure = Structure(**valeurs, **champs)
    structure.champs_humains = sorted(champ for champ, valeur in valeurs.items() if valeur not in ("", None, []))
    _ajouter(structure)
    structure.activites.set(activites)
    position.situer(structure)
    return structure


def _ajouter(structure) -> None:
    """Insert under a free slug; when somebody takes it at the same moment, under the next one."""
    for _ in range(5):
        structure.slug = Structure.objects.slug_libre(structure.nom)
        try:
            with transaction.atomic():
                structure.save()
            return
        except IntegrityError:
            if not Structure.objects.filter(slug=structure.slug).exists():
                raise  # another constraint
    raise IntegrityError(f"no free slug for {structure.nom!r}")


def _noter_ressemblances(structure, ressemblances, motif, auteur):
    if not ressemblances and not motif:
        return
    vues = " ; ".join(f"{d.structure.nom} ({', '.join(d.raisons)})" for d in ressemblances)
    raison = motif or "la personne qui propose indique que c'est une autre structure."
    Echange.objects.create(
        structure=structure,
        moyen=Echange.Moyen.COURRIEL,
        date=timezone.localdate(),
        auteur=auteur,
        note=f"Proposée malgré une ressemblance. Fiches vues : {vues or 'aucune'}. Raison : {raison}",
    )


def _promettre(structure, utilisateur, adresse):
    """The proposer's place: active with an account, else an invitation kept until the publication."""
    if utilisateur is not None:
        rattachements.rattacher(
            structure,
            utilisateur=utilisateur,
            role=Rattachement.Role.REFERENT,
            origine=Rattachement.Origine.PROPOSITION,
        )
        return
    Rattachement.objects.create(
        structure=structure,
        courriel=adresse.lower(),
        role=Rattachement.Role.REFERENT,
        etat=Rattachement.Etat.INVITE,
        origine=Rattachement.Origine.PROPOSITION,
    )


def _demander_confirmation(structure, adresse):
    jeton = liens.signer("proposition", {"s": structure.pk, "n": secrets.token_hex(4)})
    deposer(
        "proposition_confirmer",
        a=adresse,
        objet=structure,
        contexte={"structure": structure, "jeton": jeton, "jours": JOURS_CONFIRMER},
        cle_unicite=f"proposition-{structure.pk}",
    )


def _prevenir_equipe(structure):
    deposer(
        "proposition_equipe",
        a=ReglagesPole.actuels().courriel_equipe,
        objet=structure,
        contexte={"structure": structure},
        cle_unicite=f"proposition-equipe-{structure.pk}",
    )


@transaction.atomic
def confirmer(jeton: str) -> Structure:
    """The proposer's address is theirs: the proposal waits for the hub's staff.

    Raises LienInvalide (and its kinds), Structure.DoesNotExist once erased, PropositionTraitee.
    """
    charge = liens.lire("proposition", jeton, jours=JOURS_CONFIRMER)
    liens.consommer(jeton, jours=JOURS_CONFIRMER)
    structure = Structure.objects.select_for_update(of=("self",)).get(pk=charge["s"])
    if structure.etat != Etat.BROUILLON:
        raise PropositionTraitee
    structure.etat = Etat.A_VALIDER
    structure.save(update_fields=["etat", "modifie_le"])
    _prevenir_equipe(structure)
    return structure


@transaction.atomic
def creer_au_nom_de(
    *, valeurs: dict, par, activites=(), competences=(), motif_doublon: str = "", ressemblances=(), prevenir=True
) -> Structure:
    """Staff write a sheet for a structure that has no account: published, and the structure is told.

    Its own address receives a link of 60 days to confirm or correct; without one, staff print the slip
    (lien_au_nom_de). `par`: the staff member.
    """
    structure = _creer(
        valeurs,
        etat=Etat.PUBLIEE,
        publiee_le=timezone.now(),
        source="equipe",
        activites=activites,
        accord="Accord recueilli par l'équipe",
    )
    if competences:
        structure.competences.set(edition.competences_nommees(competences))
    _noter_ressemblances(structure, ressemblances, motif_doublon, par)
    if prevenir:
        prevenir_structure(structure)
    return structure


@transaction.atomic
def prevenir_structure(structure) -> bool:
    """Mail the structure what staff wrote in its name; once a day at most. False when it has no address."""
    if not structure.courriel:
        return False
    deposer(
        "au_nom_de",
        a=structure.courriel,
        objet=structure,
        contexte={"structure": structure, "lien": lien_au_nom_de(structure), "jours": JOURS_AU_NOM_DE},
        cle_unicite=f"au-nom-de-{structure.pk}-{timezone.localdate():%Y%m%d}",
    )
    return True


def lien_au_nom_de(structure) -> str:
    """The path of the page, good for 60 days, where the structure confirms or corrects its sheet without an account.

    The same page lets the author of a proposal sent back correct it: give it in that mail or on the printed slip,
    after PORTAIL_URL. One made for a correction is good until then only: whoever proposed a structure may
    correct their proposal, not the sheet once published, which may be that of people they do not know.
    """
    etat = Etat.A_CORRIGER if structure.etat == Etat.A_CORRIGER else Etat.PUBLIEE
    jeton = liens.signer("au-nom-de", {"s": structure.pk, "e": etat, "n": secrets.token_hex(4)})
    return reverse("annuaire:au_nom_de", args=[jeton])


@transaction.atomic
def purger_brouillons(*, le=None) -> int:
    """Erase, with their history, the proposals never confirmed within 30 days: they hold a stranger's address."""
    limite = (le or timezone.now()) - timedelta(days=JOURS_BROUILLON)
    anciens = Structure.objects.filter(etat=Etat.BROUILLON, source="proposition", cree_le__lt=limite)
    cles = list(anciens.values_list("pk", flat=True))
    liens_cles = list(Rattachement.objects.filter(structure__in=cles).values_list("pk", flat=True))
    for structure in anciens.filter(pk__in=cles):
        structure.delete()
    Structure.history.filter(id__in=cles).delete()
    Rattachement.history.filter(id__in=liens_cles).delete()
    return len(cles)
