"""Jobs of a sending, on their own queue: a hub that sends to many gives it workers of its own."""

from procrastinate.contrib.django import app

from newsletter.actions import envois, preparation
from newsletter.expedition import moteur
from newsletter.models import Numero

PRIORITE = -10
"""After the mails that somebody is waiting for."""


@app.task(name="lettre.lancer", queue="lettre")
def lancer(numero_id: int) -> str:
    """Start an issue whose time has come; nothing when it was taken back."""
    numero = Numero.objects.filter(pk=numero_id).first()
    return "lancé" if numero and preparation.lancer(numero) else "rien à lancer"


@app.task(name="lettre.envoyer", queue="lettre", priority=PRIORITE)
def envoyer(numero_id: int) -> str:
    """One slice of sending; any number at once, on any machine."""
    return moteur.envoyer(numero_id)


@app.periodic(cron="* * * * *")
@app.task(name="lettre.veiller", queue="entretien", queueing_lock="lettre.veiller")
def veiller(timestamp: int) -> str:
    """Each minute: start what is due, take over from the dead, tell the staff of what stalls."""
    lances = preparation.lancer_dus()
    return "; ".join([f"{lances} lancés", *envois.veiller()])
