"""Unit tests of `desk`."""
