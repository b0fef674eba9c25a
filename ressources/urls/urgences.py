"""Urgent help, in waves."""

urlpatterns = []
