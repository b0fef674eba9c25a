"""What the search across everything may show, and to whom."""

from django.db import models
from django.db.models import Exists, OuterRef, Q


class EntreeRechercheQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur, *genres):
        """The entries of these kinds whose object this person may see elsewhere: the rights are the objects' own.

        No draft for anybody: its words are not there. Each right is asked of the rows that the words found.
        """
        from newsletter.models import Breve, Numero
        from reunions.calendrier.recherche import visibles as visibles_de_l_agenda
        from reunions.models import Action, CompteRendu, Projet

        reunions, evenements = visibles_de_l_agenda(utilisateur)
        permis = {
            "rencontre": reunions,
            "evenement": evenements,
            "compte_rendu": CompteRendu.objects.visibles_par(utilisateur),
            "lettre": Numero.objects.archives(),
            "breve": Breve.objects.publiees(),
            "action": Action.objects.visibles_par(utilisateur),
            "projet": Projet.objects.all(),
        }
        voulues = Q()
        for genre in genres:
            voulues |= Q(Exists(permis[genre].order_by().filter(pk=OuterRef("objet"))), genre=genre)
        return self.filter(voulues)
