"""The optional mails of offers and needs: their kinds, what is set elsewhere, and when each still holds."""

from annuaire.models import Rythme
from annuaire.notifications import Ailleurs, Sorte, enregistrer, enregistrer_ailleurs, enregistrer_verites
from ressources.actions import alertes, rapprochements, urgences_preferences
from ressources.models import (
    Alerte,
    Annonce,
    InscriptionBenevole,
    MiseEnCommun,
    MiseEnRelation,
    Mission,
    OperationHeures,
    PartDeLot,
    PartEnCommun,
    PreferenceRapprochements,
    PriseDeContact,
    Reservation,
)

FREQUENCES = {
    Rythme.QUOTIDIEN: PreferenceRapprochements.Frequence.QUOTIDIENNE,
    Rythme.HEBDOMADAIRE: PreferenceRapprochements.Frequence.HEBDOMADAIRE,
    Rythme.JAMAIS: PreferenceRapprochements.Frequence.JAMAIS,
}


def _lire_rapprochements(utilisateur) -> Rythme:
    choisie = PreferenceRapprochements.objects.filter(utilisateur=utilisateur).values_list("frequence", flat=True)
    return {frequence: rythme for rythme, frequence in FREQUENCES.items()}.get(choisie.first(), Rythme.HEBDOMADAIRE)


def _ecrire_rapprochements(utilisateur, rythme) -> None:
    if rythme != _lire_rapprochements(utilisateur):
        rapprochements.choisir_frequence(utilisateur, frequence=FREQUENCES[rythme])


SORTES = (
    Sorte(
        cle="demandes",
        groupe="echanges",
        nom="Quelqu'un attend ma réponse",
        aide="Une réponse à votre annonce, une demande de réservation, d'une part d'un lot, des heures à confirmer. "
        "Une demande qui n'attendrait pas le lendemain part toujours tout de suite.",
        rythmes=(Rythme.IMMEDIAT, Rythme.QUOTIDIEN),
        defaut=Rythme.IMMEDIAT,
        membres=False,
    ),
    Sorte(
        cle="messages",
        groupe="echanges",
        nom="De nouveaux messages dans mes conversations",
        aide="Tout de suite, le texte est dans le message et vous y répondez par e-mail ; groupé, un lien mène à la "
        "conversation.",
        rythmes=tuple(Rythme),
        defaut=Rythme.IMMEDIAT,
        membres=False,
    ),
    Sorte(
        cle="benevoles",
        groupe="structures",
        nom="Le point du matin sur nos bénévoles",
        aide="Qui vient demain, et les nouvelles inscriptions de la veille.",
        rythmes=(Rythme.QUOTIDIEN, Rythme.JAMAIS),
        defaut=Rythme.QUOTIDIEN,
    ),
    Sorte(
        cle="achats",
        groupe="structures",
        nom="Les achats groupés et les postes partagés",
        aide="Qui rejoint ou quitte le vôtre, le minimum atteint, une clôture passée ou repoussée.",
        rythmes=tuple(Rythme),
        defaut=Rythme.QUOTIDIEN,
    ),
    Sorte(
        cle="rapprochements",
        groupe="recherches",
        nom="Ce qui répond à mes annonces",
        aide="Les offres et les besoins que le portail trouve en face des vôtres.",
        rythmes=tuple(FREQUENCES),
        defaut=Rythme.HEBDOMADAIRE,
        lire=_lire_rapprochements,
        ecrire=_ecrire_rapprochements,
    ),
)


def _etat_des_alertes(utilisateur) -> str:
    actives = Alerte.objects.filter(utilisateur=utilisateur, active=True).count()
    if not actives:
        return "Aucune en ce moment."
    return "Une, à son rythme." if actives == 1 else f"{actives}, chacune à son rythme."


def _etat_des_appels(utilisateur) -> str:
    return f"{urgences_preferences.preference_de(utilisateur).get_accepte_display()}."


def declarer() -> None:
    enregistrer(*SORTES)
    enregistrer_ailleurs(
        Ailleurs(
            "alertes", "Mes alertes sur une recherche", "Mes alertes", "ressources:alertes", _etat_des_alertes,
            alertes.arreter_toutes,
        ),
        Ailleurs(
            "urgences", "Les appels urgents", "Mes appels urgents", "ressources:urgences_preferences",
            _etat_des_appels, urgences_preferences.ne_plus_appeler,
        ),
    )  # fmt: skip
    enregistrer_verites(VERITES)


VERITES = [
    ("demandes", MiseEnRelation, lambda u: MiseEnRelation.objects.de(u).a_decider()),
    ("demandes", Reservation, lambda u: Reservation.objects.de(u).a_decider()),
    ("demandes", PartDeLot, lambda u: PartDeLot.objects.visibles_par(u).a_decider()),
    ("demandes", OperationHeures, lambda u: OperationHeures.objects.visibles_par(u).ouvertes()),
    ("demandes", InscriptionBenevole, InscriptionBenevole.objects.visibles_par),
    ("messages", MiseEnRelation, lambda u: MiseEnRelation.objects.de(u).en_cours()),
    ("messages", PriseDeContact, PriseDeContact.objects.visibles_par),
    ("relances", MiseEnRelation, lambda u: MiseEnRelation.objects.de(u).en_cours()),
    ("relances", Annonce, lambda u: Annonce.objects.gerables_par(u).rappelees()),
    ("publications", Annonce, lambda u: Annonce.objects.ouvertes().visibles_par(u)),
    ("rappels", Reservation, lambda u: Reservation.objects.de(u).bloquantes()),
    ("rappels", InscriptionBenevole, InscriptionBenevole.objects.a_venir_de),
    ("benevoles", Mission, lambda u: Mission.objects.visibles_par(u).filter(etat="ouverte")),
    ("achats", MiseEnCommun, lambda u: MiseEnCommun.objects.visibles_par(u).en_cours()),
    ("achats", PartEnCommun, PartEnCommun.objects.de_mes_structures),
]
"""(kind, model, what this person is still to be told of): closed, met, answered or out of reach since is dropped."""
