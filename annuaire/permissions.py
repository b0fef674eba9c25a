"""Who may do what to a structure. Views ask here; lists are scoped by StructureQuerySet."""


def est_rattache(utilisateur, structure) -> bool:
    """An active member, référent or not, of this very structure."""
    return (
        utilisateur.is_authenticated and structure.rattachements.filter(utilisateur=utilisateur, etat="actif").exists()
    )


def est_referent(utilisateur, structure) -> bool:
    return (
        utilisateur.is_authenticated
        and structure.rattachements.filter(utilisateur=utilisateur, etat="actif", role="referent").exists()
    )


def peut_modifier(utilisateur, structure) -> bool:
    """Référents edit their structure while it is neither archived nor refused; the hub's staff always."""
    if utilisateur.is_authenticated and utilisateur.is_staff:
        return True
    return structure.etat not in ("archivee", "refusee") and est_referent(utilisateur, structure)


def voit_coordonnees(utilisateur, structure) -> bool:
    """Phone and generic e-mail that are not public are shown to any member (an account), not to visitors."""
    return utilisateur.is_authenticated
