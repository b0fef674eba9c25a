"""Forgetting a person (RGPD art. 17): in every table and file; the structures stay.

`bulk_create()` and `update()` go round the history on purpose here: a history row that says what was removed
would keep it. Rows of the history that are about the person are deleted too.
"""

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import transaction
from django.db.models import Q

from annuaire import oppositions
from annuaire.donnees_personnelles import structures_sans_autre_referent
from annuaire.models import Contact, MessageRelaye, Rattachement, Signalement, Structure, Utilisateur
from pole_ess.socle.models import ReglagesPole

from .effacement_regles import PARTOUT, Personne, Regle, contient
from .effacement_traces import effacer_cache, effacer_fichiers, effacer_sessions, effacer_taches
from .rattachements import signaler_orpheline

PUBLIC = Regle("Public facts and vocabulary, edited by staff: no person in it.", caviarder=False)
TECHNIQUE = Regle("Keys and hashes only: no person in it.", caviarder=False)
CASCADE = Regle("Goes with the account (foreign key).", caviarder=False, compte=True)

ERASURE: dict[str, Regle] = {
    "annuaire.commune": PUBLIC,
    "annuaire.activite": PUBLIC,
    "annuaire.competence": PUBLIC,
    "annuaire.label": PUBLIC,
    "annuaire.ancienneadresse": TECHNIQUE,
    "annuaire.anciennecle": TECHNIQUE,
    "annuaire.mot": Regle("Single words of published sheets, kept in step by the database itself.", caviarder=False),
    "annuaire.labelstructure": TECHNIQUE,
    "annuaire.structure_activites": TECHNIQUE,
    "annuaire.structure_competences": TECHNIQUE,
    "annuaire.historicalstructure_activites": TECHNIQUE,
    "annuaire.historicalstructure_competences": TECHNIQUE,
    "annuaire.structure": Regle(
        "The sheet stays, without the person; a structure keeps its own name even when it is a person's.",
        vider=lambda p: [(p.parmi("courriel"), {"courriel": "", "courriel_public": False})],
        structure="pk",
        sauf=frozenset({"nom", "sigle", "source", "champs_humains"}),
    ),
    "annuaire.historicalstructure": Regle(
        "As the sheet.",
        vider=lambda p: [(p.parmi("courriel"), {"courriel": "", "courriel_public": False})],
        structure="id",
        sauf=frozenset({"nom", "sigle", "source", "champs_humains"}),
    ),
    "annuaire.photo": Regle("The description of a picture may name somebody.", structure="structure"),
    "annuaire.contact": Regle(
        "A contact is the person.",
        supprimer=lambda p: p.parmi("courriel") | p.nommee("nom", "structure"),
        structure="structure",
    ),
    "annuaire.historicalcontact": Regle(
        "Every past version of the contact, that of its removal included.",
        supprimer=lambda p: p.parmi("courriel") | p.nommee("nom", "structure_id"),
        structure="structure_id",
    ),
    "annuaire.echange": Regle("Staff's log of a structure stays, without the person.", structure="structure"),
    "annuaire.modification": Regle("The field-by-field diff stays, without the person.", structure="structure"),
    "annuaire.signalement": Regle(
        "That a request came and was answered is proof; who wrote it and what is not.",
        vider=lambda p: [
            (p.parmi("courriel") | p.nommee("nom", "structure"), {"nom": "", "courriel": "", "texte": "[retiré]"})
        ],
        structure="structure",
    ),
    "annuaire.messagerelaye": Regle(
        "The person's own letters.",
        supprimer=lambda p: p.parmi("courriel") | p.nommee("nom", "structure"),
        structure="structure",
    ),
    "annuaire.nondoublon": Regle("A reason given by staff.", structure=PARTOUT),
    "annuaire.opposition": Regle("The hash stays: it is the promise. Its reason loses the name.", structure=PARTOUT),
    "annuaire.importstructures": Regle("The report stays; the file goes (effacer_fichiers).", structure=PARTOUT),
    "annuaire.ligneimport": Regle("The report's reasons quote the file.", structure=PARTOUT),
    "annuaire.entreeregistre": Regle(
        "A public register's words on a structure, which keeps its own name; its objection is another act.",
        structure="structure",
        sauf=frozenset({"nom", "identifiant"}),
    ),
    "annuaire.entreedistincte": TECHNIQUE,
    "annuaire.invitationregistre": Regle(
        "That a structure was invited stays; the address written to, and where it was found, do not.",
        vider=lambda p: [(p.parmi("courriel"), {"courriel": "", "source_courriel": "[retiré]"})],
        structure="structure",
        sauf=frozenset({"code"}),
    ),
    "annuaire.importregistre": Regle("The report stays; the file goes (effacer_fichiers).", structure=PARTOUT),
    "annuaire.ligneregistre": Regle("The report's reasons quote the file.", structure=PARTOUT),
    "annuaire.rattachement": Regle(
        "A place in a structure, or an invitation to an address.",
        supprimer=lambda p: p.compte("utilisateur_id") | p.parmi("courriel"),
        structure="structure",
        compte=True,
    ),
    "annuaire.historicalrattachement": Regle(
        "Past versions, that of the removal included; who invited is forgotten too.",
        supprimer=lambda p: p.compte("utilisateur_id") | p.parmi("courriel"),
        vider=lambda p: [(p.compte("invite_par_id"), {"invite_par_id": None})],
        structure="structure_id",
        compte=True,
    ),
    "annuaire.utilisateur": Regle("Deleted by effacer_utilisateur; other accounts stay theirs.", caviarder=False),
    "annuaire.utilisateur_groups": CASCADE,
    "annuaire.utilisateur_user_permissions": CASCADE,
    "account.emailaddress": Regle(
        "Goes with the account; another account's unconfirmed claim on the address too.",
        supprimer=lambda p: p.parmi("email"),
        caviarder=False,
        compte=True,
    ),
    "account.emailconfirmation": CASCADE,
    "annuaire.preferencenotification": CASCADE,
    "annuaire.pausenotifications": CASCADE,
    "annuaire.resume": CASCADE,
    "annuaire.avis": Regle(
        "Theirs go with the account; titles of others' lose the name.",
        structure=PARTOUT,
        supprimer=lambda p: p.compte("utilisateur_id"),
        sauf=frozenset({"sorte", "objet_type", "objet_id"}),
    ),
    "mfa.authenticator": CASCADE,
    "socle.courriel": Regle(
        "Mails to the person go; mails to others that speak of them lose the name.",
        supprimer=lambda p: p.parmi("destinataire") | p.compte("utilisateur_id"),
        structure=PARTOUT,
        sauf=frozenset({"gabarit", "message_id", "objet_type", "objet_id"}),
    ),
    "socle.courrielentrant": Regle("What came in loses the name.", structure=PARTOUT),
    "socle.compteur": Regle(
        "A limit's key may hold an address.",
        supprimer=lambda p: contient("cle", p.courriels),
        caviarder=False,
    ),
    "socle.jetonutilise": TECHNIQUE,
    "socle.reglagespole": Regle(
        "The hub's legal pages; its own address is never left empty.",
        vider=lambda p: [
            (p.parmi("courriel_equipe"), {"courriel_equipe": ReglagesPole._meta.get_field("courriel_equipe").default})
        ],
        structure=PARTOUT,
        sauf=frozenset({"nom", "territoire_nom", "territoire"}),
    ),
    "auth.permission": TECHNIQUE,
    "auth.group": TECHNIQUE,
    "auth.group_permissions": TECHNIQUE,
    "contenttypes.contenttype": TECHNIQUE,
    "admin.logentry": Regle(
        "The journal of the admin: the person's own acts go with the account, others lose the name.",
        supprimer=lambda p: p.compte("user_id"),
        structure=PARTOUT,
        compte=True,
    ),
    "sessions.session": Regle("Signed text: opened one by one (effacer_sessions).", caviarder=False),
    "procrastinate.procrastinatejob": Regle(
        "Arguments are JSON: effacer_taches (the model is read-only).", caviarder=False
    ),
    "procrastinate.procrastinateworker": TECHNIQUE,
    "procrastinate.procrastinateevent": TECHNIQUE,
    "procrastinate.procrastinateperiodicdefer": TECHNIQUE,
}
"""Model label -> how it forgets. A test fails when a model of INSTALLED_APPS has no rule."""


class EffacementRefuse(Exception):
    """The message says why, in French."""


@transaction.atomic
def effacer_utilisateur(utilisateur: Utilisateur, *, par) -> dict[str, int]:
    """Erase an account and every trace of its person; return model label -> rows touched.

    The team is told of structures left without référent. Raises EffacementRefuse for the last administrator.
    """
    if utilisateur.is_superuser and not (
        Utilisateur.objects.filter(is_superuser=True, is_active=True).exclude(pk=utilisateur.pk).exists()
    ):
        raise EffacementRefuse("Ce compte est le dernier administrateur : nommez-en un autre d'abord.")
    courriels = {utilisateur.email, *EmailAddress.objects.filter(user=utilisateur).values_list("email", flat=True)}
    personne = _personne(courriels=courriels, noms=[utilisateur.nom], utilisateur=utilisateur)
    orphelines = list(structures_sans_autre_referent(utilisateur))
    bilan = _oublier(personne)
    utilisateur.delete()
    bilan["annuaire.utilisateur"] = 1
    for structure in orphelines:
        signaler_orpheline(structure)
    return bilan


@transaction.atomic
def effacer_personne(*, structure=None, nom: str = "", courriel: str = "", par=None) -> dict[str, int]:
    """Erase a person who is named on a structure's sheet, and remember the objection.

    When an account lives at this address only this structure's own data is erased: the account is its
    owner's to delete. Raises ValueError without a name nor an address, or a name without its structure.
    """
    if not courriel and not (nom and structure):
        raise ValueError("effacer_personne() needs an address, or a name and its structure")
    compte_vivant = bool(courriel) and (
        Utilisateur.objects.filter(email__iexact=courriel).exists()
        or EmailAddress.objects.filter(email__iexact=courriel, verified=True).exists()
    )
    personne = _personne(
        courriels={courriel} if courriel else set(),
        noms=[nom],
        structures={structure.pk} if structure else set(),
        limitee=compte_vivant,
    )
    return _oublier(personne)


def _personne(*, courriels, noms, structures=frozenset(), utilisateur=None, limitee=False) -> Personne:
    courriels = tuple(sorted({courriel.strip().lower() for courriel in courriels if courriel}))
    liees = set(structures)
    if not limitee:
        ebauche = Personne(courriels, ())
        for modele, condition, champ in (
            (
                Rattachement,
                ebauche.parmi("courriel") | Q(utilisateur=utilisateur, utilisateur__isnull=False),
                "structure_id",
            ),
            (Contact, ebauche.parmi("courriel"), "structure_id"),
            (Contact.history.model, ebauche.parmi("courriel"), "structure_id"),
            (Signalement, ebauche.parmi("courriel"), "structure_id"),
            (MessageRelaye, ebauche.parmi("courriel"), "structure_id"),
            (Structure, ebauche.parmi("courriel") | ebauche.parmi("courriel_proposition"), "pk"),
        ):
            liees |= set(modele._base_manager.filter(condition).values_list(champ, flat=True))
    liees.discard(None)
    return Personne(
        courriels=courriels,
        noms=tuple(sorted({" ".join(nom.split()) for nom in noms if nom and nom.strip()})),
        structures=frozenset(liees),
        utilisateur_id=utilisateur.pk if utilisateur else None,
        limitee=limitee,
    )


def _oublier(personne: Personne) -> dict[str, int]:
    for courriel in personne.courriels:
        oppositions.enregistrer(courriel=courriel)
    for structure in Structure.objects.filter(pk__in=personne.structures):
        for nom in personne.noms:
            oppositions.enregistrer(nom=nom, structure=structure)
    contacts = set(Contact.objects.filter(ERASURE["annuaire.contact"].supprimer(personne)).values_list("pk", flat=True))
    bilan = {}
    modeles = {modele._meta.label_lower: modele for modele in apps.get_models(include_auto_created=True)}
    for label in sorted(modeles, key=lambda label: "historical" in label):  # a removal writes history: that comes last
        bilan[label] = ERASURE[label].appliquer(modeles[label], personne)
    Contact.history.filter(id__in=contacts).delete()
    effacer_fichiers(personne)
    if not personne.limitee:
        effacer_sessions(personne)
        effacer_taches(personne)
        effacer_cache(personne)
    return bilan
