"""What the offers and needs know about a member, for the member (RGPD art. 15 and 20)."""

from django.db.models import Q

from annuaire.donnees_personnelles import parmi
from ressources.models import (
    Alerte,
    Annonce,
    Appel,
    Bilan,
    DemandeSansReponse,
    EcritureHeures,
    Etape,
    Fermeture,
    ImportAnnonces,
    InscriptionBenevole,
    Message,
    MessageBenevole,
    MiseEnRelation,
    OperationHeures,
    PartDeLot,
    PartEnCommun,
    PreferenceRapprochements,
    PreferenceUrgences,
    PriseDeContact,
    ProfilBenevole,
    ReglagesStructure,
    ReglagesUrgences,
    Reservation,
    SignalementAnnonce,
    Urgence,
)


def parties(utilisateur, adresses):
    """(Title, rows) of each part, in the order of the page."""
    yield (
        "Annonces que vous avez écrites",
        (
            {"Annonce": a.titre, "Structure": a.structure.nom, "État": a.get_etat_display(), "Le": a.cree_le}
            for a in Annonce.objects.filter(auteur=utilisateur).select_related("structure").order_by("pk")
        ),
    )
    yield (
        "Conversations que vous avez ouvertes",
        (
            {"Annonce": m.annonce.titre, "Au nom de": m.structure.nom, "État": m.get_etat_display(), "Le": m.cree_le}
            for m in MiseEnRelation.objects.filter(par=utilisateur).select_related("annonce", "structure")
        ),
    )
    yield (
        "Messages que vous avez écrits dans des conversations",
        (
            {"Annonce": m.mise_en_relation.annonce.titre, "Texte": m.texte, "Le": m.cree_le}
            for m in Message.objects.filter(auteur=utilisateur).select_related("mise_en_relation__annonce")
        ),
    )
    yield (
        "Réservations que vous avez demandées",
        (
            {
                "Annonce": r.calendrier.annonce.titre,
                "Au nom de": r.structure.nom,
                "Du": r.periode.lower,
                "Au": r.periode.upper,
                "État": r.get_etat_display(),
                "Message": r.message,
            }
            for r in Reservation.objects.filter(par=utilisateur).select_related("calendrier__annonce", "structure")
        ),
    )
    yield (
        "Parts de lots et étapes que vous avez demandées",
        [
            *(
                {"Lot": p.annonce.titre, "Quantité": p.quantite, "Message": p.message, "Le": p.cree_le}
                for p in PartDeLot.objects.filter(par=utilisateur).select_related("annonce")
            ),
            *(
                {"Tournée": e.tournee.nom, "Message": e.message, "Le": e.cree_le}
                for e in Etape.objects.filter(par=utilisateur).select_related("tournee")
            ),
        ],
    )
    yield "Bénévolat", [*_benevolat(utilisateur)]
    yield (
        "Achats groupés et postes partagés que vous avez rejoints",
        (
            {
                "Titre": p.mise.annonce.titre,
                "Au nom de": p.structure.nom,
                "Quantité": p.quantite,
                "Note": p.note,
                "État": p.get_etat_display(),
                "Le": p.cree_le,
            }
            for p in PartEnCommun.objects.filter(par=utilisateur).select_related("mise__annonce", "structure")
        ),
    )
    yield (
        "Bilans que vous avez déclarés",
        (
            {"Annonce": b.annonce.titre, "Heures": b.heures, "Euros": b.euros, "Kilos": b.kilos, "Le": b.declare_le}
            for b in Bilan.objects.filter(declare_par=utilisateur).select_related("annonce")
        ),
    )
    yield "Votre compte d'heures d'entraide", [*_heures(utilisateur)]
    yield (
        "Alertes",
        (
            {"Nom": a.nom, "Recherche": a.criteres, "Fréquence": a.get_frequence_display(), "Le": a.cree_le}
            for a in Alerte.objects.filter(utilisateur=utilisateur)
        ),
    )
    yield (
        "Résumé des rapprochements",
        (
            {"Fréquence": p.get_frequence_display(), "Dernier envoi": p.derniere_le}
            for p in PreferenceRapprochements.objects.filter(utilisateur=utilisateur)
        ),
    )
    yield from _urgences(utilisateur)
    yield (
        "Annonces que vous avez signalées",
        (
            {"Annonce": s.annonce.titre, "Raison": s.get_genre_display(), "Texte": s.texte, "Le": s.cree_le}
            for s in (
                SignalementAnnonce.objects.filter(auteur=utilisateur)
                | SignalementAnnonce.objects.filter(parmi("courriel", adresses))
            ).select_related("annonce")
        ),
    )
    yield "Annonces : ce que vous avez décidé", [*_decisions(utilisateur)]


def _heures(utilisateur):
    """One's own account and its lines; then what one wrote or answered for a structure."""
    compte = getattr(utilisateur, "compte_heures", None)
    if compte is not None:
        yield {
            "Solde": compte.solde,
            "Ouvert": compte.ouvert_le,
            "Fermé": compte.ferme_le,
            "Retrouvé par l'adresse e-mail": compte.trouvable,
        }
        for e in EcritureHeures.objects.filter(compte=compte).select_related("operation").order_by("pk"):
            yield {"Heures": e.montant, "Pour quoi": e.operation.objet, "Le": e.passee_le}
    siennes = Q(propose_par=utilisateur) | Q(decide_par=utilisateur)
    for o in OperationHeures.objects.filter(siennes).order_by("pk"):
        role = "Opération notée" if o.propose_par_id == utilisateur.pk else "Opération décidée"
        yield {role: o.objet, "Heures": o.heures, "État": o.get_etat_display(), "Raison": o.motif, "Le": o.cree_le}


def _benevolat(utilisateur):
    """The profile, the places, the threads with structures."""
    for profil in ProfilBenevole.objects.filter(utilisateur=utilisateur).select_related("commune"):
        yield {
            "Profil": profil.nom_montre,
            "Compétences": ", ".join(competence.nom for competence in profil.competences.all()),
            "Demi-journées": ", ".join(profil.demi_journees),
            "Commune": profil.commune.nom if profil.commune else "",
            "Jusqu'à (km)": profil.rayon_km,
            "À distance": profil.a_distance,
            "Présentation": profil.presentation,
            "Visible": profil.visible,
            "En pause jusqu'au": profil.en_pause_jusqu_au,
        }
    for place in InscriptionBenevole.objects.filter(utilisateur=utilisateur).pour_pages():
        yield {
            "Mission": str(place.creneau.mission),
            "Du": place.creneau.debut,
            "Au": place.creneau.fin,
            "Nom donné": place.nom,
            "Téléphone donné": place.telephone,
            "Message": place.message,
            "État": place.get_etat_display(),
            "Raison": place.motif,
            "Heures notées": place.heures,
            "Heures que vous avez dites": place.heures_benevole,
            "Votre mot": place.mot_benevole,
        }
    for contact in PriseDeContact.objects.filter(utilisateur=utilisateur).select_related("structure"):
        yield {"Contact avec": contact.structure.nom, "Le": contact.cree_le, "Messages refusés le": contact.refuse_le}
    for message in MessageBenevole.objects.filter(auteur=utilisateur).select_related("contact__structure"):
        yield {"Message, contact avec": message.contact.structure.nom, "Texte": message.texte, "Le": message.cree_le}
    for place in InscriptionBenevole.objects.filter(notee_par=utilisateur).pour_pages():
        yield {"Pointage fait pour": str(place.creneau.mission), "Le": place.notee_le}


def _urgences(utilisateur):
    """What they may be called for, the calls they received, those they opened."""
    yield (
        "Appels urgents : vos préférences",
        (
            {
                "Accepte": p.get_accepte_display(),
                "Savoir-faire": p.savoir_faire,
                "Commune": str(p.commune or ""),
                "Rayon (km)": p.rayon,
                "Heures calmes": f"{p.calme_debut:%H:%M}-{p.calme_fin:%H:%M}",
                "Appels par semaine": p.par_semaine,
                "Téléphone": p.telephone,
            }
            for p in PreferenceUrgences.objects.filter(utilisateur=utilisateur).select_related("commune")
        ),
    )
    yield (
        "Appels urgents : structures pour lesquelles on vous appelle",
        (
            {"Structure": r.structure.nom}
            for r in ReglagesUrgences.objects.filter(referents=utilisateur).select_related("structure").order_by("pk")
        ),
    )
    yield (
        "Appels urgents que vous avez reçus",
        (
            {
                "Appel": a.urgence.titre,
                "Structure": a.urgence.structure.nom,
                "Réponse": a.get_etat_display(),
                "Nom": a.nom,
                "Téléphone": a.telephone,
                "Message": a.message,
                "Le": a.envoye_le,
            }
            for a in Appel.objects.de(utilisateur).select_related("urgence__structure").order_by("pk")
        ),
    )
    yield (
        "Appels urgents que vous avez lancés",
        (
            {"Appel": u.titre, "Au nom de": u.structure.nom, "État": u.get_etat_display(), "Le": u.cree_le}
            for u in Urgence.objects.filter(par=utilisateur).select_related("structure").order_by("pk")
        ),
    )


def _decisions(utilisateur):
    """What référents close and what the hub's staff do."""
    for fermeture in Fermeture.objects.filter(par=utilisateur).select_related("calendrier__annonce"):
        yield {"Fermeture de": fermeture.calendrier.annonce.titre, "Motif": fermeture.motif, "Le": fermeture.cree_le}
    for signalement in SignalementAnnonce.objects.filter(traite_par=utilisateur).select_related("annonce"):
        yield {"Signalement traité": signalement.annonce.titre, "Le": signalement.traite_le}
    for reglages in ReglagesStructure.objects.filter(confiance_par=utilisateur).select_related("structure"):
        yield {"Confiance donnée à": reglages.structure.nom, "Le": reglages.confiance_le}
    for demande in DemandeSansReponse.objects.filter(rangee_par=utilisateur):
        yield {"Demande rangée": demande.titre, "Le": demande.rangee_le}
    for depot in ImportAnnonces.objects.filter(depose_par=utilisateur):
        yield {"Fichier importé": depot.nom, "Le": depot.cree_le}
    for version in Annonce.history.filter(history_user=utilisateur).order_by("history_date"):
        yield {"Annonce modifiée": version.titre, "Le": version.history_date}
