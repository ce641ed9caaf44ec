"""
How long does a page of the desk take, with many open cases and people who look at them?

The desk runs as it does in the product, in a process of its own, over a store that
`benchmarks.desk_store` filled. Requests are sent at fixed instants, whether or not earlier ones
were answered, and a page's time is from the instant at which it should have been asked for: a desk
that falls behind is seen to. `python -m benchmarks.desk_load URL` prints the table; the store gets
a user of its own and the audit trail of what was looked at.
"""

import asyncio
import itertools
import os
import random
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import quantiles

import httpx
from rich.console import Console
from rich.table import Table

from desk.web.passwords import hash_password
from safety.store import SqlStore, open_store
from safety.store.people import Role, add_user, change_user, find_user
from safety.store.queue import Asked, list_queue

RATE = 20  # requests a second
SECONDS = 30
OK = 200
WARM = 40  # requests before the measured ones
AS_OF = date(2014, 5, 20)
USER, PASSWORD = "load", "correct-horse-battery"  # of a store that is thrown away
WORDS = ("diarrhoea", "腹泻", "hand foot", "16621", "hypertension grade")
START_SECONDS = 120


def main() -> None:
    """Measure, and print a table."""
    url = sys.argv[1]
    with closing(open_store(url)) as store:
        _let_in(store)
        listed = list_queue(store, Asked(), user=USER, today=AS_OF, limit=5_000)
        refs = [each.row.ref for each in random.Random(1).sample(list(listed), 200)]  # noqa: S311
    with desk(url) as (address, served):
        before = cpu_seconds(served.pid)
        times = asyncio.run(measure(address, refs))
        spent = cpu_seconds(served.pid) - before
    shown = Table("page", "requests", "median ms", "p95 ms", "longest ms", "failed")
    for name, found in sorted(times.items()):
        took = [seconds for seconds, status in found if status == OK]
        cut = quantiles(took, n=20)
        shown.add_row(
            name,
            str(len(found)),
            f"{quantiles(took, n=2)[0] * 1e3:.0f}",
            f"{cut[18] * 1e3:.0f}",
            f"{max(took) * 1e3:.0f}",
            str(len(found) - len(took)),
        )
    console = Console()
    console.print(shown)
    answered = sum(map(len, times.values())) + WARM
    console.print(
        f"{1e3 * spent / answered:.0f} ms of CPU a request, {RATE * spent / answered:.2f} cores at"
        f" {RATE} requests a second; load of the machine {os.getloadavg()[0]:.1f}"
    )


def cpu_seconds(pid: int) -> float:
    """Give the CPU time that a process has taken, on Linux."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")  # user, system


def _let_in(store: SqlStore) -> None:
    hashed = hash_password(PASSWORD)
    if find_user(store, USER) is None:
        now = datetime.now(UTC)
        add_user(store, USER, Role.APPROVER, password_hash=hashed, now=now)
    else:
        change_user(store, USER, password_hash=hashed)


@contextmanager
def desk(url: str) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Serve the desk on a free port for as long as the block lasts; gives address and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("safety")
    options = ("--insecure", "--port", str(port), "--as-of", AS_OF.isoformat())
    served = subprocess.Popen([program, "--database", url, "desk", *options])  # noqa: S603 - ours
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(f"{address}/alive")
                break
            except httpx.TransportError:
                if time.monotonic() > until or served.poll() is not None:
                    raise
                time.sleep(0.5)
        yield address, served
    finally:
        served.terminate()
        served.wait(timeout=20)


async def measure(address: str, refs: Sequence[str]) -> dict[str, list[tuple[float, int]]]:
    """Ask for pages at the rate, and give by page how long each took and its status."""
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    limits = httpx.Limits(max_connections=100, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        await client.post("/sign-in", data={"name": USER, "password": PASSWORD})
        csrf = (await client.get("/api/v1/session")).json()["csrf"]
        pages = list(itertools.islice(asked(refs, csrf), RATE * SECONDS + WARM))
        for page in pages[:WARM]:
            await client.request(page[1], page[2], data=page[3])
        begin = time.perf_counter()

        async def one(number: int, page: tuple[str, str, str, dict[str, str] | None]) -> None:
            name, method, path, data = page
            due = begin + number / RATE
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            try:
                answer = await client.request(method, path, data=data, follow_redirects=True)
                status = answer.status_code
            except httpx.TransportError:
                status = 0  # counts as failed
            found[name].append((time.perf_counter() - due, status))

        await asyncio.gather(*(one(n, page) for n, page in enumerate(pages[WARM:])))
    return found


def asked(refs: Sequence[str], csrf: str) -> Iterator[tuple[str, str, str, dict[str, str] | None]]:
    """Give pages without end: name, method, path and form, each kind as often as the others."""
    tabs = ("seven", "fifteen", "overdue", "missing", "uncoded", "unassigned", "mine", "rejected")
    filters = ("serious=yes", "authority=NMPA", "country=CN", "stage=new", "related=unknown")
    for number in itertools.count():
        ref = refs[number % len(refs)]
        yield "queue", "GET", "/", None
        yield "tab", "GET", f"/?tab={tabs[number % len(tabs)]}", None
        yield "filter", "GET", f"/?{filters[number % len(filters)]}", None
        words = {"csrf": csrf, "words": WORDS[number % len(WORDS)]}
        yield "search, with the result", "POST", "/search", words
        yield "case", "GET", f"/case/{ref}", None
        yield "trace", "GET", f"/case/{ref}/why", None


if __name__ == "__main__":
    main()
