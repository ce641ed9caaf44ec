"""Unit tests of `consumers.cdisc`."""
