"""An announcement put into words: its price, its facts, where it stands; for its page, its cards, its mails."""

from dataclasses import dataclass

from django.utils import timezone

from pole_ess.socle.templatetags.francais import jour, nombre, pluriel
from ressources.modes import REGLES
from ressources.natures import Nature


def euros(montant) -> str:
    """« 50 € », « 1 250,50 € » (no-break spaces); empty for None."""
    if montant is None:
        return ""
    entier, _, centimes = f"{montant:.2f}".partition(".")
    return f"{nombre(int(entier))}{'' if centimes == '00' else ',' + centimes}\u00a0€"


def montant_en_clair(annonce) -> str:
    """The price with its unit, « prix sur demande », a need's budget; empty when its mode has none."""
    if not (annonce.regle and annonce.regle.payant):
        return ""
    if annonce.prix is None:
        return ("prix sur demande" if annonce.est_offre else "budget à convenir") if annonce.prix_sur_demande else ""
    if annonce.prix == 0:
        return "gratuit"
    prix = euros(annonce.prix)
    if annonce.prix_unite and annonce.prix_unite != "total":
        prix = f"{prix} {annonce.get_prix_unite_display()}"
    return prix if annonce.est_offre else f"budget {prix}"


def prix_en_clair(annonce) -> str:
    """The mode and what it costs, on one line."""
    if annonce.mode not in REGLES:
        return ""
    mode = annonce.get_mode_display()
    morceaux = [mode[:1].upper() + mode[1:], montant_en_clair(annonce)]
    if annonce.caution:
        morceaux.append(f"caution {euros(annonce.caution)}")
    if annonce.contrepartie:
        morceaux.append(
            f"contre {annonce.contrepartie}" if annonce.est_offre else f"en échange : {annonce.contrepartie}"
        )
    return ", ".join(morceau for morceau in morceaux if morceau)


def duree(minutes) -> str:
    """« 45 minutes », « 1 h 30 »."""
    if not minutes:
        return ""
    heures, reste = divmod(minutes, 60)
    if not heures:
        return f"{reste} {pluriel(reste, 'minute,minutes')}"
    return f"{heures} h {reste:02d}" if reste else f"{heures} {pluriel(heures, 'heure,heures')}"


def _quantite(annonce) -> str:
    if annonce.est_lot:
        return f"{nombre(annonce.restant)} sur {nombre(annonce.quantite)}, {annonce.get_partage_display()}"
    return nombre(annonce.quantite) if annonce.quantite > 1 else ""


def faits(annonce) -> list[tuple[str, str]]:
    """Name and value of what its author said, ready to read; nothing empty."""
    offre = annonce.est_offre
    equipe = annonce.nature == Nature.BENEVOLAT
    tous = [
        (annonce.profil.categorie, annonce.categorie.nom if annonce.categorie else ""),
        ("Reste" if annonce.est_lot else "Quantité", _quantite(annonce)),
        ("État" if offre else "État souhaité", annonce.get_etat_materiel_display()),
        ("Transport", annonce.get_transport_display()),
        ("Surface", f"{nombre(annonce.surface)} m²" if annonce.surface else ""),
        ("Capacité", f"{nombre(annonce.capacite)} personnes" if annonce.capacite else ""),
        ("Équipements", annonce.equipements),
        ("Accès", "accessible en fauteuil (PMR)" if annonce.accessible_pmr else ""),
        ("Aussi possible" if offre else "Pour", _usages(annonce)),
        ("Niveau", annonce.get_niveau_display()),
        ("Présence", annonce.get_presence_display()),
        ("Jauge", f"{nombre(annonce.jauge)} spectateurs" if annonce.jauge else ""),
        ("Durée", duree(annonce.duree_minutes)),
        ("Bénévoles attendus" if equipe and not offre else "Places", nombre(annonce.places) if annonce.places else ""),
    ]
    return [(nom, valeur) for nom, valeur in tous if valeur]


def _usages(annonce) -> str:
    usages = [("résidence d'artistes", annonce.residence_artistes), ("travail partagé", annonce.travail_partage)]
    return ", ".join(nom for nom, vrai in usages if vrai)


@dataclass(frozen=True)
class Situation:
    """Where it stands, for whoever reads its page; `ton`: class of the message."""

    titre: str
    texte: str
    ton: str = "warning"


def situation(annonce) -> Situation | None:
    """None when there is nothing to say: it is open."""
    etats = annonce.Etat
    if annonce.est_expiree:
        return Situation(
            f"Annonce expirée depuis le {jour(annonce.expire_le)}",
            "On ne peut plus y répondre. Sa page reste pour mémoire.",
        )
    if annonce.etat == etats.POURVUE:
        quand = f" le {jour(timezone.localtime(annonce.close_le))}" if annonce.close_le else ""
        sens = "Cette offre a trouvé preneur" if annonce.est_offre else "Ce besoin a trouvé réponse"
        return Situation(f"{sens}{quand}", "On ne peut plus y répondre. Sa page reste pour mémoire.", ton="")
    if annonce.etat == etats.PUBLIEE and annonce.est_complete:
        return Situation("Tout est attribué", "Il ne reste rien de ce lot pour le moment.", ton="")
    return {
        etats.BROUILLON: Situation(
            "Brouillon : vous seuls le voyez", "Relisez-le, complétez-le, puis publiez-le quand il est prêt."
        ),
        etats.A_VALIDER: Situation(
            "En attente de relecture",
            "L'équipe du pôle la relit avant de la publier. Vous recevrez un e-mail.",
        ),
        etats.A_CORRIGER: Situation("À corriger", "L'équipe du pôle demande une correction avant de la publier."),
        etats.REFUSEE: Situation("Annonce refusée", "L'équipe du pôle ne l'a pas retenue : le public ne la voit pas."),
        etats.RETIREE: Situation("Annonce retirée", "Le public ne la voit plus."),
        etats.ARCHIVEE: Situation("Annonce archivée", "Le public ne la voit plus."),
    }.get(annonce.etat)
