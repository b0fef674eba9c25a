"""What happened to the invented announcements: calendars, bookings, conversations, parts, a tour, a year of figures."""

import uuid
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from annuaire.models import Structure, Utilisateur
from ressources.models import (
    Alerte,
    Annonce,
    Bilan,
    Calendrier,
    Etape,
    Fermeture,
    JourSouhaite,
    Message,
    MiseEnRelation,
    MotDeVigilance,
    PartDeLot,
    ReglagesStructure,
    Reservation,
    SignalementAnnonce,
    Tournee,
)

from .annonces import SOURCE

CALENDRIERS = {
    "barnum": {"battement_heures": 12, "preavis_jours": 2, "duree_max_jours": 4},
    "chaises": {"genre": "pool", "capacite": 100, "preavis_jours": 2, "duree_max_jours": 7},
    "tables": {"genre": "pool", "capacite": 20, "preavis_jours": 2, "duree_max_jours": 7},
    "video-moulin": {"preavis_jours": 1, "duree_max_jours": 5},
    "sono-radio": {"preavis_jours": 2, "duree_max_jours": 3},
    "remorque": {"genre": "pool", "capacite": 2, "duree_max_jours": 7},
    "joelettes": {"genre": "pool", "capacite": 2, "preavis_jours": 7, "battement_heures": 24},
    "salle-moulin": {"pas": "heure", "preavis_jours": 1, "battement_heures": 1, "duree_max_jours": 1},
    "vaisselle": {"genre": "pool", "capacite": 80, "preavis_jours": 3, "battement_heures": 24},
}
CONSIGNES = "Retrait et retour aux heures d'ouverture. Vérifiez ensemble l'état et le compte avant de partir."
RESERVATIONS = [
    ("barnum", "fanfare-bocage", 4, 3, 1, "confirmee", "Bal de la Saint-Martin."),
    ("barnum", "abeilles-sologne", 5, 2, 1, "demandee", "Fête de l'abeille, nous pouvons décaler."),
    ("barnum", "foyer-rural-chantelle", 18, 2, 1, "confirmee", "Marché de Noël."),
    ("barnum", "basket-st-germain", -20, 2, 1, "rendue", "Tournoi."),
    ("barnum", "bal-trad", -34, 3, 1, "rendue", "Stage de danse."),
    ("chaises", "judo-adapte", 10, 2, 80, "confirmee", "Gala."),
    ("chaises", "bal-trad", 11, 2, 20, "demandee", "Bal mensuel."),
    ("chaises", "paniers-besbre", 25, 1, 60, "demandee", ""),
    ("chaises", "radio-locale", -48, 1, 40, "rendue", "Assemblée générale."),
    ("tables", "paniers-besbre", 25, 1, 12, "demandee", ""),
    ("video-moulin", "point-ecoute-droits", 2, 1, 1, "confirmee", "Conférence du mardi."),
    ("video-moulin", "aide-devoirs", 9, 2, 1, "demandee", "Projection avec les familles."),
    ("video-moulin", "radio-locale", -3, 2, 1, "remise", "Ciné-club, retour prévu hier."),
    ("video-moulin", "cooperative-energie", -60, 2, 1, "rendue", "Réunion des sociétaires."),
    ("sono-radio", "bal-trad", 6, 2, 1, "confirmee", "Bal en plein air."),
    ("remorque", "jardin-partage-rivieres", 0, 3, 1, "remise", "Livraison de compost."),
    ("remorque", "sel-montagne", 7, 2, 1, "demandee", "Bourse d'échange."),
    ("remorque", "repair-cafe-cusset", -15, 1, 1, "non_venue", ""),
    ("joelettes", "logement-jeunes", -90, 1, 2, "rendue", "Sortie de rentrée."),
    ("vaisselle", "fete-jeunes", 30, 2, 60, "refusee", "Festival."),
]
"""announcement, borrower, first day from today, days, quantity, state, message."""
HEURES = [
    ("salle-moulin", "bal-trad", 1, 19, 22, "confirmee", "Répétition."),
    ("salle-moulin", "aide-devoirs", 2, 16, 19, "confirmee", "Aide aux devoirs."),
    ("salle-moulin", "point-ecoute-droits", 3, 9, 12, "confirmee", "Permanence."),
    ("salle-moulin", "radio-locale", 3, 14, 18, "demandee", "Émission en public."),
    ("salle-moulin", "bal-trad", 8, 19, 22, "confirmee", "Répétition."),
    ("salle-moulin", "aide-devoirs", 9, 16, 19, "confirmee", "Aide aux devoirs."),
    ("salle-moulin", "cooperative-energie", 12, 18, 21, "demandee", "Assemblée des sociétaires."),
    ("salle-moulin", "aide-devoirs", -5, 16, 19, "rendue", "Aide aux devoirs."),
]
"""announcement, borrower, day from today, from and to (hours), state, message."""
MOTIF_REFUS = "La vaisselle est déjà promise au repas de quartier ce week-end."
FERMETURES = [
    ("barnum", 40, 14, "panne", "Toit à recoudre"),
    ("salle-moulin", 28, 9, "fermeture", "Fermé pendant les fêtes"),
    ("chaises", 15, 2, "fermeture", "Inventaire annuel"),
    ("video-moulin", 14, 3, "panne", "Lampe à changer"),
    ("sono-radio", 1, 1, "avis", "Un micro sur trois est en réparation"),
]
CONVERSATIONS = [
    ("besoin-video", "tiers-lieu-moulin", "interessee", 4, [
        ("structure", "Bonjour, nous prêtons un vidéoprojecteur et un écran de 2 m. Quel samedi vous faut-il ?"),
        ("annonceur", "Merci ! Le deuxième samedi du mois prochain, de 9 h à 13 h."),
    ]),
    ("remorque", "paniers-besbre", "proposee", 1, [
        ("structure", "Bonjour, la remorque va-t-elle sur un vélo électrique ? Ce serait pour la fête des dix ans."),
    ]),
    ("velos-lot", "aide-devoirs", "vue", 3, [
        ("structure", "Trois de nos enfants n'ont pas de vélo. Ils viendraient les réparer le mercredi."),
    ]),
    ("besoin-compta", "compta-partagee", "conclue", 20, [
        ("structure", "Trois heures par mois, c'est possible dès janvier, à 35 € l'heure avec l'adhésion."),
        ("annonceur", "Parfait, notre conseil est d'accord."),
    ]),
    ("besoin-affiche", "atelier-gravure", "conclue", 12, [
        ("structure", "Nous pouvons vous graver une affiche, en échange de deux entrées par graveur."),
        ("annonceur", "Marché conclu !"),
    ]),
    ("besoin-stockage", "musee-eaux", "declinee", 30, [
        ("structure", "Nous avons une cave de 30 m², sèche."),
    ]),
    ("besoin-bras", "sel-montagne", "interessee", 1, [
        ("structure", "Nous serons cinq, avec des gants."),
    ]),
]  # fmt: skip
"""announcement, who answers, state, days ago, messages."""
PARTS = [
    ("ordinateurs", "aide-devoirs", 5, "remise"),
    ("ordinateurs", "logement-jeunes", 3, "attribuee"),
    ("ordinateurs", "ecole-deuxieme-chance", 2, "attribuee"),
    ("velos-lot", "domicile-allier-sud", 2, "demandee"),
    ("velos-lot", "foyer-rural-chantelle", 4, "attribuee"),
    ("velos-lot", "logement-jeunes", 3, "demandee"),
    ("bureaux-lot", "fondation-vallee", 8, "attribuee"),
    ("bureaux-lot", "couveuse-activites", 4, "attribuee"),
    ("bureaux-lot", "aide-devoirs", 2, "en_attente"),
]
"""batch, structure, quantity, state. The computers are half taken, the desks all, with one structure waiting."""
ETAPES = [
    ("ludotheque-itinerante", [30, 31, 37], None),
    ("repair-cafe-cusset", [30, 32], None),
    ("foyer-rural-chantelle", [31, 32, 33], None),
    ("cafe-associatif-randan", [38], None),
]
BILANS = [
    ("pret-echelle", "cooperative-energie", 340, None, 180, None, True),
    ("donne-micro-ondes", "paniers-besbre", 25, None, 120, 38, True),
    ("barnum", "bal-trad", 31, None, 150, None, True),
    ("barnum", "basket-st-germain", 18, None, 100, None, False),
    ("chaises", "radio-locale", 47, None, 60, None, True),
    ("joelettes", "logement-jeunes", 89, 6, 90, None, False),
    ("video-moulin", "cooperative-energie", 58, None, 80, None, True),
    ("photocopieur", "couveuse-activites", 75, None, 400, 85, False),
    ("compta-conseil", "paniers-besbre", 120, 9, None, None, True),
    ("depannage-clic", "boutique-equitable", 150, 4, 160, None, True),
    ("conduite-limagne", "main-tendue-gannat", 165, 12, None, None, False),
    ("sel-coupdemain", "cirque-chapiteau", 200, 20, None, None, True),
    ("visites-jeudis", "domicile-allier-sud", 230, 15, None, None, False),
    ("psc1-handi", "judo-adapte", 260, 70, None, None, True),
    ("bricolage-repare", "jardin-partage-rivieres", 290, 5, None, 12, True),
]
"""announcement, other structure, days ago, hours, euros, kilos, declared by both."""
VIGILANCE = [
    ("crédit", "Offres de prêt d'argent"),
    ("voyance", "Hors du projet du pôle"),
    ("gain garanti", "Arnaques"),
    ("western union", "Arnaques"),
    ("armes", "Interdit"),
]
DE_CONFIANCE = ["communaute-exemple", "ge-bourbonnais-sport"]


def _instant(jours: int, heure: int = 0) -> datetime:
    jour = timezone.localdate() + timedelta(days=jours)
    return timezone.make_aware(datetime.combine(jour, time(heure)))


def _ouverture(instant: datetime, heure: int) -> datetime:
    """When somebody came for a booking of whole days; the very hour of the others."""
    return instant + timedelta(hours=heure) if timezone.localtime(instant).hour == 0 else instant


def raconter(annonces: dict[str, Annonce]) -> None:
    """The life of the announcements just created; `annonces` holds no other, so that nothing is told twice."""
    structures = {s.source_cle: s for s in Structure.objects.filter(source=SOURCE)}
    equipe = Utilisateur.objects.filter(email="animateur@demo.example.org").first()
    _moderer(annonces, structures, equipe)
    _reserver(annonces, structures)
    _converser(annonces, structures)
    _partager(annonces, structures)
    _tourner(annonces, structures)
    _compter(annonces, structures)


def _moderer(annonces, structures, equipe):
    for expression, raison in VIGILANCE:
        MotDeVigilance.objects.get_or_create(expression=expression, defaults={"raison": raison})
    for cle in DE_CONFIANCE:
        if cle in structures:
            ReglagesStructure.objects.get_or_create(
                structure=structures[cle],
                defaults={"de_confiance": True, "confiance_par": equipe, "confiance_le": timezone.now()},
            )
    if annonce := annonces.get("gobelets"):
        SignalementAnnonce.objects.create(
            annonce=annonce, genre="deja_pourvue", texte="On me dit qu'ils n'en ont plus.", cle=uuid.uuid4()
        )
    if citoyen := Utilisateur.objects.filter(email="referent@demo.example.org").first():
        Alerte.objects.get_or_create(utilisateur=citoyen, criteres="nature=materiel&sens=offre", defaults={
            "nom": "Le matériel proposé", "frequence": "hebdomadaire",
        })  # fmt: skip


def _reserver(annonces, structures):
    calendriers = {
        cle: Calendrier.objects.create(annonce=annonces[cle], consignes=CONSIGNES, **regles)
        for cle, regles in CALENDRIERS.items()
        if cle in annonces
    }
    demandes = [(*ligne[:2], _instant(ligne[2]), _instant(ligne[2] + ligne[3]), *ligne[4:]) for ligne in RESERVATIONS]
    demandes += [
        (cle, qui, _instant(jour, de), _instant(jour, a), 1, etat, message)
        for cle, qui, jour, de, a, etat, message in HEURES
    ]
    for cle, emprunteur, du, au, quantite, etat, message in demandes:
        if cle not in calendriers or emprunteur not in structures:
            continue
        calendrier, caution = calendriers[cle], annonces[cle].caution
        rendue = etat == "rendue"
        decidee = None if etat == "demandee" else min(_ouverture(du, 15) - timedelta(days=5), _instant(-1, 15))
        reservation = Reservation.objects.create(
            calendrier=calendrier,
            exclusive=calendrier.genre == "exclusif",
            structure=structures[emprunteur],
            quantite=quantite,
            periode=TimestamptzRange(du, au, "[)"),
            blocage=TimestamptzRange(du, au + timedelta(hours=calendrier.battement_heures), "[)"),
            etat=etat,
            message=message,
            motif=MOTIF_REFUS if etat == "refusee" else "",
            caution=caution,
            etat_caution=_caution(caution, etat),
            remise_le=_ouverture(du, 9) if etat in ("remise", "rendue") else None,
            rendue_le=_ouverture(au, 10) if rendue else None,
            decidee_le=decidee,
            etat_retour="conforme" if rendue else "",
            constat_retour="Tout est là, propre." if rendue else "",
            quantite_rendue=quantite if rendue else None,
            cle=uuid.uuid4(),
        )
        demandee = (decidee or _instant(0, 9)) - timedelta(days=1)
        Reservation.objects.filter(pk=reservation.pk).update(cree_le=demandee)
    for cle, debut, jours, genre, motif in FERMETURES:
        if cle in calendriers:
            periode = TimestamptzRange(_instant(debut), _instant(debut + jours), "[)")
            Fermeture.objects.create(calendrier=calendriers[cle], genre=genre, motif=motif, periode=periode)


def _caution(caution, etat):
    if not caution:
        return "sans_objet"
    return {"remise": "recue", "rendue": "rendue"}.get(etat, "a_recevoir")


def _converser(annonces, structures):
    for cle, structure, etat, jours, messages in CONVERSATIONS:
        if cle not in annonces or structure not in structures:
            continue
        debut = timezone.now() - timedelta(days=jours, hours=3)
        close = etat in ("conclue", "declinee")
        relation = MiseEnRelation.objects.create(
            annonce=annonces[cle],
            annonceur=annonces[cle].structure,
            structure=structures[structure],
            etat=etat,
            motif="Trop petit pour nos meubles, merci d'y avoir pensé." if etat == "declinee" else "",
            vue_le=None if etat == "proposee" else debut + timedelta(hours=2),
            repondue_le=debut + timedelta(hours=5) if etat not in ("proposee", "vue") else None,
            close_le=debut + timedelta(days=1) if close else None,
            cle=uuid.uuid4(),
        )
        MiseEnRelation.objects.filter(pk=relation.pk).update(cree_le=debut)
        for rang, (cote, texte) in enumerate(messages):
            message = Message.objects.create(mise_en_relation=relation, cote=cote, texte=texte, cle=uuid.uuid4())
            Message.objects.filter(pk=message.pk).update(cree_le=debut + timedelta(hours=5 * rang))
        if etat == "conclue":
            Bilan.objects.create(
                annonce=annonces[cle], mise_en_relation=relation, structure=relation.annonceur,
                avec=relation.structure, heures=Decimal(3),
            )  # fmt: skip


def _partager(annonces, structures):
    prises = {}
    for cle, structure, quantite, etat in PARTS:
        if cle in annonces and structure in structures:
            PartDeLot.objects.create(
                annonce=annonces[cle], structure=structures[structure], quantite=quantite, etat=etat, cle=uuid.uuid4(),
                remise_le=timezone.now() - timedelta(days=1) if etat == "remise" else None,
                decidee_le=None if etat in ("demandee", "en_attente") else timezone.now() - timedelta(days=2),
                message="Pour la salle d'étude." if structure == "aide-devoirs" else "",
            )  # fmt: skip
            if etat in ("attribuee", "remise"):
                prises[cle] = prises.get(cle, 0) + quantite
    for cle, quantite in prises.items():
        Annonce.objects.filter(pk=annonces[cle].pk).update(quantite_prise=quantite)


def _tourner(annonces, structures):
    spectacle = annonces.get("theatre-spectacle")
    if spectacle is None:
        return
    aujourdhui = timezone.localdate()
    tournee = Tournee.objects.create(
        annonce=spectacle,
        nom="La Malle de l'éclusière entre Limagne et Montagne bourbonnaise",
        debut=aujourdhui + timedelta(days=28),
        fin=aujourdhui + timedelta(days=40),
        rayon=40,
        etapes_min=3,
        precisions="À trois étapes ou plus, le trajet est partagé et le prix descend à 560 € par séance.",
        cle=uuid.uuid4(),
    )
    for cle, jours, retenu in ETAPES:
        if cle in structures:
            etape = Etape.objects.create(
                tournee=tournee,
                structure=structures[cle],
                etat="souhaitee" if retenu is None else "retenue",
                jour=None if retenu is None else aujourdhui + timedelta(days=retenu),
            )
            JourSouhaite.objects.bulk_create(
                [JourSouhaite(etape=etape, jour=aujourdhui + timedelta(days=jour)) for jour in jours]
            )


def _compter(annonces, structures):
    for cle, autre, jours, heures, euros, kilos, les_deux in BILANS:
        if cle not in annonces or autre not in structures:
            continue
        annonce, valeurs = annonces[cle], {"heures": heures, "euros": euros, "kilos": kilos}
        relation = MiseEnRelation.objects.filter(annonce=annonce, structure=structures[autre]).first()
        if relation is None:
            relation = MiseEnRelation.objects.create(
                annonce=annonce, annonceur=annonce.structure, structure=structures[autre], etat="conclue",
                close_le=timezone.now() - timedelta(days=jours), cle=uuid.uuid4(),
            )  # fmt: skip
            MiseEnRelation.objects.filter(pk=relation.pk).update(cree_le=timezone.now() - timedelta(days=jours + 6))
        paires = [(annonce.structure, structures[autre])]
        if les_deux:
            paires.append((structures[autre], annonce.structure))
        for structure, avec in paires:
            bilan = Bilan.objects.create(
                annonce=annonce, mise_en_relation=relation, structure=structure, avec=avec, **valeurs
            )
            Bilan.objects.filter(pk=bilan.pk).update(declare_le=timezone.now() - timedelta(days=jours))
