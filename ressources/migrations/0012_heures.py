"""Accounts of hours: the tables, then the triggers that keep the ledger."""

from decimal import Decimal
from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.math
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"

DEFAIRE = """
DROP TRIGGER ecriture_heures_equilibree ON public.ressources_ecritureheures;
DROP TRIGGER operation_heures_equilibree ON public.ressources_operationheures;
DROP TRIGGER operation_heures_gardee ON public.ressources_operationheures;
DROP TRIGGER operation_heures_figee ON public.ressources_operationheures;
DROP TRIGGER compte_heures_titulaire_parti ON public.ressources_compteheures;
DROP TRIGGER compte_heures_solde_cree ON public.ressources_compteheures;
DROP TRIGGER compte_heures_solde_modifie ON public.ressources_compteheures;
DROP TRIGGER ecriture_heures_solder ON public.ressources_ecritureheures;
DROP TRIGGER ecriture_heures_immuable ON public.ressources_ecritureheures;
DROP FUNCTION public.ressources_operation_equilibree();
DROP FUNCTION public.ressources_operation_figee();
DROP FUNCTION public.ressources_compte_titulaire_parti();
DROP FUNCTION public.ressources_compte_solde_garde();
DROP FUNCTION public.ressources_ecriture_solder();
DROP FUNCTION public.ressources_ecriture_immuable();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0008_mots_de_l_equipe"),
        ("ressources", "0011_urgences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CompteHeures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "genre",
                    models.CharField(
                        choices=[("structure", "structure"), ("personne", "personne"), ("pole", "pôle")], max_length=9
                    ),
                ),
                (
                    "solde",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=8,
                        verbose_name="solde (heures)",
                    ),
                ),
                (
                    "plancher",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="solde le plus bas"
                    ),
                ),
                (
                    "trouvable",
                    models.BooleanField(default=False, verbose_name="peut être retrouvé par son adresse e-mail"),
                ),
                ("ouvert_le", models.DateTimeField(auto_now_add=True, verbose_name="date d'ouverture")),
                ("ferme_le", models.DateTimeField(blank=True, null=True, verbose_name="fermé le")),
                (
                    "absorbe_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbes",
                        to="ressources.compteheures",
                        verbose_name="réuni avec",
                    ),
                ),
                (
                    "structure",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="compte_heures",
                        to="annuaire.structure",
                    ),
                ),
                (
                    "utilisateur",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="compte_heures",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="personne",
                    ),
                ),
            ],
            options={
                "verbose_name": "compte d'heures",
                "verbose_name_plural": "comptes d'heures",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("genre", "structure"), ("utilisateur__isnull", True)),
                            models.Q(("absorbe_par__isnull", True), ("genre", "personne"), ("structure__isnull", True)),
                            models.Q(
                                ("absorbe_par__isnull", True),
                                ("ferme_le__isnull", True),
                                ("genre", "pole"),
                                ("structure__isnull", True),
                                ("utilisateur__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="compte_heures_un_titulaire",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("genre", "pole"),
                            ("structure__isnull", False),
                            ("utilisateur__isnull", False),
                            ("ferme_le__isnull", False),
                            _connector="OR",
                        ),
                        name="compte_heures_sans_titulaire_ferme",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("absorbe_par__isnull", True),
                            models.Q(("ferme_le__isnull", False), ("structure__isnull", True)),
                            _connector="OR",
                        ),
                        name="compte_heures_absorbe_ferme",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("genre", "pole")), fields=("genre",), name="compte_heures_un_pole"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("genre", "pole"), ("plancher__isnull", True)),
                            models.Q(
                                models.Q(("genre", "pole"), _negated=True),
                                ("plancher__isnull", False),
                                ("plancher__lte", 0),
                            ),
                            _connector="OR",
                        ),
                        name="compte_heures_plancher_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("plancher__isnull", True), ("solde__gte", models.F("plancher")), _connector="OR"
                        ),
                        name="compte_heures_plancher",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationHeures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("aide", "coup de main"),
                            ("correction", "correction"),
                            ("credit", "crédit de départ"),
                            ("fusion", "réunion de deux comptes"),
                        ],
                        default="aide",
                        max_length=10,
                    ),
                ),
                ("heures", models.DecimalField(decimal_places=2, max_digits=7)),
                ("jour", models.DateField(verbose_name="jour du coup de main")),
                ("objet", models.CharField(blank=True, max_length=200, verbose_name="pour quoi")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("proposee", "à confirmer"),
                            ("confirmee", "confirmée"),
                            ("contestee", "contestée"),
                            ("annulee", "annulée"),
                        ],
                        default="proposee",
                        max_length=9,
                        verbose_name="état",
                    ),
                ),
                (
                    "propose_par_cote",
                    models.CharField(
                        choices=[("aidant", "qui a aidé"), ("aide", "qui a été aidé")],
                        default="aidant",
                        max_length=6,
                        verbose_name="proposée par",
                    ),
                ),
                ("motif", models.CharField(blank=True, max_length=500, verbose_name="raison")),
                (
                    "cle",
                    models.UUIDField(
                        help_text="Key of the form that was shown: a retried request writes once.", unique=True
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="proposée le")),
                ("relancee_le", models.DateTimeField(blank=True, null=True, verbose_name="rappelée le")),
                ("decidee_le", models.DateTimeField(blank=True, null=True, verbose_name="décidée le")),
                (
                    "aidant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aides_donnees",
                        to="ressources.compteheures",
                        verbose_name="qui a aidé",
                    ),
                ),
                (
                    "aide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aides_recues",
                        to="ressources.compteheures",
                        verbose_name="qui a été aidé",
                    ),
                ),
                (
                    "corrige",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="ressources.operationheures",
                        verbose_name="corrige",
                    ),
                ),
                (
                    "decide_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="décidée par",
                    ),
                ),
                (
                    "mise_en_relation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="operations_heures",
                        to="ressources.miseenrelation",
                        verbose_name="conversation",
                    ),
                ),
                (
                    "propose_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="écrite par",
                    ),
                ),
            ],
            options={
                "verbose_name": "opération d'heures",
                "verbose_name_plural": "opérations d'heures",
                "ordering": ["-cree_le", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("aidant", models.F("aide")), _negated=True), name="operation_heures_a_deux"
                    ),
                    models.CheckConstraint(condition=models.Q(("heures__gt", 0)), name="operation_heures_positive"),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.math.Mod(models.F("heures"), Decimal("0.25")), Decimal("0")
                        ),
                        name="operation_heures_quarts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["proposee", "confirmee", "contestee", "annulee"])),
                        name="operation_heures_etat",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("etat", "proposee"), ("decidee_le__isnull", False), _connector="OR"),
                        name="operation_heures_datee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrige__isnull", False), ("genre", "correction")),
                            models.Q(models.Q(("genre", "correction"), _negated=True), ("corrige", None)),
                            _connector="OR",
                        ),
                        name="operation_heures_correction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("genre__in", ["aide", "correction"]),
                            models.Q(("etat", "confirmee"), ("genre__in", ["credit", "fusion"])),
                            _connector="OR",
                        ),
                        name="operation_heures_genre",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("genre", "credit")), fields=("aidant",), name="operation_heures_un_credit"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("genre", "correction"), models.Q(("etat", "annulee"), _negated=True)),
                        fields=("corrige",),
                        name="operation_heures_une_correction",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["aidant", "-cree_le"], name="operation_heures_aidant"),
                    models.Index(fields=["aide", "-cree_le"], name="operation_heures_aide"),
                    models.Index(
                        condition=models.Q(("etat__in", ["proposee", "contestee"])),
                        fields=["cree_le"],
                        name="operation_heures_attend",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EcritureHeures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("montant", models.DecimalField(decimal_places=2, max_digits=7, verbose_name="heures")),
                ("passee_le", models.DateField(verbose_name="passée le")),
                (
                    "compte",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ecritures",
                        to="ressources.compteheures",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ecritures",
                        to="ressources.operationheures",
                    ),
                ),
            ],
            options={
                "verbose_name": "écriture d'heures",
                "verbose_name_plural": "écritures d'heures",
                "ordering": ["-passee_le", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("operation", "compte"), name="ecriture_heures_une_par_compte"),
                    models.CheckConstraint(
                        condition=models.Q(("montant", 0), _negated=True), name="ecriture_heures_non_nulle"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["compte", "-passee_le", "-id"], name="ecriture_heures_compte"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReglagesHeures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "credit_depart",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("5"),
                        help_text="Offert une fois à chaque compte qui s'ouvre. Par quarts d'heure ; 0 : rien n'est offert.",
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="crédit de départ (heures)",
                    ),
                ),
                (
                    "plancher",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("-10"),
                        help_text="0 ou un nombre négatif : -10 permet de recevoir dix heures de plus que ce que l'on a. Un compte qui est déjà plus bas garde son solde, et suit la règle dès qu'il remonte.",
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(-1000),
                            django.core.validators.MaxValueValidator(0),
                        ],
                        verbose_name="solde le plus bas (heures)",
                    ),
                ),
            ],
            options={
                "verbose_name": "réglages des comptes d'heures",
                "verbose_name_plural": "réglages des comptes d'heures",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="reglages_heures_une_ligne"),
                    models.CheckConstraint(
                        condition=models.Q(("credit_depart__gte", 0)), name="reglages_heures_credit"
                    ),
                    models.CheckConstraint(condition=models.Q(("plancher__lte", 0)), name="reglages_heures_plancher"),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.math.Mod(models.F("credit_depart"), Decimal("0.25")),
                            Decimal("0"),
                        ),
                        name="reglages_heures_quarts",
                        violation_error_message="Le crédit se donne par quarts d'heure : 5, 5,25, 5,5 ou 5,75.",
                    ),
                ],
            },
        ),
        migrations.RunSQL((SQL / "heures.sql").read_text(), DEFAIRE),
    ]
