"""What meetings know about a member, for the member (RGPD art. 15 and 20)."""

from annuaire.donnees_personnelles import parmi
from reunions.models import (
    ActionStructure,
    Evenement,
    MembreProjet,
    Nouvelle,
    Participant,
    Participation,
    Priorite,
    Reunion,
    SectionCompteRendu,
    Sondage,
    TourDeTable,
    VersionCompteRendu,
)


def parties(utilisateur, adresses):
    """(Title, rows) of each part, in the order of the page."""
    siennes = Participation.objects.filter(utilisateur=utilisateur) | Participation.objects.filter(
        parmi("courriel", adresses)
    )
    yield (
        "Rencontres auxquelles vous êtes invité ou venu",
        (
            {
                "Rencontre": p.reunion.titre,
                "Nom": p.nom,
                "Fonction": p.fonction,
                "Adresse e-mail": p.courriel,
                "Réponse": p.get_reponse_display(),
                "Réponse reçue": p.get_reponse_moyen_display(),
                "Dit par votre agenda": "peut-être" if p.peut_etre_le else "",
                "Confiée à": p.delegation,
                "Présence": p.get_presence_display(),
                "Besoins": p.besoins,
                "Message": p.message,
                "Covoiturage": p.get_covoiturage_display(),
            }
            for p in siennes.select_related("reunion").order_by("pk")
        ),
    )
    yield (
        "Vos priorités au tour de table",
        (
            {"Rencontre": p.tour.reunion.titre, "Priorité": p.texte, "Origine": p.get_origine_display()}
            for p in Priorite.objects.filter(
                tour__in=TourDeTable.objects.filter(participations__in=siennes)
                | TourDeTable.objects.filter(participants__utilisateur=utilisateur)
            )
            .select_related("tour__reunion")
            .order_by("tour", "ordre", "pk")
        ),
    )
    yield (
        "Vos post-it dans les ateliers",
        (
            {"Atelier": p.atelier.reunion.titre, "Post-it": note.texte, "Couleur": note.get_couleur_display()}
            for p in Participant.objects.filter(utilisateur=utilisateur).select_related("atelier__reunion")
            for note in p.postits.all()
        ),
    )
    yield (
        "Événements que vous avez proposés",
        (
            {"Événement": e.titre, "Structure": e.structure.nom, "Le": e.debut}
            for e in Evenement.objects.filter(auteur=utilisateur).select_related("structure").order_by("pk")
        ),
    )
    yield "Rencontres : ce que vous avez fait", [*_actes(utilisateur)]


def _actes(utilisateur):
    for reunion in Reunion.objects.filter(auteur=utilisateur).order_by("pk"):
        yield {"Rencontre préparée": reunion.titre, "Le": reunion.cree_le}
    for notee in Participation.objects.filter(reponse_notee_par=utilisateur).select_related("reunion").order_by("pk"):
        yield {"Réponse notée pour une personne": notee.reunion.titre, "Le": notee.repondue_le}
    for section in SectionCompteRendu.objects.filter(modifie_par=utilisateur).order_by("pk"):
        yield {"Section de compte rendu écrite": section.titre, "Le": section.modifie_le}
    for version in VersionCompteRendu.objects.filter(par=utilisateur).select_related("compte_rendu__reunion"):
        yield {"Compte rendu publié": version.compte_rendu.reunion.titre, "Le": version.cree_le}
    for reunion in Reunion.objects.filter(compte_rendu__relu_par=utilisateur):
        yield {"Compte rendu relu": reunion.titre, "Le": reunion.compte_rendu.relu_le}
    for nouvelle in Nouvelle.objects.filter(par=utilisateur).order_by("pk"):
        yield {"Nouvelle écrite": nouvelle.texte, "Le": nouvelle.cree_le}
    for engagement in ActionStructure.objects.filter(par=utilisateur).select_related("action", "structure"):
        yield {"Engagement": engagement.action.titre, "Au nom de": engagement.structure.nom, "Le": engagement.cree_le}
    for adhesion in MembreProjet.objects.filter(par=utilisateur).select_related("projet", "structure"):
        yield {"Projet rejoint": adhesion.projet.nom, "Au nom de": adhesion.structure.nom, "Le": adhesion.cree_le}
    for sondage in Sondage.objects.filter(auteur=utilisateur).order_by("pk"):
        yield {"Sondage de dates": sondage.titre, "Le": sondage.cree_le}
