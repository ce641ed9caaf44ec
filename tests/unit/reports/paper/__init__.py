"""What printed forms have in common."""
