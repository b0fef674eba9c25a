from django.db import models


class Activite(models.Model):
    """What a structure does: two levels, edited by the hub's staff."""

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="enfants")
    nom = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    ordre = models.PositiveSmallIntegerField(default=0)
    en_avant = models.BooleanField(
        "parmi les entrées visibles",
        default=False,
        help_text="Une dizaine suffit : pour qui ne sait pas quoi taper.",
    )

    class Meta:
        verbose_name = "activité"
        verbose_name_plural = "activités"
        ordering = ["ordre", "nom", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(parent=models.F("pk")), name="activite_pas_son_parent")
        ]

    def __str__(self):
        return self.nom

    def clean(self):
        from django.core.exceptions import ValidationError

        if self.parent and self.parent.parent_id:
            raise ValidationError({"parent": "Deux niveaux au plus : choisissez une activité principale."})


class Competence(models.Model):
    """A skill that a structure can share: a free tag."""

    nom = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        verbose_name = "compétence"
        verbose_name_plural = "compétences"
        ordering = ["nom", "pk"]

    def __str__(self):
        return self.nom


class Label(models.Model):
    """An accreditation (ESUS is one, not a legal form: loi 2014-856)."""

    nom = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "label"
        verbose_name_plural = "labels"
        ordering = ["nom", "pk"]

    def __str__(self):
        return self.nom
