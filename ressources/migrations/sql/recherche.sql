-- What keeps the search column, the point and `structure_publiee` of ressources_annonce in step with its structure,
-- commune and category. Every name is qualified: pg_restore runs with an empty search_path.
-- The functions are VOLATILE on purpose: each query takes a fresh snapshot.

CREATE FUNCTION public.ressources_annonce_indexer() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    s record;
    c record;
    k record;
BEGIN
    -- Nothing that search reads is touched: an expiry reminder to everybody must not rewrite the index.
    IF TG_OP = 'UPDATE'
        AND NEW.recherche <> ''
        AND NEW.recherche = OLD.recherche
        AND (NEW.titre, NEW.description, NEW.categorie_id, NEW.structure_id, NEW.commune_id, NEW.equipements,
             NEW.contrepartie, NEW.latitude, NEW.longitude, NEW.structure_publiee)
        IS NOT DISTINCT FROM
            (OLD.titre, OLD.description, OLD.categorie_id, OLD.structure_id, OLD.commune_id, OLD.equipements,
             OLD.contrepartie, OLD.latitude, OLD.longitude, OLD.structure_publiee)
    THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        -- A rename or an archiving of the structure under way ends first, then it is read. Not on update: whoever
        -- changes the structure then waits for this row, and its own trigger writes it anew.
        PERFORM 1 FROM public.annuaire_structure t WHERE t.id = NEW.structure_id FOR SHARE;
    END IF;
    SELECT t.nom, t.sigle, t.etat, t.commune_id, t.latitude, t.longitude INTO s
    FROM public.annuaire_structure t WHERE t.id = NEW.structure_id;
    SELECT t.nom, t.codes_postaux, t.latitude, t.longitude INTO c
    FROM public.annuaire_commune t WHERE t.code = NEW.commune_id;
    SELECT t.nom, t.synonymes INTO k FROM public.ressources_categorie t WHERE t.id = NEW.categorie_id;
    NEW.structure_publiee := coalesce(s.etat = 'publiee', false);
    IF s.latitude IS NOT NULL AND (NEW.commune_id IS NULL OR NEW.commune_id = s.commune_id) THEN
        NEW.latitude := s.latitude;
        NEW.longitude := s.longitude;
    ELSE
        NEW.latitude := c.latitude;
        NEW.longitude := c.longitude;
    END IF;
    NEW.recherche := concat_ws(
        E'\n', NEW.titre, k.nom, nullif(k.synonymes, ''), nullif(NEW.description, ''), nullif(NEW.equipements, ''),
        nullif(NEW.contrepartie, ''), s.nom, nullif(s.sigle, ''), c.nom, array_to_string(c.codes_postaux, ' ')
    );
    RETURN NEW;
END
$$;

CREATE TRIGGER recherche_indexer BEFORE INSERT OR UPDATE ON public.ressources_annonce
FOR EACH ROW EXECUTE FUNCTION public.ressources_annonce_indexer();

-- An emptied `recherche` differs from the stored one, so the row trigger above writes it anew.
CREATE FUNCTION public.ressources_structure_changee() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.ressources_annonce SET recherche = ''
    WHERE structure_id IN (
        SELECT n.id FROM nouveaux n
        JOIN anciens a ON a.id = n.id
            AND (a.nom, a.sigle, a.etat = 'publiee', a.commune_id, a.latitude, a.longitude)
            IS DISTINCT FROM (n.nom, n.sigle, n.etat = 'publiee', n.commune_id, n.latitude, n.longitude)
    );
    RETURN NULL;
END
$$;

CREATE FUNCTION public.ressources_commune_changee() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.ressources_annonce SET recherche = ''
    WHERE commune_id IN (
        SELECT n.code FROM nouveaux n
        JOIN anciens a ON a.code = n.code
            AND (a.nom, a.codes_postaux, a.latitude, a.longitude)
            IS DISTINCT FROM (n.nom, n.codes_postaux, n.latitude, n.longitude)
    );
    RETURN NULL;
END
$$;

CREATE FUNCTION public.ressources_categorie_changee() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.ressources_annonce SET recherche = ''
    WHERE categorie_id IN (
        SELECT n.id FROM nouveaux n
        JOIN anciens a ON a.id = n.id AND (a.nom, a.synonymes) IS DISTINCT FROM (n.nom, n.synonymes)
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER annonces_indexer AFTER UPDATE ON public.annuaire_structure
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.ressources_structure_changee();
CREATE TRIGGER annonces_indexer AFTER UPDATE ON public.annuaire_commune
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.ressources_commune_changee();
CREATE TRIGGER annonces_indexer AFTER UPDATE ON public.ressources_categorie
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.ressources_categorie_changee();
