"""
Which small changes of the code does no test notice? A pytest plugin over the mutants of mutmut.

mutmut writes the changed code and can try every change in a process of its own; collecting the
tests anew for each takes most of its time. Here they are collected once: for each mutant they run
in this process until the first that fails, those first that found the last mutants. `make mutants`
runs it.
"""

import fnmatch
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from _pytest.runner import runtestprotocol

CHOSEN = "MUTANT_UNDER_TEST"  # the variable that mutmut's code looks at, at each call
LONGEST_S = 30  # a test that takes longer than this hangs, and so notices


class _HangsError(Exception):
    """A mutant that never ends."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take what is asked."""
    group = parser.getgroup("mutants")
    group.addoption("--mutants", default="*", help="Only mutants of this name, with wildcards.")
    group.addoption("--every", type=int, default=1, help="Only every so manieth mutant.")
    group.addoption("--survivors", type=Path, help="Write the names of the survivors there.")


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run all tests on the code as it is, then on each mutant until one fails."""
    options = session.config.option
    signal.signal(signal.SIGALRM, _hang)
    items = list(session.items)
    os.environ.pop(CHOSEN, None)
    if failing := next((item for item in items if _fails(item)), None):
        print(f"fails without a mutant: {failing.nodeid}")  # noqa: T201 - a report to the terminal
        session.testsfailed = 1
        return True
    names = [name for name in mutant_names() if fnmatch.fnmatch(name, options.mutants)]
    survivors: list[str] = []
    tried = 0
    begun = time.monotonic()
    for name in names[:: options.every]:
        os.environ[CHOSEN] = name
        tried += 1
        noticed = next((item for item in items if _fails(item)), None)
        if noticed is None:
            survivors.append(name)
        else:
            items.remove(noticed)
            items.insert(0, noticed)
        if options.survivors is not None:
            seconds = time.monotonic() - begun
            told = [
                f"{tried - len(survivors)} of {tried} killed ({len(names)} in all), {seconds:.0f} s"
            ]
            options.survivors.write_text("\n".join([*told, *survivors]) + "\n", encoding="utf-8")
    os.environ.pop(CHOSEN, None)
    print(f"{tried - len(survivors)} of {tried} mutants killed")  # noqa: T201
    print("\n".join(survivors))  # noqa: T201
    return True


def mutant_names() -> Iterator[str]:
    """Give the names of all mutants that mutmut wrote below the working directory."""
    for file in sorted(Path("safety").rglob("*.py.meta")):
        yield from json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]


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
