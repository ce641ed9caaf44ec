"""Unit tests of `reports`."""
