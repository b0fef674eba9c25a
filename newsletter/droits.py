"""What the group « Animateurs » may do with the letter in the admin (annuaire.droits)."""

PERMISSIONS = {
    "abonne": "add change delete view",
    "mentionconsentement": "add change view",
    "desabonnement": "view",
    "interets": "view",
    "importabonnes": "add change view",
    "ligneimportabonne": "view",
    "numero": "add change delete view",
    "bloc": "add change delete view",
    "imagebloc": "add change delete view",
    "element": "add change delete view",
    "dejadit": "view",
    "rendu": "view",
    "envoi": "change view",
    "geste": "view",
    "sansrappel": "view",
    "breve": "add change view",
}
