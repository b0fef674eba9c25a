-- The ledger of hours: what constraints cannot say, since they look at one row.

-- An entry is written once. No exception: who leaves, or is merged, leaves a closed account behind, with its entries.
CREATE FUNCTION public.ressources_ecriture_immuable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ecriture_heures_immuable: entry % is never changed nor removed', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ecriture_heures_immuable';
END $$;
CREATE TRIGGER ecriture_heures_immuable BEFORE UPDATE OR DELETE ON public.ressources_ecritureheures
    FOR EACH ROW EXECUTE FUNCTION public.ressources_ecriture_immuable();

-- The balance follows the entries.
CREATE FUNCTION public.ressources_ecriture_solder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.ressources_compteheures SET solde = solde + NEW.montant WHERE id = NEW.compte_id;
    RETURN NULL;
END $$;
CREATE TRIGGER ecriture_heures_solder AFTER INSERT ON public.ressources_ecritureheures
    FOR EACH ROW EXECUTE FUNCTION public.ressources_ecriture_solder();

-- Nothing else writes it.
CREATE FUNCTION public.ressources_compte_solde_garde() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'compte_heures_solde: the balance of account % comes from its entries alone', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'compte_heures_solde';
END $$;
CREATE TRIGGER compte_heures_solde_modifie BEFORE UPDATE ON public.ressources_compteheures
    FOR EACH ROW WHEN (OLD.solde IS DISTINCT FROM NEW.solde AND pg_trigger_depth() = 0)
    EXECUTE FUNCTION public.ressources_compte_solde_garde();
CREATE TRIGGER compte_heures_solde_cree BEFORE INSERT ON public.ressources_compteheures
    FOR EACH ROW WHEN (NEW.solde <> 0)
    EXECUTE FUNCTION public.ressources_compte_solde_garde();

-- Whose holder goes (foreign key set to null) is closed, and found by nobody.
CREATE FUNCTION public.ressources_compte_titulaire_parti() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.ferme_le := coalesce(NEW.ferme_le, now());
    NEW.trouvable := false;
    RETURN NEW;
END $$;
CREATE TRIGGER compte_heures_titulaire_parti BEFORE UPDATE ON public.ressources_compteheures
    FOR EACH ROW WHEN (
        NEW.genre <> 'pole' AND NEW.structure_id IS NULL AND NEW.utilisateur_id IS NULL
        AND (OLD.structure_id IS NOT NULL OR OLD.utilisateur_id IS NOT NULL)
    )
    EXECUTE FUNCTION public.ressources_compte_titulaire_parti();

-- Confirmed, who, how much and when no longer change, and it is not removed.
CREATE FUNCTION public.ressources_operation_figee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'operation_heures_figee: operation % is confirmed', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'operation_heures_figee';
END $$;
CREATE TRIGGER operation_heures_figee BEFORE UPDATE ON public.ressources_operationheures
    FOR EACH ROW WHEN (
        OLD.etat = 'confirmee'
        AND (OLD.etat, OLD.genre, OLD.aidant_id, OLD.aide_id, OLD.heures, OLD.jour, OLD.corrige_id)
            IS DISTINCT FROM (NEW.etat, NEW.genre, NEW.aidant_id, NEW.aide_id, NEW.heures, NEW.jour, NEW.corrige_id)
    )
    EXECUTE FUNCTION public.ressources_operation_figee();
CREATE TRIGGER operation_heures_gardee BEFORE DELETE ON public.ressources_operationheures
    FOR EACH ROW WHEN (OLD.etat = 'confirmee')
    EXECUTE FUNCTION public.ressources_operation_figee();

-- At the end of the transaction, a confirmed operation has exactly its two entries, who helped up and who was helped
-- down by the same hours; any other has none.
CREATE FUNCTION public.ressources_operation_equilibree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    o record;
    lignes bigint;
    justes bigint;
    somme numeric;
    cherchee bigint;
BEGIN
    IF TG_TABLE_NAME = 'ressources_ecritureheures' THEN
        cherchee := NEW.operation_id;
    ELSE
        cherchee := NEW.id;
    END IF;
    SELECT t.etat, t.aidant_id, t.aide_id, t.heures INTO o
        FROM public.ressources_operationheures t WHERE t.id = cherchee;
    IF NOT FOUND THEN
        RETURN NULL;  -- an open one, removed in the same transaction
    END IF;
    SELECT count(*), coalesce(sum(e.montant), 0), count(*) FILTER (
        WHERE (e.compte_id, e.montant) IN ((o.aidant_id, o.heures), (o.aide_id, -o.heures))
    ) INTO lignes, somme, justes
        FROM public.ressources_ecritureheures e WHERE e.operation_id = cherchee;
    IF o.etat = 'confirmee' AND lignes = 2 AND justes = 2 AND somme = 0 THEN
        RETURN NULL;
    END IF;
    IF o.etat <> 'confirmee' AND lignes = 0 THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'operation_heures_equilibree: operation % (%) has % entries, % right, sum %',
        cherchee, o.etat, lignes, justes, somme
        USING ERRCODE = 'check_violation', CONSTRAINT = 'operation_heures_equilibree';
END $$;
CREATE CONSTRAINT TRIGGER operation_heures_equilibree
    AFTER INSERT OR UPDATE OF etat ON public.ressources_operationheures
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.ressources_operation_equilibree();
CREATE CONSTRAINT TRIGGER ecriture_heures_equilibree
    AFTER INSERT ON public.ressources_ecritureheures
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.ressources_operation_equilibree();
