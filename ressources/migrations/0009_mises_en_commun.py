"""Shared purchases and shared posts: their models, and the triggers that keep their sums."""

from decimal import Decimal
from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"
DEFAIRE = """
DROP TRIGGER mise_verifier ON public.ressources_miseencommun;
DROP TRIGGER part_commune_fixe ON public.ressources_partencommun;
DROP TRIGGER mises_recompter_change ON public.ressources_partencommun;
DROP TRIGGER mises_recompter_retrait ON public.ressources_partencommun;
DROP TRIGGER mises_recompter_ajout ON public.ressources_partencommun;
DROP FUNCTION public.ressources_mise_verifier();
DROP FUNCTION public.ressources_part_commune_fixe();
DROP FUNCTION public.ressources_mises_recompter();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0008_mots_de_l_equipe"),
        ("ressources", "0008_mots_de_l_equipe"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="fichierannonce",
            name="genre",
            field=models.CharField(
                choices=[
                    ("fiche_technique", "fiche technique"),
                    ("cv", "CV"),
                    ("reglement", "règlement, mode d'emploi"),
                    ("devis", "devis d'un fournisseur"),
                    ("autre", "autre document"),
                ],
                default="fiche_technique",
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="MiseEnCommun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "genre",
                    models.CharField(choices=[("achat", "achat groupé"), ("poste", "poste partagé")], max_length=5),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("ouverte", "ouverte"),
                            ("commandee", "commandée"),
                            ("recue", "reçue"),
                            ("soldee", "soldée"),
                            ("conclue", "conclue"),
                            ("abandonnee", "abandonnée"),
                        ],
                        default="ouverte",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                (
                    "unite",
                    models.CharField(help_text="Au singulier : sac, carton, kg.", max_length=40, verbose_name="unité"),
                ),
                (
                    "pas",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("1"),
                        help_text="La plus petite part : 1, 0,5…",
                        max_digits=4,
                        verbose_name="se partage par",
                    ),
                ),
                ("minimum", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="total à atteindre")),
                (
                    "conditionnement",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Quantité d'un colis entier.",
                        max_digits=10,
                        null=True,
                        verbose_name="vendu par",
                    ),
                ),
                (
                    "total",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=12, verbose_name="total demandé"
                    ),
                ),
                (
                    "frais",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=9,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="frais de livraison (€)",
                    ),
                ),
                ("cloture_le", models.DateField(blank=True, null=True, verbose_name="ouverte jusqu'au")),
                (
                    "prolongations",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="prolongations"),
                ),
                ("competence", models.CharField(blank=True, max_length=80, verbose_name="métier ou compétence")),
                ("rayon", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rayon (km)")),
                ("des_le", models.DateField(blank=True, null=True, verbose_name="à partir du")),
                (
                    "prix_unitaire",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="prix unitaire convenu (€)"
                    ),
                ),
                (
                    "quantite_commandee",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="quantité commandée"
                    ),
                ),
                (
                    "quantite_recue",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="quantité reçue"
                    ),
                ),
                ("motif", models.CharField(blank=True, max_length=500)),
                (
                    "origine",
                    models.CharField(
                        blank=True,
                        help_text="Adresse d'une page du portail : un besoin, un atelier.",
                        max_length=200,
                        verbose_name="vient de",
                    ),
                ),
                (
                    "atteinte_dite_le",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="dite atteinte le"),
                ),
                (
                    "cloture_dite_pour",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="clôture dite pour le"),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="ouverte le")),
                ("commandee_le", models.DateTimeField(blank=True, null=True, verbose_name="commandée le")),
                ("recue_le", models.DateTimeField(blank=True, null=True, verbose_name="reçue le")),
                ("close_le", models.DateTimeField(blank=True, null=True, verbose_name="close le")),
                (
                    "annonce",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mise_en_commun",
                        to="ressources.annonce",
                    ),
                ),
            ],
            options={
                "verbose_name": "mise en commun",
                "verbose_name_plural": "mises en commun",
                "ordering": ["-cree_le", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("genre__in", ["achat", "poste"])), name="mise_genre_connu"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("etat__in", ["ouverte", "commandee", "recue", "soldee", "abandonnee"]),
                                ("genre", "achat"),
                            ),
                            models.Q(("etat__in", ["ouverte", "conclue", "abandonnee"]), ("genre", "poste")),
                            _connector="OR",
                        ),
                        name="mise_etat_du_genre",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("genre", "poste"), ("cloture_le__isnull", False), _connector="OR"),
                        name="mise_achat_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pas__in", [Decimal("0.01"), Decimal("0.1"), Decimal("0.5"), Decimal("1")])
                        ),
                        name="mise_pas_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("frais__gte", 0),
                            ("minimum__gt", 0),
                            ("total__gte", 0),
                            models.Q(("conditionnement__isnull", True), ("conditionnement__gt", 0), _connector="OR"),
                        ),
                        name="mise_positive",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.math.Mod("minimum", "pas"), Decimal("0")
                        ),
                        name="mise_minimum_au_pas",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("conditionnement__isnull", True),
                            models.Q(
                                django.db.models.lookups.Exact(
                                    django.db.models.functions.math.Mod("conditionnement", "pas"), Decimal("0")
                                ),
                                django.db.models.lookups.Exact(
                                    django.db.models.functions.math.Mod("minimum", "conditionnement"), Decimal("0")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="mise_colis_entiers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("commandee_le__isnull", False),
                                ("etat__in", ["commandee", "recue", "soldee"]),
                                ("prix_unitaire__gte", 0),
                                ("quantite_commandee__gt", 0),
                            ),
                            models.Q(("etat__in", ["commandee", "recue", "soldee"]), _negated=True),
                            _connector="OR",
                        ),
                        name="mise_commandee_chiffree",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("etat__in", ["recue", "soldee"]),
                                ("quantite_recue__gt", 0),
                                ("recue_le__isnull", False),
                            ),
                            models.Q(
                                models.Q(("etat__in", ["recue", "soldee"]), _negated=True),
                                ("quantite_recue__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="mise_recue_chiffree",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantite_recue__isnull", True),
                            ("quantite_recue__lte", models.F("quantite_commandee")),
                            _connector="OR",
                        ),
                        name="mise_recue_au_plus_commandee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "abandonnee"), _negated=True),
                            models.Q(("motif", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="mise_abandon_explique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("close_le__isnull", False), ("etat__in", ["soldee", "conclue", "abandonnee"])),
                            models.Q(
                                models.Q(("etat__in", ["soldee", "conclue", "abandonnee"]), _negated=True),
                                ("close_le__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="mise_close_datee",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["etat", "cloture_le"], name="mise_etat_cloture"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Palier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("a_partir_de", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="à partir de")),
                ("prix", models.DecimalField(decimal_places=2, max_digits=9, verbose_name="prix unitaire (€)")),
                (
                    "mise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="paliers",
                        to="ressources.miseencommun",
                    ),
                ),
            ],
            options={
                "verbose_name": "palier de prix",
                "verbose_name_plural": "paliers de prix",
                "ordering": ["a_partir_de", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("mise", "a_partir_de"), name="palier_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("a_partir_de__gte", 0), ("prix__gte", 0)), name="palier_positif"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartEnCommun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "etat",
                    models.CharField(
                        choices=[("active", "active"), ("quittee", "quittée")],
                        default="active",
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("quantite", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="quantité")),
                (
                    "tolerance",
                    models.DecimalField(decimal_places=2, default=0, max_digits=10, verbose_name="accepte en plus"),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "commande",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="commandé"
                    ),
                ),
                (
                    "recu",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="reçu"),
                ),
                (
                    "montant",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="marchandise (€)"
                    ),
                ),
                (
                    "part_frais",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="part des frais (€)"
                    ),
                ),
                ("regle_le", models.DateTimeField(blank=True, null=True, verbose_name="réglé le")),
                (
                    "cle",
                    models.UUIDField(
                        help_text="Clé du formulaire montré : une demande répétée n'écrit qu'une fois.", unique=True
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="rejointe le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifiée le")),
                (
                    "mise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="ressources.miseencommun"
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts_en_commun",
                        to="annuaire.structure",
                    ),
                ),
            ],
            options={
                "verbose_name": "part d'une mise en commun",
                "verbose_name_plural": "parts de mises en commun",
                "ordering": ["cree_le", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("etat", "active")),
                        fields=("mise", "structure"),
                        name="part_commune_une_active",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["active", "quittee"])), name="part_commune_etat_connu"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantite__gt", 0), ("tolerance__gte", 0)), name="part_commune_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("commande__isnull", True),
                            models.Q(
                                ("commande__gte", 0),
                                (
                                    "commande__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("quantite"), "+", models.F("tolerance")
                                    ),
                                ),
                                ("etat", "active"),
                            ),
                            _connector="OR",
                        ),
                        name="part_commune_au_plus_demandee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recu__isnull", True),
                            models.Q(
                                ("commande__isnull", False),
                                ("montant__gte", 0),
                                ("part_frais__gte", 0),
                                ("recu__gte", 0),
                                ("recu__lte", models.F("commande")),
                            ),
                            _connector="OR",
                        ),
                        name="part_commune_au_plus_commandee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("regle_le__isnull", True), ("recu__isnull", False), _connector="OR"),
                        name="part_commune_reglee_recue",
                    ),
                ],
            },
        ),
        migrations.RunSQL((SQL / "mises_en_commun.sql").read_text(), DEFAIRE),
    ]
