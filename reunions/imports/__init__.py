"""Files that people give: notes written on paper, calendars."""
