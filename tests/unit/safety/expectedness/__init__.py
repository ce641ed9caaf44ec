"""Unit tests of `safety.expectedness`."""
