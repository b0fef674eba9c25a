"""Hours and balances in plain French; what the mails about them say."""

from pole_ess.socle.templatetags.francais import jour


def en_heures(heures) -> str:
    """2 -> « 2 h », 1.5 -> « 1 h 30 », 0.75 -> « 45 min », -3 -> « −3 h »."""
    minutes = int(abs(heures) * 60)
    entieres, reste = divmod(minutes, 60)
    signe = "\u2212" if heures < 0 else ""
    if not entieres:
        return f"{signe}{reste}\u00a0min" if reste else "0\u00a0h"
    return f"{signe}{entieres}\u00a0h\u00a0{reste:02d}" if reste else f"{signe}{entieres}\u00a0h"


def balance(totaux) -> str:
    """« Vous avez reçu 3 h de plus que donné. » from `donne` and `recu`."""
    ecart = totaux["donne"] - totaux["recu"]
    if not totaux["donne"] and not totaux["recu"]:
        return "Vous n'avez encore ni donné ni reçu d'heures."
    if not ecart:
        return f"Vous avez donné autant que reçu\u00a0: {en_heures(totaux['donne'])}."
    if ecart > 0:
        return f"Vous avez donné {en_heures(ecart)} de plus que reçu."
    return f"Vous avez reçu {en_heures(-ecart)} de plus que donné."


def reste(compte) -> str:
    """What may still be received before the floor, in a sentence."""
    marge = compte.solde - compte.plancher
    if marge <= 0:
        return "Votre compte est au plus bas\u00a0: il remontera dès que vous aurez aidé quelqu'un."
    return f"Vous pouvez encore recevoir {en_heures(marge)} d'aide."


SUJETS = {
    "proposee": "{heures} à confirmer avec {autre}",
    "rappel": "Rappel\u00a0: {heures} à confirmer avec {autre}",
    "confirmee": "{autre} a confirmé\u00a0: {heures}",
    "contestee": "{autre} n'est pas d'accord\u00a0: {heures}",
    "annulee": "Annulé\u00a0: {heures} avec {autre}",
    "sans_reponse": "Restées sans réponse\u00a0: {heures} avec {autre}",
    "equipe": "L'équipe du pôle a annulé\u00a0: {heures} avec {autre}",
}
PHRASES = {
    ("proposee", "aidant"): "{autre} note que vous lui avez donné {heures} le {jour}. "
    "Dites si c'est juste\u00a0: votre compte montera d'autant.",
    ("proposee", "aide"): "{autre} note vous avoir donné {heures} le {jour}. "
    "Dites si c'est juste\u00a0: votre compte baissera d'autant.",
    "correction": "{autre} propose de corriger une opération passée\u00a0: {heures}, du {jour}, "
    "seraient remises comme avant. Dites si c'est juste.",
    "confirmee": "{autre} confirme les {heures} du {jour}. C'est écrit sur vos deux comptes.",
    "contestee": "{autre} ne reconnaît pas les {heures} du {jour}. Rien n'est écrit sur les comptes. "
    "Parlez-en ensemble\u00a0: si c'est une erreur, annulez cette opération et notez-la de nouveau.",
    "annulee": "{autre} a annulé les {heures} du {jour} avant qu'elles soient confirmées. "
    "Rien n'est écrit sur les comptes.",
    "sans_reponse": "Les {heures} du {jour} n'ont pas été confirmées dans les 60 jours\u00a0: elles sont annulées. "
    "Rien n'est écrit sur les comptes.",
    "equipe": "L'équipe du pôle a annulé les {heures} du {jour}. Rien n'est écrit sur les comptes.",
}


def phrases(operation, cote, evenement) -> tuple[str, str]:
    """Subject and sentence of a mail to the side `cote`."""
    autre = "aide" if cote == "aidant" else "aidant"
    mots = {
        "heures": en_heures(operation.heures),
        "autre": operation.nom_du_cote(autre),
        "jour": jour(operation.jour),
    }
    mots["autre"] = mots["autre"][:1].upper() + mots["autre"][1:]
    genre = "proposee" if evenement == "rappel" else evenement
    cle = "correction" if genre == "proposee" and operation.genre == "correction" else genre
    phrase = PHRASES.get((cle, str(cote))) or PHRASES[cle]
    return SUJETS[evenement].format(**mots), phrase.format(**mots)


def plancher_atteint(compte, *, sien: bool) -> str:
    """Why the account that was helped cannot go down: figures only for who holds it."""
    if not sien:
        return (
            f"Le compte de {compte.nom} est au plus bas\u00a0: il ne peut pas descendre d'autant pour le moment. "
            "Il remontera dès qu'on y notera de l'aide donnée."
        )
    return (
        f"Le compte de {compte.nom} ne peut pas descendre sous {en_heures(compte.plancher)}\u00a0: "
        f"son solde est de {en_heures(compte.solde)}. Aidez quelqu'un à votre tour, puis confirmez."
    )
