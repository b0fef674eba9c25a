"""Open data: what is given, in which files and feeds, and what is not."""
