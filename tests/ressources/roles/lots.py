LIGNES = []
