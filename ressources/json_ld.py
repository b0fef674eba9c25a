"""An announcement in schema.org's words: an Offer or a Demand, public facts only."""

from annuaire.json_ld import en_script
from pole_ess.socle.stockage import adresse_absolue

__all__ = ["decrire", "en_script"]

TYPES = {"materiel": "Product", "achat_groupe": "Product", "local": "Place", "formation": "Course"}


def decrire(annonce, *, racine: str) -> dict:
    """`racine`: the absolute address of the portal, without final slash."""
    adresse = racine + annonce.get_absolute_url()
    tout = {
        "@context": "https://schema.org",
        "@type": "Offer" if annonce.est_offre else "Demand",
        "@id": adresse,
        "url": adresse,
        "name": annonce.titre,
        "description": annonce.description,
        "image": [adresse_absolue(photo.fichier) for photo in annonce.photos.all()],
        "itemOffered": {"@type": TYPES.get(annonce.nature, "Service"), "name": annonce.titre},
        "price": f"{annonce.prix:.2f}" if annonce.prix is not None else "",
        "priceCurrency": "EUR" if annonce.prix is not None else "",
        "availability": f"https://schema.org/{'InStock' if annonce.est_ouverte else 'SoldOut'}",
        "validThrough": annonce.expire_le.isoformat() if annonce.expire_le else "",
        "areaServed": annonce.commune.nom if annonce.commune else "",
        "offeredBy": {
            "@type": "Organization",
            "name": annonce.structure.nom,
            "url": racine + annonce.structure.get_absolute_url(),
        },
    }
    return {cle: valeur for cle, valeur in tout.items() if valeur}
