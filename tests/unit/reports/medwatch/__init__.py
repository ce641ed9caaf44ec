"""Tests of the MedWatch form."""
