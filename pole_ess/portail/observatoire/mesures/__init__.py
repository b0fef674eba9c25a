"""A module per chapter: each function makes one Mesure from a Releve, without a query."""
