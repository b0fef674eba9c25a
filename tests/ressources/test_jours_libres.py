"""Free between two dates: the database's answer against one computed day by day, hour by hour, in Python."""

from datetime import date, timedelta
from random import Random

import pytest

from ressources.agenda import jours, minuit, plage
from ressources.models import Annonce
from ressources.recherche.dates import libres
from tests.factories import StructureFactory
from tests.factories.ressources import AnnonceFactory, CalendrierFactory, ReservationFactory

pytestmark = pytest.mark.django_db
DEBUT, JOURS = date(2027, 3, 20), 20
"""Around the 28th of March, a day of 23 hours."""


def jour(rang) -> date:
    return DEBUT + timedelta(days=rang)


def est_libre(calendrier, prises, periodes, du, au) -> bool:
    """`prises`: (range, quantity). An oracle without any cleverness: every hour of every day is looked at."""
    for rang in range((au - du).days + 1):
        ce_jour = du + timedelta(days=rang)
        if periodes and not any(d <= ce_jour <= f for d, f in periodes):
            continue
        instant, fin = minuit(ce_jour).timestamp(), minuit(ce_jour + timedelta(days=1)).timestamp()
        sortis = []
        while instant < fin:
            sortis.append(sum(n for p, n in prises if p.lower.timestamp() <= instant < p.upper.timestamp()))
            instant += 3600
        decisif = max(sortis) if calendrier.pas == "jour" else min(sortis)
        if decisif < calendrier.capacite:
            return True
    return False


def remplir(hasard, calendrier, structures):
    """Bookings and closures on whole hours; those that hold nothing too. Returns what is taken."""
    prises, fin = [], 0
    exclusif = calendrier.genre == "exclusif"
    for _ in range(hasard.randrange(7)):
        debut = (fin if exclusif else 0) + hasard.randrange(JOURS * 24 // 3)
        fin = debut + hasard.choice([2, 10, 24, 48, 24 * 5])
        voulue = plage(minuit(DEBUT) + timedelta(hours=debut), minuit(DEBUT) + timedelta(hours=fin))
        if hasard.random() < 0.3:  # by whole days
            voulue = jours(jour(debut // 24), jour(max(debut, fin - 1) // 24))
            fin = (max(debut, fin - 1) // 24 + 2) * 24
        etat = hasard.choice(["confirmee", "confirmee", "remise", "demandee", "annulee"])
        if hasard.random() < 0.15:
            genre = hasard.choice(["fermeture", "panne", "avis"])
            calendrier.fermetures.create(genre=genre, periode=voulue)
            prises += [(voulue, 10**6)] if genre != "avis" else []
            continue
        sortis = calendrier.capacite - max(
            [sum(n for p, n in prises if n < 10**6 and p.lower < voulue.upper and voulue.lower < p.upper)], default=0
        )
        if sortis < 1:
            continue
        quantite = 1 if exclusif else hasard.randint(1, sortis)
        ReservationFactory(
            calendrier=calendrier, etat=etat, periode=voulue, quantite=quantite, structure=hasard.choice(structures)
        )
        prises += [(voulue, quantite)] if etat in ("confirmee", "remise") else []
    return prises


@pytest.mark.parametrize("graine", range(6))
def test_la_base_repond_comme_jour_par_jour(graine):
    hasard = Random(graine)
    structures, faits = [StructureFactory() for _ in range(2)], []
    for _ in range(12):
        capacite = hasard.choice([1, 1, 2, 3])
        calendrier = CalendrierFactory(
            genre="exclusif" if capacite == 1 else "pool", capacite=capacite, pas=hasard.choice(["jour", "heure"])
        )
        periodes = [
            (jour(d), jour(d + hasard.randrange(4))) for d in hasard.sample(range(JOURS), hasard.choice([0, 0, 1, 2]))
        ]
        for debut, fin in periodes:
            calendrier.annonce.periodes.create(debut=debut, fin=fin)
        faits.append((calendrier, remplir(hasard, calendrier, structures), periodes))
    vues = set()
    for _ in range(40):
        du = jour(hasard.randrange(JOURS))
        au = du + timedelta(days=hasard.choice([0, 0, 1, 2, 6]))
        attendues = {c.annonce_id for c, prises, periodes in faits if est_libre(c, prises, periodes, du, au)}
        assert set(libres(Annonce.objects.all(), du, au).values_list("pk", flat=True)) == attendues, (du, au)
        vues |= {(c.annonce_id, c.annonce_id in attendues) for c, _, _ in faits}
    assert len(vues) > len(faits) + 3  # several are free on some days and not on others


def test_ce_qui_n_a_pas_de_calendrier_est_libre_toujours_ou_a_ses_jours():
    toujours, a_ses_jours, ferme = AnnonceFactory(), AnnonceFactory(), CalendrierFactory(actif=False)
    a_ses_jours.periodes.create(debut=jour(3), fin=jour(4))
    ReservationFactory(calendrier=ferme, etat="confirmee", periode=jours(jour(0), jour(9)))
    trouvees = {n: set(libres(Annonce.objects.all(), jour(n), jour(n)).values_list("pk", flat=True)) for n in (2, 3)}
    assert trouvees == {2: {toujours.pk, ferme.annonce_id}, 3: {toujours.pk, ferme.annonce_id, a_ses_jours.pk}}


def test_un_mois_presque_plein_a_un_jour_libre():
    calendrier = CalendrierFactory()
    for debut, fin in [(0, 8), (10, 19)]:
        ReservationFactory(calendrier=calendrier, etat="confirmee", periode=jours(jour(debut), jour(fin)))
    annonces = Annonce.objects.all()
    assert libres(annonces, jour(0), jour(19)).exists()
    assert libres(annonces, jour(9), jour(9)).exists()
    for du, au in [(0, 8), (10, 19), (0, 0), (19, 19)]:
        assert not libres(annonces, jour(du), jour(au)).exists(), (du, au)
