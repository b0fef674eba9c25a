-- What keeps portail_entreerecherche in step with the meetings, events, minutes, letters, news, actions and projects
-- that the search across everything reads. Every name is qualified: pg_restore runs with an empty search_path.
-- An entry exists from the birth of its object; while the object is not to be found its words are empty.

-- The words of these objects of one kind, as their own pages show them: no row for what is not to be found. `publique`:
-- in the public eye; who else may see a row is asked of the object itself. Names of participants are never read.
-- One statement a kind, planned once a session: to plan them costs more than to read one row. A plan made while a table
-- is empty would scan it for ever; without scans, each finds its row by its key.
CREATE FUNCTION public.portail_contenu(
    quoi text, cles bigint[],
    OUT objet bigint, OUT titre text, OUT texte text, OUT publique boolean, OUT quand timestamptz
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
#variable_conflict use_column
BEGIN
    IF quoi = 'rencontre' THEN
        RETURN QUERY SELECT r.id, r.titre::text, concat_ws(
            E'\n', nullif(r.objectif, ''), (
                SELECT string_agg(concat_ws(E'\n', p.titre, nullif(p.details, '')), E'\n' ORDER BY p.ordre, p.id)
                FROM public.reunions_pointordredujour p WHERE p.reunion_id = r.id
            ), nullif(r.lieu, ''), nullif(concat_ws(' ', c.nom, array_to_string(c.codes_postaux, ' ')), ''),
            nullif(concat_ws(' ', s.nom, nullif(s.sigle, '')), '')
        ), r.audience = 'publique', r.debut
        FROM public.reunions_reunion r
        LEFT JOIN public.annuaire_commune c ON c.code = r.commune_id
        LEFT JOIN public.annuaire_structure s ON s.id = r.structure_hote_id
        WHERE r.id = ANY (cles) AND r.etat <> 'brouillon'
        AND (r.etat <> 'annulee' OR r.annoncee_le IS NOT NULL);
    ELSIF quoi = 'evenement' THEN
        RETURN QUERY SELECT e.id, e.titre::text, concat_ws(
            E'\n', nullif(e.description, ''), nullif(e.lieu, ''),
            nullif(concat_ws(' ', c.nom, array_to_string(c.codes_postaux, ' ')), ''),
            nullif(concat_ws(' ', s.nom, nullif(s.sigle, '')), '')
        ), s.etat = 'publiee', e.debut
        FROM public.reunions_evenement e
        JOIN public.annuaire_structure s ON s.id = e.structure_id
        LEFT JOIN public.annuaire_commune c ON c.code = e.commune_id
        WHERE e.id = ANY (cles) AND e.etat IN ('publie', 'annule');
    ELSIF quoi = 'compte_rendu' THEN
        -- Of the last version, what everybody reads (reunions.compte_rendu.instantane), without who was there.
        RETURN QUERY SELECT m.id, coalesce(v.lu ->> 'titre', r.titre), left((
            SELECT string_agg(x #>> '{}', E'\n') FROM (
                SELECT jsonb_path_query(
                    v.lu - 'titre' - 'presents' - 'excuses' - 'animateurs' - 'tours' - 'jour',
                    'strict $.** ? (@.type() == "string" && @ != "")'
                ) UNION ALL SELECT jsonb_path_query(v.lu, 'lax $.tours[*].priorites[*] ? (@.type() == "string")')
            ) AS y (x)
        ), 200000),
        r.audience = 'publique' AND r.etat <> 'brouillon' AND (r.etat <> 'annulee' OR r.annoncee_le IS NOT NULL),
        r.debut
        FROM public.reunions_compterendu m
        JOIN public.reunions_reunion r ON r.id = m.reunion_id
        CROSS JOIN LATERAL (
            SELECT d.instantane -> 'public' AS lu FROM public.reunions_versioncompterendu d
            WHERE d.compte_rendu_id = m.id ORDER BY d.numero DESC LIMIT 1
        ) AS v
        WHERE m.id = ANY (cles) AND m.publie_le IS NOT NULL;
    ELSIF quoi = 'lettre' THEN
        -- Of the archive, only the words of the staff that it always shows: its items are found as themselves.
        RETURN QUERY SELECT n.id, n.sujet::text, concat_ws(
            E'\n', nullif(n.preheader, ''), (
                SELECT string_agg(
                    concat_ws(E'\n', nullif(b.titre, ''), nullif(b.texte, '')), E'\n' ORDER BY b.ordre, b.id
                ) FROM public.newsletter_bloc b WHERE b.numero_id = n.id AND b.genre = 'texte'
            )
        ), true, n.lance_le
        FROM public.newsletter_numero n
        WHERE n.id = ANY (cles) AND n.rang IS NOT NULL;
    ELSIF quoi = 'breve' THEN
        RETURN QUERY SELECT b.id, b.titre::text, concat_ws(E'\n', b.texte, concat_ws(' ', s.nom, nullif(s.sigle, ''))),
        s.etat = 'publiee', b.publiee_le
        FROM public.newsletter_breve b
        JOIN public.annuaire_structure s ON s.id = b.structure_id
        WHERE b.id = ANY (cles) AND b.etat = 'publiee';
    ELSIF quoi = 'action' THEN
        RETURN QUERY SELECT a.id, a.titre::text, concat_ws(
            E'\n', nullif(a.details, ''), (
                SELECT string_agg(n.texte, E'\n' ORDER BY n.cree_le DESC, n.id DESC)
                FROM public.reunions_nouvelle n WHERE n.action_id = a.id
            ), nullif(concat_ws(' ', s.nom, nullif(s.sigle, '')), ''), p.nom
        ), a.publique, a.cree_le
        FROM public.reunions_action a
        LEFT JOIN public.annuaire_structure s ON s.id = a.pilote_id
        LEFT JOIN public.reunions_projet p ON p.id = a.projet_id
        WHERE a.id = ANY (cles);
    ELSIF quoi = 'projet' THEN
        RETURN QUERY SELECT p.id, p.nom::text, concat_ws(
            E'\n', nullif(p.description, ''), (
                SELECT string_agg(n.texte, E'\n' ORDER BY n.cree_le DESC, n.id DESC)
                FROM public.reunions_nouvelle n WHERE n.projet_id = p.id
            ), nullif(concat_ws(' ', s.nom, nullif(s.sigle, '')), '')
        ), true, p.cree_le
        FROM public.reunions_projet p
        LEFT JOIN public.annuaire_structure s ON s.id = p.pilote_id
        WHERE p.id = ANY (cles);
    END IF;
END
$$;

-- Which kind is in which table: for starting anew and for checking.
CREATE FUNCTION public.portail_objets(OUT genre text, OUT objet bigint) RETURNS SETOF record
LANGUAGE sql STABLE
AS $$
    SELECT 'rencontre', id FROM public.reunions_reunion
    UNION ALL SELECT 'evenement', id FROM public.reunions_evenement
    UNION ALL SELECT 'compte_rendu', id FROM public.reunions_compterendu
    UNION ALL SELECT 'lettre', id FROM public.newsletter_numero
    UNION ALL SELECT 'breve', id FROM public.newsletter_breve
    UNION ALL SELECT 'action', id FROM public.reunions_action
    UNION ALL SELECT 'projet', id FROM public.reunions_projet
$$;

-- Writes the entries of these objects anew. Locked first, then read: whoever renames at the same time a structure
-- that the text names waits here, or is waited for, and the last one to come reads what the other committed.
-- VOLATILE on purpose: each of its queries takes a fresh snapshot.
CREATE FUNCTION public.portail_indexer(quoi text, cles bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off
AS $$
BEGIN
    IF cardinality(cles) = 0 THEN
        RETURN;
    END IF;
    PERFORM 1 FROM public.portail_entreerecherche e
    WHERE e.genre = quoi AND e.objet = ANY (cles) ORDER BY e.objet FOR UPDATE;
    UPDATE public.portail_entreerecherche e
    SET titre = n.titre, texte = n.texte, publique = n.publique, quand = n.quand
    FROM (
        SELECT k.objet, coalesce(c.titre, '') AS titre, coalesce(c.texte, '') AS texte,
            coalesce(c.publique, false) AS publique, c.quand
        FROM unnest(cles) AS k (objet)
        LEFT JOIN public.portail_contenu(quoi, cles) c ON c.objet = k.objet
    ) AS n
    WHERE e.genre = quoi AND e.objet = n.objet
    AND (e.titre, e.texte, e.publique, e.quand) IS DISTINCT FROM (n.titre, n.texte, n.publique, n.quand);
END
$$;

-- The object itself (first argument: its kind). A structure that it names is held while it is born: a rename under
-- way ends first, then it is read.
CREATE FUNCTION public.portail_suivre() RETURNS trigger
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off
AS $$
DECLARE
    nee jsonb;
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM public.portail_entreerecherche WHERE genre = TG_ARGV[0] AND objet = OLD.id;
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        nee := to_jsonb(NEW);
        PERFORM 1 FROM public.annuaire_structure t WHERE t.id IN (
            (nee ->> 'structure_id')::bigint, (nee ->> 'structure_hote_id')::bigint, (nee ->> 'pilote_id')::bigint
        ) FOR SHARE;
        INSERT INTO public.portail_entreerecherche (genre, objet, titre, texte, publique)
        VALUES (TG_ARGV[0], NEW.id, '', '', false) ON CONFLICT (genre, objet) DO NOTHING;
    END IF;
    PERFORM public.portail_indexer(TG_ARGV[0], ARRAY[NEW.id]);
    RETURN NULL;
END
$$;

-- A part of an object (arguments: the object's kind, the column that names it).
CREATE FUNCTION public.portail_partie_changee() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM public.portail_indexer(TG_ARGV[0], ARRAY(
        SELECT DISTINCT k FROM unnest(ARRAY[
            (to_jsonb(OLD) ->> TG_ARGV[1])::bigint, (to_jsonb(NEW) ->> TG_ARGV[1])::bigint
        ]) AS k WHERE k IS NOT NULL
    ));
    RETURN NULL;
END
$$;

-- Minutes are seen by whoever sees their meeting.
CREATE FUNCTION public.portail_reunion_changee() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM public.portail_indexer('compte_rendu', ARRAY(
        SELECT m.id FROM public.reunions_compterendu m WHERE m.reunion_id = NEW.id
    ));
    RETURN NULL;
END
$$;

CREATE FUNCTION public.portail_projet_change() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM public.portail_indexer('action', ARRAY(
        SELECT a.id FROM public.reunions_action a WHERE a.projet_id = NEW.id
    ));
    RETURN NULL;
END
$$;

CREATE FUNCTION public.portail_structure_changee() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    changees bigint[] := ARRAY(
        SELECT n.id FROM nouveaux n
        JOIN anciens a ON a.id = n.id
            AND (a.nom, a.sigle, a.etat = 'publiee') IS DISTINCT FROM (n.nom, n.sigle, n.etat = 'publiee')
    );
BEGIN
    IF cardinality(changees) = 0 THEN
        RETURN NULL;
    END IF;
    PERFORM public.portail_indexer('action', ARRAY(
        SELECT t.id FROM public.reunions_action t WHERE t.pilote_id = ANY (changees)));
    PERFORM public.portail_indexer('breve', ARRAY(
        SELECT t.id FROM public.newsletter_breve t WHERE t.structure_id = ANY (changees)));
    PERFORM public.portail_indexer('evenement', ARRAY(
        SELECT t.id FROM public.reunions_evenement t WHERE t.structure_id = ANY (changees)));
    PERFORM public.portail_indexer('projet', ARRAY(
        SELECT t.id FROM public.reunions_projet t WHERE t.pilote_id = ANY (changees)));
    PERFORM public.portail_indexer('rencontre', ARRAY(
        SELECT t.id FROM public.reunions_reunion t WHERE t.structure_hote_id = ANY (changees)));
    RETURN NULL;
END
$$;

CREATE FUNCTION public.portail_commune_changee() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    changees text[] := ARRAY(
        SELECT n.code FROM nouveaux n
        JOIN anciens a ON a.code = n.code AND (a.nom, a.codes_postaux) IS DISTINCT FROM (n.nom, n.codes_postaux)
    );
BEGIN
    IF cardinality(changees) = 0 THEN
        RETURN NULL;
    END IF;
    PERFORM public.portail_indexer('evenement', ARRAY(
        SELECT t.id FROM public.reunions_evenement t WHERE t.commune_id = ANY (changees)));
    PERFORM public.portail_indexer('rencontre', ARRAY(
        SELECT t.id FROM public.reunions_reunion t WHERE t.commune_id = ANY (changees)));
    RETURN NULL;
END
$$;

-- Nothing runs when what changes is not read: a letter that makes progress, an action whose reminder left.
CREATE TRIGGER recherche_ajout AFTER INSERT OR DELETE ON public.reunions_reunion
FOR EACH ROW EXECUTE FUNCTION public.portail_suivre('rencontre');
CREATE TRIGGER recherche_change AFTER UPDATE ON public.reunions_reunion
FOR EACH ROW WHEN (
    (OLD.titre, OLD.objectif, OLD.lieu, OLD.commune_id, OLD.structure_hote_id, OLD.audience, OLD.etat, OLD.debut,
     OLD.annoncee_le)
    IS DISTINCT FROM
    (NEW.titre, NEW.objectif, NEW.lieu, NEW.commune_id, NEW.structure_hote_id, NEW.audience, NEW.etat, NEW.debut,
     NEW.annoncee_le)
) EXECUTE FUNCTION public.portail_suivre('rencontre');
CREATE TRIGGER recherche_compte_rendu AFTER UPDATE ON public.reunions_reunion
FOR EACH ROW WHEN (
    (OLD.titre, OLD.audience, OLD.etat, OLD.debut, OLD.annoncee_le)
    IS DISTINCT FROM (NEW.titre, NEW.audience, NEW.etat, NEW.debut, NEW.annoncee_le)
) EXECUTE FUNCTION public.portail_reunion_changee();
CREATE TRIGGER recherche_partie AFTER INSERT OR UPDATE OR DELETE ON public.reunions_pointordredujour
FOR EACH ROW EXECUTE FUNCTION public.portail_partie_changee('rencontre', 'reunion_id');

CREATE TRIGGER recherche_ajout AFTER INSERT OR DELETE ON public.reunions_evenement
FOR EACH ROW EXECUTE FUNCTION public.portail_suivre('evenement');
CREATE TRIGGER recherche_change AFTER UPDATE ON public.reunions_evenement
FOR EACH ROW WHEN (
    (OLD.titre, OLD.description, OLD.lieu, OLD.commune_id, OLD.structure_id, OLD.etat, OLD.debut)
    IS DISTINCT FROM (NEW.titre, NEW.description, NEW.lieu, NEW.commune_id, NEW.structure_id, NEW.etat, NEW.debut)
) EXECUTE FUNCTION public.portail_suivre('evenement');

CREATE TRIGGER recherche_ajout AFTER INSERT OR DELETE ON public.reunions_compterendu
FOR EACH ROW EXECUTE FUNCTION public.portail_suivre('compte_rendu');
CREATE TRIGGER recherche_change AFTER UPDATE ON public.reunions_compterendu
FOR EACH ROW WHEN ((OLD.publie_le, OLD.reunion_id) IS DISTINCT FROM (NEW.publie_le, NEW.reunion_id))
EXECUTE FUNCTION public.portail_suivre('compte_rendu');
CREATE TRIGGER recherche_partie AFTER INSERT OR UPDATE OR DELETE ON public.reunions_versioncompterendu
FOR EACH ROW EXECUTE FUNCTION public.portail_partie_changee('compte_rendu', 'compte_rendu_id');

CREATE TRIGGER recherche_ajout AFTER INSERT OR DELETE ON public.newsletter_numero
FOR EACH ROW EXECUTE FUNCTION public.portail_suivre('lettre');
CREATE TRIGGER recherche_change AFTER UPDATE ON public.newsletter_numero
FOR EACH ROW WHEN (
    (OLD.sujet, OLD.preheader, OLD.rang, OLD.lance_le)
    IS DISTINCT FROM (NEW.sujet, NEW.preheader, NEW.rang, NEW.lance_le)
) EXECUTE FUNCTION public.portail_suivre('lettre');
CREATE TRIGGER recherche_partie AFTER INSERT OR UPDATE OR DELETE ON public.newsletter_bloc
FOR EACH ROW EXECUTE FUNCTION public.portail_partie_changee('lettre', 'numero_id');

CREATE TRIGGER recherche_ajout AFTER INSERT OR DELETE ON public.newsletter_breve
FOR EACH ROW EXECUTE FUNCTION public.portail_suivre('breve');
CREATE TRIGGER recherche_change AFTER UPDATE ON public.newsletter_breve
FOR EACH ROW WHEN (
    (OLD.titre, OLD.texte, OLD.structure_id, OLD.etat, OLD.publiee_le)
    IS DISTINCT FROM (NEW.titre, NEW.texte, NEW.structure_id, NEW.etat, NEW.publiee_le)
) EXECUTE FUNCTION public.portail_suivre('breve');

CREATE TRIGGER recherche_ajout AFTER INSERT OR DELETE ON public.reunions_action
FOR EACH ROW EXECUTE FUNCTION public.portail_suivre('action');
CREATE TRIGGER recherche_change AFTER UPDATE ON public.reunions_action
FOR EACH ROW WHEN (
    (OLD.titre, OLD.details, OLD.pilote_id, OLD.projet_id, OLD.publique)
    IS DISTINCT FROM (NEW.titre, NEW.details, NEW.pilote_id, NEW.projet_id, NEW.publique)
) EXECUTE FUNCTION public.portail_suivre('action');

CREATE TRIGGER recherche_ajout AFTER INSERT OR DELETE ON public.reunions_projet
FOR EACH ROW EXECUTE FUNCTION public.portail_suivre('projet');
CREATE TRIGGER recherche_change AFTER UPDATE ON public.reunions_projet
FOR EACH ROW WHEN ((OLD.nom, OLD.description, OLD.pilote_id) IS DISTINCT FROM (NEW.nom, NEW.description, NEW.pilote_id))
EXECUTE FUNCTION public.portail_suivre('projet');
CREATE TRIGGER recherche_actions AFTER UPDATE ON public.reunions_projet
FOR EACH ROW WHEN (OLD.nom IS DISTINCT FROM NEW.nom) EXECUTE FUNCTION public.portail_projet_change();

CREATE TRIGGER recherche_partie_action AFTER INSERT OR UPDATE OR DELETE ON public.reunions_nouvelle
FOR EACH ROW EXECUTE FUNCTION public.portail_partie_changee('action', 'action_id');
CREATE TRIGGER recherche_partie_projet AFTER INSERT OR UPDATE OR DELETE ON public.reunions_nouvelle
FOR EACH ROW EXECUTE FUNCTION public.portail_partie_changee('projet', 'projet_id');

CREATE TRIGGER recherche_du_portail AFTER UPDATE ON public.annuaire_structure
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.portail_structure_changee();
CREATE TRIGGER recherche_du_portail AFTER UPDATE ON public.annuaire_commune
REFERENCING OLD TABLE AS anciens NEW TABLE AS nouveaux
FOR EACH STATEMENT EXECUTE FUNCTION public.portail_commune_changee();

-- All of it anew: the entries that are missing, those of nothing, then the words of each.
CREATE FUNCTION public.portail_reindexer() RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    g text;
BEGIN
    DELETE FROM public.portail_entreerecherche e WHERE NOT EXISTS (
        SELECT 1 FROM public.portail_objets() o WHERE o.genre = e.genre AND o.objet = e.objet
    );
    INSERT INTO public.portail_entreerecherche (genre, objet, titre, texte, publique)
    SELECT o.genre, o.objet, '', '', false FROM public.portail_objets() o
    ON CONFLICT (genre, objet) DO NOTHING;
    FOR g IN SELECT DISTINCT e.genre FROM public.portail_entreerecherche e ORDER BY 1 LOOP
        PERFORM public.portail_indexer(g, ARRAY(
            SELECT e.objet FROM public.portail_entreerecherche e WHERE e.genre = g ORDER BY e.objet
        ));
    END LOOP;
END
$$;
