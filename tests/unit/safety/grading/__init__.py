"""Unit tests of `safety.grading`."""
