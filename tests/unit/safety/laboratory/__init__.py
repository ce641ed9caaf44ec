"""Unit tests of `safety.laboratory`."""
