"""The directory as data of templates/documents/livret.typ: what any visitor reads, printed once per structure."""

from dataclasses import dataclass, field

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from annuaire import exports
from annuaire.models import Activite
from annuaire.texte import plier
from pole_ess.portail.abrege import abreger
from pole_ess.portail.papier.demande import FORMATS, Demande
from pole_ess.socle.models import ReglagesPole
from pole_ess.socle.templatetags.francais import date_en_clair, jour, nombre, pluriel

TEXTE_MAX = 420
"""Letters of a presentation: about eight lines of a column. The whole is on the sheet, online."""
SANS_ACTIVITE, SANS_COMMUNE = "Autres structures", "Commune non précisée"


@dataclass
class Section:
    """A second level of the taxonomy, or (without a name) what belongs to the first level only."""

    nom: str = ""
    fiches: list = field(default_factory=list)
    renvois: list = field(default_factory=list)


def donnees(demande: Demande) -> dict:
    """Everything the booklet prints, in six queries whatever the number of structures."""
    pole = ReglagesPole.actuels()
    structures = list(exports.preparer(demande.structures))
    aujourdhui = timezone.localdate()
    adresse = settings.PORTAIL_URL + reverse("annuaire:structure_liste")
    compte = f"{nombre(len(structures))} {pluriel(len(structures), 'structure,structures')}"
    return {
        "format": demande.format,
        "titre": f"Annuaire de l'économie sociale et solidaire{f' : {demande.partie}' if demande.partie else ''}",
        "titre_court": "Annuaire de l'économie sociale et solidaire",
        "sous_titre": demande.partie,
        "auteur": pole.nom,
        "mots_cles": ["annuaire", "économie sociale et solidaire", pole.territoire_nom],
        "pole": pole.nom,
        "territoire": pole.territoire_nom,
        "compte": compte,
        "date_mots": f"À jour du {jour(aujourdhui)}",
        "adresse": adresse,
        "adresse_courte": _courte(adresse),
        "qr": carre(adresse),
        "qr_description": f"Code carré à photographier : il ouvre l'annuaire en ligne, {_courte(adresse)}.",
        "pied": f"{pole.nom}, {date_en_clair(aujourdhui)}",
        "lire": _comment_lire(demande),
        "corriger": _corriger(pole),
        "mentions": _mentions(pole, aujourdhui),
        "chapitres": _chapitres(structures, demande),
        "index": _index(structures, demande),
    }


def carre(adresse: str) -> str:
    """A QR code as SVG, black on nothing: the template gives it its paper."""
    return segno.make(adresse, error="m", micro=False).svg_inline(
        omitsize=True, border=0, lineclass=None, svgclass=None
    )


def _courte(adresse: str) -> str:
    return adresse.partition("://")[2].removeprefix("www.").rstrip("/")


# -- one sheet


def _cle(structure) -> str:
    return f"s{structure.pk}"


def _fiche(structure) -> dict:
    lu = exports.valeurs(structure)  # the one place that says what a visitor may read
    commune = structure.commune
    lieu = commune.nom if commune else ""
    if lu["code_postal"]:
        lieu += f" ({lu['code_postal']})"
    acces = [
        mots
        for vrai, mots in [
            (structure.accessible_pmr, "accessible en fauteuil"),
            (structure.accessible_braille, "documents en braille"),
            (structure.accessible_lsf, "accueil en langue des signes"),
        ]
        if vrai
    ]
    labels = [
        str(tenu.label)
        for tenu in structure.labels.all()
        if not tenu.expire_le or tenu.expire_le >= timezone.localdate()
    ]
    lignes = [
        ("Adresse", lu["adresse"], None),
        ("Téléphone", lu["telephone"], None),
        ("E-mail", lu["courriel"], f"mailto:{lu['courriel']}"),
        ("Site", _courte(lu["site"]), lu["site"]),
        ("Horaires", lu["horaires"], None),
        ("Public", lu["public_accueilli"], None),
        ("À partager", ", ".join(competence.nom for competence in structure.competences.all()), None),
        ("Labels", ", ".join(labels), None),
        ("Accès", ", ".join(acces), None),
    ]
    return {
        "cle": _cle(structure),
        "nom": f"{structure.nom} ({structure.sigle})" if _sigle_a_part(structure) else structure.nom,
        "adresse": lu["page"],
        "situation": " · ".join(
            filter(None, [lu["forme_juridique"], lieu, "exemple inventé" if structure.est_demonstration else ""])
        ),
        "texte": abreger(structure.presentation or structure.missions, TEXTE_MAX),
        "lignes": [(nom, valeur, adresse if valeur else None) for nom, valeur, adresse in lignes if valeur],
    }


def _sigle_a_part(structure) -> bool:
    return bool(structure.sigle) and structure.sigle.casefold() not in structure.nom.casefold()


# -- by activity


def _chapitres(structures, demande: Demande) -> list[dict]:
    """Each structure in full at its first activity, and a line that leads to it at the others."""
    activites = {activite.pk: activite for activite in Activite.objects.all()}
    rangs = _rangs(activites)
    voulues = {pk for pk, a in activites.items() if demande.activite and demande.activite.pk in (pk, a.parent_id)}
    chapitres: dict[int, dict[int, Section]] = {}
    for structure in structures:
        places = _places([a for a in structure.activites.all() if not voulues or a.pk in voulues], rangs)
        for rang, (chapitre, section) in enumerate(places or [(0, 0)]):
            ou = chapitres.setdefault(chapitre, {})
            ici = ou.setdefault(section, Section(activites[section].nom if section else ""))
            if rang == 0:
                ici.fiches.append(_fiche(structure))
            else:
                ici.renvois.append((_nom_et_commune(structure), _cle(structure)))
    ordre = sorted(chapitres, key=lambda pk: (pk == 0, rangs.get(pk, 0)))
    return [
        {
            "nom": activites[pk].nom if pk else SANS_ACTIVITE,
            "sections": [vars(sections[s]) for s in sorted(sections, key=lambda s: rangs.get(s, -1))],
        }
        for pk, sections in ((pk, chapitres[pk]) for pk in ordre)
    ]


def _rangs(activites) -> dict[int, int]:
    """Activity -> its rank, a child right after its parent."""
    parents = [a for a in activites.values() if a.parent_id is None]
    suite = [a for parent in parents for a in [parent, *(e for e in activites.values() if e.parent_id == parent.pk)]]
    return {activite.pk: rang for rang, activite in enumerate(suite)}


def _places(activites, rangs) -> list[tuple[int, int]]:
    """(first level, second level or 0), in order; the first level alone says nothing beside one of its own."""
    detaillees = {a.parent_id for a in activites if a.parent_id}
    gardees = sorted((a for a in activites if a.pk not in detaillees), key=lambda a: rangs[a.pk])
    return [(a.parent_id, a.pk) if a.parent_id else (a.pk, 0) for a in gardees]


# -- indexes


def _index(structures, demande: Demande) -> list[dict]:
    communes, lettres = {}, {}
    for structure in structures:
        commune = structure.commune
        nom = str(commune) if commune else SANS_COMMUNE
        cle_commune = (commune is None, commune.tri if commune else "", nom)
        communes.setdefault(cle_commune, []).append((structure.nom, _cle(structure)))
        for mot, ligne in _entrees(structure):
            lettres.setdefault(_lettre(mot), []).append((plier(mot), ligne, _cle(structure)))
    alphabetique = [
        {
            "nom": lettre,
            "lignes": [(ligne, cle) for _, ligne, cle in sorted(lettres[lettre], key=lambda e: plier(e[0]))],
        }
        for lettre in sorted(lettres, key=lambda lettre: (lettre == "0-9", lettre))
    ]
    par_commune = [{"nom": cle[2], "lignes": communes[cle]} for cle in sorted(communes)]
    index = [] if demande.commune else [{"titre": "Index par commune", "groupes": par_commune}]
    return [*index, {"titre": "Index alphabétique", "groupes": alphabetique}] if structures else []


def _entrees(structure):
    """What somebody may look for: the name, and the initials when the name does not hold them."""
    yield structure.nom, _nom_et_commune(structure)
    if _sigle_a_part(structure):
        yield structure.sigle, f"{structure.sigle} : {structure.nom}"


def _nom_et_commune(structure) -> str:
    return f"{structure.nom}, {structure.commune.nom}" if structure.commune else structure.nom


def _lettre(mot: str) -> str:
    """A to Z; « 0-9 » for the rest. œ is filed under O."""
    premiere = next((c for c in plier(mot) if c.isalnum()), "")
    return premiere.upper() if "a" <= premiere <= "z" else "0-9"


# -- words


def _comment_lire(demande: Demande) -> dict:
    points = [
        "Les structures sont rangées par activité, sur deux niveaux. Celle qui en a plusieurs est décrite une seule "
        "fois ; ailleurs, une ligne « Voir aussi » donne la page.",
        *(["L'index par commune dit qui est près de chez vous."] if not demande.commune else []),
        "L'index alphabétique retrouve une structure par son nom ou par son sigle.",
        "Une présentation longue est coupée : « (…) » ou « … » le dit. La fiche entière est en ligne.",
        "Un téléphone ou une adresse e-mail n'est imprimé que si la structure l'a rendu public. Sinon, écrivez-lui par "
        "le portail, depuis sa fiche.",
    ]
    return {
        "intro": f"Format : {FORMATS[demande.format][0]}. Dans le fichier, un clic mène à chaque page.",
        "points": points,
    }


def _corriger(pole) -> list[str]:
    proposer = _courte(settings.PORTAIL_URL + reverse("annuaire:proposer"))
    joindre = f" ou au {pole.telephone_equipe}" if pole.telephone_equipe else ""
    return [
        "Une erreur sur une fiche ? En ligne, chaque fiche a un lien « Signaler une erreur » et un lien « Retirer mes "
        "données ». La structure elle-même la modifie depuis son compte.",
        f"Votre structure n'y est pas ? Proposez-la à l'adresse {proposer} : c'est gratuit.",
        f"Sans ordinateur, dites-le à l'équipe du pôle : {pole.courriel_equipe}{joindre}.",
    ]


def _mentions(pole, aujourdhui) -> list[str]:
    editeur = pole.editeur or f"{pole.nom} {pole.territoire_nom}"
    return [
        f"Livret composé le {date_en_clair(aujourdhui)} à partir de l'annuaire du portail. Il ne nomme personne.",
        f"Éditeur : {editeur}. Contenu sous Licence Ouverte 2.0 : vous pouvez le copier et le donner, en citant "
        f"« {pole.nom} {pole.territoire_nom}, annuaire, {aujourdhui:%d/%m/%Y} ».",
        "Un livret vieillit : une fiche retirée en ligne reste sur le papier déjà imprimé. Reprenez le fichier "
        "avant une nouvelle impression.",
    ]
