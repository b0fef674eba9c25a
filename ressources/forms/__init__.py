"""Forms, one module per notion; their fields and manners are those of annuaire.forms."""
