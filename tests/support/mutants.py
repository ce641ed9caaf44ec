"""
Which small changes of the code does no test notice? A pytest plugin over the mutants of mutmut.

mutmut writes the changed code and can try every change in a process of its own; collecting the
tests anew for each takes most of its time. Here they are collected once. They run on the code as it
is, which tells how long each takes and which functions it reaches. Then, for each mutant, those
that reach its function run in this process until the first that fails: those first that found the
last mutants, then the quick ones. `make mutants` runs it.
"""

import fnmatch
import json
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation import trampoline
from mutmut.mutation.diff_apply import get_diff_for_mutant

CHOSEN = "MUTANT_UNDER_TEST"  # the variable that mutmut's code looks at, at each call
LONGEST_S = 30  # a test that takes longer than this hangs, and so notices

_Timed = tuple[float, pytest.Item]  # CPU seconds that it took


class _HangsError(Exception):
    """A mutant that never ends."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take what is asked."""
    group = parser.getgroup("mutants")
    group.addoption("--mutants", default="*", help="Only mutants of this name, with wildcards.")
    group.addoption("--every", type=int, default=1, help="Only every so manieth mutant,")
    group.addoption("--from", type=int, default=0, dest="first", help="from this one on.")
    group.addoption("--budget", type=float, default=60, help="CPU seconds of tests a mutant.")
    group.addoption("--again", type=Path, help="Only those that survived by this result.")
    group.addoption("--result", type=Path, required=True, help="Write what was found there, JSON.")


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run all tests on the code as it is, then on each mutant until one fails."""
    options = session.config.option
    signal.signal(signal.SIGALRM, _hang)
    reached = _reached(session)
    if reached is None:
        return True
    names = [name for name in mutant_names() if fnmatch.fnmatch(name, options.mutants)]
    names = names[options.first :: options.every]
    if options.again is not None:
        known = json.loads(options.again.read_text(encoding="utf-8"))
        survived = {name for module in known.values() for name in module["survivors"]}
        names = [name for name in names if name in survived]
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        module = name.rpartition(".")[0]
        told = found.setdefault(module, {"tried": 0, "killed": 0, "seconds": 0, "survivors": {}})
        begun = time.monotonic()
        if _is_noticed(name, reached[name.partition("__mutmut_")[0]], options.budget):
            told["killed"] += 1
        else:
            told["survivors"][name] = []
        told["tried"] += 1
        if options.again is not None:
            told.setdefault("again", []).append(name)
        told["seconds"] = round(told["seconds"] + time.monotonic() - begun, 1)
        options.result.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    os.environ.pop(CHOSEN, None)
    for told in found.values():
        told["survivors"] = {name: changed_lines(name) for name in told["survivors"]}
    _write(options.result, found)
    for module, told in found.items():
        sys.stdout.write(f"{module}: {told['killed']} of {told['tried']} mutants killed\n")
    return True


def mutant_names() -> Iterator[str]:
    """Give the names of all mutants that mutmut wrote below the working directory."""
    for file in sorted(Path("safety").rglob("*.py.meta")):
        yield from json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]


def changed_lines(name: str) -> list[str]:
    """Give the lines that a mutant takes away and puts in their place."""
    file = Path(name.rpartition(".")[0].replace(".", "/") + ".py")
    diff = get_diff_for_mutant(name, file.read_text(encoding="utf-8"), file).splitlines()
    return [line for line in diff[2:] if line.startswith(("-", "+"))]


def _write(file: Path, found: dict[str, dict[str, Any]]) -> None:
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")


def _reached(session: pytest.Session) -> dict[str, list[_Timed]] | None:
    """Give for each function the tests that call it, the quickest first; None if one fails."""
    calls: set[str] = set()
    took: dict[str, list[_Timed]] = defaultdict(list)

    def note(name: str, caller: str | None) -> None:
        del caller
        calls.add(name)

    os.environ[CHOSEN] = "stats"
    with patch.object(trampoline, "record_trampoline_hit", note):
        for item in session.items:
            calls.clear()
            begun = time.process_time()
            if _fails(item):
                sys.stdout.write(f"fails without a mutant: {item.nodeid}\n")
                session.testsfailed = 1
                return None
            for name in calls:
                took[name].append((time.process_time() - begun, item))
    return defaultdict(list, {name: sorted(each, key=_seconds) for name, each in took.items()})


def _seconds(timed: _Timed) -> float:
    return timed[0]


def _is_noticed(name: str, tests: list[_Timed], budget: float) -> bool:
    """Run these tests on a mutant, as far as the budget goes; one that fails is put in front."""
    os.environ[CHOSEN] = name
    spent = 0.0
    for timed in tests:
        spent += _seconds(timed)
        if spent > budget:
            return False
        if _fails(timed[1]):
            tests.remove(timed)
            tests.insert(0, timed)
            return True
    return False


def _fails(item: pytest.Item) -> bool:
    signal.alarm(LONGEST_S)
    try:
        reports = runtestprotocol(item, nextitem=None, log=False)
    except _HangsError:
        return True
    finally:
        signal.alarm(0)
    return any(report.failed for report in reports)


def _hang(_number: int, _frame: FrameType | None) -> None:
    raise _HangsError
