"""Writing what was decided, in bulk, history included (bulk_create goes round simple_history's signals)."""

from django.conf import settings
from django.db.models import F, Func, Q, TextField, Value
from django.utils import timezone
from django.utils.text import slugify
from simple_history.utils import bulk_create_with_history

from annuaire.models import AncienneAdresse, Competence, Contact, LabelStructure, Structure
from annuaire.querysets import SLUGS_RESERVES, base_slug
from pole_ess.socle.file_attente import programmer_lot

from .rapport import Statut
from .textes import cle_texte

LOT = 500
RACINE = Func(F("slug"), Value(r"-\d+$"), Value(""), function="regexp_replace", output_field=TextField())
"""« braille-et-culture-2 » -> « braille-et-culture »."""


def ecrire(decisions, *, source: str, publier: bool, par) -> None:
    """Create and update; called inside the transaction of the import."""
    nouvelles = [d for d in decisions if d.rapport.statut == Statut.CREEE]
    changees = [d for d in decisions if d.rapport.statut == Statut.MISE_A_JOUR]
    motif = f"import : {source}"[:100]
    competences = _competences(nouvelles + changees)
    _creer(nouvelles, source, publier)
    _mettre_a_jour([d for d in changees if d.champs])
    listees = [d for d in nouvelles + changees if d.activites or d.competences]
    _listes(listees, competences)
    _labels(nouvelles + changees)
    historiser([d.structure for d in nouvelles], genre="+", par=par, motif=motif)
    historiser([d.structure for d in changees], genre="~", par=par, motif=motif)
    _situer(nouvelles + changees)
    contacts = [Contact(structure=d.structure, **d.contact) for d in nouvelles + changees if d.contact]
    bulk_create_with_history(contacts, Contact, batch_size=LOT, default_user=par, default_change_reason=motif)


def _situer(decisions) -> None:
    """With a geocoder, a job refines each pin that has just been put at its commune's centre (annuaire.tasks)."""
    if not settings.GEOCODEUR_URL:
        return
    pks = [
        d.structure.pk
        for d in decisions
        if d.champs.get("position_origine") == Structure.PositionOrigine.COMMUNE and d.structure.adresse
    ]
    programmer_lot("annuaire.geocoder", [{"structure_id": pk} for pk in pks])


def _creer(decisions, source, publier) -> None:
    maintenant = timezone.now()
    slugs = slugs_libres([d.lue.nom for d in decisions])
    for decision, slug in zip(decisions, slugs, strict=True):
        decision.structure = decision.rapport.structure = Structure(
            **decision.champs,
            slug=slug,
            source=source,
            source_cle=decision.lue.cles[0],
            etat=Structure.Etat.PUBLIEE if publier else Structure.Etat.A_VALIDER,
            publiee_le=maintenant if publier else None,
        )
    Structure.objects.bulk_create([d.structure for d in decisions], batch_size=LOT)


def slugs_libres(noms: list[str]) -> list[str]:
    """A free slug for each name, in three queries for all of them."""
    bases = [base_slug(nom) for nom in noms]
    pris = set(SLUGS_RESERVES)
    for modele in (Structure, AncienneAdresse):
        parents = modele.objects.order_by().annotate(racine=RACINE)
        pris.update(parents.filter(Q(slug__in=bases) | Q(racine__in=bases)).values_list("slug", flat=True))
    suivants, resultat = {}, []
    for base in bases:
        slug, rang = base, suivants.get(base, 2)
        while slug in pris:
            slug, rang = f"{base}-{rang}", rang + 1
        suivants[base] = rang
        pris.add(slug)
        resultat.append(slug)
    return resultat


def _mettre_a_jour(decisions) -> None:
    """Only the fields that change; the rows are locked, so that no other edit is lost."""
    maintenant = timezone.now()
    champs = {"modifie_le"}
    for decision in decisions:
        decision.structure.modifie_le = maintenant
        for champ, valeur in decision.champs.items():
            setattr(decision.structure, champ, valeur)
            champs.add("commune" if champ == "commune_id" else champ)
    Structure.objects.bulk_update([d.structure for d in decisions], sorted(champs), batch_size=200)


def _competences(decisions) -> dict[str, Competence]:
    """The skills named by the lines; a new one is created, since they are free tags."""
    connues = {cle_texte(c.nom): c for c in Competence.objects.all()}
    slugs = {c.slug for c in connues.values()}
    for nom in [nom for d in decisions for nom in d.competences or []]:
        if (cle := cle_texte(nom)) not in connues:
            base, rang = slugify(nom)[:70] or "competence", 2
            slug = base
            while slug in slugs:
                slug, rang = f"{base}-{rang}", rang + 1
            slugs.add(slug)
            connues[cle] = Competence.objects.create(nom=nom, slug=slug)
    return connues


def _listes(decisions, competences) -> None:
    """The lists of activities and skills that differ, replaced whole."""
    lier("activites", {d.structure.pk: [a.pk for a in d.activites] for d in decisions if d.activites})
    lier(
        "competences",
        {d.structure.pk: [competences[cle_texte(c)].pk for c in d.competences] for d in decisions if d.competences},
    )


def lier(champ: str, listes: dict[int, list]) -> None:
    """Replace the list `champ` of each structure (key) by these rows (keys), without one query per structure."""
    lien = Structure._meta.get_field(champ).remote_field.through
    cible = Structure._meta.get_field(champ).m2m_reverse_field_name()
    lien.objects.filter(structure__in=listes).delete()
    lien.objects.bulk_create(
        [lien(structure_id=pk, **{f"{cible}_id": autre}) for pk, autres in listes.items() for autre in autres],
        batch_size=5000,
    )


def _labels(decisions) -> None:
    LabelStructure.objects.bulk_create(
        [
            LabelStructure(structure=d.structure, label=label, expire_le=fin)
            for d in decisions
            for label, fin in dict(d.labels).items()
        ],
        update_conflicts=True,
        unique_fields=["structure", "label"],
        update_fields=["expire_le"],
        batch_size=5000,
    )


def historiser(structures, *, genre: str, par, motif: str) -> None:
    """The rows of simple_history, with their lists, as save() and set() would have written."""
    if not structures:
        return
    versions = Structure.history.bulk_history_create(
        structures,
        batch_size=LOT,
        update=genre == "~",
        default_user=par,
        default_change_reason=motif,
    )
    par_pk = {version.id: version for version in versions}
    for champ in ("activites", "competences"):
        modele = getattr(Structure.history.model, champ).model
        lien = Structure._meta.get_field(champ).remote_field.through
        cible = Structure._meta.get_field(champ).m2m_reverse_field_name()
        lignes = lien.objects.filter(structure__in=par_pk).values("id", "structure_id", f"{cible}_id")
        modele.objects.bulk_create([modele(history=par_pk[li["structure_id"]], **li) for li in lignes], batch_size=5000)
