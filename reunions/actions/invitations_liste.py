"""Making the list of the people to invite: structures' people, or a pasted list. Nobody is written to here.

A person is known by their address, whatever its case, and by their account: asked twice, they are on the list once,
for all the structures they stand for.
"""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Prefetch

from annuaire import oppositions
from annuaire.models import Rattachement
from annuaire.texte import plier
from reunions.models import Participation, Representation, Reunion

from . import TransitionInterdite

LIGNES_MAX = 500
_ADRESSE = re.compile(r"[^\s<>,;:\"()\[\]]{1,64}@[^\s<>,;:\"()\[\]]{1,190}")


@dataclass
class Invite:
    """Somebody to put on the list."""

    courriel: str
    nom: str = ""
    libelle: str = ""
    utilisateur: object = None
    structures: list = field(default_factory=list)


@dataclass(frozen=True)
class Ligne:
    """What became of one pasted line; `cas`: ajoutee, deja, opposee, double, illisible."""

    numero: int
    texte: str
    cas: str

    MOTS = {
        "ajoutee": "ajoutée",
        "deja": "déjà sur la liste",
        "double": "déjà plus haut dans cette liste",
        "opposee": "cette personne a demandé à ne plus être contactée",
        "illisible": "pas d'adresse e-mail complète dans cette ligne",
    }

    @property
    def en_mots(self) -> str:
        return self.MOTS[self.cas]


@dataclass
class Bilan:
    """What adding structures came to, in people; `sans_adresse`: structures that no mail can reach."""

    nouvelles: int = 0
    deja: int = 0
    opposees: int = 0
    sans_adresse: list = field(default_factory=list)


def correspondants(structures) -> tuple[list[Invite], list]:
    """(people, structures without any address): active référents; without any, the structure's own address.

    In a constant number of queries.
    """
    referents = Rattachement.objects.filter(
        etat="actif", role="referent", utilisateur__is_active=True
    ).select_related("utilisateur").order_by("pk")  # fmt: skip
    invites, muettes = {}, []
    for structure in structures.prefetch_related(Prefetch("rattachements", referents, to_attr="repondent")):
        if structure.repondent:
            for lien in structure.repondent:
                personne = lien.utilisateur
                invite = invites.setdefault(
                    personne.email.lower(), Invite(personne.email, personne.nom, utilisateur=personne)
                )
                invite.structures.append(structure)
        elif structure.courriel:
            invite = invites.setdefault(structure.courriel.lower(), Invite(structure.courriel))
            invite.structures.append(structure)
        else:
            muettes.append(structure)
    return list(invites.values()), muettes


def apercu(reunion, structures) -> Bilan:
    """What `ajouter_structures` would do now; writes nothing."""
    invites, muettes = correspondants(structures)
    deja, opposees = _connus(reunion, invites), oppositions.opposees(i.courriel for i in invites)
    bilan = Bilan(sans_adresse=muettes)
    for invite in invites:
        if invite.courriel.lower() in opposees:
            bilan.opposees += 1
        elif _retrouver(deja, invite):
            bilan.deja += 1
        else:
            bilan.nouvelles += 1
    return bilan


@transaction.atomic
def ajouter_structures(reunion, *, structures) -> Bilan:
    """Put the people of these structures on the list. Those on it already also stand for these structures."""
    _ouverte(reunion)
    invites, muettes = correspondants(structures)
    bilan, _ = _ajouter(reunion, invites)
    bilan.sans_adresse = muettes
    return bilan


@transaction.atomic
def ajouter_liste(reunion, *, texte: str) -> list[Ligne]:
    """Put the people of a pasted list on the list, one a line, in whatever order name and address come.

    « Camille Durand <camille@example.org>, Les Amis du pont »: name, then address, then in whose name.
    """
    _ouverte(reunion)
    lues = [(rang, ligne.strip()) for rang, ligne in enumerate(texte.splitlines(), 1) if ligne.strip()]
    invites = {}
    for rang, ligne in lues[:LIGNES_MAX]:
        invites[rang] = lire_ligne(ligne)
    vus, retenus, cas = set(), [], {}
    for rang, invite in invites.items():
        adresse = invite.courriel.lower() if invite else ""
        cas[rang] = "illisible" if invite is None else "double" if adresse in vus else ""
        if not cas[rang]:
            vus.add(adresse)
            retenus.append(invite)
    _, faits = _ajouter(reunion, retenus)
    return [
        Ligne(rang, ligne[:200], cas[rang] or faits[invites[rang].courriel.lower()])
        for rang, ligne in lues[:LIGNES_MAX]
    ]


def lire_ligne(ligne: str) -> Invite | None:
    """One pasted line; None without a whole address."""
    trouvee = _ADRESSE.search(ligne)
    if not trouvee:
        return None
    adresse = trouvee[0].strip(".'")
    try:
        validate_email(adresse)
    except ValidationError:
        return None
    if len(adresse) > Participation._meta.get_field("courriel").max_length:
        return None
    reste = ligne[: trouvee.start()] + "\x00" + ligne[trouvee.end() :]
    morceaux = [" ".join(m.split()).strip("<>\"' ") for m in re.split(r"[,;\t\x00<>]", reste)]
    morceaux = [m for m in morceaux if m]
    return Invite(adresse, nom="".join(morceaux[:1])[:120], libelle=", ".join(morceaux[1:])[:200])


@transaction.atomic
def retirer(participation) -> None:
    """Take off the list somebody who was not written to yet."""
    prise = Participation.objects.select_for_update().filter(pk=participation.pk).first()
    if prise is None:
        return
    if prise.invitee_le or prise.reponse != Participation.Reponse.ATTENDUE or prise.presence != "inconnue":
        raise TransitionInterdite("Cette personne est déjà invitée : elle reste dans la liste.")
    prise.delete()


def _ouverte(reunion):
    """The meeting's row is locked: two lists added at once do not write the same person twice."""
    reunion = Reunion.objects.select_for_update(no_key=True).get(pk=reunion.pk)
    if reunion.etat not in (Reunion.Etat.BROUILLON, Reunion.Etat.ANNONCEE) or reunion.est_passee:
        raise TransitionInterdite("Cette rencontre est passée ou annulée : on n'y invite plus.")


def _connus(reunion, invites):
    """(by address, by account) -> participation."""
    par_adresse, par_compte = {}, {}
    for participation in reunion.participations.all():
        if participation.courriel:
            par_adresse[participation.courriel.lower()] = participation
        if participation.utilisateur_id:
            par_compte[participation.utilisateur_id] = participation
    return par_adresse, par_compte


def _retrouver(connus, invite):
    par_adresse, par_compte = connus
    compte = invite.utilisateur.pk if invite.utilisateur else None
    return par_compte.get(compte) or par_adresse.get(invite.courriel.lower())


def _ajouter(reunion, invites) -> tuple[Bilan, dict]:
    """(figures, address -> ajoutee, deja or opposee), in a constant number of queries."""
    bilan, faits = Bilan(), {}
    opposees = oppositions.opposees(i.courriel for i in invites)
    connus = _connus(reunion, invites)
    nouvelles, liens = [], []
    for invite in invites:
        adresse = invite.courriel.lower()
        if adresse in opposees:
            bilan.opposees += 1
            faits[adresse] = "opposee"
            continue
        participation = _retrouver(connus, invite)
        faits[adresse] = "deja" if participation else "ajoutee"
        if participation is None:
            participation = Participation(
                reunion=reunion, utilisateur=invite.utilisateur, nom=invite.nom, courriel=invite.courriel,
                libelle=invite.libelle, origine=Participation.Origine.INVITATION,
            )  # fmt: skip
            nouvelles.append(participation)
        else:
            bilan.deja += 1
        liens += [(participation, structure) for structure in invite.structures]
    nouvelles.sort(key=lambda p: plier(p.nom or p.libelle or p.courriel))
    Participation.objects.bulk_create(nouvelles)
    Representation.objects.bulk_create(
        [Representation(participation=p, structure=s) for p, s in liens], ignore_conflicts=True
    )
    bilan.nouvelles = len(nouvelles)
    return bilan, faits
