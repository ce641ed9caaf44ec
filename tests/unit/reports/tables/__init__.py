"""Tests of the table model and its renderers."""
