"""Jobs of meetings, run by the worker; procrastinate finds those imported here."""
