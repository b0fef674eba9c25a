def contexte(annonce, utilisateur):
    return None
