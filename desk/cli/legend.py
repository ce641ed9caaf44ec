"""
Short numbers for the long names of messages.

A message is named by its source and id, often a hundred characters. On the screen it
gets a number where it is cited, and its name once, at the end.
"""

from rich.table import Table


class Legend:
    """Numbers messages in the order in which they are first cited."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def cite(self, message: str) -> str:
        """Give the number of a message, in brackets."""
        return f"[{self._numbers.setdefault(message, len(self._numbers) + 1)}]"

    def render(self) -> Table:
        """List the messages by number."""
        grid = Table.grid(padding=(0, 2))
        grid.add_column(justify="right", no_wrap=True)
        grid.add_column(overflow="fold")
        for message, number in self._numbers.items():
            grid.add_row(f"[{number}]", message)
        return grid
