-- Sessions that hold rows. Unlogged on purpose: a crash of the server empties it, a clean restart does not
-- (newsletter/releve.py).
CREATE UNLOGGED TABLE public.newsletter_ouvrier (cle bigint PRIMARY KEY);
