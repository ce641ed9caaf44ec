"""What printed forms have in common: boxes, type, the press, and reading back what was printed."""
