"""What was said on 30 January 2014, in our own words; names of boards and categories are those of the minutes."""

AXES = [
    ("Mutualisation de compétences", "Administratif, comptabilité, juridique, communication, transport, bricolage."),
    ("Mutualisation d'outils", "Groupement d'achat, pôle de finances solidaires."),
    ("Développement des affaires entre acteurs", "Ce que chacun offre et cherche : matériel, locaux, artistes."),
    ("Mise en réseaux", "Lettre entre acteurs, lieux d'échange, projets collectifs."),
    ("Appui au développement des acteurs", "Coopérative d'activité et d'emploi, formation, guichet unique."),
    ("Promotion et développement de partenariats", "Élus, grand public, jeunes, bénévoles, entreprises."),
]
OBJECTIF = "Présenter et valider le diagnostic.\nHiérarchiser les axes de travail."
ORDRE_DU_JOUR = [
    ("Tour de table", "", 20),
    ("Le diagnostic", "L'environnement des acteurs, puis leurs difficultés : en parler et le valider ensemble.", 40),
    ("Les missions possibles du pôle", "Six axes de travail, tirés des entretiens.", 20),
    ("Par où commencer ?", "Trois post-it roses et trois jaunes par personne, six tableaux aux murs.", 40),
    ("Priorités à court terme", "Chacune et chacun en dit une.", 20),
    ("La suite", "Une rencontre toutes les six semaines environ, à chaque fois ailleurs.", 10),
]
ANIMATEURS = [
    ("Pays Vichy Auvergne", "Responsable du pôle économie"),
    ("Pays Vichy Auvergne", "Directeur"),
    ("Pays Vichy Auvergne", "Responsable culture"),
    ("CRES Auvergne", "Chargée de mission"),
]
FONCTIONS = [
    "secrétaire ; président",
    "responsable programmation",
    "président",
    "chargée de mission",
    "directeur",
    "stagiaire JEPS",
    "vice-président",
    "bénévole",
    "présidente",
    "déléguée communication",
    "directeur ; chargé de projets",
    "directrice",
    "responsable d'agence",
    "chargée de développement",
    "vice-présidente",
    "membre du collectif",
    "",
    "chargée de mission",
    "directrice",
    "chargée de mission",
    "coordinatrice",
    "directrice artistique",
    "gérante",
    "assistante administrative",
    "directeur général",
    "CTF",
    "agent de développement",
    "",
]
"""Of the 28 lines of people present, in their order: functions only, as printed."""
ENVIRONNEMENT = [
    "Des habitants plus pauvres, plus âgés, plus seuls",
    "Moins d'argent public",
    "Un territoire animé thème par thème, d'en haut",
    "Une autre façon de s'engager",
    "Le chacun pour soi domine",
    "Beaucoup d'acteurs et de dispositifs",
    "Des acteurs qui se coordonnent mal",
    "Des collectivités inégalement engagées dans l'économie sociale",
    "Des normes et des règles qui s'empilent",
    "Un environnement qui change sans cesse",
]
DIFFICULTES = [
    "Trouver des bénévoles",
    "Adapter ses statuts",
    "Manquer de matériel",
    "Manquer de compétences en interne",
    "Trop d'administratif",
    "Se faire récupérer politiquement",
    "Être peu reconnu, peu visible",
    "Donner une image peu attirante",
    "Rester isolé, sans réseau",
    "Être peu accompagné et peu soutenu",
    "Financer son action, tenir sa trésorerie",
    "Repenser son offre",
]
REMARQUES = {
    "Une autre façon de s'engager": "Le bénévolat change : les responsabilités d'un bureau pèsent lourd.",
    "Des normes et des règles qui s'empilent": "Des règles trop techniques freinent l'économie solidaire.",
}
TOUR_DE_TABLE = [
    ([1], ["Communiquer entre nous : une lettre, ou un agenda culturel commun", "Acheter à plusieurs"]),
    ([1], ["Mieux se connaître : visites, forum", "Une personne à qui s'adresser sur le territoire"]),
    ([4], ["Des liens avec les entreprises classiques"]),
    ([5], ["Faire vivre la plateforme d'échanges solidaires", "Se mettre en réseau"]),
    ([6], ["Se connaître", "Se réunir ailleurs à chaque fois", "Mutualiser"]),
    ([8], ["Savoir ce que projettent les autres", "Un accompagnement pour chaque structure"]),
    ([9], ["Parler aux élus, en année d'élections", "Une base de données", "Se rencontrer davantage"]),
    ([10], ["Visiter les uns et les autres pour se connaître", "Former les bénévoles"]),
    ([11], ["La liste des salles libres", "Une fiche par structure, avec ce qu'elle sait faire"]),
    ([13], ["Un outil informatique pour s'informer", "Un forum"]),
    ([14], ["Mettre les acteurs en réseau", "Se connaître", "Des bases de données"]),
    ([15], ["Un réseau d'entraide"]),
    ([16], ["Relier offres et besoins, et s'aider ponctuellement", "Un site internet"]),
    ([17], ["Faire connaître ce qui existe", "Une assurance commune"]),
    ([18], ["Des projets collectifs", "Une commission sur les outils de communication"]),
    ([19], ["Un agent technique partagé", "Le matériel à troquer ou à donner", "Qui sait faire quoi"]),
    ([22], ["Se visiter, en covoiturage, pour mieux se connaître"]),
    ([23], ["Étudier les difficultés d'une structure et l'aider : on se découvre, on apprend"]),
    ([24], ["Un forum de l'économie sociale, ouvert au public", "Un annuaire par type d'activité"]),
    ([26], ["Une liste de bénévoles"]),
    ([27], []),
    ([28], ["La liste des artistes et des animateurs"]),
]
"""(lines of attendance that speak, their priorities), in the order of annex 2; one had none."""
SUPPORT = """Support de la réunion du 30 janvier 2014

1. Ce qui a été fait : une première réunion, des entretiens, 44 structures sollicitées.
2. Le diagnostic : l'environnement des acteurs, puis leurs difficultés.
3. Six axes de travail possibles pour le pôle.
4. Le travail de ce soir : trois post-it roses, trois post-it jaunes, six tableaux.
"""
