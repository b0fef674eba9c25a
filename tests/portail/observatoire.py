"""A small world whose figures are worked out by hand: it is noon on 25 November 2026 in Paris."""

from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.utils import timezone

from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory
from tests.factories.reunions import (
    AtelierFactory,
    AxeFactory,
    ParticipationFactory,
    PostItFactory,
    ReunionFactory,
)

PARIS = ZoneInfo("Europe/Paris")


def structure(**champs):
    """Published now: the factory's own dates do not follow a clock that a test sets."""
    if champs.get("etat", "publiee") == "publiee":
        champs.setdefault("publiee_le", timezone.now())
    return StructureFactory(**champs)


class Monde:
    """Four published structures today; at the end of 2025, two: « Cinéma » as it was, « Partie » since archived."""

    def __init__(self, monkeypatch):
        self._monkeypatch = monkeypatch
        culture, sport = (
            ActiviteFactory(nom=nom, slug=nom.lower(), ordre=rang) for rang, nom in enumerate(["Culture", "Sport"])
        )
        cinema, musique = (
            ActiviteFactory(nom=nom, slug=nom.lower(), parent=culture, ordre=rang)
            for rang, nom in enumerate(["Cinéma", "Musique"])
        )
        self.vichy, cusset, gannat = (
            CommuneFactory(code=code, nom=nom, epci=epci, population=population)
            for code, nom, epci, population in (
                ("03310", "Vichy", "200000001", 25_000),
                ("03095", "Cusset", "200000001", 13_000),
                ("03118", "Gannat", "200000002", 6_000),
            )
        )
        self.au(2025, 3, 1)
        self.partie = structure(nom="Partie", commune=gannat, forme_juridique="mutuelle", benevoles=3)
        self.au(2025, 6, 1)
        self.cinema = structure(nom="Cinéma", commune=cusset, forme_juridique="association", salaries_etp=1)
        self._faire(self.cinema, musique)
        self.au(2026, 2, 1)
        self.partie.etat = "archivee"
        self.partie.save()
        self.cinema.commune, self.cinema.salaries_etp, self.cinema.benevoles = self.vichy, "2.5", 10
        self._faire(self.cinema, cinema, musique)
        amicale = structure(nom="Amicale", commune=cusset, forme_juridique="association", salaries_etp=0, benevoles=5)
        self._faire(amicale, cinema, sport)
        coop = structure(nom="Coop", commune=gannat, forme_juridique="cooperative", adherents=40)
        self._faire(coop, sport)
        structure(nom="Muette", commune=None, salaries_etp=12)
        structure(nom="Brouillon", etat="brouillon", salaries_etp=99, benevoles=99)
        self.amicale, self.coop = amicale, coop
        self.au(2026, 11, 25)

    def au(self, *quand):
        """It is noon on this day; the clock goes on, so that two versions of a sheet have an order."""
        battements = count()

        def maintenant():
            return datetime(*quand, 12, tzinfo=PARIS) + timedelta(microseconds=next(battements))

        self._monkeypatch.setattr(timezone, "now", maintenant)

    @staticmethod
    def _faire(structure, *activites):
        structure.activites.set(activites)
        structure.save()

    def rencontre(self, mois, *, personnes=0, structures=(), annee=2026, **reste):
        """Held; `personnes` came, the first one for `structures`."""
        reunion = ReunionFactory(etat="tenue", debut=datetime(annee, mois, 10, 18, tzinfo=PARIS), **reste)
        for rang in range(personnes):
            participation = ParticipationFactory(reunion=reunion, presence="present")
            if rang == 0:
                participation.structures.set(structures)
        return reunion

    def atelier(self, reunion, **axes):
        """Given back; name of each board -> (pink notes, yellow notes)."""
        atelier = AtelierFactory(reunion=reunion, phase="clos")
        for rang, (nom, (roses, jaunes)) in enumerate(axes.items()):
            axe = AxeFactory(atelier=atelier, nom=nom, ordre=rang)
            PostItFactory.create_batch(roses, axe=axe)
            PostItFactory.create_batch(jaunes, axe=axe, couleur="jaune")
        return atelier
