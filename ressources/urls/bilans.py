"""What a structure did in a year."""

urlpatterns = []
