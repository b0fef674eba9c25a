"""A shared purchase in each state, and shared posts: one that fills up, one that is enough, one concluded."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from annuaire.models import Structure
from ressources.actions import partages
from ressources.models import Annonce, MiseEnCommun, Palier, PartEnCommun

from .annonces import SOURCE

ACHATS = [
    {
        "cle": "mise-papier", "porte": "achat-papier", "pilote": "ge-bourbonnais-sport", "unite": "ramette",
        "minimum": 200, "colis": 5, "frais": 24, "cloture": 25, "paliers": [(0, "4.90"), (200, "3.95")],
        "parts": [("ge-bourbonnais-sport", 50, 5), ("cooperative-energie", 30, 5), ("aide-devoirs", 40, 0),
                  ("radio-locale", 20, 5)],
    },
    {
        "cle": "mise-terreau", "pilote": "jardin-partage-rivieres", "titre": "Terreau sans tourbe, au printemps",
        "texte": "Livré sur palette au jardin, à retirer un samedi matin. Sacs de 40 litres.",
        "unite": "sac", "minimum": 40, "colis": 10, "frais": 35, "cloture": 12, "prolongee": True,
        "paliers": [(0, "8.50"), (40, "7.20")],
        "parts": [("jardin-partage-rivieres", 12, 2), ("ferme-pedagogique", 15, 5), ("refuge-animaux", 4, 0)],
    },
    {
        "cle": "mise-gobelets", "pilote": "bal-trad", "titre": "Gobelets réutilisables pour nos fêtes",
        "texte": "Sans marquage : ils serviront à toutes. Lavage chez chacune.",
        "unite": "gobelet", "minimum": 1000, "colis": 250, "frais": 18, "cloture": 20, "paliers": [(0, "0.62")],
        "parts": [("bal-trad", 400, 50), ("fete-jeunes", 250, 50), ("cirque-chapiteau", 200, 0),
                  ("foyer-rural-chantelle", 180, 60)],
    },
    {
        "cle": "mise-cafe", "pilote": "cafe-associatif-randan", "titre": "Café équitable en grains",
        "texte": "Torréfié près d'ici, une commande par trimestre.",
        "unite": "kg", "pas": "0.5", "minimum": 60, "frais": 0, "cloture": -3, "paliers": [(0, "14.80")],
        "parts": [("cafe-associatif-randan", 20, 0), ("boutique-equitable", 12, 0), ("numerique-pour-tous", "2.5", 0)],
    },
    {
        "cle": "mise-extincteurs", "pilote": "tiers-lieu-moulin", "titre": "Vérification des extincteurs, groupée",
        "texte": "Un seul déplacement pour nos six locaux.", "etat": "commandee",
        "unite": "appareil", "minimum": 20, "frais": 60, "cloture": -6, "paliers": [(0, "9.00")], "prix": "8.40",
        "parts": [("tiers-lieu-moulin", 8, 0), ("logement-jeunes", 9, 0), ("ecole-deuxieme-chance", 6, 0)],
    },
    {
        "cle": "mise-pneus", "pilote": "atelier-velo-parcs", "titre": "Pneus et chambres à air de vélo",
        "texte": "Trois tailles courantes, à retirer à l'atelier le mercredi.", "etat": "recue", "recue": 132,
        "regles": ["mobilite-limagne"], "unite": "pneu", "minimum": 130, "colis": 65, "frais": 48, "cloture": -30,
        "prix": "6.15", "paliers": [(0, "6.90"), (130, "6.15")],
        "parts": [("atelier-velo-parcs", 60, 5), ("mobilite-limagne", 30, 4), ("garage-solidaire", 44, 0)],
    },
    {
        "cle": "mise-farine", "pilote": "paniers-besbre", "titre": "Farine de blé ancien, du moulin voisin",
        "texte": "En sacs de 5 kg.", "etat": "soldee", "recue": 60, "regles": "tous",
        "unite": "sac", "minimum": 60, "colis": 20, "frais": 12, "cloture": -90, "prix": "9.35", "paliers": [],
        "parts": [("paniers-besbre", 25, 0), ("traiteur-insertion", 24, 0), ("cafe-associatif-randan", 11, 0)],
    },
    {
        "cle": "mise-tentes", "pilote": "colo-nature", "titre": "Tentes de quatre places", "etat": "abandonnee",
        "texte": "Pour les séjours d'été.", "motif": "Le fournisseur arrête ce modèle ; nous reviendrons vers vous.",
        "unite": "tente", "minimum": 20, "frais": 0, "cloture": -50, "paliers": [(0, "159.00")],
        "parts": [("colo-nature", 6, 0), ("handi-nature", 3, 0)],
    },
]  # fmt: skip
POSTES = [
    {
        "cle": "poste-compta", "pilote": "couveuse-activites", "titre": "Un comptable à plusieurs",
        "texte": "Saisie, paie et préparation du bilan ; un jour fixe par semaine chez chacune.",
        "competence": "comptable", "minimum": "151.67", "rayon": 30, "budget": "24.50",
        "parts": [("couveuse-activites", 14), ("paniers-besbre", "6.5"), ("cooperative-energie", 8),
                  ("radio-locale", 12), ("ludotheque-itinerante", 4), ("musee-eaux", 10)],
    },
    {
        "cle": "poste-juriste", "pilote": "finance-solidaire", "titre": "Une juriste pour nos contrats",
        "texte": "Conventions, contrats de travail, baux.", "competence": "juriste", "minimum": "35",
        "rayon": 40, "budget": "31",
        "parts": [("finance-solidaire", 12), ("mutuelle-locale", 15), ("logement-jeunes", "9.5")],
    },
    {
        "cle": "poste-com", "pilote": "studio-video", "titre": "Un poste de communication partagé",
        "texte": "Lettres, affiches, réseaux.", "competence": "chargée de communication", "minimum": "75.83",
        "rayon": 25, "budget": "22", "etat": "conclue", "motif": "Le groupement d'employeurs recrute en mars.",
        "parts": [("studio-video", 40), ("recyclerie-sport", 21), ("chorale-ouverte", 16)],
    },
]  # fmt: skip
CLOSES = {
    "commandee": "pourvue",
    "recue": "pourvue",
    "soldee": "pourvue",
    "conclue": "pourvue",
    "abandonnee": "retiree",
}
"""State -> the announcement's; published otherwise."""


def charger() -> int:
    """Create what is missing; how many. Run after the announcements."""
    structures = {s.source_cle: s for s in Structure.objects.filter(source=SOURCE).select_related("commune")}
    faites = 0
    for genre, histoires in (("achat", ACHATS), ("poste", POSTES)):
        for histoire in histoires:
            if histoire["pilote"] in structures and not _connue(histoire):
                with transaction.atomic():
                    _raconter(genre, histoire, structures)
                faites += 1
    return faites


def _connue(histoire) -> bool:
    porte = histoire.get("porte", histoire["cle"])
    return MiseEnCommun.objects.filter(annonce__source=SOURCE, annonce__source_cle=porte).exists()


def _annonce(genre, histoire, structure) -> Annonce:
    if "porte" in histoire and (annonce := Annonce.objects.filter(source=SOURCE, source_cle=histoire["porte"]).first()):
        return annonce
    etat = CLOSES.get(histoire.get("etat"), "publiee")
    maintenant = timezone.now()
    achat = genre == "achat"
    return Annonce.objects.create(
        sens="besoin",
        nature="achat_groupe" if achat else "competence",
        mode="vente" if achat else "service_payant",
        titre=histoire["titre"],
        description=histoire["texte"],
        structure=structure,
        commune=structure.commune,
        prix=Decimal(histoire["budget"]) if "budget" in histoire else None,
        prix_unite="heure" if "budget" in histoire else "",
        etat=etat,
        publiee_le=maintenant - timedelta(days=40),
        expire_le=timezone.localdate() + timedelta(days=60),
        close_le=None if etat == "publiee" else maintenant - timedelta(days=4),
        source=SOURCE,
        source_cle=histoire["cle"],
        est_demonstration=True,
    )


def _raconter(genre, histoire, structures) -> None:
    cloture = histoire.get("cloture")
    mise = MiseEnCommun.objects.create(
        annonce=_annonce(genre, histoire, structures[histoire["pilote"]]),
        genre=genre,
        unite=histoire.get("unite", "heure"),
        pas=Decimal(histoire.get("pas", "1" if genre == "achat" else "0.01")),
        minimum=Decimal(histoire["minimum"]),
        conditionnement=histoire.get("colis"),
        frais=histoire.get("frais", 0),
        cloture_le=None if cloture is None else timezone.localdate() + timedelta(days=cloture),
        cloture_dite_pour=None if cloture is None or cloture > 0 else timezone.localdate() + timedelta(days=cloture),
        prolongations=1 if histoire.get("prolongee") else 0,
        competence=histoire.get("competence", ""),
        rayon=histoire.get("rayon"),
        des_le=timezone.localdate() + timedelta(days=45) if genre == "poste" else None,
    )
    Palier.objects.bulk_create(Palier(mise=mise, a_partir_de=q, prix=prix) for q, prix in histoire.get("paliers", []))
    parts = [
        PartEnCommun(
            mise=mise, structure=structures[cle], quantite=Decimal(quantite), tolerance=Decimal(sum(plus)),
            cle=uuid.uuid4(),
        )
        for cle, quantite, *plus in histoire["parts"]
        if cle in structures
    ]  # fmt: skip
    for part in parts:
        part.save()
    mise.refresh_from_db()
    if mise.est_atteinte:
        mise.atteinte_dite_le = timezone.now()
    _avancer(mise, histoire, parts)
    mise.save()


def _avancer(mise, histoire, parts) -> None:
    """To its state, the sums by the real rules."""
    etat, maintenant = histoire.get("etat", "ouverte"), timezone.now()
    mise.etat, mise.motif = etat, histoire.get("motif", "")
    if etat in ("soldee", "conclue", "abandonnee"):
        mise.close_le = maintenant - timedelta(days=4)
    if etat not in ("commandee", "recue", "soldee"):
        return
    couples = [(part.quantite, part.tolerance) for part in parts]
    commandes = partages.commandes(couples, conditionnement=mise.conditionnement, pas=mise.pas)
    mise.quantite_commandee, mise.prix_unitaire = sum(commandes), Decimal(histoire["prix"])
    mise.commandee_le = maintenant - timedelta(days=12)
    for part, commande in zip(parts, commandes, strict=True):
        part.commande = commande
    if etat != "commandee":
        _recevoir(mise, histoire, parts)
    PartEnCommun.objects.bulk_update(parts, ["commande", "recu", "montant", "part_frais", "regle_le"])
    mise.total = sum(part.quantite for part in parts)


def _recevoir(mise, histoire, parts) -> None:
    maintenant = timezone.now()
    mise.quantite_recue, mise.recue_le = min(Decimal(histoire["recue"]), mise.quantite_commandee), maintenant
    recus = partages.receptions([part.commande for part in parts], mise.quantite_recue, pas=mise.pas)
    dus = partages.comptes(recus, prix=mise.prix_unitaire, frais=Decimal(mise.frais))
    payes = {mise.annonce.structure.source_cle, *(histoire["regles"] if histoire["regles"] != "tous" else ())}
    for part, recu, (montant, part_frais) in zip(parts, recus, dus, strict=True):
        part.recu, part.montant, part.part_frais = recu, montant, part_frais
        if histoire["regles"] == "tous" or part.structure.source_cle in payes:
            part.regle_le = maintenant
