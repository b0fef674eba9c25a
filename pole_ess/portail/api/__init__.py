"""The public, read-only JSON API: what any visitor reads on the pages, for programs (docs/decisions/0024-api.md)."""
