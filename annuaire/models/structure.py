import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from simple_history.models import HistoricalRecords

from annuaire.querysets import LabelStructureQuerySet, StructureQuerySet
from annuaire.validateurs import valider_siret, valider_telephone

from .commune import Commune, SansAccent, Singulier
from .taxonomie import Activite, Competence, Label


class Structure(models.Model):
    """An actor of the social and solidarity economy: association, cooperative, local authority…

    `recherche` holds its own words, its activities, skills, labels and commune. Triggers (annuaire/migrations/sql)
    rewrite it, `activites_index` and `competences_index` in the transaction of whatever changes one of them.
    Latitude and longitude are degrees WGS 84, both null when unknown.
    """

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "brouillon"
        A_VALIDER = "a_valider", "à valider"
        A_CORRIGER = "a_corriger", "à corriger"
        PUBLIEE = "publiee", "publiée"
        REFUSEE = "refusee", "refusée"
        ARCHIVEE = "archivee", "archivée"

    class FormeJuridique(models.TextChoices):
        ASSOCIATION = "association", "Association"
        COOPERATIVE = "cooperative", "Coopérative"
        MUTUELLE = "mutuelle", "Mutuelle"
        FONDATION = "fondation", "Fondation"
        SOCIETE_ESS = "societe_ess", "Société commerciale de l'ESS"
        COLLECTIVITE = "collectivite", "Collectivité"
        GROUPEMENT_EMPLOYEURS = "groupement_employeurs", "Groupement d'employeurs"
        COLLECTIF = "collectif", "Collectif sans statut"
        AUTRE = "autre", "Autre"

    class PositionOrigine(models.TextChoices):
        ADRESSE = "adresse", "adresse"
        COMMUNE = "commune", "centre de la commune"
        MAIN = "main", "placé à la main"

    class VerifieePar(models.TextChoices):
        REFERENT = "referent", "par un référent"
        REUNION = "reunion", "en réunion"
        LETTRE = "lettre", "par un lien reçu"
        EQUIPE = "equipe", "par téléphone avec l'équipe"

    nom = models.CharField(max_length=160)
    sigle = models.CharField(max_length=30, blank=True)
    slug = models.SlugField(max_length=180, unique=True)
    forme_juridique = models.CharField("forme juridique", max_length=30, choices=FormeJuridique.choices, blank=True)
    activites = models.ManyToManyField(Activite, blank=True, related_name="structures", verbose_name="activités")
    competences = models.ManyToManyField(
        Competence, blank=True, related_name="structures", verbose_name="compétences à partager"
    )
    presentation = models.TextField("présentation", blank=True, max_length=4000)
    missions = models.TextField(blank=True, max_length=4000)
    public_accueilli = models.CharField("public accueilli", max_length=200, blank=True)

    adresse = models.CharField(max_length=200, blank=True)
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="structures")
    latitude = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)])
    position_origine = models.CharField("origine du point", max_length=10, choices=PositionOrigine.choices, blank=True)
    rayon_intervention = models.PositiveSmallIntegerField("rayon d'intervention (km)", null=True, blank=True)

    telephone = models.CharField("téléphone", max_length=20, blank=True, validators=[valider_telephone])
    telephone_public = models.BooleanField("téléphone public", default=False)
    courriel = models.EmailField("adresse e-mail", blank=True)
    courriel_public = models.BooleanField("adresse e-mail publique", default=False)
    public_source = models.CharField(
        "source de l'accord",
        max_length=200,
        blank=True,
        help_text="Qui a dit que ces coordonnées sont publiques, quand.",
    )
    site = models.URLField("site web", blank=True)
    reseaux = ArrayField(models.URLField(), default=list, blank=True, verbose_name="réseaux sociaux")
    logo = models.ImageField(upload_to="logos/", blank=True)

    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[valider_siret])
    rna = models.CharField(
        "numéro RNA",
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^W\d{9}$", "W suivi de 9 chiffres.")],
    )
    annee_creation = models.PositiveSmallIntegerField(
        "année de création",
        null=True,
        blank=True,
        validators=[MinValueValidator(1600), MaxValueValidator(2100)],
    )
    salaries_etp = models.DecimalField("salariés (ETP)", max_digits=7, decimal_places=2, null=True, blank=True)
    benevoles = models.PositiveIntegerField("bénévoles", null=True, blank=True)
    adherents = models.PositiveIntegerField("adhérents", null=True, blank=True)
    horaires = models.CharField(max_length=300, blank=True)
    accessible_pmr = models.BooleanField("accessible en fauteuil (PMR)", default=False)
    accessible_braille = models.BooleanField("documents en braille", default=False)
    accessible_lsf = models.BooleanField("accueil en langue des signes (LSF)", default=False)

    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.BROUILLON)
    motif = models.TextField(
        "motif", blank=True, help_text="La raison du dernier refus ou de la demande de correction."
    )
    courriel_proposition = models.EmailField("proposée par (adresse)", blank=True)
    source = models.CharField(max_length=40, blank=True, help_text="D'où vient la fiche : import, proposition, équipe.")
    source_cle = models.CharField("clé dans la source", max_length=120, blank=True)
    champs_humains = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Fields a human edited: no import overwrites them.",
    )
    est_demonstration = models.BooleanField("exemple de démonstration", default=False)

    verifiee_le = models.DateField("vérifiée le", null=True, blank=True)
    verifiee_par = models.CharField("vérifiée", max_length=10, choices=VerifieePar.choices, blank=True)
    verifiee_note = models.CharField(max_length=200, blank=True)
    relancee_le = models.DateField("relancée le", null=True, blank=True)
    cree_le = models.DateTimeField("créée le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifiée le", auto_now=True)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)

    recherche = models.TextField(blank=True, editable=False)
    activites_index = ArrayField(
        models.IntegerField(),
        default=list,
        editable=False,
        help_text="Ids of its activities and of their parents, sorted: facets are counted without a join.",
    )
    competences_index = ArrayField(models.IntegerField(), default=list, editable=False)
    tri = models.GeneratedField(
        expression=SansAccent(F("nom")), output_field=models.TextField(db_collation="C"), db_persist=True
    )
    recherche_trgm = models.GeneratedField(
        expression=SansAccent(F("recherche")), output_field=models.TextField(), db_persist=True
    )
    recherche_vecteur = models.GeneratedField(
        expression=SearchVector(Singulier("nom"), Singulier("sigle"), weight="A", config="public.fr")
        + SearchVector(Singulier("recherche"), weight="B", config="public.fr"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = StructureQuerySet.as_manager()
    history = HistoricalRecords(
        m2m_fields=[activites, competences],
        excluded_fields=[
            "recherche",
            "activites_index",
            "competences_index",
            "tri",
            "recherche_trgm",
            "recherche_vecteur",
        ],
        history_id_field=models.UUIDField(default=uuid.uuid4),
    )

    class Meta:
        verbose_name = "structure"
        verbose_name_plural = "structures"
        ordering = ["tri", "pk"]
        indexes = [
            models.Index(fields=["tri", "id"], condition=Q(etat="publiee"), name="structure_tri_publiee"),
            # Covering: radius and map clusters are answered from the first index alone; facets of the whole
            # directory from the second, whose order is that of the table (four times fewer buffers).
            models.Index(
                fields=["latitude", "longitude"],
                include=["id", "commune", "forme_juridique", "activites_index", "competences_index"],
                condition=Q(etat="publiee"),
                name="structure_point_facettes",
            ),
            models.Index(
                fields=["id"],
                include=["latitude", "commune", "forme_juridique", "activites_index", "competences_index"],
                condition=Q(etat="publiee"),
                name="structure_facettes",
            ),
            models.Index(fields=["-publiee_le", "-id"], condition=Q(etat="publiee"), name="structure_nouvelles"),
            models.Index(fields=["latitude", "longitude"], name="structure_point"),
            models.Index(fields=["etat", "cree_le"], name="structure_etat"),
            models.Index(fields=["siret"], name="structure_siret", condition=~Q(siret="")),
            models.Index(fields=["rna"], name="structure_rna", condition=~Q(rna="")),
            models.Index(Lower("courriel"), condition=~Q(courriel=""), name="structure_courriel"),
            models.Index(fields=["telephone"], condition=~Q(telephone=""), name="structure_telephone"),
            GinIndex(OpClass(F("tri"), name="gin_trgm_ops"), name="structure_nom_trgm"),
            GinIndex(fields=["recherche_vecteur"], name="structure_vecteur"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True, position_origine="")
                | (
                    Q(latitude__range=(-90, 90), longitude__range=(-180, 180))
                    & ~Q(latitude=0, longitude=0)
                    & ~Q(position_origine="")
                ),
                name="structure_point_entier",
            ),
            models.CheckConstraint(condition=~Q(nom=""), name="structure_nommee"),
            models.CheckConstraint(condition=Q(siret="") | Q(siret__regex=r"^\d{14}$"), name="structure_siret_forme"),
            models.CheckConstraint(condition=Q(rna="") | Q(rna__regex=r"^W\d{9}$"), name="structure_rna_forme"),
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "a_valider", "a_corriger", "publiee", "refusee", "archivee"]),
                name="structure_etat_connu",
            ),
            models.CheckConstraint(
                condition=~Q(etat="publiee") | Q(publiee_le__isnull=False), name="structure_publiee_datee"
            ),
            models.UniqueConstraint(
                fields=["source", "source_cle"], condition=~Q(source_cle=""), name="structure_source_unique"
            ),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("annuaire:structure_detail", args=[self.slug])

    @property
    def est_publiee(self):
        return self.etat == self.Etat.PUBLIEE

    @property
    def initiales(self):
        """Two letters for the drawn placeholder of a missing logo."""
        mots = [mot for mot in self.nom.replace("'", " ").replace("’", " ").split() if mot[0].isalnum()]
        importants = [mot for mot in mots if len(mot) > 3] or mots
        return "".join(mot[0] for mot in importants[:2]).upper() or "?"

    @property
    def est_situee(self):
        return self.latitude is not None


class AncienneAdresse(models.Model):
    """A slug that a structure had, or that of a structure merged into it: its URL redirects."""

    slug = models.SlugField(max_length=180, unique=True)
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="anciennes_adresses")

    class Meta:
        verbose_name = "ancienne adresse"
        verbose_name_plural = "anciennes adresses"

    def __str__(self):
        return self.slug


class AncienneCle(models.Model):
    """The key that a structure merged into this one had in an import's source: a new import finds this one."""

    source = models.CharField(max_length=40)
    cle = models.CharField("clé dans la source", max_length=120)
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="anciennes_cles")

    class Meta:
        verbose_name = "ancienne clé d'import"
        verbose_name_plural = "anciennes clés d'import"
        constraints = [models.UniqueConstraint(fields=["source", "cle"], name="ancienne_cle_unique")]

    def __str__(self):
        return f"{self.source} : {self.cle}"


class LabelStructure(models.Model):
    """A label held by a structure until a day."""

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="labels")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="detenteurs")
    expire_le = models.DateField("expire le", null=True, blank=True)

    objects = LabelStructureQuerySet.as_manager()

    class Meta:
        verbose_name = "label détenu"
        verbose_name_plural = "labels détenus"
        constraints = [models.UniqueConstraint(fields=["structure", "label"], name="label_une_fois")]

    def __str__(self):
        return str(self.label)


class Photo(models.Model):
    """A photo of a structure, re-encoded by socle.images, with its alternative text."""

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="photos")
    fichier = models.ImageField(upload_to="photos/")
    alternative = models.CharField("description de l'image", max_length=200)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "photo"
        verbose_name_plural = "photos"
        ordering = ["ordre", "pk"]

    def __str__(self):
        return self.alternative
