"""What the pages of every audience have in common."""
