"""The pages of the letter that the browser tests open, on the demonstration's data."""

from annuaire.models import Utilisateur
from newsletter import liens
from newsletter.models import Abonne, Breve, Numero


def pages_de_la_lettre() -> list[tuple[str, str]]:
    """The archive, the form and its answer, the mailed links, short news in their states, the account's page."""
    numero = Numero.objects.archives().first()
    abonne = Abonne.objects.filter(etat="confirme").order_by("pk").first()
    suspendu = Abonne.objects.filter(etat="suspendu").order_by("pk").first()
    attente = Abonne.objects.filter(etat="en_attente").order_by("pk").first()
    jeton, arrete = (liens.jeton_d_abonne(a.pk, a.jeton, numero.pk) for a in (abonne, suspendu))
    illustree = Breve.objects.publiees().exclude(photo="").first()
    rappel = liens.jeton_de_rappel(Utilisateur.objects.get(email="referent@demo.example.org"))
    return [
        ("visiteur", "/lettre/"),
        ("visiteur", numero.get_absolute_url()),
        ("visiteur", "/lettre/abonnement/"),
        ("visiteur", "/lettre/abonnement/?envoyee=1"),
        ("visiteur", f"/lettre/confirmer/{liens.jeton_de_confirmation(attente)}/"),
        ("visiteur", f"/lettre/confirmer/{liens.jeton_de_confirmation(abonne)}/"),
        *[("visiteur", f"/lettre/preferences/{j}/") for j in (jeton, arrete)],
        ("visiteur", f"/lettre/desabonner/{jeton}/"),
        ("visiteur", f"/lettre/desabonner/{liens.jeton_d_abonne(0, 'x' * 24)}/"),
        ("visiteur", f"/lettre/rappel/{rappel}/"),
        ("citoyen", "/lettre/mon-abonnement/"),
        ("referent", "/lettre/mon-abonnement/"),
        ("visiteur", "/lettre/breves/"),
        ("visiteur", illustree.get_absolute_url()),
        ("citoyen", "/lettre/breves/proposer/"),
        ("referent", "/lettre/breves/proposer/"),
        ("referent", "/lettre/breves/miennes/"),
        *[("referent", illustree.get_absolute_url() + fin) for fin in ("", "modifier/", "acte/retirer/")],
    ]
