"""The acts of staff on an announcement: the words of their pages, and what they do."""

from annuaire.admin.formulaires import MotifFacultatifForm, MotifForm, SansMotifForm
from ressources.actions import cloture, moderation, publication

PAGES = {
    "relire": {
        "titre": "Marquer « {nom} » comme relue",
        "lien": "C'est relu",
        "explication": "L'annonce reste en ligne telle qu'elle est. Personne n'est averti.",
        "bouton": "C'est relu",
        "form_class": SansMotifForm,
        "fait": "« {nom} » est relue.",
    },
    "publier": {
        "titre": "Publier « {nom} »",
        "lien": "Publier",
        "explication": "L'annonce sera visible de tous. Sa structure reçoit un message.",
        "bouton": "Publier l'annonce",
        "form_class": SansMotifForm,
        "fait": "« {nom} » est publiée.",
    },
    "demander_correction": {
        "titre": "Demander une correction de « {nom} »",
        "lien": "Demander une correction",
        "explication": "L'annonce retourne à sa structure avec votre raison ; elle la renvoie une fois corrigée.",
        "bouton": "Envoyer la demande",
        "form_class": MotifForm,
        "fait": "La demande de correction de « {nom} » est envoyée.",
    },
    "refuser": {
        "titre": "Refuser « {nom} »",
        "lien": "Refuser",
        "explication": "L'annonce ne sera pas publiée. Sa structure reçoit votre raison.",
        "bouton": "Refuser et envoyer la raison",
        "form_class": MotifForm,
        "danger": True,
        "fait": "« {nom} » est refusée.",
    },
    "remettre_en_validation": {
        "titre": "Remettre « {nom} » à valider",
        "lien": "Remettre à valider",
        "explication": "L'annonce quitte le portail tant que vous n'avez pas décidé. Sa structure reçoit votre raison.",
        "bouton": "Remettre à valider et envoyer la raison",
        "form_class": MotifForm,
        "danger": True,
        "fait": "« {nom} » attend d'être validée.",
    },
    "retirer": {
        "titre": "Retirer « {nom} »",
        "lien": "Retirer",
        "explication": "L'annonce quitte le portail. Sa structure est prévenue, avec votre raison ; qui attendait une "
        "réponse aussi, sans la raison. Si la structure la rouvre, vous la relirez d'abord.",
        "bouton": "Retirer l'annonce",
        "form_class": MotifFacultatifForm,
        "danger": True,
        "fait": "« {nom} » est retirée.",
    },
    "rouvrir": {
        "titre": "Rouvrir « {nom} »",
        "lien": "Rouvrir",
        "explication": "L'annonce revient en ligne telle qu'elle était, pour la durée habituelle si elle avait expiré.",
        "bouton": "Rouvrir l'annonce",
        "form_class": SansMotifForm,
        "fait": "« {nom} » est rouverte.",
    },
    "archiver": {
        "titre": "Archiver « {nom} »",
        "lien": "Archiver",
        "explication": "L'annonce est mise de côté : seule l'équipe la voit encore. Si elle était en ligne, sa "
        "structure est prévenue.",
        "bouton": "Archiver l'annonce",
        "form_class": MotifFacultatifForm,
        "danger": True,
        "fait": "« {nom} » est archivée.",
    },
}


def _fermer(acte):
    return lambda annonce, par, motif="": cloture.fermer(annonce, acte, par=par, motif=motif)


FAIRE = {
    "relire": lambda annonce, par: moderation.relire(annonce, par=par),
    "publier": lambda annonce, par: publication.publier(annonce, par=par),
    "demander_correction": lambda annonce, par, motif: publication.demander_correction(annonce, par=par, motif=motif),
    "refuser": _fermer("refuser"),
    "remettre_en_validation": lambda annonce, par, motif: publication.remettre_en_validation(
        annonce, par=par, raison=motif
    ),
    "retirer": _fermer("retirer"),
    "rouvrir": lambda annonce, par: publication.rouvrir(annonce, par=par),
    "archiver": _fermer("archiver"),
}
"""Act -> function of the announcement, who acts, and the form's data."""
