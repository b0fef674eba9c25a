"""Lists of conversations, in a constant number of queries."""

from django.db.models import BooleanField, Case, Count, F, OuterRef, Q, Subquery, Value, When

from annuaire.querysets import structures_de

OUVERTES = ("proposee", "vue", "interessee")


def pour_liste(relations, utilisateur):
    """With `dernier_cote`, `dernier_le`, `ma_main` (my side has to answer); those first, then the newest word."""
    from ressources.models import Message

    ecrits = (
        Message.objects.filter(mise_en_relation=OuterRef("pk"))
        .exclude(cote=Message.Cote.PORTAIL)
        .order_by("-cree_le", "-pk")
    )
    siennes = structures_de(utilisateur)
    return (
        relations.select_related("annonce", "annonceur", "structure")
        .annotate(
            dernier_cote=Subquery(ecrits.values("cote")[:1]),
            dernier_le=Subquery(ecrits.values("cree_le")[:1]),
        )
        .annotate(
            ma_main=Case(
                When(~Q(etat__in=OUVERTES), then=Value(False)),
                When(Q(dernier_cote="structure", annonceur__in=siennes), then=Value(True)),
                When(Q(dernier_cote="annonceur", structure__in=siennes), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            ),
            cote_annonceur=Case(
                When(annonceur__in=siennes, then=Value(True)), default=Value(False), output_field=BooleanField()
            ),
        )
        .order_by("-ma_main", F("dernier_le").desc(nulls_last=True), "-pk")
    )


def combien_attendent(utilisateur) -> int:
    """Conversations where the person's structures have to answer."""
    from ressources.models import MiseEnRelation

    relations = MiseEnRelation.objects.de(utilisateur).filter(etat__in=OUVERTES)
    return pour_liste(relations, utilisateur).filter(ma_main=True).count()


def par_etat(relations) -> dict:
    """State -> how many."""
    return dict(relations.order_by().values_list("etat").annotate(Count("pk")))
