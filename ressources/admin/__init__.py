"""The hub staff's pages, one module per notion."""
