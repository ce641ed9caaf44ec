"""Tests of the whole project; each folder says what belongs in it."""
