"""Unmet demand: what was looked for in vain."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0008_mots_de_l_equipe"),
        ("ressources", "0013_bilans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DemandeSansReponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("expiree", "besoin expiré"),
                            ("retiree", "besoin retiré"),
                            ("refusee", "réservation refusée"),
                        ],
                        max_length=8,
                        verbose_name="ce qui s'est passé",
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("materiel", "matériel"),
                            ("local", "local"),
                            ("competence", "compétence"),
                            ("artiste", "artiste, intervenant"),
                            ("entraide", "entraide"),
                            ("benevolat", "bénévolat"),
                            ("formation", "formation"),
                            ("achat_groupe", "achat groupé"),
                        ],
                        max_length=15,
                    ),
                ),
                ("titre", models.CharField(max_length=120)),
                ("le", models.DateField(verbose_name="le")),
                ("rangee_le", models.DateTimeField(blank=True, null=True, verbose_name="suite donnée le")),
                (
                    "annonce",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="demande_sans_reponse",
                        to="ressources.annonce",
                    ),
                ),
                (
                    "categorie",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="ressources.categorie",
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="annuaire.commune",
                    ),
                ),
                (
                    "rangee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="suite donnée par",
                    ),
                ),
                (
                    "reservation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="demande_sans_reponse",
                        to="ressources.reservation",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="demandes_sans_reponse",
                        to="annuaire.structure",
                        verbose_name="structure qui cherchait",
                    ),
                ),
            ],
            options={
                "verbose_name": "demande sans réponse",
                "verbose_name_plural": "demandes sans réponse",
                "ordering": ["-le", "-pk"],
                "indexes": [models.Index(fields=["-le"], name="demande_le")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("annonce__isnull", False),
                                ("genre__in", ["expiree", "retiree"]),
                                ("reservation__isnull", True),
                            ),
                            models.Q(("annonce__isnull", True), ("genre", "refusee"), ("reservation__isnull", False)),
                            _connector="OR",
                        ),
                        name="demande_une_source",
                    )
                ],
            },
        ),
    ]
