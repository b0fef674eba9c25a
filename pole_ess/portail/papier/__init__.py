"""What the portal prints: the directory as a booklet."""
