from .recherche import EntreeRecherche, MotPortail

__all__ = ["EntreeRecherche", "MotPortail"]
