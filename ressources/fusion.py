"""What merging two sheets of one structure does to its offers and needs: rules added to annuaire's.

`garder` is the kept sheet, `absorber` the one that goes. Nothing is lost but what has lost its meaning: a
conversation, or a second wish, of a structure with itself.
"""

from annuaire.actions.fusion import deplacer, historique, regle_de_fusion
from ressources.fusion_heures import comptes_heures
from ressources.models import Bilan, Etape, MiseEnRelation, PartDeLot, PartEnCommun, PriseDeContact, Rapprochement

ORDRE_DES_PARTS = ["en_attente", "demandee", "attribuee"]


def _annonces(modele, champ, garder, absorber):
    for annonce in modele._base_manager.filter(structure=absorber):
        annonce.structure = garder
        annonce._change_reason = f"fusion de {absorber.pk} dans {garder.pk}"
        annonce.save(update_fields=["structure", "modifie_le"])


def _annonceur(modele, champ, garder, absorber):
    """Conversations on the absorbed sheet's announcements; one with the kept sheet is with itself."""
    MiseEnRelation.objects.filter(annonceur=absorber, structure=garder).delete()
    MiseEnRelation.objects.filter(annonceur=absorber).update(annonceur=garder)


def _relations(modele, champ, garder, absorber):
    """Answers of the absorbed sheet; when both answered the same announcement, one conversation with all messages."""
    MiseEnRelation.objects.filter(structure=absorber, annonceur__in=[garder, absorber]).delete()
    for relation in MiseEnRelation.objects.filter(structure=absorber):
        double = MiseEnRelation.objects.filter(structure=garder, annonce_id=relation.annonce_id).first()
        if double is None:
            MiseEnRelation.objects.filter(pk=relation.pk).update(structure=garder)
            continue
        relation.messages.update(mise_en_relation=double)
        relation.reservations.update(mise_en_relation=double)
        relation.operations_heures.update(mise_en_relation=double)
        presents = double.bilans.values("structure")
        relation.bilans.exclude(structure__in=presents).exclude(structure=absorber).update(mise_en_relation=double)
        relation.delete()


def _parts(modele, champ, garder, absorber):
    """Two open parts of one batch: given ones add up, else the one further on stays and the other is cancelled."""
    for part in PartDeLot.objects.filter(structure=absorber):
        double = PartDeLot.objects.filter(
            structure=garder, annonce_id=part.annonce_id, etat__in=ORDRE_DES_PARTS
        ).first()
        if double is None or part.etat not in ORDRE_DES_PARTS:
            PartDeLot.objects.filter(pk=part.pk).update(structure=garder)
            continue
        if part.etat == double.etat:
            reste, quitte, quantite = double, part, double.quantite + part.quantite
        else:
            reste, quitte = sorted([part, double], key=lambda p: ORDRE_DES_PARTS.index(p.etat), reverse=True)
            quantite = reste.quantite
        motif = "Fusion de deux fiches de la même structure."
        PartDeLot.objects.filter(pk=quitte.pk).update(structure=garder, etat="annulee", motif=motif)
        PartDeLot.objects.filter(pk=reste.pk).update(structure=garder, quantite=quantite)


def _parts_en_commun(modele, champ, garder, absorber):
    """Two parts of one purchase become one that adds both up; it is paid when both are."""
    for part in PartEnCommun.objects.filter(structure=absorber):
        double = PartEnCommun.objects.actives().filter(structure=garder, mise_id=part.mise_id).first()
        if double is None or part.etat != "active":
            PartEnCommun.objects.filter(pk=part.pk).update(structure=garder)
            continue
        sommes = {
            nom: None if getattr(double, nom) is None else getattr(double, nom) + getattr(part, nom)
            for nom in ("quantite", "tolerance", "commande", "recu", "montant", "part_frais")
        }
        note = " / ".join(filter(None, [double.note, part.note]))[:500]
        regle_le = double.regle_le if part.regle_le else None
        chiffres = dict.fromkeys(("commande", "recu", "montant", "part_frais", "regle_le"))
        PartEnCommun.objects.filter(pk=part.pk).update(structure=garder, etat="quittee", **chiffres)
        PartEnCommun.objects.filter(pk=double.pk).update(note=note, regle_le=regle_le, **sommes)


def _etapes(modele, champ, garder, absorber):
    """Two wishes for one tour: the retained one stays, or the kept sheet's with the days of both."""
    for etape in Etape.objects.filter(structure=absorber):
        double = Etape.objects.filter(structure=garder, tournee_id=etape.tournee_id).first()
        if double is None:
            Etape.objects.filter(pk=etape.pk).update(structure=garder)
            continue
        reste, quitte = (etape, double) if etape.etat == "retenue" != double.etat else (double, etape)
        deja = reste.jours.values("jour")
        quitte.jours.exclude(jour__in=deja).update(etape=reste)
        quitte.delete()
        Etape.objects.filter(pk=reste.pk).update(structure=garder)


def _reglages(modele, champ, garder, absorber):
    """The kept sheet's own settings; those of the other only when it had none."""
    if modele._base_manager.filter(structure=garder).exists():
        modele._base_manager.filter(structure=absorber).delete()
    else:
        modele._base_manager.filter(structure=absorber).update(structure=garder)


def _bilans(modele, champ, garder, absorber):
    """Declared twice for one exchange: once."""
    for bilan in Bilan.objects.filter(structure=absorber):
        doubles = Bilan.objects.filter(structure=garder)
        if (bilan.mise_en_relation_id and doubles.filter(mise_en_relation=bilan.mise_en_relation_id).exists()) or (
            bilan.reservation_id and doubles.filter(reservation=bilan.reservation_id).exists()
        ):
            bilan.delete()
        else:
            Bilan.objects.filter(pk=bilan.pk).update(structure=garder)


def _rapprochements(modele, champ, garder, absorber):
    deja = Rapprochement.objects.filter(structure=garder).values("besoin")
    Rapprochement.objects.filter(structure=absorber, besoin__in=deja).delete()
    Rapprochement.objects.filter(structure=absorber).update(structure=garder)


def _contacts(modele, champ, garder, absorber):
    """Both wrote to one volunteer: one thread with all messages; refused by one of them, refused."""
    for contact in PriseDeContact.objects.filter(structure=absorber):
        double = PriseDeContact.objects.filter(structure=garder, utilisateur=contact.utilisateur_id).first()
        if double is None:
            PriseDeContact.objects.filter(pk=contact.pk).update(structure=garder)
            continue
        contact.messages.update(contact=double)
        if contact.refuse_le and not double.refuse_le:
            PriseDeContact.objects.filter(pk=double.pk).update(refuse_le=contact.refuse_le)
        contact.delete()


REGLES = {
    "annonce.structure": _annonces,
    "historicalannonce.structure": historique,
    "reglagesstructure.structure": _reglages,
    "miseenrelation.annonceur": _annonceur,
    "miseenrelation.structure": _relations,
    "bilan.structure": _bilans,
    "bilan.avec": deplacer,
    "rapprochement.structure": _rapprochements,
    "reservation.structure": deplacer,
    "partdelot.structure": _parts,
    "partencommun.structure": _parts_en_commun,
    "etape.structure": _etapes,
    "compteheures.structure": comptes_heures,
    "demandesansreponse.structure": deplacer,
    "prisedecontact.structure": _contacts,
    "urgence.structure": deplacer,
    "appel.structure": deplacer,
    "reglagesurgences.structure": _reglages,
    "importannonces.structure": deplacer,
}


def declarer() -> None:
    for cle, fonction in REGLES.items():
        regle_de_fusion(f"ressources.{cle}", fonction)
