"""Unit tests of `reports.registry`."""
