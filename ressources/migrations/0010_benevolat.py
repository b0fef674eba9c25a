"""Volunteers: missions, shifts, registrations, profiles, contacts; triggers that count places."""

from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ressources.models.moderation

SQL = Path(__file__).parent / "sql"
DEFAIRE = """
DROP TRIGGER mission_verifier ON public.ressources_mission;
DROP TRIGGER inscription_compter ON public.ressources_inscriptionbenevole;
DROP TRIGGER creneau_deplace ON public.ressources_creneau;
DROP TRIGGER inscription_periode ON public.ressources_inscriptionbenevole;
DROP FUNCTION public.ressources_mission_verifier();
DROP FUNCTION public.ressources_inscription_compter();
DROP FUNCTION public.ressources_creneau_deplace();
DROP FUNCTION public.ressources_inscription_periode();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0008_mots_de_l_equipe"),
        ("ressources", "0009_mises_en_commun"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Mission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("evenement", models.CharField(blank=True, max_length=160, verbose_name="événement")),
                ("lien", models.URLField(blank=True, verbose_name="page de l'événement")),
                ("lieu", models.CharField(blank=True, max_length=200)),
                ("consignes", models.TextField(blank=True, max_length=2000)),
                (
                    "etat",
                    models.CharField(
                        choices=[("ouverte", "ouverte"), ("annulee", "annulée")],
                        default="ouverte",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("motif", models.CharField(blank=True, max_length=500, verbose_name="raison de l'annulation")),
                (
                    "cle",
                    models.UUIDField(
                        help_text="Key of the form that was shown: a retried request writes once.", unique=True
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="ouverte le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifiée le")),
                (
                    "annonce",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mission", to="ressources.annonce"
                    ),
                ),
                (
                    "competences",
                    models.ManyToManyField(
                        blank=True, related_name="missions", to="annuaire.competence", verbose_name="compétences utiles"
                    ),
                ),
            ],
            options={
                "verbose_name": "mission de bénévolat",
                "verbose_name_plural": "missions de bénévolat",
                "ordering": ["-cree_le", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["ouverte", "annulee"])), name="mission_etat_connu"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Creneau",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("intitule", models.CharField(blank=True, max_length=120, verbose_name="ce qu'on y fait")),
                ("debut", models.DateTimeField(verbose_name="début")),
                ("fin", models.DateTimeField()),
                ("lieu", models.CharField(blank=True, max_length=200)),
                (
                    "places",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ]
                    ),
                ),
                ("places_prises", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "etat",
                    models.CharField(
                        choices=[("ouvert", "ouvert"), ("annule", "annulé")],
                        default="ouvert",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("motif", models.CharField(blank=True, max_length=500, verbose_name="raison de l'annulation")),
                ("cle", models.UUIDField(help_text="Key of the form that was shown: a retried request writes once.")),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="ajouté le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="creneaux", to="ressources.mission"
                    ),
                ),
            ],
            options={
                "verbose_name": "créneau de bénévolat",
                "verbose_name_plural": "créneaux de bénévolat",
                "ordering": ["debut", "fin", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("fin__gt", models.F("debut"))), name="creneau_ordre"),
                    models.CheckConstraint(condition=models.Q(("places__gte", 1)), name="creneau_places"),
                    models.CheckConstraint(
                        condition=models.Q(("places_prises__lte", models.F("places"))), name="creneau_jamais_depasse"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["ouvert", "annule"])), name="creneau_etat_connu"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("etat", "ouvert")),
                        fields=("mission", "debut", "fin", "intitule"),
                        name="creneau_une_fois",
                    ),
                ],
                "indexes": [
                    models.Index(condition=models.Q(("etat", "ouvert")), fields=["debut"], name="creneau_debut"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriseDeContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "jeton_structure",
                    models.CharField(default=ressources.models.moderation.nouveau_jeton, max_length=40, unique=True),
                ),
                (
                    "jeton_benevole",
                    models.CharField(default=ressources.models.moderation.nouveau_jeton, max_length=40, unique=True),
                ),
                ("refuse_le", models.DateTimeField(blank=True, null=True, verbose_name="messages refusés le")),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="ouverte le")),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prises_de_contact",
                        to="annuaire.structure",
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prises_de_contact",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "prise de contact avec un bénévole",
                "verbose_name_plural": "prises de contact avec des bénévoles",
                "ordering": ["-cree_le", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("structure", "utilisateur"), name="prise_de_contact_une_fois"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageBenevole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cote",
                    models.CharField(
                        choices=[("structure", "la structure"), ("benevole", "le bénévole")],
                        max_length=10,
                        verbose_name="écrit par",
                    ),
                ),
                ("texte", models.TextField(max_length=4000)),
                (
                    "voie",
                    models.CharField(
                        choices=[("site", "sur le site"), ("courriel", "par e-mail")], default="site", max_length=8
                    ),
                ),
                (
                    "cle",
                    models.UUIDField(
                        help_text="Key of the form or of the mail: a retried request writes once.", unique=True
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="écrit le")),
                (
                    "auteur",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="ressources.prisedecontact",
                    ),
                ),
            ],
            options={
                "verbose_name": "message à un bénévole",
                "verbose_name_plural": "messages aux bénévoles",
                "ordering": ["cree_le", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cote__in", ["structure", "benevole"])), name="message_benevole_cote_connu"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProfilBenevole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom_montre", models.CharField(max_length=60, verbose_name="nom montré")),
                (
                    "demi_journees",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("lundi_matin", "lundi matin"),
                                ("lundi_apres_midi", "lundi après-midi"),
                                ("lundi_soir", "lundi soir"),
                                ("mardi_matin", "mardi matin"),
                                ("mardi_apres_midi", "mardi après-midi"),
                                ("mardi_soir", "mardi soir"),
                                ("mercredi_matin", "mercredi matin"),
                                ("mercredi_apres_midi", "mercredi après-midi"),
                                ("mercredi_soir", "mercredi soir"),
                                ("jeudi_matin", "jeudi matin"),
                                ("jeudi_apres_midi", "jeudi après-midi"),
                                ("jeudi_soir", "jeudi soir"),
                                ("vendredi_matin", "vendredi matin"),
                                ("vendredi_apres_midi", "vendredi après-midi"),
                                ("vendredi_soir", "vendredi soir"),
                                ("samedi_matin", "samedi matin"),
                                ("samedi_apres_midi", "samedi après-midi"),
                                ("samedi_soir", "samedi soir"),
                                ("dimanche_matin", "dimanche matin"),
                                ("dimanche_apres_midi", "dimanche après-midi"),
                                ("dimanche_soir", "dimanche soir"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="demi-journées libres",
                    ),
                ),
                (
                    "rayon_km",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(300),
                        ],
                        verbose_name="jusqu'à (km)",
                    ),
                ),
                ("a_distance", models.BooleanField(default=False, verbose_name="aussi à distance")),
                ("presentation", models.TextField(blank=True, max_length=1000, verbose_name="présentation")),
                ("visible", models.BooleanField(default=True, verbose_name="trouvable par les structures")),
                ("en_pause_jusqu_au", models.DateField(blank=True, null=True, verbose_name="en pause jusqu'au")),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
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
                    "competences",
                    models.ManyToManyField(
                        blank=True, related_name="benevoles", to="annuaire.competence", verbose_name="compétences"
                    ),
                ),
                (
                    "utilisateur",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="profil_benevole",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "profil de bénévole",
                "verbose_name_plural": "profils de bénévoles",
                "ordering": ["-modifie_le", "-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("rayon_km__gte", 1)), name="profil_benevole_rayon"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "demi_journees__contained_by",
                                [
                                    "lundi_matin",
                                    "lundi_apres_midi",
                                    "lundi_soir",
                                    "mardi_matin",
                                    "mardi_apres_midi",
                                    "mardi_soir",
                                    "mercredi_matin",
                                    "mercredi_apres_midi",
                                    "mercredi_soir",
                                    "jeudi_matin",
                                    "jeudi_apres_midi",
                                    "jeudi_soir",
                                    "vendredi_matin",
                                    "vendredi_apres_midi",
                                    "vendredi_soir",
                                    "samedi_matin",
                                    "samedi_apres_midi",
                                    "samedi_soir",
                                    "dimanche_matin",
                                    "dimanche_apres_midi",
                                    "dimanche_soir",
                                ],
                            )
                        ),
                        name="profil_benevole_demi_journees",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InscriptionBenevole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("periode", django.contrib.postgres.fields.ranges.DateTimeRangeField(editable=False, null=True)),
                ("nom", models.CharField(blank=True, max_length=120)),
                (
                    "telephone",
                    models.CharField(blank=True, max_length=30, verbose_name="téléphone donné pour ce créneau"),
                ),
                ("message", models.CharField(blank=True, max_length=500)),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("inscrite", "place confirmée"),
                            ("en_attente", "en liste d'attente"),
                            ("annulee", "annulée"),
                            ("venue", "est venu"),
                            ("absente", "n'est pas venu"),
                        ],
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("motif", models.CharField(blank=True, max_length=500, verbose_name="raison")),
                (
                    "annulee_par",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "par la personne"),
                            ("structure", "par la structure"),
                            ("creneau", "avec le créneau"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="annulée",
                    ),
                ),
                (
                    "heures",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=4,
                        null=True,
                        verbose_name="heures notées par la structure",
                    ),
                ),
                (
                    "heures_benevole",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=4,
                        null=True,
                        verbose_name="heures dites par la personne",
                    ),
                ),
                ("mot_benevole", models.CharField(blank=True, max_length=500, verbose_name="mot de la personne")),
                ("notee_le", models.DateTimeField(blank=True, null=True, verbose_name="pointée le")),
                ("confirmee_le", models.DateTimeField(blank=True, null=True, verbose_name="place confirmée le")),
                ("annulee_le", models.DateTimeField(blank=True, null=True, verbose_name="annulée le")),
                (
                    "cle",
                    models.UUIDField(
                        help_text="Key of the form that was shown: a retried request writes once.", unique=True
                    ),
                ),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="demandée le")),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifiée le")),
                (
                    "creneau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inscriptions",
                        to="ressources.creneau",
                    ),
                ),
                (
                    "notee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inscriptions_benevoles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "inscription d'un bénévole",
                "verbose_name_plural": "inscriptions de bénévoles",
                "ordering": ["cree_le", "pk"],
                "indexes": [
                    models.Index(fields=["creneau", "etat", "cree_le"], name="inscription_creneau"),
                    models.Index(
                        condition=models.Q(("etat", "en_attente")), fields=["cree_le"], name="inscription_attente"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("etat", "annulee"), _negated=True),
                        fields=("creneau", "utilisateur"),
                        name="inscription_une_par_creneau",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("etat__in", ["inscrite", "venue"])),
                        expressions=[("utilisateur", "="), ("periode", "&&")],
                        name="inscription_jamais_deux",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["inscrite", "en_attente", "annulee", "venue", "absente"])),
                        name="inscription_etat_connu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat__in", ["inscrite", "en_attente"]), _negated=True),
                            ("utilisateur__isnull", False),
                            _connector="OR",
                        ),
                        name="inscription_de_quelqu_un",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat__in", ["inscrite", "venue", "absente"]), _negated=True),
                            ("confirmee_le__isnull", False),
                            _connector="OR",
                        ),
                        name="inscription_confirmee_datee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "annulee"), _negated=True), ("annulee_le__isnull", False), _connector="OR"
                        ),
                        name="inscription_annulee_datee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("heures__isnull", True),
                                models.Q(("etat", "venue"), ("heures__gte", 0), ("heures__lte", 24)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("heures_benevole__isnull", True),
                                models.Q(("heures_benevole__gte", 0), ("heures_benevole__lte", 24)),
                                _connector="OR",
                            ),
                        ),
                        name="inscription_heures",
                    ),
                ],
            },
        ),
        migrations.RunSQL((SQL / "benevolat.sql").read_text(), DEFAIRE),
    ]
