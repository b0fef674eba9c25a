"""« Je suis intéressé »: what this person may do about the announcement."""

from ressources.actions.relations import contact_ferme
from ressources.forms.relation import ReponseForm
from ressources.permissions import est_de_la_maison, structures_pour_repondre

from .reservation import se_reserve


def est_une_question(annonce) -> bool:
    """A batch is asked for, and a calendar booked, in a panel of their own: here one only asks something."""
    return annonce.est_lot or se_reserve(annonce)


def contexte(annonce, utilisateur):
    if annonce.etat in ("brouillon", "a_valider", "a_corriger", "refusee"):
        return None
    ouverte = not contact_ferme(annonce)
    base = {"ouverte": ouverte, "connecte": utilisateur.is_authenticated, "question": est_une_question(annonce)}
    base |= {"recues": [], "maison": False, "miennes": [], "form": None, "sans_structure": False}
    if not utilisateur.is_authenticated:
        return base
    if est_de_la_maison(utilisateur, annonce):
        recues = list(annonce.mises_en_relation.select_related("structure").order_by("-cree_le", "-pk"))
        attend = sum(relation.etat in ("proposee", "vue") for relation in recues)
        base |= {"maison": True, "recues": recues, "attend": attend}
    structures = list(structures_pour_repondre(utilisateur, annonce))
    if base["maison"] and not structures:
        return base
    miennes = list(
        annonce.mises_en_relation.filter(structure__in=structures).select_related("structure").order_by("pk")
    )
    deja = {relation.structure_id for relation in miennes}
    libres = [structure.pk for structure in structures if structure.pk not in deja]
    base |= {"miennes": miennes, "sans_structure": not structures}
    if ouverte and libres and not base["maison"]:
        restantes = structures_pour_repondre(utilisateur, annonce).filter(pk__in=libres)
        base["form"] = ReponseForm(structures=restantes, auto_id="rep_%s")
    return base
