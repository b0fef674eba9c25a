-- What keeps the search columns of annuaire_structure, and the words of annuaire_mot, in step with everything
-- they are made of. Every name is qualified: pg_restore runs with an empty search_path.
-- The functions are VOLATILE on purpose: each of their queries takes a fresh snapshot, so that a row lock they
-- waited for is followed by a read of what its holder committed.

-- Labels of Structure.FormeJuridique; a test compares them.
CREATE FUNCTION public.annuaire_forme_nom(forme text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE forme
        WHEN 'association' THEN 'Association'
        WHEN 'cooperative' THEN 'Coopérative'
        WHEN 'mutuelle' THEN 'Mutuelle'
        WHEN 'fondation' THEN 'Fondation'
        WHEN 'societe_ess' THEN 'Société commerciale de l''ESS'
        WHEN 'collectivite' THEN 'Collectivité'
        WHEN 'groupement_employeurs' THEN 'Groupement d''employeurs'
        WHEN 'collectif' THEN 'Collectif sans statut'
        WHEN 'autre' THEN 'Autre'
        ELSE ''
    END
$$;

-- Its words and its facets, from its row and the rows it is linked to.
CREATE FUNCTION public.annuaire_contenu_recherche(
    s public.annuaire_structure, OUT texte text, OUT activites integer[], OUT competences integer[]
)
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    noms_activites text;
    noms_competences text;
    noms_labels text;
    lieu text;
BEGIN
    SELECT string_agg(t.nom, ' ' ORDER BY t.nom, t.id), array_agg(t.id::integer ORDER BY t.id)
    INTO noms_activites, activites
    FROM public.annuaire_activite t
    WHERE t.id IN (
        SELECT l.activite_id FROM public.annuaire_structure_activites l WHERE l.structure_id = s.id
        UNION
        SELECT e.parent_id FROM public.annuaire_structure_activites l
        JOIN public.annuaire_activite e ON e.id = l.activite_id WHERE l.structure_id = s.id
    );
    SELECT string_agg(t.nom, ' ' ORDER BY t.nom, t.id), array_agg(t.id::integer ORDER BY t.id)
    INTO noms_competences, competences
    FROM public.annuaire_structure_competences l
    JOIN public.annuaire_competence t ON t.id = l.competence_id WHERE l.structure_id = s.id;
    SELECT string_agg(t.nom, ' ' ORDER BY t.nom, t.id)
    INTO noms_labels
    FROM public.annuaire_labelstructure l
    JOIN public.annuaire_label t ON t.id = l.label_id WHERE l.structure_id = s.id;
    SELECT concat_ws(' ', c.nom, array_to_string(c.codes_postaux, ' '))
    INTO lieu
    FROM public.annuaire_commune c WHERE c.code = s.commune_id;
    activites := coalesce(activites, '{}');
    competences := coalesce(competences, '{}');
    texte := concat_ws(
        E'\n', s.nom, nullif(s.sigle, ''), nullif(public.annuaire_forme_nom(s.forme_juridique), ''),
        noms_activites, noms_competences, noms_labels, nullif(s.presentation, ''), nullif(s.missions, ''),
        nullif(s.public_accueilli, ''), nullif(s.adresse, ''), lieu, nullif(s.siret, ''), nullif(s.rna, '')
    );
END
$$;

CREATE FUNCTION public.annuaire_structure_indexer() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    -- Nothing that search reads is touched: a freshness mail to every structure must not rewrite the index.
    IF TG_OP = 'UPDATE'
        AND NEW.recherche <> ''
        AND NEW.recherche = OLD.recherche
        AND NEW.activites_index = OLD.activites_index
        AND NEW.competences_index = OLD.competences_index
        AND (NEW.id, NEW.nom, NEW.sigle, NEW.forme_juridique, NEW.presentation, NEW.missions, NEW.public_accueilli,
             NEW.adresse, NEW.commune_id, NEW.siret, NEW.rna)
        IS NOT DISTINCT FROM
            (OLD.id, OLD.nom, OLD.sigle, OLD.forme_juridique, OLD.presentation, OLD.missions, OLD.public_accueilli,
             OLD.adresse, OLD.commune_id, OLD.siret, OLD.rna)
    THEN
        RETURN NEW;
    END IF;
    IF NEW.commune_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.commune_id IS DISTINCT FROM OLD.commune_id) THEN
        -- A rename of the commune under way ends first, then its new name is read.
        PERFORM 1 FROM public.annuaire_commune c WHERE c.code = NEW.commune_id FOR SHARE;
    END IF;
    SELECT c.texte, c.activites, c.competences
    INTO NEW.recherche, NEW.activites_index, NEW.competences_index
    FROM public.annuaire_contenu_recherche(NEW) c;
    RETURN NEW;
END
$$;

CREATE TRIGGER recherche_indexer BEFORE INSERT OR UPDATE ON public.annuaire_structure
FOR EACH ROW EXECUTE FUNCTION public.annuaire_structure_indexer();

-- Links: an emptied `recherche` differs from the stored one, so the row trigger above writes it anew.
CREATE FUNCTION public.annuaire_liens_indexer() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    touchees bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        touchees := ARRAY(SELECT DISTINCT n.structure_id FROM nouveaux n ORDER BY 1);
    ELSIF TG_OP = 'DELETE' THEN
        touchees := ARRAY(SELECT DISTINCT a.structure_id FROM anciens a ORDER BY 1);
    ELSE
        touchees := ARRAY(
            SELECT n.structure_id FROM nouveaux n UNION SELECT a.structure_id FROM anciens a ORDER BY 1
        );
    END IF;
    -- A rename under way ends first, then its new name is read; a later one waits for this transaction.
    IF TG_OP <> 'DELETE' THEN
        IF TG_TABLE_NAME = 'annuaire_structure_activites' THEN
            PERFORM 1 FROM public.annuaire_activite t
            WHERE t.id IN (
                SELECT n.activite_id FROM nouveaux n
                UNION SELECT e.parent_id FROM nouveaux n JOIN public.annuaire_activite e ON e.id = n.activite_id
            )
            ORDER BY t.id FOR SHARE;
        ELSIF TG_TABLE_NAME = 'annuaire_structure_competences' THEN
            PERFORM 1 FROM public.annuaire_competence t
            WHERE t.id IN (SELECT n.competence_id FROM nouveaux n) ORDER BY t.id FOR SHARE;
        ELSE
            PERFORM 1 FROM public.annuaire_label t
            WHERE t.id IN (SELECT n.label_id FROM nouveaux n) ORDER BY t.id FOR SHARE;
        END IF;
    END IF;
    UPDATE public.annuaire_structure SET recherche = '' WHERE id = ANY (touchees);
    RETURN NULL;
END
$$;

-- Renames. Each updates only the structures whose words change.
CREATE FUNCTION public.annuaire_activite_renommee() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.annuaire_structure SET recherche = ''
    WHERE id IN (
        SELECT l.structure_id
        FROM nouveaux n
        JOIN anciens a ON a.id = n.id AND (a.nom, a.parent_id) IS DISTINCT FROM (n.nom, n.parent_id)
        JOIN public.annuaire_activite t ON t.id = n.id OR t.parent_id = n.id
        JOIN public.annuaire_structure_activites l ON l.activite_id = t.id
    );
    RETURN NULL;
END
$$;

CREATE FUNCTION public.annuaire_competence_renommee() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.annuaire_structure SET recherche = ''
    WHERE id IN (
        SELECT l.structure_id
        FROM nouveaux n
        JOIN anciens a ON a.id = n.id AND a.nom <> n.nom
        JOIN public.annuaire_structure_competences l ON l.competence_id = n.id
    );
    RETURN NULL;
END
$$;

CREATE FUNCTION public.annuaire_label_renomme() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.annuaire_structure SET recherche = ''
    WHERE id IN (
        SELECT l.structure_id
        FROM nouveaux n
        JOIN anciens a ON a.id = n.id AND a.nom <> n.nom
        JOIN public.annuaire_labelstructure l ON l.label_id = n.id
    );
    RETURN NULL;
END
$$;

CREATE FUNCTION public.annuaire_commune_renommee() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.annuaire_structure SET recherche = ''
    WHERE commune_id IN (
        SELECT n.code
        FROM nouveaux n
        JOIN anciens a ON a.code = n.code AND (a.nom, a.codes_postaux) IS DISTINCT FROM (n.nom, n.codes_postaux)
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER recherche_renommee AFTER UPDATE ON public.annuaire_activite
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.annuaire_activite_renommee();
CREATE TRIGGER recherche_renommee AFTER UPDATE ON public.annuaire_competence
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.annuaire_competence_renommee();
CREATE TRIGGER recherche_renommee AFTER UPDATE ON public.annuaire_label
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.annuaire_label_renomme();
CREATE TRIGGER recherche_renommee AFTER UPDATE ON public.annuaire_commune
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.annuaire_commune_renommee();

DO $$
DECLARE
    liens text;
BEGIN
    FOREACH liens IN ARRAY ARRAY['annuaire_structure_activites', 'annuaire_structure_competences', 'annuaire_labelstructure']
    LOOP
        EXECUTE format(
            'CREATE TRIGGER recherche_ajout AFTER INSERT ON public.%I REFERENCING NEW TABLE AS nouveaux'
            ' FOR EACH STATEMENT EXECUTE FUNCTION public.annuaire_liens_indexer()', liens);
        EXECUTE format(
            'CREATE TRIGGER recherche_change AFTER UPDATE ON public.%I REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux'
            ' FOR EACH STATEMENT EXECUTE FUNCTION public.annuaire_liens_indexer()', liens);
        EXECUTE format(
            'CREATE TRIGGER recherche_retrait AFTER DELETE ON public.%I REFERENCING OLD TABLE AS anciens'
            ' FOR EACH STATEMENT EXECUTE FUNCTION public.annuaire_liens_indexer()', liens);
    END LOOP;
END
$$;
