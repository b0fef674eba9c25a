-- What a constraint cannot say of bookings. The action locks the calendar and checks first, with French words; this
-- refuses whatever goes round it.

-- Highest number of pieces of a calendar out at once over a range, among its other blocking bookings.
CREATE FUNCTION public.ressources_pic(calendrier bigint, sauf bigint, plage tstzrange) RETURNS bigint
LANGUAGE sql STABLE
AS $$
    WITH prises AS (
        SELECT r.blocage * plage AS b, r.quantite FROM public.ressources_reservation r
        WHERE r.calendrier_id = calendrier AND r.etat IN ('confirmee', 'remise')
        AND r.blocage && plage AND r.id <> sauf
    )
    SELECT coalesce(max(total), 0)::bigint FROM (
        SELECT (SELECT sum(q.quantite) FROM prises q WHERE q.b @> lower(p.b)) AS total FROM prises p
    ) AS debuts
$$;

CREATE FUNCTION public.ressources_reservation_verifier() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    k record;
BEGIN
    IF NEW.etat NOT IN ('confirmee', 'remise') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.etat IN ('confirmee', 'remise')
        AND (NEW.blocage, NEW.quantite, NEW.calendrier_id, NEW.exclusive)
            IS NOT DISTINCT FROM (OLD.blocage, OLD.quantite, OLD.calendrier_id, OLD.exclusive)
    THEN
        RETURN NEW;
    END IF;
    SELECT t.genre, t.capacite INTO k FROM public.ressources_calendrier t
    WHERE t.id = NEW.calendrier_id FOR UPDATE;
    IF NEW.exclusive <> (k.genre = 'exclusif') THEN
        RAISE EXCEPTION 'booking % does not follow its calendar''s kind', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reservation_genre_du_calendrier';
    END IF;
    IF k.genre = 'pool'
        AND public.ressources_pic(NEW.calendrier_id, coalesce(NEW.id, 0), NEW.blocage) + NEW.quantite > k.capacite
    THEN
        RAISE EXCEPTION 'calendar % holds % pieces', NEW.calendrier_id, k.capacite
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reservation_pool_jamais_depasse';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER reservation_verifier BEFORE INSERT OR UPDATE ON public.ressources_reservation
FOR EACH ROW EXECUTE FUNCTION public.ressources_reservation_verifier();

-- A calendar that changes kind or shrinks while bookings hold it.
CREATE FUNCTION public.ressources_calendrier_verifier() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    IF NEW.genre <> OLD.genre AND EXISTS (
        SELECT 1 FROM public.ressources_reservation r
        WHERE r.calendrier_id = NEW.id AND r.etat IN ('confirmee', 'remise')
    ) THEN
        RAISE EXCEPTION 'calendar % has bookings: its kind stays', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calendrier_genre_fige';
    END IF;
    IF NEW.genre = 'pool' AND NEW.capacite < OLD.capacite
        AND public.ressources_pic(NEW.id, 0, tstzrange(NULL, NULL)) > NEW.capacite
    THEN
        RAISE EXCEPTION 'calendar % has more pieces booked than that', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calendrier_capacite_engagee';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER calendrier_verifier BEFORE UPDATE ON public.ressources_calendrier
FOR EACH ROW EXECUTE FUNCTION public.ressources_calendrier_verifier();
