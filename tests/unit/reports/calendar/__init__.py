"""Tests of the calendar of duties."""
