"""A shared purchase, once the minimum is reached: ordered, received, settled. Money is noted, never handled.

The quantities are frozen by the order and shared by the rules of actions.partages. A reception may be corrected as
long as nobody has paid. The database refuses shares that do not add up.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from ressources.actions import TransitionInterdite, partages
from ressources.actions.mises_en_commun import TotalChange, aux_structures, exiger, pourvoir, suivre, verrouiller
from ressources.models import MiseEnCommun, PartEnCommun

Etat = MiseEnCommun.Etat


@dataclass
class Apercu:
    """What ordering now would do: `quantite`, what each part (by key) gets, the unit price of its tier or None."""

    quantite: Decimal
    prix: Decimal | None
    parts: dict = field(default_factory=dict)


def apercu(mise, parts) -> Apercu:
    """`parts`: the active ones, in the order of joining; their tiers are read from `mise.paliers`."""
    quantites = partages.commandes(
        [(part.quantite, part.tolerance) for part in parts], conditionnement=mise.conditionnement, pas=mise.pas
    )
    quantite = sum(quantites, Decimal(0))
    prix = partages.prix_au_palier([(p.a_partir_de, p.prix) for p in mise.paliers.all()], quantite)
    return Apercu(quantite, prix, {part.pk: q for part, q in zip(parts, quantites, strict=True)})


def _actives(fraiche) -> list:
    parts = list(fraiche.parts.actives().select_for_update(of=("self",)).pour_pages())
    for part in parts:
        part.mise = fraiche
    return parts


@transaction.atomic
def commander(mise, *, par, prix, frais, vue) -> MiseEnCommun:
    """Ordered: quantities and price are frozen, nobody joins or leaves any more, everyone is told its share.

    `vue`: the quantity that the pilot saw; raises TotalChange when somebody joined or left since.
    """
    fraiche = verrouiller(mise)
    if fraiche.etat == Etat.COMMANDEE:
        suivre(mise, fraiche)
        return mise
    exiger(fraiche, Etat.OUVERTE)
    if not fraiche.est_achat:
        raise TransitionInterdite("Un poste partagé ne se commande pas : il se conclut.")
    if fraiche.annonce.etat != "publiee":
        raise TransitionInterdite("L'annonce n'est pas en ligne : la commande attend qu'elle le soit.")
    if not fraiche.est_atteinte:
        raise TransitionInterdite("Le minimum n'est pas atteint : prolongez, baissez le minimum, ou abandonnez.")
    parts = _actives(fraiche)
    prevue = apercu(fraiche, parts)
    if prevue.quantite != vue:
        raise TotalChange("Les quantités ont changé depuis que vous avez ouvert cette page : relisez-les.")
    for part in parts:
        part.commande = prevue.parts[part.pk]
    PartEnCommun.objects.bulk_update(parts, ["commande"], batch_size=1000)
    fraiche.etat, fraiche.commandee_le = Etat.COMMANDEE, timezone.now()
    fraiche.quantite_commandee, fraiche.prix_unitaire, fraiche.frais = prevue.quantite, prix, frais
    fraiche.save(update_fields=["etat", "commandee_le", "quantite_commandee", "prix_unitaire", "frais"])
    aux_structures(fraiche, parts, "commandee", sauf=par)
    pourvoir(fraiche, par=par)
    suivre(mise, fraiche)
    return mise


@transaction.atomic
def recevoir(mise, *, par, recue, prix, frais) -> MiseEnCommun:
    """What came, at what price in the end: shared, and what each owes. Again while nobody else has paid: corrected.

    The pilot's own part is settled at once: it pays the supplier. The same figures again do nothing.
    """
    fraiche = verrouiller(mise)
    exiger(fraiche, Etat.COMMANDEE, Etat.RECUE)
    if (fraiche.quantite_recue, fraiche.prix_unitaire, fraiche.frais) == (recue, prix, frais):
        suivre(mise, fraiche)
        return mise
    if not 0 < recue <= fraiche.quantite_commandee:
        raise TransitionInterdite("Ce qui arrive est plus que zéro, et au plus ce qui était commandé.")
    if recue % fraiche.pas:
        raise TransitionInterdite("Cette quantité ne se partage pas : comptez comme à la commande.")
    parts = _actives(fraiche)
    corrigee = fraiche.etat == Etat.RECUE
    pilote = fraiche.annonce.structure_id
    if corrigee and any(part.regle_le and part.structure_id != pilote and part.du for part in parts):
        raise TransitionInterdite("Une structure a déjà réglé : décochez d'abord son règlement.")
    recus = partages.receptions([part.commande for part in parts], recue, pas=fraiche.pas)
    dus = partages.comptes(recus, prix=prix, frais=frais)
    maintenant = timezone.now()
    for part, recu, (montant, part_frais) in zip(parts, recus, dus, strict=True):
        part.recu, part.montant, part.part_frais = recu, montant, part_frais
        part.regle_le = maintenant if part.structure_id == pilote or not part.du else None
    PartEnCommun.objects.bulk_update(parts, ["recu", "montant", "part_frais", "regle_le"], batch_size=1000)
    fraiche.etat, fraiche.recue_le = Etat.RECUE, fraiche.recue_le or maintenant
    fraiche.quantite_recue, fraiche.prix_unitaire, fraiche.frais = recue, prix, frais
    fraiche.save(update_fields=["etat", "recue_le", "quantite_recue", "prix_unitaire", "frais"])
    aux_structures(fraiche, parts, "corrigee" if corrigee else "arrivee", sauf=par)
    suivre(mise, fraiche)
    return mise


@transaction.atomic
def noter_reglement(part, *, par, regle: bool) -> PartEnCommun:
    """The pilot ticks, or unticks, that a structure has paid."""
    fraiche = verrouiller(part.mise)
    exiger(fraiche, Etat.RECUE)
    ligne = PartEnCommun.objects.select_for_update(of=("self",)).select_related("structure").get(pk=part.pk)
    if ligne.etat != PartEnCommun.Etat.ACTIVE:
        raise TransitionInterdite("Cette structure n'a plus de part.")
    if bool(ligne.regle_le) != regle:
        ligne.regle_le = timezone.now() if regle else None
        ligne.save(update_fields=["regle_le", "modifie_le"])
    part.regle_le = ligne.regle_le
    return ligne


@transaction.atomic
def solder(mise, *, par) -> MiseEnCommun:
    """Everyone has paid its part: the purchase is over."""
    fraiche = verrouiller(mise)
    if fraiche.etat != Etat.SOLDEE:
        exiger(fraiche, Etat.RECUE)
        if reste := fraiche.parts.actives().filter(regle_le__isnull=True).count():
            raise TransitionInterdite(
                "Il reste un règlement à noter." if reste == 1 else f"Il reste {reste} règlements à noter."
            )
        fraiche.etat, fraiche.close_le = Etat.SOLDEE, timezone.now()
        fraiche.save(update_fields=["etat", "close_le"])
    suivre(mise, fraiche)
    return mise
