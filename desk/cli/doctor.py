"""`safety doctor`: is this installation fit to run?"""

import typer
from rich.text import Text

from consumers.doctor import Examined, Health, examine
from desk.cli.arguments import Json
from desk.cli.failures import ExitCode
from desk.cli.opening import settings_of
from desk.cli.screen import print_json, progress, screen, table

STYLE = {Health.WELL: "green", Health.DOUBTFUL: "yellow", Health.ILL: "bold red"}
MARK = {Health.WELL: "✓", Health.DOUBTFUL: "?", Health.ILL: "✗"}


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """
    Examine settings, knowledge, fonts, disk, database, clock, broker and topics.

    Each line says what was found and what to do about it. Nothing is changed. Ends with exit code
    1 if anything is ill: it does not work, or cannot be relied on.
    """
    found: list[Examined] = []
    with progress("examining") as done:
        for each in examine(settings_of(context)):
            found.append(each)
            done(1)
    if as_json:
        print_json([{name: getattr(each, name) for name in Examined.__slots__} for each in found])
    else:
        shown = table("", "what", "found", "what to do")
        for each in found:
            mark = Text(MARK[each.health], style=STYLE[each.health])
            shown.add_row(mark, each.what, each.found, each.advice)
        screen().print(shown)
    if any(each.health is Health.ILL for each in found):
        raise typer.Exit(ExitCode.FOUND)
