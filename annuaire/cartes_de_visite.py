"""A structure as a vCard 3.0 (RFC 2426), the form that phones and mail programs all read."""

import re

import vobject

CONTROLES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


def carte(structure, *, url: str, prive: bool = False, contacts=()) -> str:
    """The card, CRLF lines folded at 75 octets, to be encoded in UTF-8.

    `url`: the sheet's absolute address. `prive`: also the phone and e-mail that are not public (the reader
    has an account). `contacts`: persons whom this reader may see, as annuaire.fiche.contacts_visibles gives
    them; they come in the note, as people to ask for.
    """
    vcard = vobject.vCard()
    nom = _propre(structure.nom)
    vcard.add("fn").value = nom
    vcard.add("n").value = vobject.vcard.Name(family=nom)
    vcard.add("org").value = [nom]
    vcard.add("x-abshowas").value = "COMPANY"
    if structure.sigle:
        vcard.add("nickname").value = _propre(structure.sigle)
    if structure.telephone and (structure.telephone_public or prive):
        _ajouter(vcard, "tel", structure.telephone, "WORK,VOICE")
    if structure.courriel and (structure.courriel_public or prive):
        _ajouter(vcard, "email", structure.courriel, "INTERNET,WORK")
    if structure.commune or structure.adresse:
        _adresse(vcard, structure)
    if structure.est_situee:
        vcard.add("geo").value = f"{structure.latitude:.6f};{structure.longitude:.6f}"
    if structure.site:
        vcard.add("url").value = _propre(structure.site)
    activites = [_propre(str(activite)) for activite in structure.activites.all()]
    if activites:
        vcard.add("categories").value = activites
    vcard.add("note").value = "\n".join([*_personnes(contacts), f"Fiche de l'annuaire : {url}"])
    vcard.add("source").value = url
    vcard.add("uid").value = url
    vcard.add("rev").value = structure.modifie_le.strftime("%Y-%m-%dT%H:%M:%SZ")
    return vcard.serialize()


def nom_de_fichier(structure) -> str:
    """ASCII by construction: slugs are."""
    return f"{structure.slug}.vcf"


def _propre(texte: str) -> str:
    """Without control characters, which would break lines or be refused by address books."""
    return CONTROLES.sub(" ", texte.replace("\r\n", "\n"))


def _ajouter(vcard, propriete: str, valeur: str, types: str) -> None:
    ligne = vcard.add(propriete)
    ligne.value = _propre(valeur)
    ligne.type_param = types.split(",")


def _adresse(vcard, structure) -> None:
    codes = structure.commune.codes_postaux if structure.commune else []
    adresse = vcard.add("adr")
    adresse.type_param = "WORK"
    adresse.value = vobject.vcard.Address(
        street=_propre(structure.adresse),
        city=structure.commune.nom if structure.commune else "",
        code=codes[0] if len(codes) == 1 else "",
        country="France",
    )


def _personnes(contacts) -> list[str]:
    lignes = []
    for contact in contacts:
        qui = f"{contact.nom} ({contact.fonction})" if contact.fonction else contact.nom
        details = [qui, contact.telephone, contact.courriel]
        lignes.append(_propre("À contacter : " + ", ".join(d for d in details if d)).replace("\n", " "))
    return lignes
