"""
Run the qualification: the installation first, then everything it must do, in a scratch database.

The operational checks take the packaged, invented examples through the whole flow; the
user's own database is not touched.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from consumers.doctor import Health, examine
from consumers.memory import load_for_a_long_run
from consumers.qualification.checks import OPERATIONAL, Bench
from consumers.qualification.installation import installation_facts, installed_files
from consumers.settings import Settings
from reports.qualification import Check, Installation, Qualification
from safety.errors import SafetyError
from safety.store import migrate, open_store

INSTALLED = ("R11",)


def qualify(
    settings: Settings, *, scratch: str | None = None, on_check: Callable[[], None] | None = None
) -> Qualification:
    """
    Check an installation.

    Args:
        settings: Those it runs with.

        scratch: URL of an empty database to work in, such as one on the PostgreSQL server that
            is to be qualified; a SQLite file that is thrown away, unless given.

        on_check: Called after each check, for a progress display.

    Raises:
        KnowledgeError: A knowledge file is faulty: nothing can be checked with it.
        SchemaError: The scratch database cannot be used.
        StoreUnavailableError: The scratch database cannot be reached.
    """
    began = datetime.now(UTC)
    checks: list[Check] = []
    for check in (*_installation(settings), *_operational(settings, scratch)):
        checks.append(check)
        if on_check is not None:
            on_check()
    facts = installation_facts(settings, scratch)
    return Qualification(Installation(facts), tuple(checks), began, datetime.now(UTC))


def _installation(settings: Settings) -> Iterator[Check]:
    yield replace(installed_files(), number="IQ-01")
    for place, each in enumerate(examine(settings), start=2):
        yield Check(
            number=f"IQ-{place:02}",
            requirements=INSTALLED,
            title=f"{each.what}: fit to run with",
            expected="not ill",
            found=f"{each.health.value}: {each.found}",
            passed=each.health is not Health.ILL,
        )


def _operational(settings: Settings, scratch: str | None) -> Iterator[Check]:
    knowledge = load_for_a_long_run(settings)
    with TemporaryDirectory(prefix="qualification-") as folder, _database(scratch, folder) as url:
        store = open_store(url)
        try:
            bench = Bench(store, knowledge, settings, Path(folder))
            for place, check in enumerate(OPERATIONAL, start=1):
                yield _carried_out(f"OQ-{place:02}", check, bench)
        finally:
            store.close()


@contextmanager
def _database(scratch: str | None, folder: str) -> Iterator[str]:
    url = scratch or f"sqlite:///{Path(folder) / 'scratch.db'}"
    migrate(url)
    yield url


def _carried_out(number: str, check: Callable[[Bench], Check], bench: Bench) -> Check:
    """Carry out one check; one that cannot be carried out has not passed."""
    try:
        return replace(check(bench), number=number)
    except SafetyError as error:
        title = (check.__doc__ or "").strip().splitlines()[0]
        return Check(number, (), title, "that it can be carried out", str(error), passed=False)
