-- What a constraint cannot keep of shifts: how many places are taken, and when each registration is.

-- The period of a registration is its shift's, whoever writes it.
CREATE FUNCTION public.ressources_inscription_periode() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    SELECT tstzrange(c.debut, c.fin, '[)') INTO NEW.periode
    FROM public.ressources_creneau c WHERE c.id = NEW.creneau_id;
    RETURN NEW;
END
$$;

CREATE TRIGGER inscription_periode BEFORE INSERT OR UPDATE OF creneau_id, periode, etat
ON public.ressources_inscriptionbenevole
FOR EACH ROW EXECUTE FUNCTION public.ressources_inscription_periode();

CREATE FUNCTION public.ressources_creneau_deplace() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.ressources_inscriptionbenevole i SET periode = tstzrange(NEW.debut, NEW.fin, '[)')
    WHERE i.creneau_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER creneau_deplace AFTER UPDATE ON public.ressources_creneau
FOR EACH ROW WHEN ((OLD.debut, OLD.fin) IS DISTINCT FROM (NEW.debut, NEW.fin))
EXECUTE FUNCTION public.ressources_creneau_deplace();

-- Places taken: one more, one less. Past the number of places, creneau_jamais_depasse refuses.
CREATE FUNCTION public.ressources_inscription_compter() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    avant boolean := TG_OP <> 'INSERT' AND OLD.etat IN ('inscrite', 'venue', 'absente');
    apres boolean := TG_OP <> 'DELETE' AND NEW.etat IN ('inscrite', 'venue', 'absente');
BEGIN
    IF avant AND apres AND OLD.creneau_id = NEW.creneau_id THEN
        RETURN NULL;
    END IF;
    IF avant THEN
        UPDATE public.ressources_creneau SET places_prises = places_prises - 1 WHERE id = OLD.creneau_id;
    END IF;
    IF apres THEN
        UPDATE public.ressources_creneau SET places_prises = places_prises + 1 WHERE id = NEW.creneau_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER inscription_compter AFTER INSERT OR DELETE OR UPDATE OF etat, creneau_id
ON public.ressources_inscriptionbenevole
FOR EACH ROW EXECUTE FUNCTION public.ressources_inscription_compter();

-- A mission is made of a need of volunteers.
CREATE FUNCTION public.ressources_mission_verifier() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM public.ressources_annonce a
        WHERE a.id = NEW.annonce_id AND a.sens = 'besoin' AND a.nature = 'benevolat'
    ) THEN
        RAISE EXCEPTION 'announcement % is not a need of volunteers', NEW.annonce_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mission_d_un_besoin_de_benevoles';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER mission_verifier BEFORE INSERT OR UPDATE OF annonce_id ON public.ressources_mission
FOR EACH ROW EXECUTE FUNCTION public.ressources_mission_verifier();
