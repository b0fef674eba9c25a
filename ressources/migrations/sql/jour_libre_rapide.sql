-- The same answer as jour_libre.sql, sooner: most calendars that something touches have a day that nothing touches, or
-- are exclusive and asked for that very day. Only the others have their days looked at one by one.

CREATE OR REPLACE FUNCTION public.ressources_jour_libre(calendrier bigint, du date, au date) RETURNS boolean
LANGUAGE plpgsql STABLE COST 5000
AS $$
DECLARE
    k record;
    total integer := au - du + 1;
    touches integer;
    tout tstzrange := tstzrange(
        du::timestamp AT TIME ZONE 'Europe/Paris', (au + 1)::timestamp AT TIME ZONE 'Europe/Paris'
    );
BEGIN
    IF total < 1 THEN
        RETURN false;
    END IF;
    SELECT t.capacite, t.pas, EXISTS (
        SELECT 1 FROM public.ressources_periode p WHERE p.annonce_id = t.annonce_id
    ) AS a_ses_jours, t.annonce_id INTO k FROM public.ressources_calendrier t WHERE t.id = calendrier;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF NOT k.a_ses_jours THEN
        -- Days touched, each as many times as it is: fewer than there are days, one at least is untouched.
        SELECT sum(
            least(au, ((upper(q.b) - interval '1 microsecond') AT TIME ZONE 'Europe/Paris')::date)
            - greatest(du, (lower(q.b) AT TIME ZONE 'Europe/Paris')::date) + 1
        ) INTO touches FROM (
            SELECT r.blocage AS b FROM public.ressources_reservation r
            WHERE r.calendrier_id = calendrier AND r.etat IN ('confirmee', 'remise') AND r.blocage && tout
            UNION ALL
            SELECT f.periode FROM public.ressources_fermeture f
            WHERE f.calendrier_id = calendrier AND f.genre <> 'avis' AND f.periode && tout
        ) q;
        IF coalesce(touches, 0) < total THEN
            RETURN true;
        END IF;
        IF total = 1 AND k.capacite = 1 AND k.pas = 'jour' THEN
            RETURN false;
        END IF;
    END IF;
    RETURN (
        WITH jours AS (
            SELECT j.jour, tstzrange(
                j.jour::timestamp AT TIME ZONE 'Europe/Paris', (j.jour + 1)::timestamp AT TIME ZONE 'Europe/Paris'
            ) AS plage
            FROM (SELECT du + n AS jour FROM generate_series(0, au - du) AS n) AS j
            WHERE NOT k.a_ses_jours OR EXISTS (
                SELECT 1 FROM public.ressources_periode p
                WHERE p.annonce_id = k.annonce_id AND p.debut <= j.jour AND p.fin >= j.jour
            )
        ), prises AS (
            SELECT r.blocage AS b, r.quantite AS n FROM public.ressources_reservation r
            WHERE r.calendrier_id = calendrier AND r.etat IN ('confirmee', 'remise') AND r.blocage && tout
            UNION ALL
            SELECT f.periode, 2147483647 FROM public.ressources_fermeture f
            WHERE f.calendrier_id = calendrier AND f.genre <> 'avis' AND f.periode && tout
        )
        SELECT EXISTS (
            SELECT 1 FROM jours j
            WHERE CASE k.pas
                WHEN 'jour' THEN NOT EXISTS (
                    -- What is out is highest where a booking begins, or as the day does.
                    SELECT 1 FROM (
                        SELECT lower(j.plage) AS t UNION SELECT lower(q.b) FROM prises q WHERE j.plage @> lower(q.b)
                    ) AS i
                    WHERE (SELECT sum(q.n) FROM prises q WHERE q.b @> i.t) >= k.capacite
                )
                ELSE EXISTS (
                    -- What is out is lowest as the day begins, or where a booking ends.
                    SELECT 1 FROM (
                        SELECT lower(j.plage) AS t UNION SELECT upper(q.b) FROM prises q WHERE j.plage @> upper(q.b)
                    ) AS i
                    WHERE coalesce((SELECT sum(q.n) FROM prises q WHERE q.b @> i.t), 0) < k.capacite
                )
            END
        )
    );
END
$$;
