"""Pages of the coverage and of registered structures, on the demonstration's data."""

from annuaire.actions import registres_invitations as invitations
from annuaire.models import EntreeRegistre, InvitationRegistre


def pages_des_registres() -> list[tuple[str, str]]:
    invitation = InvitationRegistre.objects.exclude(courriel="").order_by("pk").first()
    return [
        ("visiteur", "/annuaire/couverture/"),
        ("visiteur", "/annuaire/invitation/"),
        ("visiteur", invitations.lien(invitation)),
        ("visiteur", invitations.lien_opposition(invitation)),
        ("visiteur", f"/annuaire/proposer/?invitation={invitations.jeton(invitation)}"),
    ]


def pages_des_registres_de_l_equipe() -> list[str]:
    ressemblante = EntreeRegistre.objects.a_rapprocher().order_by("pk").first()
    une = f"/admin/annuaire/entreeregistre/{ressemblante.pk}/"
    return [
        "/admin/annuaire/entreeregistre/",
        "/admin/annuaire/entreeregistre/couverture/",
        "/admin/annuaire/entreeregistre/lettres/",
        *[une + fin for fin in ("change/", "acte/rapprocher/", "acte/inviter/", "acte/ecarter/")],
        "/admin/annuaire/importregistre/",
        "/admin/annuaire/importregistre/add/",
    ]
