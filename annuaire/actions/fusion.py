"""Merging two sheets of the same structure: one is kept, the other's rows all move to it and its URL redirects.

Every relation that points to Structure has a declared rule in FUSION_REGLES; an outer app declares its own with
`regle_de_fusion` in AppConfig.ready. A relation without a rule stops the merge, and a test.
"""

from django.apps import apps
from django.db import transaction
from django.db.models import Max

from annuaire.models import AncienneAdresse, AncienneCle, NonDoublon, Structure
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import Courriel, ReglagesPole

from . import TransitionInterdite
from .publication import auteurs

GROUPES = {
    "nom": ["nom"],
    "sigle": ["sigle"],
    "forme_juridique": ["forme_juridique"],
    "presentation": ["presentation"],
    "missions": ["missions"],
    "public_accueilli": ["public_accueilli"],
    "adresse": ["adresse", "commune"],
    "position": ["latitude", "longitude", "position_origine"],
    "rayon_intervention": ["rayon_intervention"],
    "telephone": ["telephone", "telephone_public"],
    "courriel": ["courriel", "courriel_public"],
    "public_source": ["public_source"],
    "site": ["site"],
    "reseaux": ["reseaux"],
    "logo": ["logo"],
    "siret": ["siret"],
    "rna": ["rna"],
    "annee_creation": ["annee_creation"],
    "salaries_etp": ["salaries_etp"],
    "benevoles": ["benevoles"],
    "adherents": ["adherents"],
    "horaires": ["horaires"],
    "accessible_pmr": ["accessible_pmr"],
    "accessible_braille": ["accessible_braille"],
    "accessible_lsf": ["accessible_lsf"],
}
"""What staff choose from one sheet or the other; fields that only mean something together go together."""
AUTOMATIQUES = {
    "etat": "published as soon as one of the two is",
    "publiee_le": "the earliest",
    "verifiee_le": "the latest, with its two companions",
    "verifiee_par": "with verifiee_le",
    "verifiee_note": "with verifiee_le",
    "relancee_le": "the latest",
    "champs_humains": "both lists and every field that staff took from the absorbed sheet",
    "source": "the kept sheet's; the absorbed one's becomes an AncienneCle",
    "source_cle": "with source",
    "courriel_proposition": "the kept sheet's, else the absorbed one's",
    "motif": "the kept sheet's",
    "slug": "the kept sheet's; the absorbed one's becomes an AncienneAdresse",
    "cree_le": "the kept sheet's",
    "modifie_le": "now",
    "est_demonstration": "must be the same: nothing invented is attached to a real structure",
}
"""The other fields, each with its rule; a test fails when a field of Structure is in neither table."""


def deplacer(modele, champ, garder, absorber):
    """Point the rows to the kept sheet, with their history where they have one (update() goes round it)."""
    lignes = modele._base_manager.filter(**{champ: absorber})
    if not hasattr(modele, "history"):
        lignes.update(**{champ: garder})
        return
    for ligne in lignes:
        setattr(ligne, champ, garder)
        ligne._change_reason = f"fusion de {absorber.pk} dans {garder.pk}"
        ligne.save(update_fields=[champ])


def _laisser(modele, champ, garder, absorber):
    """History of the absorbed sheet itself stays under its own id, closed by its deletion row."""


def historique(modele, champ, garder, absorber):
    modele._base_manager.filter(**{champ: absorber.pk}).update(**{f"{champ}_id": garder.pk})


def _distinctes(modele, champ, garder, absorber):
    """Told apart from both sheets: once is enough."""
    deja = list(modele.objects.filter(structure=garder).values_list("entree", flat=True))
    modele.objects.filter(structure=absorber, entree__in=deja).delete()
    deplacer(modele, champ, garder, absorber)


def _union(modele, champ, garder, absorber):
    """Tags: those of both; the relation's own table holds at most one row per tag."""
    champ_structure = next(
        relation for relation in Structure._meta.many_to_many if relation.remote_field.through is modele
    )
    getattr(garder, champ_structure.name).add(*getattr(absorber, champ_structure.name).all())


def _labels(modele, champ, garder, absorber):
    """Same label on both: one row, the later end, no end being the latest."""
    tenus = {ligne.label_id: ligne for ligne in garder.labels.all()}
    for ligne in absorber.labels.all():
        tenu = tenus.get(ligne.label_id)
        if tenu is None:
            ligne.structure = garder
            ligne.save(update_fields=["structure"])
        else:
            fins = [tenu.expire_le, ligne.expire_le]
            tenu.expire_le = None if None in fins else max(fins)
            tenu.save(update_fields=["expire_le"])
            ligne.delete()


def _photos(modele, champ, garder, absorber):
    apres = (garder.photos.aggregate(dernier=Max("ordre"))["dernier"] or 0) + 1
    for rang, photo in enumerate(absorber.photos.all()):
        photo.structure, photo.ordre = garder, apres + rang
        photo.save(update_fields=["structure", "ordre"])


def _rattachements(modele, champ, garder, absorber):
    """Same person in both: one row with the stronger role and state; the same address invited twice: once."""
    roles, etats = ["membre", "referent"], ["demande", "invite", "actif"]
    presents = list(garder.rattachements.all())
    for ligne in absorber.rattachements.all():
        double = next(
            (
                autre
                for autre in presents
                if (ligne.utilisateur_id and autre.utilisateur_id == ligne.utilisateur_id)
                or (not ligne.utilisateur_id and autre.courriel.lower() == ligne.courriel.lower())
            ),
            None,
        )
        if double is None:
            ligne.structure = garder
            ligne.save(update_fields=["structure"])
            continue
        if etats.index(ligne.etat) > etats.index(double.etat):
            double.etat, double.role, double.origine = ligne.etat, ligne.role, ligne.origine
        elif ligne.etat == double.etat:
            double.role = max(double.role, ligne.role, key=roles.index)
        double.actif_depuis = min(filter(None, [double.actif_depuis, ligne.actif_depuis]), default=None)
        double.save()
        ligne.delete()


def _paires(modele, champ, garder, absorber):
    """Pairs declared distinct follow; the pair of the two sheets themselves has lost its meaning."""
    for paire in NonDoublon.objects.filter(**{champ: absorber}):
        autre = paire.structure_b_id if champ == "structure_a" else paire.structure_a_id
        a, b = sorted([garder.pk, autre])
        if autre == garder.pk or NonDoublon.objects.filter(structure_a=a, structure_b=b).exists():
            paire.delete()
        else:
            paire.structure_a_id, paire.structure_b_id = a, b
            paire.save(update_fields=["structure_a", "structure_b"])


FUSION_REGLES = {
    "annuaire.ancienneadresse.structure": deplacer,
    "annuaire.anciennecle.structure": deplacer,
    "annuaire.labelstructure.structure": _labels,
    "annuaire.photo.structure": _photos,
    "annuaire.contact.structure": deplacer,
    "annuaire.echange.structure": deplacer,
    "annuaire.rattachement.structure": _rattachements,
    "annuaire.modification.structure": deplacer,
    "annuaire.signalement.structure": deplacer,
    "annuaire.messagerelaye.structure": deplacer,
    "annuaire.nondoublon.structure_a": _paires,
    "annuaire.nondoublon.structure_b": _paires,
    "annuaire.ligneimport.structure": deplacer,
    "annuaire.entreeregistre.structure": deplacer,
    "annuaire.entreeregistre.proposee": deplacer,
    "annuaire.entreedistincte.structure": _distinctes,
    "annuaire.invitationregistre.structure": deplacer,
    "annuaire.structure_activites.structure": _union,
    "annuaire.structure_competences.structure": _union,
    "annuaire.historicalcontact.structure": historique,
    "annuaire.historicalrattachement.structure": historique,
    "annuaire.historicalstructure_activites.structure": _laisser,
    "annuaire.historicalstructure_competences.structure": _laisser,
}
"""app.model.field that points to Structure -> function(model, field, kept, absorbed)."""


def regle_de_fusion(cle: str, fonction=deplacer) -> None:
    """Declare, from AppConfig.ready of an outer app, what a merge does to one of its keys to Structure."""
    FUSION_REGLES[cle] = fonction


def relations() -> dict:
    """app.model.field -> (model, field name) for every key, many-to-many table included, that points to Structure."""
    trouvees = {}
    for modele in apps.get_models(include_auto_created=True):
        for champ in modele._meta.local_fields:
            if champ.is_relation and champ.remote_field.model is Structure:
                trouvees[f"{modele._meta.label_lower}.{champ.name}"] = (modele, champ.name)
    return trouvees


def valeur_vide(valeur) -> bool:
    return valeur in (None, "", False, []) or not str(valeur)


def choix_par_defaut(garder, absorber) -> dict:
    """Group -> « garder » or « absorber »: the kept sheet's value unless it is empty and the other one's is not."""
    return {
        groupe: "absorber"
        if valeur_vide(getattr(garder, champs[0])) and not valeur_vide(getattr(absorber, champs[0]))
        else "garder"
        for groupe, champs in GROUPES.items()
    }


def _reprendre(garder, absorber, choix):
    """Write on the kept sheet the values taken from the other, by choice and by rule (AUTOMATIQUES)."""
    humains = {*garder.champs_humains, *absorber.champs_humains}
    for groupe, champs in GROUPES.items():
        if choix[groupe] == "absorber":
            for champ in champs:
                setattr(garder, champ, getattr(absorber, champ))
                humains.add(champ)
    garder.champs_humains = sorted(humains)
    if Structure.Etat.PUBLIEE in (garder.etat, absorber.etat):
        garder.etat = Structure.Etat.PUBLIEE
    garder.publiee_le = min(filter(None, [garder.publiee_le, absorber.publiee_le]), default=None)
    garder.relancee_le = max(filter(None, [garder.relancee_le, absorber.relancee_le]), default=None)
    if absorber.verifiee_le and (not garder.verifiee_le or absorber.verifiee_le > garder.verifiee_le):
        garder.verifiee_le, garder.verifiee_par = absorber.verifiee_le, absorber.verifiee_par
        garder.verifiee_note = absorber.verifiee_note
    garder.courriel_proposition = garder.courriel_proposition or absorber.courriel_proposition


@transaction.atomic
def fusionner(garder, absorber, choix: dict | None = None, *, par):
    """Merge `absorber` into `garder` and delete it; the kept sheet, fresh.

    `choix`: group of GROUPES -> « garder » or « absorber »; the others follow choix_par_defaut. Raises ValueError
    for one sheet merged with itself or an unknown choice, TransitionInterdite when one was merged meanwhile or
    when only one of the two is invented (demonstration), LookupError when a relation has no rule.
    """
    if garder.pk == absorber.pk:
        raise ValueError("Une fiche ne se fusionne pas avec elle-même.")
    # Always in the order of ids: two merges at once wait for each other instead of deadlocking.
    verrouillees = {
        fiche.pk: fiche
        for fiche in Structure.objects.select_for_update(of=("self",))
        .filter(pk__in=[garder.pk, absorber.pk])
        .order_by("pk")
    }
    if len(verrouillees) < 2:
        raise TransitionInterdite("L'une des deux fiches n'existe plus : elle a déjà été fusionnée.")
    garder, absorber = verrouillees[garder.pk], verrouillees[absorber.pk]
    if garder.est_demonstration != absorber.est_demonstration:
        raise TransitionInterdite("Un exemple de démonstration ne se fusionne pas avec une vraie structure.")
    choix = {**choix_par_defaut(garder, absorber), **(choix or {})}
    if set(choix) != set(GROUPES) or not set(choix.values()) <= {"garder", "absorber"}:
        raise ValueError("Un choix n'est pas reconnu.")
    sans_regle = set(relations()) - set(FUSION_REGLES)
    if sans_regle:
        raise LookupError(f"no merge rule for {sorted(sans_regle)}")

    prevenus = auteurs(absorber, sauf=par)
    _reprendre(garder, absorber, choix)
    garder._change_reason, garder._history_user = f"a absorbé « {absorber.nom} » (n° {absorber.pk})"[:100], par
    garder.save()
    for cle, (modele, champ) in relations().items():
        FUSION_REGLES[cle](modele, champ, garder, absorber)
    Courriel.objects.filter(objet_type=Structure._meta.label_lower, objet_id=str(absorber.pk)).update(
        objet_id=str(garder.pk)
    )
    slug, source, source_cle = absorber.slug, absorber.source, absorber.source_cle
    nom, absorber._history_user = absorber.nom, par
    absorber._change_reason = f"fusionnée dans « {garder.nom} » (n° {garder.pk})"[:100]
    absorber.delete()
    AncienneAdresse.objects.create(slug=slug, structure=garder)
    if source_cle:
        AncienneCle.objects.create(source=source, cle=source_cle, structure=garder)
    for adresse, utilisateur in prevenus.items():
        deposer(
            "structure_fusionnee",
            a=adresse,
            utilisateur=utilisateur,
            objet=garder,
            repondre_a=ReglagesPole.actuels().courriel_equipe,
            contexte={"structure": garder, "ancien_nom": nom},
        )
    return garder
