"""What a référent does to a piece of news: the words of each page."""

ACTES = {
    "soumettre": {
        "titre": "Envoyer la brève",
        "explication": "L'équipe du pôle la relit, puis elle paraît. Un message vous le dira.",
        "bouton": "Envoyer la brève",
    },
    "retirer": {
        "titre": "Retirer la brève",
        "explication": "Elle disparaît du site, de votre fiche et des lettres à venir. Les lettres déjà envoyées "
        "restent dans les messageries.",
        "bouton": "Retirer la brève",
        "danger": True,
    },
}
