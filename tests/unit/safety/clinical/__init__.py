"""Unit tests of `safety.clinical`."""
