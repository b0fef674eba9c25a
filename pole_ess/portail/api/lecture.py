"""From our objects to what the API says of them: what any visitor reads on the pages, and nothing else.

Never a named contact, a private phone or e-mail, an account, a conversation, nor the words of minutes, which may name
people. Photos and logos belong to their authors: they are not open data.
"""

from django.conf import settings
from django.utils import timezone

from annuaire import exports
from annuaire.models import Structure


def adresse(objet) -> str:
    return f"{settings.PORTAIL_URL}{objet.get_absolute_url()}"


def lieu(commune) -> dict | None:
    return commune and {"code": commune.code, "nom": commune.nom, "codes_postaux": commune.codes_postaux}


def terme(objet) -> dict | None:
    return objet and {"slug": objet.slug, "nom": objet.nom}


def citee(structure) -> dict | None:
    """A structure that shows itself: one that is no longer published is not named."""
    visible = structure is not None and structure.etat == Structure.Etat.PUBLIEE
    return {"slug": structure.slug, "nom": structure.nom} if visible else None


def point(objet) -> dict | None:
    if objet.latitude is None:
        return None
    return {
        "latitude": round(objet.latitude, exports.DECIMALES),
        "longitude": round(objet.longitude, exports.DECIMALES),
    }


def _distance(objet) -> float | None:
    distance = getattr(objet, "distance", None)
    return None if distance is None else round(distance, 2)


def _nombre(valeur) -> float | None:
    return None if valeur is None else float(valeur)


def structure(s) -> dict:
    """`s` comes from `exports.preparer`: its public phone and e-mail are those of the open export."""
    ouvertes = exports.valeurs(s)
    aujourdhui = timezone.localdate()
    meme_nom = (
        "slug", "nom", "sigle", "forme_juridique", "presentation", "missions", "public_accueilli", "adresse",
        "rayon_intervention", "site", "reseaux", "siret", "rna", "annee_creation", "benevoles", "adherents",
        "horaires", "verifiee_le", "publiee_le",
    )  # fmt: skip
    return {nom: getattr(s, nom) for nom in meme_nom} | {
        "activites": [terme(activite) for activite in s.activites.all()],
        "competences": [terme(competence) for competence in s.competences.all()],
        "labels": [
            terme(detenu.label) | {"expire_le": detenu.expire_le}
            for detenu in s.labels.all()
            if detenu.expire_le is None or detenu.expire_le >= aujourdhui
        ],
        "commune": lieu(s.commune),
        "position": point(s) and point(s) | {"origine": s.position_origine},
        "distance": _distance(s),
        "telephone": ouvertes["telephone"],
        "courriel": ouvertes["courriel"],
        "salaries_etp": ouvertes["salaries_etp"],
        "accessibilite": {"pmr": s.accessible_pmr, "braille": s.accessible_braille, "lsf": s.accessible_lsf},
        "modifiee_le": s.modifie_le,
        "exemple": s.est_demonstration,
        "page": adresse(s),
    }


def etat_annonce(a) -> str:
    """Where it stands for whoever would answer it."""
    if a.etat == a.Etat.POURVUE:
        return "pourvue"
    if a.est_expiree:
        return "expiree"
    return "complete" if a.est_complete else "ouverte"


def annonce(a) -> dict:
    """`a` comes from `AnnonceQuerySet.pour_donnees`."""
    meme_nom = (
        "sens", "nature", "mode", "titre", "description", "quantite", "restant", "prix_unite", "prix_sur_demande",
        "contrepartie", "etat_materiel", "transport", "surface", "capacite", "accessible_pmr", "equipements",
        "residence_artistes", "travail_partage", "niveau", "presence", "jauge", "places", "urgente_pour", "expire_le",
        "publiee_le",
    )  # fmt: skip
    return {nom: getattr(a, nom) for nom in meme_nom} | {
        "id": a.pk,
        "categorie": terme(a.categorie),
        "structure": citee(a.structure),
        "commune": lieu(a.commune),
        "position": point(a),
        "distance": _distance(a),
        "lot": a.est_lot,
        "prix": _nombre(a.prix),
        "caution": _nombre(a.caution),
        "duree": a.duree_minutes,
        "periodes": [{"du": periode.debut, "au": periode.fin} for periode in a.periodes.all()],
        "etat": etat_annonce(a),
        "modifiee_le": a.modifie_le,
        "exemple": a.est_demonstration,
        "page": adresse(a),
    }


def evenement(entree) -> dict:
    """A line of the shared agenda (reunions.calendrier.entrees)."""
    objet, du_pole = entree.objet, entree.du_pole
    meme_nom = ("titre", "debut", "fin", "lieu", "adresse", "accessible_pmr", "modifie_le")
    return {nom: getattr(objet, nom) for nom in meme_nom} | {
        "id": entree.cle,
        "type": f"pole-{objet.genre}" if du_pole else objet.genre,
        "description": objet.objectif if du_pole else objet.description,
        "journee_entiere": entree.journee_entiere,
        "annule": entree.annulee,
        "commune": lieu(objet.commune),
        "distance": None if entree.distance is None else round(entree.distance, 2),
        "tarif": "" if du_pole else objet.tarif,
        "site": "" if du_pole else objet.site,
        "structure": citee(entree.structure),
        "publie_le": entree.parue_le,
        "exemple": objet.est_demonstration,
        "page": adresse(objet),
    }


def compte_rendu(minutes) -> dict:
    """`minutes` comes from `CompteRenduQuerySet.pour_donnees`: figures of the version that is published."""
    reunion, version = minutes.reunion, minutes.derniere[0]
    public = version.instantane.get("public", {})
    axes = (public.get("resultats") or {}).get("axes", [])
    return {
        "reunion": reunion.pk,
        "titre": public.get("titre") or reunion.titre,
        "genre": reunion.get_genre_display(),
        "debut": reunion.debut,
        "commune": lieu(reunion.commune),
        "version": version.numero,
        "publie_le": version.cree_le,
        "approuve_le": minutes.approuve_le,
        "presents": public.get("nb_presentes", 0),
        "excuses": public.get("nb_excusees", 0),
        "axes": [{nom: axe[nom] for nom in ("nom", "rose", "jaune", "total")} for axe in axes],
        "exemple": reunion.est_demonstration,
        "page": adresse(minutes),
    }


def commune(c, structures: int) -> dict:
    autres = {nom: getattr(c, nom) for nom in ("latitude", "longitude", "population", "epci")}
    return lieu(c) | autres | {"structures": structures}


def activite(a) -> dict:
    """`a` has `combien` and its parent."""
    return terme(a) | {"parent": a.parent and a.parent.slug, "structures": a.combien}
