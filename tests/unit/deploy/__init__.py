"""The files that deploy the system."""
