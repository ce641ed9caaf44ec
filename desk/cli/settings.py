"""`safety settings`: what is in force, with secrets masked."""

from typing import Any

import typer
from pydantic import SecretStr
from rich.text import Text
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from consumers.settings import Settings
from desk.cli.arguments import Json
from desk.cli.opening import settings_of
from desk.cli.screen import print_json, screen, table

MASK = "********"


def show_settings(context: typer.Context, as_json: Json = False) -> None:
    """
    Print every setting in force, with its variable; passwords are masked.

    A setting comes from the command line, else the environment, else a file of its name in the
    folder SAFETY_SECRETS_DIR, else its default.
    """
    settings = settings_of(context)
    values = {name: _shown(name, getattr(settings, name)) for name in Settings.model_fields}
    if as_json:
        print_json(values)
        return
    shown = table("variable", "value", "what it is")
    for name, value in values.items():
        description = Settings.model_fields[name].description or ""
        chosen = name in settings.model_fields_set
        shown.add_row(
            f"SAFETY_{name.upper()}",
            Text("-" if value is None else str(value), style="bold" if chosen else ""),
            description,
        )
    screen().print(shown)


def _shown(name: str, value: object) -> Any:  # noqa: ANN401 - a setting is of any type
    if not isinstance(value, SecretStr):
        return value
    if name == "database_url":
        try:
            url = make_url(value.get_secret_value()).difference_update_query(["password"])
            return url.render_as_string(hide_password=True)
        except ArgumentError:
            return MASK
    return MASK
