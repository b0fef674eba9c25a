"""The shared agenda (« agenda culturel en commun »): the hub's meetings and the actors' events, read together."""
