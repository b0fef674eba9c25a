"""Views of meetings: one module per notion."""
