-- Is the resource of this calendar free on at least one day from `du` to `au`, both included, among the days that its
-- announcement's periods hold? Days run from midnight to midnight in Europe/Paris. Booked by whole days, a day is free
-- when nothing touches it and a piece is left at its peak; booked by hours, when some moment of it is.

CREATE FUNCTION public.ressources_jour_libre(calendrier bigint, du date, au date) RETURNS boolean
LANGUAGE sql STABLE COST 5000
AS $$
    WITH k AS (
        SELECT t.id, t.annonce_id, t.capacite, t.pas FROM public.ressources_calendrier t WHERE t.id = calendrier
    ), jours AS (
        SELECT j.jour, tstzrange(
            j.jour::timestamp AT TIME ZONE 'Europe/Paris', (j.jour + 1)::timestamp AT TIME ZONE 'Europe/Paris'
        ) AS plage
        FROM (SELECT du + n AS jour FROM generate_series(0, au - du) AS n) AS j
    ), prises AS (
        SELECT r.blocage AS b, r.quantite AS n FROM public.ressources_reservation r
        WHERE r.calendrier_id = calendrier AND r.etat IN ('confirmee', 'remise')
        AND r.blocage && (SELECT tstzrange(min(lower(g.plage)), max(upper(g.plage))) FROM jours g)
        UNION ALL
        SELECT f.periode, 2147483647 FROM public.ressources_fermeture f
        WHERE f.calendrier_id = calendrier AND f.genre <> 'avis'
        AND f.periode && (SELECT tstzrange(min(lower(g.plage)), max(upper(g.plage))) FROM jours g)
    )
    SELECT EXISTS (
        SELECT 1 FROM jours j, k
        WHERE (
            NOT EXISTS (SELECT 1 FROM public.ressources_periode p WHERE p.annonce_id = k.annonce_id)
            OR EXISTS (
                SELECT 1 FROM public.ressources_periode p
                WHERE p.annonce_id = k.annonce_id AND p.debut <= j.jour AND p.fin >= j.jour
            )
        )
        AND CASE k.pas
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
$$;
