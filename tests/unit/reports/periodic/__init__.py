"""Unit tests of `reports.periodic`."""
