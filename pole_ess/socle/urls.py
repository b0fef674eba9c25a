"""Mail coming in: the provider's webhook (anymail's form)."""

app_name = "socle"
urlpatterns = []
