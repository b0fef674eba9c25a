"""What runs, seen from outside: the health of each part, measures, one log line a request."""
