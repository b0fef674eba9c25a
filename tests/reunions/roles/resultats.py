"""Results of a workshop: open once given back; staff always."""

from tests.factories.reunions import AtelierFactory, PostItFactory
from tests.table_des_roles import ligne


def _atelier(phase, audience="publique", **reste):
    def arguments(monde):
        atelier = AtelierFactory(phase=phase, axes=2, reunion__audience=audience, reunion__etat="tenue")
        PostItFactory(axe=atelier.axes.first())
        return {"pk": atelier.reunion_id, **reste}

    return arguments


EQUIPE = "404 404 404 404 200 200"
LIGNES = [
    ligne("reunions:comparaison", "200", arguments=lambda monde: _atelier("clos")(monde) and {}),
    *[
        ligne(
            nom,
            attendus,
            etat="" if (phase, audience) == ("restitution", "publique") else f"{phase} {audience}",
            arguments=_atelier(phase, audience, **reste),
        )
        for nom, reste in [("reunions:atelier_resultats", {}), ("reunions:atelier_resultats_csv", {"quoi": "postits"})]
        for phase, audience, attendus in [
            ("preparation", "publique", EQUIPE),
            ("ecriture", "publique", EQUIPE),
            ("regroupement", "publique", EQUIPE),
            ("restitution", "publique", "200"),
            ("clos", "publique", "200"),
            ("clos", "membres", "404 200 200 200 200 200"),
            ("clos", "invites", EQUIPE),
        ]
    ],
    ligne("reunions:atelier_resultats_csv", "404", etat="autre", arguments=_atelier("clos", quoi="autre")),
]
