"""Registered structures: invented names and numbers (« W00… » is of no prefecture)."""

import factory
from django.utils import timezone

from annuaire import models
from tests.factories import CommuneFactory


class EntreeRegistreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.EntreeRegistre

    registre = "rna"
    identifiant = factory.Sequence(lambda n: f"W00{n:07d}")
    rna = factory.SelfAttribute("identifiant")
    nom = factory.Sequence(lambda n: f"ASSOCIATION INVENTEE {n}")
    objet = "faire vivre un exemple"
    commune = factory.SubFactory(CommuneFactory)
    vue_le = factory.LazyFunction(timezone.localdate)


class InvitationFactory(factory.django.DjangoModelFactory):
    """By letter; `courriel=` makes it one by mail."""

    class Meta:
        model = models.InvitationRegistre

    entree = factory.SubFactory(EntreeRegistreFactory, etat="invitee")
    voie = factory.LazyAttribute(lambda o: "courriel" if o.courriel else "lettre")
    courriel = ""
    source_courriel = factory.LazyAttribute(lambda o: "son site" if o.courriel else "")
    code = factory.Sequence(lambda n: "ABCDEF" + chr(65 + n // 8 % 8) + chr(65 + n % 8))
    envoyee_le = factory.LazyFunction(timezone.now)


def garnir_registres(structure, lea=None):
    """One row at least of every model of registers that points to `structure`; `lea` is of the staff."""
    courriel = {"courriel": lea.email} if lea else {}
    rapprochee = EntreeRegistreFactory(etat="rapprochee", structure=structure, decidee_par=lea)
    EntreeRegistreFactory(proposee=structure, ressemblance="même nom, même commune")
    models.EntreeDistincte.objects.create(entree=EntreeRegistreFactory(), structure=structure)
    InvitationFactory(
        structure=structure, proposee_le=timezone.now(), envoyee_par=lea, entree__etat="invitee", **courriel
    )
    depot = models.ImportRegistre.objects.create(nom="rna.csv", source="rna", depose_par=lea)
    models.LigneRegistre.objects.create(
        import_registre=depot, numero=2, statut="creee", nom=rapprochee.nom, entree=rapprochee
    )
