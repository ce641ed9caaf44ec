"""Outgoing ICSRs."""
