-- The words of the entries in the public eye (portail_motportail), against which a mistyped word is compared.
-- Words of the others are never there: a correction would tell that they exist.

CREATE FUNCTION public.portail_mots_ajouter(candidats text[]) RETURNS void
LANGUAGE sql VOLATILE SET enable_seqscan = off
AS $$
    INSERT INTO public.portail_motportail (mot)
    SELECT c.m FROM unnest(candidats) AS c (m)
    WHERE NOT EXISTS (SELECT 1 FROM public.portail_motportail x WHERE x.mot = c.m COLLATE "C")
    ORDER BY 1
$$;

-- Removes those that no public entry holds any more.
CREATE FUNCTION public.portail_mots_retirer(candidats text[]) RETURNS void
LANGUAGE sql VOLATILE SET enable_seqscan = off
AS $$
    DELETE FROM public.portail_motportail x
    WHERE x.mot = ANY (candidats)
    AND NOT EXISTS (
        SELECT 1 FROM public.portail_entreerecherche s
        WHERE s.publique
        AND s.recherche_vecteur @@ plainto_tsquery('public.fr'::regconfig, public.annuaire_singulier(x.mot))
        AND public.sans_accent(concat_ws(E'\n', s.titre, s.texte)) ~ ('\m' || x.mot || '\M')
    )
$$;

CREATE FUNCTION public.portail_mots_suivre() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    ajoutes text[];
    retires text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        ajoutes := ARRAY(
            SELECT DISTINCT m FROM nouveaux n, public.annuaire_mots(public.sans_accent(concat_ws(E'\n', n.titre, n.texte))) m
            WHERE n.publique
        );
    ELSIF TG_OP = 'DELETE' THEN
        retires := ARRAY(
            SELECT DISTINCT m FROM anciens a, public.annuaire_mots(public.sans_accent(concat_ws(E'\n', a.titre, a.texte))) m
            WHERE a.publique
        );
    ELSE
        ajoutes := ARRAY(
            SELECT DISTINCT m FROM nouveaux n
            JOIN anciens a ON a.id = n.id
                AND (a.titre, a.texte, a.publique) IS DISTINCT FROM (n.titre, n.texte, n.publique),
            public.annuaire_mots(public.sans_accent(concat_ws(E'\n', n.titre, n.texte))) m
            WHERE n.publique
        );
        retires := ARRAY(
            SELECT DISTINCT m FROM anciens a
            JOIN nouveaux n ON n.id = a.id
                AND (a.titre, a.texte, a.publique) IS DISTINCT FROM (n.titre, n.texte, n.publique),
            public.annuaire_mots(public.sans_accent(concat_ws(E'\n', a.titre, a.texte))) m
            WHERE a.publique
            EXCEPT SELECT unnest(ajoutes)
        );
    END IF;
    IF cardinality(ajoutes) > 0 THEN
        PERFORM public.portail_mots_ajouter(ajoutes);
    END IF;
    IF cardinality(retires) > 0 THEN
        PERFORM public.portail_mots_retirer(retires);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER mots_ajout AFTER INSERT ON public.portail_entreerecherche
REFERENCING NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.portail_mots_suivre();
CREATE TRIGGER mots_change AFTER UPDATE ON public.portail_entreerecherche
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.portail_mots_suivre();
CREATE TRIGGER mots_retrait AFTER DELETE ON public.portail_entreerecherche
REFERENCING OLD TABLE AS anciens
FOR EACH STATEMENT EXECUTE FUNCTION public.portail_mots_suivre();
