"""What every test may ask for: a broker, an empty PostgreSQL database, the shared data."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.broker import broker
from tests.support.postgres import postgres_server, postgres_url

__all__ = ["broker", "postgres_server", "postgres_url", "shared_data"]

# On a busy machine an example may take long: that is no finding.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# `make mutants` runs the tests in one process again and again, and wants the same answer each time.
settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=25,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("project")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public sample data that may lie beside the repository."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the public sample data in ../shared/data, beside the repository")
    return folder
