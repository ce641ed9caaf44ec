"""Unit tests of `safety.subjects`."""
