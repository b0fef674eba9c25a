-- The words of the published structures (annuaire_mot), against which a mistyped word is compared.
-- Words of unpublished ones are never there: a correction would tell that they exist.

-- Letters only, 3 to 30 of them, none of French's stop words.
CREATE FUNCTION public.annuaire_mots(texte text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT m FROM (
        SELECT DISTINCT r.m FROM pg_catalog.regexp_split_to_table(texte, '[^[:alpha:]]+') AS r (m)
        WHERE pg_catalog.length(r.m) BETWEEN 3 AND 30
    ) AS distincts
    WHERE pg_catalog.to_tsvector('public.fr'::pg_catalog.regconfig, m) <> ''::pg_catalog.tsvector
$$;

CREATE FUNCTION public.annuaire_mots_ajouter(candidats text[]) RETURNS void
LANGUAGE sql VOLATILE
AS $$
    INSERT INTO public.annuaire_mot (mot)
    SELECT c.m FROM unnest(candidats) AS c (m)
    WHERE NOT EXISTS (SELECT 1 FROM public.annuaire_mot x WHERE x.mot = c.m COLLATE "C")
    ORDER BY 1
$$;

-- Removes those that no published structure holds any more.
CREATE FUNCTION public.annuaire_mots_retirer(candidats text[]) RETURNS void
LANGUAGE sql VOLATILE
AS $$
    DELETE FROM public.annuaire_mot x
    WHERE x.mot = ANY (candidats)
    AND NOT EXISTS (
        SELECT 1 FROM public.annuaire_structure s
        WHERE s.etat = 'publiee'
        AND s.recherche_vecteur @@ plainto_tsquery('public.fr'::regconfig, public.annuaire_singulier(x.mot))
        AND s.recherche_trgm ~ ('\m' || x.mot || '\M')
    )
$$;

CREATE FUNCTION public.annuaire_mots_suivre() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    ajoutes text[];
    retires text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        ajoutes := ARRAY(
            SELECT DISTINCT m FROM nouveaux n, public.annuaire_mots(n.recherche_trgm) m WHERE n.etat = 'publiee'
        );
    ELSIF TG_OP = 'DELETE' THEN
        retires := ARRAY(
            SELECT DISTINCT m FROM anciens a, public.annuaire_mots(a.recherche_trgm) m WHERE a.etat = 'publiee'
        );
    ELSE
        ajoutes := ARRAY(
            SELECT DISTINCT m FROM nouveaux n
            JOIN anciens a ON a.id = n.id
                AND (a.recherche_trgm <> n.recherche_trgm OR (a.etat = 'publiee') <> (n.etat = 'publiee')),
            public.annuaire_mots(n.recherche_trgm) m WHERE n.etat = 'publiee'
        );
        retires := ARRAY(
            SELECT DISTINCT m FROM anciens a
            JOIN nouveaux n ON n.id = a.id
                AND (a.recherche_trgm <> n.recherche_trgm OR (a.etat = 'publiee') <> (n.etat = 'publiee')),
            public.annuaire_mots(a.recherche_trgm) m WHERE a.etat = 'publiee'
            EXCEPT SELECT unnest(ajoutes)
        );
    END IF;
    IF cardinality(ajoutes) > 0 THEN
        PERFORM public.annuaire_mots_ajouter(ajoutes);
    END IF;
    IF cardinality(retires) > 0 THEN
        PERFORM public.annuaire_mots_retirer(retires);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER mots_ajout AFTER INSERT ON public.annuaire_structure
REFERENCING NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.annuaire_mots_suivre();
CREATE TRIGGER mots_change AFTER UPDATE ON public.annuaire_structure
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.annuaire_mots_suivre();
CREATE TRIGGER mots_retrait AFTER DELETE ON public.annuaire_structure
REFERENCING OLD TABLE AS anciens
FOR EACH STATEMENT EXECUTE FUNCTION public.annuaire_mots_suivre();
