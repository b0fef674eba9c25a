"""The moment an issue starts: what it says is read one last time, rendered, and every recipient gets a row."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from newsletter import composition, controle, rendu
from newsletter.models import Bloc, DejaDit, Interets, Numero
from pole_ess.socle.courriel import deposer
from pole_ess.socle.file_attente import programmer
from pole_ess.socle.models import ReglagesPole

TACHE_ENVOYER = "lettre.envoyer"
JOURS_ENTRE_DEUX = 27
"""Between two letters of somebody who wants one a month at most."""
CLE_DES_RANGS = "newsletter.rang"

DESTINATAIRES = """
INSERT INTO newsletter_envoi (numero_id, abonne_id, rendu_id, etat, motif, erreur, tentatives)
SELECT %(numero)s, a.id, r.rendu_id,
       CASE WHEN r.rendu_id IS NULL OR recu.abonne_id IS NOT NULL THEN 'saute' ELSE 'pret' END,
       CASE WHEN r.rendu_id IS NULL THEN 'sans_contenu' WHEN recu.abonne_id IS NOT NULL THEN 'frequence' ELSE '' END,
       '', 0
  FROM newsletter_abonne a
  LEFT JOIN (
       SELECT ri.interets_id, ri.rendu_id
         FROM newsletter_rendu_interets ri JOIN newsletter_rendu d ON d.id = ri.rendu_id
        WHERE d.numero_id = %(numero)s
       ) r ON r.interets_id = a.interets_id
  LEFT JOIN (
       SELECT DISTINCT e.abonne_id
         FROM newsletter_envoi e JOIN newsletter_numero n ON n.id = e.numero_id
        WHERE e.abonne_id IS NOT NULL
          AND (e.etat = 'parti' AND e.parti_le > %(depuis)s
               OR e.etat = 'incertain' AND n.lance_le > %(depuis)s
               OR e.etat IN ('pret', 'en_vol', 'differe') AND n.etat IN ('en_cours', 'suspendu'))
       ) recu ON recu.abonne_id = a.id AND a.frequence = 'mensuelle'
 WHERE a.etat = 'confirme'
 ORDER BY r.rendu_id, a.id
"""
"""Once a month: what left, what may have left, what another issue is about to send.

In the order of renderings: the workers, which take rows in the order of their keys, meet one at a time."""


@transaction.atomic
def lancer(numero: Numero) -> bool:
    """programme → en_cours: freeze the words, prepare the recipients, write the ledger of what was said, queue the job.

    False when it has no longer to start: cancelled, put back to draft, or started by somebody else. Scheduled days ago,
    it may have changed, or what it links to: the gate looks again, and what it refuses goes back to draft.
    """
    numero = Numero.objects.select_for_update().get(pk=numero.pk)
    maintenant = timezone.now()
    if numero.etat != Numero.Etat.PROGRAMME or numero.programme_le > maintenant:
        return False
    if constats := controle.bloquants(numero):
        _retenir(numero, constats)
        return False
    rang = _rang_suivant()
    parties = composition.lire(numero)
    _rendre_tout(numero, parties, rang)
    with connection.cursor() as cursor:
        depuis = maintenant - timedelta(days=JOURS_ENTRE_DEUX)
        cursor.execute(DESTINATAIRES, {"numero": numero.pk, "depuis": depuis})
        prevus = cursor.rowcount
    _noter_dits(numero, parties)
    numero.etat, numero.rang, numero.prevus = Numero.Etat.EN_COURS, rang, prevus
    numero.lance_le = numero.progres_le = maintenant
    numero.save()
    programmer(TACHE_ENVOYER, numero_id=numero.pk)
    return True


def _retenir(numero: Numero, constats: list) -> None:
    """programme → brouillon, and the staff is told why: nothing leaves that nobody would have let through."""
    numero.etat, numero.programme_le = Numero.Etat.BROUILLON, None
    numero.save(update_fields=["etat", "programme_le", "modifie_le"])
    adresse = ReglagesPole.actuels().courriel_equipe
    deposer("lettre_retenue", a=adresse, objet=numero, contexte={"numero": numero, "constats": constats})


def _rang_suivant() -> int:
    """One issue at a time takes a number: no hole, no double."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [CLE_DES_RANGS])
    return (Numero.objects.aggregate(dernier=Max("rang"))["dernier"] or 0) + 1


def _rendre_tout(numero: Numero, parties: list, rang: int) -> None:
    """One rendering per distinct selection; the whole one for the archive."""
    entier = [partie for partie in parties if partie.cartes or partie.bloc.genre == Bloc.Genre.TEXTE]
    rendu.enregistrer(numero, entier, rang=rang, complet=True)
    enfants = composition.enfants_des_activites()
    presents = (
        Interets.objects.filter(abonnes__etat="confirme")
        .distinct()
        .select_related("commune")
        .prefetch_related("activites")
        .order_by("pk")
    )
    for interets in presents.iterator(chunk_size=500):
        choisies = composition.choisir(parties, composition.Gouts(interets, enfants))
        if choisies:
            rendu.enregistrer(numero, choisies, rang=rang).interets.add(interets)


def _noter_dits(numero: Numero, parties: list) -> None:
    cartes = [carte for partie in parties for carte in partie.cartes]
    DejaDit.objects.bulk_create(
        [DejaDit(numero=numero, sorte=carte.sorte, **{carte.sorte: carte.objet}) for carte in cartes]
    )


def lancer_dus() -> int:
    """Issues whose time has come and whose job was lost; each in its own transaction. How many started."""
    return sum(lancer(numero) for numero in Numero.objects.a_lancer(timezone.now()).order_by("programme_le", "pk"))
