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
   SET etat = CASE WHEN e.etat = 'en_vol' THEN 'incertain' ELSE e.etat END,
       erreur = CASE WHEN e.etat = 'en_vol' THEN %(motif)s::text ELSE e.erreur END,
       ouvrier = NULL, en_vol_depuis = NULL
 WHERE e.ouvrier IS NOT NULL AND e.ouvrier NOT IN ({VIVANTS})
RETURNING e.numero_id, e.etat
"""  # noqa: S608 - a constant
"""What dead sessions held. A lock is taken before the first row and let go by the server itself, so a free lock is a
dead worker, and its last statement has ended."""
