"""What waits for the hub's staff in the directory, for the admin's home: one query per line at most."""

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils import timezone

from annuaire import paires
from annuaire.models import (
    Echange,
    EntreeRegistre,
    ImportStructures,
    Modification,
    Rattachement,
    Signalement,
    Structure,
)
from annuaire.querysets_suivi import avec_attente
from pole_ess.socle.attentes import Attente
from pole_ess.socle.models import Courriel, ReglagesPole


def _liste(modele, parametres="") -> str:
    return reverse(f"admin:annuaire_{modele}_changelist") + parametres


def de_l_annuaire(utilisateur) -> list[Attente]:
    """The lines this user may deal with, the ones with a person waiting first."""
    if not utilisateur.has_perm("annuaire.change_structure"):
        return []
    return [*_a_decider(), *_fiches(), *_courriels(utilisateur)]


def _compte(demande, date) -> tuple:
    total = demande.order_by().aggregate(nombre=Count("pk"), depuis=Min(date))
    return total["nombre"], total["depuis"]


def _a_decider():
    structures, depuis_structures = _compte(avec_attente(Structure.objects.filter(etat="a_valider")), "attend_depuis")
    modifications, depuis_modifications = _compte(Modification.objects.filter(etat="a_relire"), "cree_le")
    signalements = Signalement.objects.filter(etat="a_traiter").aggregate(
        erreurs=Count("pk", filter=Q(genre="erreur")),
        depuis_erreurs=Min("cree_le", filter=Q(genre="erreur")),
        retraits=Count("pk", filter=Q(genre="retrait")),
        depuis_retraits=Min("cree_le", filter=Q(genre="retrait")),
    )
    demandes, depuis_demandes = _compte(Rattachement.objects.filter(etat="demande"), "cree_le")
    return [
        Attente(
            "Retraits de données demandés",
            signalements["retraits"],
            _liste("signalement", "?etat__exact=a_traiter&genre__exact=retrait"),
            signalements["depuis_retraits"],
            "La loi donne un mois pour répondre.",
            pressant=True,
        ),
        Attente(
            "Structures à valider",
            structures,
            _liste("structure", "?etat__exact=a_valider"),
            depuis_structures,
            "Publier, demander une correction ou refuser.",
        ),
        Attente(
            "Demandes de rattachement",
            demandes,
            _liste("rattachement", "?etat__exact=demande"),
            depuis_demandes,
            "Quelqu'un dit représenter une structure.",
        ),
        Attente(
            "Modifications à relire",
            modifications,
            _liste("modification", "?etat__exact=a_relire"),
            depuis_modifications,
            "Elles sont déjà en ligne.",
        ),
        Attente(
            "Erreurs signalées",
            signalements["erreurs"],
            _liste("signalement", "?etat__exact=a_traiter&genre__exact=erreur"),
            signalements["depuis_erreurs"],
        ),
    ]


def _fiches():
    aujourdhui = timezone.localdate()
    rappels = Echange.objects.a_rappeler(aujourdhui).aggregate(nombre=Count("pk"), depuis=Min("prochaine_date"))
    a_telephoner, depuis_appel = _compte(Structure.objects.a_telephoner(aujourdhui), "verifiee_le")
    a_confirmer, depuis_confirmer = _compte(Structure.objects.a_confirmer(aujourdhui), "verifiee_le")
    en_double = paires.nombre()
    return [
        Attente("Rappels promis", rappels["nombre"], _liste("echange", "?rappel=du"), rappels["depuis"], pressant=True),
        Attente(
            "Fiches à téléphoner",
            a_telephoner,
            reverse("admin:annuaire_structure_a_telephoner"),
            depuis_appel,
            "Sans réponse au message de l'année, ou sans adresse.",
            peut_attendre=True,
        ),
        Attente(
            f"Fiches sans nouvelles depuis {ReglagesPole.actuels().get_mois_confirmation_display()}",
            a_confirmer,
            _liste("structure", "?fraicheur=a_confirmer"),
            depuis_confirmer,
            "Le portail leur écrit ; rien à faire tout de suite.",
            peut_attendre=True,
        ),
        Attente(
            "Doublons possibles",
            en_double,
            reverse("admin:annuaire_structure_doublons"),
            aide="Fusionner, ou dire que ce sont deux structures.",
        ),
        *_registres(),
        *_imports(),
    ]


def _registres():
    nombre, depuis = _compte(EntreeRegistre.objects.a_rapprocher(), "vue_le")
    return [
        Attente(
            "Structures enregistrées qui ressemblent à une fiche",
            nombre,
            _liste("entreeregistre", "?liste=a_rapprocher"),
            depuis,
            "Dire si c'est la même.",
            peut_attendre=True,
        )
    ]


def _imports():
    nombre, depuis = _compte(ImportStructures.objects.filter(etat="previsualise"), "cree_le")
    aide = "Prévisualisés, pas encore écrits."
    return [
        Attente("Imports à appliquer", nombre, _liste("importstructures", "?etat__exact=previsualise"), depuis, aide)
    ]


def _courriels(utilisateur):
    if not utilisateur.has_perm("socle.view_courriel"):
        return []
    total = Courriel.objects.filter(etat__in=["incertain", "rejete"]).aggregate(
        nombre=Count("pk"), depuis=Min("cree_le"), dernier=Max("cree_le")
    )
    return [
        Attente(
            "E-mails incertains ou rejetés",
            total["nombre"],
            reverse("admin:socle_courriel_changelist") + "?etat__in=incertain,rejete",
            total["depuis"],
            "À renvoyer, ou une adresse à corriger.",
        )
    ]
