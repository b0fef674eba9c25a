"""Taking over from dead workers: one statement, which any process may execute at any time."""

MOTIF_PERDU = (
    "L'envoi a été interrompu : on ne sait pas si le message est parti. Il ne sera pas renvoyé sans votre décision."
)

VIVANTS = """
SELECT (l.classid::bigint << 32) | l.objid::bigint AS cle
  FROM pg_locks l
 WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
"""Keys of the sessions that are alive."""

RELEVER = f"""
UPDATE newsletter_envoi e
   SET etat = CASE WHEN d.incertain THEN 'incertain' ELSE e.etat END,
       erreur = CASE WHEN d.incertain THEN %(motif)s::text ELSE e.erreur END,
       ouvrier = NULL, en_vol_depuis = NULL
  FROM (
       SELECT t.id, t.etat = 'en_vol' OR o.cle IS NULL AS incertain
         FROM newsletter_envoi t LEFT JOIN newsletter_ouvrier o ON o.cle = t.ouvrier
        WHERE t.ouvrier IS NOT NULL AND t.ouvrier NOT IN ({VIVANTS})
          AND (o.cle IS NOT NULL OR t.pris_le < now() - interval '1 minute')
       ) d
 WHERE e.id = d.id AND e.ouvrier IS NOT NULL AND e.ouvrier NOT IN ({VIVANTS})
RETURNING e.numero_id, e.etat
"""  # noqa: S608 - constants
"""What dead sessions held. A lock is taken before the first row and let go by the server itself, so a free lock is a
dead worker, and its last statement has ended.

newsletter_ouvrier is an unlogged table: PostgreSQL empties it when it recovers from a crash. A key that is missing
there held its rows when the server crashed, and the last moves of its batch, committed without waiting for the disk,
may be lost: every row of the batch is uncertain, unless its worker, which has a minute, comes back and says better.
"""

OUBLIER = f"DELETE FROM newsletter_ouvrier WHERE cle NOT IN ({VIVANTS})"  # noqa: S608 - a constant
