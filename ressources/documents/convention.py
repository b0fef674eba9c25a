"""The loan agreement: who, what, when, at what price, on what conditions, in words."""

from pole_ess.socle.templatetags.francais import jour
from ressources.agenda import en_jours, jours_de
from ressources.fiche import euros, prix_en_clair
from ressources.templatetags.reservations import dates_en_clair

LOCATION = "location"
ENGAGEMENTS = [
    "L'emprunteur en prend soin, s'en sert pour ce qui est prévu, et ne le prête ni ne le loue à personne.",
    "Il le rend à la date convenue, propre, complet et dans l'état où il l'a reçu, usure normale mise à part.",
    "Il prévient tout de suite en cas de panne, de dommage, de vol ou de retard, et ne répare rien sans accord.",
    "Il vérifie avant le retrait que son assurance de responsabilité civile couvre les dommages causés et subis.",
    "Les deux structures regardent ensemble l'état et le compte, au retrait et au retour.",
]
CAUTION = "La caution est rendue au retour. Elle n'est retenue que pour un dommage ou un manque constaté à deux."


def donnees(reservation, *, pole, estimation="") -> dict:
    """The data of templates/documents/convention.typ. `estimation`: the price computed from the dates, if any."""
    annonce, emprunteur = reservation.calendrier.annonce, reservation.structure
    preteur, loue = annonce.structure, annonce.mode == LOCATION
    return {
        "titre": f"Convention de {'location' if loue else 'prêt'} : {annonce}",
        "auteur": f"{preteur.nom}",
        "pied": f"Convention no {reservation.pk}, {pole.nom}",
        "chapeau": f"Convention no {reservation.pk} entre deux structures, préparée avec le portail « {pole.nom} », "
        "qui n'en est pas partie.",
        "parties": [
            _partie(preteur, "Qui loue" if loue else "Qui prête", "Pour qui loue" if loue else "Pour qui prête"),
            _partie(emprunteur, "Qui emprunte", "Pour qui emprunte"),
        ],
        "accords": [(nom, valeur) for nom, valeur in _accords(reservation, annonce, estimation) if valeur],
        "consignes": reservation.calendrier.consignes.strip(),
        "engagements": [*ENGAGEMENTS, *([CAUTION] if reservation.caution else [])],
        "constat_depart": reservation.constat_depart.strip(),
        "constat_retour": _retour(reservation),
    }


def _partie(structure, role, signature) -> dict:
    commune = structure.commune
    ville = f"{(commune.codes_postaux or [''])[0]} {commune.nom}".strip() if commune else ""
    lignes = [structure.get_forme_juridique_display(), structure.adresse, ville]
    lignes += [f"SIRET {structure.siret}" if structure.siret else "", f"RNA {structure.rna}" if structure.rna else ""]
    coordonnees = "\n".join(ligne for ligne in lignes if ligne)
    return {"role": role, "signature": signature, "nom": structure.nom, "coordonnees": coordonnees}


def _accords(reservation, annonce, estimation):
    periode = reservation.periode
    debut, fin = jours_de(periode)
    entiers = en_jours(periode)
    yield "Objet", str(annonce)
    yield "Quantité", str(reservation.quantite)
    yield "État annoncé", annonce.get_etat_materiel_display()
    yield "Lieu", annonce.commune.nom if annonce.commune else ""
    yield "Dates", dates_en_clair(periode).capitalize() if not entiers else ""
    yield "Retrait", jour(debut).capitalize() if entiers else ""
    yield "Retour", f"{jour(fin).capitalize()}, au plus tard à la fermeture" if entiers else ""
    yield "Prix", _prix(reservation, annonce, estimation)
    yield "Caution", euros(reservation.caution) if reservation.caution else "Sans caution"
    yield "Usage prévu", reservation.message.strip()


def _prix(reservation, annonce, estimation) -> str:
    if reservation.prix_convenu is not None:
        return euros(reservation.prix_convenu)
    if estimation:
        return f"{prix_en_clair(annonce)}\nSoit, pour ces dates : {estimation}"
    return "Gratuit" if annonce.mode != LOCATION else prix_en_clair(annonce)


def _retour(reservation) -> str:
    if reservation.rendue_le is None:
        return ""
    lignes = [reservation.get_etat_retour_display().capitalize()]
    if reservation.quantite > 1:
        lignes.append(f"Rendu : {reservation.quantite_rendue} sur {reservation.quantite}")
    return "\n".join(filter(None, [*lignes, reservation.constat_retour.strip()]))
