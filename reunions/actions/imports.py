"""Bringing a structure's own calendar into the shared agenda: what would happen, then doing it.

The UID of each event makes importing again an update, not a copy. What staff refused or a structure cancelled here
is left as it is.
"""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from annuaire.models import Structure
from annuaire.recherche.communes import exactes
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole
from reunions.imports import ics
from reunions.models import Evenement

from . import evenements

CHAMPS = ("titre", "description", "debut", "fin", "journee_entiere", "lieu", "site")
VIVANTS = (Evenement.Etat.BROUILLON, Evenement.Etat.A_VALIDER, Evenement.Etat.A_CORRIGER, Evenement.Etat.PUBLIE)
MOTS = {
    "nouveau": "nouveau",
    "change": "mis à jour",
    "inchange": "inchangé",
    "annule": "annulé",
    "laisse": "laissé de côté",
    "refuse": "refusé",
}


@dataclass(frozen=True)
class Verdict:
    """What becomes of one line. `sort`: a key of MOTS; `remarque`: why, or what to check."""

    titre: str
    sort: str
    remarque: str = ""
    lu: ics.Lu | None = None
    existant: Evenement | None = None
    commune: object = None

    @property
    def mot(self) -> str:
        return MOTS[self.sort]

    @property
    def debut(self):
        return self.lu.debut if self.lu else None

    @property
    def fin(self):
        return self.lu.fin if self.lu else None

    @property
    def journee_entiere(self) -> bool:
        return self.lu is not None and self.lu.journee_entiere


def apercevoir(texte: str, structure) -> list[Verdict]:
    """What importing this file would do, line by line; nothing is written. Raises ics.FichierIllisible."""
    lignes = ics.lire(texte)
    uids = [ligne.lu.uid for ligne in lignes if ligne.lu]
    siens = Evenement.objects.filter(structure=structure, source_uid__in=uids).exclude(source_uid="")
    existants = {evenement.source_uid: evenement for evenement in siens.select_related("commune")}
    lieux, vus = {}, set()
    return [_verdict(ligne, structure, existants, lieux, vus) for ligne in lignes]


def _verdict(ligne, structure, existants, lieux, vus) -> Verdict:
    if ligne.lu is None:
        return Verdict(ligne.titre, "refuse", ligne.refus)
    lu, existant = ligne.lu, existants.get(ligne.lu.uid)
    faits = {"lu": lu, "existant": existant}
    if lu.uid in vus:
        return Verdict(lu.titre, "laisse", "Il est deux fois dans le fichier.", lu=lu)
    vus.add(lu.uid)
    if ics.est_passe(lu):
        return Verdict(lu.titre, "laisse", "Cette date est passée.", **faits)
    if lu.annule:
        if existant is None or existant.etat != Evenement.Etat.PUBLIE:
            return Verdict(lu.titre, "laisse", "Il est annulé dans votre calendrier.", **faits)
        return Verdict(lu.titre, "annule", "Annulé dans votre calendrier.", **faits)
    commune, remarque = _commune(lu, structure, lieux)
    if existant is None:
        return Verdict(lu.titre, "nouveau", remarque, commune=commune, **faits)
    if existant.etat not in VIVANTS:
        return Verdict(lu.titre, "laisse", f"Sur le portail, il est {existant.get_etat_display()}.", **faits)
    if all(getattr(existant, champ) == getattr(lu, champ) for champ in CHAMPS):
        return Verdict(lu.titre, "inchange", **faits)
    if existant.lieu == lu.lieu:  # somebody may have corrected the commune here
        commune, remarque = existant.commune, ""
    return Verdict(lu.titre, "change", remarque, commune=commune, **faits)


def _commune(lu, structure, lieux):
    """(commune, what to check): found in « Salle des fêtes, 03200 Vichy », else the structure's own."""
    if not lu.lieu:
        return structure.commune, "Sans lieu : la commune de la structure est reprise."
    if lu.lieu not in lieux:
        trouvees = []
        for morceau in reversed(lu.lieu.split(",")[-4:]):
            trouvees = exactes(morceau.strip()) if len(morceau.strip()) > 1 else []
            if len(trouvees) == 1:
                break
        lieux[lu.lieu] = trouvees[0] if len(trouvees) == 1 else None
    if lieux[lu.lieu] is None:
        return structure.commune, "Commune non reconnue dans le lieu : celle de la structure est reprise, vérifiez-la."
    return lieux[lu.lieu], ""


@transaction.atomic
def importer(texte: str, structure, *, par) -> list[Verdict]:
    """Do what `apercevoir` says. New ones show at once or wait for the staff, as any event; one mail for all."""
    structure = Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
    verdicts = apercevoir(texte, structure)
    directe = evenements.paraitra(par, structure)
    nouveaux = []
    for verdict in verdicts:
        if verdict.sort == "nouveau":
            nouveaux.append(_creer(verdict, structure, par, directe))
        elif verdict.sort == "change":
            evenements.modifier(verdict.existant, par=par, valeurs=_valeurs(verdict))
        elif verdict.sort == "annule":
            evenements.annuler(verdict.existant, par=par, motif="Annulé dans le calendrier de la structure.")
    if nouveaux and not directe:
        deposer(
            "evenement_equipe",
            a=ReglagesPole.actuels().courriel_equipe,
            objet=nouveaux[0],
            contexte={"evenement": nouveaux[0], "autres": len(nouveaux) - 1},
        )
    return verdicts


def _valeurs(verdict) -> dict:
    return {champ: getattr(verdict.lu, champ) for champ in CHAMPS} | {"commune": verdict.commune}


def _creer(verdict, structure, par, directe) -> Evenement:
    maintenant = timezone.now()
    return Evenement.objects.create(
        structure=structure,
        auteur=par,
        source_uid=verdict.lu.uid,
        etat=Evenement.Etat.PUBLIE if directe else Evenement.Etat.A_VALIDER,
        publie_le=maintenant if directe else None,
        soumis_le=None if directe else maintenant,
        **_valeurs(verdict),
    )


def compter(verdicts) -> list[tuple[str, int]]:
    """(word, how many), in the order of MOTS."""
    comptes = Counter(verdict.sort for verdict in verdicts)
    return [(mot, comptes[sort]) for sort, mot in MOTS.items() if comptes[sort]]
