"""The law as rows."""
