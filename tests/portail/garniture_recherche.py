"""One object of each kind that the search across everything finds, with the same rare word; and the hidden ones."""

from newsletter.models import Bloc
from reunions.models import Nouvelle
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.newsletter import BreveFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory
from tests.factories.reunions import ActionFactory, EvenementFactory, ProjetFactory, ReunionFactory
from tests.reunions.minutes import minutes_publiees, reunion_tenue

MOT = "médiathèque"
GROUPES = ["structures", "offres", "besoins", "rencontres", "comptes-rendus", "actions", "breves", "lettres"]


def de_chaque_sorte(mot: str = MOT, combien: int = 1) -> None:
    """`combien` of each of the nine kinds, all in the public eye; each has the word in its title or in its text."""
    commune = CommuneFactory(nom="Gannat", code="03118")
    for rang in range(combien):
        structure = StructureFactory(nom=f"Amis {rang} de la {mot}", presentation="Lire ensemble.", commune=commune)
        porteuse = StructureFactory(nom=f"Porteuse {rang}", commune=commune)
        AnnonceFactory(structure=structure, titre=f"Chariot {rang}", description=f"Prêté par la {mot}.")
        BesoinFactory(structure=porteuse, titre=f"Étagères {rang} pour la {mot}")
        ReunionFactory(titre=f"Visite {rang}", objectif=f"Découvrir la {mot}.", commune=commune)
        EvenementFactory(titre=f"Lecture {rang} à la {mot}", structure=porteuse)
        minutes_publiees(reunion=reunion_tenue(titre=f"Bilan {rang}"), texte=f"La **{mot}** ouvrira.")
        ActionFactory(titre=f"Ranger {rang} la {mot}", pilote=porteuse)
        projet = ProjetFactory(nom=f"Projet commun {rang}")
        Nouvelle.objects.create(projet=projet, texte=f"Une {mot} de plus.", cle=f"00000000-0000-4000-8000-{rang:012d}")
        BreveFactory(titre=f"Nouvelle {rang}", texte=f"La {mot} déménage.", structure=porteuse)
        lettre = NumeroFactory(etat="termine", sujet=f"La lettre {rang}")
        Bloc.objects.create(numero=lettre, genre="texte", ordre=0, texte=f"Merci à la **{mot}**.")


def cachees(mot: str = MOT) -> None:
    """A draft, or what is no longer public, of each kind: nobody finds any of them."""
    for etat in ("brouillon", "a_valider", "a_corriger", "refusee", "archivee"):
        StructureFactory(nom=f"{mot} {etat}", etat=etat)
    secrete = StructureFactory(nom="Secrète", etat="a_valider")
    publiee = StructureFactory(nom="Ouverte")
    for fabrique in (AnnonceFactory, BesoinFactory):
        for etat in ("brouillon", "a_valider", "a_corriger", "refusee", "retiree", "archivee"):
            fabrique(structure=publiee, titre=f"{mot} {etat}", etat=etat)
        fabrique(structure=secrete, titre=f"{mot} d'une structure cachée")
    ReunionFactory(titre=f"{mot} en préparation", etat="brouillon")
    ReunionFactory(titre=f"{mot} jamais annoncée", etat="annulee", annoncee_le=None)
    for etat in ("brouillon", "a_valider", "a_corriger", "refuse", "archive"):
        EvenementFactory(titre=f"{mot} {etat}", etat=etat, structure=publiee)
    EvenementFactory(titre=f"{mot} d'une structure cachée", structure=secrete)
    from reunions.actions import comptes_rendus as actes

    minutes = actes.rediger(reunion_tenue(titre="Réunion non racontée"), par=None)
    section = minutes.sections.first()
    actes.enregistrer_section(section, par=None, titre=section.titre, texte=f"La {mot}.", version=section.version)
    for etat in ("brouillon", "programme", "annule"):
        lettre = NumeroFactory(etat=etat, sujet=f"{mot} {etat}")
        Bloc.objects.create(numero=lettre, genre="texte", ordre=0, texte=f"La {mot}.")
    for etat in ("brouillon", "a_valider", "a_corriger", "retiree", "refusee", "archivee"):
        BreveFactory(titre=f"{mot} {etat}", texte=mot, etat=etat, structure=publiee)
    BreveFactory(titre=f"{mot} d'une structure cachée", texte=mot, structure=secrete)
