"""`safety dictionary queue`, `learn`, `withdraw`, `learned`: what people teach the dictionary."""

import csv
import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from consumers.dictionary_files import build_dictionary
from consumers.learned import KnowledgeOverTime, NotLearnableError, learn
from desk.cli.arguments import Json
from desk.cli.failures import UsageFault
from desk.cli.opening import knowledge_of, opened_store, settings_of
from desk.cli.screen import hint, print_json, screen, table
from safety.coding import Learned, code_verbatim, in_force
from safety.store.queries import uncoded_verbatims

COLUMNS = ("number", "action", "text", "term", "dictionary", "by", "at", "reason", "case_id")

Words = Annotated[str, typer.Argument(metavar="TEXT", help="What reporters write.")]
By = Annotated[str, typer.Option(metavar="NAME", help="Who decides: a name or number.")]
Reason = Annotated[str, typer.Option(help="Why.")]


def queue(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """
    List the verbatims that no term was found for, the commonest first, with the nearest terms.

    Code one with `dictionary learn` for all later messages, or one reaction of a case at the desk.
    """
    with opened_store(context) as store:
        with store.transaction() as transaction:
            knowledge = KnowledgeOverTime(knowledge_of(context)).refresh(transaction)
        found = uncoded_verbatims(store, limit=limit + 1)
    more, found = len(found) > limit, found[:limit]
    codings = [(each, code_verbatim(each.verbatim, knowledge.dictionary)) for each in found]
    if as_json:
        print_json(
            [
                {
                    "verbatim": each.verbatim,
                    "count": each.count,
                    "case": each.case_id,
                    "reason": coding.reason,
                    "codes_now": coding.term,
                    "runners_up": [
                        {"term": other.term, "code": other.code, "score": other.score}
                        for other in coding.runners_up
                    ],
                }
                for each, coding in codings
            ]
        )
        return
    shown = table("verbatim", "times", "a case", "nearest terms", right=("times",))
    for each, coding in codings:
        nearest = "; ".join(f"{other.term} {other.score:g}" for other in coding.runners_up)
        now = f"codes now: {coding.term}" if coding.term else nearest or "none"
        shown.add_row(each.verbatim, str(each.count), each.case_id, now)
    screen().print(shown)
    if more:
        hint(f"There are more than {limit}; see them with --limit.")


def learn_words(
    context: typer.Context,
    text: Words,
    term: Annotated[str, typer.Option(help="The term of the dictionary they stand for.")],
    by: By,
    reason: Reason,
) -> None:
    """
    Teach the dictionary that words stand for a term: messages that come later are coded so.

    Case versions keep what they were coded with, and a replay decides each message with what had
    been taught by then. A running consumer takes it up with its next batch.
    """
    entry = _teach(context, text, term, by, reason)
    screen().print(Text(f"Entry {entry.number}: {entry.text} stands for {entry.term}."))


def withdraw(context: typer.Context, text: Words, by: By, reason: Reason) -> None:
    """Take back words that were learned, for messages that come later."""
    entry = _teach(context, text, None, by, reason)
    screen().print(Text(f"Entry {entry.number}: {entry.text} stands for {entry.term} no more."))


def learned(
    context: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="All entries, withdrawn ones and withdrawals too.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: Json = False,
) -> None:
    """
    List what people taught the dictionary: words, term, who, when, why.

    An entry whose term the dictionary in force does not have is kept, and waits for one that has.
    """
    with opened_store(context) as store, store.transaction() as transaction:
        known = transaction.learned(after=0)
    entries = known if everything else tuple(in_force(known).values())
    if as_json:
        print_json([_told(entry) for entry in entries])
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(COLUMNS)
        writer.writerows([[_told(entry)[name] for name in COLUMNS] for entry in entries])
    else:
        dictionary = build_dictionary(settings_of(context))
        shown = table("no.", "words", "term", "by", "when", "why", right=("no.",))
        for entry in entries:
            term = Text(entry.term if entry.action == "learn" else f"not {entry.term}")
            if dictionary.find(entry.term) is None:
                term.append(" (not in this dictionary)", style="yellow")
            when = f"{entry.at:%Y-%m-%d %H:%M}"
            shown.add_row(str(entry.number), entry.text, term, entry.by, when, entry.reason)
        screen().print(shown)


def _teach(context: typer.Context, text: str, term: str | None, by: str, reason: str) -> Learned:
    dictionary = build_dictionary(settings_of(context))
    with opened_store(context) as store:
        try:
            return learn(store, dictionary, text, term, by=by, reason=reason, now=datetime.now(UTC))
        except NotLearnableError as error:
            raise UsageFault(str(error)) from None


def _told(entry: Learned) -> dict[str, Any]:
    told = {name: getattr(entry, name) for name in COLUMNS}
    return {**told, "action": entry.action.value, "at": entry.at.isoformat()}
