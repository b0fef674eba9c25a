"""The demonstration's accounts: invented, open to anybody, refused outside the demonstration."""

MOT_DE_PASSE = "demo-pole-ess-2014"

COMPTES = [
    ("citoyen ou citoyenne", "citoyen@demo.example.org", MOT_DE_PASSE),
    ("membre", "membre@demo.example.org", MOT_DE_PASSE),
    ("référent ou référente", "referent@demo.example.org", MOT_DE_PASSE),
    ("référent ou référente d'une autre structure", "voisin@demo.example.org", MOT_DE_PASSE),
    ("animateur ou animatrice", "animateur@demo.example.org", MOT_DE_PASSE),
    ("administrateur ou administratrice", "administrateur@demo.example.org", MOT_DE_PASSE),
]
"""(role, e-mail, password)."""
NOMS = {
    "citoyen@demo.example.org": "Camille (exemple)",
    "membre@demo.example.org": "Sacha (exemple)",
    "referent@demo.example.org": "Dominique (exemple)",
    "voisin@demo.example.org": "Noa (exemple)",
    "animateur@demo.example.org": "L'équipe du pôle (exemple)",
    "administrateur@demo.example.org": "L'administration (exemple)",
}
EQUIPE = {"animateur@demo.example.org", "administrateur@demo.example.org"}
STRUCTURE_DES_COMPTES = "atelier-velo-parcs"
"""Key of the invented structure that the member and the référent belong to."""
STRUCTURE_DU_VOISIN = "tiers-lieu-moulin"
"""Another one, so that two people can answer each other."""
