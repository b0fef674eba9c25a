import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from annuaire.models import Commune, Structure
from annuaire.models.commune import Singulier
from pole_ess.socle.stockage import prive
from ressources.modes import AVEC_CAUTION, PAYANTS, REGLES, RESERVABLES, Mode, Unite
from ressources.natures import PROFILS, Nature
from ressources.querysets import AnnonceQuerySet

from .categorie import Categorie


class Annonce(models.Model):
    """An offer or a need of a structure: one base for the eight natures.

        brouillon → a_valider → publiee → pourvue | retiree | archivee      a_valider → a_corriger | refusee

    « Expirée », « urgente » and « complète » are derived, never stored. Triggers (ressources/migrations/sql) keep
    `recherche`, the point and `structure_publiee` in step with the structure, the commune and the category.
    Latitude and longitude are degrees WGS 84: the structure's when it is in the announcement's commune, else the
    commune's. Money is in euros.
    """

    class Sens(models.TextChoices):
        OFFRE = "offre", "Offre"
        BESOIN = "besoin", "Besoin"

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "brouillon"
        A_VALIDER = "a_valider", "à valider"
        A_CORRIGER = "a_corriger", "à corriger"
        PUBLIEE = "publiee", "publiée"
        POURVUE = "pourvue", "pourvue"
        RETIREE = "retiree", "retirée"
        REFUSEE = "refusee", "refusée"
        ARCHIVEE = "archivee", "archivée"

    class EtatMateriel(models.TextChoices):
        NEUF = "neuf", "neuf"
        TRES_BON = "tres_bon", "très bon état"
        BON = "bon", "bon état"
        USE = "use", "usé mais fonctionne"
        A_REPARER = "a_reparer", "à réparer"

    class Transport(models.TextChoices):
        A_RETIRER = "a_retirer", "à venir chercher"
        LIVRAISON = "livraison", "livraison possible"
        A_CONVENIR = "a_convenir", "à convenir"

    class Niveau(models.TextChoices):
        DEBUTANT = "debutant", "débutant"
        CONFIRME = "confirme", "confirmé"
        PROFESSIONNEL = "professionnel", "professionnel"

    class Presence(models.TextChoices):
        SUR_PLACE = "sur_place", "sur place"
        A_DISTANCE = "a_distance", "à distance"
        LES_DEUX = "les_deux", "sur place ou à distance"

    class Partage(models.TextChoices):
        PREMIER_ARRIVE = "premier_arrive", "au premier arrivé"
        CHOISI = "choisi", "au choix du donneur"

    sens = models.CharField(max_length=6, choices=Sens.choices)
    nature = models.CharField(max_length=15, choices=Nature.choices)
    mode = models.CharField("mode d'échange", max_length=15, choices=Mode.choices, blank=True)
    titre = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=4000)
    categorie = models.ForeignKey(
        Categorie, null=True, blank=True, on_delete=models.PROTECT, related_name="annonces", verbose_name="catégorie"
    )
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="annonces")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="annonces"
    )
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="annonces")
    latitude = models.FloatField(null=True, editable=False)
    longitude = models.FloatField(null=True, editable=False)

    quantite = models.PositiveIntegerField("quantité", default=1, validators=[MinValueValidator(1)])
    quantite_prise = models.PositiveIntegerField(
        "quantité attribuée", default=0, editable=False, help_text="Of a batch: what its parts have taken."
    )
    partage = models.CharField(
        "lot à partager", max_length=15, choices=Partage.choices, blank=True, help_text="Vide : pas un lot."
    )
    prix = models.DecimalField(
        "prix (€)", max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    prix_unite = models.CharField("prix pour", max_length=15, choices=Unite.choices, blank=True)
    prix_sur_demande = models.BooleanField("prix sur demande", default=False)
    caution = models.DecimalField(
        "caution (€)", max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    contrepartie = models.CharField("en échange de", max_length=200, blank=True)

    etat_materiel = models.CharField("état du matériel", max_length=12, choices=EtatMateriel.choices, blank=True)
    transport = models.CharField(max_length=12, choices=Transport.choices, blank=True)
    surface = models.PositiveIntegerField("surface (m²)", null=True, blank=True)
    capacite = models.PositiveIntegerField("capacité (personnes)", null=True, blank=True)
    accessible_pmr = models.BooleanField("accessible en fauteuil (PMR)", default=False)
    equipements = models.CharField("équipements", max_length=300, blank=True)
    residence_artistes = models.BooleanField("résidence d'artistes possible", default=False)
    travail_partage = models.BooleanField("travail partagé possible", default=False)
    niveau = models.CharField(max_length=15, choices=Niveau.choices, blank=True)
    presence = models.CharField("présence", max_length=12, choices=Presence.choices, blank=True)
    jauge = models.PositiveIntegerField("jauge (spectateurs)", null=True, blank=True)
    duree_minutes = models.PositiveIntegerField("durée (minutes)", null=True, blank=True)
    places = models.PositiveIntegerField(null=True, blank=True)

    urgente_pour = models.DateField("urgent, pour le", null=True, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.BROUILLON)
    motif = models.TextField("motif", blank=True, help_text="La raison du dernier refus ou de la correction demandée.")
    vigilance = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        verbose_name="mots de vigilance trouvés",
    )
    soumise_le = models.DateTimeField("à valider depuis", null=True, blank=True)
    a_relire_depuis = models.DateTimeField("modifiée en ligne, à relire depuis", null=True, blank=True)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    expire_le = models.DateField("valable jusqu'au", null=True, blank=True)
    rappels = models.PositiveSmallIntegerField("rappels envoyés", default=0, editable=False)
    rappelee_le = models.DateField("rappelée le", null=True, blank=True, editable=False)
    close_le = models.DateTimeField("pourvue ou retirée le", null=True, blank=True)
    cle = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Key of the form: a retried request writes once."
    )
    source = models.CharField(max_length=40, blank=True, help_text="D'où vient l'annonce : import, équipe.")
    source_cle = models.CharField("clé dans la source", max_length=120, blank=True)
    champs_humains = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Fields a human edited: no import overwrites them.",
    )
    est_demonstration = models.BooleanField("exemple de démonstration", default=False)
    cree_le = models.DateTimeField("créée le", auto_now_add=True)
    modifie_le = models.DateTimeField("modifiée le", auto_now=True)

    structure_publiee = models.BooleanField(default=False, editable=False)
    recherche = models.TextField(blank=True, editable=False)
    recherche_vecteur = models.GeneratedField(
        expression=SearchVector(Singulier("titre"), weight="A", config="public.fr")
        + SearchVector(Singulier("recherche"), weight="B", config="public.fr"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = AnnonceQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["recherche", "recherche_vecteur", "structure_publiee", "latitude", "longitude"],
        history_id_field=models.UUIDField(default=uuid.uuid4),
    )

    class Meta:
        verbose_name = "annonce"
        verbose_name_plural = "annonces"
        ordering = ["-publiee_le", "-pk"]
        indexes = [
            models.Index(
                fields=["-publiee_le", "-id"],
                condition=Q(etat="publiee", structure_publiee=True),
                name="annonce_recentes",
            ),
            models.Index(
                fields=["latitude", "longitude"],
                include=[
                    "id", "sens", "nature", "mode", "categorie", "expire_le", "publiee_le", "quantite",
                    "quantite_prise", "prix", "urgente_pour",
                ],
                condition=Q(etat="publiee", structure_publiee=True),
                name="annonce_point",
            ),
            models.Index(
                fields=["nature", "sens", "-publiee_le"],
                include=[
                    "id", "mode", "categorie", "expire_le", "quantite", "quantite_prise", "prix", "urgente_pour",
                ],
                condition=Q(etat="publiee", structure_publiee=True),
                name="annonce_facettes",
            ),
            models.Index(
                fields=["publiee_le"],
                include=["sens", "nature", "etat"],
                condition=Q(publiee_le__isnull=False),
                name="annonce_parues",
            ),
            models.Index(fields=["etat", "soumise_le"], name="annonce_etat"),
            models.Index(fields=["expire_le"], condition=Q(etat="publiee"), name="annonce_expire"),
            models.Index(fields=["structure", "etat"], name="annonce_structure_etat"),
            GinIndex(fields=["recherche_vecteur"], name="annonce_vecteur"),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=Q(sens__in=["offre", "besoin"]), name="annonce_sens_connu"),
            models.CheckConstraint(condition=Q(nature__in=Nature.values), name="annonce_nature_connue"),
            models.CheckConstraint(condition=Q(mode="") | Q(mode__in=Mode.values), name="annonce_mode_connu"),
            models.CheckConstraint(
                condition=Q(
                    etat__in=[
                        "brouillon",
                        "a_valider",
                        "a_corriger",
                        "publiee",
                        "pourvue",
                        "retiree",
                        "refusee",
                        "archivee",
                    ]
                ),
                name="annonce_etat_connu",
            ),
            models.CheckConstraint(
                condition=Q(etat="brouillon") | (~Q(titre="") & ~Q(mode="")), name="annonce_complete"
            ),
            models.CheckConstraint(
                condition=~Q(etat="publiee") | Q(publiee_le__isnull=False, expire_le__isnull=False),
                name="annonce_publiee_datee",
            ),
            models.CheckConstraint(
                condition=~Q(etat="a_valider") | Q(soumise_le__isnull=False), name="annonce_soumise_datee"
            ),
            models.CheckConstraint(
                condition=Q(prix__isnull=True) | (Q(prix__gte=0, prix_sur_demande=False) & Q(mode__in=PAYANTS)),
                name="annonce_prix_du_mode",
            ),
            models.CheckConstraint(
                condition=Q(prix_sur_demande=False) | Q(mode__in=PAYANTS), name="annonce_sur_demande_du_mode"
            ),
            models.CheckConstraint(
                condition=Q(etat="brouillon")
                | Q(sens="besoin")
                | ~Q(mode__in=PAYANTS)
                | Q(prix__isnull=False)
                | Q(prix_sur_demande=True),
                name="annonce_prix_dit",
            ),
            models.CheckConstraint(
                condition=Q(caution__isnull=True) | (Q(caution__gte=0) & Q(mode__in=AVEC_CAUTION)),
                name="annonce_caution_du_mode",
            ),
            models.CheckConstraint(condition=Q(quantite__gte=1), name="annonce_quantite"),
            models.CheckConstraint(
                condition=Q(quantite_prise__lte=F("quantite")) & (~Q(partage="") | Q(quantite_prise=0)),
                name="annonce_lot_jamais_depasse",
            ),
            models.CheckConstraint(
                condition=Q(partage="") | (Q(partage__in=["premier_arrive", "choisi"]) & Q(sens="offre")),
                name="annonce_partage_d_une_offre",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="annonce_point_entier",
            ),
            models.UniqueConstraint(
                fields=["source", "source_cle"], condition=~Q(source_cle=""), name="annonce_source_unique"
            ),
        ]

    def __str__(self):
        return self.titre or "Annonce sans titre"

    def get_absolute_url(self):
        return reverse("ressources:annonce_detail", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        return slugify(self.titre.replace("'", " ").replace("’", " "))[:80].strip("-") or "annonce"

    @property
    def profil(self):
        """What its nature asks for (ressources.natures)."""
        return PROFILS[self.nature]

    @property
    def regle(self):
        """What its mode sets (ressources.modes), or None while the draft has none."""
        return REGLES.get(self.mode)

    @property
    def est_offre(self) -> bool:
        return self.sens == self.Sens.OFFRE

    @property
    def est_expiree(self) -> bool:
        """Published, and its last day (Europe/Paris) is past: no contact any more, the page stays."""
        return self.etat == self.Etat.PUBLIEE and self.expire_le < timezone.localdate()

    @property
    def est_ouverte(self) -> bool:
        """Can be answered: published, not expired, not all taken."""
        return self.etat == self.Etat.PUBLIEE and not self.est_expiree and not self.est_complete

    @property
    def est_urgente(self) -> bool:
        return self.urgente_pour is not None and self.urgente_pour >= timezone.localdate()

    @property
    def est_lot(self) -> bool:
        return self.partage != ""

    @property
    def restant(self) -> int:
        """What is left of a batch; the quantity itself when it is not one."""
        return self.quantite - self.quantite_prise

    @property
    def est_complete(self) -> bool:
        return self.est_lot and self.restant == 0

    @property
    def peut_etre_reservee(self) -> bool:
        """Lent or rented equipment or premises: may have a calendar."""
        return self.est_offre and not self.est_lot and self.profil.reservable and self.mode in RESERVABLES

    @property
    def bouton(self) -> str:
        """Words of the button that answers it."""
        if not self.regle:
            return "Je suis intéressé"
        return self.regle.bouton_offre if self.est_offre else self.regle.bouton_besoin


class Periode(models.Model):
    """Days when what is offered is free, or when what is needed is wanted; both days included. None: always."""

    annonce = models.ForeignKey(Annonce, on_delete=models.CASCADE, related_name="periodes")
    debut = models.DateField("du")
    fin = models.DateField("au")

    class Meta:
        verbose_name = "période libre"
        verbose_name_plural = "périodes libres"
        ordering = ["debut", "fin", "pk"]
        indexes = [models.Index(fields=["annonce", "debut", "fin"], name="periode_annonce")]
        constraints = [
            models.CheckConstraint(condition=Q(debut__lte=F("fin")), name="periode_ordre"),
            models.UniqueConstraint(fields=["annonce", "debut", "fin"], name="periode_unique"),
        ]

    def __str__(self):
        return f"du {self.debut:%d/%m/%Y} au {self.fin:%d/%m/%Y}"


class PhotoAnnonce(models.Model):
    """A photo, re-encoded by socle.images (no EXIF, no position); the file received is not kept anywhere."""

    annonce = models.ForeignKey(Annonce, on_delete=models.CASCADE, related_name="photos")
    fichier = models.ImageField(
        upload_to="annonces/", width_field="largeur", height_field="hauteur", help_text="1600 px at most."
    )
    vignette = models.ImageField(upload_to="annonces/", help_text="480 px at most, for cards.")
    alternative = models.CharField("description de l'image", max_length=200)
    largeur = models.PositiveIntegerField(editable=False, default=0)
    hauteur = models.PositiveIntegerField(editable=False, default=0)
    ordre = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])

    class Meta:
        verbose_name = "photo d'annonce"
        verbose_name_plural = "photos d'annonces"
        ordering = ["ordre", "pk"]

    def __str__(self):
        return self.alternative


def _chemin_prive(_objet, _nom):
    return f"annonces/{uuid.uuid4().hex}"


class FichierAnnonce(models.Model):
    """A file for members only: fiche technique, CV, rules of a room. Served through a view that checks the right."""

    class Genre(models.TextChoices):
        FICHE_TECHNIQUE = "fiche_technique", "fiche technique"
        CV = "cv", "CV"
        REGLEMENT = "reglement", "règlement, mode d'emploi"
        DEVIS = "devis", "devis d'un fournisseur"
        AUTRE = "autre", "autre document"

    annonce = models.ForeignKey(Annonce, on_delete=models.CASCADE, related_name="fichiers")
    genre = models.CharField(max_length=16, choices=Genre.choices, default=Genre.FICHE_TECHNIQUE)
    fichier = models.FileField(upload_to=_chemin_prive, storage=prive)
    nom = models.CharField("nom du fichier", max_length=120)
    type_mime = models.CharField(max_length=80)
    taille = models.PositiveIntegerField("taille (octets)")
    cree_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "fichier d'annonce"
        verbose_name_plural = "fichiers d'annonces"
        ordering = ["cree_le", "pk"]

    def __str__(self):
        return self.nom
