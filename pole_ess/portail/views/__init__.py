"""Views of the outer layer: one module per notion."""
