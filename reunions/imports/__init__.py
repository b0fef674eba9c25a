"""Files given by staff: notes written on paper."""
