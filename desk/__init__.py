"""Where people look: the triage desk and the command line."""
