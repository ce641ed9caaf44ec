"""The triage desk: where drug safety officers work, in a browser."""
