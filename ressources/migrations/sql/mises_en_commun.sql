-- The total of a shared purchase or post, kept from its active parts; and, once at the commit, what no row says alone:
-- shares add up to what was ordered, to what was received and to the bill. Whoever writes must hold the parent's row:
-- these functions take it too, so that two writers of parts queue instead of losing one another's sum.

CREATE FUNCTION public.ressources_mises_recompter() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    -- Locked first, so that the sum below is read after whoever held the row.
    PERFORM 1 FROM public.ressources_miseencommun m
    WHERE m.id IN (SELECT t.mise_id FROM touchees t) ORDER BY m.id FOR UPDATE;
    UPDATE public.ressources_miseencommun m
    SET total = coalesce((
        SELECT sum(p.quantite) FROM public.ressources_partencommun p WHERE p.mise_id = m.id AND p.etat = 'active'
    ), 0)
    WHERE m.id IN (SELECT t.mise_id FROM touchees t);
    RETURN NULL;
END
$$;

CREATE TRIGGER mises_recompter_ajout AFTER INSERT ON public.ressources_partencommun
REFERENCING NEW TABLE AS touchees
FOR EACH STATEMENT EXECUTE FUNCTION public.ressources_mises_recompter();

CREATE TRIGGER mises_recompter_retrait AFTER DELETE ON public.ressources_partencommun
REFERENCING OLD TABLE AS touchees
FOR EACH STATEMENT EXECUTE FUNCTION public.ressources_mises_recompter();

CREATE TRIGGER mises_recompter_change AFTER UPDATE ON public.ressources_partencommun
REFERENCING NEW TABLE AS touchees
FOR EACH STATEMENT EXECUTE FUNCTION public.ressources_mises_recompter();

-- A part never changes purchase.
CREATE FUNCTION public.ressources_part_commune_fixe() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    RAISE EXCEPTION 'part % keeps its purchase', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'part_commune_fixe';
END
$$;

CREATE TRIGGER part_commune_fixe BEFORE UPDATE OF mise_id ON public.ressources_partencommun
FOR EACH ROW WHEN (OLD.mise_id <> NEW.mise_id) EXECUTE FUNCTION public.ressources_part_commune_fixe();

CREATE FUNCTION public.ressources_mise_verifier() RETURNS trigger
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    m record;
    s record;
BEGIN
    SELECT * INTO m FROM public.ressources_miseencommun WHERE id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(p.quantite), 0) AS quantite, sum(p.commande) AS commande, sum(p.recu) AS recu,
        sum(p.montant) AS montant, sum(p.part_frais) AS frais,
        count(*) FILTER (WHERE p.commande IS NULL) AS sans_commande,
        count(*) FILTER (WHERE p.recu IS NULL) AS sans_recu,
        count(*) FILTER (WHERE p.regle_le IS NULL AND p.montant + p.part_frais > 0) AS dus
    INTO s FROM public.ressources_partencommun p WHERE p.mise_id = m.id AND p.etat = 'active';
    IF m.total <> s.quantite THEN
        RAISE EXCEPTION 'purchase %: total % but parts %', m.id, m.total, s.quantite
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mise_total_juste';
    END IF;
    IF m.etat IN ('commandee', 'recue', 'soldee')
        AND (s.sans_commande > 0 OR s.commande IS DISTINCT FROM m.quantite_commandee) THEN
        RAISE EXCEPTION 'purchase %: ordered % but shares %', m.id, m.quantite_commandee, s.commande
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mise_commande_juste';
    END IF;
    IF m.etat IN ('recue', 'soldee')
        AND (s.sans_recu > 0 OR s.recu IS DISTINCT FROM m.quantite_recue) THEN
        RAISE EXCEPTION 'purchase %: received % but shares %', m.id, m.quantite_recue, s.recu
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mise_reception_juste';
    END IF;
    IF m.etat IN ('recue', 'soldee')
        AND (s.montant IS DISTINCT FROM round(m.prix_unitaire * m.quantite_recue, 2)
            OR s.frais IS DISTINCT FROM m.frais) THEN
        RAISE EXCEPTION 'purchase %: the shares do not add up to the bill', m.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mise_facture_juste';
    END IF;
    IF m.etat = 'soldee' AND s.dus > 0 THEN
        RAISE EXCEPTION 'purchase % is settled while somebody owes', m.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mise_soldee_payee';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER mise_verifier AFTER INSERT OR UPDATE ON public.ressources_miseencommun
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION public.ressources_mise_verifier();
