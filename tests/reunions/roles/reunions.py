"""Rows of a meeting: its page, its calendar file, and where staff prepare it."""

import uuid

from django.core.files.base import ContentFile

from reunions.models import AnimateurReunion, Document, PointOrdreDuJour
from tests.factories.reunions import ReunionFactory
from tests.table_des_roles import ligne

EQUIPE = "login 403 403 403 200 200"
EQUIPE_ECRIT = "login 403 403 403 ok ok"


def reunion(**valeurs):
    return lambda monde: {"pk": ReunionFactory(**valeurs).pk}


def acte(nom, **valeurs):
    return lambda monde: {"pk": ReunionFactory(**valeurs).pk, "acte": nom}


def point(monde):
    point = PointOrdreDuJour.objects.create(reunion=ReunionFactory(), titre="Accueil")
    return {"pk": point.reunion_id, "point": point.pk}


def animateur(monde):
    personne = AnimateurReunion.objects.create(reunion=ReunionFactory(), nom="Une animatrice")
    return {"pk": personne.reunion_id, "animateur": personne.pk}


def document(audience, **valeurs):
    def arguments(monde):
        document = Document.objects.create(
            reunion=ReunionFactory(**valeurs),
            fichier=ContentFile(b"%PDF-1.7 %%EOF", name="x"),
            nom="notes.pdf",
            type_mime="application/pdf",
            taille=14,
            audience=audience,
        )
        return {"pk": document.reunion_id, "document": document.pk}

    return arguments


def quoi(monde, role):
    return {"genre": "visite", "titre": "Visite du fournil", "audience": "publique", "cle": str(uuid.uuid4())}


def accueil(monde, role):
    return {"structure": monde.structure.pk, "quand": "un jeudi", "cle": str(uuid.uuid4())}


def pdf(monde, role):
    fichier = ContentFile(b"%PDF-1.7 %%EOF", name="notes.pdf")
    return {"titre": "Notes", "audience": "membres", "fichier": fichier}


LIGNES = [
    ligne("reunions:reunion_detail", "200", etat="annoncee", arguments=reunion()),
    ligne("reunions:reunion_detail", "404 404 404 404 200 200", etat="brouillon", arguments=reunion(etat="brouillon")),
    ligne("reunions:reunion_detail", "200", etat="annulee", arguments=reunion(etat="annulee")),
    ligne("reunions:reunion_detail", "200", etat="tenue", arguments=reunion(etat="tenue")),
    ligne(
        "reunions:reunion_detail",
        "404 200 200 200 200 200",
        etat="membres",
        arguments=reunion(audience="membres"),
    ),
    ligne(
        "reunions:reunion_detail",
        "404 404 404 404 200 200",
        etat="invites",
        arguments=reunion(audience="invites"),
    ),
    ligne("reunions:reunion_ics", "200", arguments=reunion()),
    ligne("reunions:reunion_ics", "404 404 404 404 200 200", etat="brouillon", arguments=reunion(etat="brouillon")),
    ligne("reunions:affiche", "200", arguments=reunion()),
    ligne("reunions:affiche", "404 404 404 404 200 200", etat="brouillon", arguments=reunion(etat="brouillon")),
    ligne("reunions:affiche", "404 200 200 200 200 200", etat="membres", arguments=reunion(audience="membres")),
    ligne("reunions:affiche", "404", etat="annulee", arguments=reunion(etat="annulee")),
    ligne("reunions:reunion_creer", EQUIPE, EQUIPE_ECRIT, donnees=quoi),
    ligne("reunions:point_a_proposer", "login 403 403 403 302 302", requete="?titre=Sono"),
    ligne("reunions:preparer", EQUIPE, arguments=reunion()),
    ligne("reunions:reunion_modifier", EQUIPE, EQUIPE_ECRIT, arguments=reunion(), donnees=quoi),
    *[
        ligne(
            "reunions:reunion_acte",
            EQUIPE,
            EQUIPE_ECRIT,
            etat=nom,
            arguments=acte(nom, **valeurs),
            donnees=lambda monde, role: {"motif": "La salle est prise"},
        )
        for nom, valeurs in [("annoncer", {"etat": "brouillon"}), ("annuler", {})]
    ],
    ligne(
        "reunions:reunion_acte",
        EQUIPE,
        "login 403 403 403 200 200",
        etat="annulee",
        arguments=acte("annoncer", etat="annulee"),
    ),
    ligne("reunions:ordre_du_jour", EQUIPE, EQUIPE_ECRIT, arguments=reunion(), donnees=lambda m, r: {"titre": "Suite"}),
    ligne("reunions:point_modifier", EQUIPE, EQUIPE_ECRIT, arguments=point, donnees=lambda m, r: {"titre": "Suite"}),
    ligne("reunions:animateurs", EQUIPE, EQUIPE_ECRIT, arguments=reunion(), donnees=lambda m, r: {"nom": "Camille"}),
    ligne(
        "reunions:animateur_modifier", EQUIPE, EQUIPE_ECRIT, arguments=animateur, donnees=lambda m, r: {"nom": "Lou"}
    ),
    ligne("reunions:documents", EQUIPE, EQUIPE_ECRIT, arguments=reunion(), donnees=pdf),
    *[
        ligne(
            "reunions:document",
            get,
            post,
            etat=etat,
            arguments=document(audience, **valeurs),
            donnees=lambda monde, role: {"geste": "supprimer"},
        )
        for etat, audience, valeurs, get, post in [
            ("public", "public", {}, "200", "login 403 403 403 ok ok"),
            ("membres", "membres", {}, "404 200 200 200 200 200", "404 403 403 403 ok ok"),
            ("equipe", "equipe", {}, "404 404 404 404 200 200", "404 404 404 404 ok ok"),
            ("brouillon", "public", {"etat": "brouillon"}, "404 404 404 404 200 200", "404 404 404 404 ok ok"),
        ]
    ],
    ligne("reunions:reste_a_accueillir", "200"),
    ligne("reunions:accueillir", "login 200 200 200 200 200", "login 200 ok ok ok ok", donnees=accueil),
]
