"""
The pages of the manual that are written from the software: commands, settings, exit codes, rules.

The commands are read from the command tree itself, so a page cannot show an option
that does not exist, nor lack one that does.
"""

import inspect
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args

from pydantic.fields import FieldInfo
from typer.core import TyperArgument, TyperGroup
from typer.main import get_command

from consumers.settings import Settings
from desk.cli.app import PROGRAM, app
from desk.cli.failures import MEANING
from desk.cli.rules import EVIDENCE, asks, in_force_text
from desk.cli.trace_view import LAWYER
from safety.rulebooks import Rule, Rulebook, load_rulebooks
from schemas.errors import Reason

WRITTEN = "Written by `python -m desk.cli.generate`; do not edit."

_COMMANDS = f"""\
# Commands

{WRITTEN} `{PROGRAM} COMMAND --help` shows the same.

What the exit codes mean is in [exit codes](exit-codes.md); what may be set from outside in
[settings](settings.md)."""

_SETTINGS = f"""\
# Settings

{WRITTEN} Settings are read once, when a command starts; `{PROGRAM} settings` prints those in force,
with secrets masked. A setting comes from the command line where it has an option, else from the
environment, else from a file of the same name in the folder that `SAFETY_SECRETS_DIR` names, else
from its default."""

_EXIT_CODES = f"""\
# Exit codes and reasons for quarantine

{WRITTEN}

## Exit codes

An error is one sentence on stderr: what is wrong, where, what to do. It holds no patient data."""

_REASONS = """\
## Reasons for quarantine

A message that breaks its contract is stored as received, with one of these reasons, the path of the
field and advice. The rest of its batch goes through."""

_RULEBOOKS = f"""\
# Rulebooks

{WRITTEN} The rows are in `safety/rulebooks/*.toml`. Days are calendar days; day zero is not
counted, and the due day itself is on time. This software is not legal advice: a qualified person
signs off the rows before anybody relies on them.

## How far a row was checked
"""

_LAWYER = """\
## What needs a lawyer

Before anybody relies on them in production:"""

# What is not a row but was decided without a source that could be read.
_OPEN = """\
- FDA: that the report of a downgrade still goes out inside the 15 days (from memory, medium
  confidence).
- FDA: whether a due date on a weekend may roll to the next working day (from memory, low
  confidence); it does not here, for any authority."""

REASONS: dict[Reason, str] = {
    Reason.NOT_JSON: "The value is not JSON.",
    Reason.NOT_UTF8: "The text is not UTF-8.",
    Reason.TRUNCATED: "The JSON text ends too early.",
    Reason.TOO_LARGE: "The message has more bytes than its contract allows.",
    Reason.TOO_DEEP: "The JSON is nested too deeply.",
    Reason.EMPTY: "The record has no value.",
    Reason.NOT_AN_ENVELOPE: "The JSON is no CloudEvents event.",
    Reason.UNKNOWN_TYPE: "The topic carries no message of this type.",
    Reason.UNKNOWN_FIELD: "The contract has no such field.",
    Reason.MISSING_FIELD: "A required field is absent.",
    Reason.INVALID_VALUE: "A field holds what it may not hold.",
    Reason.NAIVE_TIME: "An instant has no UTC offset.",
    Reason.UNKNOWN_COUNTRY: "A country is not an ISO 3166-1 alpha-2 code.",
    Reason.WRONG_TOPIC: "The message belongs on another topic.",
    Reason.UNKNOWN_SOURCE: "The producer is not on the list `SAFETY_SOURCES`.",
    Reason.SUBJECT_MISMATCH: "Subject, key and data name different cases.",
    Reason.ID_REUSED: "A message with this source and id, but other content, was accepted before.",
    Reason.FUTURE_AWARENESS: "It claims to have been received or known in the future.",
    Reason.MERGE_REFUSED: "The case to merge into is itself, unknown, void or merged.",
    Reason.NOT_XML: "The file is not well-formed XML.",
    Reason.FORBIDDEN_XML: "The XML has a document type or entities, which are not read.",
    Reason.NOT_AN_ICSR: "The XML is no E2B(R3) batch of ICSRs.",
    Reason.XSD_INVALID: "The ICSR is not valid against the ICH schema that was set.",
    Reason.UNUSABLE_ICSR: "The ICSR lacks what any case needs, such as its identifier.",
    Reason.NOT_AN_ACKNOWLEDGEMENT: "The XML is no usable ICH acknowledgement.",
    Reason.UNKNOWN_TRANSMISSION: "It acknowledges a batch or message that was not sent from here.",
}


def render_commands() -> str:
    """Write the page of all commands, with every argument and option."""
    return _page([_COMMANDS, *_command(PROGRAM, get_command(app), level=2)])


def render_settings() -> str:
    """Write the page of all settings."""
    parts = [_SETTINGS]
    for name, field in Settings.model_fields.items():
        parts += [f"## SAFETY_{name.upper()}", field.description or "", _setting(field)]
    return _page(parts)


def render_exit_codes() -> str:
    """Write the page of exit codes and of the reasons for quarantine."""
    codes = [[f"`{code.value}`", code.name.lower(), says] for code, says in MEANING.items()]
    reasons = [[f"`{reason.value}`", says] for reason, says in REASONS.items()]
    return _page(
        [
            _EXIT_CODES,
            _table(["code", "name", "meaning"], codes),
            _REASONS,
            _table(["reason", "meaning"], reasons),
        ]
    )


def render_rulebooks() -> str:
    """Write the page of all rules, and of what waits for a lawyer."""
    books = load_rulebooks()
    tags = [[f"`{tag}`", says] for tag, says in EVIDENCE.items()]
    parts = [_RULEBOOKS + "\n" + _table(["tag", "meaning"], tags), _LAWYER, _waiting(books)]
    for book in books:
        parts += [f"## {book.name}", _book(book)]
        for rule in book.rules:
            parts += [f"### {rule.rule_id}", _rule(rule)]
        if book.others:
            parts += [f"### {book.name}: duties that no single case makes", _others(book)]
    return _page(parts)


def _others(book: Rulebook) -> str:
    rows = [
        [each.duty_id, each.what, each.within, each.recipient, each.provision, f"`{each.evidence}`"]
        for each in book.others
    ]
    table = _table(["duty", "what", "within", "to", "provision", "tag"], rows)
    return f"No clock here starts them: a person must see to them.\n\n{table}"


def command_names() -> Iterator[str]:
    """Give every command as it is typed, groups included."""
    yield from (name for name, _ in _walk(PROGRAM, get_command(app)))


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - Typer's own
    yield name, command
    if isinstance(command, TyperGroup):
        for child, found in command.commands.items():
            yield from _walk(f"{name} {child}", found)


def _command(name: str, command: Any, *, level: int) -> Iterator[str]:  # noqa: ANN401
    yield f"{'#' * level} {name}"
    yield _paragraphs(command.help or "")
    arguments = [p for p in command.params if isinstance(p, TyperArgument)]
    options = [p for p in command.params if not isinstance(p, TyperArgument)]
    if isinstance(command, TyperGroup):
        yield f"```\n{name} COMMAND ...\n```"
    else:
        usage = [name, *(["[OPTIONS]"] if options else []), *(_metavar(p) for p in arguments)]
        yield f"```\n{' '.join(usage)}\n```"
    if arguments or options:
        rows = [_parameter(parameter) for parameter in (*arguments, *options)]
        yield _table(["argument or option", "what", "default"], rows)
    if isinstance(command, TyperGroup):
        for child, found in command.commands.items():
            yield from _command(f"{name} {child}", found, level=min(level + 1, 4))


def _parameter(parameter: Any) -> list[str]:  # noqa: ANN401
    says = parameter.help or ""
    if isinstance(parameter, TyperArgument):
        return [f"`{_metavar(parameter)}`", says, "required" if parameter.required else ""]
    names = ", ".join(parameter.opts)
    if not parameter.is_flag:
        names = f"{names} {_metavar(parameter)}"
    shown = parameter.show_default and not parameter.is_flag and parameter.default is not None
    default = f"`{parameter.default}`" if shown else ("required" if parameter.required else "")
    return [f"`{names}`", says, default]


def _metavar(parameter: Any) -> str:  # noqa: ANN401
    if parameter.metavar:
        return str(parameter.metavar)
    is_number = isinstance(parameter.default, int | float)
    return "NUMBER" if is_number else str(parameter.name).upper()


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n"))


def _setting(field: FieldInfo) -> str:
    default = field.get_default()
    shown = getattr(default, "get_secret_value", lambda: default)()
    choices = [str(each) for each in get_args(field.annotation) if isinstance(each, str)]
    limits = [
        f"{text} {getattr(limit, name)}"
        for limit in field.metadata
        for name, text in (("ge", "at least"), ("gt", "more than"), ("le", "at most"))
        if hasattr(limit, name)
    ]
    lines = [f"- Default: `{shown}`" if shown is not None else "- Default: none"]
    if choices:
        lines.append("- One of " + ", ".join(f"`{choice}`" for choice in choices))
    if limits:
        lines.append(f"- {', '.join(limits).capitalize()}")
    return "\n".join(lines)


def _waiting(books: Iterable[Rulebook]) -> str:
    rows = [
        f"[{rule.rule_id}](#{rule.rule_id.lower()}): {rule.provision} (`{rule.evidence}`)."
        for book in books
        for rule in book.rules
        if rule.evidence in LAWYER
    ]
    none = [] if rows else ["No row of a rulebook is tagged `M-med` or `M-low`."]
    return "\n".join([*(f"- {each}" for each in (*rows, *none)), _OPEN])


def _book(book: Rulebook) -> str:
    downgrade = "the limit of the new category" if book.downgrade_days == "new" else "the old limit"
    return (
        f"Edition {book.version}. Expectedness is judged by the label of {book.label}. Cases from"
        f" {', '.join(sorted(book.home))} are domestic. At a downgrade, {downgrade} applies once"
        " more."
    )


def _rule(rule: Rule) -> str:
    rows = [
        ["Provision", rule.provision],
        ["Evidence", f"`{rule.evidence}`"],
        ["In force", in_force_text(rule)],
        ["Contexts", ", ".join(sorted(rule.contexts))],
        ["Asks for", asks(rule)],
        ["Report to", ", ".join(rule.recipients)],
        ["Within", f"{rule.days} calendar days"],
        ["Clock", rule.clock.value.replace("_", " ")],
        ["Follow-up", f"{rule.followup_days} calendar days. {rule.followup_note}".strip()],
    ]
    if rule.complete_after_days is not None:
        rows.append(["Complete report", f"{rule.complete_after_days} days after that"])
    if rule.investigation_days is not None:
        rows.append(["Investigation report", f"{rule.investigation_days} days from day zero"])
    if rule.hard_stop_days is not None:
        rows.append(["Outer limit", f"{rule.hard_stop_days} days"])
    if rule.note:
        rows.append(["Note", rule.note])
    return _table(["", ""], rows)


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
