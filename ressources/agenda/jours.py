"""Whole days of Europe/Paris as half-open ranges: a day has 23 or 25 hours twice a year."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from psycopg.types.range import TimestamptzRange

FUSEAU = ZoneInfo("Europe/Paris")


def minuit(jour: date) -> datetime:
    """The first instant of a day, aware."""
    return datetime.combine(jour, time(), FUSEAU)


def jours(debut: date, fin: date) -> TimestamptzRange:
    """From midnight of `debut` to midnight after `fin`, [). Raises ValueError when `fin` is before `debut`."""
    if fin < debut:
        raise ValueError("the last day is before the first one")
    return TimestamptzRange(minuit(debut), minuit(fin + timedelta(days=1)), "[)")


def plage(debut: datetime, fin: datetime) -> TimestamptzRange:
    """[debut, fin) of two aware datetimes. Raises ValueError when it is empty or naive."""
    if debut.tzinfo is None or fin.tzinfo is None:
        raise ValueError("aware datetimes are expected")
    if fin <= debut:
        raise ValueError("the end is not after the start")
    return TimestamptzRange(debut, fin, "[)")


def jours_de(periode: TimestamptzRange) -> tuple[date, date]:
    """The first and the last day (Europe/Paris) that a [) period touches."""
    dernier = periode.upper.astimezone(FUSEAU) - timedelta(microseconds=1)
    return periode.lower.astimezone(FUSEAU).date(), dernier.date()


def en_jours(periode: TimestamptzRange) -> bool:
    """Whole days of Europe/Paris: it starts and ends at midnight."""
    return all(borne.astimezone(FUSEAU).time() == time() for borne in (periode.lower, periode.upper))
