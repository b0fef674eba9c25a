"""Rows of the post-it workshop. Its participants have no account: a signed link of their own."""

import uuid

from pole_ess.socle import liens
from reunions.models import Atelier, Axe, Participant
from tests.factories.reunions import AtelierFactory, ParticipantFactory, PostItFactory, ReunionFactory
from tests.table_des_roles import ligne

EQUIPE = "login 403 403 403 200 200"


def nom_de(phase) -> str:
    """The row without a name is the one that the tests of hostile input try: writing."""
    return "" if phase == "ecriture" else phase


PHASES = ["preparation", "ecriture", "regroupement", "restitution", "clos"]


def atelier(phase="ecriture"):
    return lambda monde: {"pk": AtelierFactory(axes=2, phase=phase).reunion_id}


def axe(phase):
    def arguments(monde):
        un_axe = AtelierFactory(axes=2, phase=phase).axes.first()
        PostItFactory(axe=un_axe)
        return {"pk": un_axe.atelier.reunion_id, "axe": un_axe.pk}

    return arguments


def participant(phase):
    def arguments(monde):
        personne = ParticipantFactory(atelier=AtelierFactory(axes=1, phase=phase))
        PostItFactory(axe=personne.atelier.axes.get(), participant=personne)
        return {"jeton": liens.signer("atelier.participant", {"p": personne.pk})}

    return arguments


def direct(ecran):
    def arguments(monde):
        charge = {"a": AtelierFactory(axes=1).pk, "e": ecran, "x": 0}
        return {"jeton": liens.signer("atelier.direct", charge)}

    return arguments


def un_postit(monde, role):
    return {
        "geste": "ecrire",
        "couleur": "jaune",
        "texte": "Un juriste partagé",
        "axe": Axe.objects.get(atelier__in=Participant.objects.values("atelier")).pk,
        "cle": str(uuid.uuid4()),
    }


def une_entree(monde, role):
    return {"code": Atelier.objects.get().code, "prenom": "Lou", "cle": str(uuid.uuid4())}


def du_papier(monde, role):
    return {"pour": "personne", "lignes": "1 ; rose ; Une lettre", "cle": str(uuid.uuid4())}


def un_rangement(monde, role):
    un_axe = Axe.objects.filter(postits__isnull=False).get()
    return {"geste": "ranger", "postits": [un_axe.postits.get().pk], "vers": "nouvelle", "nouvelle": "Lettre"}


DES_REGLAGES = {
    "quota_rose": 2,
    "quota_jaune": 2,
    "consigne_rose": "Vite",
    "consigne_jaune": "Longtemps",
    "seuil": 60,
    "nouveaux": "Un axe : sa description",
}
OK = "login 403 403 403 ok ok"
REFUS = EQUIPE

LIGNES = [
    ligne("atelier_court", "200", "ok", arguments=lambda m: {"code": AtelierFactory().code}, donnees=une_entree),
    ligne("reunions:rejoindre", "200", "ok", arguments=lambda m: AtelierFactory() and {}, donnees=une_entree),
    ligne(
        "reunions:rejoindre",
        "200",
        "200",
        etat="clos",
        arguments=lambda m: AtelierFactory(phase="clos") and {},
        donnees=une_entree,
    ),
    ligne("reunions:rejoindre_structures", "200", requete="?structure=str"),
    *[
        ligne("reunions:atelier_direct", "200", etat="" if ecran == "participant" else ecran, arguments=direct(ecran))
        for ecran in ("participant", "console", "projecteur")
    ],
    ligne("reunions:atelier_direct", "410", etat="faux", arguments=lambda m: {"jeton": "faux"}),
    *[
        ligne(
            "reunions:atelier_ecrire",
            "200",
            "ok" if phase == "ecriture" else "200",
            etat=nom_de(phase),
            arguments=participant(phase),
            donnees=un_postit,
        )
        for phase in PHASES
    ],
    ligne("reunions:atelier_ecrire", "404", "404", etat="faux", arguments=lambda m: {"jeton": "faux"}),
    *[
        ligne(
            "reunions:atelier",
            EQUIPE,
            OK if phase != "clos" else REFUS,
            etat=nom_de(phase),
            arguments=atelier(phase),
            donnees=lambda m, r, phase=phase: {
                "depuis": phase,
                "vers": PHASES[PHASES.index(phase) + 1] if phase != "clos" else "preparation",
            },
        )
        for phase in PHASES
    ],
    ligne(
        "reunions:atelier",
        "login 403 403 403 302 302",
        "login 403 403 403 404 404",
        etat="sans atelier",
        arguments=lambda m: {"pk": ReunionFactory().pk},
    ),
    ligne(
        "reunions:atelier_reglages",
        EQUIPE,
        OK,
        etat="sans atelier",
        arguments=lambda m: {"pk": ReunionFactory().pk},
        donnees=lambda m, r: DES_REGLAGES,
    ),
    *[
        ligne(
            "reunions:atelier_reglages",
            EQUIPE,
            OK if phase != "clos" else REFUS,
            etat=nom_de(phase),
            arguments=atelier(phase),
            donnees=lambda m, r: {**DES_REGLAGES, **{f"axe_{a.pk}": a.nom for a in Axe.objects.all()}},
        )
        for phase in PHASES
    ],
    *[
        ligne(
            "reunions:atelier_papier",
            EQUIPE,
            OK if phase in ("ecriture", "regroupement", "restitution") else REFUS,
            etat=nom_de(phase),
            arguments=atelier(phase),
            donnees=du_papier,
        )
        for phase in PHASES
    ],
    *[
        ligne(
            "reunions:atelier_regrouper",
            EQUIPE,
            OK if phase in ("ecriture", "regroupement", "restitution") else REFUS,
            etat=nom_de(phase),
            arguments=axe(phase),
            donnees=un_rangement,
        )
        for phase in PHASES
    ],
    *[ligne("reunions:projecteur", EQUIPE, "405", etat=nom_de(phase), arguments=atelier(phase)) for phase in PHASES],
]
