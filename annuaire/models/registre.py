"""What public registers say of the territory, and the invitations that it leads to (decision 23)."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from annuaire.querysets_registres import EntreeRegistreQuerySet, InvitationRegistreQuerySet
from pole_ess.socle.stockage import prive

from .commune import Commune, SansAccent
from .fichier import LigneImport
from .structure import Structure
from .taxonomie import Activite


class Registre(models.TextChoices):
    RNA = "rna", "RNA (associations)"
    SIRENE = "sirene", "SIRENE (entreprises et établissements)"


class EntreeRegistre(models.Model):
    """A structure as a public register knows it, in the hub's territory: listed here, or not yet.

    a_voir -> rapprochee (to a sheet) | invitee | ecartee (a reason) | opposee. An objection empties the row: no
    identifier, name nor place is left, and annuaire.oppositions keeps the hash that stops the next import.
    """

    class Etat(models.TextChoices):
        A_VOIR = "a_voir", "à voir"
        INVITEE = "invitee", "invitée"
        RAPPROCHEE = "rapprochee", "dans l'annuaire"
        ECARTEE = "ecartee", "écartée"
        OPPOSEE = "opposee", "opposée"

    registre = models.CharField(max_length=6, choices=Registre.choices)
    identifiant = models.CharField(
        max_length=14, blank=True, help_text="Numéro RNA, ou SIRET : ce qui la distingue dans son registre."
    )
    nom = models.CharField(max_length=250, blank=True)
    objet = models.TextField(max_length=2000, blank=True, help_text="Ce que dit le registre, tel quel.")
    adresse = models.CharField(max_length=200, blank=True)
    code_postal = models.CharField(max_length=5, blank=True)
    commune = models.ForeignKey(
        Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="entrees_de_registre"
    )
    rna = models.CharField("numéro RNA", max_length=10, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    site = models.URLField("site web", blank=True)
    code_activite = models.CharField(
        "code d'activité", max_length=6, blank=True, help_text="Objet social (RNA) ou code APE (SIRENE)."
    )
    categorie_juridique = models.CharField("catégorie juridique", max_length=4, blank=True)
    activite = models.ForeignKey(
        Activite,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="entrees_de_registre",
        verbose_name="activité devinée",
    )
    date_creation = models.DateField("date de création", null=True, blank=True)
    fermee_le = models.DateField("dissoute ou fermée le", null=True, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.A_VOIR)
    motif = models.CharField(max_length=200, blank=True)
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="entrees_de_registre"
    )
    proposee = models.ForeignKey(
        Structure,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="entrees_ressemblantes",
        verbose_name="fiche ressemblante",
    )
    ressemblance = models.CharField(max_length=80, blank=True)
    distinctes = models.ManyToManyField(
        Structure,
        blank=True,
        related_name="entrees_distinctes",
        verbose_name="fiches dites différentes",
        through="EntreeDistincte",
    )
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="décidée par",
    )
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    vue_le = models.DateField("vue dans le registre le")
    est_demonstration = models.BooleanField("exemple de démonstration", default=False)
    tri = models.GeneratedField(
        expression=SansAccent(F("nom")), output_field=models.TextField(db_collation="C"), db_persist=True
    )

    objects = EntreeRegistreQuerySet.as_manager()

    class Meta:
        verbose_name = "structure enregistrée"
        verbose_name_plural = "structures enregistrées"
        ordering = ["tri", "pk"]
        indexes = [
            models.Index(fields=["etat", "commune", "activite"], name="entree_registre_a_voir"),
            models.Index(fields=["rna"], condition=~Q(rna=""), name="entree_registre_rna"),
            models.Index(fields=["siret"], condition=~Q(siret=""), name="entree_registre_siret"),
            models.Index(fields=["tri", "id"], name="entree_registre_tri"),
            GinIndex(OpClass(F("tri"), name="gin_trgm_ops"), name="entree_registre_nom_trgm"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["registre", "identifiant"], condition=~Q(identifiant=""), name="entree_registre_unique"
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["a_voir", "invitee", "rapprochee", "ecartee", "opposee"]),
                name="entree_registre_etat_connu",
            ),
            models.CheckConstraint(
                condition=Q(identifiant="", etat="opposee")
                | (Q(registre="rna", identifiant__regex=r"^[0-9A-Z]{5,14}$") & ~Q(etat="opposee"))
                | (Q(registre="sirene", identifiant__regex=r"^\d{14}$") & ~Q(etat="opposee")),
                name="entree_registre_identifiant",
            ),
            models.CheckConstraint(
                condition=Q(
                    etat="opposee",
                    nom="",
                    objet="",
                    adresse="",
                    code_postal="",
                    rna="",
                    siret="",
                    site="",
                    commune__isnull=True,
                    activite__isnull=True,
                    code_activite="",
                    date_creation__isnull=True,
                    motif="",
                )
                | (~Q(etat="opposee") & ~Q(nom="") & Q(commune__isnull=False)),
                name="entree_registre_opposee_videe",
            ),
            models.CheckConstraint(condition=~Q(etat="ecartee") | ~Q(motif=""), name="entree_registre_ecartee_motivee"),
            models.CheckConstraint(
                condition=Q(structure__isnull=True) | Q(etat="rapprochee"), name="entree_registre_structure"
            ),
            models.CheckConstraint(
                condition=Q(proposee__isnull=True) | Q(etat__in=["a_voir", "invitee"]),
                name="entree_registre_proposee",
            ),
        ]

    def __str__(self):
        return self.nom or "structure qui s'est opposée"

    def get_absolute_url(self):
        """Its page for the hub's staff: nobody else may read the list of what is not listed."""
        return reverse("admin:annuaire_entreeregistre_change", args=[self.pk])

    @property
    def source(self) -> str:
        """The register in a sentence: « le Répertoire national des associations (RNA) »."""
        return NOMS_ENTIERS[self.registre]


NOMS_ENTIERS = {
    Registre.RNA: "le Répertoire national des associations (RNA)",
    Registre.SIRENE: "le répertoire SIRENE de l'Insee",
}


class EntreeDistincte(models.Model):
    """Staff said that this sheet is another structure: the pair is not proposed again."""

    entree = models.ForeignKey(EntreeRegistre, on_delete=models.CASCADE, related_name="+")
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "structure enregistrée distincte d'une fiche"
        verbose_name_plural = "structures enregistrées distinctes d'une fiche"
        constraints = [models.UniqueConstraint(fields=["entree", "structure"], name="entree_distincte_unique")]

    def __str__(self):
        return f"{self.entree} ≠ {self.structure}"


class InvitationRegistre(models.Model):
    """One invitation to be listed, by letter or by mail: one an entry, one an address, one reminder at most.

    `code` is what a letter gives to type; a signed link holds the invitation's number. `courriel` is emptied once
    the invitation has passed.
    """

    class Voie(models.TextChoices):
        LETTRE = "lettre", "lettre"
        COURRIEL = "courriel", "e-mail"

    entree = models.OneToOneField(EntreeRegistre, on_delete=models.CASCADE, related_name="invitation")
    voie = models.CharField(max_length=8, choices=Voie.choices)
    courriel = models.EmailField("adresse e-mail", blank=True)
    source_courriel = models.CharField("où l'adresse a été trouvée", max_length=200, blank=True)
    code = models.CharField(max_length=8, unique=True)
    envoyee_le = models.DateTimeField("envoyée le")
    envoyee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="envoyée par",
    )
    relancee_le = models.DateTimeField("rappelée le", null=True, blank=True)
    structure = models.ForeignKey(
        Structure,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="invitations_de_registre",
        verbose_name="fiche proposée",
    )
    proposee_le = models.DateTimeField("proposée le", null=True, blank=True)

    objects = InvitationRegistreQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation à figurer"
        verbose_name_plural = "invitations à figurer"
        ordering = ["-envoyee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("courriel"), condition=~Q(courriel=""), name="invitation_registre_adresse_unique"
            ),
            models.CheckConstraint(
                condition=Q(voie="courriel") & ~Q(source_courriel="")
                | Q(voie="lettre", courriel="", source_courriel=""),
                name="invitation_registre_source",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[ABCDEFGHJKLMNPQRTUVWXY]{8}$"), name="invitation_registre_code"
            ),
            models.CheckConstraint(
                condition=Q(structure__isnull=True) | Q(proposee_le__isnull=False),
                name="invitation_registre_proposee_datee",
            ),
        ]

    def __str__(self):
        return f"Invitation de {self.entree}"

    @property
    def code_lisible(self) -> str:
        """« ABCD EFGH », as printed."""
        return f"{self.code[:4]} {self.code[4:]}"


def _chemin(_import, nom):
    return f"imports/{uuid.uuid4().hex}"


class ImportRegistre(models.Model):
    """A register's file given by staff: previewed, then applied; its report stays."""

    class Etat(models.TextChoices):
        PREVISUALISE = "previsualise", "prévisualisé"
        APPLIQUE = "applique", "appliqué"

    fichier = models.FileField(upload_to=_chemin, storage=prive, blank=True)
    nom = models.CharField("nom du fichier", max_length=200)
    source = models.CharField("registre", max_length=6, choices=Registre.choices)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="imports_de_registre"
    )
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.PREVISUALISE)
    resume = models.JSONField("résumé", default=dict, blank=True)
    cree_le = models.DateTimeField("déposé le", auto_now_add=True)
    applique_le = models.DateTimeField("appliqué le", null=True, blank=True)

    class Meta:
        verbose_name = "import de registre"
        verbose_name_plural = "imports de registres"
        ordering = ["-cree_le", "-pk"]

    def __str__(self):
        return self.nom


class LigneRegistre(models.Model):
    """What became of one line of a register's file; lines out of the territory are only counted."""

    Statut = LigneImport.Statut

    import_registre = models.ForeignKey(ImportRegistre, on_delete=models.CASCADE, related_name="lignes")
    numero = models.PositiveIntegerField("ligne")
    statut = models.CharField(max_length=12, choices=Statut.choices)
    nom = models.CharField(max_length=200, blank=True)
    raisons = models.JSONField(default=list)
    entree = models.ForeignKey(EntreeRegistre, null=True, blank=True, on_delete=models.SET_NULL, related_name="lignes")

    class Meta:
        verbose_name = "ligne d'un registre"
        verbose_name_plural = "lignes de registres"
        ordering = ["numero", "pk"]
        constraints = [models.UniqueConstraint(fields=["import_registre", "numero"], name="ligne_registre_unique")]

    def __str__(self):
        return f"ligne {self.numero} : {self.get_statut_display()}"
