"""
What became of a file: the same file, the same case, a follow-up, a duplicate, a void case, no case.

Six files about one case, as an office takes them in; each outcome is another one, and stands in the
history of the case or, where there is none, in quarantine.
"""

import re
from pathlib import Path

from tests.unit.desk.cli.conftest import EXAMPLES, Call

ICSRS = EXAMPLES / "icsr"
CASE, OTHER = "CN-EXAMPLE-16621-0001", "CN-OTHER-77"
INITIAL = (ICSRS / "study-initial.xml").read_text()
BATCH = "EXAMPLECN-20140513-0001"
VOID = "DE-EXAMPLE-2025-000131"  # the case of the packaged nullification


def taken(call: Call, folder: Path, text: str) -> tuple[int, int, int]:
    """Take a file in; give how many messages were accepted, repeated, parked."""
    file = folder / "one.xml"
    file.write_text(text)
    counted = call("process", file, "--json").json["topics"]["pv.icsr"]
    return counted["accepted"], counted["repeated"], counted["quarantined"]


def history(call: Call, case_id: str) -> list[str]:
    """Give what the history of a case says of each version, without its instants."""
    shown = call("case", "history", case_id).out
    return [part.split("\n", 1)[1] for part in re.split(r"(?m)^\S+   version \d+", shown)[1:]]


def test_each_file_has_an_outcome_of_its_own(work: Call, tmp_path: Path) -> None:
    assert taken(work, tmp_path, INITIAL) == (1, 0, 0)
    assert len(history(work, CASE)) == 1

    # The same file: recognised, and nothing happens.
    assert taken(work, tmp_path, INITIAL) == (0, 1, 0)
    assert len(history(work, CASE)) == 1

    # The same case in another batch: a version in which no fact changed.
    assert taken(work, tmp_path, INITIAL.replace(BATCH, "AGAIN-1")) == (1, 0, 0)
    [_, again] = history(work, CASE)
    assert "no fact changed" in again
    assert "AGAIN-1" in again

    # A follow-up: a version with what it changed.
    assert taken(work, tmp_path, (ICSRS / "study-follow-up.xml").read_text()) == (1, 0, 0)
    [*_, followed] = history(work, CASE)
    assert "fields changed" in followed

    # The same event under another number: a case of its own, pointed out in both.
    twin = INITIAL.replace(CASE, OTHER).replace(BATCH, "OTHER-1")
    assert taken(work, tmp_path, twin) == (1, 0, 0)
    assert len(history(work, CASE)) == 3
    assert f"Possible duplicate of {OTHER}: open" in work("case", "history", CASE).out
    assert f"Possible duplicate of {CASE}: open" in work("case", "history", OTHER).out

    # A nullification: the case is void, and its history stays.
    void = (ICSRS / "nullification.xml").read_text().replace(VOID, CASE)
    assert taken(work, tmp_path, void) == (1, 0, 0)
    [*_, last] = history(work, CASE)
    assert "the case is void" in last
    assert work("case", "show", CASE, "--json").json["status"] == "nullified"

    # A file that breaks off: no case, but a place in quarantine, with why.
    assert taken(work, tmp_path, INITIAL[: len(INITIAL) // 2]) == (0, 0, 1)
    [parked] = work("quarantine", "list", "--json").json
    assert parked["reason"] == "truncated"
    assert len(history(work, CASE)) == 4
