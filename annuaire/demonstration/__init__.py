"""The demonstration's invented content. Nothing here is ever attached to a real structure."""
