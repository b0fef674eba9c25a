"""Reproducible measurements. `python -m bench` runs them all; docs/bench.md says what they mean."""
