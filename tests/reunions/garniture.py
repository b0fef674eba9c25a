"""One row at least of every model of meetings, around one structure."""

import uuid

from django.apps import apps
from django.utils import timezone

from reunions.models import (
    ActionStructure,
    AnimateurReunion,
    ChoixDate,
    CompteRendu,
    DateProposee,
    Document,
    Enonce,
    MembreProjet,
    Nouvelle,
    PointOrdreDuJour,
    Priorite,
    QuasiDoublonRefuse,
    Reconnaissance,
    ReponseSondage,
    Representation,
    SectionCompteRendu,
    TourDeTable,
    VersionCompteRendu,
)
from tests.factories import UtilisateurFactory
from tests.factories.reunions import (
    ActionFactory,
    AtelierFactory,
    AxeFactory,
    CategorieAxeFactory,
    EvenementFactory,
    ParticipantFactory,
    ParticipationFactory,
    PostItFactory,
    ProjetFactory,
    ReunionFactory,
    SondageFactory,
)


def garnir_reunions(structure, personne=None):
    """`structure` hosts, comes, writes, leads, joins, plays; `personne` (or somebody) did all of it."""
    personne = personne or UtilisateurFactory()
    reunion = ReunionFactory(structure_hote=structure, auteur=personne, etat="tenue")
    AnimateurReunion.objects.create(reunion=reunion, nom="Une animatrice", organisation="Le pôle")
    PointOrdreDuJour.objects.create(reunion=reunion, titre="Accueil")
    Document.objects.create(reunion=reunion, fichier="x", nom="notes.pdf", type_mime="application/pdf", taille=1)
    venue = ParticipationFactory(
        reunion=reunion,
        utilisateur=personne,
        nom=personne.nom,
        courriel=personne.email,
        presence="present",
        reponse_moyen="telephone",
        reponse_notee_par=personne,
        delegation=personne.nom,
    )
    Representation.objects.create(participation=venue, structure=structure)
    tour = TourDeTable.objects.create(reunion=reunion, libelle=structure.nom)
    tour.participations.add(venue)
    Priorite.objects.create(tour=tour, texte="Se connaître", origine="personne")
    atelier = AtelierFactory(reunion=reunion)
    axe = AxeFactory(atelier=atelier, nom="Mise en réseau")
    categorie = CategorieAxeFactory(axe=axe, nom="Rencontres")
    participant = ParticipantFactory(atelier=atelier, structure=structure, utilisateur=personne)
    tour.participants.add(participant)
    notes = [
        PostItFactory(axe=axe, participant=participant, structure=structure, categorie=categorie) for _ in range(2)
    ]
    QuasiDoublonRefuse.objects.create(a=notes[0], b=notes[1])
    enonce = Enonce.objects.create(reunion=reunion, texte="Manque de bénévoles")
    Reconnaissance.objects.create(enonce=enonce, participant=participant)
    minutes = CompteRendu.objects.create(reunion=reunion, etat="publie", publie_le=timezone.now(), relu_par=personne)
    SectionCompteRendu.objects.create(compte_rendu=minutes, titre="Suite", modifie_par=personne)
    VersionCompteRendu.objects.create(compte_rendu=minutes, numero=1, instantane={"titre": "Réunion"}, par=personne)
    projet = ProjetFactory(pilote=structure)
    MembreProjet.objects.create(projet=projet, structure=structure, par=personne)
    action = ActionFactory(pilote=structure, reunion=reunion, categorie=categorie, postit=notes[0], projet=projet)
    ActionStructure.objects.create(action=action, structure=structure, par=personne)
    Nouvelle.objects.create(action=action, texte="C'est lancé", par=personne, structure=structure, cle=uuid.uuid4())
    EvenementFactory(structure=structure, auteur=personne)
    sondage = SondageFactory(auteur=personne)
    date = DateProposee.objects.create(sondage=sondage, debut=timezone.now())
    reponse = ReponseSondage.objects.create(
        sondage=sondage, nom="Quelqu'un", structure=structure, jeton=uuid.uuid4().hex, cle=uuid.uuid4()
    )
    ChoixDate.objects.create(reponse=reponse, date=date, valeur="oui")


def modeles_vides() -> set[str]:
    """Models of ours without a row: a new one must be added to `garnir_reunions`."""
    modeles = apps.get_app_config("reunions").get_models(include_auto_created=True)
    return {m._meta.label_lower for m in modeles if not m._base_manager.exists()}
