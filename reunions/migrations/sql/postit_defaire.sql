DROP TRIGGER reunions_postit_quota ON reunions_postit;
DROP FUNCTION public.reunions_postit_quota();
ALTER TABLE reunions_postit DROP CONSTRAINT postit_categorie_de_son_axe;
ALTER TABLE reunions_categorie DROP CONSTRAINT categorie_de_axe;
