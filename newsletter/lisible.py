"""Markdown written for a plain reading: no stars nor brackets, a link's address after its words."""

from reunions.compte_rendu import markdown


def texte(source: str) -> str:
    """The words of a block, paragraphs apart, lists with dashes, sub-titles on a line of their own."""
    return "\n\n".join(_bloc(bloc) for bloc in markdown.blocs(source) if bloc["genre"] != "trait")


def _bloc(bloc: dict) -> str:
    if bloc["genre"] in ("ul", "ol"):
        puces = [f"{bloc['debut'] + rang}. " if bloc["genre"] == "ol" else "- " for rang in range(len(bloc["lignes"]))]
        return "\n".join(_puce(puce, ligne) for puce, ligne in zip(puces, bloc["lignes"], strict=True))
    if bloc["genre"] == "citation":
        lignes = "\n\n".join(_bloc(dedans) for ligne in bloc["lignes"] for dedans in ligne).split("\n")
        return "\n".join(f"> {ligne}".rstrip() for ligne in lignes)
    mots = markdown.mots(bloc["texte"])
    return f"## {mots}" if bloc["genre"] == "h" else mots


def _puce(puce: str, blocs: list) -> str:
    lignes = "\n".join(_bloc(bloc) for bloc in blocs).split("\n")
    retrait = " " * len(puce)
    return puce + f"\n{retrait}".join(lignes)
