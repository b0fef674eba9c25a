"""One row at least of every model of the letter, around one structure."""

from django.apps import apps
from django.utils import timezone

from newsletter.models import (
    Bloc,
    DejaDit,
    Desabonnement,
    Element,
    Geste,
    ImageBloc,
    ImportAbonnes,
    Interets,
    LigneImportAbonne,
    SansRappel,
)
from reunions.models import CompteRendu
from tests.factories import ActiviteFactory, UtilisateurFactory
from tests.factories.newsletter import (
    AbonneFactory,
    BreveFactory,
    EnvoiFactory,
    MentionFactory,
    NumeroFactory,
    RenduFactory,
)
from tests.factories.ressources import AnnonceFactory
from tests.factories.reunions import ActionFactory, EvenementFactory, ReunionFactory


def garnir_lettre(structure, personne=None):
    """An issue about `structure` in every way, and a subscription of `personne` (or of somebody)."""
    personne = personne or UtilisateurFactory()
    mention = MentionFactory(par=personne)
    depot = ImportAbonnes.objects.create(
        nom="liste.csv", preuve="Feuille signée au forum", consenti_le=timezone.localdate(), depose_par=personne
    )
    LigneImportAbonne.objects.create(import_abonnes=depot, numero=2, statut="ajoutee")
    interets = Interets.objects.pour(
        natures=["materiel"], activites=[ActiviteFactory()], commune=structure.commune, rayon_km=20
    )
    abonne = AbonneFactory(courriel=personne.email, utilisateur=personne, interets=interets, mention=mention)
    numero = NumeroFactory(auteur=personne, lance_par=personne)
    Desabonnement.objects.create(empreinte="a" * 64, voie="lien", numero=numero)
    texte = Bloc.objects.create(numero=numero, genre="texte", ordre=0, texte="Bonjour")
    ImageBloc.objects.create(bloc=texte, fichier="lettre/x.jpg", alternative="Une salle", largeur=4, hauteur=3)
    reunion = ReunionFactory(structure_hote=structure)
    objets = {
        "structures": [("structure", structure)],
        "offres": [("annonce", AnnonceFactory(structure=structure))],
        "breves": [("breve", BreveFactory(structure=structure, auteur=personne))],
        "rencontres": [("reunion", reunion), ("evenement", EvenementFactory(structure=structure))],
        "comptes_rendus": [("compte_rendu", CompteRendu.objects.create(reunion=reunion))],
        "actions": [("action", ActionFactory(pilote=structure))],
    }
    for ordre, (genre, choses) in enumerate(objets.items(), start=1):
        bloc = Bloc.objects.create(numero=numero, genre=genre, ordre=ordre)
        for rang, (sorte, objet) in enumerate(choses):
            Element.objects.create(numero=numero, bloc=bloc, ordre=rang, sorte=sorte, **{sorte: objet})
            DejaDit.objects.create(numero=numero, sorte=sorte, **{sorte: objet})
    Geste.objects.create(numero=numero, genre="aide", empreinte="b" * 64)
    SansRappel.objects.create(utilisateur=personne)
    rendu = RenduFactory(numero=numero)
    rendu.interets.add(interets)
    EnvoiFactory(numero=numero, abonne=abonne, rendu=rendu)


def modeles_vides() -> set[str]:
    """Models of ours without a row: a new one must be added to `garnir_lettre`."""
    modeles = apps.get_app_config("newsletter").get_models(include_auto_created=True)
    return {m._meta.label_lower for m in modeles if not m._base_manager.exists()}
