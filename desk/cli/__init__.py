"""The command `safety`: arguments in, one call, tables out."""

from desk.cli.app import main

__all__ = ["main"]
