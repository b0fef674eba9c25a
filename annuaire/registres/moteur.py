"""Importing a register: read row by row, written by batches, each atomic; running twice changes nothing.

What staff decided stays (set aside, matched, invited): an import only refreshes the facts. A structure that objected
is not brought back (annuaire.oppositions); one that has closed closes its row, and is not created.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from annuaire import oppositions
from annuaire.imports.erreurs import FichierIllisible
from annuaire.models import EntreeRegistre
from pole_ess.socle.models import ReglagesPole
from pole_ess.socle.templatetags.francais import date_en_clair

from . import rapprochement
from .colonnes import lire_entetes, lire_entetes_des_unites
from .lecture import Flux
from .rapport import Ligne, Rapport, Statut
from .valeurs import Lecteur, Lue, Sort

LOT = 500
VERROU = 715_002_023
"""Advisory lock: two imports at once take turns, batch by batch."""
CHAMPS = [
    "nom", "objet", "adresse", "code_postal", "commune_id", "rna", "siret", "site", "code_activite", "activite_id",
    "categorie_juridique", "date_creation", "fermee_le",
]  # fmt: skip
"""The facts that an import refreshes."""


def importer(
    fichier, *, nom: str, source: str, simulation: bool = False, par=None, unites=None, demonstration: bool = False
) -> Rapport:
    """Import the open binary CSV `fichier` of the register `source`; `unites`: SIRENE's second file.

    `simulation` writes nothing and gives the same report. Raises FichierIllisible when it is not such a file, or when
    the hub has not said which communes are its own. `nom` and `par` are what every import takes: unused here.
    """
    territoire = set(ReglagesPole.actuels().territoire)
    if not territoire:
        raise FichierIllisible(
            "Le territoire du pôle n'est pas encore dit : choisissez ses communes dans les réglages du pôle."
        )
    flux = Flux(fichier)
    colonnes = lire_entetes(flux.entetes, source, avec_unites=unites is not None)
    lecteur = Lecteur(source, colonnes, territoire=territoire, aujourdhui=timezone.localdate())
    rapport = Rapport(ecrit=not simulation)
    lues = _avec_unites(flux, lecteur, unites, rapport) if unites is not None else _lire(flux, lecteur, rapport)
    for lot in _par_lots(lues):
        with transaction.atomic():
            _Lot(source, lot, rapport, simulation=simulation, demonstration=demonstration).faire()
    if not simulation:
        rapprochement.rapprocher()
    return rapport


def _lire(flux: Flux, lecteur: Lecteur, rapport: Rapport) -> Iterator[Lue]:
    """The rows that the database must see; the others are counted and forgotten."""
    for rangee in flux:
        rapport.lus += 1
        yield from _retenir(lecteur.lire(rangee), rapport)


def _retenir(lue: Lue, rapport: Rapport) -> Iterable[Lue]:
    if lue.sort == Sort.REJETEE:
        rapport.ajouter(Ligne(lue.numero, lue.nom, Statut.REJETEE, [lue.erreur]))
    elif lue.sort in (Sort.GARDEE, Sort.FERMEE):
        return [lue]
    else:
        rapport.sorts[lue.sort] += 1
    return []


def _avec_unites(flux: Flux, lecteur: Lecteur, unites, rapport: Rapport) -> Iterator[Lue]:
    """SIRENE's two stocks: the territory's open establishments wait, by tens of thousands, for their legal units."""
    connus = set(EntreeRegistre.objects.filter(registre=lecteur.registre).values_list("identifiant", flat=True))
    en_attente = {}
    for rangee in flux:
        rapport.lus += 1
        sort = lecteur.sort_sans_unite(rangee, connus=connus)
        if sort is None:
            siren = lecteur.colonnes.valeur(rangee.cellules, "siren").zfill(9)
            en_attente.setdefault(siren, []).append(lecteur.alleger(rangee))
        elif sort == Sort.REJETEE:
            yield from _retenir(lecteur.lire(rangee), rapport)
        else:
            rapport.sorts[sort] += 1
    flux_des_unites = Flux(unites)
    colonnes = lire_entetes_des_unites(flux_des_unites.entetes)
    for unite in flux_des_unites:
        siren = colonnes.valeur(unite.cellules, "siren").zfill(9)
        for rangee in en_attente.pop(siren, ()):
            lue = lecteur.lire(rangee, lambda colonne, unite=unite: colonnes.valeur(unite.cellules, colonne))
            yield from _retenir(lue, rapport)
    for rangee in (rangee for rangees in en_attente.values() for rangee in rangees):
        raison = "son unité légale n'est pas dans l'autre fichier"
        rapport.ajouter(Ligne(rangee.numero, "", Statut.REJETEE, [raison]))


def _par_lots(lues: Iterator[Lue]) -> Iterator[list[Lue]]:
    while lot := list(islice(lues, LOT)):
        yield lot


class _Lot:
    """One batch: what is known of it is read under the lock, then written at once."""

    def __init__(self, registre, lues, rapport, *, simulation, demonstration):
        self.registre, self.lues, self.rapport = registre, lues, rapport
        self.simulation, self.demonstration = simulation, demonstration
        self.aujourdhui = timezone.localdate()

    def faire(self) -> None:
        if not self.simulation:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])
        connues = EntreeRegistre.objects.filter(
            registre=self.registre, identifiant__in={lue.valeurs["identifiant"] for lue in self.lues}
        )
        if not self.simulation:
            connues = connues.select_for_update(of=("self",))
        self.connues = {entree.identifiant: entree for entree in connues}
        self.opposees = oppositions.identifiants_opposes({i for lue in self.lues for i in lue.identites})
        self.identiques = rapprochement.Identiques(self.lues, demonstration=self.demonstration)
        self.nouvelles, self.changees, self.vues = [], [], []
        for lue in self.lues:
            self._decider(lue)
        if not self.simulation:
            self._ecrire()

    def _decider(self, lue: Lue) -> None:
        entree = self.connues.get(lue.valeurs["identifiant"])
        if self.opposees & set(lue.identites):
            self.rapport.opposees += 1
        elif entree is not None:
            self._rafraichir(lue, entree)
        elif lue.sort == Sort.FERMEE:
            self.rapport.sorts[Sort.FERMEE] += 1
        else:
            self._creer(lue)

    def _creer(self, lue: Lue) -> None:
        entree = EntreeRegistre(
            registre=self.registre, vue_le=self.aujourdhui, est_demonstration=self.demonstration, **lue.valeurs
        )
        raisons = []
        if trouvee := self.identiques.trouver(lue):
            structure, raison = trouvee
            entree.etat, entree.structure = EntreeRegistre.Etat.RAPPROCHEE, structure
            entree.decidee_le = timezone.now()
            raisons.append(f"déjà dans l'annuaire : « {structure.nom} » ({raison})")
        self.connues[entree.identifiant] = entree
        self.nouvelles.append(entree)
        self.rapport.ajouter(Ligne(lue.numero, entree.nom, Statut.CREEE, raisons, entree))

    def _rafraichir(self, lue: Lue, entree: EntreeRegistre) -> None:
        """New facts on the row; its state is staff's. A row that had closed and is alive again opens again."""
        faits = {**lue.valeurs, "fermee_le": lue.fin and (entree.fermee_le or lue.fin)}
        differents = {c: faits[c] for c in CHAMPS if c in faits and getattr(entree, c) != faits[c]}
        raisons = []
        if "fermee_le" in differents:
            raisons.append(f"dissoute ou fermée le {date_en_clair(lue.fin)}" if lue.fin else "de nouveau active")
        for champ, valeur in differents.items():
            setattr(entree, champ, valeur)
        if differents and entree.pk and entree not in self.changees:
            self.changees.append(entree)
        if entree.pk and entree.vue_le != self.aujourdhui:
            self.vues.append(entree.pk)
        statut = Statut.MISE_A_JOUR if differents else Statut.INCHANGEE
        self.rapport.ajouter(Ligne(lue.numero, entree.nom, statut, raisons, entree))

    def _ecrire(self) -> None:
        EntreeRegistre.objects.bulk_create(self.nouvelles, batch_size=LOT)
        EntreeRegistre.objects.bulk_update(self.changees, CHAMPS, batch_size=100)
        EntreeRegistre.objects.filter(pk__in=self.vues).update(vue_le=self.aujourdhui)
