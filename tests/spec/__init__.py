"""Specification: cases counted by hand, from which the manual is written."""
