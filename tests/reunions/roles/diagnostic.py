"""Diagnostic and round table: the staff's; a participant's page opens by its signed link."""

from django.utils import timezone

from pole_ess.socle import liens
from reunions.actions.invitations import INVITATION
from reunions.models import CompteRendu, Enonce, TourDeTable
from tests.factories.reunions import AtelierFactory, ParticipantFactory, ParticipationFactory, ReunionFactory
from tests.table_des_roles import ligne

EQUIPE = "login 403 403 403 200 200"
ECRIT = "login 403 403 403 ok ok"


def _reunion(_monde):
    return {"pk": ReunionFactory().pk}


def _enonce(_monde):
    enonce = Enonce.objects.create(reunion=ReunionFactory(), texte="Trouver des bénévoles")
    Enonce.objects.create(reunion=enonce.reunion, texte="Tenir ses comptes", ordre=1)
    return {"pk": enonce.reunion_id, "enonce": enonce.pk}


def _participant(_monde, phase="ecriture"):
    participant = ParticipantFactory(atelier=AtelierFactory(phase=phase))
    Enonce.objects.create(reunion=participant.atelier.reunion, texte="Trouver des bénévoles")
    return {"jeton": liens.signer("atelier.participant", {"p": participant.pk})}


def _reponse(_monde, _role):
    return {"geste": "reconnaitre", "enonce": Enonce.objects.latest("pk").pk, "remarque": "Surtout des trésoriers"}


def _present(_monde, **valeurs):
    participation = ParticipationFactory(presence="present", **valeurs)
    return {"jeton": liens.signer(INVITATION, {"p": participation.pk})}


def _publies(monde):
    reunion = ReunionFactory(etat="tenue")
    CompteRendu.objects.create(reunion=reunion, etat="publie", publie_le=timezone.now())
    return _present(monde, reunion=reunion)


def _priorites(_monde, _role):
    return {"priorites": "Se connaître\nAcheter ensemble"}


def _tour(_monde):
    return {"pk": TourDeTable.objects.create(reunion=ReunionFactory(), libelle="Une structure").reunion_id}


LIGNES = [
    ligne(
        "reunions:diagnostic",
        EQUIPE,
        ECRIT,
        arguments=_reunion,
        donnees=lambda m, r: {"geste": "ajouter", "theme": "difficulte", "textes": "- Un\n2. Deux"},
    ),
    ligne(
        "reunions:enonce",
        EQUIPE,
        ECRIT,
        arguments=_enonce,
        donnees=lambda m, r: {
            "texte": "Trouver des bénévoles", "theme": "environnement", "issue": "valide", "mains_levees": "4",
            "suite": "suivant",
        },
    ),
    ligne("reunions:diagnostic_participer", "200", "ok", arguments=_participant, donnees=_reponse),
    ligne(
        "reunions:diagnostic_participer",
        "200",
        "302",
        etat="clos",
        arguments=lambda m: _participant(m, "clos"),
        donnees=_reponse,
    ),
    ligne("reunions:tour_participer", "200", "ok", arguments=_participant, donnees=_priorites),
    ligne("reunions:tour_lien", "200", "ok", arguments=_present, donnees=_priorites),
    ligne("reunions:tour_lien", "200", "200", etat="publié", arguments=_publies, donnees=_priorites),
    ligne("reunions:tour_lien", "410", "410", etat="oubliée", arguments=lambda m: _present(m, courriel="")),
    ligne(
        "reunions:tour_de_table",
        EQUIPE,
        ECRIT,
        arguments=_tour,
        donnees=lambda m, r: {
            "geste": "ecrire", "ligne": TourDeTable.objects.latest("pk").pk, "libelle": "Elle et lui",
            "priorites": "Se connaître\nAcheter ensemble",
        },
    ),
]  # fmt: skip
