"""Unit tests of `safety.coding`."""
