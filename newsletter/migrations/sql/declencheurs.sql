-- What constraints cannot say: they look at other rows, or at the value before.

-- A mention that somebody has accepted is proof: its words no longer change.
CREATE FUNCTION public.newsletter_mention_figee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.newsletter_abonne WHERE mention_id = OLD.id)
       OR EXISTS (SELECT FROM public.newsletter_desabonnement WHERE mention_id = OLD.id) THEN
        RAISE EXCEPTION 'mention_figee: version % was accepted by somebody', OLD.version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mention_figee';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mention_figee BEFORE UPDATE ON public.newsletter_mentionconsentement
    FOR EACH ROW WHEN (OLD.texte IS DISTINCT FROM NEW.texte OR OLD.version <> NEW.version)
    EXECUTE FUNCTION public.newsletter_mention_figee();

-- An issue is finished when the ledger balances.
CREATE FUNCTION public.newsletter_numero_solde() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lignes bigint;
    ouvertes bigint;
BEGIN
    SELECT count(*),
           count(*) FILTER (WHERE etat IN ('pret', 'en_vol', 'differe') OR etat = 'incertain' AND decide_le IS NULL)
      INTO lignes, ouvertes
      FROM public.newsletter_envoi WHERE numero_id = NEW.id;
    IF lignes <> NEW.prevus OR ouvertes > 0 THEN
        RAISE EXCEPTION 'numero_solde: % rows for % recipients, % not settled', lignes, NEW.prevus, ouvertes
            USING ERRCODE = 'check_violation', CONSTRAINT = 'numero_solde';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER numero_solde BEFORE INSERT OR UPDATE OF etat ON public.newsletter_numero
    FOR EACH ROW WHEN (NEW.etat = 'termine')
    EXECUTE FUNCTION public.newsletter_numero_solde();

-- Nothing that has left, or may have, leaves again by itself.
CREATE FUNCTION public.newsletter_envoi_jamais_deux_fois() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'envoi_jamais_deux_fois: % may not become % (row %)', OLD.etat, NEW.etat, OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'envoi_jamais_deux_fois';
END $$;
CREATE TRIGGER envoi_jamais_deux_fois BEFORE UPDATE OF etat ON public.newsletter_envoi
    FOR EACH ROW WHEN (
        OLD.etat IN ('parti', 'plainte') AND NEW.etat NOT IN ('parti', 'plainte', 'rejete')
        OR OLD.etat = 'incertain' AND NEW.etat IN ('pret', 'differe') AND NEW.decide_le IS NULL
        OR OLD.etat = 'incertain' AND NEW.etat IN ('en_vol', 'saute')
        OR OLD.etat = 'rejete' AND NEW.etat NOT IN ('rejete', 'pret', 'plainte')
        OR NEW.etat = 'en_vol' AND OLD.etat <> 'pret'
        OR NEW.etat = 'parti' AND OLD.etat NOT IN ('en_vol', 'incertain', 'parti')
    )
    EXECUTE FUNCTION public.newsletter_envoi_jamais_deux_fois();
