"""CIOMS I forms."""
