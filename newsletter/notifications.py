"""The optional mails around the letter; the letter itself is a subscription, set on its own page."""

from annuaire.models import Rythme
from annuaire.notifications import Ailleurs, Sorte, enregistrer, enregistrer_ailleurs, enregistrer_verites
from newsletter.actions import rappels
from newsletter.models import Abonne, Breve


def _lire(utilisateur) -> Rythme:
    return Rythme.IMMEDIAT if rappels.recoit_le_rappel(utilisateur) else Rythme.JAMAIS


def _ecrire(utilisateur, rythme) -> None:
    rappels.regler(utilisateur, recevoir=rythme != Rythme.JAMAIS)


BREVES = Sorte(
    cle="breves",
    groupe="structures",
    nom="Proposer une brève avant la lettre",
    aide="Un message quand une lettre se prépare et que votre structure n'y dit rien.",
    rythmes=(Rythme.IMMEDIAT, Rythme.JAMAIS),
    defaut=Rythme.IMMEDIAT,
    lire=_lire,
    ecrire=_ecrire,
)


def _etat_de_la_lettre(utilisateur) -> str:
    abonne = Abonne.objects.de_compte(utilisateur).first()
    if abonne is None or abonne.etat != Abonne.Etat.CONFIRME:
        return "Vous ne la recevez pas."
    return f"Vous la recevez : {abonne.get_frequence_display()}."


def declarer() -> None:
    enregistrer(BREVES)
    enregistrer_ailleurs(
        Ailleurs("lettre", "La lettre du pôle", "Régler la lettre", "newsletter:mon_abonnement", _etat_de_la_lettre)
    )
    enregistrer_verites([("publications", Breve, lambda utilisateur: Breve.objects.publiees())])
