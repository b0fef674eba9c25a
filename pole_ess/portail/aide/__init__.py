"""Help: pages of docs/aide/ for all, the staff guide for the staff, and the way to them from hard forms."""
