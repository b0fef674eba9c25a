-- A note's category is one of its own axis.
ALTER TABLE reunions_categorie ADD CONSTRAINT categorie_de_axe UNIQUE (id, axe_id);
ALTER TABLE reunions_postit ADD CONSTRAINT postit_categorie_de_son_axe
  FOREIGN KEY (categorie_id, axe_id) REFERENCES reunions_categorie (id, axe_id) DEFERRABLE INITIALLY DEFERRED;

-- A person never has more notes of a colour than the workshop's quota, and writes in their own workshop only.
-- The participant's row is locked first: parallel requests of one person wait for one another.
CREATE FUNCTION public.reunions_postit_quota() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  atelier_de_axe bigint;
  atelier_du_participant bigint;
  quota integer;
  deja integer;
BEGIN
  IF NEW.participant_id IS NULL THEN
    RETURN NEW;
  END IF;
  SELECT atelier_id INTO atelier_du_participant FROM public.reunions_participant
    WHERE id = NEW.participant_id FOR UPDATE;
  SELECT x.atelier_id, CASE WHEN NEW.couleur = 'rose' THEN t.quota_rose ELSE t.quota_jaune END
    INTO atelier_de_axe, quota
    FROM public.reunions_axe x JOIN public.reunions_atelier t ON t.id = x.atelier_id WHERE x.id = NEW.axe_id;
  IF atelier_de_axe IS DISTINCT FROM atelier_du_participant THEN
    RAISE EXCEPTION 'participant of another workshop'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'postit_participant_de_l_atelier';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.couleur = NEW.couleur AND OLD.participant_id IS NOT DISTINCT FROM NEW.participant_id THEN
    RETURN NEW;
  END IF;
  SELECT count(*) INTO deja FROM public.reunions_postit
    WHERE participant_id = NEW.participant_id AND couleur = NEW.couleur AND id <> NEW.id;
  IF deja >= quota THEN
    RAISE EXCEPTION 'quota of notes passed' USING ERRCODE = 'check_violation', CONSTRAINT = 'postit_quota';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reunions_postit_quota BEFORE INSERT OR UPDATE OF couleur, participant_id, axe_id
  ON reunions_postit FOR EACH ROW EXECUTE FUNCTION public.reunions_postit_quota();
