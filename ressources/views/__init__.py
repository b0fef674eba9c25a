"""Views: scope the queryset to the user, bind the form, call the action, render. One module per notion."""
