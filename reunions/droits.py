"""What the group « Animateurs » may do with meetings in the admin (annuaire.droits)."""

PERMISSIONS = {
    "reunion": "add change view",
    "animateurreunion": "add change delete view",
    "pointordredujour": "add change delete view",
    "document": "add change delete view",
    "participation": "add change delete view",
    "tourdetable": "add change delete view",
    "priorite": "add change delete view",
    "enonce": "add change delete view",
    "atelier": "add change view",
    "axe": "add change delete view",
    "categorie": "add change delete view",
    "participant": "change view",
    "postit": "add change delete view",
    "compterendu": "change view",
    "versioncompterendu": "view",
    "action": "add change view",
    "projet": "add change view",
    "nouvelle": "change delete view",
    "evenement": "add change view",
    "sondage": "add change view",
}
