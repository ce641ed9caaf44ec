"""The message contracts, one module a family."""
