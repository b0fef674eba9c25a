"""Writing and sending: staff with the admin's right. Acting from a letter: whoever holds its link, logged in or not."""

import uuid

from newsletter import liens
from newsletter.actions import redaction
from newsletter.models import Bloc, Element, ImageBloc
from ressources.models import Annonce
from tests.factories.newsletter import AbonneFactory, EnvoiFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory
from tests.factories.reunions import ReunionFactory
from tests.table_des_roles import ligne

EQUIPE, EQUIPE_ECRIT = "login 403 403 403 200 200", "login 403 403 403 ok ok"
EQUIPE_AILLEURS = "login 403 403 403 302 302"


def un_numero(etat="brouillon", **reste):
    numero = NumeroFactory(etat=etat, **reste)
    bloc = Bloc.objects.create(numero=numero, genre="texte", titre="Édito", texte="Bonjour.")
    return numero, bloc


def numero(etat="brouillon"):
    return lambda monde: {"pk": un_numero(etat)[0].pk}


def bloc(monde):
    numero, bloc = un_numero()
    return {"pk": numero.pk, "bloc": bloc.pk}


def element(monde):
    numero, _ = un_numero()
    offres = Bloc.objects.create(numero=numero, genre="offres", ordre=1)
    annonce = AnnonceFactory()
    element = Element.objects.create(numero=numero, bloc=offres, sorte="annonce", annonce=annonce)
    return {"pk": numero.pk, "element": element.pk}


def image(monde):
    arguments = bloc(monde)
    ImageBloc.objects.create(
        bloc_id=arguments["bloc"], fichier="lettre/x.jpg", alternative="Salle", largeur=4, hauteur=3
    )
    return arguments


def incertain(monde):
    envoi = EnvoiFactory(numero=NumeroFactory(etat="en_cours", prevus=1), etat="incertain")
    return {"pk": envoi.numero_id, "envoi": envoi.pk}


def _geste(sorte, objet):
    numero = NumeroFactory(etat="termine")
    genre = "besoins" if sorte == "annonce" else "rencontres"
    bloc = Bloc.objects.create(numero=numero, genre=genre)
    element = Element.objects.create(numero=numero, bloc=bloc, sorte=sorte, **{sorte: objet})
    abonne = AbonneFactory(courriel="lectrice@example.org")
    return {"jeton": liens.jeton_d_abonne(abonne.pk, abonne.jeton, numero.pk), "element": element.pk}


def aide(monde):
    return _geste("annonce", AnnonceFactory(sens="besoin"))


def presence(monde):
    return _geste("reunion", ReunionFactory(audience="publique"))


def trop_tard(monde):
    return _geste("annonce", AnnonceFactory(sens="besoin", etat="retiree"))


def miennes(monde):
    structure = monde.structure
    structure.courriel = "lectrice@example.org"
    structure.save()
    arguments = _geste("annonce", AnnonceFactory(sens="besoin", structure=structure))
    return {"jeton": arguments["jeton"]}


def message(monde, role):
    return {"nom": "Une lectrice", "texte": "Je peux venir samedi.", "cle": str(uuid.uuid4())}


LIGNES = [
    ligne("newsletter:redaction", EQUIPE, EQUIPE_ECRIT),
    ligne(
        "newsletter:appel",
        EQUIPE,
        EQUIPE_ECRIT,
        requete="?titre=Sono&nombre=5",
        donnees=lambda m, r: {"titre": "Qui a une sono ?", "texte": "Cinq structures en cherchent une."},
    ),
    *[
        ligne("newsletter:rediger", EQUIPE, EQUIPE_ECRIT, etat=etat, arguments=numero(), donnees=donnees)
        for etat, donnees in [
            ("", lambda m, r: {"geste": "texte"}),
            (
                "entete",
                lambda m, r: {
                    "geste": "entete",
                    "sujet": "Autre",
                    "preheader": "",
                    "vue": redaction.empreinte(NumeroFactory._meta.model.objects.latest("pk").sujet, "Ce mois-ci"),
                },
            ),
        ]
    ],
    ligne("newsletter:rediger", EQUIPE_AILLEURS, EQUIPE_AILLEURS, etat="parti", arguments=numero("termine")),
    ligne(
        "newsletter:bloc",
        "405",
        EQUIPE_ECRIT,
        arguments=bloc,
        donnees=lambda m, r: {
            "geste": "enregistrer",
            "titre": "Édito",
            "texte": "Bonsoir.",
            "vue": redaction.empreinte("Édito", "Bonjour."),
        },
    ),
    ligne("newsletter:element", "405", EQUIPE_ECRIT, arguments=element, donnees=lambda m, r: {"geste": "ecarter"}),
    ligne(
        "newsletter:bloc_images",
        EQUIPE,
        EQUIPE_ECRIT,
        arguments=image,
        donnees=lambda m, r: {"geste": "retirer", "ligne": ImageBloc.objects.latest("pk").pk},
    ),
    ligne("newsletter:prevenir", EQUIPE, EQUIPE_ECRIT, arguments=numero()),
    ligne("newsletter:prevenir", EQUIPE_AILLEURS, EQUIPE_AILLEURS, etat="parti", arguments=numero("termine")),
    ligne("newsletter:apercu", EQUIPE, arguments=numero()),
    ligne("newsletter:apercu_cadre", EQUIPE, arguments=numero()),
    ligne("newsletter:apercu_cadre", EQUIPE, etat="parti", arguments=numero("termine"), requete="?vue=sombre"),
    ligne(
        "newsletter:essai",
        "405",
        EQUIPE_ECRIT,
        arguments=numero(),
        donnees=lambda m, r: {"a": m.roles["animateur"].pk, "cle": str(uuid.uuid4())},
    ),
    ligne(
        "newsletter:envoyer",
        EQUIPE,
        EQUIPE_ECRIT,
        arguments=numero(),
        donnees=lambda m, r: {"geste": "partir", "version": 1},
    ),
    ligne(
        "newsletter:envoyer",
        EQUIPE,
        "login 403 403 403 302 302",
        etat="maintenant",
        arguments=numero(),
        requete="?geste=maintenant&version=1&debit=60",
        donnees=lambda m, r: {"geste": "maintenant", "version": 1},
    ),
    ligne("newsletter:envoyer", EQUIPE_AILLEURS, EQUIPE_AILLEURS, etat="parti", arguments=numero("termine")),
    ligne(
        "newsletter:suivi",
        EQUIPE,
        EQUIPE_ECRIT,
        arguments=numero("programme"),
        donnees=lambda m, r: {"geste": "deprogrammer"},
    ),
    ligne(
        "newsletter:suivi",
        EQUIPE,
        EQUIPE_ECRIT,
        etat="en cours",
        arguments=numero("en_cours"),
        donnees=lambda m, r: {"geste": "suspendre"},
    ),
    ligne(
        "newsletter:suivi",
        EQUIPE,
        EQUIPE_ECRIT,
        etat="suspendu",
        arguments=numero("suspendu"),
        donnees=lambda m, r: {"geste": "annuler"},
    ),
    ligne("newsletter:suivi", EQUIPE_AILLEURS, EQUIPE_AILLEURS, etat="brouillon", arguments=numero()),
    ligne("newsletter:envoi", "405", EQUIPE_ECRIT, arguments=incertain, donnees=lambda m, r: {"geste": "laisser"}),
    ligne("newsletter:geste", "200", "200+", arguments=aide, donnees=message),
    ligne(
        "newsletter:geste",
        "200",
        "200+",
        etat="venir",
        arguments=presence,
        donnees=lambda m, r: {"nom": "Une lectrice"},
    ),
    ligne("newsletter:geste", "410", "410", etat="trop tard", arguments=trop_tard, donnees=message),
    ligne("newsletter:geste", "404", "404", etat="cassé", arguments=lambda m: {"jeton": "x:y:z", "element": 1}),
    ligne(
        "newsletter:gestes",
        "200",
        "ok",
        arguments=miennes,
        donnees=lambda m, r: {"geste": "exacte", "pk": m.structure.pk},
    ),
    ligne(
        "newsletter:gestes",
        "200",
        "ok",
        etat="pourvue",
        arguments=miennes,
        donnees=lambda m, r: {"geste": "pourvue", "pk": Annonce.objects.latest("pk").pk},
    ),
    ligne("newsletter:gestes", "404", "404", etat="cassé", arguments=lambda m: {"jeton": "x"}),
]
