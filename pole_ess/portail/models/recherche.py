from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from annuaire.models.commune import Singulier
from pole_ess.portail.querysets import EntreeRechercheQuerySet


class EntreeRecherche(models.Model):
    """What the search across everything reads of a meeting, an event, minutes, a letter, news, an action, a project.

    Written by triggers (migrations/sql/recherche.sql) in the transaction of whatever changes one of them, never by
    Python. `publique`: in the public eye; who else may see one is asked of the object itself (QuerySet.visibles_par).
    The words of a draft are not there at all. Structures and announcements have columns of their own.
    """

    class Genre(models.TextChoices):
        RENCONTRE = "rencontre", "rencontre"
        EVENEMENT = "evenement", "événement"
        COMPTE_RENDU = "compte_rendu", "compte rendu"
        LETTRE = "lettre", "lettre"
        BREVE = "breve", "brève"
        ACTION = "action", "action"
        PROJET = "projet", "projet ou commission"

    genre = models.CharField(max_length=12, choices=Genre.choices)
    objet = models.BigIntegerField(help_text="Key of the object in the table of its kind.")
    titre = models.TextField(blank=True)
    texte = models.TextField(blank=True)
    publique = models.BooleanField(default=False)
    quand = models.DateTimeField(null=True, blank=True)
    recherche_vecteur = models.GeneratedField(
        expression=SearchVector(Singulier("titre"), weight="A", config="public.fr")
        + SearchVector(Singulier("texte"), weight="B", config="public.fr"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = EntreeRechercheQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée de la recherche"
        verbose_name_plural = "entrées de la recherche"
        ordering = ["genre", "objet"]
        indexes = [GinIndex(fields=["recherche_vecteur"], name="entree_vecteur")]
        constraints = [models.UniqueConstraint(fields=["genre", "objet"], name="entree_une_par_objet")]

    def __str__(self):
        return self.titre


class MotPortail(models.Model):
    """A word of the public entries, as annuaire.Mot is of the published structures; kept by triggers."""

    mot = models.TextField(db_collation="C")

    class Meta:
        verbose_name = "mot du portail"
        verbose_name_plural = "mots du portail"
        ordering = ["mot", "pk"]
        indexes = [
            models.Index(fields=["mot"], name="mot_portail_exact"),
            GinIndex(OpClass("mot", name="gin_trgm_ops"), name="mot_portail_trgm"),
        ]

    def __str__(self):
        return self.mot
