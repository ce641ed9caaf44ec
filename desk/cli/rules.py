"""`safety rules`: the law as it is built in, to be read and checked."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from consumers.input_files import InputFileError
from desk.cli.arguments import Json, parse_day
from desk.cli.failures import UsageFault
from desk.cli.screen import hint, print_json, screen, table
from desk.cli.trace_view import LAWYER
from safety.knowledge import LABEL_REGIONS
from safety.rulebooks import OtherDuty, Rule, Rulebook, load_rulebooks
from safety.rulebooks.load import parse_rulebook
from safety.rulebooks.model import Criteria

app = typer.Typer(
    no_args_is_help=True,
    help="Read and check the rulebooks: who must be told of what, by which article.",
)

EVIDENCE = {
    "V": "The provision itself was read.",
    "V2": "A reliable secondary source was read.",
    "M-high": "Stated from memory, with high confidence; to be read in the source.",
    "M-med": "Stated from memory, with medium confidence; a lawyer must read it first.",
    "M-low": "Stated from memory, with low confidence; a lawyer must read it first.",
}


@app.command("list")
def list_rules(
    authority: Annotated[
        str | None, typer.Option(help="Only this rulebook, such as EMA.", show_default=False)
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only rules in force that day.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    List the rules: for which reports, to whom, within how many days, by which provision.

    Editions stand side by side: a rule that was replaced is listed with its last day.
    """
    day = parse_day(on)
    rules = [
        rule
        for book in _books(authority)
        for rule in book.rules
        if day is None or rule.in_force(day)
    ]
    if as_json:
        print_json([rule_json(rule) for rule in rules])
        return
    shown = table("rule", "days", "to", "contexts", "in force", "evidence", "provision")
    for rule in rules:
        shown.add_row(
            Text(rule.rule_id, style="bold"),
            str(rule.days),
            "\n".join(rule.recipients),
            "\n".join(sorted(rule.contexts)),
            in_force_text(rule),
            rule.evidence,
            rule.provision,
        )
    screen().print(shown)


@app.command("show")
def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="RULE", help="Its id, such as EU-4.")],
    as_json: Json = False,
) -> None:
    """Show all of one rule: what it asks for, its clocks, its source, how far it was checked."""
    found = [rule for book in _books(None) for rule in book.rules if rule.rule_id == rule_id]
    if not found:
        raise UsageFault(f"there is no rule {rule_id}; see: safety rules list")
    if as_json:
        print_json(rule_json(found[0]))
    else:
        screen().print(_rule_table(found[0]))


@app.command("others")
def list_others(
    authority: Annotated[
        str | None, typer.Option(help="Only this rulebook, such as EMA.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """
    List the duties that no single case makes, so that no clock here starts them.

    A person must see to them: signals, clusters, periodic reports, what investigators owe sponsors.
    """
    others = [other for book in _books(authority) for other in book.others]
    if as_json:
        print_json([other_json(other) for other in others])
        return
    shown = table("duty", "what", "within", "to", "evidence", "provision")
    for other in others:
        shown.add_row(
            Text(other.duty_id, style="bold"),
            other.what,
            other.within,
            other.recipient,
            other.evidence,
            other.provision,
        )
    screen().print(shown)


@app.command("check")
def check_rules(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="A rulebook of your own, in the place of those built in."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    Load every rulebook with all its checks, and list the rows that a lawyer should read first.

    Refused are unknown fields, duplicates, overlaps and gaps in time, and rows that can never
    decide. A faulty file ends with exit code 4; rows that only wait for a lawyer are no fault.
    """
    books = _books(None) if file is None else [read_rulebook(file)]
    for book in books:
        if book.label not in LABEL_REGIONS:
            hint(f"{book.name}: label {book.label} is not built in; what-if needs it as --rsi.")
    waiting = [rule for book in books for rule in book.rules if rule.evidence in LAWYER]
    if as_json:
        print_json(
            {
                "rulebooks": {book.name: book.version for book in books},
                "rules": sum(len(book.rules) for book in books),
                "needs_a_lawyer": [rule.rule_id for rule in waiting],
            }
        )
        return
    shown = table("rulebook", "edition", "rules", "digest", *EVIDENCE, right=("rules", *EVIDENCE))
    for book in books:
        counts = [sum(rule.evidence == tag for rule in book.rules) for tag in EVIDENCE]
        shown.add_row(
            book.name, book.version, str(len(book.rules)), book.digest[:16], *map(str, counts)
        )
    console = screen()
    console.print(shown)
    if waiting:
        console.print(Text("A lawyer should read these rows before anybody relies on them:"))
        for rule in waiting:
            console.print(f"  {rule.rule_id}  [{rule.evidence}]  {rule.provision}")


def read_rulebook(file: Path) -> Rulebook:
    """
    Read a rulebook that is not built in.

    Raises:
        InputFileError: The file cannot be read.
        KnowledgeError: It is no rulebook, or a faulty one.
    """
    return parse_rulebook(read_knowledge_file(file), file.name)


def read_knowledge_file(file: Path) -> bytes:
    """
    Read a file of rows that is not built in.

    Raises:
        InputFileError: The file cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError:
        raise InputFileError(f"{file} cannot be read; check path and rights") from None


def asks(rule: Rule) -> str:
    """Say in words what a rule asks of a reaction."""
    wanted = [_criteria(rule.criteria)]
    if rule.any_of:
        wanted.append("(" + " or ".join(_criteria(one) for one in rule.any_of) + ")")
    if rule.related.value != "not_used":
        wanted.append(f"related ({rule.related.value.replace('_', ' ')})")
    if rule.origin != "any":
        wanted.append(f"origin {rule.origin.replace('_', '-')}")
    if rule.only_when_it_became:
        wanted.append("with this report it became so")
    return ", ".join(part for part in wanted if part)


def in_force_text(rule: Rule) -> str:
    """Say when a rule is law."""
    since = "always" if rule.valid_from == date.min else f"from {rule.valid_from}"
    return since if rule.valid_to == date.max else f"{since} to {rule.valid_to}"


def rule_json(rule: Rule) -> dict[str, Any]:
    """Give a rule for machines."""
    return {
        "rule": rule.rule_id,
        "authority": rule.authority,
        "contexts": sorted(rule.contexts),
        "asks": asks(rule),
        "days": rule.days,
        "clock": rule.clock.value,
        "recipients": list(rule.recipients),
        "followup_days": rule.followup_days,
        "complete_after_days": rule.complete_after_days,
        "investigation_days": rule.investigation_days,
        "hard_stop_days": rule.hard_stop_days,
        "valid_from": None if rule.valid_from == date.min else rule.valid_from,
        "valid_to": None if rule.valid_to == date.max else rule.valid_to,
        "provision": rule.provision,
        "evidence": rule.evidence,
        "note": rule.note or None,
    }


def other_json(other: OtherDuty) -> dict[str, Any]:
    """Give a duty that no single case makes for machines."""
    return {
        "duty": other.duty_id,
        "authority": other.authority,
        "what": other.what,
        "within": other.within,
        "recipient": other.recipient,
        "provision": other.provision,
        "evidence": other.evidence,
        "valid_from": None if other.valid_from == date.min else other.valid_from,
        "valid_to": None if other.valid_to == date.max else other.valid_to,
    }


def _books(authority: str | None) -> list[Rulebook]:
    books = [book for book in load_rulebooks() if authority in {None, book.name}]
    if not books:
        known = ", ".join(book.name for book in load_rulebooks())
        raise UsageFault(f"there is no rulebook {authority}; there are {known}")
    return books


def _criteria(criteria: Criteria) -> str:
    named = {
        "serious": criteria.serious,
        "unexpected": criteria.unexpected,
        "fatal": criteria.fatal,
        "fatal or life-threatening": criteria.fatal_or_life_threatening,
    }
    return ", ".join(
        name if wanted else f"not {name}" for name, wanted in named.items() if wanted is not None
    )


def _rule_table(rule: Rule) -> Table:
    shown = Table.grid(padding=(0, 2))
    lines = {
        "rule": f"{rule.rule_id} of {rule.authority}",
        "provision": rule.provision,
        "evidence": f"{rule.evidence}. {EVIDENCE[rule.evidence]}",
        "in force": in_force_text(rule),
        "contexts": ", ".join(sorted(rule.contexts)),
        "asks for": asks(rule),
        "report to": ", ".join(rule.recipients),
        "within": f"{rule.days} calendar days of day zero",
        "clock": rule.clock.value.replace("_", " "),
        "complete report": _days(rule.complete_after_days, "days after that"),
        "investigation": _days(rule.investigation_days, "days from day zero"),
        "outer limit": _days(rule.hard_stop_days, "days"),
        "follow-up": f"{rule.followup_days} days. {rule.followup_note}".strip(),
        "note": rule.note,
    }
    for name, text in lines.items():
        if text:
            shown.add_row(Text(name, style="bold"), text)
    return shown


def _days(days: int | None, unit: str) -> str:
    return "" if days is None else f"{days} {unit}"
