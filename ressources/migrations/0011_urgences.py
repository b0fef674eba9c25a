"""Urgent help in waves: the calls, who accepts them, and what the database refuses of them."""

import datetime
from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import annuaire.validateurs
import ressources.models.urgence

SQL = Path(__file__).parent / "sql"
DEFAIRE = """
DROP TRIGGER appel_verifier ON public.ressources_appel;
DROP TRIGGER appel_compter ON public.ressources_appel;
DROP TRIGGER urgence_compter ON public.ressources_urgence;
DROP FUNCTION public.ressources_appel_verifier();
DROP FUNCTION public.ressources_urgence_compter();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0008_mots_de_l_equipe"),
        ("ressources", "0010_benevolat"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Urgence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("titre", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True, max_length=2000, verbose_name="précisions")),
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
                        ],
                        max_length=12,
                    ),
                ),
                ("savoir_faire", models.CharField(blank=True, max_length=120, verbose_name="savoir-faire")),
                ("debut", models.DateTimeField(verbose_name="début")),
                ("fin", models.DateTimeField()),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
                ("lieu", models.CharField(blank=True, max_length=200, verbose_name="adresse du rendez-vous")),
                ("contact", models.CharField(blank=True, max_length=120, verbose_name="sur place, demander")),
                (
                    "telephone",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[annuaire.validateurs.valider_telephone],
                        verbose_name="téléphone",
                    ),
                ),
                (
                    "places",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="personnes cherchées",
                    ),
                ),
                (
                    "confirmes",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="personnes trouvées"),
                ),
                (
                    "delai",
                    models.PositiveSmallIntegerField(
                        default=ressources.models.urgence.delai_par_defaut, verbose_name="minutes entre deux vagues"
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("ouverte", "ouverte"),
                            ("pourvue", "pourvue"),
                            ("annulee", "annulée"),
                            ("expiree", "expirée"),
                        ],
                        default="ouverte",
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("autrement", models.BooleanField(default=False, verbose_name="pourvue autrement")),
                ("vague", models.PositiveSmallIntegerField(default=0)),
                (
                    "prochaine_vague_le",
                    models.DateTimeField(
                        blank=True, default=django.utils.timezone.now, null=True, verbose_name="prochaine vague"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "cle",
                    models.UUIDField(
                        help_text="Key of the form that was shown: a retried request writes once.", unique=True
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="ouverte le")),
                ("close_le", models.DateTimeField(blank=True, null=True, verbose_name="fermée le")),
                (
                    "categorie",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="urgences",
                        to="ressources.categorie",
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="urgences", to="annuaire.commune"
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="urgences", to="annuaire.structure"
                    ),
                ),
            ],
            options={
                "verbose_name": "urgence",
                "verbose_name_plural": "urgences",
                "ordering": ["-cree_le", "-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("debut__lt", models.F("fin"))), name="urgence_ordre"),
                    models.CheckConstraint(condition=models.Q(("places__range", (1, 20))), name="urgence_places"),
                    models.CheckConstraint(
                        condition=models.Q(("confirmes__lte", models.F("places"))), name="urgence_pas_plus_que_cherche"
                    ),
                    models.CheckConstraint(condition=models.Q(("delai__range", (5, 240))), name="urgence_delai"),
                    models.CheckConstraint(
                        condition=models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                        name="urgence_point",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("etat__in", ["ouverte", "pourvue", "annulee", "expiree"]), ("vague__lte", 3)
                        ),
                        name="urgence_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nature", "achat_groupe"), _negated=True), name="urgence_nature"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "ouverte"), _negated=True),
                            models.Q(
                                ("close_le__isnull", True),
                                ("confirmes__lt", models.F("places")),
                                models.Q(
                                    models.Q(("prochaine_vague_le__isnull", True), ("vague", 3)),
                                    models.Q(("prochaine_vague_le__isnull", False), ("vague__lt", 3)),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="urgence_ouverte_continue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("etat", "ouverte"),
                            models.Q(("close_le__isnull", False), ("prochaine_vague_le__isnull", True)),
                            _connector="OR",
                        ),
                        name="urgence_close_s_arrete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("etat", "pourvue"),
                                models.Q(("autrement", True), ("confirmes", models.F("places")), _connector="OR"),
                            ),
                            models.Q(models.Q(("etat", "pourvue"), _negated=True), ("autrement", False)),
                            _connector="OR",
                        ),
                        name="urgence_pourvue_au_complet",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("etat", "ouverte")), fields=["prochaine_vague_le"], name="urgence_a_avancer"
                    ),
                    models.Index(fields=["structure", "-cree_le"], name="urgence_de_la_structure"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vague", models.PositiveSmallIntegerField()),
                ("raisons", models.CharField(blank=True, max_length=300, verbose_name="pourquoi elle")),
                ("distance", models.FloatField(blank=True, null=True, verbose_name="distance (km)")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("prevu", "prévu"),
                            ("envoye", "sans réponse"),
                            ("oui", "a dit oui"),
                            ("non", "a dit non"),
                            ("reserve", "en réserve"),
                            ("desiste", "s'est désisté"),
                            ("trop_tard", "trop tard"),
                        ],
                        default="envoye",
                        max_length=9,
                        verbose_name="état",
                    ),
                ),
                ("envois", models.PositiveSmallIntegerField(default=0, verbose_name="messages envoyés")),
                ("envoyer_le", models.DateTimeField(blank=True, null=True, verbose_name="à envoyer le")),
                ("envoye_le", models.DateTimeField(blank=True, null=True, verbose_name="envoyé le")),
                ("reponse_le", models.DateTimeField(blank=True, null=True, verbose_name="répondu le")),
                ("nom", models.CharField(blank=True, max_length=120)),
                (
                    "telephone",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[annuaire.validateurs.valider_telephone],
                        verbose_name="téléphone",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=500, verbose_name="un mot")),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="appelée le")),
                (
                    "structure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="appels_urgents",
                        to="annuaire.structure",
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="appels_urgents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "urgence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="appels", to="ressources.urgence"
                    ),
                ),
            ],
            options={
                "verbose_name": "appel urgent",
                "verbose_name_plural": "appels urgents",
                "ordering": ["vague", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("urgence", "utilisateur"), name="appel_une_fois"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("etat__in", ["prevu", "envoye", "oui", "non", "reserve", "desiste", "trop_tard"]),
                            ("vague__range", (1, 2)),
                        ),
                        name="appel_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("envoyer_le__isnull", False), ("etat", "prevu")),
                            models.Q(models.Q(("etat", "prevu"), _negated=True), ("envoyer_le__isnull", True)),
                            _connector="OR",
                        ),
                        name="appel_prevu_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("etat__in", ["prevu", "trop_tard"]),
                            models.Q(("envois__gte", 1), ("envoye_le__isnull", False)),
                            _connector="OR",
                        ),
                        name="appel_envoye_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat__in", ["oui", "non", "reserve", "desiste"]), _negated=True),
                            ("reponse_le__isnull", False),
                            _connector="OR",
                        ),
                        name="appel_reponse_datee",
                    ),
                ],
                "indexes": [
                    models.Index(condition=models.Q(("etat", "prevu")), fields=["envoyer_le"], name="appel_a_envoyer"),
                    models.Index(fields=["utilisateur", "envoye_le"], name="appel_de_la_personne"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreferenceUrgences",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "accepte",
                    models.CharField(
                        choices=[
                            ("oui", "Oui, pour moi-même et pour ma structure"),
                            ("structure", "Seulement pour ma structure, si elle les accepte"),
                            ("jamais", "Non, jamais"),
                        ],
                        default="structure",
                        max_length=9,
                        verbose_name="accepte",
                    ),
                ),
                ("savoir_faire", models.CharField(blank=True, max_length=500, verbose_name="savoir-faire")),
                (
                    "rayon",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="rayon (km)",
                    ),
                ),
                ("calme_debut", models.TimeField(default=datetime.time(21, 0), verbose_name="heures calmes, de")),
                ("calme_fin", models.TimeField(default=datetime.time(7, 0), verbose_name="heures calmes, à")),
                (
                    "par_semaine",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="appels par semaine, au plus",
                    ),
                ),
                (
                    "telephone",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[annuaire.validateurs.valider_telephone],
                        verbose_name="téléphone",
                    ),
                ),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifiée le")),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annuaire.commune",
                    ),
                ),
                (
                    "utilisateur",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preference_urgences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "préférence d'appels urgents",
                "verbose_name_plural": "préférences d'appels urgents",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("accepte__in", ["oui", "structure", "jamais"])), name="urgences_accepte"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("par_semaine__range", (1, 20)), ("rayon__range", (1, 100))),
                        name="urgences_bornes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepte", "oui"), _negated=True), ("commune__isnull", False), _connector="OR"
                        ),
                        name="urgences_benevole_situe",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReglagesUrgences",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("accepte", models.BooleanField(default=True, verbose_name="accepte les appels urgents")),
                (
                    "rayon",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="rayon (km)",
                    ),
                ),
                (
                    "referents",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="référents à appeler"
                    ),
                ),
                (
                    "structure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reglages_urgences",
                        to="annuaire.structure",
                    ),
                ),
            ],
            options={
                "verbose_name": "réglages des appels urgents",
                "verbose_name_plural": "réglages des appels urgents",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rayon__range", (1, 100))), name="reglages_urgences_rayon"
                    )
                ],
            },
        ),
        migrations.RunSQL((SQL / "urgences.sql").read_text(), DEFAIRE),
    ]
