"""Shared purchases and shared posts."""

urlpatterns = []
