"""Lists of addresses given by staff with the proof of consent: previewed, then applied once; no address stays."""

from collections import Counter
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from annuaire.imports.depots import ImportPerdu
from annuaire.imports.erreurs import FichierIllisible
from newsletter import imports
from newsletter.models import Abonne, ImportAbonnes, Interets, LigneImportAbonne
from newsletter.models.abonne import Formulaire, nouveau_jeton

JOURS = 30
"""A list that nobody applied is deleted after this."""
Statut = LigneImportAbonne.Statut


@transaction.atomic
def deposer(fichier, *, par, preuve: str, consenti_le) -> ImportAbonnes:
    """Keep an uploaded list in the private storage, with its preview. Raises FichierIllisible: nothing is kept."""
    lignes = imports.decider(fichier, fichier.name)
    depot = ImportAbonnes(nom=fichier.name[-200:], preuve=preuve, consenti_le=consenti_le, depose_par=par)
    fichier.seek(0)
    depot.fichier.save("liste", fichier, save=False)
    try:
        depot.save()
        _garder(depot, lignes)
    except BaseException:
        depot.fichier.storage.delete(depot.fichier.name)
        raise
    return depot


@transaction.atomic
def appliquer(depot: ImportAbonnes) -> bool:
    """Subscribe what the list still allows, decided again; False when it was applied already (double click).

    Raises annuaire.imports.depots.ImportPerdu when the list is gone.
    """
    depot = ImportAbonnes.objects.select_for_update(of=("self",)).get(pk=depot.pk)
    if depot.etat == ImportAbonnes.Etat.APPLIQUE:
        return False
    try:
        if not depot.fichier:
            raise FileNotFoundError
        with depot.fichier.open("rb") as fichier:
            lignes = imports.decider(fichier, depot.nom)
    except FileNotFoundError as erreur:
        raise ImportPerdu("Ce fichier n'est plus gardé par le portail : déposez-le de nouveau.") from erreur
    except FichierIllisible as erreur:
        raise ImportPerdu(str(erreur)) from erreur
    _abonner(depot, lignes)
    _oublier_fichier(depot)
    depot.etat, depot.applique_le = ImportAbonnes.Etat.APPLIQUE, timezone.now()
    depot.save()
    _garder(depot, lignes)
    return True


def _abonner(depot: ImportAbonnes, lignes) -> None:
    """One upsert: who waited for their confirmation is confirmed by the proof; nobody else is touched."""
    maintenant = timezone.now()
    consenti = timezone.make_aware(datetime.combine(depot.consenti_le, time(12)))
    tout = Interets.objects.pour()
    preuve = {
        "etat": Abonne.Etat.CONFIRME,
        "formulaire": Formulaire.IMPORT,
        "mention": None,
        "import_abonnes": depot,
        "consenti_le": consenti,
        "confirme_le": maintenant,
        "dernier_signe_le": consenti,
    }
    attente = [ligne.courriel for ligne in lignes if ligne.statut == Statut.CONFIRMEE]
    Abonne.objects.filter(courriel__in=attente, etat=Abonne.Etat.EN_ATTENTE).update(**preuve)
    Abonne.objects.bulk_create(
        [
            Abonne(courriel=ligne.courriel, interets=tout, jeton=nouveau_jeton(), **preuve)
            for ligne in lignes
            if ligne.statut == Statut.AJOUTEE
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )


def _garder(depot: ImportAbonnes, lignes) -> None:
    depot.resume = dict(Counter(ligne.statut for ligne in lignes))
    depot.save(update_fields=["resume"])
    depot.lignes.all().delete()
    LigneImportAbonne.objects.bulk_create(
        [
            LigneImportAbonne(import_abonnes=depot, numero=ligne.numero, statut=ligne.statut, raison=ligne.raison)
            for ligne in lignes
        ],
        batch_size=2000,
    )


def _oublier_fichier(depot: ImportAbonnes) -> None:
    """The bytes go once the transaction is sure."""
    stockage, nom = depot.fichier.storage, depot.fichier.name
    depot.fichier = ""
    transaction.on_commit(lambda: stockage.delete(nom))


@transaction.atomic
def purger() -> int:
    """Lists never applied, after 30 days; their reports stay."""
    vieux = ImportAbonnes.objects.filter(cree_le__lt=timezone.now() - timedelta(days=JOURS)).exclude(fichier="")
    for depot in vieux:
        _oublier_fichier(depot)
        depot.save(update_fields=["fichier"])
    return len(vieux)
