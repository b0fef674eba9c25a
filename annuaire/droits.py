"""What the group « Animateurs » may do in the admin, granted after each migrate.

Permissions do not exist yet inside a first migration, hence post_migrate. The list is explicit and complete:
what is not in it is taken away, and a permission on accounts' rights (groups, permissions) can never be added
by hand to stay.
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions

GROUPE = "Animateurs"

PERMISSIONS = {
    "annuaire": {
        "structure": "add change view",
        "contact": "add change delete view",
        "echange": "add change view",
        "rattachement": "add change delete view",
        "labelstructure": "add change delete view",
        "photo": "add change delete view",
        "ancienneadresse": "view",
        "modification": "change view",
        "signalement": "change view",
        "messagerelaye": "view",
        "nondoublon": "add delete view",
        "opposition": "view",
        "importstructures": "add change view",
        "ligneimport": "view",
        "entreeregistre": "change view",
        "entreedistincte": "view",
        "invitationregistre": "view",
        "importregistre": "add change view",
        "ligneregistre": "view",
        "activite": "add change delete view",
        "competence": "add change delete view",
        "label": "add change delete view",
        "commune": "view",
        "utilisateur": "change view",
    },
    "socle": {"courriel": "change view", "courrielentrant": "view", "reglagespole": "view"},
}
"""App -> model -> Django's verbs. Outer apps add theirs in AppConfig.ready (`PERMISSIONS["ressources"] = …`)."""


def accorder(*, using="default", **_kwargs) -> None:
    """Give the group exactly PERMISSIONS; run by post_migrate of every app named in it, safe to run again."""
    groupes = apps.get_model("auth", "Group")
    droits = apps.get_model("auth", "Permission")
    voulus = {
        (app, f"{verbe}_{modele}")
        for app, modeles in PERMISSIONS.items()
        for modele, verbes in modeles.items()
        for verbe in verbes.split()
    }
    for app in PERMISSIONS:
        create_permissions(apps.get_app_config(app), verbosity=0, using=using)
    groupe, _ = groupes.objects.using(using).get_or_create(name=GROUPE)
    groupe.permissions.set(
        [
            droit
            for droit in droits.objects.using(using).select_related("content_type")
            if (droit.content_type.app_label, droit.codename) in voulus
        ]
    )
