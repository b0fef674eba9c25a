"""What each document says, as plain data: the layout is in templates/documents/."""
