"""Finding a date: a poll, its answers without an account, the date that is kept."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from reunions.models import ChoixDate, DateProposee, ReponseSondage, Reunion, Sondage

from . import TransitionInterdite, reunions

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
REPONSES_MAX = 200
DATES_MAX = 12
Valeur = ChoixDate.Valeur


class SondageClos(TransitionInterdite):
    """Nobody answers any more; the message may be shown."""


def nouveau_jeton() -> str:
    """24 letters and digits: about 120 bits, for a link that is shared."""
    return get_random_string(24, ALPHABET)


@transaction.atomic
def creer(*, titre, precisions, dates, par, cle, reunion=None) -> Sondage:
    """A poll with its `dates`, (start, end or None) pairs; once per `cle`. One poll for a meeting: it comes back."""
    deja = Sondage.objects.filter(cle=cle).first()
    if deja is None and reunion is not None:
        reunions.verrouiller(reunion)
        deja = Sondage.objects.filter(reunion=reunion).first()
    if deja is not None:
        return deja
    try:
        with transaction.atomic():
            sondage = Sondage.objects.create(
                titre=titre, precisions=precisions, reunion=reunion, auteur=par, cle=cle, jeton=nouveau_jeton()
            )
    except IntegrityError:  # the same form, sent twice at once
        return Sondage.objects.get(cle=cle)
    DateProposee.objects.bulk_create(DateProposee(sondage=sondage, debut=debut, fin=fin) for debut, fin in dates)
    return sondage


def _ouvert(sondage) -> Sondage:
    """The fresh row, locked: answers of two people are written one after the other."""
    frais = Sondage.objects.select_for_update(of=("self",)).get(pk=sondage.pk)
    if not frais.est_ouvert:
        raise SondageClos("Ce sondage est clos : la date est choisie.")
    return frais


@transaction.atomic
def repondre(sondage, *, nom, choix: dict, cle) -> ReponseSondage:
    """`choix`: {date's key: value}, a value for each date. Once per `cle`. Raises SondageClos."""
    frais = _ouvert(sondage)
    if deja := ReponseSondage.objects.filter(cle=cle, sondage=frais).first():
        return deja
    if frais.reponses.count() >= REPONSES_MAX:
        raise SondageClos(f"Ce sondage a déjà {REPONSES_MAX} réponses : écrivez à qui l'a créé.")
    reponse = ReponseSondage.objects.create(sondage=frais, nom=nom, jeton=nouveau_jeton(), cle=cle)
    _ecrire_choix(reponse, frais, choix)
    return reponse


@transaction.atomic
def changer(reponse, *, nom, choix: dict) -> ReponseSondage:
    """By its own secret link, while the poll is open."""
    frais = _ouvert(reponse.sondage)
    reponse.nom = nom
    reponse.save(update_fields=["nom", "modifie_le"])
    reponse.choix.all().delete()
    _ecrire_choix(reponse, frais, choix)
    return reponse


def _ecrire_choix(reponse, sondage, choix) -> None:
    siennes = set(sondage.dates.values_list("pk", flat=True))
    if set(choix) != siennes:
        raise ValueError("a value is expected for each date of this poll")
    ChoixDate.objects.bulk_create(
        ChoixDate(reponse=reponse, date_id=date, valeur=valeur) for date, valeur in choix.items()
    )


@transaction.atomic
def retirer(reponse) -> None:
    """Its person takes their answer back, by its own secret link."""
    _ouvert(reponse.sondage)
    reponse.delete()


@transaction.atomic
def retenir(sondage, *, par, date) -> Sondage:
    """Keep one of its dates: the poll closes, and the meeting it is for takes that date."""
    frais = Sondage.objects.select_for_update(of=("self",)).get(pk=sondage.pk)
    la_date = frais.dates.get(pk=date)
    frais.date_retenue, frais.clos_le = la_date, frais.clos_le or timezone.now()
    frais.save(update_fields=["date_retenue", "clos_le"])
    if frais.reunion_id:
        reunion = Reunion.objects.get(pk=frais.reunion_id)
        reunions.modifier(reunion, par=par, valeurs={"debut": la_date.debut, "fin": la_date.fin})
    sondage.date_retenue, sondage.clos_le = la_date, frais.clos_le
    return sondage


@transaction.atomic
def rouvrir(sondage, *, par) -> Sondage:
    """People answer again; the meeting keeps its date until another is chosen."""
    frais = Sondage.objects.select_for_update(of=("self",)).get(pk=sondage.pk)
    frais.date_retenue, frais.clos_le = None, None
    frais.save(update_fields=["date_retenue", "clos_le"])
    sondage.date_retenue, sondage.clos_le = None, None
    return sondage


# -- reading


@dataclass
class Bilan:
    """What was said of one date. `meilleure`: the most « oui », then « si besoin », among those of the poll."""

    date: DateProposee
    oui: int = 0
    si_besoin: int = 0
    non: int = 0
    meilleure: bool = False

    @property
    def note(self) -> tuple[int, int]:
        """How many can come at all, then without an effort: who cannot counts most."""
        return self.oui + self.si_besoin, self.oui


def resultats(sondage) -> tuple[list[Bilan], list[tuple[ReponseSondage, list[str]]]]:
    """Totals per date, and each person's words in the order of the dates. Three queries."""
    dates = list(sondage.dates.all())
    bilans = {date.pk: Bilan(date) for date in dates}
    lignes = []
    for reponse in sondage.reponses.prefetch_related("choix"):
        dits = {choix.date_id: choix for choix in reponse.choix.all()}
        for pk, choix in dits.items():
            setattr(bilans[pk], choix.valeur, getattr(bilans[pk], choix.valeur) + 1)
        lignes.append((reponse, [dits[d.pk].get_valeur_display() if d.pk in dits else "sans réponse" for d in dates]))
    tous = [bilans[date.pk] for date in dates]
    if lignes:
        haut = max(bilan.note for bilan in tous)
        for bilan in tous:
            bilan.meilleure = bilan.note == haut and haut[0] > 0
    return tous, lignes
