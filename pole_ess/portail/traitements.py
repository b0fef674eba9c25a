"""The register of treatments (RGPD art. 30): what is done with personal data, why, how long, by which tables.

Durations are those of the purges; `modeles` ties each table that may hold a person to the treatment that says so, and
a test refuses a table without one.
"""

from dataclasses import dataclass

CONTRAT, ACCORD = "l'exécution du service demandé (art. 6.1.b)", "l'accord de la personne (art. 6.1.a)"
INTERET, LOI = "l'intérêt légitime du pôle (art. 6.1.f)", "une obligation légale (art. 6.1.c)"
EQUIPE = "L'équipe du pôle"


@dataclass(frozen=True)
class Traitement:
    """One entry of the register, in the words of its page."""

    cle: str
    nom: str
    finalite: str
    base: str
    personnes: str
    donnees: str
    destinataires: str
    duree: str
    modeles: frozenset[str]


def _modeles(app: str, noms: str) -> frozenset[str]:
    return frozenset(f"{app}.{nom}" for nom in noms.split())


TRAITEMENTS = [
    Traitement(
        "comptes",
        "Comptes et sécurité",
        "Ouvrir un compte, se connecter, agir au nom d'une structure, protéger les comptes.",
        CONTRAT,
        "Membres, référents, équipe",
        "Adresse e-mail, nom affiché, mot de passe illisible, deuxième étape, rattachements, sessions, essais comptés "
        "par réseau",
        EQUIPE,
        "La suppression du compte ; une session trente jours ; un compte d'essais une journée au plus",
        _modeles("annuaire", "utilisateur rattachement historicalrattachement")
        | {"account.emailaddress", "sessions.session", "socle.compteur", "admin.logentry"},
    ),
    Traitement(
        "annuaire",
        "Annuaire des structures",
        "Dire qui fait quoi, où, et comment le joindre ; tenir les fiches à jour.",
        f"{INTERET} ; le nom d'une personne n'est public qu'avec {ACCORD}",
        "Personnes à contacter d'une structure, personnes citées dans une fiche",
        "Nom, fonction, téléphone, e-mail ; appels et visites notés par l'équipe ; historique des fiches ; listes "
        "importées",
        "Les visiteurs pour ce qui est public, les membres de la structure, l'équipe du pôle",
        "Le retrait par la structure, la personne ou l'équipe ; une liste importée trente jours ; l'empreinte d'une "
        "opposition tant que l'annuaire existe",
        _modeles(
            "annuaire",
            "structure historicalstructure contact historicalcontact photo echange modification mot nondoublon "
            "opposition importstructures ligneimport",
        ),
    ),
    Traitement(
        "registres",
        "Registres publics et invitations à s'inscrire",
        "Savoir quelles structures du territoire manquent dans l'annuaire, et les inviter à y figurer.",
        INTERET,
        "Structures inscrites au RNA ou au répertoire SIRENE ; leurs dirigeants ne sont pas lus",
        "Nom, numéros, commune et adresse du siège, jamais une personne physique ; e-mail public trouvé par l'équipe, "
        "avec son origine ; décisions de l'équipe",
        EQUIPE,
        "L'adresse d'une invitation, cent quatre-vingts jours ; un fichier déposé, trente ; le reste tant que "
        "l'annuaire existe. Une opposition vide la ligne et en garde une empreinte illisible",
        _modeles("annuaire", "entreeregistre invitationregistre importregistre ligneregistre"),
    ),
    Traitement(
        "messages",
        "Messages et signalements",
        "Faire parvenir un message à une structure sans montrer d'adresse, répondre à un signalement, à une demande de "
        "retrait.",
        f"{CONTRAT} ; pour les abus, {INTERET}",
        "Visiteurs qui écrivent, membres",
        "Nom, e-mail, texte du message",
        "La structure écrite, l'équipe du pôle pour un signalement",
        "Un an",
        _modeles("annuaire", "messagerelaye signalement") | {"socle.courrielentrant"},
    ),
    Traitement(
        "echanges",
        "Offres, besoins et réservations",
        "Publier, répondre, réserver, prêter, partager un achat, tenir le compte des heures.",
        CONTRAT,
        "Membres des structures",
        "Annonces, conversations, réservations et conventions, parts, heures échangées, bilans",
        "Les deux structures d'un échange ; l'équipe du pôle, sauf les conversations privées",
        "Une conversation un an après sa fin, sans nom ensuite ; une annonce fermée est mise de côté au bout d'un an ; "
        "les comptes d'heures tant que la structure en a un",
        _modeles(
            "ressources",
            "annonce historicalannonce motannonce photoannonce fichierannonce importannonces ligneimportannonce "
            "motdevigilance signalementannonce miseenrelation message calendrier fermeture reservation partdelot "
            "tournee etape miseencommun partencommun compteheures ecritureheures operationheures bilan "
            "demandesansreponse",
        ),
    ),
    Traitement(
        "benevolat",
        "Bénévolat et appels urgents",
        "Inscrire des bénévoles, appeler les personnes volontaires quand quelqu'un manque.",
        f"{CONTRAT} ; les appels urgents, {ACCORD}",
        "Membres et citoyens qui s'inscrivent",
        "Créneaux choisis, téléphone si la personne le donne, disponibilités, réponses",
        "La structure qui organise",
        "Le téléphone trente jours après la mission ; les messages un an ; un appel quatre-vingt-dix jours",
        _modeles("ressources", "mission creneau inscriptionbenevole messagebenevole urgence appel"),
    ),
    Traitement(
        "rencontres",
        "Rencontres et ateliers",
        "Inviter, tenir la feuille de présence, faire participer, écrire le compte rendu, suivre les actions.",
        INTERET,
        "Personnes invitées ou présentes",
        "Nom, structure, e-mail, présence, besoin d'accessibilité si la personne le dit, covoiturage, notes d'atelier, "
        "réponses à un sondage",
        "Les personnes de la rencontre ; le compte rendu publié ne nomme que qui l'a accepté",
        "Le besoin d'accessibilité et le covoiturage jusqu'à la rencontre passée ; le reste tant que le compte rendu "
        "existe, ou jusqu'à la demande de la personne",
        _modeles(
            "reunions",
            "reunion evenement participation participant animateurreunion pointordredujour document sondage "
            "reponsesondage enonce reconnaissance postit priorite tourdetable compterendu sectioncompterendu "
            "versioncompterendu action projet nouvelle",
        ),
    ),
    Traitement(
        "lettre",
        "Lettre du pôle",
        "Envoyer la lettre à qui l'a demandée, en garder la preuve, ne plus écrire à qui est parti.",
        ACCORD,
        "Abonnés",
        "Adresse e-mail, choix, date et mots de l'accord, sort de chaque envoi ; jamais ce que la personne lit",
        f"{EQUIPE} ; le service qui achemine les e-mails",
        "Le désabonnement ; trente jours sans confirmation ; trois ans sans signe. Il reste une empreinte illisible et "
        "la date de l'accord",
        _modeles("newsletter", "abonne importabonnes numero bloc element imagebloc rendu envoi breve"),
    ),
    Traitement(
        "courrier",
        "E-mails du portail",
        "Envoyer les messages attendus, savoir s'ils sont partis, les renvoyer.",
        CONTRAT,
        "Toute personne à qui le portail écrit",
        "Adresse, objet, texte, sort de l'envoi ; ce qui attend le prochain e-mail groupé",
        f"{EQUIPE}, sauf codes, liens personnels et conversations ; le service qui achemine les e-mails",
        "Un an pour le texte, trois ans pour la trace ; cent quatre-vingts jours pour ce qui a été groupé",
        frozenset({"socle.courriel", "annuaire.avis", "procrastinate.procrastinatejob"}),
    ),
    Traitement(
        "recherche",
        "Recherche dans tout le portail",
        "Retrouver une structure, une annonce, une rencontre, un compte rendu ou une lettre par ses mots.",
        INTERET,
        "Personnes que nomment ces pages",
        "Les mots des pages ; ce qui est cherché n'est pas gardé",
        "Chacun n'y trouve que ce qu'il peut ouvrir",
        "La vie de la page : la base efface ses mots avec elle",
        _modeles("portail", "entreerecherche motportail"),
    ),
    Traitement(
        "mentions",
        "Mentions légales",
        "Dire qui publie le portail.",
        LOI,
        "Responsable de la publication",
        "Fonction, coordonnées du pôle",
        "Tout le monde",
        "Tant que le portail existe",
        frozenset({"socle.reglagespole"}),
    ),
]
