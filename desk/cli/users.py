"""`safety user`: who may work at the desk."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

import typer

from desk.cli.failures import UsageFault
from desk.cli.opening import opened_store, settings_of
from desk.cli.screen import screen, table
from safety.store.audit import note_act
from safety.store.people import Role, UserError, add_user, change_user, list_users

app = typer.Typer(
    no_args_is_help=True,
    help="Say who may work at the desk. The first administrator is made here; no password is"
    " set in advance.",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name to sign in with.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="File whose first line is the password; else SAFETY_NEW_PASSWORD, else you are asked.",
        show_default=False,
    ),
]
BY = "command line"


@app.command("add")
def add(
    context: typer.Context,
    name: Name,
    role: Annotated[Role, typer.Option(help="What the person is at the desk.")],
    full_name: Annotated[
        str | None, typer.Option(help="As it stands under signatures.", show_default=False)
    ] = None,
    zone: Annotated[str, typer.Option(metavar="ZONE", help="IANA zone of the office.")] = "UTC",
    language: Annotated[str, typer.Option(help="Language of the desk: en or zh.")] = "en",
    password_file: PasswordFile = None,
) -> None:
    """
    Add a person to the desk.

    A viewer looks; a case processor takes cases on, codes and corrects; a medical reviewer judges;
    an approver approves, signs and locks; an administrator looks after users and reads.
    """
    if zone not in available_timezones():
        raise UsageFault(f"there is no time zone {zone}; write it as Asia/Shanghai")
    if language not in {"en", "zh"}:
        raise UsageFault(f"the desk does not speak {language}; it speaks en and zh")
    hashed = _hashed(context, name, password_file)
    now = datetime.now(UTC)
    with opened_store(context) as store:
        try:
            add_user(
                store,
                name,
                role,
                password_hash=hashed,
                now=now,
                full_name=full_name,
                zone=zone,
                language=language,
            )
        except UserError as error:
            raise UsageFault(str(error)) from None
        note_act(store, BY, "user_added", now=now, name=name, role=role.value)
    screen().print(f"{name} may sign in as {role.value}.")


@app.command("password")
def password(context: typer.Context, name: Name, password_file: PasswordFile = None) -> None:
    """Give a person a new password; their sessions end, and wrong tries are forgotten."""
    hashed = _hashed(context, name, password_file)
    _change(context, name, "password_given", password_hash=hashed, failures=0, failed_at=None)
    screen().print(f"{name} has a new password.")


@app.command("role")
def role(
    context: typer.Context,
    name: Name,
    role: Annotated[Role, typer.Option(help="What the person is now.")],
) -> None:
    """Change what a person is at the desk; their sessions end."""
    _change(context, name, "role_changed", role=role.value)
    screen().print(f"{name} is {role.value} now.")


@app.command("disable")
def disable(context: typer.Context, name: Name) -> None:
    """Let a person in no more; what they did stays on record."""
    _change(context, name, "user_disabled", active=False)
    screen().print(f"{name} may not sign in any more.")


@app.command("enable")
def enable(context: typer.Context, name: Name) -> None:
    """Let a person in again."""
    _change(context, name, "user_enabled", active=True)
    screen().print(f"{name} may sign in again.")


@app.command("list")
def list_all(context: typer.Context) -> None:
    """List the people of the desk."""
    with opened_store(context) as store:
        found = list_users(store)
    shown = table("name", "full name", "role", "zone", "language", "may sign in")
    for user in found:
        shown.add_row(
            user.name,
            user.full_name,
            user.role.value,
            user.zone,
            user.language,
            "yes" if user.active else "no",
        )
    screen().print(shown)


def _change(context: typer.Context, name: str, act: str, **changes: object) -> None:
    now = datetime.now(UTC)
    with opened_store(context) as store:
        try:
            change_user(store, name, **changes)
        except UserError as error:
            raise UsageFault(str(error)) from None
        note_act(store, BY, act, now=now, name=name, role=changes.get("role"))


def _hashed(context: typer.Context, name: str, password_file: Path | None) -> str:
    """Get a password and give what is kept of it."""
    from desk.web.passwords import fault_of, hash_password  # noqa: PLC0415 - an optional package

    told = settings_of(context).new_password
    if password_file is not None:
        try:
            chosen = password_file.read_text(encoding="utf-8").partition("\n")[0]
        except (OSError, UnicodeDecodeError):
            raise UsageFault(f"{password_file} cannot be read") from None
    elif told is not None:
        chosen = told.get_secret_value()
    else:
        chosen = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if fault := fault_of(chosen, name):
        raise UsageFault(fault)
    return hash_password(chosen)
