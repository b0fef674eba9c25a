"""The moves of the sending ledger, one statement each, committed by itself: no transaction waits for a mail server."""

BATTRE = """
WITH n AS (
    SELECT id, debit, greatest(coalesce(creneau_le, now()), now()) AS depart,
           least(greatest(debit * %(secondes)s::float8 / 60, 1), %(taille)s::int)::int AS nombre
      FROM newsletter_numero
     WHERE id = %(numero)s::bigint AND etat = 'en_cours'
       FOR NO KEY UPDATE
), r AS (
    SELECT id, debit, depart,
           CASE WHEN debit IS NULL THEN %(taille)s::int
                WHEN depart > now() + %(secondes)s::float8 * interval '1 second' THEN 0
                ELSE nombre END AS nombre
      FROM n
)
UPDATE newsletter_numero c
   SET progres_le = CASE WHEN %(envoyes)s::int > 0 THEN now() ELSE c.progres_le END,
       panne = CASE WHEN %(envoyes)s::int > 0 THEN '' ELSE c.panne END,
       panne_depuis = CASE WHEN %(envoyes)s::int > 0 THEN NULL ELSE c.panne_depuis END,
       creneau_le = CASE WHEN r.debit IS NOT NULL THEN r.depart + r.nombre * interval '1 minute' / r.debit END
  FROM r
 WHERE c.id = r.id
RETURNING r.debit, r.nombre, extract(epoch FROM r.depart - now())::float8
"""
"""Between two batches: is the issue still being sent, how many may be taken, and when the first of them may leave.

Slots are reserved here, on the issue's row: a throttle that all the workers share. None when the next is too far.
"""

PRENDRE = """
WITH lot AS (
    SELECT e.id, a.courriel, a.jeton
      FROM newsletter_envoi e LEFT JOIN newsletter_abonne a ON a.id = e.abonne_id
     WHERE e.numero_id = %(numero)s::bigint AND e.ouvrier IS NULL AND e.etat IN ('pret', 'differe')
       AND (e.etat = 'pret' OR e.prochaine_le <= now())
     ORDER BY e.id
     LIMIT %(taille)s::int
       FOR UPDATE OF e SKIP LOCKED
), disque AS MATERIALIZED (SELECT set_config('synchronous_commit', 'on', true) AS attendu)
UPDATE newsletter_envoi e
   SET etat = 'pret', ouvrier = %(cle)s::bigint, pris_le = now(), prochaine_le = NULL
  FROM lot, disque
 WHERE e.id = lot.id AND disque.attendu = 'on'
RETURNING e.id, e.abonne_id, lot.courriel, lot.jeton, e.rendu_id, e.tentatives
"""
"""`disque`: this commit, and no other of the session, waits for the disk."""

SUIVRE = """
UPDATE newsletter_envoi e
   SET etat = s.etat, erreur = s.erreur, motif = s.motif, ouvrier = s.ouvrier, en_vol_depuis = s.en_vol_depuis,
       parti_le = s.parti_le, prochaine_le = s.prochaine_le, tentatives = e.tentatives + s.essai,
       decide_le = CASE WHEN s.etat = 'en_vol' THEN NULL ELSE e.decide_le END
  FROM (
    SELECT %(fait)s::bigint AS id, 'en_vol' AS avant, %(etat)s::text AS etat, %(erreur)s::text AS erreur,
           '' AS motif, NULL::bigint AS ouvrier, NULL::timestamptz AS en_vol_depuis,
           CASE WHEN %(etat)s::text = 'parti' THEN now() END AS parti_le,
           now() + %(delai)s::float8 * interval '1 second' AS prochaine_le, 0 AS essai
     UNION ALL
    SELECT %(suivant)s::bigint, 'pret', CASE WHEN a.etat = 'confirme' THEN 'en_vol' ELSE 'saute' END, '',
           CASE WHEN a.etat = 'confirme' THEN '' WHEN a.id IS NULL THEN 'desabonne' ELSE 'suspendu' END,
           CASE WHEN a.etat = 'confirme' THEN %(cle)s::bigint END,
           CASE WHEN a.etat = 'confirme' THEN now() END,
           NULL, NULL, CASE WHEN a.etat = 'confirme' THEN 1 ELSE 0 END
      FROM newsletter_numero n LEFT JOIN newsletter_abonne a ON a.id = %(abonne)s::bigint
     WHERE n.id = %(numero)s::bigint AND n.etat = 'en_cours'
  ) s
 WHERE e.id = s.id AND e.etat = s.avant AND e.ouvrier IS NOT DISTINCT FROM %(cle)s::bigint
RETURNING e.id, e.etat
"""
"""One message and the next: what became of the first, and the second is in flight if it still has to leave.

The issue was paused or cancelled: the second is not returned. Its reader has left: it is skipped. IS NOT DISTINCT FROM
keeps the index on `ouvrier` out of it, which would read the whole batch, and its dead versions, for each message.
"""

RENDRE = """
UPDATE newsletter_envoi SET etat = 'pret', ouvrier = NULL, en_vol_depuis = NULL, tentatives = tentatives - 1
 WHERE id = %(suivant)s::bigint AND ouvrier = %(cle)s::bigint AND etat = 'en_vol'
"""
"""Marked in flight, and no talk could begin: it never left."""

LIBERER = "UPDATE newsletter_envoi SET ouvrier = NULL WHERE ouvrier = %(cle)s::bigint AND etat = 'pret'"

DOUTER = """
UPDATE newsletter_envoi SET etat = 'incertain', ouvrier = NULL, en_vol_depuis = NULL
 WHERE id = ANY(%(connus)s::bigint[]) AND ouvrier = %(cle)s::bigint
"""
"""After a cut: rows of the batch that were tried, whose moves were lost with the server's memory, or not yet made."""

REGLER = """
UPDATE newsletter_envoi
   SET etat = %(etat)s::text, erreur = %(erreur)s::text, tentatives = %(tentatives)s::int,
       parti_le = CASE WHEN %(etat)s::text = 'parti' THEN now() END
 WHERE id = %(fait)s::bigint AND etat = 'incertain' AND decide_le IS NULL
   AND tentatives IN (%(tentatives)s::int - 1, %(tentatives)s::int)
"""
"""The worker that lived through the cut knows what became of them."""

RECULER = """
UPDATE newsletter_envoi
   SET etat = 'pret', ouvrier = NULL, en_vol_depuis = NULL, tentatives = tentatives - (etat = 'en_vol')::int
 WHERE ouvrier = %(cle)s::bigint
"""
"""The rest of the batch did not leave."""
