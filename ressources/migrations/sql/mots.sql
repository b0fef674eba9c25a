-- The words of the published announcements (ressources_motannonce), against which a mistyped word is compared.
-- Words of unpublished ones are never there: a correction would tell that they exist.

CREATE FUNCTION public.ressources_mots_ajouter(candidats text[]) RETURNS void
LANGUAGE sql VOLATILE
AS $$
    INSERT INTO public.ressources_motannonce (mot)
    SELECT c.m FROM unnest(candidats) AS c (m)
    WHERE NOT EXISTS (SELECT 1 FROM public.ressources_motannonce x WHERE x.mot = c.m COLLATE "C")
    ORDER BY 1
$$;

-- Removes those that no published announcement holds any more.
CREATE FUNCTION public.ressources_mots_retirer(candidats text[]) RETURNS void
LANGUAGE sql VOLATILE
AS $$
    DELETE FROM public.ressources_motannonce x
    WHERE x.mot = ANY (candidats)
    AND NOT EXISTS (
        SELECT 1 FROM public.ressources_annonce s
        WHERE s.etat = 'publiee' AND s.structure_publiee
        AND s.recherche_vecteur @@ plainto_tsquery('public.fr'::regconfig, public.annuaire_singulier(x.mot))
        AND public.sans_accent(s.recherche) ~ ('\m' || x.mot || '\M')
    )
$$;

CREATE FUNCTION public.ressources_mots_suivre() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    ajoutes text[];
    retires text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        ajoutes := ARRAY(
            SELECT DISTINCT m FROM nouveaux n, public.annuaire_mots(public.sans_accent(n.recherche)) m
            WHERE n.etat = 'publiee' AND n.structure_publiee
        );
    ELSIF TG_OP = 'DELETE' THEN
        retires := ARRAY(
            SELECT DISTINCT m FROM anciens a, public.annuaire_mots(public.sans_accent(a.recherche)) m
            WHERE a.etat = 'publiee' AND a.structure_publiee
        );
    ELSE
        ajoutes := ARRAY(
            SELECT DISTINCT m FROM nouveaux n
            JOIN anciens a ON a.id = n.id
                AND (a.recherche <> n.recherche
                     OR (a.etat = 'publiee' AND a.structure_publiee) <> (n.etat = 'publiee' AND n.structure_publiee)),
            public.annuaire_mots(public.sans_accent(n.recherche)) m
            WHERE n.etat = 'publiee' AND n.structure_publiee
        );
        retires := ARRAY(
            SELECT DISTINCT m FROM anciens a
            JOIN nouveaux n ON n.id = a.id
                AND (a.recherche <> n.recherche
                     OR (a.etat = 'publiee' AND a.structure_publiee) <> (n.etat = 'publiee' AND n.structure_publiee)),
            public.annuaire_mots(public.sans_accent(a.recherche)) m
            WHERE a.etat = 'publiee' AND a.structure_publiee
            EXCEPT SELECT unnest(ajoutes)
        );
    END IF;
    IF cardinality(ajoutes) > 0 THEN
        PERFORM public.ressources_mots_ajouter(ajoutes);
    END IF;
    IF cardinality(retires) > 0 THEN
        PERFORM public.ressources_mots_retirer(retires);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER mots_ajout AFTER INSERT ON public.ressources_annonce
REFERENCING NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.ressources_mots_suivre();
CREATE TRIGGER mots_change AFTER UPDATE ON public.ressources_annonce
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.ressources_mots_suivre();
CREATE TRIGGER mots_retrait AFTER DELETE ON public.ressources_annonce
REFERENCING OLD TABLE AS anciens
FOR EACH STATEMENT EXECUTE FUNCTION public.ressources_mots_suivre();
