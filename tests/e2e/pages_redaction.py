"""Where staff write, check and follow the letter, and what its links open.

The mail itself, in its frame, runs no script, axe's included: tests/e2e/test_axe_courriels.py opens it as a page.
"""

from django.urls import reverse

from newsletter import liens
from newsletter.actions import gestes, redaction
from newsletter.models import Abonne, Element, Numero
from newsletter.models.numero import Bloc
from tests.factories.newsletter import EnvoiFactory, NumeroFactory


def pages_de_la_redaction() -> list[tuple[str, str]]:
    """The draft with its dropped items, the gate that retains and the one that does not, a sending that was cut."""
    brouillon = Numero.objects.get(etat="brouillon", est_demonstration=True)
    redaction.remplir(brouillon)
    brouillon.refresh_from_db()  # its version
    texte = brouillon.blocs.filter(genre=Bloc.Genre.TEXTE).first()
    retenu = Numero.objects.create(sujet="")
    Bloc.objects.create(numero=retenu, genre=Bloc.Genre.TEXTE, texte="Tout est [ici](/nulle-part/).")
    envoye = Numero.objects.filter(etat="termine").order_by("-rang").first()
    coupe = NumeroFactory(etat="en_cours", prevus=3, rang=900)
    EnvoiFactory(numero=coupe, etat="incertain")
    EnvoiFactory(numero=coupe, etat="rejete", erreur="550 5.1.1 adresse inconnue")
    EnvoiFactory(numero=coupe)
    abonne = Abonne.objects.filter(etat="confirme", envois__numero=envoye).order_by("pk").first()
    jeton = liens.jeton_d_abonne(abonne.pk, abonne.jeton, envoye.pk)
    tenante = Abonne.objects.get(courriel="referent@demo.example.org")
    sien = liens.jeton_d_abonne(tenante.pk, tenante.jeton, envoye.pk)
    pourvue = f"?geste=pourvue&pk={gestes.annonces(tenante).first().pk}"
    annonce = Element.objects.filter(numero=envoye, annonce__etat="publiee").first()
    rencontre = Element.objects.filter(numero__rang__isnull=False, sorte="reunion").order_by("-numero__rang").first()

    def page(nom, *args, suite=""):
        return reverse(f"newsletter:{nom}", args=args) + suite

    return [
        *[
            ("animateur", url)
            for url in [
                page("redaction"),
                page("rediger", brouillon.pk),
                page("prevenir", brouillon.pk),
                page("bloc_images", brouillon.pk, texte.pk),
                page("apercu", brouillon.pk, suite=f"?comme={abonne.courriel}"),
                page("apercu", brouillon.pk, suite="?vue=texte"),
                page("apercu", brouillon.pk, suite="?vue=sombre"),
                page("envoyer", brouillon.pk),
                page("envoyer", brouillon.pk, suite=f"?geste=maintenant&debit=60&version={brouillon.version}"),
                page("envoyer", retenu.pk),
                page("suivi", envoye.pk),
                page("suivi", coupe.pk),
            ]
        ],
        ("visiteur", page("gestes", jeton)),
        *[("visiteur", page("gestes", sien, suite=suite)) for suite in ("", pourvue)],
        ("visiteur", page("geste", jeton, annonce.pk)),
        *(
            [
                (
                    "visiteur",
                    page("geste", liens.jeton_d_abonne(abonne.pk, abonne.jeton, rencontre.numero_id), rencontre.pk),
                )
            ]
            if rencontre
            else []
        ),
    ]
