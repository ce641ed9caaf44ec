"""Unit tests of what the other tests start and share."""
