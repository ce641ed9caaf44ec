"""Disproportionality."""
