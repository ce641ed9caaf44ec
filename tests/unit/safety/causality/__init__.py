"""Unit tests of `safety.causality`."""
