"""What the staff reads of a meeting's list: counts, filters, the lines of the spreadsheet."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils import timezone

from reunions.models import Participation

COLONNES = [
    "Nom", "Adresse e-mail", "Fonction", "Au nom de", "Réponse", "Représenté par", "Besoins d'accessibilité",
    "Mot pour l'équipe", "Covoiturage", "Places", "Au départ de", "Invitée le", "Réponse le", "Rappels", "Présence",
    "Réponse notée", "Dit par son agenda",
]  # fmt: skip


@dataclass(frozen=True)
class Filtre:
    """The state of the page in its URL; what makes no sense filters nothing."""

    reponse: str = ""
    besoins: bool = False
    covoiturage: bool = False
    q: str = ""

    @classmethod
    def lire(cls, parametres) -> "Filtre":
        reponse = parametres.get("reponse", "")
        return cls(
            reponse=reponse if reponse in Participation.Reponse.values else "",
            besoins=parametres.get("besoins") == "1",
            covoiturage=parametres.get("covoiturage") == "1",
            q=" ".join(parametres.get("q", "")[:100].replace("\x00", " ").split()),
        )

    @property
    def chaine(self) -> str:
        """As a query string, for the pages and the file."""
        paires = [("q", self.q), ("reponse", self.reponse)]
        paires += [(nom, "1" if getattr(self, nom) else "") for nom in ("besoins", "covoiturage")]
        return urlencode([(nom, valeur) for nom, valeur in paires if valeur])

    def appliquer(self, participations):
        choisies = participations.qui_repondent(self.reponse, besoins=self.besoins, covoiturage=self.covoiturage)
        return choisies.chercher(self.q) if self.q else choisies


def compter(reunion) -> dict:
    """People by answer, and with needs, offers and demands; one query."""
    places = reunion.participations.aggregate(
        total=Count("pk"),
        besoins=Count("pk", filter=~Q(besoins="")),
        covoiturage=Count("pk", filter=~Q(covoiturage="")),
        peut_etre=Count("pk", filter=Q(reponse="attendue", peut_etre_le__isnull=False)),
        a_inviter=Count("pk", filter=Q(origine="invitation", invitee_le=None) & ~Q(courriel="")),
        **{nom: Count("pk", filter=Q(reponse=nom)) for nom in Participation.Reponse.values},
    )
    places["reponses"] = [(nom, mots, places[nom]) for nom, mots in Participation.Reponse.choices]
    return places


def compter_presences(reunion) -> dict:
    """People by what was seen on the day; one query."""
    return reunion.participations.aggregate(
        total=Count("pk"), **{nom: Count("pk", filter=Q(presence=nom)) for nom in Participation.Presence.values}
    )


def lignes(participations):
    for p in participations.iterator(chunk_size=500):
        yield [
            p.nom, p.courriel, p.fonction, p.au_nom_de, p.get_reponse_display(), p.represente_par, p.besoins, p.message,
            p.get_covoiturage_display() if p.covoiturage else "", p.covoiturage_places,
            p.covoiturage_depuis.nom if p.covoiturage_depuis else "", _jour(p.invitee_le), _jour(p.repondue_le),
            p.relances, p.get_presence_display(), _notee(p), _dit_l_agenda(p),
        ]  # fmt: skip


def phrase_du_bilan(bilan) -> str:
    """« 12 personnes ajoutées à la liste, 3 y étaient déjà… »"""

    def dire(nombre, une, plusieurs):
        return f"{nombre} {une if nombre < 2 else plusieurs}"

    phrases = [dire(bilan.nouvelles, "personne ajoutée à la liste", "personnes ajoutées à la liste")]
    if bilan.deja:
        phrases.append(dire(bilan.deja, "y était déjà", "y étaient déjà"))
    if bilan.opposees:
        phrases.append(dire(bilan.opposees, "ne veut plus être contactée", "ne veulent plus être contactées"))
    if bilan.sans_adresse:
        phrases.append(dire(len(bilan.sans_adresse), "structure n'a pas d'adresse", "structures n'ont pas d'adresse"))
    return ", ".join(phrases) + ". Rien n'est encore parti."


def _notee(p) -> str:
    """« par téléphone, Camille Durand »; empty when the person answered by themselves."""
    qui = str(p.reponse_notee_par) if p.reponse_notee_par else ""
    return ", ".join(filter(None, [p.get_reponse_moyen_display(), qui])) if p.reponse_moyen else ""


def _dit_l_agenda(p) -> str:
    confiee = f"invitation confiée à {p.delegation}" if p.delegation else ""
    return " ; ".join(filter(None, ["peut-être" if p.peut_etre_le else "", confiee]))


def _jour(instant):
    return timezone.localtime(instant).strftime("%Y-%m-%d %H:%M") if instant else ""
