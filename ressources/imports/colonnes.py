"""What the headers of a list mean: those of an equipment inventory, and of exchange platforms' exports.

As annuaire.imports.colonnes: our name -> aliases, the preferred one first, compared without case nor accents.
"""

from annuaire.imports.colonnes import index

COLONNES = {
    "id": ["id", "identifiant", "reference", "ref", "cle", "numero", "n°", "code", "id annonce", "listing id",
           "item id", "offer id", "num inventaire", "numero d'inventaire", "inventaire"],
    "structure": ["structure", "association", "organisme", "proprietaire", "preteur", "deposant", "fournisseur",
                  "nom de la structure", "organisation", "membre", "auteur", "author", "owner", "member", "user",
                  "organization", "detenteur"],
    "siret": ["siret", "n° siret", "numero siret"],
    "contact": ["contact", "e-mail", "email", "courriel", "mail", "adresse e-mail", "adresse mail", "contact mail",
                "e-mail du contact", "contact email"],
    "titre": ["titre", "designation", "intitule", "objet", "libelle", "nom", "article", "annonce", "nom du materiel",
              "title", "name", "item", "subject", "nom de l'objet"],
    "description": ["description", "details", "detail", "commentaire", "commentaires", "observations", "remarques",
                    "texte", "caracteristiques", "body", "content", "textbody", "message"],
    "sens": ["sens", "offre ou besoin", "offre demande", "type d'annonce", "type annonce", "type", "direction",
             "listing type", "post type", "offre/demande"],
    "nature": ["nature", "famille", "rubrique", "section", "domaine"],
    "categorie": ["categorie", "sous-categorie", "sous categorie", "genre", "category", "categories", "theme", "tags",
                  "discipline", "type de materiel", "type de local"],
    "mode": ["mode", "modalite", "modalites", "mode d'echange", "conditions", "transaction", "mise a disposition",
             "transaction type", "don pret location"],
    "quantite": ["quantite", "qte", "nombre", "nb", "stock", "quantity", "available", "exemplaires", "total"],
    "etat_materiel": ["etat", "etat du materiel", "vetuste", "condition", "state", "etat general"],
    "transport": ["transport", "livraison", "enlevement", "retrait", "delivery"],
    "code_commune": ["code commune", "code insee", "insee", "code cog"],
    "code_postal": ["code postal", "cp", "postcode", "zip"],
    "commune": ["commune", "lieu", "ville", "localisation", "localite", "emplacement", "lieu de stockage", "stockage",
                "site", "location", "city", "address"],
    "prix": ["prix", "tarif", "cout", "montant", "prix unitaire", "loyer", "participation", "price", "price amount"],
    "prix_unite": ["prix pour", "unite", "par", "unite de prix", "unit", "price unit", "unit type"],
    "caution": ["caution", "depot de garantie", "garantie", "deposit"],
    "surface": ["surface", "surface m2", "superficie", "m2", "surface (m2)"],
    "capacite": ["capacite", "places assises", "nombre de personnes", "capacity", "capacite (personnes)"],
    "accessible_pmr": ["pmr", "accessible pmr", "accessible en fauteuil", "accessibilite", "wheelchair"],
    "equipements": ["equipements", "equipement"],
    "jauge": ["jauge", "spectateurs"],
    "duree_minutes": ["duree", "duree minutes", "duree (minutes)", "duration"],
    "places": ["places", "nombre de places", "postes"],
    "debut": ["disponible du", "disponible a partir du", "du", "date de debut", "debut", "start", "available from"],
    "fin": ["disponible au", "disponible jusqu'au", "au", "date de fin", "fin", "end", "available until"],
    "expire_le": ["valable jusqu'au", "expire le", "date limite", "echeance", "expires", "expires at", "deadline"],
    "ajouter_quand_meme": ["ajouter quand meme", "pas un doublon", "motif ajout"],
}  # fmt: skip
ALIAS = index(COLONNES)
PERSONNELLES = frozenset(
    {
        "responsable", "nomducontact", "personneacontacter", "telephone", "tel", "portable", "mobile", "phone",
        "prenom", "nomprenom", "username", "firstname", "lastname", "givenname", "familyname", "referent",
        "fromname", "fromaddr", "adressepersonnelle",
    }
)  # fmt: skip
"""Data about a person: never read. « contact » serves to find the structure, and is not kept."""
CONNUES = frozenset({"page", "publieele", "creele", "modifieele", "createdat", "updatedat", "state", "etatannonce"})
"""Columns that an import has no use for: not worth a warning."""
