"""Unit tests of `safety.dosing`."""
