"""The admin of meetings: one module per notion, imported here."""
