"""The table of tests/test_roles.py. Codes: see `lire`."""

import uuid
from dataclasses import dataclass, field
from typing import NamedTuple

from annuaire.actions.fraicheur import lien_fraicheur
from annuaire.actions.proposition import lien_au_nom_de
from annuaire.actions.registres_invitations import lien, lien_opposition
from annuaire.models import Contact, Photo, Rattachement
from annuaire.notifications import reglages
from annuaire.notifications.liens import signer as signer_notifications
from pole_ess.socle import liens
from tests.factories.registres import InvitationFactory
from tests.images import image

CONNEXION = "/compte/login/"


class Attendu(NamedTuple):
    """One cell: status, whether a row must be written, and where a redirect leads (None: anywhere)."""

    code: int
    ecrit: bool = False
    vers: str | None = None


def lire(cellules: str) -> list[Attendu]:
    """« 200 404 login ok » -> cells. `login`: 302 to the login page; `ok`: 302 after writing; `200+`: 200 after
    writing; one cell alone stands for the six roles."""
    mots = cellules.split()
    if len(mots) == 1:
        mots *= 6
    return [_cellule(mot) for mot in mots]


def _cellule(mot: str) -> Attendu:
    if mot == "login":
        return Attendu(302, vers=CONNEXION)
    if mot == "ok":
        return Attendu(302, ecrit=True)
    return Attendu(int(mot.rstrip("+")), ecrit=mot.endswith("+"))


@dataclass
class Ligne:
    """One URL in one state of its object."""

    nom: str
    get: list
    post: list
    etat: str = ""
    arguments: object = field(default=lambda monde: {})
    donnees: object = field(default=lambda monde, role: {})
    requete: str = ""

    def __str__(self):
        return f"{self.nom}[{self.etat}]" if self.etat else self.nom


def ligne(nom, get, post="405", **reste) -> Ligne:
    return Ligne(nom, lire(get), lire(post), **reste)


def par_etat(nom, post="405", *, donnees=None, suite=None, **etats) -> list[Ligne]:
    """One row per state of the structure in the URL; `suite(structure)` adds arguments."""

    def arguments(etat):
        return lambda monde: {
            "slug": monde.structures[etat].slug,
            **(suite(monde, monde.structures[etat]) if suite else {}),
        }

    lignes = []
    for etat, cellules in etats.items():
        get, _, celles_du_post = cellules.partition("|")
        lignes.append(
            Ligne(
                nom,
                lire(get),
                lire(celles_du_post or post),
                etat=etat,
                arguments=arguments(etat),
                donnees=donnees or (lambda monde, role: {}),
            )
        )
    return lignes


# Third-party pages have their own tests; the admin has its table in tests/annuaire/test_admin.py.
HORS_TABLE = ("admin:", "account_", "mfa_", "demo_")


def _jeton(faire):
    """Arguments of a URL that holds a signed link."""
    return lambda monde: {"jeton": faire(monde).strip("/").rsplit("/", 1)[-1]}


def _lien_de_notifications(monde):
    return signer_notifications(monde.roles["referent"], "suites")


def _choix(monde, role):
    """Each kind at the last rhythm that it offers, so that something is written."""
    utilisateur = monde.roles[role]
    sortes = reglages.pour(utilisateur) if utilisateur else []
    return {f"sorte_{sorte.cle}": sorte.rythmes[-1].value for sorte in sortes}


def _proposition(monde):
    brouillon = monde.structures["brouillon"]
    brouillon.courriel_proposition = "proposeur@example.org"
    brouillon.save()
    return liens.signer("proposition", {"s": brouillon.pk, "n": "0"})


def _invitation(monde):
    invitation = Rattachement.objects.create(
        structure=monde.structure, courriel=monde.roles["etranger"].email, etat="invite", origine="invitation"
    )
    return liens.signer("invitation", {"r": invitation.pk, "n": "0"})


def _revendication(monde):
    Rattachement.objects.create(
        structure=monde.structure,
        utilisateur=monde.roles["etranger"],
        role="referent",
        etat="demande",
        origine="revendication",
    )
    charge = {"s": monde.structure.pk, "u": monde.roles["etranger"].pk, "n": "0"}
    return liens.signer("revendication", charge)


def _photo(monde, structure):
    photo = Photo.objects.create(structure=structure, fichier="photos/essai.webp", alternative="La salle")
    return {"pk": photo.pk}


def _contact(monde, structure):
    return {"pk": Contact.objects.create(structure=structure, nom="Contact d'exemple").pk}


def _second_referent(monde, structure):
    return {"pk": structure.rattachements.get(role="referent", utilisateur__nom__startswith="Personne").pk}


def _edition(monde, role):
    """What the form shows, with another presentation. Version empty: no conflict is looked for."""
    return {"nom": "Structure retouchée", "presentation": "Autre texte"}


MESSAGE = {"nom": "Claude", "courriel": "claude@example.org", "texte": "Bonjour", "cle": str(uuid.uuid4())}
RESERVEE = {
    # Own members see a sheet that is not published; strangers do not learn that it exists.
    "brouillon": "404 404 200 200 200 200",
    "a_valider": "404 404 200 200 200 200",
    "a_corriger": "404 404 200 200 200 200",
    "publiee": "200",
    "refusee": "404 404 200 200 200 200",
    "archivee": "404 404 404 404 200 200",
}
PUBLIEE_SEULE = {etat: "404|404" for etat in RESERVEE if etat != "publiee"}
MODIFIABLE = {
    "brouillon": "login 404 403 200 200 200|login 404 403 ok ok ok",
    "a_valider": "login 404 403 200 200 200|login 404 403 ok ok ok",
    "a_corriger": "login 404 403 200 200 200|login 404 403 ok ok ok",
    "publiee": "login 403 403 200 200 200|login 403 403 ok ok ok",
    "refusee": "login 404 403 403 200 200|login 404 403 403 ok ok",
    "archivee": "login 404 404 404 200 200|login 404 404 404 ok ok",
}
VISIBLE = {etat: cellules.partition("|")[0] for etat, cellules in RESERVEE.items()}

from tests.newsletter import roles as roles_newsletter  # noqa: E402 - its modules use `ligne`
from tests.portail import roles as roles_portail  # noqa: E402 - its modules use `ligne`
from tests.ressources import roles as roles_ressources  # noqa: E402 - its modules use `ligne`
from tests.reunions import roles as roles_reunions  # noqa: E402 - its modules use `ligne`

TABLE: list[Ligne] = [
    # portail
    *roles_portail.LIGNES,
    ligne("media", "404", arguments=lambda m: {"chemin": "logos/absent.webp"}),
    # annuaire: what anyone reads
    ligne("annuaire:structure_liste", "200"),
    ligne("annuaire:carte_points", "200", requete="?zoom=9&boite=2,45,5,47"),
    ligne("annuaire:communes_suggestions", "200", requete="?commune=vichy"),
    ligne("annuaire:couverture", "200"),
    ligne("annuaire:donnees_ouvertes", "301"),
    *[
        ligne("annuaire:export", "200", etat=f, arguments=lambda monde, f=f: {"format": f})
        for f in ["csv", "xlsx", "geojson", "vcf"]
    ],
    *par_etat("annuaire:structure_detail", **VISIBLE),
    *par_etat("annuaire:vcard", **VISIBLE),
    *par_etat("annuaire:carte_partage", publiee="200", a_valider="404", archivee="404"),
    # annuaire: what anyone sends
    *par_etat("annuaire:ecrire", donnees=lambda m, r: MESSAGE, publiee="200|ok", **PUBLIEE_SEULE),
    *par_etat("annuaire:signaler", donnees=lambda m, r: {"texte": "Faux"}, publiee="200|ok", **PUBLIEE_SEULE),
    *par_etat(
        "annuaire:retirer",
        donnees=lambda m, r: {"nom": "Claude", "courriel": "claude@example.org"},
        publiee="200|ok",
        **PUBLIEE_SEULE,
    ),
    ligne(
        "annuaire:proposer",
        "200",
        "ok",
        donnees=lambda m, r: {
            "nom": "Les amis du pont",
            "presentation": "Ils gardent le pont.",
            "courriel_proposition": "ami@example.org",
            "cle": str(uuid.uuid4()),
        },
    ),
    ligne("annuaire:invitation_code", "200", "200", donnees=lambda m, r: {"code": "ABCD EFGH"}),
    ligne("annuaire:doublons_suggestions", "200", requete="?nom=Structure+publiee"),
    # annuaire: signed links
    ligne("annuaire:proposition_confirmer", "200", "200+", arguments=_jeton(_proposition)),
    ligne(
        "annuaire:fraicheur",
        "200",
        "200+",
        arguments=_jeton(lambda m: lien_fraicheur(m.structure)),
        donnees=lambda m, r: {"reponse": "exact"},
    ),
    ligne(
        "annuaire:au_nom_de",
        "200",
        "200+",
        arguments=_jeton(lambda m: lien_au_nom_de(m.structure)),
        donnees=lambda m, r: {"reponse": "exact"},
    ),
    ligne("annuaire:enregistree", "200", arguments=_jeton(lambda m: lien(InvitationFactory()))),
    ligne("annuaire:ne_pas_figurer", "200", "200+", arguments=_jeton(lambda m: lien_opposition(InvitationFactory()))),
    ligne("annuaire:invitation", "200", "200 ok 200 200 200 200", arguments=_jeton(_invitation)),
    ligne("annuaire:revendiquer_confirmer", "200", "200 ok 200 200 200 200", arguments=_jeton(_revendication)),
    # annuaire: référents and staff
    *par_etat("annuaire:structure_modifier", donnees=_edition, **MODIFIABLE),
    *par_etat("annuaire:photos", donnees=lambda m, r: {"fichier": image(), "alternative": "La salle"}, **MODIFIABLE),
    *par_etat("annuaire:photo_modifier", suite=_photo, donnees=lambda m, r: {"alternative": "Le bar"}, **MODIFIABLE),
    *par_etat("annuaire:contacts", donnees=lambda m, r: {"nom": "Camille"}, **MODIFIABLE),
    *par_etat("annuaire:contact_modifier", suite=_contact, donnees=lambda m, r: {"nom": "Camille"}, **MODIFIABLE),
    *par_etat("annuaire:confirmer", **MODIFIABLE),
    *par_etat(
        "annuaire:membre_modifier", suite=_second_referent, donnees=lambda m, r: {"geste": "membre"}, **MODIFIABLE
    ),
    *par_etat(
        "annuaire:membres",
        donnees=lambda m, r: {"courriel": "collegue@example.org", "role": "membre"},
        publiee="login 403 200 200 200 200|login 403 403 ok ok ok",
        a_valider="login 404 200 200 200 200|login 404 403 ok ok ok",
        archivee="login 404 404 404 200 200|login 404 404 404 ok ok",
    ),
    *par_etat(
        "annuaire:quitter",
        publiee="login 403 200 200 403 403|login 403 ok ok 403 403",
        archivee="login 404 404 404 403 403|login 404 404 404 403 403",
    ),
    *par_etat(
        "annuaire:revendiquer",
        publiee="login 200 200 302 200 200|login 200+ 200+ 302 200+ 200+",
        a_valider="login 404 404 404 404 404|login 404 404 404 404 404",
    ),
    # one's own account
    ligne("mon_compte", "login 200 200 200 200 200", "login 405 405 405 405 405"),
    ligne("compte_profil", "login 200 200 200 200 200", "login ok ok ok ok ok", donnees=lambda m, r: {"nom": "Autre"}),
    ligne("compte_donnees", "login 200 200 200 200 200", "login 405 405 405 405 405"),
    ligne(
        "compte_notifications",
        "login 200 200 200 200 200",
        "login ok ok ok ok ok",
        donnees=lambda monde, role: _choix(monde, role),
    ),
    *[
        ligne(
            f"compte_notifications_{nom}",
            "200",
            post,
            arguments=_jeton(_lien_de_notifications),
            donnees=lambda monde, role: _choix(monde, "referent"),
        )
        for nom, post in [("lien", "ok"), ("arret", "200+")]
    ],
    ligne("compte_supprimer", "login 200 200 200 200 200", "login 302 302 302 302 302"),
    # mail providers: refused without the webhook's secret
    ligne("socle:courrier_entrant", "405", "403", arguments=lambda m: {"prestataire": "postmark"}),
    ligne("socle:courrier_suivi", "405", "403", arguments=lambda m: {"prestataire": "postmark"}),
    *roles_ressources.LIGNES,
    *roles_reunions.LIGNES,
    *roles_newsletter.LIGNES,
]
