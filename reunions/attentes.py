"""What meetings and the agenda make staff wait for, on the admin's home: two queries."""

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle.attentes import Attente
from reunions.models import Action, Evenement, Reunion


def de_l_agenda(utilisateur) -> list[Attente]:
    """Events to read, first or again, and announced meetings whose day is past."""
    lignes = []
    if utilisateur.has_perm("reunions.change_evenement"):
        liste = reverse("admin:reunions_evenement_changelist")
        a_valider, a_relire = Q(etat="a_valider"), Q(a_relire_depuis__isnull=False)
        compte = Evenement.objects.filter(a_valider | a_relire).aggregate(
            n=Count("pk", filter=a_valider),
            depuis=Min("soumis_le", filter=a_valider),
            modifies=Count("pk", filter=a_relire),
            depuis_modifies=Min("a_relire_depuis"),
        )
        lignes.append(
            Attente(
                "Événements à valider",
                compte["n"],
                f"{liste}?travail=a_valider",
                compte["depuis"],
                "Publier, demander une correction ou refuser : la raison part par e-mail.",
            )
        )
        lignes.append(
            Attente(
                "Événements modifiés à relire",
                compte["modifies"],
                f"{liste}?travail=a_relire",
                compte["depuis_modifies"],
                "Ils sont déjà dans l'agenda : ce qui a changé est montré champ par champ.",
            )
        )
    if utilisateur.has_perm("reunions.change_reunion"):
        finies = Reunion.objects.passees(timezone.now()).filter(etat="annoncee").order_by()
        compte = finies.aggregate(n=Count("pk"), depuis=Min("debut"))
        lignes.append(
            Attente(
                "Rencontres passées à clore",
                compte["n"],
                f"{reverse('admin:reunions_reunion_changelist')}?etat__exact=annoncee",
                compte["depuis"],
                "Dire qu'elles ont eu lieu, puis publier le compte rendu.",
            )
        )
    return lignes


def des_actions(utilisateur) -> list[Attente]:
    """Actions whose day is past. One query."""
    if not utilisateur.has_perm("reunions.view_action"):
        return []
    compte = Action.objects.en_retard().order_by().aggregate(n=Count("pk"), depuis=Min("echeance"))
    liste = f"{reverse('reunions:actions')}?retard=1"
    aide = "Demander où cela en est, donner une autre date, ou y renoncer ; elles ouvrent l'ordre du jour suivant."
    return [Attente("Actions décidées en retard", compte["n"], liste, compte["depuis"], aide, pressant=True)]
