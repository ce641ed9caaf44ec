"""Tests of the compliance report."""
