"""Unit tests of `safety.liver`."""
