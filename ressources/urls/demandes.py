"""Unmet demand, grouped."""

urlpatterns = []
