"""What each mail to an invited person says: its subject and its first sentence."""

from pole_ess.socle.templatetags.francais import moment

SUJETS = {
    "inviter": "Invitation : {titre}, {quand}",
    "mettre-a-jour": "Changement : {titre}, {quand}",
    "relancer": "Venez-vous ? {titre}, {quand}",
    "annuler": "Annulée : {titre}, {quand}",
    "inscrite": "Votre inscription : {titre}, {quand}",
    "place": "Une place pour vous : {titre}, {quand}",
}
PHRASES = {
    "inviter": "Vous êtes invité à cette rencontre. Dites en deux clics si vous venez : aucun compte n'est nécessaire.",
    "mettre-a-jour": "Cette rencontre a changé : voici ce qui est maintenant prévu. Votre agenda se met à jour si vous "
    "l'acceptez.",
    "relancer": "Vous n'avez pas encore répondu à cette invitation. Un oui ou un non nous aide à préparer l'accueil.",
    "annuler": "Cette rencontre n'aura pas lieu.",
    "inscrite": "Votre inscription est enregistrée : à bientôt !",
    "place": "Une place s'est libérée : vous n'êtes plus en liste d'attente, nous vous attendons.",
}
ATTENTE = "La rencontre est complète : vous êtes en liste d'attente. Un message vous préviendra si une place se libère."


def mots(acte: str, participation) -> dict:
    """Context of emails/reunion_invitation."""
    reunion = participation.reunion
    en_attente = acte == "inscrite" and participation.reponse == "attente"
    return {
        "sujet_du_message": SUJETS[acte].format(titre=reunion.titre, quand=moment(reunion.debut)),
        "phrase": ATTENTE if en_attente else PHRASES[acte],
        "annulee": acte == "annuler",
        "sait_deja": participation.get_reponse_display() if participation.reponse != "attendue" else "",
    }
