"""Rows of the pages where announcements are written and shown."""

import uuid

from django.core.files.base import ContentFile

from ressources.models import FichierAnnonce, PhotoAnnonce
from tests.factories.ressources import AnnonceFactory
from tests.images import image
from tests.table_des_roles import ligne

ETATS_CACHES = ["brouillon", "a_valider", "a_corriger", "refusee", "retiree", "archivee"]
FERMES = ["pourvue", "retiree", "refusee", "archivee"]
GERANTS = "403 403 {0} {0} {0}"
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def annonce(monde, etat="publiee", **valeurs):
    return AnnonceFactory(structure=monde.structure, etat=etat, titre="Vingt chaises", **valeurs)


def page(etat):
    return lambda monde: {"pk": annonce(monde, etat).pk, "slug": "vingt-chaises"}


def numero(etat):
    return lambda monde: {"pk": annonce(monde, etat).pk}


def photo(monde):
    sienne = annonce(monde)
    une = PhotoAnnonce(annonce=sienne, alternative="Les chaises")
    une.fichier.save("a.webp", image(forme="WEBP"), save=False)
    une.vignette.save("b.webp", image(forme="WEBP"), save=False)
    une.save()
    return {"pk": sienne.pk, "photo": une.pk}


def fichier(monde):
    sienne = annonce(monde)
    un = FichierAnnonce.objects.create(
        annonce=sienne, fichier=ContentFile(PDF, name="x"), nom="fiche.pdf", type_mime="application/pdf", taille=9
    )
    return {"pk": sienne.pk, "fichier": un.pk}


def texte(_monde, role):
    """The form filled; staff say for whom."""
    structure = {"structure": "Structure publiee"} if role in ("animateur", "administrateur") else {}
    if role in ("referent", "etranger"):
        structure = {"structure": str(_monde.structure.pk)} if role == "referent" else {}
    return {
        "titre": "Trente chaises",
        "description": "Pliantes.",
        "mode": "pret",
        "cle": str(uuid.uuid4()),
        "geste": "brouillon",
        **structure,
    }


def suite(_monde, _role):
    return {"titre": "Trente chaises", "description": "Pliantes.", "mode": "pret", "geste": "enregistrer"}


LIGNES = [
    *[ligne("ressources:annonce_detail", "200", etat=etat, arguments=page(etat)) for etat in ("publiee", "pourvue")],
    *[
        ligne("ressources:annonce_detail", "404 404 200 200 200 200", etat=etat, arguments=page(etat))
        for etat in ETATS_CACHES
    ],
    ligne("ressources:annonce_creer", "login 200 200 200 200 200", "login 200 403 200 200 200", etat="choix"),
    ligne(
        "ressources:annonce_creer",
        "login 200 200 200 200 200",
        "login ok 403 ok ok ok",
        etat="formulaire",
        requete="?sens=offre&nature=materiel",
        donnees=texte,
    ),
    ligne("ressources:structures_suggestions", "login 403 403 403 200 200", requete="?structure=str"),
    ligne(
        "ressources:brouillon",
        "405",
        "403 200+ 200 200+ 200+ 200+",
        etat="nouveau",
        arguments=lambda monde: {"cle": uuid.uuid4()},
        requete="?sens=offre&nature=materiel",
        donnees=texte,
    ),
    ligne(
        "ressources:brouillon",
        "405",
        "403 404 404 200+ 200+ 200+",
        etat="brouillon",
        arguments=lambda monde: {"cle": annonce(monde, "brouillon").cle},
        donnees=suite,
    ),
    ligne(
        "ressources:brouillon",
        "405",
        "403 404 404 409 409 409",
        etat="publiee",
        arguments=lambda monde: {"cle": annonce(monde).cle},
        donnees=suite,
    ),
    ligne("ressources:mes_annonces", "login 200 200 200 200 200"),
    ligne(
        "ressources:annonce_modifier",
        "login 404 403 200 200 200",
        "login 404 403 ok ok ok",
        etat="brouillon",
        arguments=numero("brouillon"),
        donnees=suite,
    ),
    ligne(
        "ressources:annonce_modifier",
        f"login {GERANTS.format(200)}",
        f"login {GERANTS.format('ok')}",
        etat="publiee",
        arguments=numero("publiee"),
        donnees=suite,
    ),
    *[
        ligne(
            "ressources:annonce_modifier",
            f"login {'403' if etat == 'pourvue' else '404'} 403 302 302 302",
            f"login {'403' if etat == 'pourvue' else '404'} 403 302 302 302",
            etat=etat,
            arguments=numero(etat),
            donnees=suite,
        )
        for etat in FERMES
    ],
    ligne("ressources:annonce_apercu", "login 404 403 200 200 200", etat="brouillon", arguments=numero("brouillon")),
    ligne("ressources:annonce_apercu", "login 403 403 302 302 302", etat="publiee", arguments=numero("publiee")),
    ligne(
        "ressources:annonce_soumettre",
        "405",
        "login 404 403 ok ok ok",
        etat="brouillon",
        arguments=numero("brouillon"),
    ),
    ligne(
        "ressources:annonce_soumettre", "405", "login 403 403 302 302 302", etat="publiee", arguments=numero("publiee")
    ),
    ligne("ressources:annonce_dupliquer", "405", "login 403 403 ok ok ok", etat="publiee", arguments=numero("publiee")),
    ligne(
        "ressources:photos",
        f"login {GERANTS.format(200)}",
        f"login {GERANTS.format('ok')}",
        etat="publiee",
        arguments=numero("publiee"),
        donnees=lambda monde, role: {"fichier": image(), "alternative": "Vingt chaises"},
    ),
    ligne(
        "ressources:photo_modifier",
        f"login {GERANTS.format(200)}",
        f"login {GERANTS.format('ok')}",
        arguments=photo,
        donnees=lambda monde, role: {"geste": "supprimer"},
    ),
    ligne(
        "ressources:fichiers",
        f"login {GERANTS.format(200)}",
        f"login {GERANTS.format('ok')}",
        etat="publiee",
        arguments=numero("publiee"),
        donnees=lambda monde, role: {"fichier": ContentFile(PDF, name="fiche.pdf"), "genre": "autre"},
    ),
    ligne("ressources:fichier", "login 200 200 200 200 200", f"login {GERANTS.format('ok')}", arguments=fichier),
]
