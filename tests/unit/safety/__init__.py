"""Unit tests of `safety`."""
