"""Accounts of hours."""

urlpatterns = []
