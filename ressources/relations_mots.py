"""What the mails about a conversation say, by event: subject, then sentence. `autre`: the other side's structure."""

PHRASES = {
    "reponse": (
        "{autre} répond à votre annonce : {titre}",
        "{autre} répond à votre annonce « {titre} » et vous écrit :",
    ),
    "envoyee": (
        "Votre message est parti : {titre}",
        "Votre message à {autre} au sujet de « {titre} » est parti. Sa réponse vous viendra par e-mail.",
    ),
    "message": ("{autre} vous a écrit : {titre}", "{autre} vous écrit au sujet de « {titre} » :"),
    "accord": (
        "{autre} est d'accord pour en parler : {titre}",
        "{autre} est d'accord pour en parler avec vous, au sujet de « {titre} » :",
    ),
    "declinee": (
        "{autre} ne peut pas donner suite : {titre}",
        "{autre} vous remercie de votre message au sujet de « {titre} », et ne peut pas y donner suite. Sa raison :",
    ),
    "sans_suite": (
        "Fin de la conversation avec {autre} : {titre}",
        "{autre} met fin à votre conversation au sujet de « {titre} ».",
    ),
    "sans_reponse": (
        "Conversation close, faute de nouvelles : {titre}",
        "Votre conversation avec {autre} au sujet de « {titre} » est close : personne n'y a écrit depuis longtemps.",
    ),
    "conclue": (
        "{autre} note que c'est fait : {titre}",
        "{autre} note que l'échange « {titre} » s'est fait, et ce qu'il a valu. Et pour vous ? Dites si c'est "
        "bien cela, ou donnez vos propres chiffres :",
    ),
    "coordonnees": (
        "{autre} vous propose d'échanger vos coordonnées : {titre}",
        "{autre} accepte de vous montrer ses coordonnées, au sujet de « {titre} ». Elles paraîtront dans la "
        "conversation quand vous aurez accepté aussi.",
    ),
    "coordonnees_deux": (
        "Vos coordonnées et celles de {autre} sont échangées : {titre}",
        "{autre} et vous avez accepté de montrer vos coordonnées : elles sont dans la conversation.",
    ),
    "rappel": (
        "Rappel : {autre} attend votre réponse, {titre}",
        "{autre} a répondu à votre annonce « {titre} » et attend de vos nouvelles. Même un non rend service :",
    ),
    "suites": (
        "Qu'est-ce que ça a donné, avec {autre} ?",
        "Vous étiez en discussion avec {autre} au sujet de « {titre} ». Qu'est-ce que ça a donné ? Une minute suffit.",
    ),
    "close": (
        "Votre message n'est pas arrivé : {titre}",
        "Votre conversation avec {autre} au sujet de « {titre} » est close : votre e-mail n'a pas été transmis. Vous "
        "pouvez écrire à {autre} depuis sa fiche dans l'annuaire.",
    ),
}
ACCORD = "Oui, cela nous intéresse : parlons-en."
"""What is said for who agrees without a word of their own."""
COUPE = "\n\n[Message coupé : il dépassait 4 000 caractères.]"

RAISONS = [
    ("promis", "C'est déjà promis à une autre structure."),
    ("dates", "Les dates ne vont pas."),
    ("loin", "C'est trop loin pour nous."),
    ("adapte", "Cela ne correspond pas à ce que nous cherchons ou proposons."),
    ("change", "Notre situation a changé : ce n'est plus possible."),
    ("autre", "Une autre raison, écrite ci-dessous."),
]
"""Polite words to say no with."""


def phrases(evenement: str, *, autre: str, titre: str) -> tuple[str, str]:
    """(subject, sentence) of one event."""
    sujet, phrase = PHRASES[evenement]
    return sujet.format(autre=autre, titre=titre), phrase.format(autre=autre, titre=titre)
