"""The attendance sheet to sign, as data of templates/documents/feuille_de_presence.typ."""

from reunions.templatetags.rencontres import ou, quand

LIGNES_LIBRES = 12
"""Empty lines at the end, for whoever comes without having answered."""
ENTETES = ["Nom et fonction", "Au nom de", "Réponse", "Signature"]
MENTION = (
    "Signez sur votre ligne ; si vous n'y êtes pas, écrivez-vous sur une ligne libre, à la fin. La feuille sert à "
    "rédiger le compte rendu : sa version publique nomme les structures, pas les personnes."
)


def donnees(reunion, participations, *, pole: str) -> dict:
    """A line per participation, whatever its answer: whoever had excused themselves may come. No address, no need."""
    return {
        "titre": f"Feuille de présence : {reunion.titre}",
        "auteur": pole,
        "pied": f"{reunion.titre[:70]}, {pole}",
        "quand": f"{quand(reunion)[:1].upper()}{quand(reunion)[1:]}, {ou(reunion)}",
        "mention": MENTION,
        "entetes": ENTETES,
        "lignes": [_ligne(participation) for participation in participations],
        "libres": LIGNES_LIBRES,
    }


def _ligne(participation) -> list[str]:
    qui = "\n".join(filter(None, [participation.nom, participation.fonction]))
    reponse = participation.get_reponse_display() if participation.reponse != "attendue" else ""
    return [qui, participation.au_nom_de, f"{reponse[:1].upper()}{reponse[1:]}"]
