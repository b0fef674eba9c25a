from django.db import models
from django.db.models import Q
from django.db.models.constraints import Deferrable

from annuaire.models import Structure
from ressources.models import Annonce
from reunions.models import Action, CompteRendu, Evenement, Reunion

from .breve import Breve
from .numero import Bloc, Numero

SORTES = ("structure", "annonce", "breve", "reunion", "evenement", "compte_rendu", "action")
"""What an element may point to: the names of its foreign keys."""

SORTES_DES_BLOCS = {
    Bloc.Genre.TEXTE: (),
    Bloc.Genre.STRUCTURES: ("structure",),
    Bloc.Genre.OFFRES: ("annonce",),
    Bloc.Genre.BESOINS: ("annonce",),
    Bloc.Genre.BREVES: ("breve",),
    Bloc.Genre.RENCONTRES: ("reunion", "evenement"),
    Bloc.Genre.COMPTES_RENDUS: ("compte_rendu",),
    Bloc.Genre.ACTIONS: ("action",),
}
"""Kind of block -> what it holds."""


def _un_seul(prefixe: str) -> models.CheckConstraint:
    """Exactly one of the keys, the one that `sorte` names."""
    condition = Q()
    for sorte in SORTES:
        condition |= Q(sorte=sorte, **{f"{autre}__isnull": autre != sorte for autre in SORTES})
    return models.CheckConstraint(condition=condition, name=f"{prefixe}_un_objet")


def _une_fois(prefixe: str) -> list[models.UniqueConstraint]:
    return [models.UniqueConstraint(fields=["numero", sorte], name=f"{prefixe}_{sorte}_une_fois") for sorte in SORTES]


class Reference(models.Model):
    """One object of the portal, named by an issue."""

    class Sorte(models.TextChoices):
        STRUCTURE = "structure", "structure"
        ANNONCE = "annonce", "annonce"
        BREVE = "breve", "brève"
        REUNION = "reunion", "rencontre"
        EVENEMENT = "evenement", "événement"
        COMPTE_RENDU = "compte_rendu", "compte rendu"
        ACTION = "action", "action"

    sorte = models.CharField(max_length=12, choices=Sorte.choices)
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    annonce = models.ForeignKey(Annonce, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    breve = models.ForeignKey(Breve, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    reunion = models.ForeignKey(Reunion, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    evenement = models.ForeignKey(Evenement, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    compte_rendu = models.ForeignKey(CompteRendu, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True

    @property
    def objet(self):
        """The structure, the announcement… that it points to."""
        return getattr(self, self.sorte)

    @property
    def objet_id(self) -> int:
        return getattr(self, f"{self.sorte}_id")


class Element(Reference):
    """A live reference in a block: what is read is the object as it is when the issue starts.

    `ecarte`: dropped by the staff; the row stays so that « préparer » does not propose it again in this issue.
    """

    numero = models.ForeignKey(Numero, on_delete=models.CASCADE, related_name="elements")
    bloc = models.ForeignKey(Bloc, on_delete=models.CASCADE, related_name="elements")
    ordre = models.PositiveSmallIntegerField(default=0)
    mot = models.CharField("mot de l'équipe", max_length=300, blank=True)
    ecarte = models.BooleanField("écarté", default=False)

    class Meta:
        verbose_name = "élément de la lettre"
        verbose_name_plural = "éléments de la lettre"
        ordering = ["ordre", "pk"]
        constraints = [
            _un_seul("element"),
            *_une_fois("element"),
            models.UniqueConstraint(
                fields=["bloc", "ordre"], name="element_ordre_unique", deferrable=Deferrable.DEFERRED
            ),
        ]

    def __str__(self):
        return str(self.objet)


class DejaDit(Reference):
    """The ledger of what an issue told its readers, written when it starts: what was said is not proposed again."""

    numero = models.ForeignKey(Numero, on_delete=models.CASCADE, related_name="deja_dits")
    le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "déjà dit dans la lettre"
        verbose_name_plural = "déjà dits dans la lettre"
        ordering = ["-le", "-pk"]
        constraints = [_un_seul("deja_dit"), *_une_fois("deja_dit")]

    def __str__(self):
        return str(self.objet)
