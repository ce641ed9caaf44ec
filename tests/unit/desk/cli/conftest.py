"""What tests of the command line share: a way to call it, and a store with the examples in it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import pytest

from desk.cli.app import run

EXAMPLES = Path(str(files("schemas"))) / "examples"
INITIAL = EXAMPLES / "adverse-event.initial.json"
FOLLOW_UP = EXAMPLES / "adverse-event.follow-up.json"


@dataclass(frozen=True, slots=True)
class Called:
    """What a call of the command gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read as JSON."""
        return orjson.loads(self.out)


Call = Callable[..., Called]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the command line with arguments; nothing of the environment reaches it."""
    for name in ("SAFETY_DATABASE_URL", "SAFETY_KAFKA_BOOTSTRAP", "SAFETY_SECRETS_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def called(*arguments: str | Path) -> Called:
        capsys.readouterr()
        code = run([str(each) for each in arguments])
        told = capsys.readouterr()
        return Called(code, told.out, told.err)

    return called


@pytest.fixture(scope="session")
def stored_examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds the first report of one case and its follow-up; do not write to it."""
    database = tmp_path_factory.mktemp("cli") / "examples.db"
    for arguments in (["migrate"], ["process", str(INITIAL), str(FOLLOW_UP)]):
        assert run(["--database", f"sqlite:///{database}", *arguments]) == 0
    return database


@pytest.fixture
def ask(call: Call, stored_examples: Path) -> Call:
    """Call the command line on the database with the examples, for commands that only read."""

    def asked(*arguments: str | Path) -> Called:
        return call("--database", f"sqlite:///{stored_examples}", *arguments)

    return asked


@pytest.fixture
def work(call: Call, tmp_path: Path) -> Call:
    """Call the command line on an empty database of the test's own."""
    database = f"sqlite:///{tmp_path / 'work.db'}"
    assert call("--database", database, "migrate").code == 0

    def worked(*arguments: str | Path) -> Called:
        return call("--database", database, *arguments)

    return worked


def changed_copy(example: Path, to: Path, **changes: object) -> Path:
    """Write a copy of an example event, with fields of its data changed."""
    event = orjson.loads(example.read_bytes())
    event["data"] |= changes
    to.write_bytes(orjson.dumps(event))
    return to


def copied(paths: list[Path], folder: Path) -> Path:
    """Copy files into a folder and give the folder."""
    folder.mkdir(exist_ok=True)
    for path in paths:
        shutil.copy(path, folder)
    return folder
