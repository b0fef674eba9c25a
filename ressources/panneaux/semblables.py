"""What is similar and still open: same nature and sense, by category, words in common, nearness. Two queries."""

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, F, FloatField, Q, Value, When

from annuaire.recherche.texte import RequeteTexte
from pole_ess.socle import aiguillage
from ressources.models import Annonce

ANNONCES_MAX = 4
CANDIDATES_MAX = 200
KM_LOIN = 100.0


def contexte(annonce, utilisateur):
    """None when nothing is alike: no suggestion is better than a silly one."""
    trouvees = list(semblables(annonce)[:ANNONCES_MAX].pour_cartes())
    if not trouvees:
        return None
    return {"semblables": trouvees, "ferme": not annonce.est_ouverte}


def semblables(annonce):
    """The best first: among the newest of its category, and those that hold a word of its title."""
    ouvertes = Annonce.objects.a_saisir().filter(nature=annonce.nature, sens=annonce.sens).exclude(pk=annonce.pk)
    requete = mots(annonce.titre)
    du_titre = Q(recherche_vecteur=RequeteTexte(requete)) if requete else None
    candidates = []
    if annonce.categorie_id:
        memes = ouvertes.filter(categorie=annonce.categorie_id).order_by("-publiee_le")
        candidates.append(memes.values("pk")[:CANDIDATES_MAX])
    if du_titre:
        candidates.append(ouvertes.filter(du_titre).order_by().values("pk")[:CANDIDATES_MAX])
    if not candidates:
        return Annonce.objects.none()
    parmi = Q()
    for cles in candidates:
        parmi |= Q(pk__in=cles)
    trouvees = Annonce.objects.filter(parmi)
    score = Value(0.0, FloatField())
    if annonce.categorie_id:
        score = score + Case(When(categorie=annonce.categorie_id, then=1.0), default=0.0, output_field=FloatField())
    if requete:
        score = score + SearchRank(F("recherche_vecteur"), RequeteTexte(requete), weights=[0.0, 0.0, 0.4, 1.0]) * 2.0
    if annonce.latitude is not None:
        trouvees = trouvees.a_distance_de(annonce.latitude, annonce.longitude)
        loin = Case(
            When(distance__lt=KM_LOIN, then=F("distance") / Value(KM_LOIN)), default=1.0, output_field=FloatField()
        )
        score = score - loin
    return trouvees.annotate(score=score).order_by("-score", "-publiee_le", "-pk")


def mots(titre: str) -> str:
    """A tsquery of any of its words; empty when it has stop words and numbers only."""
    with aiguillage.connexion().cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_literal(l), ' | ') FROM unnest(tsvector_to_array("
            "to_tsvector('public.fr', public.annuaire_singulier(%s)))) AS l WHERE l !~ '^[0-9]+$' AND length(l) > 2",
            [titre],
        )
        return cursor.fetchone()[0] or ""
