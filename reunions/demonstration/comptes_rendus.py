"""The minutes of 30 January 2014, published then approved in March: their words are ours, their figures the notes'."""

from datetime import timedelta

from annuaire.models import Utilisateur
from reunions.actions import comptes_rendus as actes
from reunions.models import CompteRendu, Reunion, VersionCompteRendu

from . import communs, janvier_2014

EQUIPE = "animateur@demo.example.org"
SECTIONS = {
    "Introduction": """\
Chacun se présente, puis l'équipe rappelle d'où l'on vient : plusieurs structures n'étaient pas là la première fois.
Elles étaient quatorze alors, elles sont deux fois plus nombreuses ce soir. Une carte montre les **44 structures**
rencontrées jusqu'ici, en réunion, au téléphone ou chez elles : employeuses ou non, de la culture, du sport,
de l'insertion, de l'aide à la personne.

Le diagnostic vient du terrain. Il n'est ni complet ni définitif : il se discute et se valide ensemble.""",
    "Échanges sur le diagnostic": """\
- Plusieurs personnes relient la lourdeur des procédures aux difficultés de l'économie solidaire.
- Le bénévolat change. Présider une association, siéger à son bureau : la responsabilité fait reculer.
- Un élu propose de regarder ce qui marche ailleurs, en Auvergne, en France, en Italie, et de s'en inspirer.
  On lui répond que le territoire a aussi ses propres réponses à trouver.

Les structures se reconnaissent dans les difficultés présentées.""",
    "Conclusions": """\
Aucun tableau ne l'emporte nettement : le pôle aurait donc **plusieurs métiers à la fois**.

## À court terme

Se mettre en réseau, avec une lettre entre acteurs d'abord, des rencontres et de l'entraide ensuite ; échanger ce que
l'on a, avec une base de données commune et une ressourcerie.

## À plus long terme

Un appui aux projets, un guichet unique d'aide, des formations près de chez soi. Entre les deux, les compétences
et les outils à partager, et le travail avec les élus et les habitants.""",
    "Suites": """\
1. Se revoir toutes les six semaines environ, chaque fois dans un autre lieu.
2. Découvrir ensemble la plateforme d'échanges solidaires à la prochaine réunion.
3. Préciser les axes prioritaires, puis écrire le plan d'actions.""",
}


def charger() -> int:
    """No meeting is made here: 0."""
    reunion = Reunion.objects.filter(cle=communs.cle(janvier_2014.NOM)).first()
    if reunion is None or CompteRendu.objects.filter(reunion=reunion).exists():
        return 0
    equipe = Utilisateur.objects.filter(email=EQUIPE).first()
    minutes = actes.rediger(reunion, par=equipe)
    for section in minutes.sections.all():
        actes.enregistrer_section(
            section, par=equipe, titre=section.titre, texte=SECTIONS[section.titre], version=section.version
        )
    actes.marquer_relu(minutes, par=equipe)
    version = actes.publier(minutes, par=equipe, numero=1)
    le = janvier_2014.DEBUT + timedelta(days=7)
    VersionCompteRendu.objects.filter(pk=version.pk).update(cree_le=le)
    CompteRendu.objects.filter(pk=minutes.pk).update(publie_le=le, relu_le=le - timedelta(days=1))
    suite = reunion.suivantes.first()
    if suite is not None:
        actes.approuver(minutes, par=equipe, a=suite)
    return 0
