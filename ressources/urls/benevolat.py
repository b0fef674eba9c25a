"""Volunteers: missions, shifts, who offers skills and days."""

urlpatterns = []
