"""Unit tests of `reports.narrative`."""
