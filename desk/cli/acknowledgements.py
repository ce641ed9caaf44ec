"""`safety ack` and `transmissions`: what was sent, and what its receivers said."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from consumers.printable import printable
from consumers.take_acknowledgement import Taken, take_acknowledgement
from desk.cli.arguments import Json
from desk.cli.failures import ExitCode
from desk.cli.opening import knowledge_of, opened_store
from desk.cli.screen import hint, print_json, screen, table
from safety.store.transmissions import SentMessage, sent_messages

WAITING = "waiting"


def ack(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Acknowledgements, as received.")
    ],
    as_json: Json = False,
) -> None:
    """
    Take in acknowledgements of E2B(R3) batches, and settle the duties they are about.

    Accepted reports count as acknowledged; a rejected one opens its duty again, with the
    receiver's words and an alert. What fits no batch sent from here goes to quarantine. The same
    acknowledgement again changes nothing. Ends with 1 if a report was rejected or a file parked.
    """
    with opened_store(context) as store:
        knowledge = knowledge_of(context)
        taken = [take_acknowledgement(store, knowledge, file) for file in files]
    if as_json:
        print_json([_taken_json(one) for one in taken])
    else:
        for one in taken:
            _show(one)
    if any(one.tally.quarantined for one in taken):
        hint("What is in quarantine and why: safety quarantine list")
    rejected = any(m.answer and not m.answer.accepted for one in taken for m in one.messages)
    if rejected or any(one.tally.quarantined for one in taken):
        raise typer.Exit(ExitCode.FOUND)


def transmissions(
    context: typer.Context,
    case_id: Annotated[
        str | None, typer.Option("--case", help="Only about this case.", show_default=False)
    ] = None,
    batch: Annotated[
        str | None, typer.Option(help="Only in this batch.", show_default=False)
    ] = None,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Only what is not answered yet.")
    ] = False,
    as_json: Json = False,
) -> None:
    """
    List what was sent: batch, case, version, receiver, and what the receiver answered.

    The receiver's words are shown with --json.
    """
    with opened_store(context) as store:
        found = sent_messages(store, case_id=case_id, batch=batch)
    found = [one for one in found if not waiting or one.answer is None]
    if as_json:
        print_json([_sent_json(one) for one in found])
        return
    shown = table("sent", "to", "case", "version", "answer", "batch", right=("version",))
    for one in found:
        shown.add_row(
            f"{one.at:%Y-%m-%d %H:%M}",
            f"{one.receiver} (test)" if one.is_test else one.receiver,
            one.case_id,
            str(one.told_version),
            spoken_answer(one),
            one.batch,
        )
    screen().print(shown)


def spoken_answer(sent: SentMessage) -> str:
    """Say in a word or two how a message stands."""
    if sent.answer is None:
        return WAITING
    return f"{'accepted' if sent.answer.accepted else 'rejected'} ({sent.answer.code})"


def _show(taken: Taken) -> None:
    tally = taken.tally
    what = f"batch {taken.batch}" if taken.batch is not None else "no batch"
    counted = f"{tally.accepted} new, {tally.repeated} repeated, {tally.quarantined} in quarantine"
    _line(f"{taken.file}: {what}: {counted}")
    for reason, count in sorted(tally.reasons.items()):
        _line(f"  in quarantine: {count} {reason.replace('_', ' ')}")
    for one in taken.messages:
        _line(f"  {one.case_id}: {spoken_answer(one)}")
        for words in one.answer.errors if one.answer is not None else ():
            _line(f"    {words}")


def _line(text: str) -> None:
    screen().print(Text(printable(text)), soft_wrap=True)


def _taken_json(taken: Taken) -> dict[str, Any]:
    tally = taken.tally
    return {
        "file": str(taken.file),
        "batch": taken.batch,
        "new": tally.accepted,
        "repeated": tally.repeated,
        "quarantined": tally.quarantined,
        "reasons": tally.reasons,
        "messages": [_sent_json(one) for one in taken.messages],
    }


def _sent_json(sent: SentMessage) -> dict[str, Any]:
    answer = sent.answer
    return {
        "batch": sent.batch,
        "case": sent.case_id,
        "message": sent.number,
        "worldwide": sent.worldwide,
        "profile": sent.profile,
        "receiver": sent.receiver,
        "version": sent.told_version,
        "digest": sent.digest,
        "at": sent.at.isoformat(),
        "by": sent.by,
        "test": sent.is_test,
        "duties": [duty["obligation_id"] for duty in sent.duties],
        "documents": list(sent.documents),
        "answer": None
        if answer is None
        else {
            "accepted": answer.accepted,
            "code": answer.code,
            "at": answer.at.isoformat(),
            "sender": answer.sender,
            "reference": answer.reference,
            "texts": list(answer.errors),
        },
    }
