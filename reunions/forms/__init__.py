"""Forms of meetings: one module per notion."""
