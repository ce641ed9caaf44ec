"""Measure another stream processor, in its own environment, with the messages of a task."""

import json
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from benchmarks.results import Figure
from benchmarks.tasks import Task
from consumers.settings import load_settings

PEERS = ("faststream", "quix")
_ROOT = Path(__file__).parents[2]
_PATIENCE_S = 600


def measure_peer(python: str, name: str, task: Task, database: str) -> Figure:
    """
    Let a peer parse and insert the messages of a task.

    Args:
        python: Interpreter of an environment with `requirements/peers.txt`.

        name: One of `PEERS`.

        task: The messages, and the broker that has them.

        database: URL of an empty PostgreSQL database.

    Returns:
        Its memory is not measured.

    Raises:
        subprocess.CalledProcessError: It failed; what it said is on the standard error.
    """
    url = make_url(database).set(drivername="postgresql")
    told = {
        "bootstrap": task.bootstrap,
        "topics": task.topics,
        "messages": task.messages,
        "database": url.render_as_string(hide_password=False),
        "batch": load_settings().batch_records,
    }
    done = subprocess.run(  # noqa: S603 - a program of ours
        [python, "-W", "ignore", "-m", f"benchmarks.peers.{name}_insert", json.dumps(told)],
        stdout=subprocess.PIPE,
        check=True,
        cwd=_ROOT,
        timeout=_PATIENCE_S,
    )
    return Figure(**json.loads(done.stdout), peak_mib=0.0, before_mib=0.0)
