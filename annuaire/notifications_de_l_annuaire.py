"""The directory's own optional mails, when they still hold, and what a person's export says of theirs."""

from annuaire.models import Avis, PauseNotifications, PreferenceNotification, Resume, Rythme, Structure
from annuaire.notifications import Sorte, enregistrer, enregistrer_verites
from annuaire.querysets import structures_de

RELANCES = Sorte(
    cle="relances",
    groupe="rappels",
    nom="Ce qui est à mettre à jour",
    aide="Une annonce qui expire, une fiche à confirmer une fois par an, une action dont la date approche, "
    "« qu'est-ce que ça a donné ? » après un échange.",
    rythmes=tuple(Rythme),
    defaut=Rythme.QUOTIDIEN,
)
RAPPELS = Sorte(
    cle="rappels",
    groupe="rappels",
    nom="La veille, ou quelques jours avant",
    aide="Une rencontre à laquelle vous n'avez pas répondu, un prêt à remettre ou à rendre, une mission de bénévolat.",
    rythmes=(Rythme.IMMEDIAT, Rythme.JAMAIS),
    defaut=Rythme.IMMEDIAT,
    membres=False,
)
PUBLICATIONS = Sorte(
    cle="publications",
    groupe="structures",
    nom="Mon annonce, mon événement ou ma brève est en ligne",
    aide="Quand l'équipe l'a relu et publié. Une correction demandée ou un refus vous est toujours écrit.",
    rythmes=tuple(Rythme),
    defaut=Rythme.QUOTIDIEN,
)


def declarer() -> None:
    enregistrer(RAPPELS, RELANCES, PUBLICATIONS)
    enregistrer_verites([("relances", Structure, _fiches_a_confirmer)])


def _fiches_a_confirmer(utilisateur):
    """Published, still this person's, and nobody has answered since the question was asked."""
    siennes = structures_de(utilisateur, referent=True)
    return Structure.objects.publiees().sans_reponse_a_la_relance().filter(pk__in=siennes)


def parties(utilisateur, adresses):
    """For the export of the person's own data."""
    yield (
        "Messages que vous recevez",
        [
            *(
                {"Sorte": p.sorte, "Rythme": p.get_rythme_display()}
                for p in PreferenceNotification.objects.filter(utilisateur=utilisateur).order_by("sorte")
            ),
            *(
                {"En pause depuis": p.depuis, "Jusqu'au": p.jusqu_au}
                for p in PauseNotifications.objects.filter(utilisateur=utilisateur)
            ),
        ],
    )
    yield (
        "Avis et messages groupés",
        [
            *(
                {"Avis": a.titre or a.sorte, "État": a.get_etat_display(), "Le": a.cree_le}
                for a in Avis.objects.filter(utilisateur=utilisateur)
            ),
            *(
                {"Message groupé": r.get_rythme_display(), "Le": r.cree_le}
                for r in Resume.objects.filter(utilisateur=utilisateur).order_by("pk")
            ),
        ],
    )
