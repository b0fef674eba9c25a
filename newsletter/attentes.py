"""What the letter makes staff wait for, on the admin's home: four queries."""

from django.db.models import Count, Min
from django.urls import reverse

from newsletter.models import Abonne, Breve, Numero
from pole_ess.socle.attentes import Attente


def de_la_lettre(utilisateur) -> list[Attente]:
    """News to read or changed in line, sendings that wait for a decision, subscribers who complained."""
    lignes = []
    if utilisateur.has_perm("newsletter.change_breve"):
        liste = reverse("admin:newsletter_breve_changelist")
        compte = Breve.objects.filter(etat="a_valider").aggregate(n=Count("pk"), depuis=Min("soumise_le"))
        aide = "Publier, demander une correction ou refuser : la raison part par e-mail."
        lignes.append(Attente("Brèves à valider", compte["n"], f"{liste}?travail=a_valider", compte["depuis"], aide))
        relues = Breve.objects.filter(a_relire_depuis__isnull=False)
        compte = relues.aggregate(n=Count("pk"), depuis=Min("a_relire_depuis"))
        aide = "Déjà en ligne : vérifiez ce qui a changé."
        lignes.append(Attente("Brèves modifiées", compte["n"], f"{liste}?travail=a_relire", compte["depuis"], aide))
    if utilisateur.has_perm("newsletter.change_numero"):
        compte = Numero.objects.qui_attendent().aggregate(n=Count("pk"), depuis=Min("progres_le"))
        aide = "Un envoi suspendu, ou des messages incertains : tant que vous n'avez pas choisi, il n'est pas terminé."
        lignes.append(
            Attente("Lettres qui vous attendent", compte["n"], reverse("newsletter:redaction"), compte["depuis"], aide)
        )
    if utilisateur.has_perm("newsletter.change_abonne"):
        liste = reverse("admin:newsletter_abonne_changelist")
        plaintes = Abonne.objects.filter(suspension="plainte")
        compte = plaintes.aggregate(n=Count("pk"), depuis=Min("suspendu_le"))
        aide = "Ils ont signalé la lettre comme indésirable : désabonnez-les, ou reprenez s'ils le demandent."
        lignes.append(
            Attente("Plaintes d'abonnés", compte["n"], f"{liste}?suspension__exact=plainte", compte["depuis"], aide)
        )
    return lignes
