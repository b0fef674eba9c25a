-- What a constraint cannot say of urgent calls, checked at the end of the transaction: `confirmes` is the number of
-- calls answered « oui ». With the check confirmes <= places, nobody is ever confirmed beyond what was asked for.
CREATE FUNCTION public.ressources_urgence_compter() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    numero bigint;
    compte bigint;
    note bigint;
BEGIN
    IF TG_TABLE_NAME = 'ressources_urgence' THEN
        numero := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        numero := OLD.urgence_id;
    ELSE
        numero := NEW.urgence_id;
    END IF;
    SELECT u.confirmes INTO note FROM public.ressources_urgence u WHERE u.id = numero;
    IF note IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO compte FROM public.ressources_appel a WHERE a.urgence_id = numero AND a.etat = 'oui';
    IF compte <> note THEN
        RAISE EXCEPTION 'urgency % counts % confirmed and has %', numero, note, compte
            USING ERRCODE = 'check_violation', CONSTRAINT = 'urgence_compte_juste';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER urgence_compter AFTER INSERT OR UPDATE OF confirmes ON public.ressources_urgence
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.ressources_urgence_compter();
CREATE CONSTRAINT TRIGGER appel_compter AFTER INSERT OR DELETE OR UPDATE OF etat ON public.ressources_appel
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.ressources_urgence_compter();

-- A call stays with its urgency; nobody says yes to one that is cancelled or past.
CREATE FUNCTION public.ressources_appel_verifier() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    etat_urgence text;
BEGIN
    IF NEW.urgence_id <> OLD.urgence_id THEN
        RAISE EXCEPTION 'call % stays with its urgency', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appel_ne_change_pas_d_urgence';
    END IF;
    IF NEW.etat = 'oui' AND OLD.etat <> 'oui' THEN
        SELECT u.etat INTO etat_urgence FROM public.ressources_urgence u WHERE u.id = NEW.urgence_id FOR UPDATE;
        IF etat_urgence IN ('annulee', 'expiree') THEN
            RAISE EXCEPTION 'urgency % is over', NEW.urgence_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'appel_oui_a_temps';
        END IF;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER appel_verifier BEFORE UPDATE ON public.ressources_appel
FOR EACH ROW EXECUTE FUNCTION public.ressources_appel_verifier();
