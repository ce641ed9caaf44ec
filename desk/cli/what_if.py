"""`safety what-if`: what would be due if the rules were other ones."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from consumers.dictionary_files import load_dictionary_at
from consumers.what_if import Asked, WhatIf, what_if
from desk.cli.arguments import Json, KnownAt, parse_day, parse_instant, save_file
from desk.cli.failures import ExitCode, UsageFault
from desk.cli.ledger import render_ledger
from desk.cli.opening import knowledge_of, opened_store
from desk.cli.rules import read_knowledge_file, read_rulebook
from desk.cli.screen import hint, print_json, progress, screen, table
from safety.deadlines import Obligation
from safety.deadlines.what_if import (
    DutyChange,
    DutyKind,
    freeze_rules,
    replace_dictionary,
    replace_label,
    replace_rulebook,
    require_labels,
)
from safety.expectedness import parse_reference_safety_information
from safety.knowledge import Knowledge
from safety.store.queries import case_ids

SHOWN = 50  # changes in the table; all are in the JSON


def what_if_rules(  # noqa: PLR0913, PLR0917 - what is other, and what is asked about
    context: typer.Context,
    rulebook: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A rulebook (TOML) in the place of the installed one of the same name.",
            show_default=False,
        ),
    ] = None,
    rsi: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Reference safety information (TOML) in the place of that of its region; may be"
            " given more than once.",
            show_default=False,
        ),
    ] = None,
    dictionary: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Code verbatims to the licensed release in this folder.",
            show_default=False,
        ),
    ] = None,
    under_rules_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Decide the whole history by the rules in force that day.",
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Only duties with a day zero from then on.", show_default=False
        ),
    ] = None,
    study: Annotated[
        str | None, typer.Option(help="Only cases of this study.", show_default=False)
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="What was due before this day and is not sent would be late; today (UTC) unless"
            " given.",
            show_default=False,
        ),
    ] = None,
    known_at: KnownAt = None,
    ledger: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Write every duty by both sides there, also those that do not change: who is told"
            " what, by when, under which rule.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    Decide the stored history by other rules, labels or terms and list what would change.

    Shows who would have to be told of what how often, and each duty that is made, lifted or moved,
    from which date to which, those that would already be late first. Nothing is written. Exit code
    0: nothing changes; 1: something does; 2: wrong usage; 4: a faulty file; 5: a file that cannot
    be read.
    """
    if rulebook is None and under_rules_of is None and not rsi and dictionary is None:
        raise UsageFault(
            "say what is other: --rulebook FILE, --under-rules-of DATE, --rsi FILE, --dictionary"
            " DIR, or several of them"
        )
    installed = knowledge_of(context)
    other = _relabelled(_other(installed, rulebook, under_rules_of), rsi or (), dictionary)
    asked = Asked(
        today=parse_day(as_of) or datetime.now(UTC).date(),
        since=parse_day(since),
        study=_study(installed, study),
        as_known_at=parse_instant(known_at),
    )
    changes: list[DutyChange] = []
    same: list[DutyChange] = []
    with opened_store(context) as store:
        total = sum(1 for _ in case_ids(store))
        with progress("deciding cases", total) as done:
            result = what_if(
                store,
                installed,
                other,
                asked,
                on_change=changes.append,
                on_same=None if ledger is None else same.append,
                on_case=lambda: done(1),
            )
    if ledger is not None:
        save_file(ledger, render_ledger([*changes, *same]).encode())
    changes.sort(key=lambda change: -change.days_late)  # stable: the order of cases stays
    if as_json:
        print_json(_as_json(result, changes))
    else:
        _show(result, changes)
    if changes:
        raise typer.Exit(ExitCode.FOUND)


def _other(installed: Knowledge, rulebook: Path | None, day: str | None) -> Knowledge:
    other = installed
    if rulebook is not None:
        book = read_rulebook(rulebook)
        known = [old.name for old in installed.rulebooks]
        if book.name not in known:
            raise UsageFault(f"{rulebook.name} is of no rulebook that is installed: {known}")
        other = replace_rulebook(other, book)
    law = parse_day(day)
    return other if law is None else freeze_rules(other, law)


def _relabelled(other: Knowledge, rsi: Sequence[Path], dictionary: Path | None) -> Knowledge:
    for file in rsi:
        label = parse_reference_safety_information(read_knowledge_file(file), file.name)
        other = replace_label(other, label)
    if dictionary is not None:
        other = replace_dictionary(other, load_dictionary_at(dictionary))
    require_labels(other)
    return other


def _study(installed: Knowledge, asked: str | None) -> str | None:
    if asked is None:
        return None
    found = installed.study(asked)
    if found is None:
        known = ", ".join(each.study_id for each in installed.studies)
        raise UsageFault(f"there is no profile of study {asked}; there are {known}")
    return found.study_id


def _show(result: WhatIf, changes: list[DutyChange]) -> None:
    counts = table(
        "who is told",
        "duty",
        "installed",
        "within days",
        "other",
        "within",
        right=("installed", "other"),
    )
    for kind in _kinds(result):
        (authority, recipient, duty) = kind
        cells = [_count(side, kind) for side in (result.before, result.after)]
        told = [f"{authority} {recipient}", duty.value.replace("_", " ")]
        counts.add_row(*told, *(text for cell in cells for text in cell))
    console = screen()
    console.print(counts)
    if changes:
        shown = table("case", "who is told", "duty", "was due", "is due", "rules", "late")
        for change in changes[:SHOWN]:
            authority, recipient, duty = change.kind
            shown.add_row(
                change.case_id,
                f"{authority} {recipient}",
                duty.value.replace("_", " "),
                _due(change.before),
                _due(change.after),
                " to ".join(
                    each.rule_id if each else "-" for each in (change.before, change.after)
                ),
                f"{change.days_late} days" if change.late else "",
            )
        console.print(shown)
    console.print(
        f"{result.cases:,} cases decided twice: {result.changed:,} would change,"
        f" {len(changes):,} duties, of which {result.late:,} would already be late."
    )
    if any(not side.decided for each in changes for side in (each.before, each.after) if side):
        hint("? means conservative: a fact is missing, and the duty is held until it is known.")
    if len(changes) > SHOWN:
        hint(f"There are more than {SHOWN} changes; see them all with --json.")


def _kinds(result: WhatIf) -> list[DutyKind]:
    return sorted({kind for side in (result.before, result.after) for kind, _ in side})


def _count(side: Counter[tuple[DutyKind, int]], wanted: DutyKind) -> tuple[str, str]:
    """Give the number of duties of a kind, and their limits in days."""
    days = {limit: number for (kind, limit), number in side.items() if kind == wanted}
    return f"{sum(days.values()):,}", ", ".join(str(limit) for limit in sorted(days)) or "-"


def _due(duty: Obligation | None) -> str:
    if duty is None:
        return "-"
    return f"{duty.due}" if duty.decided else f"{duty.due} ?"


def _as_json(result: WhatIf, changes: list[DutyChange]) -> dict[str, Any]:
    return {
        "cases": result.cases,
        "changed": result.changed,
        "late": result.late,
        "duties": [
            {
                "authority": kind[0],
                "recipient": kind[1],
                "duty": kind[2].value,
                "installed": {
                    str(d): n for (k, d), n in sorted(result.before.items()) if k == kind
                },
                "other": {str(d): n for (k, d), n in sorted(result.after.items()) if k == kind},
            }
            for kind in _kinds(result)
        ],
        "changes": [
            {
                "case": change.case_id,
                "authority": change.kind[0],
                "recipient": change.kind[1],
                "duty": change.kind[2].value,
                "from": _side(change.before),
                "to": _side(change.after),
                "late": change.late,
                "days_late": change.days_late,
            }
            for change in changes
        ],
    }


def _side(duty: Obligation | None) -> dict[str, Any] | None:
    if duty is None:
        return None
    return {
        "rule": duty.rule_id,
        "provision": duty.provision,
        "day_zero": duty.day_zero,
        "due": duty.due,
        "decided": duty.decided,
    }
