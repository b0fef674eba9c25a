"""Events of invented structures in the coming two months, and a poll to find a date."""

from datetime import timedelta

from reunions.models import ChoixDate, DateProposee, Evenement, ReponseSondage, Sondage

from . import communs

EVENEMENTS = [
    ("theatre-deux-rives", "spectacle", 5, 20, 2, "La Malle de l'éclusière", "12 €, 6 € en tarif réduit"),
    ("paniers-besbre", "rencontre", 9, 17, 3, "Portes ouvertes au jardin", "gratuit"),
    ("fanfare-bocage", "spectacle", 12, 20, 2, "Répétition publique sous la halle", "prix libre"),
    ("ressourcerie-sichon", "forum", 16, 9, 8, "Grande vente de printemps et d'hiver", "entrée libre"),
    ("basket-st-germain", "sport", 19, 10, 6, "Tournoi mixte, ouvert aux débutants", "gratuit"),
    ("cooperative-energie", "assemblee", 23, 18, 2, "Assemblée générale des sociétaires", ""),
    ("mains-qui-parlent", "rencontre", 27, 15, 2, "Goûter en langue des signes", "gratuit"),
    ("bal-trad", "festival", 31, 20, 4, "Bal et stage d'initiation", "8 €"),
    ("compta-partagee", "formation", 36, 9, 7, "Tenir ses comptes sans les craindre", "20 €"),
    ("ludotheque-itinerante", "autre", 41, 14, 4, "Le camion de jeux s'arrête", "gratuit"),
    ("cine-montagne", "spectacle", 46, 20, 2, "Séance et débat : le pain des autres", "5 €"),
    ("sentiers-forez", "sport", 52, 9, 5, "Marche et chantier de balisage", "gratuit"),
    ("maison-aidants", "spectacle", 57, 17, 2, "Chanter à plusieurs, aidants et aidés", "prix libre"),
]
"""structure, kind, in how many days, at what hour, hours, title, price."""
A_VALIDER = ("fete-jeunes", "festival", 60, 14, 10, "La fête des jeunes, troisième édition", "gratuit")
CHOIX = [
    ("tiers-lieu-moulin", ("oui", "oui", "non")),
    ("paniers-besbre", ("si_besoin", "oui", "oui")),
    ("radio-locale", ("non", "oui", "si_besoin")),
    ("aide-devoirs", ("oui", "si_besoin", "non")),
]


def remplir_agenda(structures) -> None:
    for cle, genre, jours, heure, heures, titre, tarif in [*EVENEMENTS, A_VALIDER]:
        structure = structures.get(cle)
        if structure is None or Evenement.objects.filter(cle=communs.cle(f"evenement {cle}")).exists():
            continue
        debut, publie = communs.dans(jours, heure), cle != A_VALIDER[0]
        Evenement.objects.create(
            cle=communs.cle(f"evenement {cle}"),
            structure=structure,
            genre=genre,
            titre=titre,
            description=f"Organisé par {structure.nom}. Venez tôt, les places sont comptées.",
            debut=debut,
            fin=debut + timedelta(hours=heures),
            lieu="Sur place",
            commune=structure.commune,
            accessible_pmr=structure.accessible_pmr,
            tarif=tarif,
            etat="publie" if publie else "a_valider",
            publie_le=communs.dans(-2, 9) if publie else None,
            soumis_le=communs.dans(-1, 9),
            est_demonstration=True,
        )


def proposer_dates(structures, equipe) -> None:
    """Three dates for the commission; four answers; still open."""
    if Sondage.objects.filter(cle=communs.cle("sondage")).exists():
        return
    sondage = Sondage.objects.create(
        cle=communs.cle("sondage"),
        titre="Quand réunir la commission communication ?",
        precisions="Une heure et demie, en visioconférence ou au tiers-lieu.",
        jeton=communs.cle("jeton du sondage").hex,
        auteur=equipe,
    )
    dates = [
        DateProposee.objects.create(sondage=sondage, debut=debut, fin=debut + timedelta(minutes=90))
        for debut in (communs.dans(12, 18), communs.dans(14, 12, 30), communs.dans(19, 18))
    ]
    for cle, valeurs in CHOIX:
        if structure := structures.get(cle):
            reponse = ReponseSondage.objects.create(
                sondage=sondage,
                nom=structure.nom,
                structure=structure,
                jeton=communs.cle(f"reponse {cle}").hex,
                cle=communs.cle(f"cle {cle}"),
            )
            ChoixDate.objects.bulk_create(
                ChoixDate(reponse=reponse, date=date, valeur=valeur)
                for date, valeur in zip(dates, valeurs, strict=True)
            )
